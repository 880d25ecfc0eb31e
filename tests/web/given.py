"""A world with something for every screen: two nodes that have shared, findings, notices, a desk, imports, people.

Built once; every test that changes something takes a copy. Everybody's sessions are open from the beginning, so that
nobody has to sign in again.
"""

import io
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from entente.agreements import RESCUE, model_bytes
from entente.analysis import ACCEPTED, FINDING, parse_parameters
from entente.cli.house import catalogue, house, question_called
from entente.cli.staging import build
from entente.exchange import Question, question_bytes
from entente.exchange.recalls import Recall, recall_bytes
from entente.ledger import Evidence
from entente.node.agreeing import keep_agreement
from entente.node.asking import Scope
from entente.node.bulletin_drafting import Wish
from entente.node.bulletins import draft
from entente.node.duties import acknowledge, duties
from entente.node.emergency import TO_REVIEW
from entente.node.findings import look_for
from entente.node.looking import Look, record_of
from entente.node.outgoing import Outgoing
from entente.node.owing import BY_US, TO_US
from entente.node.people import add_person, change_password, disable
from entente.node.questioning import OF_US
from entente.node.releases import approve, waiting
from entente.node.reviewing import review
from entente.node.roles import ROLES
from entente.node.signing_in import session_of, sign_in, state_reason
from entente.node.uploads import Uploads, imports
from entente.node.work import Node, utc_now
from entente.records import Value
from entente.signing import canonical, digest
from entente.simulation.world import assumed, plan_of, simulated_world
from entente.store import AccusationRow, AskingRow, OutsideRow, ReleaseRow
from entente.web.guard import cookie_name
from story.notices_given import Hands
from story.world import World, world_of
from web.served import NO_TLS, PASSWORD, Served, make_people, served

RCMP, DEA = "ca.rcmp", "us.dea"
HOMES = ("rcmp", "dea")
MODELS = ("drug-trends", "seized-drug-samples")
UNSIGNED = "drug-checking-early-warning"
GROWTH = "substances.growth"
PURPOSE, OTHER_PURPOSE = "threat-assessment", "prosecution"
NEWCOMER, SECOND, FORMER = "newcomer", "the-second-officer", "the-former"
OFFICERS = {"releasing-officer": f"{RCMP}/liaison-1"}
DAYS = 33
"""The tests look so many days after all this happened: what was owed within thirty is overdue."""

HEADER = "number,seized_on,received_on,substance_suspected,form,colour,mass_g,place,submitter,exhibit_notes,simulated\n"
SAMPLES = f"""\
{HEADER}SIM-1,2026-03-10,2026-03-12,fentanyl,powder,white,4.2,Vancouver,SIMULATED unit,SIMULATED notes,yes
SIM-2,2026-03-10,2026-03-12,fentanyl,tablet,blue,1,Toronto,SIMULATED unit,,yes
SIM-3,,2026-03-12,fentanyl,tablet,green,2,Toronto,,,yes
"""
BAD_ROWS = f"""\
{HEADER}SIM-4,2026-04-01,2026-04-02,cocaine,powder,white,3,Toronto,,,yes
SIM-5,2026-02-31,2026-04-02,cocaine,powder,white,3,Toronto,,,yes
SIM-6,2026-04-01,2026-04-02,cocaine,powder,white,much,Toronto,,,yes
,2026-04-01,2026-04-02,cocaine,powder,white,3,Toronto,,,yes
"""
DEA_SAMPLES = f"""\
{HEADER}SIM-8,2026-03-20,2026-03-22,methamphetamine,powder,white,7,Laredo,,,yes
SIM-9,2026-03-21,2026-03-22,methamphetamine,powder,white,9,Laredo,,,yes
"""


@dataclass(frozen=True, slots=True)
class Held:
    """The session of one person at one browser: the cookie's value, and the token of its forms."""

    cookie: str
    form_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The world in `folder`, at rest, to be looked at when it is `now`.

    `own`, `received` and `other` name things by their sort: those of the RCMP, those that came from the DEA, and those
    that the RCMP's node does not know. `sessions` by role and NEWCOMER, for PURPOSE; `others` are second sessions of
    the same people, for OTHER_PURPOSE; `silent` ones have stated no reason.
    """

    folder: Path
    now: datetime
    own: Mapping[str, str]
    received: Mapping[str, str]
    other: Mapping[str, str]
    people: Mapping[str, str]
    sessions: Mapping[str, Held]
    others: Mapping[str, Held]
    silent: Mapping[str, Held]


@contextmanager
def alone(given: Given, folder: Path) -> Iterator[Served]:
    """The screens of a copy of the RCMP's node; the DEA does not answer."""
    shutil.copytree(given.folder / "rcmp", folder)
    with served(folder, Hands(given.now), given.people) as found:
        yield found


@contextmanager
def together(given: Given, folder: Path) -> Iterator[tuple[World, Served]]:
    """A copy of both nodes, which answer each other, and the screens of the RCMP's."""
    clock = Hands(given.now)
    with (
        world_of(given.folder, folder, HOMES, clock) as world,
        served(world.home(RCMP), clock, given.people) as found,
    ):
        yield world, found


def client_of(found: Served, held: Held | None, **headers: str) -> httpx.Client:
    """A browser that holds this session and comes from the node's own pages; it follows no redirect by itself."""
    cookies = {cookie_name(found.node.party, found.url): held.cookie} if held else {}
    headers = {"origin": found.url, **headers}
    return httpx.Client(base_url=found.url, headers=headers, cookies=cookies, timeout=60, verify=NO_TLS)


def build_given(folder: Path) -> Given:
    """Takes some seconds."""
    build(folder / "stage", (RCMP, DEA), MODELS)
    clock = Hands()
    with world_of(folder / "stage", folder / "given", HOMES, clock) as world:
        world.settle()
        for happens in (_import, _find, _answer):
            happens(world)
            world.settle()
        clock.now = utc_now().replace(microsecond=0) + timedelta(days=DAYS)
        rcmp, dea = world.nodes[RCMP], world.nodes[DEA]
        passwords = _people(rcmp)
        return Given(
            folder=folder / "given",
            now=clock.now,
            own=_of_rcmp(rcmp),
            received=_from_dea(rcmp),
            other=_of_dea_alone(dea),
            people={role: f"the-{role}" for role in ROLES},
            sessions={who: _session(rcmp, f"the-{who}", password, PURPOSE) for who, password in passwords.items()},
            others={who: _session(rcmp, f"the-{who}", password, OTHER_PURPOSE) for who, password in passwords.items()},
            silent={who: _session(rcmp, f"the-{who}", password, "") for who, password in passwords.items()},
        )


def _import(world: World) -> None:
    """Counts and samples of both. Two officers of the DEA release one of its samples; one of the RCMP's is corrected
    before anybody has released it; the last file has bad rows."""
    plan = plan_of(24, {**assumed(()), "plant_reports_a_month": 3.0}, is_planted=True)
    counts = simulated_world(1, 1.0, plan).files
    rcmp, dea = world.nodes[RCMP], world.nodes[DEA]
    _upload(dea, "test-counts.csv", counts[f"{DEA}/test-counts.csv"])
    _upload(dea, "samples.csv", DEA_SAMPLES.encode())
    release = _release(dea, "SIM-8")
    for officer in ("liaison-1", "liaison-2"):
        approve(dea, release, f"{DEA}/{officer}")
    _upload(rcmp, "test-counts.csv", counts[f"{RCMP}/test-counts.csv"])
    _upload(rcmp, "samples.csv", SAMPLES.encode())
    _upload(rcmp, "samples corrected.csv", SAMPLES.replace("white,4.2", "white,4.7").encode())
    _upload(rcmp, "samples of April.csv", BAD_ROWS.encode())


def _upload(node: Node, name: str, data: bytes) -> None:
    with closing(Uploads(node, house().readers)) as uploads:
        uploads.receive(name, io.BytesIO(data), is_simulated=True, who="the-officer")
        assert uploads.wait()


def _find(world: World) -> None:
    """The RCMP accepts one finding and leaves another open; the DEA accepts one, and has one that it tells nobody."""
    for node in world.nodes.values():
        review(node, _look(node, "months=6"), ACCEPTED, "the-analyst", "Both laboratories say so.")
        _look(node, "months=9")


def _look(node: Node, *settings: str) -> str:
    """The id of what is found."""
    question = question_called(GROWTH)
    arguments = parse_parameters(question, ("until=2025-09-30", *settings), catalogue().vocabulary)
    look, scope = Look("the-analyst", "monthly look", PURPOSE), Scope(is_simulated=True)
    return look_for(node, look, question, arguments, PURPOSE, scope=scope).findings[0].id


def _answer(world: World) -> None:
    """The DEA has seen what it was told, the RCMP has yet to look; and the RCMP holds a text that nobody has signed."""
    for duty in duties(world.nodes[DEA], BY_US):
        acknowledge(world.nodes[DEA], duty.about, f"{DEA}/liaison-1")
    node, source = world.nodes[RCMP], model_bytes(UNSIGNED)
    with node.writing() as work:
        keep_agreement(work, node.agreement(digest(source), source))


def _people(node: Node) -> Mapping[str, str]:
    """One person for every role; a second releasing officer; one who is gone; and a newcomer, who may do everything
    after choosing a password. The passwords by role."""
    roles = make_people(node, OFFICERS)
    _, once = add_person(node, SECOND, ["releasing-officer"], officer=f"{RCMP}/liaison-2", by="test")
    change_password(node, SECOND, once, PASSWORD)
    add_person(node, FORMER, ["officer"], by="test")
    disable(node, FORMER, by="test")
    _, once = add_person(node, f"the-{NEWCOMER}", ROLES, by="test")
    return {**dict.fromkeys(roles, PASSWORD), NEWCOMER: once}


def _session(node: Node, name: str, password: str, purpose: str) -> Held:
    token = sign_in(node, name, password).token
    found = session_of(node, token)
    assert found
    if purpose:
        state_reason(node, found[1], purpose, "monthly trend report")
    return Held(token, found[1].form_token)


def _of_rcmp(node: Node) -> Mapping[str, str]:
    (told, *_) = duties(node, TO_US)
    findings = _current(node, FINDING.name, RCMP)
    return {
        "record": _numbered(node, "SIM-1"),
        "finding": next(key for key, values in findings.items() if values["review"] == "open"),
        "notice": told.about,
        "release": _release(node, "SIM-1"),
        "import": next(row.id for row in imports(node) if row.source == "samples of April.csv"),
        "agreement": digest(model_bytes("seized-drug-samples")),
        "partner": DEA,
        "entry": "0",
        "person": "the-officer",
        "format": "sample-csv",
        "course": "seized-drug-samples",
        "place": "1",
        "emergency": _given_in_an_emergency(node, _numbered(node, "SIM-1")),
        "question": _asked(node),
        "advisory": _advised(node),
        "evidence": _accused(node),
        "bulletin": _drafted(node),
    }


def _given_in_an_emergency(node: Node, record: str) -> str:
    """As if a colleague had given it: no agreement between the RCMP and the DEA knows emergencies. Its number."""
    told = {"partner": DEA, "officer": f"{RCMP}/liaison-2", "fields": ["form", "colour"], "why": "it may kill"}
    with node.writing() as work:
        row = ReleaseRow(
            id="e" * 16,
            record_id=record,
            record_version=1,
            partner=DEA,
            purpose=RESCUE,
            state=TO_REVIEW,
            needs=0,
            approvals=canonical([{**told, "seq": 1, "at": work.now.isoformat()}]),
            created_at=work.now,
        )
        work.tx.put_release(row)
    return row.id


def _asked(node: Node) -> str:
    """As if the DEA had asked for a sample: no agreement between the two gives anything on request. Its id."""
    question = Question(
        kind="sample", legal_basis="us.5-usc-552a-b-7", reason="file 12", selector=(("number", "SIM-2"),)
    )
    with node.writing() as work:
        row = AskingRow(
            direction=OF_US,
            partner=DEA,
            about=digest(b"a question of the DEA"),
            type="request",
            agreement=digest(model_bytes("seized-drug-samples")),
            purpose=PURPOSE,
            kind="sample",
            urgency="normal",
            due=work.now,
            state="asked",
            body=question_bytes(question),
            outcome="",
            reason="",
            note="",
            who="",
            found=canonical([]),
            approvals=canonical([]),
            is_simulated=True,
            created_at=work.now,
        )
        work.tx.put_asking(row)
    return row.about


def _accused(node: Node) -> str:
    """As if the DEA's ledger had shown two heads; it proves nothing. The evidence's id."""
    evidence = Evidence(kind="two-heads", party=DEA, parts={"first": "one", "second": "another"})
    with node.writing() as work:
        row = AccusationRow(id=evidence.id, party=DEA, kind=evidence.kind, found_at=work.now, body=evidence.to_bytes())
        work.tx.add_accusation(row)
    return row.id


def _advised(node: Node) -> str:
    """As if an advisory were called back from a company: no agreement gives one anything. Its number."""
    company = OutsideRow(
        party="ca.industry", name="Northern Chemicals (invented)", email="", language="en", added_at=node.clock()
    )
    with node.writing() as work:
        work.tx.put_outside(company)
        outgoing = Outgoing(node, work, company.party)
        body = recall_bytes(Recall(reason="wrong", note="weighed twice", wanted="erase"))
        about, text = digest(b"an advisory"), digest(model_bytes("seized-drug-samples"))
        outgoing.send("recall", body, about=about, agreement=text, is_simulated=True)
        outgoing.close()
        work.tx.settle(company.party, 1, "sent", "", None)  # its files were written
    return "ca.industry-1"


def _drafted(node: Node) -> str:
    """The analyst has drafted a bulletin of the finding that was accepted. Its id."""
    findings = _current(node, FINDING.name, RCMP)
    accepted = next(key for key, values in findings.items() if values["review"] == ACCEPTED)
    return draft(node, Look("the-analyst", "monthly look", PURPOSE), accepted, Wish()).row.id


def _from_dea(node: Node) -> Mapping[str, str]:
    (told, *_) = duties(node, BY_US)
    return {
        "record": next(iter(_current(node, "sample", DEA))),
        "finding": next(iter(_current(node, FINDING.name, DEA))),
        "notice": told.about,
    }


def _of_dea_alone(node: Node) -> Mapping[str, str]:
    """Names of things that only the DEA's node knows, and some that nobody does."""
    findings = _current(node, FINDING.name, DEA)
    return {
        "record": _numbered(node, "SIM-9"),
        "finding": next(key for key, values in findings.items() if values["review"] == "open"),
        "notice": digest(b"a notice to somebody else"),
        "release": _release(node, "SIM-9"),
        "import": imports(node)[0].id,
        "agreement": digest(model_bytes("customs-seizure-statistics")),
        "partner": "us.cbp",
        "entry": "99999999",
        "person": "nobody-here",
        "format": "no-such-csv",
        "course": "no-such-agreement",
        "place": "99",
        "emergency": "f" * 16,
        "question": digest(b"a question to somebody else"),
        "evidence": digest(b"evidence that nobody has"),
        "advisory": "ca.industry-9",
        "bulletin": digest(b"a bulletin that nobody has")[7:39],
    }


def _current(node: Node, kind: str, said_by: str) -> Mapping[str, Mapping[str, Value]]:
    with node.store.reading() as tx:
        rows = [row for row in tx.current_records(kind=kind) if row.said_by == said_by]
        return {row.id: record_of(node, row).values for row in rows}


def _numbered(node: Node, number: str) -> str:
    return next(key for key, values in _current(node, "sample", node.party).items() if values["number"] == number)


def _release(node: Node, number: str) -> str:
    """The release of the newest version of a sample."""
    record = _numbered(node, number)
    return max((row for row in waiting(node) if row.record_id == record), key=lambda row: row.record_version).id
