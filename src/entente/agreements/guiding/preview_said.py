"""Who or what keeps a field, as a preview counts it, in the reader's words."""

from collections.abc import Callable, Mapping

from entente.agreements.guiding.preview import NO_PROVISION, UNMET
from entente.agreements.texts.sayings import Say


def keeper_said(by: str, say: Say) -> str:
    """`by` as `withheld_by` writes it: a provision that forbids, the one that comes nearest and what it lacks, or that
    there is none."""
    if by == NO_PROVISION:
        return say("no provision gives it")
    if not by.startswith(f"{UNMET}:"):
        return say("forbidden: {provision}", provision=_provision(by, say))
    named, _, codes = by.removeprefix(f"{UNMET}:").rpartition(":")
    lacks = ", ".join(_LACKS[code](say) for code in codes.split("+"))
    return say("nearest: {provision}; unmet: {what}", provision=_provision(named, say), what=lacks)


def _provision(named: str, say: Say) -> str:
    text, _, provision = named.partition(":")
    name, _, version = text.rpartition("/")
    return say("{name} v{version}, provision {provision}", name=name, version=version, provision=provision)


_LACKS: Mapping[str, Callable[[Say], str]] = {
    "purpose": lambda say: say("the purpose"),
    "occasion": lambda say: say("the occasion"),
    "dates": lambda say: say("its days"),
    "officers": lambda say: say("releasing officers"),
    "training": lambda say: say("trained officers"),
    "caveat": lambda say: say("its caveats rule out the purpose"),
    "one-agreement": lambda say: say("another agreement gives the rest"),
    "condition": lambda say: say("its conditions"),
}
"""By the code of an Unmet."""
