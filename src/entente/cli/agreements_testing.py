"""`entente agreements test`: runs golden decisions of any folders, as a test runner does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree as ET

import typer

from entente.agreements import (
    AgreementUnreadable,
    CaseResult,
    CasesUnreadable,
    Remark,
    explain_json,
    model_bytes,
    model_names,
    read_agreement,
    read_cases,
    run_cases,
)
from entente.agreements.golden.coverage import Untried, untried
from entente.cli.house import catalogue
from entente.cli.terminal import PHRASES, AsJson, out, out_json, say

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class _Tried:
    """One agreement. `problem` says why it could not be tried; `remarks` where, if the text can be read."""

    place: str
    results: tuple[CaseResult, ...] = ()
    untried: tuple[Untried, ...] = ()
    problem: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def failures(self) -> list[CaseResult]:
        return [result for result in self.results if not result.is_met]


@app.command("test", help=say("Run the golden decisions of agreements, and say what none of them tries."))
def run_tests(
    paths: Annotated[
        list[str],
        typer.Argument(
            help=say("Folders with agreement.toml and decisions.toml, folders of such, or names of models.")
        ),
    ],
    as_json: AsJson = False,
    junit: Annotated[Path | None, typer.Option(help=say("Write the results to this file as JUnit XML."))] = None,
) -> None:
    tried = [found for path in paths for found in _tried(path)]
    if as_json:
        out_json([_as_json(found) for found in tried])
    else:
        _print(tried)
    if junit is not None:
        ET.indent(document := _junit(tried))
        junit.write_bytes(ET.tostring(document, encoding="utf-8", xml_declaration=True) + b"\n")
    if any(found.problem or found.failures for found in tried):
        raise typer.Exit(1)


def _tried(path: str) -> Iterator[_Tried]:
    """Every agreement at `path`; one that cannot be used keeps no other from being tried."""
    if path in model_names():
        yield _try(path, model_bytes(path), model_bytes(path, "decisions.toml"))
        return
    found = [Path(path)] if Path(path).is_file() else sorted(Path(path).rglob("agreement.toml"))
    for file in found:
        try:
            yield _try(str(file.parent), file.read_bytes(), file.with_name("decisions.toml").read_bytes())
        except OSError as error:
            why = say("{file} cannot be read: {why}. Put it there.", file=error.filename, why=error.strerror)
            yield _Tried(str(file.parent), problem=why)
    if not found:
        why = say("No agreement.toml is here. `entente agreements new` drafts one.")
        yield _Tried(path, problem=why)


def _try(place: str, text: bytes, cases: bytes) -> _Tried:
    try:
        agreement = read_agreement(text, catalogue())
        results = run_cases(agreement, read_cases(cases, catalogue()), catalogue())
    except (AgreementUnreadable, CasesUnreadable) as error:
        return _Tried(place, problem=error.said(PHRASES.translate), remarks=error.problems)
    return _Tried(place, results, untried(agreement, results, catalogue()))


def _print(tried: Sequence[_Tried]) -> None:
    for found in tried:
        out(found.place)
        if found.problem and not found.remarks:
            out(f"  {found.problem}")
        for remark in found.remarks:
            out(f"  {remark.where(say)}: {remark.sentence(say)} {remark.remedy(say)}".replace("  : ", "  "))
        for result in found.results:
            _print_case(result)
        for one in found.untried:
            out("  " + _untried_said(one))
    _print_summary(tried)


def _print_case(result: CaseResult) -> None:
    out(f"  {say('met') if result.is_met else say('NOT MET')}  {result.case.id}")
    for difference in result.differences:
        values = {"what": difference.what, "expected": difference.expected or "-", "found": difference.found or "-"}
        out("      " + say("{what} should be {expected}, but is {found}.", **values))
    if not result.is_met:
        for sentence in _explained(result):
            out(f"      {sentence}")


def _print_summary(tried: Sequence[_Tried]) -> None:
    results = [result for found in tried for result in found.results]
    met = sum(result.is_met for result in results)
    out()
    out(say("{met} of {number} golden decisions are met.", met=met, number=len(results)))
    unusable = [found.place for found in tried if found.problem]
    if unusable:
        out(say("Could not be tried: {places}", places=", ".join(unusable)))


def _explained(result: CaseResult) -> Sequence[str]:
    return [*explain_json(result.decision.to_json(), catalogue().vocabulary, PHRASES)]


def _untried_said(one: Untried) -> str:
    if one.number:
        values = {"provision": one.provision, "number": one.number, "field": one.field, "test": one.test}
        if one.is_needless:
            return say(
                "Needless: condition {number} of {provision} ({field}, {test}); without it, no record would go "
                "otherwise.",
                **values,
            )
        return say(
            "Untried: condition {number} of {provision} ({field}, {test}); no golden decision changes without it.",
            **values,
        )
    return say("Untried: {provision}; without it, no golden decision comes out otherwise.", provision=one.provision)


def _as_json(found: _Tried) -> dict[str, object]:
    return {
        "place": found.place,
        "problem": found.problem,
        "remarks": [
            {**remark.to_json(), "sentence": remark.sentence(say), "remedy": remark.remedy(say)}
            for remark in found.remarks
        ],
        "cases": [_case_json(result) for result in found.results],
        "untried": [
            {
                "provision": one.provision,
                "condition": one.number or None,
                "is_needless": one.is_needless,
                "sentence": _untried_said(one),
            }
            for one in found.untried
        ],
    }


def _case_json(result: CaseResult) -> dict[str, object]:
    differences = [{"what": one.what, "expected": one.expected, "found": one.found} for one in result.differences]
    explained = [] if result.is_met else _explained(result)
    return {"case": result.case.id, "is_met": result.is_met, "differences": differences, "explained": explained}


def _junit(tried: Sequence[_Tried]) -> ET.Element:
    """The form that build servers read: a suite for each agreement, a test case for each golden decision."""
    document = ET.Element("testsuites")
    for found in tried:
        counts = {"tests": len(found.results), "failures": len(found.failures), "errors": int(bool(found.problem))}
        numbers = {name: str(number) for name, number in counts.items()}
        suite = ET.SubElement(document, "testsuite", {"name": found.place, **numbers})
        for result in found.results:
            _junit_case(suite, found.place, result)
        if found.problem:
            case = ET.SubElement(suite, "testcase", {"classname": found.place, "name": "agreement.toml"})
            ET.SubElement(case, "error", {"message": found.problem})
    return document


def _junit_case(suite: ET.Element, place: str, result: CaseResult) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": place, "name": result.case.id})
    if not result.is_met:
        differences = [f"{one.what}: {one.expected} / {one.found}" for one in result.differences]
        failure = ET.SubElement(case, "failure", {"message": "; ".join(differences)})
        failure.text = "\n".join(_explained(result))
