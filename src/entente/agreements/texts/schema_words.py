"""What an editor says about each key of agreement.toml and decisions.toml. tests/agreements/test_schema.py holds this
table complete."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from entente.agreements.texts.sayings import Say

Words = Mapping[str, Callable[[Say], str]]

HEAD: Words = MappingProxyType(
    {
        "name": lambda say: say(
            "Name of the agreement in small letters, digits and hyphens, the same for all versions."
        ),
        "version": lambda say: say("Version: 1, 2, 3 and so on."),
        "predecessor": lambda say: say("Digest of the version before, from version 2 on."),
        "model": lambda say: say("True for a model that is no agreement of the agencies it names."),
        "parties": lambda say: say("Two or more parties; it comes into force between any two that have signed."),
        "also_signed_by": lambda say: say("Others whose officers must sign first; they give and receive nothing."),
        "authoritative": lambda say: say("Languages that count when texts differ."),
        "zone": lambda say: say("Time zone of the days of this agreement."),
        "valid_from": lambda say: say("First day, included; without quotes, for example 2026-04-01."),
        "valid_until": lambda say: say("Last day, included; without quotes, for example 2029-03-31."),
        "title": lambda say: say("Title, by language."),
        "text": lambda say: say("What the agreement is for, by language."),
        "clauses": lambda say: say(
            "Articles of the paper text that say what no provision can: audit, review and the like."
        ),
        "neither_confirm_nor_deny": lambda say: say(
            "True where an answer to a query never tells whether anything is held; what is found is given later, by a "
            "person."
        ),
        "budgets": lambda say: say("How many queries a day one party may ask another, by purpose."),
        "due_hours": lambda say: say("Hours in which an answer is due, by class of urgency."),
        "provision": lambda say: say("The provisions: one `[[provision]]` for each."),
    }
)
PROVISION: Words = MappingProxyType(
    {
        "id": lambda say: say("Number as in the paper text, for example 3.2."),
        "reference": lambda say: say("Article, and the public law it stands on."),
        "legal_bases": lambda say: say("Legal bases, by their codes."),
        "verified": lambda say: say("True once somebody has checked the reference against its source."),
        "text": lambda say: say("The clause, by language."),
        "effect": lambda say: say(
            "Whether the provision permits or forbids. What is forbidden no other provision permits."
        ),
        "giver": lambda say: say("Who gives. In a provision that forbids: any party where it is left out."),
        "receiver": lambda say: say("Who receives. In a provision that forbids: anybody where it is left out."),
        "kinds": lambda say: say("Kinds of record. In a provision that forbids: all where they are left out."),
        "fields": lambda say: say(
            "Fields: `class:quantity` names a class, `kind.field` one field. Nothing else is given."
        ),
        "purposes": lambda say: say("What for. In a provision that forbids: any purpose where they are left out."),
        "when": lambda say: say("Conditions, all of which must hold; each makes one test on one field."),
        "valid_from": lambda say: say("First day of this provision, within those of the agreement."),
        "valid_until": lambda say: say("Last day of this provision, within those of the agreement."),
        "on_behalf_of": lambda say: say("Parties whose records the giver passes on."),
        "occasion": lambda say: say("On what occasion it is given: as soon as it is kept, on request, on a hit."),
        "release": lambda say: say("Who lets it go: nobody needs to, one officer, or two different officers."),
        "training_days": lambda say: say("Only officers count who passed the exercises within so many days."),
        "caveats": lambda say: say("How the receiver must handle it."),
        "duties": lambda say: say("What the receiver owes, in days."),
        "scope": lambda say: say("Whom a prohibition binds: the parties among each other, or towards everybody."),
    }
)
CONDITION: Words = MappingProxyType(
    {
        "field": lambda say: say("The field that is tested; every kind of the provision must have it."),
        "on": lambda say: say("Field whose day counts, instead of the day of the decision."),
        "unit": lambda say: say("Unit or currency of the number."),
        "unit_in": lambda say: say("Field that says the unit or currency of the number."),
        "equals": lambda say: say("The value is this one."),
        "one_of": lambda say: say("The value is one of these."),
        "at_least": lambda say: say("The number is not below this one."),
        "at_most": lambda say: say("The number is not above this one."),
        "before": lambda say: say("The day lies before this one."),
        "after": lambda say: say("The day lies after this one."),
        "age_days_at_least": lambda say: say("The day lies at least so many days back."),
        "age_days_at_most": lambda say: say("The day lies at most so many days back."),
        "listed_in": lambda say: say("The code is on this dated list on the day that counts."),
        "not_listed_in": lambda say: say("The code is not on this dated list on the day that counts."),
        "controlled_in": lambda say: say("The code is on a dated list of this country on the day that counts."),
        "within": lambda say: say("The place is this one or lies within it."),
        "is_minor": lambda say: say("Whether the person born that day is below eighteen years."),
        "is_person": lambda say: say("Whether the record is about a person."),
        "consent_given": lambda say: say("Consent was given; only true can be written."),
        "includes": lambda say: say("This code is among the codes."),
        "only": lambda say: say("There is no code but these."),
        "is_present": lambda say: say("There is a value; only true can be written."),
    }
)
CASE: Words = MappingProxyType(
    {
        "id": lambda say: say("Name of this golden decision, unlike all others."),
        "says": lambda say: say("The case in a sentence, in English, French and Spanish."),
        "record": lambda say: say("The record that is asked about."),
        "ask": lambda say: say("Who asks whom, what for and when."),
        "answer": lambda say: say("What must come out: it goes, it waits for officers, or it stays."),
        "fields": lambda say: say("Fields of the record that go, or wait for officers."),
        "withheld": lambda say: say("Fields of the record that stay."),
        "because": lambda say: say("The reasons in short form, for example 1.1 or nothing-in-force."),
    }
)
RECORD: Words = MappingProxyType(
    {
        "kind": lambda say: say("Kind of record."),
        "values": lambda say: say("Values by field; they may be missing."),
        "said_by": lambda say: say("Who said it, where it is not the giver's own record."),
        "through": lambda say: say("Parties through which it came, first the one that said it."),
        "recorded_on": lambda say: say("The day on which it was written down."),
        "sure": lambda say: say("How sure the source is."),
    }
)
ASK: Words = MappingProxyType(
    {
        "giver": lambda say: say("Who would give."),
        "receiver": lambda say: say("Who would receive."),
        "purpose": lambda say: say("What for."),
        "occasion": lambda say: say("On what occasion."),
        "on": lambda say: say("The day, in the time zone of the agreement."),
        "officers": lambda say: say("How many officers have agreed: 0, 1 or 2; none where it is left out."),
        "trained": lambda say: say("True where these officers have passed the exercises."),
        "signed": lambda say: say("Parties that have signed; all where it is left out."),
    }
)
