"""Seizures as officers record them, each thing seized, totals as agencies publish them, and how agencies count."""

from entente.records import Field, Kind

SEIZURE = Kind(
    name="seizure",
    version=1,
    workstream="seizures",
    key=("number",),
    selectors=("number",),
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="seized_on", field_class="time", type="date", is_required=True),
        Field(name="place", field_class="location"),
        Field(name="region", field_class="location", type="code", vocabulary="region"),
        Field(name="direction", field_class="operational", type="code", vocabulary="direction"),
        Field(name="transport_mode", field_class="operational", type="code", vocabulary="transport-mode"),
        Field(name="concealment", field_class="operational", type="code", vocabulary="concealment"),
        Field(name="drug", field_class="substance", type="code", vocabulary="drug", is_required=True),
        Field(name="drug_native", field_class="substance"),
        Field(name="amount", field_class="quantity", type="decimal"),
        Field(name="amount_unit", field_class="quantity"),
        Field(name="mass_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="pieces", field_class="quantity", type="integer", unit="piece"),
        Field(name="detection", field_class="operational", type="code", vocabulary="detection"),
        Field(name="officer_notes", field_class="free-text"),
        Field(name="person_name", field_class="identity"),
    ),
)

SEIZURE_TOTAL = Kind(
    name="seizure-total",
    version=1,
    workstream="seizures",
    key=("publication", "component", "region", "land_filter", "area", "drug", "period_start"),
    fields=(
        Field(name="publication", field_class="statistical", is_required=True),
        Field(name="reported_by", field_class="statistical", type="code", vocabulary="party"),
        Field(name="component", field_class="statistical", type="code", vocabulary="component", is_required=True),
        Field(name="counting", field_class="statistical", type="code", vocabulary="counting"),
        Field(name="status", field_class="statistical", type="code", vocabulary="figure-status"),
        Field(name="period_start", field_class="time", type="date", is_required=True),
        Field(name="period_end", field_class="time", type="date"),
        Field(name="region", field_class="location", type="code", vocabulary="region", is_required=True),
        Field(name="land_filter", field_class="location", type="code", vocabulary="land-filter", is_required=True),
        Field(name="area", field_class="location", is_required=True),
        Field(name="drug", field_class="substance", type="code", vocabulary="drug", is_required=True),
        Field(name="drug_native", field_class="substance"),
        Field(name="events", field_class="quantity", type="integer"),
        Field(name="mass_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="mass_native", field_class="quantity", type="decimal"),
        Field(name="mass_unit", field_class="quantity"),
    ),
)

SEIZED_ITEM = Kind(
    name="seized-item",
    version=1,
    workstream="seizures",
    key=("number", "item"),
    selectors=("number", "joint_number"),
    fields=(
        # Of the event; the same in every item of one number.
        Field(name="number", field_class="operational", is_required=True),
        Field(name="seized_on", field_class="time", type="date", is_required=True),
        Field(name="reported_by", field_class="statistical", type="code", vocabulary="party"),
        Field(name="joint_number", field_class="operational"),
        Field(name="lead", field_class="operational", type="code", vocabulary="party"),
        Field(name="place", field_class="location"),
        Field(name="region", field_class="location", type="code", vocabulary="region"),
        Field(name="direction", field_class="operational", type="code", vocabulary="direction"),
        Field(name="transport_mode", field_class="operational", type="code", vocabulary="transport-mode"),
        Field(name="concealment", field_class="operational", type="code", vocabulary="concealment"),
        Field(name="detection", field_class="operational", type="code", vocabulary="detection"),
        # Of the item.
        Field(name="item", field_class="operational", is_required=True),
        Field(name="category", field_class="object", type="code", vocabulary="seized-category", is_required=True),
        Field(name="drug", field_class="substance", type="code", vocabulary="drug"),
        Field(name="drug_native", field_class="substance"),
        Field(name="amount", field_class="quantity", type="decimal"),
        Field(name="amount_unit", field_class="quantity"),
        Field(name="mass_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="weight_basis", field_class="quantity", type="code", vocabulary="weight-basis"),
        Field(name="pieces", field_class="quantity", type="integer", unit="piece"),
        Field(name="money", field_class="financial", type="decimal"),
        Field(name="currency", field_class="financial"),
        Field(name="status", field_class="statistical", type="code", vocabulary="figure-status"),
    ),
)
"""One thing seized in an event. Agencies that seized together give their reports one `joint_number`; `lead` holds the
goods, and its report is the one that counts."""

COUNTING_RULE = Kind(
    name="counting-rule",
    version=1,
    workstream="seizures",
    key=("agency", "aspect", "since"),
    fields=(
        Field(name="agency", field_class="statistical", type="code", vocabulary="party", is_required=True),
        Field(name="aspect", field_class="statistical", type="code", vocabulary="counting-aspect", is_required=True),
        Field(name="practice", field_class="statistical", type="code", vocabulary="practice", is_required=True),
        Field(name="since", field_class="time", type="date", is_required=True),
        Field(name="until", field_class="time", type="date"),
        Field(name="definition", field_class="statistical"),
        Field(name="is_verified", field_class="statistical", type="boolean"),
        Field(name="reference", field_class="statistical"),
    ),
)
"""How an agency counts seizures since a day: what has to be known before its figures stand beside another's."""
