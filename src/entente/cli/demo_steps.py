"""What happens in the demo, step by step: five agencies import, release, pool, find, tell, answer and correct."""

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entente.analysis import ACCEPTED, FINDING, parse_parameters
from entente.cli.house import catalogue, question_called
from entente.cli.staging import OFFICERS, Stage, run_verb
from entente.node.asking import Scope, ask
from entente.node.duties import Duty, acknowledge, answer, duties
from entente.node.findings import findings, look_for
from entente.node.keyring import our_log_keys
from entente.node.looking import Look, record_of
from entente.node.owing import BY_US, TO_US
from entente.node.reconciling import Comparison, reconcile_all
from entente.node.releases import approve
from entente.node.reviewing import review
from entente.node.verifying import verify_files, verify_store
from entente.node.work import Node, open_node
from entente.records import Record
from entente.store import RecordRow, ReleaseRow

PARTIES = ("ca.cbsa", "ca.rcmp", "ca.phac", "us.cbp", "us.dea")
LABORATORIES = ("ca.cbsa", "ca.rcmp", "us.cbp", "us.dea")
MODELS = ("customs-seizure-statistics", "drug-trends", "drug-checking-early-warning", "seized-drug-samples")
POOLING, HEALTH, CORRECTING = "ca.rcmp", "ca.phac", "us.dea"
SAMPLING, ANALYSING = "ca.rcmp", "us.dea"
SAMPLE, RESULT = "sample", "lab-result"
GROWTH, HEALTH_GROWTH = "substances.growth", "health.growth"
PURPOSE = "early-warning"
LOOK = Look("demo", "demonstration")
SIMULATED = Scope(is_simulated=True)
OWN = Scope(is_own=True, is_simulated=True)
ANSWERS: Mapping[tuple[str, str], tuple[str, str]] = {
    (HEALTH, FINDING.name): ("warning-issued", "SIMULATED: a bulletin was issued"),
    (ANALYSING, SAMPLE): ("confirmed", "SIMULATED: our laboratory has met the same"),
}
"""Outcome and note of those who answer at once, by party and kind of record."""


@dataclass(frozen=True, slots=True)
class Closest:
    """The subject that came closest to an alarm, with its figures; `is_alarm` when it did alarm."""

    subject: str
    observed: int
    of: int
    q: float
    is_alarm: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "observed": self.observed,
            "of": self.of,
            "q": self.q,
            "is_alarm": self.is_alarm,
        }


def opened_at(stage: Stage, party: str) -> "closing[Node]":
    return closing(open_node(stage.nodes[party], catalogue()))


def import_files(stage: Stage, party: str, files: Sequence[Path]) -> None:
    names = [str(file) for file in files]
    run_verb("import", *names, "--node", str(stage.nodes[party]), "--who", "demo", "--json")


def ask_growth(stage: Stage, party: str, until: str, scope: Scope) -> Closest | None:
    """What comes closest to an alarm at `party`; None when there is nothing to compare."""
    question = question_called(GROWTH)
    arguments = parse_parameters(question, (f"until={until}",), catalogue().vocabulary)
    with opened_at(stage, party) as node:
        rows = ask(node, LOOK, question, arguments, PURPOSE, scope=scope).rows.to_pylist()
    if not rows:
        return None
    first = rows[0]
    return Closest(first["subject"], first["observed"], first["of"], float(first["q"]), bool(first["alarm"]))


def find(stage: Stage, party: str, name: str, until: str) -> Sequence[RecordRow]:
    """Asks the question at `party`; what it finds is kept there, open for review."""
    question = question_called(name)
    arguments = parse_parameters(question, (f"until={until}",), catalogue().vocabulary)
    with opened_at(stage, party) as node:
        return look_for(node, LOOK, question, arguments, PURPOSE, scope=SIMULATED).findings


def accept_all(stage: Stage, party: str, rows: Sequence[RecordRow]) -> list[str]:
    """A person at `party` accepts the findings; the partners who are told."""
    with opened_at(stage, party) as node:
        tellings = [review(node, row.id, ACCEPTED, officer_of(party), "demonstration")[1] for row in rows]
        return sorted({one.partner for told in tellings for one in told})


def officer_of(party: str) -> str:
    return f"{party}/{OFFICERS[0]}"


def on_the_desk(stage: Stage, party: str) -> list[tuple[ReleaseRow, Record]]:
    """The samples and results that wait for officers at `party`, in the order of their numbers."""
    with opened_at(stage, party) as node, node.store.reading() as tx:
        stored = [(row, tx.record(row.record_id, row.record_version)) for row in tx.releases("waiting")]
        found = [(row, record_of(node, kept)) for row, kept in stored if kept and kept.kind in (SAMPLE, RESULT)]
    return sorted(found, key=lambda one: str(one[1].values.get("number", one[1].values.get("sample_number"))))


def release_sample(stage: Stage) -> list[str]:
    """Two officers of SAMPLING let its first sample go; who they were, and nobody where no sample waits."""
    release = next((row.id for row, record in on_the_desk(stage, SAMPLING) if record.kind == SAMPLE), None)
    officers = [f"{SAMPLING}/{name}" for name in OFFICERS] if release else []
    with opened_at(stage, SAMPLING) as node:
        for officer in officers:
            approve(node, str(release), officer)
    return officers


def answer_notices(stage: Stage) -> None:
    """Who stands in ANSWERS answers with an outcome, everybody else acknowledges for now."""
    for party in PARTIES:
        with opened_at(stage, party) as node:
            for duty in duties(node, BY_US, is_open=True):
                said = ANSWERS.get((party, _kind_of(node, duty)))
                if said:
                    answer(node, duty.about, *said, officer_of(party))
                else:
                    acknowledge(node, duty.about, officer_of(party))


def _kind_of(node: Node, duty: Duty) -> str:
    with node.store.reading() as tx:
        row = tx.record(duty.row.record_id)
    return row.kind if row else ""


def came_back(stage: Stage, party: str, kind: str = FINDING.name) -> list[dict[str, Any]]:
    """What `party` knows of the notices it sent about records of `kind`: by partner, state and outcome."""
    with opened_at(stage, party) as node:
        return [duty.to_json() for duty in duties(node, TO_US) if _kind_of(node, duty) == kind]


def stale(stage: Stage, party: str) -> int:
    """How many findings of `party` rest on records that have been corrected since."""
    with opened_at(stage, party) as node:
        return sum(one.stale > 0 for one in findings(node, LOOK, own=True))


def corrected_file(source: Path, subject: str, target: Path) -> None:
    """The newest row of `source` about `subject` with one report more: the laboratory looked a second time."""
    rows = list(csv.DictReader(io.StringIO(source.read_text("utf-8"))))
    about = [row for row in rows if row["substance"].strip().upper() == subject and int(row["reported"]) > 0]
    row = about[-1]
    row["reported"] = str(int(row["reported"]) + 1)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(row))
        writer.writeheader()
        writer.writerow(row)


def reconcile(stage: Stage) -> Mapping[str, Sequence[Comparison]]:
    """Every party compares with every partner, number by number."""
    found = {}
    for party in stage.nodes:
        with opened_at(stage, party) as node:
            found[party] = reconcile_all(node)
    return found


def verify(stage: Stage) -> int:
    """The number of problems in all databases and all published ledgers."""
    problems = 0
    for party in stage.nodes:
        with opened_at(stage, party) as node:
            problems += len(verify_store(node).problems)
            problems += len(verify_files(node.config.ledger, our_log_keys(node)).problems)
    return problems
