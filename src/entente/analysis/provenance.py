"""Whose records an answer rests on, and the strictest handling among them."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from entente.analysis.answer import Contribution, Provenance
from entente.analysis.tables import Table
from entente.errors import InputFault

_BY = ["_source", "_source_digest", "_said_by", "_via", "_reader", "_mapping_version", "_agreement"]


class SimulatedAmongReal(InputFault):
    """Simulated records from {simulated} stand beside real ones from {real}. Ask the question of one or the other (at a
    node: --records real or --records simulated); an answer never mixes them."""


def provenance(tables: Iterable[Table]) -> Provenance:
    """What an answer from exactly the rows of `tables` rests on. Raises SimulatedAmongReal."""
    used = tuple(tables)
    return Provenance(
        contributions=tuple(part for table in used for part in _contributions(table)),
        caveats=tuple(sorted({caveat for table in used for caveat in _flat(table.rows, "_caveats")})),
        purposes=_common_purposes(used),
        is_simulated=is_simulated(used),
    )


def is_simulated(tables: Iterable[Table]) -> bool:
    """True when all rows of `tables` are simulated, False when none is. Raises SimulatedAmongReal."""
    sources: dict[Any, Any] = {}
    for table in tables:
        for flag in pc.unique(table.rows["_is_simulated"]).to_pylist():
            place = pc.index(table.rows["_is_simulated"], flag).as_py()
            sources[flag] = table.rows["_source"][place].as_py()
    if len(sources) > 1:
        raise SimulatedAmongReal(simulated=sources[True], real=sources[False])
    return True in sources


def _contributions(table: Table) -> Iterator[Contribution]:
    groups = table.rows.select(_BY).group_by(_BY).aggregate([([], "count_all")])
    for row in sorted(groups.to_pylist(), key=lambda row: [str(row[name] or "") for name in _BY]):
        parts = {name.removeprefix("_"): row[name] for name in _BY}
        yield Contribution(kind=table.kind, records=row["count_all"], **parts)


def _flat(rows: pa.Table, name: str) -> list[Any]:
    return pc.unique(pc.list_flatten(rows[name])).to_pylist()


def _common_purposes(tables: Iterable[Table]) -> tuple[str, ...] | None:
    limits = [
        set(purposes)
        for table in tables
        for purposes in {tuple(held) for held in table.rows["_purposes"].to_pylist() if held is not None}
    ]
    return tuple(sorted(set.intersection(*limits))) if limits else None
