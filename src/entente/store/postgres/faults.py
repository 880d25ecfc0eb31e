"""What PostgreSQL's error codes mean for whoever runs the node (PostgreSQL documentation, Appendix A)."""

import psycopg

from entente.errors import EntenteError
from entente.store.errors import (
    BrokenRule,
    ReadOnlyTransaction,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreUnavailable,
    UnstorableValue,
)

_FAMILIES: tuple[tuple[tuple[str, ...], type[EntenteError]], ...] = (
    (("55P03", "40P01", "40001", "57014"), StoreBusy),  # lock timeout, deadlock, serialization, cancelled
    (("53100",), StoreFull),
    # a table, column or function that the schema version promises is not there; internal errors
    (("42P01", "42703", "42883", "XX"), StoreDamaged),
    (("23",), BrokenRule),  # integrity constraints
)


def store_error(error: psycopg.Error, where: str) -> EntenteError:
    """The error to raise for what psycopg raised.

    INVARIANT: only the first line of the server is repeated; its details and contexts quote rows.
    """
    code, why = error.sqlstate or "", _why(error)
    if code == "25006":
        return ReadOnlyTransaction(where=where)
    if code.startswith(("22", "54")):  # data exceptions, program limits
        return UnstorableValue(why=why)
    for codes, family in _FAMILIES:
        if code.startswith(codes):
            return family(where=where, why=why)
    return StoreUnavailable(where=where, why=why)


def _why(error: psycopg.Error) -> str:
    said = error.diag.message_primary or str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__
