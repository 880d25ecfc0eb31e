"""`entente bench linkage`: how well profiles tell one batch from two, on simulated profiles with their truth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from entente.analysis.linkage import (
    AMOUNTS,
    PRETREATMENTS,
    RULES,
    Floats,
    Method,
    Pairs,
    all_pairs,
    auc_by_seizure,
    by_distance,
    cllr,
    cllr_min,
    cross_validated,
    distances,
    found_at,
    leads,
    under_rule,
    weights,
)
from entente.cli.bench_report import machine
from entente.cli.terminal import out, out_json, say
from entente.simulation.profiles import AS_PUBLISHED, SHARP, Simulated, Spread, simulated

SETTINGS: Mapping[str, Spread] = {"as-published": AS_PUBLISHED, "sharp": SHARP}
PEERS = (
    ("fourth root, Pearson", "n4r", "pearson"),
    ("fourth root, Canberra", "n4r", "canberra"),
    ("presence only, Jaccard", "n", "jaccard"),
)
OURS, TRUTH = "two-level model", "who knows the truth"
RATE, FALSE_RATE = 0.1, 0.025


@dataclass(frozen=True, slots=True)
class Scored:
    """Of one method in one world: AUC by rule with its interval and pair counts, what it costs, and its leads."""

    auc: Mapping[str, tuple[float, float, float]]
    counts: Mapping[str, tuple[int, int]]
    found: Mapping[str, float]
    cllr: float | None = None
    cllr_min: float | None = None
    leads: tuple[int, int, int] | None = None
    """Leads, those of them that are true, and how many true ones there are, between seizures."""


@dataclass(frozen=True, slots=True)
class Measured:
    """All worlds of one setting, by method."""

    setting: str
    methods: Mapping[str, list[Scored]] = field(default_factory=dict)


def measure(worlds: int) -> list[Measured]:
    """Each setting in `worlds` simulated worlds."""
    measured = []
    for setting, spread in SETTINGS.items():
        methods: dict[str, list[Scored]] = {}
        for seed in range(1, worlds + 1):
            for name, scored in _world(simulated(seed, spread)):
                methods.setdefault(name, []).append(scored)
        measured.append(Measured(setting, methods))
    return measured


def _world(world: Simulated) -> Iterator[tuple[str, Scored]]:
    """Peers are scored by their distance itself, which learns nothing; only their ratios are cross-validated."""
    profiles, pairs = world.profiles, all_pairs(world.profiles.seizures)
    for name, pretreatment, metric in PEERS:
        distance = distances(PRETREATMENTS[pretreatment](profiles), pairs.left, pairs.right, metric)
        yield name, _scored(world, pairs, -distance, Method(by_distance(pretreatment, metric)))
    yield OURS, _scored(world, pairs, None, AMOUNTS)
    yield TRUTH, _scored(world, pairs, world.known(pairs), None)


def _scored(world: Simulated, pairs: Pairs, scores: Floats | None, method: Method | None) -> Scored:
    seizures = world.profiles.seizures
    apart, true = ~pairs.is_linked, world.is_true(pairs)
    prior = float(true[apart].mean())
    ratios = cross_validated(world.profiles, method, prior=prior) if method else None
    # That of one batch, as the question tells it: that of one seizure is level for most pairs, at a height which the
    # models of different folds put differently, and pooled over folds it would rank by fold.
    shown = ratios.batch if ratios and scores is None else np.zeros(len(pairs)) if scores is None else scores
    areas, counts, found = {}, {}, {}
    for rule in RULES:
        kept = under_rule(rule, pairs, seizures, world.origins)
        chosen = pairs.only(kept)
        estimate = auc_by_seizure(shown[kept], chosen, seizures)
        areas[rule] = (estimate.value, estimate.low, estimate.high)
        counts[rule] = (int(chosen.is_linked.sum()), int((~chosen.is_linked).sum()))
        found[rule] = found_at(shown[kept], chosen.is_linked, FALSE_RATE)
    if ratios is None:
        return Scored(areas, counts, found)
    given = weights(pairs, seizures)
    chosen_leads = leads(ratios.batch[apart], prior, RATE).is_lead
    return Scored(
        areas,
        counts,
        found,
        cllr(ratios.seizure, pairs.is_linked, given),
        cllr_min(ratios.seizure, pairs.is_linked, given),
        (int(chosen_leads.sum()), int((chosen_leads & true[apart]).sum()), int(true[apart].sum())),
    )


def report(measured: list[Measured], *, as_json: bool) -> None:
    if as_json:
        out_json({"machine": machine(), "simulated": True, "settings": [_json(one) for one in measured]})
        return
    out(say("Simulated profiles; nothing here is real. Means over worlds, the interval of the first world."))
    for one in measured:
        worlds = len(next(iter(one.methods.values())))
        out()
        out(say("{setting}: {worlds} worlds of 434 samples from 348 seizures", setting=one.setting, worlds=worlds))
        for rule in RULES:
            linked, others = next(iter(one.methods.values()))[0].counts[rule]
            out(
                "  "
                + say("{rule}: {linked} linked and {others} unlinked pairs", rule=rule, linked=linked, others=others)
            )
            for name, scored in one.methods.items():
                mean = float(np.mean([world.auc[rule][0] for world in scored]))
                _, low, high = scored[0].auc[rule]
                share = float(np.mean([world.found[rule] for world in scored]))
                told = say("found at 2.5 % false: {share}", share=f"{share:.0%}")
                out(f"    AUC {mean:.3f} ({low:.3f}-{high:.3f})  {told}  {name}")
        for name, scored in one.methods.items():
            if scored[0].leads is not None:
                out("  " + _said_leads(name, scored))


def _said_leads(name: str, scored: list[Scored]) -> str:
    chosen, right, true = (sum(world.leads[place] for world in scored if world.leads) for place in range(3))
    return say(
        "{name}: Cllr {cllr} (at best {least}); leads at a rate of 10 %: {chosen}, true {right}, to be found {true}",
        name=name,
        cllr=f"{np.mean([world.cllr for world in scored]):.3f}",
        least=f"{np.mean([world.cllr_min for world in scored]):.3f}",
        chosen=chosen,
        right=right,
        true=true,
    )


def _json(measured: Measured) -> dict[str, object]:
    return {
        "setting": measured.setting,
        "methods": {
            name: [
                {
                    "auc": world.auc,
                    "pairs": world.counts,
                    "found": world.found,
                    "cllr": world.cllr,
                    "cllr_min": world.cllr_min,
                    "leads": world.leads,
                }
                for world in scored
            ]
            for name, scored in measured.methods.items()
        },
    }
