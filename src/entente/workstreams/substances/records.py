"""How often laboratories met a substance, with what was counted and how many were tested."""

from entente.records import Field, Kind

TEST_COUNT = Kind(
    name="test-count",
    version=1,
    workstream="substances",
    key=("publication", "jurisdiction", "substance_native", "period_start"),
    fields=(
        Field(name="publication", field_class="statistical", is_required=True),
        Field(name="jurisdiction", field_class="location", is_required=True),
        Field(name="substance", field_class="substance", type="code", vocabulary="drug"),
        Field(name="substance_native", field_class="substance", is_required=True),
        # Absent is "not told", never zero: a rise in counts may be a rise in testing.
        Field(name="tested", field_class="quantity", type="integer"),
        Field(name="reported", field_class="quantity", type="integer"),
        Field(name="period_start", field_class="time", type="date", is_required=True),
        Field(name="period_end", field_class="time", type="date"),
        Field(name="basis", field_class="statistical", type="code", vocabulary="count-basis"),
    ),
)
