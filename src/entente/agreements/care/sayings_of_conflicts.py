"""Sentences and remedies of what texts say against each other."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from entente.agreements.texts.sayings import Say, Saying

SAYINGS: Mapping[str, Saying] = MappingProxyType(
    {
        "same-version": lambda say, v: (
            say("Two different texts are called {name}, version {version}.", **v),
            say("Neither is in force between those who have signed both. Give one of them a new version.", **v),
        ),
        "versions-overlap": lambda say, v: (
            say("Two versions of {name} are valid on the same days, from {first} to {last}.", **v),
            say("The newer one ends the older only between those who have signed both: have everybody sign it.", **v),
        ),
        "forbidden-whole": lambda say, v: (
            say("{one} gives nothing: {other} forbids all of it to {receivers}.", **v),
            say("Remove the permission, or agree in both texts on what may go.", **v),
        ),
        "emergency-stopped": lambda say, v: (
            say("{other} stops what {one} gives in an emergency: {fields}, to {receivers}.", **v),
            say("Take rescue out of the purposes of the provision that forbids, or out of the one that permits.", **v),
        ),
        "forbidden": lambda say, v: (
            say("{one} permits what {other} forbids: {fields}, from {givers} to {receivers}, for {purposes}.", **v),
            say("It stays. Narrow the permission so that it says so, or agree on lifting the prohibition.", **v),
        ),
        "forbidden-unjudged": lambda say, v: (
            say("What {one} permits stays where a record does not say what {other} asks for: {fields}.", **v),
            say("Nothing, if that is meant; else let the prohibition ask for fields that every record has.", **v),
        ),
        "retention-differs": lambda say, v: (
            say("{one} lets {receivers} keep {fields} for {days_one} days, {other} for {days_other}.", **v),
            say("Agree on one period. Until then only {days} days keep to both texts.", **v),
        ),
        "retention-missing": lambda say, v: (
            say("{one} lets {receivers} keep {fields} for {days} days, {other} without end.", **v),
            say("Write the same retain_days into both. Until then only {days} days keep to both texts.", **v),
        ),
        "purposes-apart": lambda say, v: (
            say(
                "{one} and {other} give the same fields for different purposes ({purposes_one}; {purposes_other}).", **v
            ),
            say(
                "A finding that rests on both may serve nothing and goes to nobody. Agree on a purpose in common.", **v
            ),
        ),
        "caveats-differ": lambda say, v: (
            say("{one} and {other} give the same fields, but only one of them with the caveats {caveats}.", **v),
            say("Write the same caveats into both, or record why one goes without.", **v),
        ),
        "road-of-record-stopped": lambda say, v: (
            say(
                "Under {one} ({firsts}) the first gives the second `{kind}`, and under {other} ({seconds}) the second "
                "gives such records to the third. Not all of that does the third get from the first itself ({fields}; "
                "for {purposes}): {path}.",
                **v,
            ),
            say("The third-party rule keeps what the first said with the second, who must not record it anew.", **v),
        ),
        "road-of-record-open-though-forbidden": lambda say, v: (
            say(
                "{other} passes `{kind}` from {one} on to the third, to whom the first is forbidden to give it "
                "({fields}; for {purposes}): {path}.",
                **v,
            ),
            say("Take the first out of on_behalf_of, or narrow the prohibition.", **v),
        ),
        "road-of-finding-open": lambda say, v: (
            say(
                "{other} tells the third what was found in `{kind}`, which the first gives under {one}. Not all of "
                "that does the third get from the first itself ({fields}; for {purposes}): {path}.",
                **v,
            ),
            say("Say in the conditions what such findings may rest on (`rests_on`), or record that it is meant.", **v),
        ),
        "road-of-finding-open-though-forbidden": lambda say, v: (
            say(
                "{other} tells the third what was found in `{kind}`, which the first gives under {one} and the third "
                "must not get ({fields}; for {purposes}): {path}.",
                **v,
            ),
            say("Forbid findings whose `rests_on` includes the kind, or record that it is meant.", **v),
        ),
        "road-of-finding-stopped": lambda say, v: (
            say(
                "Under {one} ({firsts}) the first gives the second `{kind}`. What the second finds in it could reach "
                "the third under {other} ({seconds}), which does not get all of that from the first itself ({fields}; "
                "for {purposes}). It is stopped: {path}.",
                **v,
            ),
            _stops(say, v["stops"]),
        ),
    }
)
"""Code of a conflict -> its sentence and remedy."""

_STOPS: Mapping[str, Callable[[Say], str]] = MappingProxyType(
    {
        "agreement": lambda say: say("It is bound to the agreement that the records came by."),
        "purpose": lambda say: say("The two provisions have no purpose in common."),
        "caveat": lambda say: say("A caveat rules out what it could be given for."),
        "rests-on": lambda say: say("The provision gives no finding that rests on this kind."),
        "forbid": lambda say: say("A provision forbids findings that rest on this kind."),
    }
)


def _stops(say: Say, codes: str) -> str:
    """What stops a road, sentence by sentence."""
    return " ".join(_STOPS[code](say) for code in codes.split(", "))
