"""Reads what an agreement says above its provisions about asking: whether anything is confirmed, how many queries, and
how soon an answer is due."""

from collections.abc import Mapping

from entente.agreements.texts.tables import Table
from entente.records import Catalogue

BUDGET_KEYS = ("purpose", "queries", "per")
PERIODS = ("day",)


def read_budgets(head: Table, catalogue: Catalogue) -> Mapping[str, int]:
    """Queries a day by purpose; a purpose stands once."""
    found: dict[str, int] = {}
    for place, row in enumerate(head.of_type("budgets", list, "list of tables", is_required=False) or ()):
        table = head.row("budgets", place, row)
        table.only(BUDGET_KEYS)
        purpose = table.one_of("purpose", catalogue.vocabulary.list("purpose").terms)
        table.one_of("per", PERIODS)
        queries = table.whole("queries", at_least=0)
        if purpose in found:
            table.note("repeated", "purpose", value=purpose)
        found[purpose] = queries
    return found


def read_due_hours(head: Table, catalogue: Catalogue) -> Mapping[str, int]:
    """Hours by class of urgency, for those classes that have any."""
    if "due_hours" not in head.values:
        return {}
    terms = catalogue.vocabulary.list("urgency").terms
    timed = [code for code, term in terms.items() if "due_hours" in term.attributes]
    table = head.inner("due_hours", timed)
    return {code: table.whole(code) for code in timed if code in table.values}
