"""Caveats as a lattice: each may imply others and rule out purposes, by the attributes `implies` and `rules_out` of the
list `caveat`. Adding one only ever tightens."""

from collections.abc import Collection, Iterable

from entente.vocabulary import Vocabulary


def closed(caveats: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """`caveats` with all that they imply, sorted."""
    terms = vocabulary.list("caveat").terms
    found: set[str] = set()
    todo = list(caveats)
    while todo:
        caveat = todo.pop()
        if caveat not in found:
            found.add(caveat)
            todo.extend(terms[caveat].attributes.get("implies", ()) if caveat in terms else ())
    return tuple(sorted(found))


def ruling_out(purpose: str, caveats: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Those of `caveats`, and of what they imply, under which nothing may serve `purpose`, sorted."""
    terms = vocabulary.list("caveat").terms
    return tuple(
        caveat
        for caveat in closed(caveats, vocabulary)
        if caveat in terms and purpose in terms[caveat].attributes.get("rules_out", ())
    )


def allowed(purposes: Iterable[str], caveats: Collection[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Those of `purposes` that no caveat rules out, in order."""
    return tuple(purpose for purpose in purposes if not ruling_out(purpose, caveats, vocabulary))
