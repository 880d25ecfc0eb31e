"""Truth files, and what questions answered or nodes kept as findings, read for a comparison."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from entente.errors import InputFault
from entente.simulation.world import FORMAT


class NotATruthFile(InputFault):
    """{file} is not the truth about a simulated world: {why}. Give the file that `entente simulate` wrote."""


class NotFindings(InputFault):
    """{file} holds no findings: {why}. Give the JSON of `entente question run` or of `entente findings list`."""


class RealFindings(InputFault):
    """{file} rests on real records, and the truth about a simulated world says nothing of them. Give findings from
    the simulated files."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What was hidden: `subject` rises at `places` from `starts_on`, and `found_by` names the questions for it."""

    subject: str
    places: tuple[str, ...]
    starts_on: date
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What was hidden, by subject (in plain form) what only looks like a finding, and the questions it can judge."""

    planted: tuple[Planted, ...]
    noise: Mapping[str, str]
    questions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One row that alarms, or a finding that nobody dismissed; a `dismissed` one counts neither way."""

    question: str
    subject: str
    place: str
    period_end: date
    dismissed: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """The questions that were asked, and what they alarmed about; a question without any alarm was asked too."""

    questions: frozenset[str]
    alarms: tuple[Alarm, ...]


def read_truth(file: str, data: bytes) -> Truth:
    """The truth in `data`. Raises NotATruthFile."""
    try:
        told = json.loads(data)
        if told["format"] != FORMAT:
            raise NotATruthFile(file=file, why=f"its format is {told['format']!r}, not {FORMAT!r}")
        planted = tuple(
            Planted(
                str(one["subject"]),
                tuple(one["places"]),
                date.fromisoformat(one["starts_on"]),
                tuple(one["found_by"]),
            )
            for one in told["planted"]
        )
        noise = {plain(one["subject"]): str(one["what"]) for one in told["noise"]}
        return Truth(planted, noise, frozenset(told["questions"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotATruthFile(file=file, why=_why(error)) from error


def read_findings(file: str, data: bytes) -> Findings:
    """The answer of one question, or a list of findings, in `data`. Raises NotFindings, RealFindings."""
    try:
        told = json.loads(data)
        rows = told if isinstance(told, list) else told["rows"]
        shared = {} if isinstance(told, list) else {"question": told["question"]}
        provenance = {} if isinstance(told, list) else told.get("provenance", {})
        if any(one.get("is_simulated") is False for one in (provenance, *rows)):
            raise RealFindings(file=file)
        alarms = [_alarm(shared | row) for row in rows if row.get("alarm") or "review" in row]
        missing = [row for row in rows if "alarm" not in row and "review" not in row]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotFindings(file=file, why=_why(error)) from error
    if missing:
        raise NotFindings(file=file, why="its rows say neither `alarm` nor `review`")
    asked = {*shared.values(), *(alarm.question for alarm in alarms)}
    return Findings(frozenset(asked), tuple(alarms))


def _alarm(row: Mapping[str, Any]) -> Alarm:
    return Alarm(
        question=str(row["question"]),
        subject=str(row["subject"]),
        place=str(row["place"]),
        period_end=date.fromisoformat(row["period_end"]),
        dismissed=row.get("review") == "dismissed",
    )


def plain(name: str) -> str:
    """The form in which names compare: without regard to case and to white space around them."""
    return name.strip().casefold()


def _why(error: Exception) -> str:
    return f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
