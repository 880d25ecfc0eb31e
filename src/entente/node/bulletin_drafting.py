"""What a draft of a bulletin holds: the texts in every language, what they rest on, and what a person added."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from entente.analysis import OPEN
from entente.errors import InputFault
from entente.exchange.feedback import MAX_NOTE_CHARACTERS, is_note
from entente.node.bulletin_floor import Floor, check_floor, floor_on, is_given_by_public
from entente.node.bulletin_said import Facts, body, observed, title
from entente.node.bulletin_words import check_words
from entente.node.looking import record_of
from entente.node.work import Node, Work
from entente.records import Provenance, Record, Stamp, Value, record_id
from entente.store import RecordRow, Transaction
from entente.vocabulary import LANGUAGES

KIND, SERVICE = "bulletin", "service-availability"
READER, VERSION = "entente-bulletin", "1"
MOST_SERVICES = 12


class UnfitAddition(InputFault):
    """What you add to the bulletin is longer than {limit} characters, or holds characters that steer a screen. Shorten
    it, or type it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants in a bulletin: which `advice` (empty: all of the list), what is `added` by language, and why
    words that hurt are `kept`."""

    advice: tuple[str, ...] = ()
    added: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)


def drafted(node: Node, work: Work, row: RecordRow, wish: Wish, who: str) -> Record:
    """A draft about the accepted finding in `row`.

    INVARIANT: a bulletin of a simulated finding is simulated itself, inside its signed bytes.
    Raises PlaceTooSmall, TooFewTested, NoFloorInForce, WordsToAnswer, UnfitAddition, UnknownWord.
    """
    kind = node.catalogue.kind(KIND)
    stamp = Stamp(
        said_by=node.party, recorded_at=work.now, id_key=node.identity.record_secret, is_simulated=row.is_simulated
    )
    values = _values(node, work, row, wish, who)
    return Record(
        id=record_id(stamp, kind, values),
        version=1,
        kind=kind.name,
        kind_version=kind.version,
        said_by=node.party,
        recorded_at=work.now,
        sure="reported",
        provenance=Provenance(source=row.id, source_digest=row.digest, line=1, reader=READER, mapping_version=VERSION),
        values=values,
        is_simulated=stamp.is_simulated,
    )


def _values(node: Node, work: Work, row: RecordRow, wish: Wish, who: str) -> dict[str, Value]:
    catalogue, found = node.catalogue, record_of(node, row).values
    added = _checked(wish.added)
    kept = check_words(added, wish.kept, catalogue.vocabulary)
    floor = _floor(node, work.now, found)
    facts = Facts(
        values=found,
        party=node.party,
        advice=_advice(node, wish),
        floor=floor,
        services=list(_services(node, work.tx, row, str(found["place"]))),
        added=added,
        is_simulated=row.is_simulated,
    )
    told: dict[str, Value | None] = {
        "observed": observed(facts),
        "of": found.get("of"),
        "floor": floor.code if floor else None,
        "words_kept": kept or None,
    }
    return {
        "finding": row.id,
        "finding_version": row.version,
        **{name: found[name] for name in ("subject", "place", "period_start", "period_end", "rests_on")},
        **{name: value for name, value in told.items() if value is not None},
        "advice": tuple(facts.advice),
        "review": OPEN,
        "drafted_on": work.now.date(),
        "drafted_by": who,
        **{f"title_{language}": title(facts, catalogue, language) for language in LANGUAGES},
        **{f"text_{language}": body(facts, catalogue, language) for language in LANGUAGES},
        **{f"added_{language}": text for language, text in added.items()},
    }


def _advice(node: Node, wish: Wish) -> tuple[str, ...]:
    """Raises UnknownWord."""
    known = node.catalogue.vocabulary.list("bulletin-advice")
    return tuple(known.term(code).code for code in wish.advice) or tuple(known.terms)


def _checked(added: Mapping[str, str]) -> dict[str, str]:
    """What is added, without what is empty. Raises UnfitAddition."""
    texts = {language: text.strip() for language, text in added.items() if text.strip()}
    if not set(texts) <= set(LANGUAGES) or not all(is_note(text) for text in texts.values()):
        raise UnfitAddition(limit=MAX_NOTE_CHARACTERS)
    return texts


def _floor(node: Node, now: datetime, values: Mapping[str, Value]) -> Floor | None:
    """None where the finding rests on nothing that the public has given. Raises what checking against it raises."""
    kinds = values["rests_on"]
    if not is_given_by_public(node.catalogue, kinds if isinstance(kinds, tuple) else ()):
        return None
    floor = floor_on(now.date(), node.config, node.catalogue)
    check_floor(values, floor)
    return floor


def _services(node: Node, tx: Transaction, row: RecordRow, place: str) -> Iterator[Mapping[str, Value]]:
    """Our own newest records of help that is to be had there, simulated as the finding is."""
    newest: dict[tuple[Value, ...], Mapping[str, Value]] = {}
    for one in all_of(tx, SERVICE, own=True):
        values = record_of(node, one).values
        if one.is_simulated is row.is_simulated and place in ("all", values["region"]):
            name = (values["service"], values["region"], values["area"], values["source"])
            newest[name] = max(newest.get(name, values), values, key=lambda each: str(each["as_of"]))
    offered = [newest[name] for name in sorted(newest, key=str) if newest[name]["is_available"] is True]
    yield from offered[:MOST_SERVICES]


def all_of(tx: Transaction, kind: str, *, own: bool | None = None) -> Iterator[RecordRow]:
    """The current records of `kind`, page by page."""
    after = ""
    while page := tx.current_records(kind, own=own, after=after):
        yield from page
        after = page[-1].id
