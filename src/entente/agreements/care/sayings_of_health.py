"""What each point of health asks, why, and what to do where it is missing."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from entente.agreements.texts.sayings import Say

_Text = Callable[[Say], str]

TITLES: Mapping[str, _Text] = MappingProxyType(
    {
        "third-party-caveat": lambda say: say("What is given may not be passed on"),
        "consistent-use": lambda say: say("It is used only for what it was given for"),
        "audit": lambda say: say("Somebody may audit how it is used"),
        "specific-items": lambda say: say("The fields are named one by one"),
        "free-text": lambda say: say("No free text is given"),
        "retention": lambda say: say("It says how long everything may be kept"),
        "review": lambda say: say("Somebody oversees the agreement and reviews it"),
        "end": lambda say: say("It ends within five years"),
        "feedback": lambda say: say("The receiver says what came of it"),
        "complaints": lambda say: say("People can complain and have mistakes corrected"),
        "legal-basis": lambda say: say("What concerns persons names its legal basis"),
        "people-decide": lambda say: say("What concerns persons is released by a person"),
        "mistreatment": lambda say: say("The risk of mistreatment is assessed before persons are named abroad"),
        "health-of-persons": lambda say: say("The health of a person is given with consent or by two officers"),
        "minors": lambda say: say("It says what holds for children"),
        "references-checked": lambda say: say("Every reference has been checked against its source"),
        "lists-checked": lambda say: say("Every dated list has been checked against the law"),
        "languages": lambda say: say("It is authoritative in the languages of those who sign it"),
    }
)

WHY: Mapping[str, _Text] = MappingProxyType(
    {
        "third-party-caveat": lambda say: say(
            "Only half of the agreements reviewed kept the receiver from giving it to a third party."
        ),
        "consistent-use": lambda say: say(
            "Most of the agreements reviewed did not keep the use to what the information was shared for."
        ),
        "audit": lambda say: say("The vast majority of the agreements reviewed had no audit provision."),
        "specific-items": lambda say: say("The information to be shared was described far too generally."),
        "free-text": lambda say: say(
            "The information to be shared was described far too generally, and a free text can say anything."
        ),
        "retention": lambda say: say(
            "Parliament was told that arrangements outline what is shared, for what, and how long it is kept."
        ),
        "review": lambda say: say("There were guidelines, but very few oversight mechanisms were applied in practice."),
        "end": lambda say: say(
            "Very few oversight mechanisms were applied; the day on which a text ends makes somebody look again."
        ),
        "feedback": lambda say: say("What cooperation achieved was not measured."),
        "complaints": lambda say: say("Besides audit, redress is what makes sure that an arrangement is kept."),
        "legal-basis": lambda say: say(
            "Information about a person was disclosed under an arrangement, and the law did not authorize it."
        ),
        "people-decide": lambda say: say("Exchanges across the border did not follow the process of approval."),
        "mistreatment": lambda say: say(
            "Officials must determine whether a risk of mistreatment can be mitigated, and document it."
        ),
        "health-of-persons": lambda say: say(
            "A person was refused entry because an attempted suicide had been shared with border officers."
        ),
        "minors": lambda say: say("Everybody below eighteen is a child, whose best interests come first."),
        "references-checked": lambda say: say(
            "A reference that nobody has looked up may not say what the provision says."
        ),
        "lists-checked": lambda say: say(
            "What is on the list decides what goes; a mistake in it is a mistake in every decision."
        ),
        "languages": lambda say: say("Officers answer for what they sign, so they must be able to read it."),
    }
)

REMEDIES: Mapping[str, _Text] = MappingProxyType(
    {
        "third-party-caveat": lambda say: say("Add the caveat no-onward to these provisions."),
        "consistent-use": lambda say: say(
            "Add the clause to the paper text and name its article: clauses.consistent-use."
        ),
        "audit": lambda say: say("Add the clause to the paper text and name its article: clauses.audit."),
        "specific-items": lambda say: say(
            "Name the fields that are needed, and no classes where persons are concerned."
        ),
        "free-text": lambda say: say("Take the fields of the class free-text out."),
        "retention": lambda say: say("Add retain_days to the duties of these provisions."),
        "review": lambda say: say(
            "Say in the paper text who reviews it and when, and name the article: clauses.review."
        ),
        "end": lambda say: say("Let it end within five years; a new version takes its place."),
        "feedback": lambda say: say("Add feedback_days to the duties of these provisions."),
        "complaints": lambda say: say(
            "Say in the paper text where people turn to, and name the article: clauses.complaints."
        ),
        "legal-basis": lambda say: say("Name the public law in legal_bases of these provisions."),
        "people-decide": lambda say: say("Write release = officer or two-officers into these provisions."),
        "mistreatment": lambda say: say(
            "Say in the paper text who assesses the risk, and name the article: clauses.mistreatment."
        ),
        "health-of-persons": lambda say: say(
            "Take the fields of the class health out, ask for consent, or have two officers release them."
        ),
        "minors": lambda say: say(
            "Add a provision with the condition is_minor, or have two officers release what is given."
        ),
        "references-checked": lambda say: say("Check the references of these provisions and set verified to true."),
        "lists-checked": lambda say: say("Have these lists checked against the law before the agreement is signed."),
        "languages": lambda say: say("Add these languages to authoritative, with texts in them."),
    }
)
