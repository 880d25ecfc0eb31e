"""Questions and answers: records as Arrow tables, an engine that counts, and answers that say what they rest on.

Knows records and words. Refuses to know stores, agreements and messages.
Nouns: `Question`, `Table`, `Engine`, `Answer`.
"""

from entente.analysis.amounts import answer_rows, in_unit, quotient, ratio
from entente.analysis.answer import Answer, Column, Contribution, Denominator, Provenance
from entente.analysis.asking import (
    CountedTwice,
    MissingTable,
    ParameterCard,
    QuestionCard,
    argument_text,
    describe,
    run_question,
)
from entente.analysis.engine import Engine, QueryFailed, SumTooLarge
from entente.analysis.figure import Figure
from entente.analysis.finding import (
    ACCEPTED,
    DISMISSED,
    EVIDENCE,
    FINDING,
    FINDING_COLUMNS,
    LOOKED_UNTIL,
    OPEN,
    WITHDRAWN,
    Found,
    NotAFindingAnswer,
    found_in,
    sentence,
    settings_in,
    settings_text,
)
from entente.analysis.grown import COUNTS, GROWTH_COLUMNS, GROWTH_PARAMETERS, SHARE_GROWTH, SHARED, Grown, grown
from entente.analysis.growth import SMALLEST_P, Dispersion, Growth, Stratum, dispersion, growth, q_values
from entente.analysis.parameters import (
    NotAllowed,
    NotOfType,
    ParameterSetTwice,
    UnknownParameter,
    allowed_values,
    parse_parameters,
)
from entente.analysis.provenance import SimulatedAmongReal, provenance
from entente.analysis.question import Argument, Arguments, Parameter, Question
from entente.analysis.tables import (
    DifferentKinds,
    Held,
    Table,
    TooManyDigits,
    WrongKind,
    joined,
    limited,
    records_table,
)
from entente.analysis.windows import EmptyWindow, Windows, months_back, months_of, usual_end
from entente.analysis.writing import UnknownFileEnding, answer_json, cell_text, written

__all__ = [
    "ACCEPTED",
    "COUNTS",
    "DISMISSED",
    "EVIDENCE",
    "FINDING",
    "FINDING_COLUMNS",
    "GROWTH_COLUMNS",
    "GROWTH_PARAMETERS",
    "LOOKED_UNTIL",
    "OPEN",
    "SHARED",
    "SHARE_GROWTH",
    "SMALLEST_P",
    "WITHDRAWN",
    "Answer",
    "Argument",
    "Arguments",
    "Column",
    "Contribution",
    "CountedTwice",
    "Denominator",
    "DifferentKinds",
    "Dispersion",
    "EmptyWindow",
    "Engine",
    "Figure",
    "Found",
    "Grown",
    "Growth",
    "Held",
    "MissingTable",
    "NotAFindingAnswer",
    "NotAllowed",
    "NotOfType",
    "Parameter",
    "ParameterCard",
    "ParameterSetTwice",
    "Provenance",
    "QueryFailed",
    "Question",
    "QuestionCard",
    "SimulatedAmongReal",
    "Stratum",
    "SumTooLarge",
    "Table",
    "TooManyDigits",
    "UnknownFileEnding",
    "UnknownParameter",
    "Windows",
    "WrongKind",
    "allowed_values",
    "answer_json",
    "answer_rows",
    "argument_text",
    "cell_text",
    "describe",
    "dispersion",
    "found_in",
    "grown",
    "growth",
    "in_unit",
    "joined",
    "limited",
    "months_back",
    "months_of",
    "parse_parameters",
    "provenance",
    "q_values",
    "quotient",
    "ratio",
    "records_table",
    "run_question",
    "sentence",
    "settings_in",
    "settings_text",
    "usual_end",
    "written",
]
