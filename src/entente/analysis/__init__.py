"""Questions and answers: records as Arrow tables, an engine that counts, and answers that say what they rest on.

Knows records and words. Refuses to know stores, agreements and messages.
Nouns: `Question`, `Table`, `Engine`, `Answer`.
"""

from entente.analysis.answer import Answer, Column, Contribution, Denominator, Provenance
from entente.analysis.engine import Engine, QueryFailed, SumTooLarge
from entente.analysis.question import Argument, Arguments, Parameter, Question
from entente.analysis.tables import DifferentKinds, Held, Table, TooManyDigits, decimal_array, joined, records_table

__all__ = [
    "Answer",
    "Argument",
    "Arguments",
    "Column",
    "Contribution",
    "Denominator",
    "DifferentKinds",
    "Engine",
    "Held",
    "Parameter",
    "Provenance",
    "QueryFailed",
    "Question",
    "SumTooLarge",
    "Table",
    "TooManyDigits",
    "decimal_array",
    "joined",
    "records_table",
]
