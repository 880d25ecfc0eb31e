"""Regular work of a served node: what is done by itself, and how often. The courier's thread runs it (serving)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf

from entente.node.comparing import compare_when_due
from entente.node.forgetting import forget_by_itself
from entente.node.looking_up import look_up, send_answers
from entente.node.own_check import check_own
from entente.node.recall_taking import finish_recalls
from entente.node.reminding import remind
from entente.node.retention import run_by_itself
from entente.node.sweeping import sweep
from entente.node.witnesses import ask_all, ask_when_due
from entente.node.work import Node


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is called about every `seconds` while the node is served; what it raises is logged, and it comes again."""

    name: str
    seconds: float
    run: Callable[[Node], object]


SWEEP_SECONDS = 5.0
"""A sweep of many records stops after so long, and goes on with the next tick: messages are delivered between."""

JOBS: tuple[Job, ...] = (
    Job("sweep", 0.0, partial(sweep, seconds=SWEEP_SECONDS)),
    Job("look-up", 0.0, look_up),
    Job("answers", 0.0, send_answers),
    Job("remind", 60.0, remind),
    Job("retention", 60.0, run_by_itself),
    Job("questions", 86_400.0, forget_by_itself),
    Job("recalls", 3600.0, finish_recalls),
    Job("ledger-check", 86_400.0, check_own),
    Job("witnesses-at-start", inf, ask_all),
    Job("witnesses", 5.0, ask_when_due),
    Job("comparison", 60.0, compare_when_due),
)
"""In this order, before messages are delivered. Seconds 0: with every tick."""
