"""Life is at risk, at the screens of both ends: one gives, the partner reads for a rescue only, another reviews."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from entente.cli.staging import build
from node.people_given import hash_fast
from story.emergency_given import CBP, RCMP, RECORD, WHY, missing, put_in_force
from story.world import World, world_of
from web.reading import main, words
from web.served import Served, make_people, served

OFFICERS = {"officer": f"{RCMP}/liaison-1", "privacy-officer": f"{RCMP}/liaison-2"}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    hash_fast(monkeypatch)
    build(tmp_path / "stage", (RCMP, CBP), ())
    with world_of(tmp_path / "stage", tmp_path / "world", ["rcmp", "cbp"]) as found:
        put_in_force(found, (RCMP, CBP))
        missing(found)
        found.settle()
        yield found


def read(found: Served, role: str, path: str, purpose: str) -> tuple[int, str]:
    with found.browser(role) as browser:
        browser.state_reason(purpose)
        answer = browser.get(path)
        return answer.status_code, words(main(answer))


def test_an_officer_gives_the_partner_reads_for_a_rescue_only_and_another_reviews(world: World) -> None:
    with ExitStack() as stack:
        here = stack.enter_context(served(world.home(RCMP), people=make_people(world.nodes[RCMP], OFFICERS)))
        there = stack.enter_context(served(world.home(CBP)))
        with here.browser("officer") as officer:
            shown = officer.get(f"/records/{RECORD}/emergency")
            assert "To U.S. Customs and Border Protection" in words(main(shown)), "the only partner is chosen already"
            given = officer.post(f"/records/{RECORD}/emergency", partner=CBP, field="medical_need", why=WHY)
            assert "arrived" in words(main(given))
        (held,) = world.run(CBP, "records", "list", "--why", "look", "--json").json
        status, told = read(there, "officer", f"/records/{held['id']}", "rescue")
        assert status == 200
        assert "insulin" in told
        assert "May be used for Saving life Caveats" in told
        assert "north of the river" not in told
        assert read(there, "officer", f"/records/{held['id']}", "investigation")[0] == 404
        with here.browser("privacy-officer") as reviewer:
            assert "insulin" in reviewer.get(given.url.path).text
            done = reviewer.post(f"{given.url.path}/review", judgement="right", note="found alive")
            assert "reviewed: right" in words(main(done))
    assert [entry["judgement"] for entry in world.entries(RCMP, "emergency-reviewed")] == ["right"]
