"""Numbers and choices from addresses: whatever stands there, only what fits is believed."""

from entente.web.visit import Visit

_LONGEST = 15


def asked(visit: Visit, name: str) -> str:
    """A value of the address as text that can be shown and looked for; empty where there is none."""
    value = visit.query[name].strip() if name in visit.query else ""
    return value if value.isprintable() else ""


def whole_number(text: str) -> int | None:
    """A number from 0 on that every store can hold; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def one_of(text: str, known: tuple[str, ...]) -> str:
    """`text` where it is known, else the first."""
    return text if text in known else known[0]
