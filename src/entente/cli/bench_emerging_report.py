"""What `entente bench emerging` prints: simulated panels, then public tables, the rule beside a plain one."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from entente.analysis.aberration.emerging import FEWEST, RARE, TREND_YEARS, Q
from entente.cli.bench_emerging import Onset, Run, Simulated, first_judged, place_rate, plain_alerts
from entente.cli.bench_emerging_data import REGIONS, Panel
from entente.cli.terminal import out, out_json, say, table
from entente.signing import Json

_SHOWN = 12


def report(simulated: Sequence[Simulated], by_state: Sequence[Run], national: Sequence[Run], case: str) -> None:
    rule = {"q": f"{Q:.2f}", "rare": f"{RARE:.0%}", "fewest": FEWEST, "years": TREND_YEARS}
    out(say("The rule: q = {q}, share before at most {rare}, {fewest} finds, growth over {years} years", **rule))
    for one in simulated:
        _print_simulated(one)
    for run in by_state:
        _print_head(run)
        _print_case(run, case)
        _print_controls(run, case)
    for run in national:
        _print_head(run)
        _print_years(run)


def report_json(simulated: Sequence[Simulated], by_state: Sequence[Run], national: Sequence[Run], case: str) -> None:
    out_json(
        {
            "rule": {"q": str(Q), "rare": str(RARE), "fewest": FEWEST, "trend_years": TREND_YEARS},
            "simulated": [_simulated_json(one) for one in simulated],
            "by_state": [_run_json(run, case) for run in by_state],
            "national": [_run_json(run, case) for run in national],
        }
    )


def months_gained(panel: Panel, onset: Onset) -> int | None:
    """Months between this alert and the plain rule's; None where that one never holds."""
    return None if onset.plain < 0 else (onset.plain - onset.period) * 12 // panel.yearly


def _print_simulated(one: Simulated) -> None:
    design = one.design
    out()
    out(
        say(
            "SIMULATED: {panels} panels, {substances} substances, {places} places, odds vary by {own} and {shared}",
            panels=one.panels,
            substances=design.substances,
            places=design.places,
            own=design.variation,
            shared=design.shared,
        )
    )
    found = {"number": one.alerts, "false": one.false_alerts, "periods": one.periods, "some": one.with_alert}
    out(
        "  " + say("{number} alerts, {false} of them false; {periods} half-years judged, {some} with an alert", **found)
    )
    years = f"{one.place_years:,.0f}"
    rate = f"{1000 * one.false_place_alerts / one.place_years:.2f}"
    out("  " + say("false alerts of places: {rate} per 1,000 substance-place-years ({years})", rate=rate, years=years))
    if design.rising:
        first, second = (f"{part:.1%}" for part in one.realised)
        out("  " + say("false discovery rate: {first} of substances, {second} of places", first=first, second=second))


def _print_head(run: Run) -> None:
    panel = run.panel
    out()
    sizes = {"substances": len(panel.substances), "places": len(panel.places)}
    periods = {"first": panel.told(0), "last": panel.told(len(panel.periods) - 1)}
    out(say("{name}: {substances} substances, {places} places, {first} to {last}", name=panel.name, **sizes, **periods))


def _print_case(run: Run, case: str) -> None:
    onset = _of(run, case)
    if onset is None:
        out("  " + say("{case}: no alert", case=case))
        return
    _print_onset(run, onset)
    rows = []
    number = run.panel.substances.index(onset.substance)
    for period in range(onset.period, len(run.panel.periods)):
        if not run.panel.tested[number, :, period].any():
            continue
        alerting = int(run.place_alerts[number, :, period].sum())
        finds = int(run.panel.positive[number, :, period].sum())
        rows.append((run.panel.told(period), finds, _yes(bool(run.alerts[number, period])), alerting))
    table((say("Period"), say("Reports"), say("Alert"), say("Places")), rows, empty="")


def _print_onset(run: Run, onset: Onset) -> None:
    panel = run.panel
    gained = months_gained(panel, onset)
    when = {"case": onset.substance, "period": panel.told(onset.period), "finds": onset.finds, "q": f"{onset.q:.2g}"}
    told = say("{case}: first alert {period}, {finds} reports in 12 months, q {q}", **when)
    out(f"  {told}, {_scope(run, onset)}")
    if gained is None:
        out("    " + say("the plain rule never holds in these data"))
    else:
        plain = panel.told(onset.plain)
        out("    " + say("the plain rule holds in {plain}: {gained} months gained", plain=plain, gained=gained))


def _print_controls(run: Run, case: str) -> None:
    ours, theirs = (place_rate(run.panel, alerts, case) for alerts in (run.place_alerts, plain_alerts(run.panel)))
    out("  " + say("Controls: all other substances, every alert of theirs taken as false"))
    for name, rate in ((say("this rule"), ours), (say("plain rule in one place"), theirs)):
        told = {"name": name, "begun": rate.begun, "rate": f"{rate.per_thousand:.2f}"}
        left = {"left": rate.unconfirmed, "rest": f"{rate.unconfirmed_per_thousand:.2f}", "years": f"{rate.years:,.0f}"}
        text = say(
            "{name}: {begun} alerts of places, {rate} per 1,000 of {years} substance-state-years; "
            "{left} ({rest}) did not last",
            **told,
            **left,
        )
        out(f"    {text}")
    controls = [onset for name, onset in run.onsets.items() if name.casefold() != case.casefold()]
    gains = [gained for onset in controls if (gained := months_gained(run.panel, onset)) is not None]
    out("  " + say("Controls with an alert: {number}", number=len(controls)))
    if gains:
        told = {"both": len(gains), "median": f"{float(np.median(gains)):.0f}"}
        out("  " + say("Of these the plain rule holds too for {both}: median {median} months gained", **told))
    for onset in sorted(controls, key=lambda one: (one.period, one.q))[:_SHOWN]:
        _print_onset(run, onset)


def _print_years(run: Run) -> None:
    """First alerts by year: of names that were not on any list before the year, and of names that had been."""
    told = Counter(onset.period for onset in run.onsets.values())
    rows = []
    for period in range(first_judged(run.panel), len(run.panel.periods)):
        known = run.panel.positive[:, 0, :period].sum(axis=1) > 0
        new = sum(
            onset.period == period and not known[run.panel.substances.index(name)] for name, onset in run.onsets.items()
        )
        rows.append((run.panel.told(period), int(run.judged[:, period].sum()), told[period], new))
    table((say("Year"), say("Judged"), say("First alerts"), say("Never listed before")), rows, empty="")


def _scope(run: Run, onset: Onset) -> str:
    if onset.place >= 0:
        return run.panel.places[onset.place]
    if onset.region >= 0:
        return tuple(REGIONS)[onset.region]
    return say("national")


def _of(run: Run, case: str) -> Onset | None:
    return next((onset for name, onset in run.onsets.items() if name.casefold() == case.casefold()), None)


def _yes(is_so: bool) -> str:
    return say("yes") if is_so else say("no")


def _simulated_json(one: Simulated) -> dict[str, Json]:
    substances, places = one.realised
    return {
        "is_simulated": True,
        "panels": one.panels,
        "rising": one.design.rising,
        "variation": str(one.design.variation),
        "shared": str(one.design.shared),
        "half_years": one.periods,
        "with_alert": one.with_alert,
        "alerts": one.alerts,
        "false_alerts": one.false_alerts,
        "place_alerts": one.place_alerts,
        "false_place_alerts": one.false_place_alerts,
        "substance_place_years": str(one.place_years),
        "false_discovery_rate": {"substances": f"{substances:.4f}", "places": f"{places:.4f}"},
    }


def _run_json(run: Run, case: str) -> dict[str, Json]:
    rate, plain = (place_rate(run.panel, alerts, case) for alerts in (run.place_alerts, plain_alerts(run.panel)))
    onsets: list[Json] = [_onset_json(run, onset) for onset in run.onsets.values()]
    return {
        "table": run.panel.name,
        "substances": len(run.panel.substances),
        "places": len(run.panel.places),
        "first": run.panel.told(0),
        "last": run.panel.told(len(run.panel.periods) - 1),
        "case": case,
        "first_alerts": onsets,
        "controls_per_thousand": f"{rate.per_thousand:.3f}",
        "controls_unconfirmed_per_thousand": f"{rate.unconfirmed_per_thousand:.3f}",
        "plain_rule_per_thousand": f"{plain.per_thousand:.3f}",
        "substance_place_years": str(rate.years),
    }


def _onset_json(run: Run, onset: Onset) -> dict[str, Json]:
    return {
        "substance": onset.substance,
        "period": run.panel.told(onset.period),
        "scope": _scope(run, onset),
        "places": list(onset.places),
        "reports_in_12_months": onset.finds,
        "q": f"{onset.q:.3g}",
        "plain_rule": None if onset.plain < 0 else run.panel.told(onset.plain),
        "months_gained": months_gained(run.panel, onset),
    }
