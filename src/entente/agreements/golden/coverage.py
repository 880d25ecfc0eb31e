"""What golden decisions leave untried: a provision or a condition without which all of them would come out the same."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from entente.agreements.agreement import Agreement, Provision
from entente.agreements.comparing.differences import differences
from entente.agreements.comparing.situations import TooIntricate
from entente.agreements.golden.cases import CaseResult, run_cases
from entente.records import Catalogue


@dataclass(frozen=True, slots=True)
class Untried:
    """A provision, or its condition on `field` with `test` (the `number`-th, from 1); number 0: the whole provision.
    `is_needless`: a condition that nothing could try, as without it no record at all would go otherwise."""

    provision: str
    number: int = 0
    field: str = ""
    test: str = ""
    is_needless: bool = False


def untried(agreement: Agreement, results: tuple[CaseResult, ...], catalogue: Catalogue) -> tuple[Untried, ...]:
    """What no case of `results` tries, in the order of the text; of an untried provision not each condition too."""
    return tuple(found for provision in agreement.provisions for found in _in(provision, agreement, results, catalogue))


def _in(
    provision: Provision, agreement: Agreement, results: tuple[CaseResult, ...], catalogue: Catalogue
) -> Iterator[Untried]:
    if _is_missed_by_none(_with(agreement, provision, None), results, catalogue):
        yield Untried(provision.id)
        return
    for number, condition in enumerate(provision.when, start=1):
        without = replace(provision, when=tuple(one for one in provision.when if one is not condition))
        if _is_missed_by_none(_with(agreement, provision, without), results, catalogue):
            is_needless = _is_alike(agreement, provision, without, catalogue)
            yield Untried(provision.id, number, condition.field, condition.test, is_needless)


def _is_alike(agreement: Agreement, one: Provision, other: Provision, catalogue: Catalogue) -> bool:
    """True when it is certain that both do the same to every record."""
    before, after = (replace(agreement, provisions=(found,)) for found in (one, other))
    try:
        return not differences(before, after, catalogue)
    except TooIntricate:
        return False


def _is_missed_by_none(changed: Agreement, results: tuple[CaseResult, ...], catalogue: Catalogue) -> bool:
    cases = tuple(result.case for result in results)
    return [_shown(one) for one in run_cases(changed, cases, catalogue)] == [_shown(one) for one in results]


def _shown(result: CaseResult) -> tuple[object, ...]:
    """What comes out, and who forbids what."""
    decision = result.decision
    forbidden = {(one.field, by.provision.provision) for one in decision.withheld for by in one.by}
    return decision.outcome, decision.fields, decision.waiting, decision.because, forbidden


def _with(agreement: Agreement, old: Provision, new: Provision | None) -> Agreement:
    changed = ((new if found is old else found) for found in agreement.provisions)
    return replace(agreement, provisions=tuple(found for found in changed if found is not None))
