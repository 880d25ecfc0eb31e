"""What the readers of samples share: cells that are filled, codes of lists, texts."""

from collections.abc import Mapping, Sequence

from entente.records import Catalogue, Value, choice, text

Cells = Mapping[str, str]


def filled(cells: Cells) -> Cells:
    """Empty is "not known" and stays absent; 0 is a figure."""
    return {column: cell for column, cell in cells.items() if cell.strip()}


def codes(given: Cells, lists: Mapping[str, str], catalogue: Catalogue) -> dict[str, Value]:
    """The codes of the columns in `lists`, each of the list it names. Raises CellFault."""
    words = catalogue.vocabulary
    return {
        column: choice(column, given[column], words.list(name)) for column, name in lists.items() if column in given
    }


def texts(given: Cells, names: Sequence[str]) -> dict[str, Value]:
    return {name: text(name, given[name]) for name in names if name in given}
