"""`read`: a table becomes records *and* faults; a bad row waits with line, reason and cure, and loses nothing else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from types import MappingProxyType

from entente.errors import InputFault
from entente.records.cells import CellFault
from entente.records.faults import Fault, UnsayableFault
from entente.records.kinds import Catalogue, Kind, Value, problems
from entente.records.record import Provenance, Record, Stamp, record_id
from entente.records.tables import ByteStream, Row, rows

Cells = Mapping[str, str]
NOTE = "#"
"""A column whose title begins with this is a note for people: no reader looks into it."""
SIMULATED = "simulated"
"""Title of the column by which a file says that it is simulated; every row then says `yes` in it."""


class NotATable(InputFault):
    """{source} is not a table that the reader `{reader}` knows: {why}. Its columns are: {columns}. Choose another
    reader (on the command line with --format), rename the columns, or save the file as CSV with commas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads one public or agreed format.

    `columns` must be there, under the first header that fits (a column may have several names in different editions);
    `optional` may be; others are refused unless `may_ignore_others`, but for notes (NOTE). `values` turns cells by
    column into values and raises CellFault; where a row means something only after the rows before it, `begin` gives
    the function for one table instead. `mapping_version` is that of the mappings it uses, empty if it maps no names.
    `one_for`: a field that is one figure for all rows with equal values in the fields it names.
    """

    name: str
    kind: str
    source: str
    columns: Mapping[str, tuple[str, ...]]
    values: Callable[[Cells, Catalogue], Mapping[str, Value]]
    mapping_version: str = ""
    optional: Mapping[str, tuple[str, ...]] = default(default_factory=dict)
    one_for: Mapping[str, tuple[str, ...]] = default(default_factory=dict)
    may_ignore_others: bool = False
    sure: str = "reported"
    begin: Callable[[], Callable[[Cells, Catalogue], Mapping[str, Value]]] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Records and faults of one table, to be gone through once. `is_simulated`: the caller or the table says so.

    `header` is the text of the header row, as written.
    """

    is_simulated: bool
    header: str
    outcomes: Iterator[Record | Fault]

    def __iter__(self) -> Iterator[Record | Fault]:
        return self.outcomes

    def __next__(self) -> Record | Fault:
        return next(self.outcomes)


def read(
    stream: ByteStream,
    *,
    reader: Reader,
    catalogue: Catalogue,
    stamp: Stamp,
    source: str,
    source_digest: str,
) -> Reading:
    """Records and faults of the table in `stream`, in order, with bounded memory but for one id per record.

    Reads the header at once. INVARIANT: a table with a column `simulated` gives simulated records only, whatever
    `stamp` says; a row of it that does not say `yes` there waits. Raises NotATable when the header does not fit
    `reader`.
    """
    table = rows(stream)
    head = _head(table, reader, source)
    places = _places([title.strip() for title in head.cells], reader, source, head.text)
    if SIMULATED in places:
        stamp = replace(stamp, is_simulated=True)
    outcomes = _outcomes(
        table,
        places,
        len(head.cells),
        reader=reader,
        catalogue=catalogue,
        stamp=stamp,
        source=source,
        source_digest=source_digest,
    )
    return Reading(stamp.is_simulated, head.text, outcomes)


def _outcomes(
    table: Iterator[Row | Fault],
    places: Mapping[str, int],
    width: int,
    *,
    reader: Reader,
    catalogue: Catalogue,
    stamp: Stamp,
    source: str,
    source_digest: str,
) -> Iterator[Record | Fault]:
    kind = catalogue.kind(reader.kind)
    seen: dict[str, tuple[int, str]] = {}
    shared: dict[tuple[Value | None, ...], tuple[int, Value]] = {}
    values_of = reader.begin() if reader.begin else reader.values
    for row in table:
        if isinstance(row, Fault):
            yield row
            continue
        try:
            values = values_of(_unmarked(_cells(row, places, width)), catalogue)
            _check(kind, values, catalogue)
            _check_shared(reader, values, row.line, shared)
        except CellFault as fault:
            yield fault.at(row.line, row.text)
            continue
        except UnsayableFault as defect:  # ours, and no reason to lose the other rows
            yield _defect(defect, row)
            continue
        record = _record(
            values,
            kind,
            reader,
            stamp,
            Provenance(
                source=source,
                source_digest=source_digest,
                line=row.line,
                reader=reader.name,
                mapping_version=reader.mapping_version,
            ),
        )
        first = seen.setdefault(record.id, (row.line, record.content_digest))
        if first[0] != row.line:
            code = "duplicated-row" if first[1] == record.content_digest else "contradicting-row"
            yield Fault(line=row.line, code=code, row=row.text, details={"first": str(first[0])})
        else:
            yield record


def _defect(error: UnsayableFault, row: Row) -> Fault:
    field, why = str(error.values["field"]), str(error.values["why"])
    return Fault(line=row.line, code="reader-defect", field=field, row=row.text, details={"why": why})


def _head(table: Iterator[Row | Fault], reader: Reader, source: str) -> Row:
    head = next(table, None)
    if head is None:
        raise _not_a_table(reader, source, "it is empty")
    if isinstance(head, Fault):
        raise _not_a_table(reader, source, f"{head.reason()} {head.cure()}".rstrip("."))
    return head


def _places(titles: Sequence[str], reader: Reader, source: str, header: str) -> dict[str, int]:
    """Where each column stands. INVARIANT: a note is no column, whatever it is called."""
    columns = [(place, title) for place, title in enumerate(titles) if not title.startswith(NOTE)]
    places: dict[str, int] = {}
    for column, names in {**reader.columns, **reader.optional}.items():
        found = [place for place, title in columns if title in names]
        if len(found) > 1:
            raise _not_a_table(reader, source, f"`{names[0]}` stands there twice")
        if found:
            places[column] = found[0]
        elif column in reader.columns:
            raise _not_a_table(reader, source, _missing(names[0], header))
    marks = [place for place, title in columns if title.casefold() == SIMULATED]
    if len(marks) > 1:
        raise _not_a_table(reader, source, f"`{SIMULATED}` stands there twice")
    if marks:
        places[SIMULATED] = marks[0]
    others = [title for place, title in columns if place not in places.values()]
    if others and not reader.may_ignore_others:
        raise _not_a_table(reader, source, f"it does not know the column `{others[0]}`")
    return places


def _missing(name: str, header: str) -> str:
    other = next((sign for sign in (";", "\t", "|") if sign in header and "," not in header), None)
    if other is not None:
        return f"its cells are separated by {other!r} instead of commas"
    return f"the column `{name}` is missing"


def _not_a_table(reader: Reader, source: str, why: str) -> NotATable:
    columns = ", ".join(names[0] for names in (*reader.columns.values(), *reader.optional.values()))
    return NotATable(source=source, reader=reader.name, why=why, columns=columns)


def _cells(row: Row, places: Mapping[str, int], width: int) -> dict[str, str]:
    if len(row.cells) != width:
        code = "too-few-cells" if len(row.cells) < width else "too-many-cells"
        raise CellFault("", code, "", found=str(len(row.cells)), expected=str(width))
    return {column: row.cells[place] for column, place in places.items()}


def _unmarked(cells: dict[str, str]) -> dict[str, str]:
    mark = cells.pop(SIMULATED, "yes").strip()
    if mark.casefold() != "yes":
        raise CellFault(SIMULATED, "not-simulated", mark)
    return cells


def _check(kind: Kind, values: Mapping[str, Value], catalogue: Catalogue) -> None:
    for name, code in problems(kind, values, catalogue.vocabulary):
        field = kind.field(name)
        raise CellFault(name, code, str(values.get(name, "")), list=(field and field.vocabulary) or "")


def _check_shared(
    reader: Reader, values: Mapping[str, Value], line: int, shared: dict[tuple[Value | None, ...], tuple[int, Value]]
) -> None:
    for name, same in reader.one_for.items():
        value = values.get(name)
        if value is not None:
            first, other = shared.setdefault((name, *(values.get(field) for field in same)), (line, value))
            if other != value:
                raise CellFault(name, "two-figures", str(value), first=str(first), other=str(other))


def _record(values: Mapping[str, Value], kind: Kind, reader: Reader, stamp: Stamp, provenance: Provenance) -> Record:
    return Record(
        id=record_id(stamp, kind, values),
        version=1,
        kind=kind.name,
        kind_version=kind.version,
        said_by=stamp.said_by,
        recorded_at=stamp.recorded_at,
        sure=reader.sure,
        provenance=provenance,
        values=MappingProxyType(dict(values)),
        is_simulated=stamp.is_simulated,
    )
