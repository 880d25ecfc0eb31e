"""What is said of series of counts: as the detector says it, all series of a period together, and because of what."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from analysis.series.tables import plain
from entente.analysis import Answer, Table, parse_parameters, written
from entente.analysis.aberration import PAPER, farrington_flexible
from entente.analysis.reasons import reasons_said
from entente.analysis.series import counted, plain_answer
from entente.analysis.series.asked import BadLimit, NoDays, NoSuchSeries, NotAllowedChance, NotThatPeriod
from entente.analysis.series.verdicts import SharesNeedTested
from entente.vocabulary import LANGUAGES
from entente.workstreams import ALL, build_catalogue

WORDS = build_catalogue(ALL).vocabulary
QUESTIONS = {question.name: question for workstream in ALL for question in workstream.questions}
WEEKS = 330


def table(series: int = 4, seed: int = 1, rise: tuple[int, int, int] | None = (1, WEEKS - 1, 40)) -> Table:
    """SIMULATED Poisson counts in numbered weeks; `rise` is (series, week, more)."""
    counts = np.random.default_rng(seed).poisson(6, (series, WEEKS))
    if rise:
        counts[rise[0], rise[1]] += rise[2]
    rows = [f"s{row},{week},{counts[row, week]}" for row in range(series) for week in range(WEEKS)]
    return plain("series,period,count\n" + "\n".join(rows))


SHARED = table()


def asked(given: Table, *settings: str, question: str = "substances.aberration") -> Answer:
    return plain_answer(question, given, parse_parameters(QUESTIONS[question], settings, WORDS))


def rows(answer: Answer) -> list[dict[str, Any]]:
    return answer.rows.to_pylist()


def test_the_columns_are_those_that_are_promised() -> None:
    names = [column.name for column in asked(SHARED).columns]
    assert names == ["series", "period", "count", "expected", "bound", "p", "q", "alarm", "because"]


def test_a_year_is_judged_unless_from_is_set() -> None:
    assert len(rows(asked(SHARED))) == 4 * 52
    assert {row["period"] for row in rows(asked(SHARED, "from=328"))} == {"328", "329"}


def test_bounds_and_alarms_are_those_of_the_detector() -> None:
    found = rows(asked(SHARED, "method=farrington-flexible", "limit54=0,4"))
    arrays = counted(SHARED.rows)
    assert arrays is not None
    at = np.arange(WEEKS - 52, WEEKS)
    judged = farrington_flexible(arrays.counts, at=at, settings=PAPER)
    assert [row["alarm"] for row in found] == judged.alarm.ravel().tolist()
    assert [float(row["bound"]) for row in found] == judged.bound.ravel().tolist()
    assert np.allclose([float(row["expected"]) for row in found], judged.expected.ravel(), rtol=1e-5)


@pytest.mark.parametrize("method", ["entente", "farrington-flexible", "farrington", "ears-c1", "ears-c2"])
def test_a_planted_rise_is_found_by_every_method_and_by_name(method: str) -> None:
    (row,) = [row for row in rows(asked(SHARED, f"method={method}", "from=329")) if row["alarm"]]
    assert (row["series"], row["period"]) == ("s1", "329")
    assert row["p"] <= Decimal("0.001")


def test_few_cases_hold_an_alarm_back_and_the_row_says_so() -> None:
    text = "".join(f"{week},{4 if week == 20 else 0}\n" for week in range(21))
    given = plain("period,count\n" + text)
    held, free = (rows(asked(given, "method=ears-c1", "from=20", f"limit54={limit}"))[0] for limit in ("5,4", "0,4"))
    assert (held["alarm"], free["alarm"]) == (False, True)
    assert "fewer than 5 in 4 periods" in reasons_said(held["because"], WORDS, "en")


def test_many_series_hold_back_what_one_alone_would_raise() -> None:
    quiet = table(series=20, seed=3, rise=(0, WEEKS - 1, 14))
    alone = {row["series"]: row for row in rows(asked(quiet, "from=329", "fdr=1", "method=farrington-flexible"))}["s0"]
    many = {row["series"]: row for row in rows(asked(quiet, "from=329", "fdr=0.000001", "method=farrington-flexible"))}[
        "s0"
    ]
    assert (alone["alarm"], many["alarm"]) == (True, False)
    assert "20 series" in reasons_said(many["because"], WORDS, "en")


def test_asking_for_one_series_finds_no_more() -> None:
    (alone,) = rows(asked(SHARED, "from=329", "series=S1"))
    assert alone == next(row for row in rows(asked(SHARED, "from=329")) if row["series"] == "s1")


def test_what_cannot_be_judged_has_no_alarm_and_says_why() -> None:
    (row,) = rows(asked(plain("period,count\n1,3\n2,5\n"), "from=2"))
    assert (row["alarm"], row["p"], row["bound"], row["count"]) == (None, None, None, 5)
    assert "does not reach back far enough" in reasons_said(row["because"], WORDS, "en")
    gap = rows(asked(plain("period,count\n1,3\n2,\n3,4\n"), "method=ears-c1"))[1]
    assert (gap["count"], gap["alarm"]) == (None, None)
    assert "tells no count" in reasons_said(gap["because"], WORDS, "en")


def test_a_rule_of_people_alarms_exactly_as_it_says() -> None:
    text = "".join(f"2024-01-{day:02},{day % 5}\n" for day in range(1, 29))
    answer = asked(plain("date,count\n" + text), "more_than=3", "absent=zero", question="health.spikes")
    assert [row["count"] > 3 for row in rows(answer)] == [row["alarm"] for row in rows(answer)]
    assert len(rows(answer)) == 28


def test_shares_need_what_was_tested() -> None:
    with pytest.raises(SharesNeedTested):
        asked(SHARED, "method=cusum-share")


def test_more_testing_alone_raises_no_alarm_of_shares() -> None:
    text = "".join(f"{week},{2 if week < 20 else 20},{200 if week < 20 else 2000}\n" for week in range(30))
    given = plain("period,count,tested\n" + text)
    assert not any(row["alarm"] for row in rows(asked(given, "method=cusum-share")))
    assert any(row["alarm"] for row in rows(asked(given, "method=ears-c1")))


def test_a_rising_rare_substance_emerges_and_a_common_one_does_not() -> None:
    found = [0] * 20 + [1, 2, 5, 11]
    text = "".join(f"new,{2024 + n // 12}-{n % 12 + 1:02},{count},800\n" for n, count in enumerate(found))
    for name, count in (("common", 200), ("rare", 1), ("rare too", 2)):
        text += "".join(f"{name},{2024 + n // 12}-{n % 12 + 1:02},{count},800\n" for n in range(24))
    answer = asked(plain("series,period,count,tested\n" + text), "from=2025-12", question="substances.emerging")
    assert {row["series"]: row["alarm"] for row in rows(answer)} == {
        "new": True, "common": False, "rare": False, "rare too": False,
    }  # fmt: skip


@pytest.mark.parametrize(("language", "said"), [("fr", "au-dessus du seuil de"), ("es", "por encima del límite de")])
def test_a_file_says_why_in_the_readers_language(language: str, said: str) -> None:
    assert said in written(asked(SHARED, "from=329"), ".csv", WORDS, language).decode("utf-8")


def test_every_reason_has_a_sentence_in_three_languages() -> None:
    for code, term in WORDS.list("because").terms.items():
        assert len({term.labels[language] for language in LANGUAGES}) == len(LANGUAGES), code


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ("limit54=5", BadLimit),
        ("limit54=5,0", BadLimit),
        ("alpha=0", NotAllowedChance),
        ("alpha=0.9", NotAllowedChance),
        ("fdr=2", NotAllowedChance),
        ("from=soon", NotThatPeriod),
        ("series=s9", NoSuchSeries),
        ("until=2024-01-01", NoDays),
    ],
)
def test_a_setting_that_means_nothing_is_refused(setting: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        asked(SHARED, setting)
