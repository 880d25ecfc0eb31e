"""What another version changes in the conditions of one provision: which are new, which are gone, and which ask for
something else of the same field."""

from collections.abc import Callable, Iterator, Sequence

from entente.agreements.agreement import Provision
from entente.agreements.comparing.sentence_words import SentenceWords
from entente.agreements.deciding.conditions import Condition
from entente.agreements.telling.condition_said import condition_said, wanted_said
from entente.agreements.telling.explain import Words
from entente.records import Kind

_VALUED = ("equals", "one_of", "at_least", "at_most", "before", "after", "within", "includes", "only")
_ALIKE: tuple[Callable[[Condition], object], ...] = (
    lambda one: (one.field, one.test, one.value, one.unit),
    lambda one: (one.field, one.test, one.on),
    lambda one: one.field,
)
"""By what a condition is known again, what says the most first."""


def conditions_changed(before: Provision, after: Provision, words: SentenceWords) -> Iterator[str]:
    """Sentences; none where both ask for the same. Fields by the labels of the first kind of each."""
    old, new = _Said(before, words), _Said(after, words)
    gone = [one for one in before.when if old.said(one) not in map(new.said, after.when)]
    more = [one for one in after.when if new.said(one) not in map(old.said, before.when)]
    pairs = list(_pairs(gone, more))
    for one, other in pairs:
        yield _changed(one, other, old, new, words)
    if added := [new.said(one) for one in more if all(one is not other for _, other in pairs)]:
        yield words.say("A new condition: {conditions}", conditions=" ".join(added))
    if removed := [old.said(one) for one in gone if all(one is not other for other, _ in pairs)]:
        yield words.say("No longer a condition: {conditions}", conditions=" ".join(removed))


class _Said:
    """The conditions of one provision in words; those of a kind that is not known here have none."""

    def __init__(self, provision: Provision, words: SentenceWords) -> None:
        name = next(iter(provision.kinds or ()), "")
        self._vocabulary = words.catalogue.vocabulary
        self._kind: Kind = words.catalogue.kind(name)
        self._labels = Words(self._vocabulary, words.book, {"kind": name})

    def said(self, condition: Condition) -> str:
        return condition_said(condition, self._kind, self._vocabulary, self._labels)

    def wanted(self, condition: Condition) -> str:
        return wanted_said(condition, self._kind, self._labels)


def _pairs(gone: Sequence[Condition], more: Sequence[Condition]) -> Iterator[tuple[Condition, Condition]]:
    """A condition and what takes its place, where that is plain: one of each is left that is alike."""
    left, right = list(gone), list(more)
    for key in _ALIKE:
        for one in tuple(left):
            same = [other for other in right if key(other) == key(one)]
            if len(same) == 1 and sum(key(other) == key(one) for other in left) == 1:
                left = [other for other in left if other is not one]
                right = [other for other in right if other is not same[0]]
                yield one, same[0]


def _changed(one: Condition, other: Condition, old: _Said, new: _Said, words: SentenceWords) -> str:
    if one.test == other.test and one.on == other.on and (one.test in _VALUED or one.test.startswith("age_days")):
        return words.say(
            "A condition changes: {condition} {before} becomes {after}.",
            condition=new.said(other),
            before=old.wanted(one),
            after=new.wanted(other),
        )
    return words.say(
        "A condition changes: {condition} Before: {before}", condition=new.said(other), before=old.said(one)
    )
