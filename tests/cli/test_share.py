"""`entente may-i-share`: the answer in words and as JSON, and what is misuse."""

from pathlib import Path

import pytest

from entente.cli import share
from story.world import entente

WHAT = ("may-i-share", "sample", "--with", "ca.cbsa", "--for", "investigation")


def test_the_answer_says_whom_to_ask_and_that_nothing_has_left(home: Path) -> None:
    done = entente(*WHAT, "--node", home)
    assert (done.code, done.err) == (0, "")
    assert "No agreement between" in done.out
    assert "Whom to ask" in done.out
    assert "no release: nothing has left" in done.out


def test_as_json_it_has_no_sentence(home: Path) -> None:
    found = entente(*WHAT, "--fact", "substance_suspected=fentanyl", "--urgency", "asked", "--json", "--node", home)
    assert found.code == 0
    told = found.json
    assert (told["answer"], told["occasion"], told["refusal"]["code"]) == ("ask", "on-request", "nothing-in-force")
    assert told["ask"][0]["to"] == "propose"
    assert told["agreements"] == []


def test_a_life_at_risk_is_for_rescue(home: Path) -> None:
    found = entente("may-i-share", "occurrence", "--with", "ca.cbsa", "--urgency", "life", "--json", "--node", home)
    assert (found.json["for"], found.json["occasion"]) == ("rescue", "emergency")


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("--fact", "mass_g=much"), 2, "not a number"),
        (("--fact", "mass_g"), 2, "FIELD=VALUE"),
        (("--fact", "wings=2"), 3, "substance_suspected"),
        (("--urgency", "hurry"), 3, "life"),
        (("--with", "nobody"), 3, "entente words party"),
        (("--said-by", "nobody"), 3, "entente words party"),
        (("--said-by", "us.dea", "--record", "0" * 32), 2, "by whom it was said"),
        (("--record", "0" * 32), 3, "--why"),
        (("--record", "0" * 32, "--why", "a question"), 3, "entente records list"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(home: Path, more: tuple[str, ...], code: int, said: str) -> None:
    done = entente(*WHAT, *more, "--node", home)
    assert done.code == code
    assert said in done.err


def test_where_nobody_sits_nothing_is_asked(home: Path) -> None:
    done = entente("may-i-share", "sample", "--with", "ca.cbsa", "--node", home)
    assert done.code == 2
    assert "--for" in done.err


def test_at_a_terminal_what_is_missing_is_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["sample", "ca.cbsa", "investigation"])
    monkeypatch.setattr(share, "is_at_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    done = entente("may-i-share", "--node", home)
    assert done.code == 0
    assert list(answers) == []
