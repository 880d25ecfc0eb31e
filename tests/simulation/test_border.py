"""The simulated files are the same for the same seed, and say of themselves that they are invented."""

from entente.simulation.border import CANARY, simulated_files


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    assert simulated_files(1) == simulated_files(1)
    assert all(simulated_files(1)[name] != simulated_files(2)[name] for name in simulated_files(1))


def test_every_place_person_and_note_says_that_it_is_simulated() -> None:
    for name, data in simulated_files(3).items():
        lines = data.decode("utf-8").splitlines()[1:]
        assert all("SIMULATED" in line for line in lines), name
    assert CANARY in simulated_files(3)["cbsa-seizures.csv"].decode("utf-8")
