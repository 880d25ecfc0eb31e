"""Advisories on the screen: made on the desk, written as files, followed until the receiver has answered."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.node.roles import ROLES
from story.advisory_given import CANARIES, Agency, agency
from web.reading import main, words
from web.served import Served, make_people, served

PAGE = "/advisories/ca.industry-1"
PEOPLE = {role: f"the-{role}" for role in ROLES}


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    with agency(tmp_path, monkeypatch) as found:
        make_people(found.node, {"releasing-officer": "ca.cbsa/liaison-1"})
        yield found


@pytest.fixture
def here(given: Agency) -> Iterator[Served]:
    with served(given.home, given.clock, PEOPLE) as found:
        yield found


def test_an_officer_makes_it_on_the_desk_and_follows_it_to_its_answer(given: Agency, here: Served) -> None:
    record = given.sample()
    with here.browser("releasing-officer") as browser:
        assert "A releasing officer makes the advisory there" in words(main(browser.get("/advisories")))
        browser.state_reason("threat-assessment")
        (desk,) = set(re.findall(r"/desk/[0-9a-f]{16}", browser.get("/desk").text))
        assert desk in browser.get(f"/records/{record}").text
        (seen,) = re.findall(r'name="seen" value="([^"]+)"', browser.get(desk).text)
        browser.post(f"{desk}/approve", seen=seen)
        assert "Northern Chemicals" in words(main(browser.get("/advisories")))
        assert browser.post(f"{PAGE}/record", what="acknowledged", by="M. Roy", how="telephone").status_code == 422
        browser.get(PAGE)
        packed = browser.post(f"{PAGE}/files")
        assert packed.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
            assert sorted(files.namelist()) == ["advisory.eml", "advisory.html", "advisory.proof", "advisory.txt"]
            assert not [one for one in CANARIES if one.encode() in b"".join(map(files.read, files.namelist()))]
        browser.get(PAGE)
        browser.post(f"{PAGE}/record", what="acknowledged", by="M. Roy", how="telephone")
        shown = words(main(browser.get(PAGE)))
        assert "By telephone, M. Roy (ca.cbsa/liaison-1)" in shown
        browser.post(f"{PAGE}/record", what="answered", outcome="used", note="two orders stopped")
        assert "two orders stopped" in words(main(browser.get(PAGE)))


@pytest.mark.parametrize("role", ["analyst", "administrator", "liaison"])
def test_nobody_else_writes_or_records(given: Agency, here: Served, role: str) -> None:
    given.make(given.sample())
    with here.browser(role) as browser:
        for path in ("files", "record"):
            assert browser.post(f"{PAGE}/{path}", what="handed-over", by="x", how="letter").status_code == 403
    assert given.listed()[0]["state"] == "queued"
