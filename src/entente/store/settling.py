"""What is bound when a run of messages is settled at once, the same for every engine."""

from collections.abc import Sequence

from entente.store.limits import check_storable

Settled = Sequence[tuple[int, str, str]]
"""Of each message its number in the stream, the state it ends in, and the reason that the partner gave."""


def settling(partner: str, settled: Settled, receipt: bytes) -> list[tuple[str, int, str, str, bytes | None]]:
    """Partner, number, state, reason and receipt of each; only the last keeps the receipt, which serves all before it.

    Raises UnstorableValue.
    """
    last = settled[-1][0]
    bound = [(partner, seq, state, reason, receipt if seq == last else None) for seq, state, reason in settled]
    for values in bound:
        check_storable(values)
    return bound
