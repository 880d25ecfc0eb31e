"""Which substance a name, a salt, a CAS number or an InChIKey means, with the reason, or that it may mean several."""

from collections.abc import Iterator, Mapping

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Parameter,
    Question,
    Table,
    answer_rows,
    provenance,
)
from entente.workstreams.substances.questions import entries as listed
from entente.workstreams.substances.questions import identity
from entente.workstreams.substances.records import NAMES_SEPARATOR

_COLUMNS = (
    Column("written", "text"),
    Column("resolution", "text", vocabulary="resolution"),
    Column("substance", "text"),
    Column("match_reason", "text", vocabulary="match-reason"),
    Column("matched", "text"),
    Column("cas", "text"),
    Column("inchikey", "text"),
    Column("control_entries", "integer"),
    Column("is_verified", "boolean"),
    Column("reference", "text"),
)
Row = dict[str, object]


def _resolve(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:  # noqa: ARG001  # one shape
    entries = listed.entries(tables[listed.KIND])
    known = identity.Identities(tables[identity.KIND], entries)
    asked = arguments["name"]
    names = known.writings() if asked is None else [part.strip() for part in str(asked).split(NAMES_SEPARATOR)]
    rows = [row for name in names for row in _rows(name, known)]
    return Answer(
        question=RESOLVE.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(_COLUMNS, rows),
        denominators=(Denominator("names-resolved", sum(row["resolution"] == "one" for row in rows), len(names)),),
        cautions=_cautions(rows),
        provenance=provenance([tables[identity.KIND], tables[listed.KIND]]),
    )


def _rows(name: str, known: identity.Identities) -> Iterator[Row]:
    found = known.meant(name)
    if not found:
        yield dict.fromkeys(column.name for column in _COLUMNS) | {"written": name, "resolution": "none"}
    for one in found:
        related = one.reason == "inchikey-skeleton"
        yield {
            "written": name,
            "resolution": "related" if related else "one" if len(found) == 1 else "several",
            "substance": one.substance.name,
            "match_reason": one.reason,
            "matched": one.writing.text,
            "cas": one.substance.identifiers("cas") or None,
            "inchikey": one.substance.identifiers("inchikey") or None,
            "control_entries": len(one.substance.entries),
            "is_verified": one.writing.is_verified,
            "reference": one.writing.reference,
        }


def _cautions(rows: list[Row]) -> tuple[str, ...]:
    found = {
        "name-ambiguous": any(row["resolution"] == "several" for row in rows),
        "only-related": any(row["resolution"] == "related" for row in rows),
        "not-verified": any(row["is_verified"] is False for row in rows),
    }
    return ("names-not-guessed", *(code for code, is_so in found.items() if is_so))


RESOLVE = Question(
    name="substances.resolve",
    needs=(identity.KIND, listed.KIND),
    parameters=(Parameter(name="name", type="text"),),
    answer=_resolve,
)
