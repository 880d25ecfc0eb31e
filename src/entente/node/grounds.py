"""Why somebody may see a record, and why each field of it goes, waits, came or did not come: values and sentences.

INVARIANT: no value of a record is in a ground, so none can claim to know one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from entente.agreements import Limits, ProvisionRef, explain_json, explain_limits, explain_withheld
from entente.vocabulary import Phrasebook, Vocabulary

State = Literal[
    "goes", "waits", "given", "not-stated", "maybe-forbidden", "unmet", "no-provision", "forbidden", "untraced"
]
"""Of a field. Of our own record: it goes, waits, or does not go. Of a received one: it was given, or did not come.

not-stated: a provision would give it, so the giver does not state it or a condition on what we cannot see withheld it;
maybe-forbidden: a forbid hangs on what we cannot see; untraced: the agreement's text is not kept here.
"""
_WEAKEST_FIRST: tuple[State, ...] = (
    "goes",
    "waits",
    "given",
    "untraced",
    "not-stated",
    "maybe-forbidden",
    "unmet",
    "no-provision",
    "forbidden",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A provision, where it stands, and its clause by language; `text` is empty where the text is not kept here."""

    ref: ProvisionRef
    reference: str
    text: Mapping[str, str]

    def worded(self, language: str) -> str:
        """The clause in `language`, else in the first language it has; empty where it is not kept here."""
        return (self.text.get(language) or next(iter(self.text.values()), "")).strip()

    def named(self, book: Phrasebook) -> str:
        ref = self.ref
        if not ref.name:
            return ref.agreement
        return book.say(
            "{name} v{version}, provision {provision}", name=ref.name, version=ref.version, provision=ref.provision
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why, for these `purposes`: `cited` gives, forbids, or comes nearest. `found` is the field's place in the list
    `withheld` of the explanation `body`, where it has one."""

    state: State
    purposes: tuple[str, ...]
    cited: tuple[Cited, ...] = ()
    found: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReason:
    """Why one field goes from `giver` to `receiver`, or came, or not. `is_present`: it is in the record as held
    here."""

    kind: str
    name: str
    is_present: bool
    giver: str
    receiver: str
    grounds: tuple[Ground, ...]

    @property
    def state(self) -> State:
        """The one that leaves most open, of all purposes."""
        return min((ground.state for ground in self.grounds), key=_WEAKEST_FIRST.index, default="untraced")

    @property
    def cited(self) -> tuple[Cited, ...]:
        return tuple({one.ref: one for ground in self.grounds for one in ground.cited}.values())

    def said(self, vocabulary: Vocabulary, book: Phrasebook) -> list[str]:
        """One sentence for each ground, those that say the same once."""
        return list(dict.fromkeys(self._sentence(ground, vocabulary, book) for ground in self.grounds))

    def _sentence(self, ground: Ground, vocabulary: Vocabulary, book: Phrasebook) -> str:
        if ground.found is not None and ground.body is not None:
            return explain_withheld(ground.found, ground.body, vocabulary, book)
        label = f"{self.kind}.{self.name}"
        values = {
            "field": self.name if (found := vocabulary.label("field", label, book.language)) == label else found,
            "giver": vocabulary.label("party", self.giver, book.language),
            "receiver": vocabulary.label("party", self.receiver, book.language),
            "purpose": ", ".join(vocabulary.label("purpose", code, book.language) for code in ground.purposes),
            "provision": "; ".join(one.named(book) for one in ground.cited),
        }
        return _sentence(ground.state, values, book)


def _sentence(state: State, values: Mapping[str, str], book: Phrasebook) -> str:
    field, giver, provision = values["field"], values["giver"], values["provision"]
    if state in ("goes", "waits"):
        to = {name: values[name] for name in ("receiver", "purpose")}
        if state == "goes":
            return book.say(
                "{field} goes to {receiver} for {purpose} under {provision}.", field=field, provision=provision, **to
            )
        return book.say(
            "{field} waits for release to {receiver} for {purpose} under {provision}.",
            field=field,
            provision=provision,
            **to,
        )
    if state == "given":
        return book.say("{giver} gave {field} under {provision}.", giver=giver, field=field, provision=provision)
    if state == "maybe-forbidden":
        return book.say(
            "{field} did not come. {provision} may forbid it, which depends on what did not come; or {giver} does not "
            "state it.",
            field=field,
            provision=provision,
            giver=giver,
        )
    if state == "untraced":
        return book.say(
            "{field}: the text of the agreement is not kept here, so no reason can be derived.", field=field
        )
    return book.say(
        "{field} did not come. {giver} does not state it, or a condition on what we cannot see withheld it.",
        field=field,
        giver=giver,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerReasons:
    """What was decided of one record version for `partner` and `purpose`, field by field.

    `outcome` is that of the decision; where none was made (`body` None, `purpose` empty) it says why:
    nothing-in-force, not-standing (no standing provision speaks of this kind) or not-yet.
    """

    giver: str
    partner: str
    purpose: str
    outcome: str
    decided_at: datetime | None = None
    body: Mapping[str, Any] | None = None
    fields: tuple[FieldReason, ...] = ()

    def said(self, vocabulary: Vocabulary, book: Phrasebook) -> list[str]:
        values = {
            "giver": vocabulary.label("party", self.giver, book.language),
            "receiver": vocabulary.label("party", self.partner, book.language),
        }
        return [
            *_undecided(self.outcome, values, book),
            *(explain_json(self.body, vocabulary, book) if self.body is not None else ()),
        ]


def _undecided(outcome: str, values: Mapping[str, str], book: Phrasebook) -> Sequence[str]:
    if outcome == "nothing-in-force":
        return [book.say("No agreement between {giver} and {receiver} is in force, so nothing leaves.", **values)]
    if outcome == "not-standing":
        return [
            book.say(
                "No standing provision between {giver} and {receiver} speaks of such records, so nothing is offered.",
                **values,
            )
        ]
    if outcome == "not-yet":
        return [book.say("Nothing has been decided for {receiver} yet.", receiver=values["receiver"])]
    if outcome == "taken-back":
        return [book.say("It was taken back before it went to {receiver}.", receiver=values["receiver"])]
    if outcome == "not-taken-in":
        return [book.say("{receiver} did not take it in; it will be offered again.", receiver=values["receiver"])]
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a received record is held under; `agreement` for people, by name and version, or its digest."""

    agreement: str
    purposes: tuple[str, ...]
    caveats: tuple[str, ...]
    retain_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReasons:
    """Why one version of a record may be seen by whoever stated `why` (and `purpose`), and why its fields are there.

    Of a received record: `held`, and `fields`, every field of its kind. Of our own: `partners`, and `inherited`, the
    limits of what it rests on.
    """

    record_id: str
    version: int
    kind: str
    said_by: str
    receiver: str
    why: str
    purpose: str
    held: Held | None = None
    inherited: Limits
    fields: tuple[FieldReason, ...] = ()
    partners: tuple[PartnerReasons, ...] = ()

    def field(self, name: str) -> FieldReason | None:
        return next((found for found in self.fields if found.name == name), None)

    def said(self, vocabulary: Vocabulary, book: Phrasebook) -> list[str]:
        """Why this record may be seen, as a whole."""

        def labels(list_name: str, codes: Sequence[str]) -> str:
            return ", ".join(vocabulary.label(list_name, code, book.language) for code in codes)

        looked = book.say("You read it for the reason you stated: {why}. The look is logged.", why=self.why)
        if self.purpose:
            looked = book.say(
                "You read it for this purpose: {purpose}; and for the reason you stated: {why}. The look is logged.",
                purpose=labels("purpose", (self.purpose,)),
                why=self.why,
            )
        if self.held is None:
            ours = book.say("It is a record of our own agency.")
            return [ours, looked, *explain_limits(self.inherited, vocabulary, book)]
        giver, held = labels("party", (self.said_by,)), self.held
        said = [book.say("{giver} gave it to us under {agreement}.", giver=giver, agreement=held.agreement), looked]
        said.append(book.say("It may be used for: {purposes}.", purposes=labels("purpose", held.purposes)))
        if held.caveats:
            said.append(book.say("Caveats: {caveats}.", caveats=labels("caveat", held.caveats)))
        if held.retain_until:
            said.append(book.say("It may be kept until {day}.", day=held.retain_until))
        return said
