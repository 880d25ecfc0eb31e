"""How an agreement stands for this node, for the verbs that tell it: between whom it is in force, and why not."""

from pathlib import Path

from entente.agreements import Agreement, Standing
from entente.cli.house import node_in
from entente.cli.terminal import out, say
from entente.node.agreeing import all_standings
from entente.node.config import NoNodeHere


def standing_json(text: Agreement, standing: Standing, party: str) -> dict[str, object]:
    """As it stands for `party`: an agreement between others is not in force here."""
    partners = standing.partners_of(party)
    here = {"is_in_force": bool(partners), "in_force_with": list(partners), "co_signs": party in text.also_signed_by}
    return {"name": text.name, "version": text.version, **standing.to_json(), **here}


def print_standing(text: Agreement, folder: Path) -> None:
    """Between whom it is in force, where a node is here and holds the text."""
    try:
        home = node_in(folder)
    except NoNodeHere:
        return
    for held, how in all_standings(home):
        if held.digest == text.digest:
            out(f"({state_of(text, how, home.party)})")
            print_reasons(how, home.party)


def state_of(text: Agreement, standing: Standing, party: str) -> str:
    partners = standing.partners_of(party)
    if partners and {party, *partners} != set(text.parties):
        return say("in force with {parties}", parties=", ".join(partners))
    if partners:
        return say("in force")
    bound = ", ".join(one for one in text.parties if one in standing.bound)
    if bound and party in text.also_signed_by:
        return say("in force between {parties}; you co-sign and give nothing", parties=bound)
    return say("not in force")


def print_signed(text: Agreement, standing: Standing, party: str) -> None:
    """How it stands after a signature; nothing is announced that does not follow."""
    partners = standing.partners_of(party)
    if partners and standing.reasons:
        out(say("The agreement is in force with {parties}.", parties=", ".join(partners)))
    elif partners:
        out(say("The agreement is in force."))
    elif standing.is_in_force and party in text.also_signed_by:
        bound = ", ".join(one for one in text.parties if one in standing.bound)
        out(say("The agreement is in force between {parties}; you co-sign and give nothing.", parties=bound))
    else:
        out(say("The agreement is not yet in force:"))
    print_reasons(standing, party)


def print_reasons(standing: Standing, party: str, start: str = "") -> None:
    """Why not, each with what to do; where it is in force with some, the others that have not signed are named in one
    line."""
    is_told_in_one_line = bool(standing.partners_of(party)) or (
        standing.is_in_force and party not in _unsigned(standing)
    )
    for reason in standing.reasons:
        if not is_told_in_one_line or reason.code != "signatures-missing":
            out(f"  {start}{reason.sentence(say)} {reason.remedy(say)}")
    if is_told_in_one_line and (unsigned := _unsigned(standing)):
        parties = ", ".join(unsigned)
        out(f"  {start}" + say("Not with {parties}: two officers of each have yet to sign.", parties=parties))


def _unsigned(standing: Standing) -> list[str]:
    return [found.values["party"] for found in standing.reasons if found.code == "signatures-missing"]
