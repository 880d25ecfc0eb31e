"""Regular work is one process's turn at a time, and how it went is kept."""

from entente.store import JobRow, Store, TurnRow
from every.given import NOON, later


def turn(worker: str, seconds: float) -> TurnRow:
    return TurnRow(name="courier", worker=worker, until=later(seconds))


def test_a_turn_is_one_workers_until_it_ends(store: Store) -> None:
    with store.writing() as tx:
        assert tx.take_turn(turn("a", 10), NOON)
        assert not tx.take_turn(turn("b", 20), later(9.999999))
        assert tx.take_turn(turn("a", 20), later(9))
        assert not tx.take_turn(turn("b", 30), later(19))
        assert tx.take_turn(turn("b", 30), later(20))
        assert not tx.take_turn(turn("a", 40), later(21))
        assert tx.take_turn(turn("a", 40), later(21), by_force=True)
        assert tx.take_turn(TurnRow(name="other", worker="b", until=later(9)), NOON)


def test_the_last_run_of_each_job_is_kept(store: Store) -> None:
    good = JobRow(name="sweep", started_at=NOON, ended_at=later(1), due_at=later(60), fault="", failures=0)
    bad = JobRow(name="sweep", started_at=later(60), ended_at=later(61), due_at=None, fault="no room", failures=1)
    other = JobRow(name="remind", started_at=NOON, ended_at=NOON, due_at=None, fault="", failures=0)
    with store.writing() as tx:
        for row in (good, other, bad):
            tx.put_job(row)
        assert tx.jobs() == [other, bad]
