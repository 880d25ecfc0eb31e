"""What every store refuses before any database sees it, so that no engine keeps what another could not."""

from collections.abc import Iterable
from datetime import datetime

from entente.store.errors import UnstorableValue

_LARGEST = 2**63 - 1


def check_storable(values: Iterable[object]) -> None:
    """Raises UnstorableValue for a NUL or a lone surrogate in text, a time without zone, a number beyond 64 bits."""
    for value in values:
        if isinstance(value, str):
            if "\0" in value or not (value.isascii() or _is_unicode(value)):
                raise UnstorableValue(why=f"{value[:60]!r} holds a character that is not text")
        elif isinstance(value, datetime):
            if value.tzinfo is None:
                raise UnstorableValue(why=f"the time {value} does not say its zone")
        elif isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
            raise UnstorableValue(why=f"the number {value} is beyond 64 bits")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True
