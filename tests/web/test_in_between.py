"""What changes while a request is on its way, and what a page tells beside what was asked: ids and numbers of things
that somebody may not see."""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from urllib.parse import quote, urlencode

import pytest

from entente.cli.house import house
from entente.node import previewing
from entente.node.evidence import evidence_of
from entente.node.findings import NoSuchFinding, finding
from entente.node.looking import Look
from entente.node.passwords import AT_ONCE, WAITING, SignInBusy, is_right
from entente.node.people import disable, enable
from entente.node.previewing import PreviewRunning, preview_for
from entente.node.searching import safe_cell
from entente.node.uploads import Uploads, import_called, imports
from entente.store import RecordRow
from web.filled import in_short
from web.given import OTHER_PURPOSE, PURPOSE, RCMP, Given, Held, alone, client_of
from web.served import Served


@pytest.fixture
def here(given: Given, tmp_path: Path) -> Iterator[Served]:
    with alone(given, tmp_path / "rcmp") as found:
        yield found


@contextmanager
def slowly(found: Served, held: Held, path: str, **form: str) -> Iterator[tuple[socket.socket, bytes]]:
    """A form of which the head and the first letters have come, and what is still to be sent."""
    body = urlencode({"form_token": held.form_token, **form}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: {found.url.removeprefix('http://')}\r\norigin: {found.url}\r\n"
        f"cookie: entente-{RCMP}={held.cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    host, _, port = found.url.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=20)) as line:
        line.sendall(head.encode() + body[:5])
        yield line, body[5:]


def answered(line: socket.socket) -> bytes:
    with line.makefile("rb") as file:
        return file.readline()


def test_who_is_disabled_while_a_form_comes_in_changes_nothing(given: Given, here: Served) -> None:
    held, path = given.sessions["officer"], f"/notices/{quote(given.received['notice'], safe='')}/acknowledge"
    with slowly(here, held, path, note="too long ago") as (line, rest):
        disable(here.node, given.people["officer"], by="test")
        line.sendall(rest)
        assert b" 401 " in answered(line)
    enable(here.node, given.people["officer"], by="test")
    with client_of(here, given.sessions["analyst"]) as client:
        assert "too long ago" not in client.get(f"/notices/{given.received['notice']}").text


def test_a_form_that_never_ends_holds_no_place(given: Given, here: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entente.web.routes.FORM_SECONDS", 0.3)
    with slowly(here, given.sessions["officer"], "/reason", why="slow") as (line, _):
        assert b" 408 " in answered(line)


def test_no_field_of_a_form_is_as_large_as_a_file(given: Given, here: Served) -> None:
    held = given.sessions["officer"]
    with client_of(here, held) as client:
        form = {"form_token": held.form_token, "reader": "x" * 300_000}
        answer = client.post("/imports", data=form, files={"file": ("a.csv", b"a\n1\n")})
    assert answer.status_code == 400, in_short(answer)


def test_a_version_that_is_no_number_is_another_version(given: Given, here: Served) -> None:
    held = given.sessions["analyst"]
    with client_of(here, held) as client:
        for version in ("9" * 5000, "٣", "-1", "1e3", ""):
            form = {"form_token": held.form_token, "version": version, "note": "x"}
            answer = client.post(f"/findings/{given.own['finding']}/dismiss", data=form)
            assert answer.status_code == 422, in_short(answer)


def test_a_note_of_two_lines_is_taken_as_browsers_send_it(given: Given, here: Served) -> None:
    held = given.sessions["officer"]
    with client_of(here, held) as client:
        form = {"form_token": held.form_token, "outcome": "confirmed", "note": "the same here,\r\nin two samples"}
        answer = client.post(f"/notices/{given.received['notice']}/answer", data=form)
    assert answer.status_code == 303, in_short(answer)


def test_a_notice_names_the_received_record_to_those_alone_who_may_read_it(given: Given, here: Served) -> None:
    path = f"/notices/{given.received['notice']}"
    for role, is_told in (("officer", True), ("releasing-officer", False)):
        with client_of(here, given.sessions[role]) as client:
            page = client.get(path)
        assert (page.status_code, "/records/" in page.text) == (200, is_told)


def test_beginnings_of_ids_do_not_count_findings_that_somebody_may_not_see(
    given: Given, here: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [SimpleNamespace(id=f"ab{number}", via="us.dea", handling=None) for number in range(3)]
    monkeypatch.setattr("entente.node.findings._rows", lambda *_, **__: iter(cast("list[RecordRow]", rows)))
    for own, purpose in ((True, ""), (None, PURPOSE)):
        with pytest.raises(NoSuchFinding):
            finding(here.node, Look("somebody", "a test", purpose), "ab", own=own)


def test_evidence_is_shown_and_counted_for_the_stated_purpose_alone(given: Given, here: Served) -> None:
    look = Look("the-analyst", "a test", PURPOSE)
    held = finding(here.node, look, given.own["finding"])
    parties = {}
    for purpose in (PURPOSE, OTHER_PURPOSE):
        seen = evidence_of(here.node, Look("the-analyst", "a test", purpose), held, ())
        parties[purpose] = {one.said_by for one in seen.behind}
        assert seen.number == len(seen.behind)
    assert (parties[PURPOSE] > {RCMP}, parties[OTHER_PURPOSE]) == (True, {RCMP})


def test_one_preview_is_made_at_a_time(given: Given, here: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previewing, "_TURN", threading.BoundedSemaphore(1))
    look = Look("the-releasing-officer", "a test", PURPOSE)
    with previewing._TURN, pytest.raises(PreviewRunning):
        preview_for(here.node, look, "us.dea", PURPOSE)
    assert preview_for(here.node, look, "us.dea", PURPOSE).samples
    with previewing._TURN, client_of(here, given.sessions["releasing-officer"]) as client:
        answer = client.get("/agreements/preview", params={"partner": "us.dea", "purpose": PURPOSE})
    assert answer.status_code == 503, in_short(answer)


def test_a_flood_of_guesses_leaves_threads_to_those_who_are_signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entente.node.passwords._TURNS", threading.BoundedSemaphore(1))
    places = threading.BoundedSemaphore(AT_ONCE + WAITING)
    monkeypatch.setattr("entente.node.passwords._PLACES", places)
    for _ in range(AT_ONCE + WAITING):
        places.acquire()
    with pytest.raises(SignInBusy):
        is_right("", "a guess of somebody")
    places.release()
    assert not is_right("", "a guess of somebody")


def test_a_second_process_at_the_same_database_leaves_the_uploads_of_the_first_alone(
    given: Given, here: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Uploads, "_queue", lambda *_: None)
    first = Uploads(here.node, house().readers)
    row = first.receive("a.csv", io.BytesIO(_samples()), is_simulated=True, who="the-officer")
    second = Uploads(here.node, house().readers)
    second._folder = here.node.config.folder / "elsewhere"
    second._place = "another"
    (second._folder / "lost+found").mkdir(parents=True)
    second.resume()
    assert import_called(here.node, row.id).state == "waiting"
    (first._folder / row.id).unlink()
    first.resume()
    assert import_called(here.node, row.id).state == "failed"
    assert imports(here.node)


def _samples() -> bytes:
    return b"number,seized_on,received_on,substance_suspected,form,simulated\nSIM-1,,2026-03-12,cocaine,powder,yes\n"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('fine;=HYPERLINK("http://x")', 'fine;\'=HYPERLINK("http://x")'),
        ("fine\n+1+1", "fine\n'+1+1"),
        ("fine\t \uff1d1", "fine\t '\uff1d1"),
        ("10 mg - white; 2-3 bags", "10 mg - white; 2-3 bags"),
    ],
)
def test_a_cell_is_no_formula_either_where_spreadsheets_of_other_languages_cut_it(cell: str, told: str) -> None:
    assert safe_cell(cell) == told
