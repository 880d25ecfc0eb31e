"""The walks: everything that four nodes and their people can do with drug-checking counts, tried out."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from entente.exchange import make_batch, message_for, seal, sign_request
from entente.signing import Json, canonical, parse
from entente.store import RecordRow
from story.drug_checking_browser import Page, browse
from story.drug_checking_given import (
    CDC,
    CORRECTED,
    DEA,
    KIND,
    NOTE,
    PARTIES,
    PHAC,
    PURPOSES,
    RCMP,
    RISING,
    SERVICE,
    SUBSTANCE,
    TESTED,
    WITHOUT_ROLE,
    Walks,
    canary,
    marks,
    marks_behind,
    months,
)
from story.world import Ran, World, entente

WHY = ("--why", "the weekly meeting")
EARLY = ("--purpose", "early-warning", *WHY)
OTHERS = (CDC, RCMP, DEA)
EARLY_FIRST = tuple(sorted(PURPOSES, key=lambda purpose: purpose != "early-warning"))


@dataclass
class Story:
    """A world in which everything was tried: what people saw, which files they made, what strangers fetched, what was
    logged, and what each node held of findings when."""

    world: World
    walks: Walks
    marks: tuple[bytes, ...] = ()
    seen: dict[str, list[Ran]] = field(default_factory=dict)
    made: dict[str, list[Path]] = field(default_factory=dict)
    fetched: bytes = b""
    logged: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    dismissed: str = ""
    pages: dict[str, list[Page]] = field(default_factory=dict)
    before: dict[str, dict[str, RecordRow]] = field(default_factory=dict)
    automatic: dict[str, dict[str, RecordRow]] = field(default_factory=dict)

    def run(self, party: str, *arguments: object) -> Ran:
        done = self.world.run(party, *arguments)
        self.seen.setdefault(party, []).append(done)
        return done

    def make(self, party: str, name: str) -> Path:
        """A new file for `party` to write, outside its node."""
        path = self.world.folder / f"{party}-{name}"
        self.made.setdefault(party, []).append(path)
        return path

    def screens(self, party: str) -> str:
        """All that the people of `party` saw, but for the id that somebody typed in and an error repeats."""
        lines = "\n".join(done.out + done.err for done in self.seen.get(party, ())).splitlines()
        repeats = ("This node holds no ", "No record `")
        return "\n".join(line for line in lines if not line.startswith(repeats))

    @contextmanager
    def logging(self) -> Iterator[None]:
        """Notes every line that the nodes log."""
        handler = logging.Handler()
        handler.emit = lambda record: self.logged.append(record.getMessage())  # type: ignore[method-assign]
        logging.getLogger("entente").addHandler(handler)
        yield
        logging.getLogger("entente").removeHandler(handler)


def try_everything(story: Story) -> None:
    """All walks about counts."""
    with story.logging():
        with story.walks.walk("exchange"):
            exchange(story)
        with story.walks.walk("screens"):
            for party in PARTIES:
                look(story, party)
        with story.walks.walk("files"):
            for party in PARTIES:
                write_files(story, party)
        with story.walks.walk("routes"):
            fetch(story)
        with story.walks.walk("browser"):
            for party in PARTIES:
                typed = tuple(mark.decode() for mark in story.marks[5:7])
                purposes = EARLY_FIRST if party == PHAC else EARLY_FIRST[:2]
                story.pages[party] = list(browse(story.world.nodes[party], purposes, typed))
        with story.walks.walk("forged"):
            forge(story)


def warn(story: Story) -> None:
    """All walks about findings."""
    with story.logging():
        with story.walks.walk("findings"):
            find_and_warn(story)
        with story.walks.walk("duties"):
            answer(story)


def findings_at(world: World, party: str) -> dict[str, RecordRow]:
    """Findings that the node of `party` received, by subject."""
    with world.nodes[party].store.reading() as tx:
        rows = tx.current_records("finding", own=False)
    return {parse(row.body)["values"]["subject"]: row for row in rows}


def exchange(story: Story) -> None:
    """Counts come, are offered, sent, corrected and compared, by every party with every other."""
    world = story.world
    assert world.import_file(PHAC, "counts.csv", canary()).code == 0
    world.settle()
    assert world.import_file(PHAC, "counts.csv", canary(CORRECTED)).code == 0
    for party in PARTIES:
        for verb in ("send", "retry", "status"):
            story.run(party, "exchange", verb)
        story.run(party, "exchange", "reconcile", "--resend-confirmed")
    story.marks = marks(world)
    assert world.import_file(PHAC, "months.csv", months()).code == 0
    for question in ("health.growth", "health.first-seen"):
        story.run(PHAC, "findings", "look", question, *EARLY)
    world.settle()


def look(story: Story, party: str) -> None:
    """Every screen of the node of `party`, as text and as JSON where there is both."""
    for verb in (
        ("records", "list", "--limit", "1000", *WHY),
        ("records", "quarantine"),
        ("release", "list"),
        ("findings", "list", *WHY),
        ("duties", "list"),
        ("agreements", "list"),
        ("exchange", "status"),
        ("ledger", "show", "--limit", "1000"),
        ("partners", "list"),
        ("status",),
        *(("question", "run", f"health.{name}", *EARLY) for name in ("totals", "growth", "first-seen", "nearby")),
        *(("agreements", "preview", partner, *EARLY) for partner in PARTIES),
    ):
        story.run(party, *verb)
        story.run(party, *verb, "--json")
    for mark in story.marks:
        story.run(party, "records", "show", mark.decode(), *WHY)
        story.run(party, "findings", "show", mark.decode(), *WHY)
        for partner in PARTIES:
            asked = ("--record", mark.decode(), "--with", partner, "--for", "early-warning")
            story.run(party, "may-i-share", *asked, *WHY)
            emergency = (mark.decode(), "--to", partner, *WHY)
            story.run(party, "emergency", "show", *emergency)
            story.run(party, "emergency", "give", *emergency, "--field", "substance", "--who", f"{party}/liaison-1")
    story.run(party, "emergency", "list")
    story.seen[party].append(entente("ledger", "verify", story.world.home(party)))


def write_files(story: Story, party: str) -> None:
    """Every file that verbs at the node of `party` write: answers, copies, exports, cards, bad rows."""
    for ending in ("csv", "json", "parquet"):
        answer = story.make(party, f"answer.{ending}")
        story.run(party, "question", "run", "health.totals", *EARLY, "--out", answer)
    story.run(party, "partners", "card", "--out", story.make(party, "card"))
    story.run(party, "ledger", "export", story.make(party, "ledger"))
    story.run(party, "store", "backup", story.make(party, "backup.sqlite"))
    story.run(party, "support", "bundle", "--out", story.make(party, "bundle.zip"))
    archived = story.make(party, "archive")
    story.run(party, "backup", "--out", archived)
    keys = story.world.home(party) / "keys"
    brought_back = entente("restore", archived, "--node", story.make(party, "restored"), "--keys", keys)
    story.seen[party].append(brought_back)
    assert brought_back.code == 0, brought_back.err
    bad = story.world.folder / "bad.csv"
    bad.write_bytes(canary())
    story.run(party, "import", bad, "--bad-rows", story.make(party, "bad-rows.csv"))
    if party in WITHOUT_ROLE:  # last, because the node answers from the old database until it is served again
        assert story.run(party, "store", "move", f"sqlite:{story.make(party, 'moved.sqlite')}").code == 0


def fetch(story: Story) -> None:
    """What anybody who reaches the node of PHAC can read without a key, after its ledger was published."""
    config = story.world.nodes[PHAC].config
    files = [file.relative_to(config.ledger).as_posix() for file in config.ledger.rglob("*") if file.is_file()]
    paths = ("/healthz", "/readyz", "/openapi.json", "/exchange/v1/checkpoint", *(f"/ledger/{file}" for file in files))
    answers = [httpx.get(config.url + path) for path in paths]
    assert len(files) > 2
    assert {answer.status_code for answer in answers[:3]} == {200}  # of the ledger, what `publish_ledger` lets out
    story.fetched = b"\n".join(answer.content for answer in answers)


def forge(story: Story) -> None:
    """The node of CDC, changed by its operator, sends RCMP a count under the text that gives everything, twice."""
    node, target = story.world.nodes[CDC], story.world.nodes[RCMP]
    with node.store.reading() as tx:
        position = tx.position(RCMP)
        text = next(row.digest for row in tx.agreements() if row.name == "generous")
    body = _forged_body(text)
    message = message_for(
        body,
        type="disclosure",
        origin=CDC,
        recipient=RCMP,
        after=(position.sent_seq, position.sent_id),
        created_at=node.clock(),
        is_simulated=True,
        agreement=text,
        provisions=("1",),
        purpose="early-warning",
        caveats=("public-health-only",),
    )
    key = node.identity.node_key
    batch = make_batch([seal(message, body, key)], origin=CDC, recipient=RCMP, first_seq=position.sent_seq + 1, key=key)
    request = sign_request(
        method="POST",
        url=target.config.url + "/exchange/v1/messages",
        body=batch.to_wire(),
        key=key,
        created=node.clock(),
        nonce="a-nonce-of-22-letters.",
    )
    for status in (200, 401):
        answer = httpx.post(request.url, content=request.body, headers=list(request.headers))
        assert answer.status_code == status, answer.text


def _forged_body(agreement: str) -> bytes:
    values: dict[str, Json] = {
        "publication": SERVICE,
        "region": "us-ca",
        "substance": SUBSTANCE,
        "role": "minor",
        "tested": TESTED,
        "period_start": "2025-01-01",
    }
    record: dict[str, Json] = {
        "id": "f" * 32,
        "version": 1,
        "kind": KIND,
        "kind_version": 1,
        "said_by": CDC,
        "sure": "reported",
        "is_simulated": True,
        "values": values,
    }
    handling: dict[str, Json] = {
        "agreement": agreement,
        "provisions": ["1"],
        "purposes": ["early-warning"],
        "caveats": ["public-health-only"],
        "duties": {},
    }
    return canonical({"form": 1, "record": record, "handling": handling})


def find_and_warn(story: Story) -> None:
    """PHAC looks for what stands out; a person accepts; the desk releases what is few; everybody looks."""
    world, officer = story.world, ("--who", f"{PHAC}/liaison-1")
    assert world.import_file(PHAC, "months.csv", months()).code == 0
    world.settle()
    for question in ("health.growth", "health.first-seen"):
        story.run(PHAC, "findings", "look", question, *EARLY)
        told = story.run(PHAC, "findings", "look", question, *EARLY, "--json").json
        story.found += [one["id"] for one in told["findings"]]
    again = story.run(PHAC, "findings", "look", "health.first-seen", "--param", "tested_before=7", *EARLY, "--json")
    story.dismissed = again.json["findings"][0]["id"]
    story.run(PHAC, "findings", "dismiss", story.dismissed, "--note", NOTE, *officer)
    world.settle()
    story.before = {party: findings_at(world, party) for party in OTHERS}
    for name in story.found:
        story.run(PHAC, "findings", "again", name, *WHY)
        story.run(PHAC, "findings", "accept", name, "--note", NOTE, *officer)
    world.settle()
    story.automatic = {party: findings_at(world, party) for party in OTHERS}
    for release in story.run(PHAC, "release", "list", "--json").json:
        story.run(PHAC, "release", "show", release["release"], *WHY)
        story.run(PHAC, "release", "approve", release["release"], *officer)
    world.settle()
    publish(story, officer)
    story.marks = marks_behind(world)
    for party in PARTIES:
        look(story, party)
        for name in story.found:
            for verb in ("findings", "records"):
                story.run(party, verb, "show", name, *WHY)
                story.run(party, verb, "show", name, *WHY, "--json")


def publish(story: Story, officer: tuple[str, str]) -> None:
    """PHAC drafts, approves and writes a bulletin of every finding, and withdraws one; everybody looks."""
    for name in story.found:
        story.run(PHAC, "bulletin", "draft", name, *WHY)
    drafts = story.run(PHAC, "bulletin", "list", *WHY, "--json").json
    for one in drafts:
        story.run(PHAC, "bulletin", "approve", one["id"], *officer)
        story.run(PHAC, "bulletin", "export", one["id"], "--out", story.make(PHAC, f"bulletin-{one['id'][:8]}"))
    story.world.settle()
    for party in PARTIES:
        story.run(party, "bulletin", "list", *WHY)
        for one in drafts:
            story.run(party, "bulletin", "show", one["id"], *WHY)
            story.run(party, "bulletin", "show", one["id"], *WHY, "--json")
    story.run(PHAC, "bulletin", "withdraw", drafts[0]["id"], *officer)
    story.world.settle()


def answer(story: Story) -> None:
    """RCMP answers what PHAC told it; both look again."""
    rising = findings_at(story.world, RCMP)[RISING.lower()].id
    owed = story.run(RCMP, "duties", "list", "--owed", "by-us", "--json").json
    about = next(one["about"] for one in owed if one["record"] == rising)
    story.run(RCMP, "duties", "acknowledge", about)
    story.world.settle()
    story.run(RCMP, "duties", "answer", about, "--outcome", "warning-issued")
    story.world.settle()
    for party in (PHAC, RCMP):
        look(story, party)
