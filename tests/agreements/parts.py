"""A tiny world for tests of agreements: three kinds of record, two parties and a third, and texts to put provisions
in."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from textwrap import dedent

from entente.agreements import Agreement, Approval, Ask, Decision, Occasion, decide, read_agreement
from entente.records import Catalogue, Field, Kind, Provenance, Record, Value
from entente.signing import digest
from entente.vocabulary import house_vocabulary, read_vocabulary

HERE, THERE, ELSEWHERE = "ca.cbsa", "us.cbp", "us.dea"
NOON = datetime(2026, 5, 2, 16, 0, tzinfo=UTC)

WORDS = b"""
[list.border]
source = "tests"
[list.border.term.north]
en = "North"
fr = "Nord"
es = "Norte"
[list.border.term.south]
en = "South"
fr = "Sud"
es = "Sur"

[[dated.watched.entry]]
code = "ketamine"
since = 2020-01-01
until = 2024-12-31
reference = "tests"
[[dated.watched.entry]]
code = "heroin"
reference = "tests"
[dated.watched]
source = "tests"
country = "nl"
"""

FIND = Kind(
    name="find",
    version=1,
    workstream="tests",
    key=("number",),
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="border", field_class="location", type="code", vocabulary="border"),
        Field(name="place", field_class="location"),
        Field(name="drug", field_class="substance", type="code", vocabulary="drug"),
        Field(name="mass_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="pieces", field_class="quantity", type="integer"),
        Field(name="found_on", field_class="time", type="date"),
        Field(name="told_at", field_class="time", type="time"),
        Field(name="is_final", field_class="statistical", type="boolean"),
        Field(name="routes", field_class="operational", type="codes", vocabulary="border"),
        Field(name="notes", field_class="free-text"),
        Field(name="person", field_class="identity"),
        Field(name="born_on", field_class="identity", type="date"),
        Field(name="consent", field_class="operational", type="code", vocabulary="consent"),
        Field(name="subject", field_class="object", type="code", vocabulary="subject"),
        Field(name="land", field_class="location", type="code", vocabulary="place"),
        Field(name="worth", field_class="financial", type="decimal"),
        Field(name="currency", field_class="financial"),
    ),
)
SIGHTING = Kind(
    name="sighting",
    version=1,
    workstream="tests",
    key=("number",),
    is_about_person=True,
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="person", field_class="identity"),
        Field(name="seen_on", field_class="time", type="date"),
    ),
)
CLINIC = Kind(
    name="clinic-count",
    version=1,
    workstream="tests",
    key=("clinic",),
    holder_role="health",
    fields=(
        Field(name="clinic", field_class="operational", is_required=True),
        Field(name="visits", field_class="health", type="integer"),
    ),
)

HEAD = """
    name = "test"
    version = 1
    title.en = "A test"
    text.en = "A test."
    authoritative = ["en"]
    parties = ["ca.cbsa", "us.cbp"]
    zone = "America/Toronto"
    valid_from = 2026-01-01
    valid_until = 2028-12-31
"""

PERMIT = """
    [[provision]]
    id = "1.1"
    reference = "art. 1(1)"
    text.en = "Finds go."
    effect = "permit"
    giver = ["ca.cbsa"]
    receiver = ["us.cbp"]
    kinds = ["find"]
    fields = ["class:substance", "class:quantity", "find.border"]
    purposes = ["statistics", "investigation"]
    occasion = "standing"
    release = "automatic"
    caveats = ["no-onward"]
    duties = { retain_days = 365, feedback_days = 30 }
"""


@cache
def catalogue() -> Catalogue:
    words = house_vocabulary().joined([read_vocabulary("tests", WORDS, digest(WORDS))])
    return Catalogue.of((FIND, SIGHTING, CLINIC), words)


def source(*parts: str) -> bytes:
    """The bytes of a text made of `parts`, each written with its own indentation."""
    return "\n".join(dedent(part) for part in parts).encode("utf-8")


def agreement(*provisions: str, head: str = HEAD) -> Agreement:
    return read_agreement(source(head, *provisions), catalogue())


def changed(part: str, **lines: str) -> str:
    """`part` with `key = value` for each of `lines`; an empty value takes the key out; `text_fr` is `text.fr`."""
    wanted, result = dict(lines), []
    for line in dedent(part).splitlines():
        key, _, _ = line.partition(" = ")
        value = wanted.pop(key.replace(".", "_"), None)
        if value is None:
            result.append(line)
        elif value:
            result.append(f"{key} = {value}")
    added = [f"{_dotted(key)} = {value}" for key, value in wanted.items() if value]
    return "\n".join([*result, *added]) + "\n"


def _dotted(key: str) -> str:
    table, _, rest = key.partition("_")
    return f"{table}.{rest}" if table in ("title", "text", "says", "record", "ask") else key


FULL: Mapping[str, Value] = {
    "number": "F-1",
    "border": "north",
    "place": "Lacolle",
    "drug": "heroin",
    "mass_g": Decimal("12.5"),
    "pieces": 3,
    "found_on": date(2026, 4, 1),
    "told_at": datetime(2026, 4, 1, 12, tzinfo=UTC),
    "is_final": True,
    "routes": ("north",),
    "notes": "in the spare wheel",
    "person": "A person",
    "born_on": date(1990, 5, 2),
    "consent": "given",
    "subject": "person",
    "land": "ca-bc",
    "worth": Decimal(12000),
    "currency": "CAD",
}


def record(values: Mapping[str, Value] = FULL, *, kind: Kind = FIND, said_by: str = HERE) -> Record:
    return Record(
        id="0123456789abcdef0123456789abcdef",
        version=1,
        kind=kind.name,
        kind_version=kind.version,
        said_by=said_by,
        recorded_at=NOON,
        sure="reported",
        provenance=Provenance(source="f.csv", source_digest="sha256:0", line=2, reader="r", mapping_version="1"),
        values=values,
    )


def ask(
    about: Record | None = None,
    *,
    giver: str = HERE,
    receiver: str = THERE,
    roles: frozenset[str] = frozenset({"enforcement"}),
    purpose: str = "statistics",
    occasion: Occasion = "standing",
    moment: datetime = NOON,
    officers: int = 0,
    under: str | None = None,
    chain: tuple[str, ...] = (),
) -> Ask:
    about = about or record()
    return Ask(
        record=about,
        kind=catalogue().kind(about.kind),
        giver=giver,
        receiver=receiver,
        receiver_roles=roles,
        purpose=purpose,
        occasion=occasion,
        moment=moment,
        approvals=tuple(Approval(officer=f"{giver}/officer-{number}", at=moment) for number in range(officers)),
        under=under,
        chain=chain,
    )


def decided(asked: Ask, *agreements: Agreement) -> Decision:
    return decide(asked, agreements, catalogue().vocabulary)
