"""Expected faults of rows are values beside the records, with line, field, reason and cure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from functools import cache
from string import Formatter
from types import MappingProxyType

from entente.errors import OurFault


class UnsayableFault(OurFault):
    """A reader reports the fault `{code}` of the field `{field}`, which cannot be said: {why}. Correct the reader; the
    codes and what each needs are the table FAULTS in `records/faults.py`."""


FAULTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing-value": ("{field} is empty.", "Fill it in; this kind of record cannot do without it."),
        "unknown-field": ("{field} is not a field of this kind of record.", "Remove it or name one that exists."),
        "wrong-type": ("{field} is not of the type it should be.", "Look at the kind's page for the type."),
        "not-a-number": ("`{value}` in {field} is not a number.", "Write digits, with a point before decimals."),
        "not-whole": ("`{value}` in {field} is not a whole number.", "Write digits only."),
        "grouped-number": (
            "`{value}` in {field} groups its digits, and a comma means different things in different countries.",
            "Write it without separators, with a point before decimals, for example 1234.5.",
        ),
        "unit-in-number": (
            "`{value}` in {field} carries a unit, but a plain number in {unit} is expected.",
            "Convert the amount to {unit} and write the number alone.",
        ),
        "too-many-digits": (
            "`{value}` in {field} has more digits than can be added exactly.",
            "Check the amount; up to 14 digits before the point and 24 after it are read.",
        ),
        "negative": (
            "`{value}` in {field} is below zero.",
            "Check the sign; a correction is a new version, not a minus.",
        ),
        "date-order": (
            "`{value}` in {field} is not a date written as {form}.",
            "Write year, month, day with dashes, for example 2024-03-31.",
        ),
        "not-a-date": ("`{value}` in {field} is not a date.", "Check day and month against the calendar."),
        "not-a-time": (
            "`{value}` in {field} is not a date and time.",
            "Write both, the hour from 00 to 23, and the time zone, for example 2024-03-31T14:00-04:00.",
        ),
        "not-yes-or-no": (
            "`{value}` in {field} is neither `yes` nor `no`.",
            "Write one of the two, or leave it empty.",
        ),
        "not-about-person": (
            "{field} is filled in, but {other} does not say that the row is about a person.",
            "Write person in {other}, or empty {field}.",
        ),
        "not-a-fiscal-year": (
            "`{value}` in {field} is not a fiscal year.",
            "Write it as the publisher does, for example 2024 or 2026 (FYTD).",
        ),
        "not-a-month": ("`{value}` in {field} is not a month.", "Write its English abbreviation, for example OCT."),
        "not-a-published-period": (
            "`{value}` in {field} is not a period that this publication uses.",
            "Write it as the publisher does, for example 2021, 2021 Q3 or January.",
        ),
        "not-a-half-year": (
            "`{value}` in {field} is not a year or half of a year.",
            "Write it as the publisher does, for example 2019 and SA1 (JAN - JUN).",
        ),
        "not-an-item": (
            "`{value}` in {field} is not the number of an item.",
            "Write it as the text of the law does, for example 16 (5).",
        ),
        "not-a-period": (
            "`{value}` in {field} is not a period.",
            (
                "Write a week as 2024-W03, a day as 2024-01-15, a month as 2024-03, a quarter as 2024-Q1, a half-year "
                "as 2024-H1, or number the periods 1, 2, 3."
            ),
        ),
        "week-or-month": (
            "`{value}` in {field} may mean a week or a month.",
            "Write a week as 2024-W03 and a month as 2024-03.",
        ),
        "no-such-week": (
            "`{value}` in {field} is no week: the year {year} has 52 weeks (ISO 8601).",
            "Count it in the first week of the next year, or check how the file numbers its weeks.",
        ),
        "other-step": (
            "`{value}` in {field} is not written as the periods before it, such as {first}.",
            "Use periods of one length in a file; put others into a file of their own.",
        ),
        "time-without-zone": (
            "`{value}` in {field} does not say its time zone.",
            "Add it, for example 2024-03-31T14:00-04:00.",
        ),
        "unknown-code": (
            "`{value}` in {field} is not a known code or name.",
            "Use a code of the list {list}, or add the name to the mapping.",
        ),
        "text-too-long": (
            "The text in {field} is longer than 10,000 characters.",
            "Shorten it, and keep the whole text where the record says that it came from.",
        ),
        "steering-characters": (
            "The text in {field} holds a line break or another character that steers a screen instead of being shown.",
            "Remove it; only notes in free text have several lines.",
        ),
        "not-an-identifier": (
            "`{value}` in {field} does not have the form of its identifier, or its check digit is wrong.",
            "Compare it with the source; a CAS number is written as 437-38-7.",
        ),
        "unknown-unit": ("`{value}` in {field} is not a unit that is known here.", "Use one of: {known}."),
        "given-twice": ("The row gives its amount twice, in {field} and in {other}.", "Keep one of the two."),
        "incomplete-pair": ("{field} is given without {other}.", "Fill in {other}, or empty {field}."),
        "above-denominator": (
            "`{value}` in {field} is more than the {of} of which they were counted, in {other}.",
            "Compare both with the publication; a part is never larger than its whole.",
        ),
        "two-figures": (
            "{field} is `{value}` here and {other} in line {first}, though both rows are about the same days.",
            "Find out which is right, and write it in all rows of these days.",
        ),
        "ends-before-start": (
            "`{value}` in {field} lies before {start}, the first day of the period.",
            "Check both days; a period may be one day long.",
        ),
        "before-other-day": (
            "`{value}` in {field} lies before {day}, the day in {other}.",
            "Compare both days with the paper; one of them is wrong.",
        ),
        "above-hundred": (
            "`{value}` in {field} is more than 100 per cent.",
            "Check the number; a part of a whole is 100 per cent at most.",
        ),
        "not-a-region": (
            "`{value}` in {field} is not the code of a country or of one of its provinces or states.",
            "Write it as ca or ca-bc. Smaller places are not kept for these records.",
        ),
        "not-simulated": (
            "`{value}` in {field} is not `yes`, but a file with this column is simulated as a whole.",
            "Write `yes` if the row is simulated; put real rows into a file without this column.",
        ),
        "reader-defect": (
            "The reader of this file found something wrong with {field} and cannot say what: {why}.",
            "Keep the row as it is and report the defect to those who look after the reader.",
        ),
        "too-few-cells": ("The row has {found} cells instead of {expected}.", "Compare it with the header row."),
        "too-many-cells": ("The row has {found} cells instead of {expected}.", "Look for a comma outside quotes."),
        "line-too-long": (
            "The line is longer than {limit} bytes; it was skipped.",
            "Check that the file has line ends and that every quote is closed.",
        ),
        "open-quote": ("A quote that opens here is not closed.", "Close the quote, or double quotes inside text."),
        "wrong-encoding": (
            "Byte {byte} at position {position} is not UTF-8; it looks like {guess}.",
            "Save the file as UTF-8 and import it again.",
        ),
        "utf-16": ("The file is written in UTF-16.", "Save it as CSV in UTF-8 and import it again."),
        "stray-return": (
            "The line contains a carriage return that does not end it.",
            "Save the file with ordinary line ends, LF or CRLF.",
        ),
        "not-text": ("The line contains a NUL byte.", "Export the table again as CSV in UTF-8."),
        "duplicated-row": ("The row says the same as line {first}.", "Remove one of the two."),
        "recalled": (
            "The row says what {partner} called back on {day}; nothing of it was kept.",
            "Ask {partner} what is right before you hold it from another source.",
        ),
        "contradicting-row": (
            "The row is about the same thing as line {first} but says something else.",
            "Keep the right one; send a correction as a later file.",
        ),
    }
)


@cache
def needed(code: str) -> frozenset[str]:
    """The details that the sentences of the fault `code` name, beside its field and value."""
    names = {name for sentence in FAULTS[code] for _, name, _, _ in Formatter().parse(sentence) if name}
    return frozenset(names - {"field", "value"})


def why_unsayable(code: str, details: Iterable[str]) -> str | None:
    """What keeps a fault of `code` with these `details` from being said; None if nothing does."""
    if code not in FAULTS:
        return f"no fault has the code {code}"
    missing = sorted(needed(code) - set(details))
    return f"its sentence needs {', '.join(missing)}" if missing else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault in a table: `line` counts from 1 (the header), `code` is a key of FAULTS, `row` is the row's text."""

    line: int
    code: str
    field: str = ""
    value: str = ""
    row: str = ""
    details: Mapping[str, str] = default(default_factory=dict)

    def reason(self, translate: Callable[[str], str] = str) -> str:
        return self._said(FAULTS[self.code][0], translate)

    def cure(self, translate: Callable[[str], str] = str) -> str:
        return self._said(FAULTS[self.code][1], translate)

    def _said(self, message_id: str, translate: Callable[[str], str]) -> str:
        shown = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        return translate(message_id).format(field=self.field, value=shown, **self.details)
