"""Numbers by chance: the same everywhere, independent by name, with the mean and variance they promise."""

from statistics import mean, variance

import pytest

from entente.simulation.chance import Numbers
from entente.workstreams.shape import powered


def test_the_numbers_are_those_of_every_other_machine() -> None:
    """Drawn once and written down; a change here changes every simulated file that anybody kept."""
    numbers = Numbers("golden")
    assert [numbers.count(3.0) for _ in range(8)] == [3, 4, 3, 3, 2, 5, 4, 1]
    assert [numbers.count(54_000.0, 0.06) for _ in range(3)] == [53364, 56468, 53708]
    assert numbers.around(1.0, 0.3) == 0.6887300480189346
    assert powered(11.336585365853658, 5 / 12) == 2.7502210983517217


def test_a_source_is_not_changed_by_what_another_one_gives() -> None:
    first, second = Numbers("a").of("x", 1), Numbers("a").of("x", 1)
    Numbers("a").of("y").below(10)
    assert [first.below(100) for _ in range(5)] == [second.below(100) for _ in range(5)]
    assert [Numbers("a").of("x", number).below(10**9) for number in range(3)] != [first.below(10**9)] * 3


@pytest.mark.parametrize("expected", [0.13, 3.0, 49.0, 400.0])
def test_counts_are_poisson_and_over_dispersed_where_asked(expected: float) -> None:
    plain, spread = Numbers(f"plain {expected}"), Numbers(f"spread {expected}")
    counts = [plain.count(expected) for _ in range(4000)]
    assert mean(counts) == pytest.approx(expected, rel=0.15)
    assert variance(counts) == pytest.approx(expected, rel=0.15)
    varied = [spread.count(expected, 0.3) for _ in range(4000)]
    assert mean(varied) == pytest.approx(expected, rel=0.15)
    assert variance(varied) == pytest.approx(expected + (0.3 * expected) ** 2, rel=0.2)


def test_nothing_is_ever_negative() -> None:
    numbers = Numbers("wide")
    assert min(numbers.around(1.0, 3.0) for _ in range(500)) == 0.0
    assert min(numbers.count(0.0, 3.0) for _ in range(10)) == 0
