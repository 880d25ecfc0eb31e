"""Sentences and remedies of what keeps a text from being read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

TEXT: Mapping[str, Any] = MappingProxyType(
    {
        "too-large": lambda say, v: (
            say("The text is longer than {limit} bytes.", **v),
            say("Shorten it; people have to be able to read what they sign.", **v),
        ),
        "not-utf8": lambda say, v: (
            say("The text is not UTF-8.", **v),
            say("Save the file as UTF-8 and hand it in again.", **v),
        ),
        "hidden-character": lambda say, v: (
            say(
                "The line holds an invisible character, {character}, which can make a text look other than it is.",
                **v,
            ),
            say("Delete the character and write the line again.", **v),
        ),
        "not-toml": lambda say, v: (
            say("The text is not TOML: {why}.", **v),
            say("Correct it there; a key may stand only once in a table, and text stands in quotes.", **v),
        ),
        "unknown-key": lambda say, v: (
            say("There is no key `{key}` here.", **v),
            say("Remove it, or use one of: {known}.", **v),
        ),
        "missing-key": lambda say, v: (
            say("The key `{key}` is missing.", **v),
            say("Add it; the guide to agreements shows its form.", **v),
        ),
        "wrong-type": lambda say, v: (
            say("`{key}` is not of the type it should be: {expected}.", **v),
            say("Write it as the guide to agreements shows; dates stand without quotes, for example 2026-04-01.", **v),
        ),
        "empty-text": lambda say, v: (
            say("`{key}` is empty.", **v),
            say("Fill it in.", **v),
        ),
        "too-small": lambda say, v: (
            say("`{key}` is below {least}.", **v),
            say("Write {least} or more.", **v),
        ),
        "unknown-choice": lambda say, v: (
            say("`{value}` is no value for `{key}`.", **v),
            say("Use one of: {known}.", **v),
        ),
        "empty-list": lambda say, v: (
            say("The list `{key}` is empty, and an empty list means nobody and nothing.", **v),
            say("Name at least one; in a provision that forbids, leave the key out to mean any.", **v),
        ),
        "repeated": lambda say, v: (
            say("`{value}` stands more than once in `{key}`.", **v),
            say("Name it once.", **v),
        ),
        "missing-language": lambda say, v: (
            say("`{key}` has no text in the authoritative language {language}.", **v),
            say("Add the text in that language.", **v),
        ),
        "unknown-language": lambda say, v: (
            say("`{value}` is not a language of this product.", **v),
            say("Use en, fr or es.", **v),
        ),
        "unknown-party": lambda say, v: (
            say("`{value}` is not a known party; letters that only look alike count as different.", **v),
            say("Use a code of the list of parties: `entente words party` prints them.", **v),
        ),
        "one-party": lambda say, v: (
            say("An agreement needs at least two parties.", **v),
            say("Name the other parties in `parties`.", **v),
        ),
        "signs-twice": lambda say, v: (
            say("`{value}` is a party and need not be named again.", **v),
            say("Remove it from `also_signed_by`.", **v),
        ),
        "bad-name": lambda say, v: (
            say("`{value}` cannot be the name of an agreement.", **v),
            say("Use small letters a to z, digits and single hyphens.", **v),
        ),
        "first-with-predecessor": lambda say, v: (
            say("Version 1 has no predecessor.", **v),
            say("Remove `predecessor`, or count this version on from it.", **v),
        ),
        "not-a-digest": lambda say, v: (
            say("`{value}` is not the digest of an agreement.", **v),
            say("Copy it from `entente agreements list`; it begins with sha256: and has 64 hexadecimal digits.", **v),
        ),
        "unknown-zone": lambda say, v: (
            say("`{value}` is not a known time zone.", **v),
            say("Use a name of the IANA time zone database, for example America/Toronto.", **v),
        ),
        "dates-reversed": lambda say, v: (
            say("The last day of validity comes before the first.", **v),
            say("Correct `valid_from` or `valid_until`.", **v),
        ),
        "repeated-id": lambda say, v: (
            say("Two parts have the id `{value}`.", **v),
            say("Give each its own id.", **v),
        ),
        "bad-id": lambda say, v: (
            say("`{value}` cannot be an id.", **v),
            say("Use letters a to z, digits, points and hyphens, for example 3.2.", **v),
        ),
        "not-in-a-permit": lambda say, v: (
            say("`{key}` belongs to provisions that forbid.", **v),
            say("Remove it, or set `effect` to forbid.", **v),
        ),
        "not-in-a-forbid": lambda say, v: (
            say("`{key}` belongs to provisions that permit; nothing leaves under one that forbids.", **v),
            say("Remove it, or set `effect` to permit.", **v),
        ),
        "not-a-party": lambda say, v: (
            say("`{value}` is not a party of this agreement.", **v),
            say("Add it to `parties`, or remove it here.", **v),
        ),
        "unknown-kind": lambda say, v: (
            say("`{value}` is not a known kind of record.", **v),
            say("Use a kind that this node knows: `entente words kind` prints them.", **v),
        ),
        "unknown-purpose": lambda say, v: (
            say("`{value}` is not a known purpose.", **v),
            say("Use a code of the list of purposes: `entente words purpose` prints them.", **v),
        ),
        "unknown-caveat": lambda say, v: (
            say("`{value}` is not a known caveat.", **v),
            say("Use a code of the list of caveats: `entente words caveat` prints them.", **v),
        ),
        "unknown-duty": lambda say, v: (
            say("`{value}` is not a known duty.", **v),
            say("Use one of: {known}.", **v),
        ),
        "not-days": lambda say, v: (
            say("`{value}` is not a whole number of days of at least one.", **v),
            say("Write the days as a whole number, without quotes.", **v),
        ),
        "bad-selector": lambda say, v: (
            say("`{value}` does not select fields.", **v),
            say("Write a class of fields, for example class:substance, or one field, for example seizure.drug.", **v),
        ),
        "unknown-class": lambda say, v: (
            say("`{value}` is not a class of fields.", **v),
            say("Use a code of the list of field classes: `entente words field-class` prints them.", **v),
        ),
        "kind-not-named": lambda say, v: (
            say("`{value}` selects a field of `{kind}`, which is not one of the provision's kinds.", **v),
            say("Add the kind to `kinds`, or remove the field.", **v),
        ),
        "unknown-field": lambda say, v: (
            say("`{value}` is not a field of that kind.", **v),
            say("Use one of its fields: {known}.", **v),
        ),
        "kinds-needed": lambda say, v: (
            say("A provision with conditions must say which kinds of record it speaks of.", **v),
            say("Add `kinds`.", **v),
        ),
        "one-test": lambda say, v: (
            say("Every condition needs a field and exactly one test.", **v),
            say('Write for example {{ field = "region", equals = "northern-border" }}; the tests are: {known}.', **v),
        ),
        "unknown-condition-field": lambda say, v: (
            say("`{value}` is not a field of `{kind}`, so that the condition could never be judged for it.", **v),
            say("Use one of its fields ({known}), or write one provision for each kind.", **v),
        ),
        "on-without-list": lambda say, v: (
            say("`on` names the field whose day counts, and this test has no use for one.", **v),
            say("Remove it, or use it with one of: {known}.", **v),
        ),
        "on-not-a-day": lambda say, v: (
            say("`{value}` is neither a date nor a time.", **v),
            say("Name a field that is, or leave `on` out: the day of the decision counts then.", **v),
        ),
        "not-comparable": lambda say, v: (
            say("`{value}` is of type {type}, which `{test}` cannot judge.", **v),
            say("Use another test or field; free text can only be tested for being present.", **v),
        ),
        "only-true": lambda say, v: (
            say("`is_present` can only be true; a provision may not hang on something being missing.", **v),
            say("Write is_present = true, or turn the provision round.", **v),
        ),
        "presence-in-a-forbid": lambda say, v: (
            say("A forbid that asks whether something is there would be lifted by leaving it out.", **v),
            say("Forbid the field itself, or ask in the provisions that permit.", **v),
        ),
        "only-given": lambda say, v: (
            say("`consent_given` can only be true; a provision may not hang on consent being missing.", **v),
            say("Write consent_given = true in a provision that permits.", **v),
        ),
        "needs-list": lambda say, v: (
            say("`{test}` can judge fields with the list `{list}` only, and `{value}` has another.", **v),
            say("Use another field, or another test such as equals.", **v),
        ),
        "unit-missing": lambda say, v: (
            say("`unit_in` names the field that holds the unit, but no unit is given to compare with.", **v),
            say('Add the unit or currency of the threshold, for example unit = "CAD".', **v),
        ),
        "unit-without-amount": lambda say, v: (
            say("`unit` belongs to a threshold, and this is none.", **v),
            say("Remove it, or use it as a text beside one of: {known}.", **v),
        ),
        "unit-in-needed": lambda say, v: (
            say("`{value}` has no unit of its own, so that the threshold cannot be compared with it.", **v),
            say("Name in `unit_in` the field that holds its unit or currency.", **v),
        ),
        "unit-does-not-fit": lambda say, v: (
            say("`{value}` does not convert exactly to the unit of `{field}`, which is always {unit}.", **v),
            say("Give the threshold in one of these units, and leave `unit_in` out: {known}.", **v),
        ),
        "unit-in-not-a-field": lambda say, v: (
            say("`{value}` is no field that holds a unit.", **v),
            say("Name a field of type code or text.", **v),
        ),
        "no-list-of-country": lambda say, v: (
            say("There is no list of controlled substances of `{value}` here.", **v),
            say("Use one of: {known}.", **v),
        ),
        "role-of-nobody": lambda say, v: (
            say("No party has the role that `{value}` names, and an empty audience is nobody.", **v),
            say("Name the party by its code, or a role that it has: `entente words party-role` prints them.", **v),
        ),
        "unknown-role": lambda say, v: (
            say("`{value}` does not name a known role.", **v),
            say("Use role: and a code of the list of roles: `entente words party-role` prints them.", **v),
        ),
        "not-a-signatory": lambda say, v: (
            say("`{value}` does not sign this agreement, so nobody may pass on what it said.", **v),
            say("Add it to `parties` or to `also_signed_by`, or remove it here.", **v),
        ),
        "gives-its-own": lambda say, v: (
            say("`{value}` gives on behalf of itself.", **v),
            say("Remove it from `on_behalf_of`; what it says itself goes under a provision without this key.", **v),
        ),
        "unknown-legal-basis": lambda say, v: (
            say("`{value}` is not a known legal basis.", **v),
            say("Use a code of the list of legal bases: `entente words legal-basis` prints them.", **v),
        ),
        "training-of-nobody": lambda say, v: (
            say("Nobody releases what goes automatically, so that nobody could be trained for it.", **v),
            say('Remove `training_days`, or write release = "officer" or "two-officers".', **v),
        ),
        "emergency-waits": lambda say, v: (
            say("An emergency waits for exactly one named officer, and the provision says {value}.", **v),
            say('Write release = "officer", and leave `training_days` out.', **v),
        ),
        "emergency-is-rescue": lambda say, v: (
            say("An emergency is a risk to life, and serves nothing but rescue.", **v),
            say('Write purposes = ["rescue"], or another occasion.', **v),
        ),
        "unknown-list": lambda say, v: (
            say("`{value}` is not a dated list.", **v),
            say("Use one of: {known}.", **v),
        ),
        "wrong-value": lambda say, v: (
            say("`{value}` cannot be compared with a field of type {expected}.", **v),
            say("Write a value of that type; numbers and dates stand without quotes.", **v),
        ),
        "unknown-code": lambda say, v: (
            say("`{value}` is not in the list `{list}`.", **v),
            say("Use one of its codes, in the same letters: `entente words {list}` prints them.", **v),
        ),
        "no-because": lambda say, v: (
            say("A golden decision says why: `because` is missing or empty.", **v),
            say('Name the provisions that decide, for example ["3.2"], or a reason such as ["nothing-in-force"].', **v),
        ),
        "not-its-value": lambda say, v: (
            say("`{value}` cannot be a value of the field `{field}`.", **v),
            say(
                "Look at the field's type and list of codes; decimals may be written as text to keep their digits.", **v
            ),
        ),
        "wait-needs-officers": lambda say, v: (
            say("`{key}` is not a number of officers.", **v),
            say("Write 0, 1 or 2.", **v),
        ),
    }
)
