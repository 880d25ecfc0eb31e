"""Who said in public what each point of health is about. `is_verified`: somebody read the passage while the point was
written; where it is false, check it before you quote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Source:
    """`citation`: title, number and day, as it is cited; `address`: where it can be read, empty where none is known."""

    citation: str
    is_verified: bool
    address: str = ""


_BERNIER = Source(
    "Assistant Privacy Commissioner of Canada, House of Commons, Standing Committee on Access to Information, Privacy "
    "and Ethics, 40th Parliament, 2nd session, meeting 20",
    is_verified=True,
    address="https://openparliament.ca/committees/ethics/40-2/20/chantal-bernier-1/only",
)
_CBSA_2016 = Source(
    "Canada Border Services Agency, House of Commons, Standing Committee on Access to Information, Privacy and Ethics, "
    "42nd Parliament, 1st session, meeting 30",
    is_verified=True,
    address="https://openparliament.ca/committees/ethics/42-1/30/dan-proulx-9/only",
)
_OPC_2008 = Source(
    "Office of the Privacy Commissioner of Canada, House of Commons, Standing Committee on Access to Information, "
    "Privacy and Ethics, 39th Parliament, 2nd session, meeting 30, 29 April 2008",
    is_verified=True,
    address="https://openparliament.ca/committees/ethics/39-2/30/raymond-daoust-1/only",
)
_OPC_2006 = Source(
    "Office of the Privacy Commissioner of Canada, Audit of the Personal Information Management Practices of the "
    "Canada Border Services Agency: Trans-border Data Flows, June 2006, 1.2",
    is_verified=True,
)
_OPC_2017 = Source(
    "Office of the Privacy Commissioner of Canada, investigation of 19 April 2017: disclosure of information about an "
    "attempted suicide to US Customs and Border Protection not authorized under the Privacy Act",
    is_verified=True,
    address="https://priv.gc.ca/en/opc-actions-and-decisions/investigations/investigations-into-federal-institutions/"
    "2016-17/pa_20170419_rcmp",
)
_RCMP_2019 = Source(
    "Directions for Avoiding Complicity in Mistreatment by Foreign Entities (Commissioner of the Royal Canadian "
    "Mounted Police), 4 September 2019, s. 1",
    is_verified=True,
    address="https://grc-rcmp.gc.ca/en/directions-avoiding-complicity-mistreatment-foreign-entities-commissioner-the-"
    "royal-canadian-mounted",
)
_ECA_2021 = Source("European Court of Auditors, special report 19/2021", is_verified=False)
_CRC = Source("Convention on the Rights of the Child, 1989, art. 1 and 3", is_verified=False)
_OWN = Source("Entente: a rule of this product; no published criticism is claimed for it", is_verified=True)

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "third-party-caveat": _BERNIER,
        "consistent-use": _BERNIER,
        "audit": _BERNIER,
        "specific-items": _BERNIER,
        "free-text": _BERNIER,
        "retention": _CBSA_2016,
        "review": _OPC_2008,
        "end": _OPC_2008,
        "feedback": _ECA_2021,
        "complaints": _CBSA_2016,
        "legal-basis": _OPC_2017,
        "people-decide": _OPC_2006,
        "mistreatment": _RCMP_2019,
        "health-of-persons": _OPC_2017,
        "minors": _CRC,
        "references-checked": _OWN,
        "lists-checked": _OWN,
        "languages": _OWN,
    }
)
"""Code of a point -> its source."""
