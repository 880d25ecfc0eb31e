"""What drug-checking services found: given by the public for harm reduction, held by health parties only."""

from entente.records import Field, Kind

DRUG_CHECKING_COUNT = Kind(
    name="drug-checking-count",
    version=1,
    workstream="health",
    key=("publication", "region", "substance", "role", "period_start"),
    holder_role="health",
    only_for=("early-warning",),
    caveats=("public-health-only",),
    fields=(
        Field(name="publication", field_class="statistical", is_required=True),
        Field(name="region", field_class="location", is_required=True),
        Field(name="substance", field_class="health", is_required=True),
        Field(name="role", field_class="health", type="code", vocabulary="component-role", is_required=True),
        Field(name="positive", field_class="quantity", type="integer"),
        # Absent is "not told", never zero.
        Field(name="tested", field_class="quantity", type="integer"),
        Field(name="period_start", field_class="time", type="date", is_required=True),
        Field(name="period_end", field_class="time", type="date"),
    ),
)
