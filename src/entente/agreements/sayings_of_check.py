"""Sentences and remedies of what `check` finds in a text that can be read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

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
            say("The conditions on `{value}` can never all be true.", **v),
            say("Correct them, or split the provision in two.", **v),
        ),
        "always-forbidden": lambda say, v: (
            say("Provision {by} forbids everything that this provision permits.", **v),
            say("Remove one of the two, or narrow the one that forbids.", **v),
        ),
        "outcome-tells": lambda say, v: (
            say(
                "Whether something arrives tells the receiver about `{value}`, which the provision does not give.", **v
            ),
            say(
                "Give the field as well, decide by a field that is given, or accept in writing that this much is told.",
                **v,
            ),
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
            say("`{kind}` may serve nothing but {known}, and the provision names none of these.", **v),
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
