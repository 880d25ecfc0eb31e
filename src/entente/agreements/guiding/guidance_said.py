"""Guidance in sentences: the answer, what goes and what does not, on which condition, and what would change it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from entente.agreements.deciding.conditions import Condition
from entente.agreements.guiding.alternatives import Alternative, Change
from entente.agreements.guiding.guidance import VERDICTS, Answer, Ground, Guidance, Part
from entente.agreements.telling.condition_said import condition_said
from entente.agreements.telling.explain import WHOLE_REASONS, Words
from entente.agreements.telling.unmet import unmet_sentence
from entente.agreements.texts.sayings import Say
from entente.vocabulary import Phrasebook, Vocabulary


class Telling:
    """One guidance, told in the language of `book`."""

    def __init__(self, found: Guidance, vocabulary: Vocabulary, book: Phrasebook) -> None:
        ask = found.ask
        asked = {"kind": ask.kind.name, "giver": ask.giver, "receiver": ask.receiver}
        self.found, self.say, self._vocabulary = found, book.say, vocabulary
        self.words = Words(vocabulary, book, asked)

    def answer(self) -> str:
        """The answer in one sentence or two."""
        found = self.found
        values = {**self.words.parties(), "purpose": self.words.label("purpose", found.ask.purpose)}
        if found.refusal is not None:
            return self._refused(found.refusal.code, found.refusal.details)
        if found.answer == "depends":
            return self._depends() or _ANSWERS["depends"](self.say, 0, values)
        if found.answer == "ask" and found.fields("asks") != found.fields(*VERDICTS):
            return _ask_for_part(self.say, found.needs, values)
        return _ANSWERS[found.answer](self.say, found.needs, values)

    def _depends(self) -> str:
        """On what, where it is one provision's conditions; empty where several take a hand."""
        parts = [part for part in self.found.parts if part.verdict == "depends"]
        grounds = {ground.ref: ground for part in parts for ground in part.grounds}
        if not self.found.is_exact or len(grounds) != 1 or self.found.fields("depends") == frozenset():
            return ""
        (ground,), officers = grounds.values(), max(part.officers for part in parts)
        then = _THEN["ask"](self.say, officers) if officers else _THEN["yes-without"](self.say, 0)
        return self.say(
            "It depends. If this is so: {conditions} Then {answer}",
            conditions=self.conditions(ground.hangs_on),
            answer=then,
        )

    def part(self, part: Part) -> str:
        """The heading over the fields of a part."""
        return _PARTS[part.verdict](self.say, part.officers)

    def fields(self, names: Sequence[str]) -> str:
        return self.words.fields(names)

    def ground(self, ground: Ground) -> str:
        """What a provision does about the fields of its part, and what that hangs on."""
        provision = self.say(
            "{name} v{version}, provision {provision}",
            name=ground.ref.name,
            version=ground.ref.version,
            provision=ground.ref.provision,
        )
        if ground.unmet:
            why = " ".join(dict.fromkeys(unmet_sentence(one.to_json(), self.words) for one in ground.unmet))
            return self.say("Nearest is {provision}: {why}", provision=provision, why=why)
        conditions = self.conditions(ground.hangs_on)
        if ground.is_forbid:
            if conditions:
                return self.say(
                    "{provision} forbids it, unless one of these is certainly not so: {conditions}",
                    provision=provision,
                    conditions=conditions,
                )
            return self.say("{provision} forbids it.", provision=provision)
        said = self.say("{provision} gives it.", provision=provision)
        if conditions:
            said = self.say("{provision} gives it if: {conditions}", provision=provision, conditions=conditions)
        if ground.provision.training_days is None:
            return said
        return said + " " + unmet_sentence(_training(ground), self.words)

    def conditions(self, conditions: Iterable[Condition]) -> str:
        return " ".join(dict.fromkeys(self.condition(one) for one in conditions))

    def condition(self, condition: Condition) -> str:
        """What must be so, as a sentence."""
        return condition_said(condition, self.found.ask.kind, self._vocabulary, self.words)

    def handling(self) -> list[str]:
        """What whoever is given it must keep to: purposes, caveats, and what is owed."""
        body = self.found.then.to_json()
        said = []
        if body["purposes"]:
            purposes = self.words.labels("purpose", self.found.then.purposes)
            said.append(self.say("It may be used for: {purposes}.", purposes=purposes))
        if body["caveats"]:
            said.append(self.say("Caveats: {caveats}.", caveats=self.words.labels("caveat", self.found.then.caveats)))
        for duty, days in self.found.then.duties.items():
            said.append(self.say("{duty}: {days}.", duty=self.words.label("duty", duty), days=days))
        return said

    def question(self, name: str) -> str:
        """Why the value of the field `name` matters: the conditions that read it."""
        read = (
            condition
            for part in self.found.parts
            for ground in part.grounds
            for condition in ground.hangs_on
            if name in condition.reads
        )
        return self.conditions(read)

    def alternative(self, one: Alternative) -> str:
        """What would be answered if one thing were otherwise."""
        changed = self.words.label(_LISTS[one.change], one.code)
        then = _THEN[one.guidance.answer](self.say, one.guidance.needs)
        return _CHANGED[one.change, one.code if one.change == "occasion" else ""](self.say, changed, then)

    def _refused(self, code: str, details: Sequence[str]) -> str:
        return WHOLE_REASONS[code](self.say, {**self.words.parties(), "details": details}, self.words)


def _training(ground: Ground) -> dict[str, Any]:
    return {"code": "training", "agreement": ground.ref.name, "days": ground.provision.training_days}


_ANSWERS: Mapping[Answer, Callable[[Say, int, Mapping[str, str]], str]] = MappingProxyType(
    {
        "yes": lambda say, _n, v: say("Yes. All of it may go to {receiver} for: {purpose}.", **_to(v)),
        "yes-without": lambda say, _n, v: say(
            "Yes, without some fields. The rest may go to {receiver} for: {purpose}.", **_to(v)
        ),
        "ask": lambda say, needs, v: (
            say("Ask two releasing officers. Once both agree, it may go to {receiver} for: {purpose}.", **_to(v))
            if needs > 1
            else say(
                "Ask a releasing officer. Once this person agrees, it may go to {receiver} for: {purpose}.", **_to(v)
            )
        ),
        "depends": lambda say, _n, v: say(
            "It depends on what is not known yet whether it may go to {receiver} for: {purpose}.", **_to(v)
        ),
        "no": lambda say, _n, v: say("No. Nothing of it may go to {receiver} for: {purpose}.", **_to(v)),
    }
)


def _ask_for_part(say: Say, needs: int, values: Mapping[str, str]) -> str:
    if needs > 1:
        return say(
            "Ask two releasing officers. Once both agree, a part of it may go to {receiver} for: {purpose}.",
            **_to(values),
        )
    return say(
        "Ask a releasing officer. Once this person agrees, a part of it may go to {receiver} for: {purpose}.",
        **_to(values),
    )


def _to(values: Mapping[str, str]) -> dict[str, str]:
    return {name: values[name] for name in ("receiver", "purpose")}


_PARTS: Mapping[str, Callable[[Say, int], str]] = MappingProxyType(
    {
        "goes": lambda say, _n: say("May go now"),
        "asks": lambda say, officers: (
            say("May go once two releasing officers agree")
            if officers > 1
            else say("May go once a releasing officer agrees")
        ),
        "depends": lambda say, _n: say("Hangs on what is not known yet"),
        "stays": lambda say, _n: say("Stays here"),
    }
)
_LISTS: Mapping[Change, str] = MappingProxyType(
    {"said-by": "party", "occasion": "occasion", "purpose": "purpose", "receiver": "party"}
)
_CHANGED: Mapping[tuple[Change, str], Callable[[Say, str, str], str]] = MappingProxyType(
    {
        ("occasion", "on-request"): lambda say, _c, then: say("If they ask you for it: {answer}", answer=then),
        ("occasion", "on-hit"): lambda say, _c, then: say(
            "If something of theirs turns out to be the same thing or person (a hit): {answer}", answer=then
        ),
        ("occasion", "emergency"): lambda say, _c, then: say("If a life is at risk, to save it: {answer}", answer=then),
        ("said-by", ""): lambda say, changed, then: say(
            "If it was said by {party}, and you pass it on: {answer}", party=changed, answer=then
        ),
        ("purpose", ""): lambda say, changed, then: say(
            "If it is truly for “{purpose}”: {answer}", purpose=changed, answer=then
        ),
        ("receiver", ""): lambda say, changed, then: say(
            "To {receiver}, for its own use and the same purpose: {answer}", receiver=changed, answer=then
        ),
    }
)
_THEN: Mapping[Answer, Callable[[Say, int], str]] = MappingProxyType(
    {
        "yes": lambda say, _n: say("all of it may go."),
        "yes-without": lambda say, _n: say("a part of it may go."),
        "ask": lambda say, needs: (
            say("it may go once two releasing officers agree.")
            if needs > 1
            else say("it may go once a releasing officer agrees.")
        ),
        "depends": lambda say, _n: say("it depends on what is not known yet."),
        "no": lambda say, _n: say("nothing of it may go."),
    }
)
