"""What texts say against each other, as values: how grave, between which provisions, a sentence, what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime

from entente.agreements.agreement import Occasion, ProvisionRef
from entente.agreements.care.conflict_words import Label, in_words
from entente.agreements.care.reach import Meeting
from entente.agreements.care.sayings_of_conflicts import SAYINGS
from entente.agreements.deciding.conditions import Values
from entente.agreements.texts.remarks import Severity
from entente.agreements.texts.sayings import Say
from entente.records import Kind, values_to_json
from entente.signing import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A record of `giver`'s, or of the first in `chain`, of which one provision would give `field` and the other takes
    it away: at `moment`, asked for `purpose` on `occasion`. `values` are those that matter, also of
    the record itself (`record.sure`).
    """

    kind: Kind
    field: str
    values: Values
    giver: str
    receiver: str
    purpose: str
    occasion: Occasion
    moment: datetime
    chain: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        return {
            "kind": self.kind.name,
            "field": self.field,
            "values": values_to_json(self.values),
            "giver": self.giver,
            "receiver": self.receiver,
            "purpose": self.purpose,
            "occasion": self.occasion,
            "moment": self.moment.isoformat(),
            "chain": list(self.chain),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One place where texts do not fit together. `between`: the provisions, or the texts as a whole (provision "").
    `meetings` say what it is about; `roads` are parties, from whom over whom to whom.

    An error: a text does not do what it says, or something goes where it must not. A warning: think again.
    """

    severity: Severity
    code: str
    between: tuple[ProvisionRef, ...]
    values: Mapping[str, str] = default(default_factory=dict)
    meetings: tuple[Meeting, ...] = ()
    roads: tuple[tuple[str, str, str], ...] = ()
    example: Example | None = None

    def sentence(self, say: Say, label: Label | None = None) -> str:
        """What does not fit; with the labels of codes where `label` gives them."""
        return SAYINGS[self.code](say, self._all(label))[0]

    def remedy(self, say: Say, label: Label | None = None) -> str:
        """What to do about it."""
        return SAYINGS[self.code](say, self._all(label))[1]

    def _all(self, label: Label | None) -> dict[str, str]:
        names = {"one": self.between[0], "other": self.between[-1]}
        values = self.values if label is None else in_words(self.values, label)
        return {**{name: where(ref) for name, ref in names.items()}, **values}

    def to_json(self) -> dict[str, Json]:
        return {
            "severity": self.severity,
            "code": self.code,
            "between": [ref.to_json() for ref in self.between],
            "values": dict(self.values),
            "about": [_about(met) for met in self.meetings],
            "roads": [list(road) for road in self.roads],
            "example": self.example.to_json() if self.example else None,
        }


def _about(met: Meeting) -> dict[str, Json]:
    return {
        "kind": met.kind.name,
        "fields": list(met.fields),
        "between": [list(pair) for pair in met.pairs],
        "purposes": list(met.purposes),
        "from": met.span.first.isoformat(),
        "until": met.span.end.isoformat(),
    }


def told(meetings: Iterable[Meeting]) -> dict[str, str]:
    """What `meetings` are about, for a sentence: fields by kind, who gives, who gets, what for."""
    every = list(meetings)
    fields = "; ".join(f"{met.kind.name} ({', '.join(met.fields)})" for met in every)
    return {
        "fields": fields,
        "givers": _listed(pair[0] for met in every for pair in met.pairs),
        "receivers": _listed(pair[1] for met in every for pair in met.pairs),
        "purposes": _listed(purpose for met in every for purpose in met.purposes),
    }


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(set(words)))


def where(ref: ProvisionRef) -> str:
    """`name v1, 3.2`; without the provision where the whole text is meant."""
    text = f"{ref.name} v{ref.version}"
    return f"{text}, {ref.provision}" if ref.provision else text
