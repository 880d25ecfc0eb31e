"""An answer rests on the tables it needs, counts each thing once, and never mixes simulated and real records."""

from decimal import Decimal

import pytest

from analysis.weighings import SUMS, WEIGHING, received, weighing
from entente.analysis import CountedTwice, Held, MissingTable, SimulatedAmongReal, joined, records_table, run_question
from entente.records import Record

LSD, KHAT = weighing("1", drug="lsd", mass_g=Decimal(1)), weighing("2", drug="khat", mass_g=Decimal(2))


def ask(*records: Record | Held) -> list[tuple[str, Decimal]]:
    answer = run_question(SUMS, {"weighing": records_table(WEIGHING, records)}, {})
    return [(row["drug"], row["mass_g"]) for row in answer.rows.to_pylist()]


def test_a_question_is_answered() -> None:
    assert ask(LSD, KHAT) == [("khat", Decimal(2)), ("lsd", Decimal(1))]


def test_a_table_that_is_missing_is_named() -> None:
    with pytest.raises(MissingTable, match="weighing"):
        run_question(SUMS, {"sample": records_table(WEIGHING, [])}, {})


def test_one_thing_in_two_files_is_not_counted_twice() -> None:
    again = records_table(WEIGHING, [weighing("1", source="b.csv", drug="lsd", mass_g=Decimal(1))])
    both = joined([records_table(WEIGHING, [LSD, KHAT]), again])
    with pytest.raises(CountedTwice, match=r"1 records .* stand in a\.csv and again in b\.csv"):
        run_question(SUMS, {"weighing": both}, {})


def test_two_parties_may_use_one_number() -> None:
    assert len(ask(LSD, weighing("1", said_by="ca.cbsa", drug="heroin", mass_g=Decimal(5)))) == 2


def test_simulated_and_real_records_never_meet_in_one_answer() -> None:
    with pytest.raises(SimulatedAmongReal, match=r"demo\.csv stand beside real ones from a\.csv"):
        ask(LSD, weighing("9", source="demo.csv", is_simulated=True))
    simulated = records_table(WEIGHING, [weighing("9", is_simulated=True)])
    assert run_question(SUMS, {"weighing": simulated}, {}).provenance.is_simulated
    assert not run_question(SUMS, {"weighing": records_table(WEIGHING, [LSD])}, {}).provenance.is_simulated


def test_an_answer_names_who_said_what_and_how_it_is_held() -> None:
    theirs = received(weighing("3", source="b.csv", drug="lsd"), "statistics", "interdiction", caveats=("no-onward",))
    others = received(weighing("4", source="b.csv"), "statistics", caveats=("not-evidence",), agreement="sha256:2")
    table = records_table(WEIGHING, [LSD, KHAT, theirs, others])
    found = run_question(SUMS, {"weighing": table}, {}).provenance
    assert [(part.source, part.via, part.agreement, part.records) for part in found.contributions] == [
        ("a.csv", None, None, 2),
        ("b.csv", "us.cbp", "sha256:1", 1),
        ("b.csv", "us.cbp", "sha256:2", 1),
    ]
    assert {(part.kind, part.reader, part.mapping_version) for part in found.contributions} == {
        ("weighing", "weighings", "7")
    }
    assert found.caveats == ("no-onward", "not-evidence")
    assert found.purposes == ("statistics",)


def test_our_own_records_know_no_limit_of_purpose_and_strangers_may_leave_none() -> None:
    def purposes(*records: Record | Held) -> tuple[str, ...] | None:
        return run_question(SUMS, {"weighing": records_table(WEIGHING, records)}, {}).provenance.purposes

    assert purposes(LSD) is None
    assert purposes(LSD, received(weighing("3"), "statistics")) == ("statistics",)
    assert purposes(received(weighing("3"), "statistics"), received(weighing("4"), "rescue")) == ()
