"""Simulated events of two border services with several things seized in them, some of them seized together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from entente.workstreams.shape import Chance, Plan, SimulatedFile

# CBSA, January to October 2024 (ten months): firearms and weapons.
CBSA_FIREARMS, CBSA_WEAPONS, CBSA_MONTHS = 850, 15_500, 10
CBSA, CBP = "ca.cbsa", "us.cbp"
HEADER = (
    "number",
    "item",
    "seized_on",
    "reported_by",
    "joint_number",
    "lead",
    "place",
    "region",
    "direction",
    "transport_mode",
    "concealment",
    "detection",
    "category",
    "drug",
    "mass_kg",
    "weight_basis",
    "pieces",
    "money",
    "currency",
    "status",
)
_MODES = ("road", "air-passenger", "mail", "rail")
_HIDDEN = ("vehicle-structure", "baggage", "postal-item", "cargo")  # as the means of transport
_FOUND = ("routine", "targeting", "dog", "scan")
_LAND = ("road", "rail")


Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """The files of both services, and what is true of their joint seizures, whoever counts them."""

    files: tuple[SimulatedFile, ...]
    joint_events: int
    cocaine_kg: Decimal


def events(chance: Chance, size: float, plan: Plan) -> Together:
    """What CBSA seized alone, and what both seized together: reported by each, with weights of its own."""
    rows = {CBSA: list(_alone(chance.of("alone"), size, plan)), CBP: list[Row]()}
    cocaine = Decimal(0)
    for number, month in enumerate(plan.months, start=1):
        own = chance.of("shared", month)
        lead = CBSA if own.of("lead").happens(0.5) else CBP
        net = round(0.1 + own.of("mass").around(plan.assumed["joint_cocaine_kg"], 0.3), 3)
        masses = {CBSA: net, CBP: round(net * plan.assumed["gross_to_net"], 3)}
        cash = round(own.of("cash").around(plan.assumed["joint_cash"], 0.5), 2)
        for party, mass in masses.items():
            rows[party] += _joint(own.of("event"), number, month, (party, lead), mass=mass, cash=cash)
        cocaine += Decimal(str(masses[lead]))
    files = tuple(
        SimulatedFile(
            party=party, name="seized-items.csv", reader="seized-item-csv", header=HEADER, rows=tuple(rows[party])
        )
        for party in (CBSA, CBP)
    )
    return Together(files, len(plan.months), cocaine)


def _alone(chance: Chance, size: float, plan: Plan) -> Iterator[Row]:
    """A month: one event in which weapons are found, and one in which firearms are, with their ammunition."""
    for number, month in enumerate(plan.months, start=1):
        own = chance.of(month)
        spread = plan.assumed["volume_spread"]
        weapons = own.of("weapons").count(CBSA_WEAPONS / CBSA_MONTHS * size, spread)
        firearms = own.of("firearms").count(CBSA_FIREARMS / CBSA_MONTHS * size, spread)
        rounds = round(firearms * plan.assumed["rounds_of_a_firearm"])
        first, second = _event(own.of("first"), month), _event(own.of("second"), month)
        ours = {"reported_by": CBSA, "item": 1}
        knives, guns = {"number": f"SIM-W-{number:03d}"}, {"number": f"SIM-F-{number:03d}"}
        yield _row(first | ours | knives | {"category": "prohibited-weapon", "pieces": weapons})
        yield _row(second | ours | guns | {"category": "restricted-firearm", "pieces": firearms})
        yield _row(second | ours | guns | {"category": "ammunition", "pieces": rounds, "item": 2})


def _joint(
    chance: Chance, number: int, month: date, parties: tuple[str, str], *, mass: float, cash: float
) -> Iterator[Row]:
    """What one of both services reports of a joint seizure of cocaine and cash; `parties` are it and the lead."""
    party, lead = parties
    basis = "net" if party == CBSA else "gross"
    event = _event(chance, month) | {
        "number": f"SIM-J-{party[3:].upper()}-{number:03d}",
        "joint_number": f"SIM-JOINT-{number:03d}",
        "reported_by": party,
        "lead": lead,
    }
    yield _row(event | {"item": 1, "category": "drug", "drug": "cocaine", "mass_kg": mass, "weight_basis": basis})
    yield _row(event | {"item": 2, "category": "currency", "money": cash, "currency": "USD"})


def _event(chance: Chance, month: date) -> dict[str, object]:
    """Day, place and mode of an event: the same for every item of it and for everybody who reports it."""
    mode = chance.below(len(_MODES))
    return {
        "seized_on": month.replace(day=1 + chance.of("day").below(28)),
        "place": "SIMULATED CROSSING A" if _MODES[mode] in _LAND else "SIMULATED MAIL CENTRE",
        "region": "northern-border" if _MODES[mode] in _LAND else "coastal-interior",
        "direction": "import",
        "transport_mode": _MODES[mode],
        "concealment": _HIDDEN[mode],
        "detection": _FOUND[chance.of("found").below(len(_FOUND))],
        "status": "final",
    }


def _row(values: dict[str, object]) -> Row:
    return tuple(values.get(column, "") for column in HEADER)
