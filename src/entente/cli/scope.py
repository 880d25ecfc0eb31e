"""Options that say which records a question sees."""

from typing import Annotated, Literal

import typer

from entente.cli.terminal import say
from entente.node.asking import Scope

Which = Literal["", "real", "simulated"]
Records = Annotated[
    Which, typer.Option(help=say("At a node that holds both: the real records, or the simulated ones."))
]
Own = Annotated[bool, typer.Option("--own", help=say("Only our own records, not those that partners gave."))]


def scope_of(records: Which, own: bool) -> Scope:
    return Scope(is_own=own, is_simulated=None if not records else records == "simulated")
