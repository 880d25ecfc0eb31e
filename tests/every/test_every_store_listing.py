"""Lists of records on every store: searching, facets, pages, erasure; judged by a search written in Python."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.store import FACETS, ORDERS, ListingRow, NoSuchPage, RecordRow, Search, Store, UnstorableValue, open_store
from every.databases import postgres_schema
from every.given import CBSA, DEA, NOON, later, listed, message, record

WORDS = ("cocaine", "coca", "laredo", "montréal", "42", "los", "100%", "a_b", "it's", "\\")
DAYS = ("", "2024-02-29", "2025-12-31", "2026-01-01", "2026-11-21")
PURPOSES = ("", " statistics ", " health statistics ", " health ")


def world(count: int = 120) -> dict[str, tuple[RecordRow, ListingRow]]:
    """Records with what they are found by; many share their sort values."""
    chance = random.Random(4)
    made = {}
    for number in range(count):
        words = chance.sample(WORDS, chance.randrange(4))
        row = listed(
            chance.choice("abBé中\U0001f600") + str(number),
            kind=chance.choice(("seizures.seizure", "samples.sample", "substances.test-count")),
            said_by=chance.choice(("us.cbp", CBSA, DEA)),
            via=chance.choice((None, None, CBSA, DEA)),
            is_simulated=chance.random() < 0.3,
            recorded_at=later(chance.choice((0, 1, 1.000001, 60, -86400))),
            day=chance.choice(DAYS),
            place=chance.choice(("", "us-tx", "ca-qc", "Us-tx")),
            purposes=chance.choice(PURPOSES),
            words=f" {' '.join(words)} " if words else "",
        )
        told = {name: getattr(row, name) for name in ("kind", "said_by", "via", "is_simulated", "recorded_at")}
        made[row.record_id] = (record(row.record_id, **told), row)
    return made


WORLD = world()


def fill(store: Store) -> Store:
    with store.writing() as tx:
        tx.add_records([row for row, _ in WORLD.values()])
        tx.put_listing([row for _, row in WORLD.values()])
    return store


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that holds the world; tests only read it."""
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("listing")
        yield from opened(f"sqlite:{folder / 'node.db'}")
    else:
        with postgres_schema() as address:
            yield from opened(address)


def opened(address: str) -> Iterator[Store]:
    store = open_store(address)
    store.migrate()
    yield fill(store)
    store.close()


def fits(row: ListingRow, search: Search) -> bool:
    """What Search promises, in Python."""
    words = row.words.split()
    return (
        all(any(word.startswith(start) for word in words) for start in search.words)
        and row.kind in (search.kinds or (row.kind,))
        and row.said_by in (search.said_by or (row.said_by,))
        and row.place in (search.places or (row.place,))
        and row.day[:4] in (search.years or (row.day[:4],))
        and search.own in (None, row.via is None)
        and search.is_simulated in (None, row.is_simulated)
        and (not search.purpose or not row.purposes or search.purpose in row.purposes.split())
        and (not search.since or (bool(row.day) and row.day >= search.since))
        and (not search.until or (bool(row.day) and row.day <= search.until))
    )


def sort_value(row: ListingRow, order: str) -> str:
    values = {"recorded": row.recorded_at.isoformat(timespec="microseconds"), "day": row.day, "kind": row.kind}
    return values[order.removesuffix("-desc")]


def expected(search: Search, order: str) -> list[tuple[str, RecordRow]]:
    chosen = [(sort_value(row, order), kept) for kept, row in WORLD.values() if fits(row, search)]
    return sorted(chosen, key=lambda each: (each[0], each[1].id), reverse=order.endswith("-desc"))


def paged(store: Store, search: Search, order: str, limit: int) -> list[tuple[str, RecordRow]]:
    rows: list[tuple[str, RecordRow]] = []
    after = None
    with store.reading() as tx:
        while page := tx.found(search, order, after, limit):
            assert len(page) <= limit
            rows += page
            after = (page[-1][0], page[-1][1].id)
    return rows


def choices(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2).map(tuple)


either = st.none() | st.booleans()
searches = st.builds(
    Search,
    words=choices("co", "coca", "cocaine", "CO", "lo", "mont", "100%", "%", "_", "a_", "it'", "\\", "4", "é"),
    kinds=choices("seizures.seizure", "samples.sample", "nothing"),
    said_by=choices("us.cbp", CBSA, DEA),
    places=choices("us-tx", "ca-qc", "US-TX", ""),
    years=choices("2024", "2025", "2026", ""),
    own=either,
    is_simulated=either,
    purpose=st.sampled_from(("", "statistics", "health", "stat")),
    since=st.sampled_from(("", "2024-02-29", "2026-01-01")),
    until=st.sampled_from(("", "2025-12-31", "2026-11-20")),
)
sparse = st.builds(
    lambda search, kept: Search(**{name: getattr(search, name) for name in kept}),
    searches,
    st.sets(st.sampled_from(list(Search.__dataclass_fields__)), max_size=2),
)
many = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(search=sparse | searches, order=st.sampled_from(ORDERS), limit=st.sampled_from((1, 7, 50, 500)))
def test_pages_show_every_record_that_fits_exactly_once_in_order(
    full: Store, search: Search, order: str, limit: int
) -> None:
    assert paged(full, search, order, limit) == expected(search, order)


@many
@given(search=sparse | searches)
def test_counts_and_facets_are_those_of_a_recount(full: Store, search: Search) -> None:
    with full.reading() as tx:
        assert tx.count(search) == sum(fits(row, search) for _, row in WORLD.values())
        for name in FACETS:
            assert tx.facet(search, name) == recount(search, name), name


def recount(search: Search, facet: str) -> list[tuple[str, int]]:
    without = {
        "kind": replace(search, kinds=()),
        "said-by": replace(search, said_by=()),
        "place": replace(search, places=()),
        "year": replace(search, years=()),
        "simulated": replace(search, is_simulated=None),
    }[facet]
    counted = Counter(facet_value(row, facet) for _, row in WORLD.values() if fits(row, without))
    return sorted(((value, number) for value, number in counted.items() if value), key=lambda each: (-each[1], each[0]))


def facet_value(row: ListingRow, facet: str) -> str:
    values = {"kind": row.kind, "said-by": row.said_by, "place": row.place, "year": row.day[:4]}
    return values.get(facet, str(row.is_simulated).lower())


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_visits_all_records_one_by_one(full: Store, order: str) -> None:
    assert paged(full, Search(), order, 1) == expected(Search(), order)


class TestWhatAPersonTypes:
    def test_a_thousand_words_are_a_search_like_any_other(self, full: Store) -> None:
        with full.reading() as tx:
            assert tx.count(Search(words=("co",) * 2000)) == tx.count(Search(words=("co",))) > 0
            assert tx.count(Search(kinds=tuple(f"kind-{number}" for number in range(2000)))) == 0

    def test_signs_of_sql_are_letters_like_any_other(self, full: Store) -> None:
        with full.reading() as tx:
            for sign in ("' OR 1=1 --", "%", "_", "*", "[a-z]", '"', "); DROP TABLE listing", "{}", "$1", "?"):
                assert tx.count(Search(words=(sign,))) == 0, sign
                assert tx.count(Search(places=(sign,))) == 0, sign
            assert tx.count(Search(words=("100%",))) > 0

    def test_what_no_database_could_keep_is_refused_in_every_part(self, full: Store) -> None:
        for search in (Search(words=("a\0",)), Search(places=("\ud800",)), Search(purpose="\0"), Search(since="\0")):
            with full.reading() as tx:
                with pytest.raises(UnstorableValue):
                    tx.found(search, "day", None, 5)
                with pytest.raises(UnstorableValue):
                    tx.count(search)
                with pytest.raises(UnstorableValue):
                    tx.facet(search, "place")
                with pytest.raises(UnstorableValue):
                    tx.found(Search(), "day", ("2026-01-01", "\0"), 5)

    @pytest.mark.parametrize(
        ("order", "after"),
        [
            ("recorded", ("yesterday", "r1")),
            ("recorded-desc", ("", "r1")),
            ("recorded", ("2026-13-01T00:00:00+00:00", "r1")),
            ("recorded", ("0001-01-01T00:00:00+14:00", "r1")),
            ("loudest", None),
        ],
    )
    def test_a_page_that_cannot_be_is_refused_and_the_rest_goes_on(
        self, full: Store, order: str, after: tuple[str, str] | None
    ) -> None:
        with full.reading() as tx:
            with pytest.raises(NoSuchPage, match="first page"):
                tx.found(Search(), order, after, 5)
            assert tx.count(Search()) == len(WORLD)

    def test_a_moment_is_the_same_place_however_it_is_written(self, full: Store) -> None:
        there = NOON.astimezone(timezone(timedelta(hours=-5)))
        with full.reading() as tx:
            pages = [tx.found(Search(), "recorded", (text, ""), 500) for text in places_of(there)]
        assert pages[0]
        assert pages[0] == pages[1] == pages[2]


def places_of(moment: datetime) -> tuple[str, str, str]:
    utc = moment.astimezone(UTC)
    return moment.isoformat(), utc.isoformat(timespec="microseconds"), utc.replace(tzinfo=None).isoformat()


class TestKeepingTheListing:
    def test_a_row_put_again_replaces_what_the_record_is_found_by(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a"), record("b")])
            tx.put_listing([])
            tx.put_listing([listed("a", words=" fentanyl "), listed("b"), listed("a", day="", place="", via=CBSA)])
            assert tx.count(Search(words=("fentanyl",))) == 0
            assert tx.count(Search(own=False)) == 1
            assert tx.facet(Search(), "place") == [("us-tx", 1)]
            assert tx.facet(Search(), "year") == [("2026", 1)]

    def test_the_current_version_is_what_a_list_shows(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a")])
            tx.put_listing([listed("a")])
            tx.add_records([record("a", 3), record("a", 2)])
        with store.reading() as tx:
            assert tx.found(Search(), "kind", None, 5) == [("seizures.seizure", record("a", 3))]

    def test_gaps_are_current_records_that_no_list_finds_yet(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("b"), record("a"), record("a", 2), record("c"), record("d")])
            assert [(row.id, row.version) for row in tx.listing_gaps(3)] == [("a", 2), ("b", 1), ("c", 1)]
            assert tx.listing_gaps(9, after="c") == [record("d")]
            tx.put_listing([listed("a"), listed("c")])
            assert [row.id for row in tx.listing_gaps(9)] == ["b", "d"]

    def test_an_erased_record_is_found_no_more_and_is_no_gap(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a"), record("b")])
            tx.put_listing([listed("a", words=" canary "), listed("b")])
            tx.queue([message(1, record_id="a")])
        with store.writing() as tx:
            assert tx.erase_record("a") == 1
        with store.reading() as tx:
            assert tx.count(Search(words=("canary",))) == 0
            assert [row.id for _, row in tx.found(Search(), "day", None, 5)] == ["b"]
            assert tx.facet(Search(), "kind") == [("seizures.seizure", 1)]
            assert tx.listing_gaps(5) == []
            assert tx.record("a") is not None

    def test_a_record_said_anew_after_erasure_is_a_gap_again(self, store: Store) -> None:
        with store.writing() as tx:
            tx.add_records([record("a")])
            tx.erase_record("a")
            tx.add_records([record("a", 2)])
            assert tx.listing_gaps(5) == [record("a", 2)]
