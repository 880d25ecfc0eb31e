"""How an agreement stands for a node, as the verbs tell it: also at one that only signs beside the parties."""

import pytest

from entente.agreements import Agreement, NotInForce, Standing, model_bytes, read_agreement
from entente.cli.agreements_standing import print_signed, state_of
from entente.cli.house import catalogue
from entente.cli.staging import MODEL
from story.world import entente

CO_SIGNER = "ca.rcmp"


@pytest.fixture(scope="module")
def text() -> Agreement:
    source = model_bytes(MODEL).replace(b"\nzone = ", f'\nalso_signed_by = ["{CO_SIGNER}"]\nzone = '.encode(), 1)
    return read_agreement(source, catalogue())


def standing(text: Agreement, *reasons: NotInForce) -> Standing:
    pairs = frozenset() if reasons else frozenset({frozenset(text.parties)})
    return Standing(agreement=text.digest, pairs=pairs, reasons=reasons, signed={})


def test_who_only_co_signs_is_told_between_whom_it_is_in_force(
    text: Agreement, capsys: pytest.CaptureFixture[str]
) -> None:
    told = "in force between ca.cbsa, us.cbp; you co-sign and give nothing"
    assert state_of(text, standing(text), CO_SIGNER) == told
    print_signed(text, standing(text), CO_SIGNER)
    assert capsys.readouterr().out == f"The agreement is {told}.\n"


def test_what_is_not_in_force_says_why_not(text: Agreement, capsys: pytest.CaptureFixture[str]) -> None:
    missing = NotInForce(code="signatures-missing", values={"party": "us.cbp", "given": "1", "needed": "2"})
    assert state_of(text, standing(text, missing), CO_SIGNER) == "not in force"
    print_signed(text, standing(text, missing), CO_SIGNER)
    heading, reason = capsys.readouterr().out.splitlines()
    assert heading.endswith(":")
    assert "Of us.cbp, 1 of 2 officers have signed." in reason


def test_explain_prints_what_the_program_does_under_each_provision() -> None:
    told = entente("agreements", "explain", MODEL).out
    assert "  Time zone: America/Toronto" in told
    assert "  Kinds of record: Published seizure total" in told
    assert "  Who lets it go: At once, without a person" in told
