"""The guide says everything: each key, test, reason and remark stands in it, and its examples are real."""

import re
import tomllib
from typing import get_args

import pytest

from entente.agreements import TESTS, check, model_bytes, model_names, read_agreement, read_cases, run_cases
from entente.agreements.agreement import RELEASES, Effect, Occasion, Scope
from entente.agreements.care.sayings_of_check import MEANING
from entente.agreements.deciding.decision import Outcome
from entente.agreements.telling.explain import WHOLE_REASONS
from entente.agreements.telling.unmet import UNMET
from entente.agreements.texts.case_text import ASK_KEYS, CASE_KEYS, RECORD_KEYS
from entente.agreements.texts.condition_text import CONDITION_KEYS
from entente.agreements.texts.provision_text import PROVISION_KEYS
from entente.agreements.texts.text import HEAD_KEYS
from entente.workstreams import ALL, build_catalogue
from house.sources import ROOT

GUIDE = (ROOT / "docs" / "agreements.md").read_text("utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", GUIDE))
BLOCKS = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
CATALOGUE = build_catalogue(ALL)


def words() -> list[str]:
    kinds = (
        HEAD_KEYS,
        PROVISION_KEYS,
        TESTS,
        CASE_KEYS,
        RECORD_KEYS,
        ASK_KEYS,
        MEANING,
        UNMET,
        RELEASES,
        WHOLE_REASONS,
    )
    literals = (get_args(Effect), get_args(Occasion), get_args(Scope), get_args(Outcome))
    duties = CATALOGUE.vocabulary.list("duty").terms
    return sorted({word for kind in (*kinds, *literals, duties) for word in kind})


@pytest.mark.parametrize("word", words())
def test_every_word_of_the_language_is_explained(word: str) -> None:
    assert word in CODE


def test_every_key_of_a_condition_is_shown() -> None:
    assert all(re.search(rf"\b{key}\b", GUIDE) for key in CONDITION_KEYS)


def test_the_whole_agreement_of_the_guide_is_one_and_its_golden_decision_holds() -> None:
    text, cases = BLOCKS
    agreement = read_agreement(text.encode(), CATALOGUE)
    assert not [remark for remark in check(text.encode(), CATALOGUE) if remark.severity != "note"]
    (result,) = run_cases(agreement, read_cases(cases.encode(), CATALOGUE), CATALOGUE)
    assert result.differences == ()


def test_the_golden_decisions_it_tells_are_real() -> None:
    told = re.findall(r"`([a-z-]+)`: `([a-z-]+)`", GUIDE)
    known = {
        (name, case["id"])
        for name in model_names()
        for case in tomllib.loads(model_bytes(name, "decisions.toml").decode("utf-8"))["case"]
    }
    assert len(told) >= 5
    assert set(told) <= known
