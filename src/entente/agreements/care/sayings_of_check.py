"""Sentences and remedies of what `check` finds in a text that can be read."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any


def _tells_less(say: Callable[..., str], v: Mapping[str, str]) -> str:
    """What belongs to the record itself is no field that could be given."""
    if v["value"].startswith("record."):
        return say("Decide by a field that is given, or accept in writing that this much is told.")
    return say(
        "Give the field as well, decide by a field that is given, or accept in writing that this much is told.", **v
    )


MEANING: Mapping[str, Any] = MappingProxyType(
    {
        "binds-nobody": lambda say, v: (
            say("The provision speaks of nobody: giver and receiver are the same.", **v),
            say("Name a giver and a receiver that differ.", **v),
        ),
        "never-valid": lambda say, v: (
            say("The provision is never valid: its days lie outside those of the agreement.", **v),
            say("Correct the days of the provision or of the agreement.", **v),
        ),
        "dates-outside": lambda say, v: (
            say("Some days of the provision lie outside those of the agreement and do not count.", **v),
            say("Bring the days of the provision within {valid_from} and {valid_until}.", **v),
        ),
        "selects-nothing": lambda say, v: (
            say("`{value}` selects no field of any kind that the provision names.", **v),
            say("Remove it, or check which class the field that is meant belongs to.", **v),
        ),
        "gives-nothing": lambda say, v: (
            say("The provision speaks of no field of `{kind}`.", **v),
            say("Name fields of this kind, or remove the kind.", **v),
        ),
        "unsatisfiable": lambda say, v: (
            say("The conditions on {value} can never all be true of a record of the kind `{kind}`.", **v),
            say("Correct them, or split the provision in two.", **v),
        ),
        "always-forbidden": lambda say, v: (
            say("Everything that this provision permits is forbidden: {by}.", **v),
            say("Remove this provision, or narrow what forbids it.", **v),
        ),
        "needless": lambda say, v: (
            say("Provision {by} gives all that this provision gives, and asks no more for it.", **v),
            say("Remove this provision, or narrow the other: this one never changes a decision.", **v),
        ),
        "strikes-nothing": lambda say, v: (
            say("The provision forbids nothing that this text permits.", **v),
            say("Remove it, unless it is there against what other agreements permit.", **v),
        ),
        "ruled-out-by-caveat": lambda say, v: (
            say("A caveat of the provision rules out what it gives for ({by}): {value}.", **v),
            say("Remove the purpose or the caveat.", **v),
        ),
        "emergency-struck": lambda say, v: (
            say("Provision {by} names rescue and so stops what this provision gives in an emergency.", **v),
            say("Take rescue out of the purposes of {by}, or say in its text why it stands even then.", **v),
        ),
        "outcome-tells": lambda say, v: (
            say(
                "Whether something arrives tells the receiver about `{value}`, which the provision does not give.", **v
            ),
            _tells_less(say, v),
        ),
        "absence-tells": lambda say, v: (
            say(
                "What does not arrive tells the receiver about `{value}`, which these permits do not give: {permits}.",
                **v,
            ),
            say("Forbid by a field that is given, or accept in writing that this much is told.", **v),
        ),
        "uncovered-field": lambda say, v: (
            say("No provision says anything of these fields of `{kind}`, so they stay: {fields}.", **v),
            say("Nothing, if that is meant; a provision that forbids them says so for every agreement.", **v),
        ),
        "flat-list": lambda say, v: (
            say("No code of the list of `{value}` lies within another, so that `within` asks for no more.", **v),
            say("Write equals instead of within.", **v),
        ),
        "odd-unit": lambda say, v: (
            say("`{value}` is no unit known here and not the three-letter code of a currency.", **v),
            say("Write a currency as CAD, USD or MXN, or one of these units: {known}.", **v),
        ),
        "no-retention": lambda say, v: (
            say("The provision does not say how long the receiver may keep what it gets.", **v),
            say("Add retain_days to `duties`.", **v),
        ),
        "no-third-party-caveat": lambda say, v: (
            say("The provision does not keep the receiver from passing things on.", **v),
            say("Add the caveat no-onward, the third-party rule, or record why it is not needed.", **v),
        ),
        "vague": lambda say, v: (
            say("The provision gives every field of `{kind}` by its classes, also fields that are added later.", **v),
            say("Name the fields that are needed.", **v),
        ),
        "receiver-lacks-role": lambda say, v: (
            say("`{value}` may not hold `{kind}`: only parties with the role {role} may.", **v),
            say("Remove the receiver or the kind; nothing would ever leave.", **v),
        ),
        "never-serves": lambda say, v: (
            say("`{kind}` may serve nothing but {known}, and the provision names none of these.", **v)
            if v["known"]
            else say("`{kind}` serves no purpose of any agreement.", **v),
            say("Correct the purposes or remove the kind; nothing would ever leave.", **v),
        ),
        "raised-to-officer": lambda say, v: (
            say("`{kind}` is about persons, so an officer releases it although the provision says automatic.", **v),
            say('Write release = "officer" or "two-officers", so that the text says what happens.', **v),
        ),
        "unverified-reference": lambda say, v: (
            say("Nobody has checked the reference against its source: {reference}.", **v),
            say("Check it and set `verified` to true.", **v),
        ),
        "language-missing": lambda say, v: (
            say("There is no text in {language}.", **v),
            say("Add a translation; officers read in their own language.", **v),
        ),
        "stands-on-unverified-list": lambda say, v: (
            say("The dated list `{value}` has not been checked against its source.", **v),
            say("Have it checked before the agreement is signed: {source}.", **v),
        ),
    }
)
