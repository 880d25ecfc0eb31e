"""Agreements as dated text with its source: what they permit, decided field by field, and the only door that things
leave by.

Knows provisions, officers' signatures, decisions and their reasons, disclosures, and what a receiver may hold.
Refuses to know stores, messages, clocks and keys of nodes: agreements in force, moments and bytes are arguments.
Nothing in force means nothing leaves; unknown never widens; explanations stay at home. Nouns: `Agreement`,
`Provision`, `Ask`, `Decision`, `Disclosure`, `Holding`, `Case`.
"""

from entente.agreements.agreement import Agreement, Occasion, Provision, ProvisionRef, Release
from entente.agreements.case_text import CasesUnreadable, read_cases
from entente.agreements.cases import Case, CaseResult, Difference, run_cases
from entente.agreements.check import check
from entente.agreements.combine import officers_needed
from entente.agreements.conditions import TESTS, Condition
from entente.agreements.decide import Decider, decide, decide_many
from entente.agreements.decision import (
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
from entente.agreements.disclose import Disclosure, disclose, shown
from entente.agreements.explain import explain, explain_json, explain_limits, explain_unmet, explain_withheld
from entente.agreements.holding import Holding, accept
from entente.agreements.in_force import NotInForce, Standing, in_force, standings
from entente.agreements.models import NoSuchModel, model_bytes, model_names
from entente.agreements.preview import Preview, Sample, Viewer, preview, withheld_by
from entente.agreements.refusals import Refused
from entente.agreements.remarks import Remark
from entente.agreements.signatures import (
    NotASignatory,
    Officer,
    OfficerSignature,
    Suspension,
    UnreadableSignature,
    UnusableOfficerId,
    sign_agreement,
    signing_officer,
    suspend_agreement,
)
from entente.agreements.text import AgreementUnreadable, read_agreement

__all__ = [
    "ENGINE",
    "NO_LIMITS",
    "TESTS",
    "Agreement",
    "AgreementUnreadable",
    "Approval",
    "Ask",
    "Case",
    "CaseResult",
    "CasesUnreadable",
    "Condition",
    "Decider",
    "Decision",
    "Difference",
    "Disclosure",
    "Forbidding",
    "Holding",
    "Limits",
    "NearMiss",
    "NoSuchModel",
    "NotASignatory",
    "NotInForce",
    "Occasion",
    "Officer",
    "OfficerSignature",
    "Outcome",
    "Preview",
    "Provision",
    "ProvisionRef",
    "Reason",
    "Refused",
    "Release",
    "Remark",
    "Sample",
    "Standing",
    "Suspension",
    "Unmet",
    "UnreadableSignature",
    "UnusableOfficerId",
    "Viewer",
    "Withheld",
    "accept",
    "check",
    "decide",
    "decide_many",
    "disclose",
    "explain",
    "explain_json",
    "explain_limits",
    "explain_unmet",
    "explain_withheld",
    "in_force",
    "model_bytes",
    "model_names",
    "officers_needed",
    "preview",
    "read_agreement",
    "read_cases",
    "run_cases",
    "shown",
    "sign_agreement",
    "signing_officer",
    "standings",
    "suspend_agreement",
    "withheld_by",
]
