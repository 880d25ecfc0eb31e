"""Drug-checking counts stay where health is protected: four nodes, every way out, and what can be recognised anywhere.

tests/house/egress.toml names every egress point of the package. Those through which values of records can pass are
walked, by the walk of story/drug_checking_walks.py that the register names; the last test compares.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.cli.house import catalogue
from entente.node.roles import ROLES
from entente.records import Kind
from entente.signing import parse
from entente.workstreams import ALL
from story.drug_checking_given import (
    CDC,
    CORRECTED,
    DEA,
    GENEROUS,
    KIND,
    PHAC,
    PURPOSES,
    RARE,
    RCMP,
    RISING,
    SERVICE,
    SUBSTANCE,
    TESTED,
    WITHOUT_ROLE,
    Walks,
    all_bytes,
    canary,
    found_in,
    four_nodes,
)
from story.drug_checking_walks import OTHERS, WHY, Story, findings_at, try_everything, warn
from story.world import entente

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

REGISTER = Path(__file__).parents[1] / "house" / "egress.toml"
OTHER_PURPOSES = tuple(purpose for purpose in PURPOSES if purpose != "early-warning")


@pytest.fixture(scope="module")
def walks() -> Walks:
    """What all walks of this file ran."""
    return Walks()


@pytest.fixture(scope="module")
def generous(tmp_path_factory: pytest.TempPathFactory, walks: Walks) -> Iterator[Story]:
    """All parties have signed a text that gives everybody all counts; everything is tried under it."""
    walks.watch()
    with four_nodes(tmp_path_factory.mktemp("generous"), "drug-trends", text=GENEROUS) as world:
        story = Story(world, walks)
        try_everything(story)
        walks.stop()
        yield story


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory, walks: Walks) -> Iterator[Story]:
    """The shipped models alone: counts stay, and what a person has accepted goes out as a warning."""
    walks.watch()
    models = ("drug-trends", "drug-checking-early-warning")
    with four_nodes(tmp_path_factory.mktemp("shipped"), *models) as world:
        story = Story(world, walks)
        warn(story)
        walks.stop()
        yield story


# What left, and what did not


def test_the_marks_are_found_where_counts_may_be(generous: Story) -> None:
    """Without this, everything below would pass because nobody looked well."""
    for party in (PHAC, CDC):
        held = found_in(all_bytes(generous.world.home(party)), generous.marks)
        assert {SERVICE, SUBSTANCE.lower(), str(TESTED), str(CORRECTED)} <= set(held)
        assert SUBSTANCE in generous.screens(party)
    for path in generous.made[PHAC]:
        if path.name.endswith(("answer.csv", "answer.json", "backup.sqlite")):
            assert found_in(path.read_bytes(), generous.marks), path.name


@pytest.mark.parametrize("party", WITHOUT_ROLE)
def test_no_count_reaches_a_node_without_a_health_role(generous: Story, party: str) -> None:
    assert found_in(all_bytes(generous.world.home(party)), generous.marks) == []


@pytest.mark.parametrize("giver", [PHAC, CDC])
@pytest.mark.parametrize("party", WITHOUT_ROLE)
def test_no_message_to_such_a_node_is_even_written(generous: Story, giver: str, party: str) -> None:
    with generous.world.nodes[giver].store.reading() as tx:
        written = list(tx.outbox(party))
    assert written
    assert [found_in(row.sealed, generous.marks) for row in written if found_in(row.sealed, generous.marks)] == []
    assert "disclosure" not in {row.type for row in written}  # findings leave as notifications


@pytest.mark.parametrize("party", WITHOUT_ROLE)
def test_no_screen_of_a_node_without_a_health_role_shows_one(generous: Story, party: str) -> None:
    assert found_in(generous.screens(party), generous.marks) == []
    assert len(generous.seen[party]) > 30


@pytest.mark.parametrize("party", WITHOUT_ROLE)
def test_no_page_of_such_a_node_shows_one(generous: Story, party: str) -> None:
    pages = generous.pages[party]
    assert {page.role for page in pages} == set(ROLES)
    assert len(pages) > 300
    assert [page for page in pages if page.status >= 500] == []
    assert [(page.role, page.path) for page in pages if found_in(page.text, generous.marks)] == []


def test_a_page_of_a_health_node_shows_one_for_early_warning_alone(generous: Story) -> None:
    """Ids of records stand in the ledger whatever the purpose; what they say, and what bad rows say, stands nowhere."""
    said = tuple(mark for mark in generous.marks if len(mark) < 32)
    seen = [(page.purpose, page.role) for page in generous.pages[PHAC] if found_in(page.text, said)]
    assert {purpose for purpose, _ in seen} == {"early-warning"}
    assert {role for _, role in seen} == {"officer", "analyst", "releasing-officer", "privacy-officer"}


@pytest.mark.parametrize("party", WITHOUT_ROLE)
def test_no_file_that_such_a_node_writes_has_one(generous: Story, party: str) -> None:
    for path in generous.made[party]:
        data = all_bytes(path) if path.is_dir() else path.read_bytes() if path.exists() else b""
        assert found_in(data, generous.marks) == [], path.name
    assert not (generous.world.folder / f"{party}-bad-rows.csv").exists(), "the import was refused as a whole"


@pytest.mark.parametrize("name", ["card", "ledger", "archive"])
def test_what_a_health_node_publishes_has_none(generous: Story, name: str) -> None:
    path = generous.world.folder / f"{PHAC}-{name}"
    assert found_in(all_bytes(path) if path.is_dir() else path.read_bytes(), generous.marks) == []


def test_what_goes_to_another_health_node_serves_early_warning_alone(generous: Story) -> None:
    """The text gives every purpose; the kind takes it back, whoever signed."""
    with generous.world.nodes[CDC].store.reading() as tx:
        rows = tx.current_records(KIND, own=False)
    assert len(rows) == 37
    for row in rows:
        handling = parse(row.handling or b"{}")
        assert (handling["purposes"], handling["caveats"]) == (["early-warning"], ["public-health-only"])


@pytest.mark.parametrize("party", OTHERS)
def test_a_finding_takes_the_limits_of_the_counts_with_it_whatever_a_text_gives(generous: Story, party: str) -> None:
    found = findings_at(generous.world, party)
    assert {RISING.lower(), RARE.lower()} <= found.keys()
    for row in found.values():
        handling = parse(row.handling or b"{}")
        assert handling["purposes"] == ["early-warning"]
        assert "public-health-only" in handling["caveats"]


def test_decisions_for_other_purposes_and_partners_withhold(generous: Story) -> None:
    with generous.world.nodes[PHAC].store.reading() as tx:
        decisions = [one for row in tx.current_records(KIND) for one in tx.decisions(row.id)]
    assert {(one.partner, one.purpose) for one in decisions if one.outcome != "withhold"} == {(CDC, "early-warning")}
    assert {one.partner for one in decisions} == {CDC, RCMP, DEA}


def test_a_count_that_a_changed_node_sends_is_refused_and_not_kept(generous: Story) -> None:
    with generous.world.nodes[RCMP].store.reading() as tx:
        last = list(tx.inbox(CDC))[-1]
    assert (last.type, last.state) == ("disclosure", "refused")
    assert found_in(last.sealed, generous.marks) == []


def test_what_anybody_may_read_of_a_health_node_has_none(generous: Story) -> None:
    assert found_in(generous.fetched, generous.marks) == []


def test_no_log_has_one(generous: Story, shipped: Story) -> None:
    """The forged message and its repetition were logged, without what they carried."""
    assert any("refused /exchange/v1/messages" in line for line in generous.logged)
    for story in (generous, shipped):
        assert found_in("\n".join(story.logged), story.marks) == []


# Findings


def test_nothing_is_told_before_a_person_has_accepted(shipped: Story) -> None:
    assert len(shipped.found) >= 2
    assert set(shipped.before) == set(OTHERS)
    assert not any(shipped.before.values())


@pytest.mark.parametrize("party", OTHERS)
def test_an_accepted_finding_goes_to_all_for_early_warning_alone(shipped: Story, party: str) -> None:
    row = findings_at(shipped.world, party)[RISING.lower()]
    assert row.handling is not None
    handling = parse(row.handling)
    assert handling["purposes"] == ["early-warning"]
    assert {"public-health-only", "not-evidence", "no-onward"} <= set(handling["caveats"])


@pytest.mark.parametrize("party", OTHERS)
def test_a_finding_on_few_samples_waits_for_an_officer(shipped: Story, party: str) -> None:
    assert RARE.lower() not in shipped.automatic[party]
    row = findings_at(shipped.world, party)[RARE.lower()]
    assert row.handling is not None
    assert parse(row.handling)["purposes"] == ["early-warning"]


@pytest.mark.parametrize("party", OTHERS)
def test_a_finding_says_what_the_provision_names_and_nothing_of_the_counts_behind_it(
    shipped: Story, party: str
) -> None:
    for row in findings_at(shipped.world, party).values():
        assert not {"reviewed_by", "review_note"} & parse(row.body)["values"].keys()
    assert found_in(all_bytes(shipped.world.home(party)), shipped.marks) == []
    assert found_in(shipped.screens(party), shipped.marks) == []


def test_no_count_crossed_the_wire_with_the_findings(shipped: Story) -> None:
    assert RISING.lower().encode() in shipped.world.wire
    assert found_in(bytes(shipped.world.wire), shipped.marks) == []


def test_a_bulletin_for_anybody_says_what_the_finding_says_and_nothing_of_the_counts_behind_it(shipped: Story) -> None:
    written = [path for path in shipped.made[PHAC] if "bulletin" in path.name]
    assert len(written) == len(shipped.found)
    told = b"".join(all_bytes(path) for path in written)
    assert RISING.lower().encode() in told
    assert RARE.lower().encode() in told
    assert found_in(told, shipped.marks) == []
    assert b"fewer than 10 of" in told, "three samples are not told as three"


@pytest.mark.parametrize("party", OTHERS)
def test_no_bulletin_goes_where_no_provision_speaks_of_one(shipped: Story, party: str) -> None:
    with shipped.world.nodes[party].store.reading() as tx:
        assert list(tx.current_records("bulletin")) == []


@pytest.mark.parametrize("party", OTHERS)
def test_what_a_person_dismissed_goes_nowhere(shipped: Story, party: str) -> None:
    with shipped.world.nodes[party].store.reading() as tx:
        held = {row.id for row in tx.current_records("finding", own=False)}
    assert held == set(shipped.found)
    assert shipped.dismissed not in held


def test_the_answer_comes_back(shipped: Story) -> None:
    told = shipped.world.run(PHAC, "duties", "list", "--owed", "to-us", "--json").json
    assert {(one["partner"], one["outcome"]) for one in told if one["state"] == "answered"} == {
        (RCMP, "warning-issued")
    }


@pytest.mark.parametrize("purpose", OTHER_PURPOSES)
def test_a_finding_is_not_looked_for_with_another_purpose(shipped: Story, purpose: str) -> None:
    done = shipped.world.run(PHAC, "findings", "look", "health.growth", "--purpose", purpose, *WHY)
    assert done.code != 0
    assert "nothing else" in done.err


def test_no_decision_releases_a_finding_for_another_purpose(shipped: Story) -> None:
    with shipped.world.nodes[PHAC].store.reading() as tx:
        decisions = [one for name in shipped.found for one in tx.decisions(name)]
    assert {one.purpose for one in decisions if one.outcome in ("release", "wait")} == {"early-warning"}


# Questions


@pytest.mark.parametrize("purpose", OTHER_PURPOSES)
@pytest.mark.parametrize("question", ["health.totals", "health.growth", "health.first-seen", "health.nearby"])
def test_a_health_node_answers_no_other_purpose(generous: Story, question: str, purpose: str) -> None:
    done = generous.world.run(PHAC, "question", "run", question, "--purpose", purpose, *WHY)
    assert done.code != 0
    assert "serve early-warning and nothing else" in done.err
    assert found_in(done.out + done.err, generous.marks) == []


@pytest.mark.parametrize("purpose", OTHER_PURPOSES)
def test_files_are_not_asked_for_another_purpose_either(tmp_path: Path, purpose: str) -> None:
    file = tmp_path / "counts.csv"
    file.write_bytes(canary())
    done = entente("question", "run", "health.totals", "--table", f"{KIND}={file}", "--purpose", purpose)
    assert (done.code, done.out) == (3, "")
    assert "nothing else" in done.err


@pytest.mark.parametrize("party", WITHOUT_ROLE)
def test_a_node_without_a_health_role_refuses_the_file(generous: Story, party: str) -> None:
    done = generous.world.import_file(party, "counts.csv", canary())
    assert "may be held only by a party with the role `health`" in done.err
    assert found_in(all_bytes(generous.world.home(party)), generous.marks) == []


def limited_kinds() -> list[Kind]:
    """Those that serve some purposes; what serves none at all never counts in anything."""
    return [kind for kind in catalogue().kinds.values() if kind.only_for]


def test_no_figure_and_no_question_on_control_needs_a_limited_kind() -> None:
    """The lag to control, and every figure, are computed without them: whatever is asked, they cannot count."""
    questions = {question.name: question for workstream in ALL for question in workstream.questions}
    limited = {kind.name for kind in limited_kinds()}
    assert KIND in limited
    for workstream in ALL:
        for figure in workstream.figures:
            assert not set(questions[figure.question].needs) & limited, figure.name
    askers = {name for name, question in questions.items() if set(question.needs) & limited}
    assert askers == {"health.totals", "health.growth", "health.first-seen", "health.nearby"}


def test_every_limited_kind_is_held_by_a_role_and_carries_its_caveat() -> None:
    assert [(kind.name, kind.holder_role, kind.caveats) for kind in limited_kinds()] == [
        (KIND, "health", ("public-health-only",))
    ]


# The register


def test_every_egress_point_that_can_carry_values_was_walked(generous: Story, shipped: Story) -> None:
    register = tomllib.loads(REGISTER.read_text("utf-8"))
    visited = "\n".join(page.path for pages in generous.pages.values() for page in pages)
    wire = bytes(generous.world.wire + shipped.world.wire) + visited.encode()
    ran = {name: generous.walks.ran(name) for name in generous.walks.codes}
    missed = [
        f"{sort} {place}: not run in the walk {entry['walk']}"
        for sort, places in register.items()
        for place, entry in places.items()
        if entry["carries"] and not is_run(sort, place, ran[entry["walk"]], wire)
    ]
    assert missed == []


def is_run(sort: str, place: str, ran: set[str], wire: bytes) -> bool:
    """A function by its name, a file by any function of it, a route by its path on the wire."""
    if sort == "route":
        return place.partition(":")[2].partition("{")[0].encode() in wire
    if sort == "library":
        return any(name.startswith(place.partition(":")[0] + ":") for name in ran)
    return place in ran
