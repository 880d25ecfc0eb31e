"""Facts: what a kind of record holds, one record with who said it and how sure, and reading tables with their faults.

Knows vocabulary and signing. Refuses to know agreements, stores, clocks and disks: bytes, times and keys are arguments.
Nouns: `Record`, `Kind`, `Field`, `Catalogue`, `Provenance`, `Reader`, `Fault`.
"""

from entente.records.cells import (
    CellFault,
    choice,
    date_iso,
    decimal_plain,
    mapped,
    text,
    time_iso,
    whole_number,
    yes_no,
)
from entente.records.faults import FAULTS, Fault
from entente.records.kinds import Catalogue, Field, Kind, UnknownKind, Value, problems
from entente.records.reading import NOTE, SIMULATED, NotATable, Reader, Reading, read
from entente.records.record import (
    Provenance,
    Record,
    Stamp,
    UnreadableRecord,
    record_id,
    values_from_json,
    values_to_json,
)
from entente.records.tables import MAX_LINE_BYTES, ByteStream

__all__ = [
    "FAULTS",
    "MAX_LINE_BYTES",
    "NOTE",
    "SIMULATED",
    "ByteStream",
    "Catalogue",
    "CellFault",
    "Fault",
    "Field",
    "Kind",
    "NotATable",
    "Provenance",
    "Reader",
    "Reading",
    "Record",
    "Stamp",
    "UnknownKind",
    "UnreadableRecord",
    "Value",
    "choice",
    "date_iso",
    "decimal_plain",
    "mapped",
    "problems",
    "read",
    "record_id",
    "text",
    "time_iso",
    "values_from_json",
    "values_to_json",
    "whole_number",
    "yes_no",
]
