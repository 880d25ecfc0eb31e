"""An answer on the screen: rounded and with labels where there is room; files stay unrounded."""

import shutil
from decimal import Decimal
from typing import Any

from entente.analysis import Answer, Column, Contribution, cell_text
from entente.analysis.reasons import reasons_said
from entente.analysis.series import PLAIN
from entente.cli.house import catalogue
from entente.cli.terminal import PHRASES, out, say, table

PLACES = Decimal("0.001")


def print_answer(answer: Answer) -> None:
    """Rows as a table, or one below the other where the screen is too narrow; then what they rest on and what to beware
    of."""
    rows = [
        {column.name: shown(column, row[column.name]) for column in answer.columns} for row in answer.rows.to_pylist()
    ]
    widths = [max([len(column.name), *(len(row[column.name]) for row in rows)]) for column in answer.columns]
    if sum(widths) + 2 * len(widths) <= shutil.get_terminal_size((160, 24)).columns or not rows:
        names = [column.name for column in answer.columns]
        table(names, [list(row.values()) for row in rows], empty=say("No record fits."))
    else:
        _print_blocks(answer, rows)
    out()
    print_grounds(answer)


def print_grounds(answer: Answer) -> None:
    """What an answer rests on, and what to beware of."""
    if answer.provenance.is_simulated:
        out(say("SIMULATED: none of this is real."))
    for contribution in answer.provenance.contributions:
        out(_said(contribution))
    if answer.provenance.purposes is not None:
        labels = [
            catalogue().vocabulary.label("purpose", code, PHRASES.language) for code in answer.provenance.purposes
        ]
        out("! " + say("Held for this and nothing else: {purposes}", purposes=", ".join(labels)))
    for name, codes in (("caveat", answer.provenance.caveats), ("caution", answer.cautions)):
        for code in codes:
            out("! " + catalogue().vocabulary.label(name, code, PHRASES.language))


def _print_blocks(answer: Answer, rows: list[dict[str, str]]) -> None:
    labels = {column.name: _label(column) for column in answer.columns}
    width = max(map(len, labels.values()))
    for row in rows:
        for name, value in row.items():
            if value:
                out(f"{labels[name].ljust(width)}  {value}")
        out()


def _label(column: Column) -> str:
    return catalogue().vocabulary.label("column", column.name, PHRASES.language)


def shown(column: Column, value: Any) -> str:
    """A value of an answer, rounded, in the reader's language."""
    if isinstance(value, Decimal):
        return cell_text(value.quantize(PLACES) if abs(value) >= PLACES else value)
    if column.type == "reasons" and value:
        return reasons_said(value, catalogue().vocabulary, PHRASES.language)
    if column.vocabulary and isinstance(value, str):
        return catalogue().vocabulary.label(column.vocabulary, value, PHRASES.language)
    return cell_text(value)


def _said(one: Contribution) -> str:
    if one.kind == PLAIN:
        return say("{records} counts from {source}", records=f"{one.records:,}", source=one.source)
    values: dict[str, object] = {
        "records": f"{one.records:,}",
        "kind": one.kind,
        "party": one.said_by,
        "source": one.source,
    }
    if one.via is None:
        return say("{records} records of {kind} said by {party} (our own), source {source}", **values)
    values |= {"via": one.via, "agreement": (one.agreement or "")[:18]}
    return say("{records} records of {kind} said by {party}, received from {via} under {agreement}", **values)
