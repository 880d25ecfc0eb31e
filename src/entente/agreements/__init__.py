"""Agreements as dated text with its source: what they permit, decided field by field, and the only door that things
leave by.

Knows provisions, officers' signatures, decisions and their reasons, disclosures, and what a receiver may hold.
Refuses to know stores, messages, clocks and keys of nodes: agreements in force, moments and bytes are arguments.
Nothing in force means nothing leaves; unknown never widens; explanations stay at home. Nouns: `Agreement`,
`Provision`, `Ask`, `Decision`, `Disclosure`, `Holding`, `Case`.
"""

from entente.agreements.agreement import EMERGENCY, RESCUE, Agreement, Occasion, Provision, ProvisionRef, Release
from entente.agreements.care.check import check
from entente.agreements.care.conflict import Conflict
from entente.agreements.care.conflicts import conflicts
from entente.agreements.care.health import Health, Point, State, health
from entente.agreements.deciding.again import SAME, Again, cannot, derive_again, differs, route_of, texts_of
from entente.agreements.deciding.bulk import SetDecision, decide_set
from entente.agreements.deciding.columns import Columns
from entente.agreements.deciding.combine import officers_needed
from entente.agreements.deciding.conditions import TESTS, Condition, field_of
from entente.agreements.deciding.decide import Decider, decide, decide_many
from entente.agreements.deciding.decision import (
    ENGINE,
    NO_LIMITS,
    Approval,
    Ask,
    Decision,
    Forbidding,
    Limits,
    NearMiss,
    Outcome,
    Reason,
    Unmet,
    Withheld,
)
from entente.agreements.giving.arrival import came_through
from entente.agreements.giving.disclose import Disclosure, disclose, shown
from entente.agreements.giving.holding import Holding, accept
from entente.agreements.giving.refusals import Refused
from entente.agreements.golden.cases import Case, CaseResult, Difference, run_cases
from entente.agreements.guiding.alternatives import Alternative, Neighbour, alternatives, originators
from entente.agreements.guiding.guidance import Ground, Guidance, Part, guide, sketch
from entente.agreements.guiding.guidance_said import Telling
from entente.agreements.guiding.preview import Preview, Sample, Viewer, preview, withheld_by
from entente.agreements.models import NoSuchModel, model_bytes, model_names
from entente.agreements.standing.in_force import NotInForce, Standing, in_force, standings
from entente.agreements.standing.signatures import (
    MAX_WHY_CHARACTERS,
    NotASignatory,
    Officer,
    OfficerSignature,
    Suspension,
    UnfitSuspension,
    UnreadableSignature,
    UnusableOfficerId,
    sign_agreement,
    signing_officer,
    suspend_agreement,
)
from entente.agreements.telling.condition_said import conditions_said
from entente.agreements.telling.explain import explain, explain_json, explain_limits, explain_unmet, explain_withheld
from entente.agreements.texts.case_text import CasesUnreadable, read_cases
from entente.agreements.texts.remarks import Remark
from entente.agreements.texts.text import AgreementUnreadable, read_agreement

__all__ = [
    "EMERGENCY",
    "ENGINE",
    "MAX_WHY_CHARACTERS",
    "NO_LIMITS",
    "RESCUE",
    "SAME",
    "TESTS",
    "Again",
    "Agreement",
    "AgreementUnreadable",
    "Alternative",
    "Approval",
    "Ask",
    "Case",
    "CaseResult",
    "CasesUnreadable",
    "Columns",
    "Condition",
    "Conflict",
    "Decider",
    "Decision",
    "Difference",
    "Disclosure",
    "Forbidding",
    "Ground",
    "Guidance",
    "Health",
    "Holding",
    "Limits",
    "NearMiss",
    "Neighbour",
    "NoSuchModel",
    "NotASignatory",
    "NotInForce",
    "Occasion",
    "Officer",
    "OfficerSignature",
    "Outcome",
    "Part",
    "Point",
    "Preview",
    "Provision",
    "ProvisionRef",
    "Reason",
    "Refused",
    "Release",
    "Remark",
    "Sample",
    "SetDecision",
    "Standing",
    "State",
    "Suspension",
    "Telling",
    "UnfitSuspension",
    "Unmet",
    "UnreadableSignature",
    "UnusableOfficerId",
    "Viewer",
    "Withheld",
    "accept",
    "alternatives",
    "came_through",
    "cannot",
    "check",
    "conditions_said",
    "conflicts",
    "decide",
    "decide_many",
    "decide_set",
    "derive_again",
    "differs",
    "disclose",
    "explain",
    "explain_json",
    "explain_limits",
    "explain_unmet",
    "explain_withheld",
    "field_of",
    "guide",
    "health",
    "in_force",
    "model_bytes",
    "model_names",
    "officers_needed",
    "originators",
    "preview",
    "read_agreement",
    "read_cases",
    "route_of",
    "run_cases",
    "shown",
    "sign_agreement",
    "signing_officer",
    "sketch",
    "standings",
    "suspend_agreement",
    "texts_of",
    "withheld_by",
]
