"""Formats of health records, one file for each publisher or field."""

from entente.workstreams.health.readers.canada import CANADA_SUBSTANCE_HARMS
from entente.workstreams.health.readers.drug_checking import DRUG_CHECKING_CSV, WEDINOS_DAILY
from entente.workstreams.health.readers.own_tables import HARM_COUNT_CSV, PRACTICE_NOTE_CSV, SERVICE_AVAILABILITY_CSV
from entente.workstreams.health.readers.united_states import VSRR_PROVISIONAL, WONDER_MONTHLY

READERS = (
    WEDINOS_DAILY,
    DRUG_CHECKING_CSV,
    CANADA_SUBSTANCE_HARMS,
    VSRR_PROVISIONAL,
    WONDER_MONTHLY,
    HARM_COUNT_CSV,
    SERVICE_AVAILABILITY_CSV,
    PRACTICE_NOTE_CSV,
)

__all__ = ["READERS"]
