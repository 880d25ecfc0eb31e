"""A bulletin as the public reads it: what was seen, out of what, where and when, how sure, and what people can do.

It is built from an accepted finding and the catalogue alone, in every language alike; it never says how a drug is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from babel.dates import format_date

from entente.analysis import FINDING, shown_value
from entente.node.advisory_said import LOCALES
from entente.node.bulletin_floor import Floor
from entente.records import Catalogue, Value
from entente.vocabulary import Phrasebook, phrasebook

Values = Mapping[str, Value]
_ITEM = "- "
_MORE_THAN_USUAL = ("above-expected", "count-above-expected")
_USUAL = next(field for field in FINDING.fields if field.name == "expected")
_CHANCES = ((Decimal("0.001"), 1000), (Decimal("0.01"), 100), (Decimal("0.05"), 20))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a bulletin is built from. `floor` None: it does not rest on what the public has given. `services` are
    records of help that is available, `added` what a person wrote, by language."""

    values: Values
    party: str
    advice: Sequence[str]
    floor: Floor | None
    services: Sequence[Values]
    added: Mapping[str, str]
    is_simulated: bool


def title(facts: Facts, catalogue: Catalogue, language: str) -> str:
    return f"{_subject(facts.values, catalogue, language)} ({_place(facts.values['place'], catalogue, language)})"


def body(facts: Facts, catalogue: Catalogue, language: str) -> str:
    """Plain text: parts with a blank line between them, each with its heading in the first line."""
    book = phrasebook(language)
    label = catalogue.vocabulary.label
    parts = [
        (book.say("What was seen"), _seen(facts, catalogue, book)),
        (book.say("How sure this is"), _sure(facts, book)),
        (book.say("What you can do"), [_ITEM + label("bulletin-advice", code, language) for code in facts.advice]),
        (book.say("Where there is help"), [_ITEM + _service(one, catalogue, book) for one in facts.services]),
        (book.say("From the agency"), [line for line in facts.added.get(language, "").splitlines() if line.strip()]),
        (book.say("Who says this"), [label("party", facts.party, language)]),
    ]
    marks = [book.say("SIMULATED: none of this is real.")] if facts.is_simulated else []
    return "\n\n".join([*marks, *("\n".join((heading, *lines)) for heading, lines in parts if lines)])


def observed(facts: Facts) -> int | None:
    """The number found, unless it is not told or lies below the floor."""
    found = facts.values.get("observed")
    if not isinstance(found, int) or (facts.floor and found < facts.floor.fewest_found):
        return None
    return found


def as_page(texts: Sequence[tuple[str, str, str]], heading: str) -> str:
    """One page of HTML from (language, title, text), one after the other; it loads nothing, and prints on paper."""
    parts = "".join(
        f'<article lang="{language}">\n<h1>{escape(name)}</h1>\n{_blocks(text)}</article>\n'
        for language, name, text in texts
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{texts[0][0]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(heading)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{parts}</body>\n</html>\n"
    )


_STYLE = (
    "@page{margin:2cm}body{font:1.1rem/1.5 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#111}"
    "h1{font-size:1.6rem}h2{font-size:1.15rem;margin:1.2rem 0 .2rem}article+article{break-before:page;border-top:"
    ".15rem solid #111;margin-top:2rem}p{margin:.3rem 0}"
)


def _blocks(text: str) -> str:
    shown = ""
    for block in text.split("\n\n"):
        heading, *lines = block.split("\n")
        if not lines:
            shown += f"<p><strong>{escape(heading)}</strong></p>\n"
            continue
        items = "".join(f"<li>{escape(line[len(_ITEM) :])}</li>\n" for line in lines if line.startswith(_ITEM))
        said = "".join(f"<p>{escape(line)}</p>\n" for line in lines if not line.startswith(_ITEM))
        shown += f"<h2>{escape(heading)}</h2>\n{said}" + (f"<ul>\n{items}</ul>\n" if items else "")
    return shown


def _seen(facts: Facts, catalogue: Catalogue, book: Phrasebook) -> list[str]:
    values = facts.values
    where = _place(values["place"], catalogue, book.language)
    told = {"subject": _subject(values, catalogue, book.language), "place": where}
    if values["measure"] == "first-detection":
        first = book.say("{subject} ({place}) was found for the first time where it had been looked for.", **told)
    elif values["measure"] == "share-growth":
        first = book.say("{subject} ({place}) was found more often than before.", **told)
    elif values["measure"] in _MORE_THAN_USUAL:
        first = book.say("{subject} ({place}): more than would be usual.", **told)
    else:
        measure = catalogue.vocabulary.label("measure", str(values["measure"]), book.language)
        first = book.say("{subject} ({place}) stands out: {measure}.", measure=measure, **told)
    days = book.say(
        "From {start} to {end}.", start=_day(values["period_start"], book), end=_day(values["period_end"], book)
    )
    return [first, days, *_counted(facts, catalogue, book)]


def _counted(facts: Facts, catalogue: Catalogue, book: Phrasebook) -> list[str]:
    """Out of what, and what would be usual: never a number below the floor."""
    of, found, usual = facts.values.get("of"), observed(facts), facts.values.get("expected")
    if of is None:
        said = [book.say("Counted: {found}. It is not told out of how many.", found="?" if found is None else found)]
    else:
        of_what = catalogue.vocabulary.label("denominator", str(facts.values["denominator"]), book.language)
        said = [_part(facts, found, {"of": of, "of_what": of_what}, book)]
    if found is not None and isinstance(usual, Decimal):
        said.append(book.say("Usual would be about {usual}.", usual=shown_value(_USUAL, usual, book.language)))
    return said


def _part(facts: Facts, found: int | None, whole: Mapping[str, object], book: Phrasebook) -> str:
    if found is not None:
        return book.say("Found: {found} of {of} ({of_what}).", found=found, **whole)
    if facts.floor and facts.values.get("observed") is not None:
        return book.say("Found: fewer than {fewest} of {of} ({of_what}).", fewest=facts.floor.fewest_found, **whole)
    return book.say("Looked at: {of} ({of_what}).", **whole)


def _sure(facts: Facts, book: Phrasebook) -> list[str]:
    lines = []
    chance = facts.values.get("q")
    if isinstance(chance, Decimal):
        rare = next((number for limit, number in _CHANCES if chance <= limit), None)
        lines.append(
            book.say("By chance alone this would be seen less than once in {number} times.", number=rare)
            if rare
            else book.say("This may be chance.")
        )
    day = _day(facts.values["reviewed_on"], book)
    lines.append(book.say("A person has looked at the figures and accepted them on {day}.", day=day))
    if facts.floor is not None:
        lines.append(book.say("People choose what they have checked, so this is not a share of all that is used."))
    return lines


def _service(one: Values, catalogue: Catalogue, book: Phrasebook) -> str:
    label = catalogue.vocabulary.label
    area = "" if one["area"] == "all" else str(one["area"])
    where = ", ".join(part for part in (area, label("place", str(one["region"]), book.language)) if part)
    free = book.say("free of charge") if one.get("is_free") is True else ""
    rest = "; ".join(str(part) for part in (one.get("how"), free, one.get("where_to_ask")) if part)
    said = f"{label('harm-reduction-service', str(one['service']), book.language)} ({where})"
    return f"{said}; {rest}" if rest else said


def _subject(values: Values, catalogue: Catalogue, language: str) -> str:
    """As the finding names it; of counts of harms, whose subject is written in codes, by the labels of these."""
    subject = str(values["subject"])
    if values["rests_on"] != ("harm-count",):
        return subject
    lists = ("harm-event", "harm-substances", "harm-intent")
    parts = zip(lists, subject.split(" "), strict=False)
    return ", ".join(catalogue.vocabulary.label(name, code, language) for name, code in parts)


def _place(place: Value, catalogue: Catalogue, language: str) -> str:
    words = "finding-place" if place in catalogue.vocabulary.list("finding-place").terms else "place"
    return catalogue.vocabulary.label(words, str(place), language)


def _day(value: Value | None, book: Phrasebook) -> str:
    if not isinstance(value, date):
        return "?"
    shown = str(format_date(value, "long", locale=LOCALES[book.language]))
    return f"1er{shown[1:]}" if book.language == "fr" and shown.startswith("1 ") else shown
