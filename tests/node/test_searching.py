"""Records are found by words in three languages; what a person may not see is not shown, not counted, in no facet."""

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from entente.agreements import Limits
from entente.cli.house import catalogue
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.keeping import keep
from entente.node.limits import limits_body
from entente.node.listing import MAX_LETTERS, fold, listing_row, readable, relist
from entente.node.looking import Look, NoReason, NoSuchRecord, look_at_list, look_at_one
from entente.node.searching import ABOUT, Asked, NotADay, NotASide, export, safe_cell, search
from entente.node.work import Node
from entente.records import Provenance, Record, Stamp, UnknownKind, Value, record_id
from entente.signing import canonical
from entente.store import NoSuchPage, RecordRow
from entente.vocabulary import UnknownWord
from every.databases import postgres_schema

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LOOK = Look("analyst", "monthly look")


class Clock:
    """A second later at every look."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    with ExitStack() as stack:
        url = "sqlite:n.sqlite" if request.param == "sqlite" else stack.enter_context(postgres_schema())
        config = Config(folder=tmp_path / "n", party="ca.cbsa", domain="demo", store=url, url="http://127.0.0.1:1")
        made = create_node(config, catalogue(), Clock())
        yield made
        made.close()


def a_record(kind_name: str, values: dict[str, Value], said_by: str, *, is_simulated: bool = True) -> Record:
    kind = catalogue().kind(kind_name)
    stamp = Stamp(said_by=said_by, recorded_at=NOW, id_key=b"k" * 32, is_simulated=is_simulated)
    return Record(
        id=record_id(stamp, kind, values),
        version=1,
        kind=kind.name,
        kind_version=kind.version,
        said_by=said_by,
        recorded_at=NOW,
        sure="reported",
        provenance=Provenance(
            source="f.csv", source_digest="sha256:" + "0" * 64, line=2, reader="seizure-csv", mapping_version="1"
        ),
        values=values,
        is_simulated=is_simulated,
    )


def a_seizure(number: str = "SIM-0001", **more: Value) -> dict[str, Value]:
    return {"number": number, "seized_on": date(2025, 3, 4), "drug": "heroin", **more}


def kept(node: Node, values: dict[str, Value], kind: str = "seizure", limits: Limits | None = None) -> str:
    """Keeps a record of our own; its id."""
    record = a_record(kind, values, node.party)
    with node.writing() as work:
        keep(node, work, [record], limits_body(limits) if limits else None)
    return record.id


def received(node: Node, values: dict[str, Value], *purposes: str, via: str = "us.cbp") -> str:
    """Holds a seizure that `via` gave for `purposes`; its id."""
    record = a_record("seizure", values, via)
    handling = {"agreement": "sha256:" + "a" * 64, "purposes": list(purposes), "caveats": ["no-onward"]}
    row = RecordRow(
        id=record.id,
        version=1,
        kind=record.kind,
        said_by=via,
        digest=record.digest,
        content_digest=record.content_digest,
        body=record.body,
        recorded_at=NOW,
        is_simulated=True,
        via=via,
        handling=canonical(handling),
    )
    with node.writing() as work:
        work.tx.add_records([row])
        work.tx.put_listing([listing_row(node, row, record)])
    return record.id


def found(node: Node, text: str = "", look: Look = LOOK, *, own: bool | None = None, **asked: Any) -> set[str]:
    results = search(node, look, Asked(text=text, **asked), own=own)
    assert results.total == len(results.rows)
    return {shown.row.id for shown in results.rows}


@pytest.mark.parametrize(
    "text",
    [
        "heroin",
        "Héroïne",
        "HEROÍNA",
        "héro",
        "saisie",
        "incautación",
        "agence des services",
        "cbsa",
        "asfc",
        "SIM-0001",
        "sim 1 ",
    ],
)
def test_a_record_is_found_in_any_language_and_spelling(node: Node, text: str) -> None:
    record = kept(node, a_seizure("SIM-0001-1"))
    kept(node, {**a_seizure("X-2"), "drug": "fentanyl"}, "seizure")
    assert record in found(node, text)
    if "sim" in text.lower() or text.lower().startswith("h"):
        assert found(node, text) == {record}


def test_the_beginning_of_an_id_finds_it_and_every_word_must_fit(node: Node) -> None:
    record = kept(node, a_seizure(place="Côte-des-Cœurs"))
    assert found(node, record[:9]) == {record}
    assert found(node, "cote coeur heroin") == {record}
    assert found(node, "cote fentanyl") == set()
    assert found(node, "eroin") == set(), "a word is found by its beginning"


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "…", "\x00", "\ud800", "*"])
def test_what_is_no_word_finds_nothing_and_breaks_nothing(node: Node, text: str) -> None:
    kept(node, a_seizure())
    assert found(node, text) == set()


def test_folding_keeps_letters_and_digits_alone() -> None:
    assert fold("  Œuvre d'Été—ﬁn_2² ") == ("oeuvre", "d", "ete", "fin", "22")
    assert fold("Straße ŁÓDŹ Ñandú") == ("strasse", "lodz", "nandu")
    assert fold("\u202e\x00\u0301") == ()


def test_the_words_of_a_record_are_bounded_and_notes_come_last(node: Node) -> None:
    notes = " ".join(f"note{number}" for number in range(1500))
    record = kept(node, a_seizure(officer_notes=notes, place="Lacolle"))
    assert found(node, "lacolle note0") == {record}
    assert found(node, "note1499") == set()
    with node.store.reading() as tx:
        row = tx.record(record)
    assert row is not None
    assert len(listing_row(node, row, readable(node, row)).words) <= MAX_LETTERS + 2


def test_a_new_version_is_found_by_what_it_says_now(node: Node) -> None:
    record = kept(node, a_seizure(place="Lacolle"))
    assert kept(node, a_seizure(place="Windsor")) == record
    assert (found(node, "windsor"), found(node, "lacolle")) == ({record}, set())


def test_choices_narrow_and_facets_count_what_each_would_give(node: Node) -> None:
    first = kept(node, a_seizure("1", region="northern-border"))
    second = kept(node, a_seizure("2", region="southwest-border", seized_on=date(2024, 5, 6)))
    third = received(node, a_seizure("3", region="northern-border"), "statistics")
    asked = Asked(places=("northern-border",), order="day")
    results = search(node, LOOK, asked)
    assert {shown.row.id for shown in results.rows} == {first, third}
    assert dict(results.facets["place"]) == {"northern-border": 2, "southwest-border": 1}
    assert dict(results.facets["said-by"]) == {"ca.cbsa": 1, "us.cbp": 1}
    assert dict(results.facets["year"]) == {"2025": 2}
    assert found(node, years=("2024",)) == {second}
    assert found(node, since="2025-01-01", until="2025-03-04") == {first, third}
    assert found(node, since="2025-03-05") == set()
    assert found(node, said_by=("us.cbp",)) == found(node, side="received") == {third}
    assert found(node, kinds=("sample",)) == found(node, simulated=False) == set()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"kinds": ("nothing",)}, UnknownKind),
        ({"since": "yesterday"}, NotADay),
        ({"side": "theirs"}, NotASide),
        ({"order": "length"}, NoSuchPage),
        ({"after": ("no moment", "x")}, NoSuchPage),
    ],
)
def test_what_cannot_be_asked_is_said(node: Node, asked: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        search(node, LOOK, Asked(**asked))


def test_pages_follow_each_other_without_a_gap_in_every_order(node: Node) -> None:
    wanted = [kept(node, a_seizure(str(number), seized_on=date(2025, 1 + number % 3, 1))) for number in range(7)]
    for order in ("recorded-desc", "recorded", "day-desc", "day", "kind"):
        seen, after = [], None
        while True:
            page = search(node, LOOK, Asked(order=order, after=after), limit=3)
            assert page.total == 7
            seen += [shown.row.id for shown in page.rows]
            after = page.next_after
            if after is None:
                break
        assert sorted(seen) == sorted(wanted), order


# Who may see what


def test_a_purpose_hides_what_was_given_for_others_and_does_not_count_it(node: Node) -> None:
    ours = kept(node, a_seizure("1", region="northern-border"))
    theirs = received(node, a_seizure("2", region="southwest-border"), "statistics", "threat-assessment")
    for purpose, expected in (("statistics", {ours, theirs}), ("prosecution", {ours})):
        look = Look("analyst", "case", purpose)
        results = search(node, look, Asked())
        assert ({shown.row.id for shown in results.rows}, results.total) == (expected, len(expected))
        assert sum(number for _, number in results.facets["place"]) == len(expected)
        assert {row.id for row in look_at_list(node, look, None)} == expected
        assert {line[0] for line in list(export(node, look, Asked()))[1:]} == expected
    assert found(node) == {ours, theirs}


def test_part_of_a_purpose_is_no_purpose(node: Node) -> None:
    received(node, a_seizure(), "statistics")
    with pytest.raises(UnknownWord):
        found(node, look=Look("a", "b", "statistic"))


def test_a_finding_is_shown_for_what_all_it_rests_on_allows_even_when_that_is_nothing(node: Node) -> None:
    values: dict[str, Value] = {
        "question": "substances.growth",
        "settings": "",
        "subject": "EXAMPLE",
        "place": "all",
        "period_start": date(2026, 1, 1),
        "period_end": date(2026, 6, 30),
        "measure": "share-growth",
        "denominator": "tested",
        "alarm": True,
        "rests_on": ("test-count",),
        "parties": ("ca.cbsa",),
        "records": 1,
        "review": "open",
    }
    bound = kept(node, values, "finding", Limits(purposes=("early-warning",)))
    useless = kept(node, {**values, "subject": "OTHER"}, "finding", Limits(purposes=()))
    assert found(node, look=Look("a", "b", "early-warning")) == {bound}
    assert found(node, look=Look("a", "b", "prosecution")) == set()
    assert found(node) == {bound, useless}


def test_a_kind_that_serves_one_purpose_is_shown_for_no_other(tmp_path: Path) -> None:
    config = Config(folder=tmp_path, party="ca.phac", domain="demo", store="sqlite:n.sqlite", url="http://127.0.0.1:1")
    node = create_node(config, catalogue(), Clock())
    count: dict[str, Value] = {
        "publication": "p",
        "region": "ca-bc",
        "substance": "EXAMPLE",
        "role": "minor",
        "period_start": date(2025, 1, 1),
    }
    record = kept(node, count, "drug-checking-count")
    assert found(node, look=Look("a", "b", "early-warning")) == {record}
    assert found(node, look=Look("a", "b", "prosecution")) == set()
    with pytest.raises(NoSuchRecord):
        look_at_one(node, Look("a", "b", "prosecution"), record)
    node.close()


def test_a_role_sees_its_side_alone_whatever_is_asked(node: Node) -> None:
    ours, theirs = kept(node, a_seizure("1")), received(node, a_seizure("2"), "statistics")
    assert (found(node, own=True), found(node, own=False)) == ({ours}, {theirs})
    hidden = search(node, LOOK, Asked(side="received"), own=True)
    assert (list(hidden.rows), hidden.total, list(hidden.facets["kind"])) == ([], 0, [])
    assert look_at_one(node, LOOK, ours, own=True).versions
    for record, own in ((theirs, True), (ours, False), ("f" * 32, None)):
        with pytest.raises(NoSuchRecord) as error:
            look_at_one(node, LOOK, record, own=own)
        assert str(error.value).replace(record, "") == str(NoSuchRecord(record=""))


def test_one_record_is_told_to_nobody_whose_purpose_it_may_not_serve(node: Node) -> None:
    record = received(node, a_seizure(), "statistics")
    assert look_at_one(node, Look("a", "b", "statistics"), record).versions
    with pytest.raises(NoSuchRecord, match="another stated purpose"):
        look_at_one(node, Look("a", "b", "prosecution"), record)
    with node.store.reading() as tx:
        assert [row.count for row in tx.accesses()] == [1], "and no look at it is written down"


def test_every_look_at_results_is_written_down_with_its_purpose(node: Node) -> None:
    kept(node, a_seizure())
    found(node, "heroin", Look("analyst", "why not", "statistics"), kinds=("seizure",))
    with node.store.reading() as tx:
        access = tx.accesses()[0]
        entry = list(tx.entries(0, tx.ledger_head().size))[-1]
    assert (access.who, access.why, access.kind, access.count) == ("analyst", "why not", "seizure", 1)
    assert b'"purpose":"statistics"' in (entry.opening or b"")


# The listing


def test_records_kept_before_the_listing_are_listed_once(node: Node) -> None:
    records = {kept(node, a_seizure(str(number))) for number in range(3)}
    gone = sorted(records)[:2]
    with node.writing() as work:
        for name in gone:
            row = work.tx.record(name)
            assert row is not None
            work.tx.erase_record(name)
    assert found(node) == records - set(gone)
    assert relist(node) == 0, "what was erased is not listed again"


def test_gaps_are_filled_in_pages(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entente.node.listing.PAGE", 2)
    with node.writing() as work:
        for number in range(5):
            record = a_record("seizure", a_seizure(str(number)), node.party)
            row = RecordRow(
                id=record.id,
                version=1,
                kind="seizure",
                said_by=node.party,
                digest=record.digest,
                content_digest=record.content_digest,
                body=record.body if number else record.body.replace(b'"seizure"', b'"seizurf"'),
                recorded_at=NOW,
                is_simulated=True,
            )
            work.tx.add_records([row])
    assert search(node, LOOK, Asked()).total == 0
    assert relist(node) == 5
    assert relist(node) == 0
    assert len(found(node, "heroin")) >= 4


# Export


def exported(node: Node, asked: Asked, **more: Any) -> list[dict[str, str]]:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(export(node, LOOK, asked, **more))
    return list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))


def test_an_export_has_every_record_with_codes_and_labels(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entente.node.searching.EXPORT_PAGE", 2)
    for number in range(5):
        kept(node, a_seizure(str(number), mass_g=Decimal("1.500")))
    theirs = received(node, a_seizure("9"), "statistics", "interdiction")
    rows = exported(node, Asked(kinds=("seizure",), after=("x", "y")), language="fr")
    assert len(rows) == 6
    assert list(rows[0])[: len(ABOUT)] == list(ABOUT)
    assert {row["drug"] for row in rows} == {"heroin"}
    assert {row["drug_label"] for row in rows} == {"Héroïne"}
    assert {row["simulated"] for row in rows} == {"yes"}
    assert {row["mass_g"] for row in rows if row["said_by"] == "ca.cbsa"} == {"1.5"}
    (given,) = (row for row in rows if row["id"] == theirs)
    assert (given["held_under"], given["caveats"]) == ("sha256:" + "a" * 64, "no-onward")
    assert given["may_be_used_for"] == "statistics interdiction"
    with node.store.reading() as tx:
        assert [row.count for row in tx.accesses()] == [2, 2, 2], "every page is written down"


def test_an_export_of_several_kinds_has_the_fields_of_those_that_were_found(node: Node) -> None:
    kept(node, a_seizure())
    kept(node, {"number": "S-1", "colour": "blue"}, "sample")
    rows = exported(node, Asked())
    assert {"seized_on", "colour", "drug_label"} <= rows[0].keys()
    assert "purity_percent" not in rows[0]
    assert exported(node, Asked(text="nothing at all")) == []
    assert next(iter(export(node, LOOK, Asked(side="own"), own=False))) == ABOUT


def test_an_export_that_cannot_be_made_fails_before_its_first_line(node: Node) -> None:
    with pytest.raises(NoSuchPage):
        export(node, LOOK, Asked(order="length"))
    with pytest.raises(NoReason):
        export(node, Look("a", " "), Asked())


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\n=1", "\uff1d1", "-"]
)
def test_no_cell_of_an_export_is_a_formula(node: Node, cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    if "\t" not in cell and "\n" not in cell:
        kept(node, a_seizure(place=cell))
        assert [row["place"] for row in exported(node, Asked())] == [f"'{cell}"]


@pytest.mark.parametrize("cell", ["-1.5", "+3", "0", "SIM-1", "a=b", ""])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert safe_cell(cell) == cell


# Summaries


def test_a_summary_names_what_tells_most_and_nobody(node: Node) -> None:
    kept(
        node,
        a_seizure(
            region="northern-border",
            amount=Decimal(2),
            mass_g=Decimal("567.250"),
            person_name="SIMULATED PERSON",
            officer_notes="SIMULATED NOTE",
        ),
    )
    (shown,) = search(node, LOOK, Asked()).rows
    assert shown.summary(catalogue(), "fr") == "Héroïne · Frontière canado-américaine · 2025-03-04 · 567,25\u00a0g"
    assert shown.summary(catalogue(), "en").startswith("Heroin · ")


def an_occurrence() -> dict[str, Value]:
    return {
        "number": "SIM-O-1",
        "occurrence_type": "missing-person",
        "occurred_on": date(2026, 1, 11),
        "place": "us-me",
        "person_name": "SIMULATED PERSON 12",
        "description_worn": "SIMULATED coat",
        "medical_need": "SIMULATED medicine",
        "mental_health_note": "SIMULATED confidence",
        "suicide_attempt_flag": True,
    }


def test_no_list_tells_who_a_person_is_or_what_they_suffer_from(node: Node) -> None:
    kept(node, an_occurrence(), "occurrence")
    (shown,) = search(node, LOOK, Asked()).rows
    assert shown.summary(catalogue(), "fr") == "SIM-O-1 · Maine · 2026-01-11"


def test_nobody_is_found_by_what_they_suffer_from(node: Node) -> None:
    made = kept(node, an_occurrence(), "occurrence")
    assert found(node, "SIM-O-1") == found(node, "disparue") == found(node, "simulated person 12") == {made}
    assert found(node, "medicine") == found(node, "confidence") == set()
