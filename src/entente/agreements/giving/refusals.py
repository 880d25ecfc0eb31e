"""Why a receiver may refuse to hold what arrived, as values with their sentences and remedies."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default

from entente.agreements.texts.sayings import Say, Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why it may not be held here; `code` travels back to the sender, `values` stay."""

    code: str
    values: Mapping[str, str] = default(default_factory=dict)

    def sentence(self, say: Say) -> str:
        return REFUSALS[self.code](say, self.values)[0]

    def remedy(self, say: Say) -> str:
        return REFUSALS[self.code](say, self.values)[1]


REFUSALS: Mapping[str, Saying] = {
    "unreadable": lambda say, v: (
        say("The body of the disclosure cannot be read: {why}.", **v),
        say("Ask the sender's operator for a corrected message.", **v),
    ),
    "third-party": lambda say, v: (
        say("It was said by {originator} and passed on without a grant.", **v),
        say("Ask {originator} for it.", **v),
    ),
    "simulated-flag": lambda say, v: (
        say("Envelope and record disagree on whether this is simulated.", **v),
        say("Ask the sender's operator; simulated and real records are never mixed.", **v),
    ),
    "unknown-kind": lambda say, v: (
        say("This node does not know version {version} of the kind `{kind}`.", **v),
        say("Update the older of the two nodes.", **v),
    ),
    "holder-role": lambda say, v: (
        say("Only parties with the role {role} may hold `{kind}`.", **v),
        say("Tell the sender; nothing was kept.", **v),
    ),
    "kind-purpose": lambda say, v: (
        say("`{kind}` may serve nothing but: {purposes}.", **v),
        say("Tell the sender; nothing was kept.", **v),
    ),
    "not-a-record": lambda say, v: (
        say("Its values do not fit their kind: {why}.", **v),
        say("Ask the sender for a corrected record.", **v),
    ),
    "no-agreement": lambda say, v: (
        say("The agreement it names is not in force here: {agreement}.", **v),
        say("See `entente agreements list` for the reason, then ask the sender to send it again.", **v),
    ),
    "no-such-provision": lambda say, v: (
        say("Provision {provision} of that agreement does not let the sender give us this kind of record.", **v),
        say("Ask the sender under which provision it was sent.", **v),
    ),
    "not-covered": lambda say, v: (
        say("The provisions it names do not cover: {fields}.", **v),
        say("Tell the sender; nothing was kept.", **v),
    ),
    "unknown-handling": lambda say, v: (
        say("It is to be handled in ways that this node does not know: {words}.", **v),
        say("Update this node, or ask the sender which list of caveats and duties it uses.", **v),
    ),
    "no-purpose": lambda say, v: (
        say("No purpose is left for which it may be used under {provisions}.", **v),
        say("Ask the sender for which purpose it was sent.", **v),
    ),
    "forbidden": lambda say, v: (
        say("Provision {provisions} forbids every use it could have.", **v),
        say("Tell the sender; nothing was kept.", **v),
    ),
}
"""Refusal code -> its sentence and remedy."""
