"""What was found in samples, as health may see it: counts by period and region, and nothing that names a sample."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from entente.analysis import (
    Answer,
    Arguments,
    Column,
    Denominator,
    Engine,
    Question,
    Table,
    answer_rows,
    provenance,
    ratio,
)
from entente.workstreams.samples.questions.given import EVERY, FROM, UNTIL, least, period, rows, whole, within
from entente.workstreams.samples.questions.together import FOUND, TESTED

_COLUMNS = (
    Column("period", "text"),
    Column("place", "text"),
    Column("tested_substance", "text"),
    Column("times_found", "integer"),
    Column("tested_for", "integer"),
    Column("share", "decimal"),
)


def _composition(tables: Mapping[str, Table], arguments: Arguments, engine: Engine) -> Answer:
    given = tables["lab-test"]
    used = within(given, arguments, engine, "reported_on")
    counts: dict[tuple[str, str | None, str], Counter[str]] = defaultdict(Counter)
    for row in rows(used, ("substance", "outcome", "reported_on", "region")):
        key = (period(row["reported_on"], arguments["every"]), row["region"], str(row["substance"]).casefold())
        counts[key]["tested"] += row["outcome"] in TESTED
        counts[key]["found"] += row["outcome"] in FOUND
    tested = {key: count for key, count in counts.items() if count["tested"]}
    shown = [key for key, count in tested.items() if count["tested"] >= max(1, whole(arguments["least"]))]
    return Answer(
        question=COMPOSITION.name,
        parameters=arguments,
        columns=_COLUMNS,
        rows=answer_rows(
            _COLUMNS,
            [
                {
                    "period": key[0],
                    "place": key[1],
                    "tested_substance": key[2],
                    "times_found": counts[key]["found"],
                    "tested_for": counts[key]["tested"],
                    "share": ratio(counts[key]["found"], counts[key]["tested"]),
                }
                for key in sorted(shown, key=lambda key: (key[0], key[1] or "", key[2]))
            ],
        ),
        denominators=(
            Denominator("tests-used", used.rows.num_rows, given.rows.num_rows),
            Denominator("cells-shown", len(shown), len(tested)),
        ),
        cautions=("submitted-samples", "by-day-of-report", "not-tested-left-out", "few-tested-left-out"),
        provenance=provenance([used]),
    )


COMPOSITION = Question(
    name="samples.composition",
    needs=("lab-test",),
    parameters=(EVERY, FROM, UNTIL, least(10)),
    answer=_composition,
)
