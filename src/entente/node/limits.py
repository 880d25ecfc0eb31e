"""What a record of our own is bound by because of what it rests on; kept beside it, as handling is beside a received
one."""

from entente.agreements import NO_LIMITS, Limits
from entente.analysis import Answer
from entente.signing import canonical, parse
from entente.store import RecordRow


def limits_of(row: RecordRow) -> Limits:
    """The limits in `row`; none for a record that rests on no other."""
    if row.via is not None or row.handling is None:
        return NO_LIMITS
    handling = parse(row.handling)
    purposes = handling["purposes"]
    return Limits(
        purposes=None if purposes is None else tuple(purposes),
        caveats=tuple(handling["caveats"]),
        agreements=tuple(handling["agreements"]),
    )


def held_under(row: RecordRow) -> Limits:
    """What `row` is held under, whether it came from a partner or rests on what did."""
    if row.via is None or row.handling is None:
        return limits_of(row)
    handling = parse(row.handling)
    return Limits(
        purposes=tuple(handling["purposes"]),
        caveats=tuple(handling["caveats"]),
        agreements=(handling["agreement"],),
    )


def inherited(answer: Answer) -> Limits:
    """What a finding drawn from `answer` is bound by: the strictest of all that the answer rests on."""
    provenance = answer.provenance
    agreements = {part.agreement for part in provenance.contributions if part.agreement is not None}
    return Limits(purposes=provenance.purposes, caveats=provenance.caveats, agreements=tuple(sorted(agreements)))


def limits_body(limits: Limits) -> bytes:
    """As it is kept beside the record."""
    purposes = None if limits.purposes is None else list(limits.purposes)
    return canonical({"purposes": purposes, "caveats": list(limits.caveats), "agreements": list(limits.agreements)})
