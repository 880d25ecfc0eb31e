"""How often laboratories met a substance, and how the law of a country names it."""

from entente.records import Field, Kind

TEST_COUNT = Kind(
    name="test-count",
    version=2,  # 2 adds jurisdiction_name, substance_base, category and laboratories, each of which may be absent
    workstream="substances",
    key=("publication", "jurisdiction", "substance_native", "period_start"),
    fields=(
        Field(name="publication", field_class="statistical", is_required=True),
        Field(name="jurisdiction", field_class="location", is_required=True),
        Field(name="jurisdiction_name", field_class="location"),
        Field(name="substance", field_class="substance", type="code", vocabulary="drug"),
        Field(name="substance_native", field_class="substance", is_required=True),
        # The substance of which the native one is a salt or a form that is not determined, as the source groups them.
        Field(name="substance_base", field_class="substance"),
        Field(name="category", field_class="substance"),
        # Absent is "not told", never zero: a rise in counts may be a rise in testing.
        Field(name="tested", field_class="quantity", type="integer"),
        Field(name="reported", field_class="quantity", type="integer"),
        Field(name="period_start", field_class="time", type="date", is_required=True),
        Field(name="period_end", field_class="time", type="date"),
        Field(name="basis", field_class="statistical", type="code", vocabulary="count-basis"),
        Field(name="laboratories", field_class="statistical"),
    ),
)

CONTROL_ENTRY = Kind(
    name="control-entry",
    version=2,  # 2 adds coverage, since_means, since_known_to, cas and is_verified, and the United Nations as `country`
    workstream="substances",
    # The wording is part of the key: an item that is reworded is another entry with a day of its own.
    key=("country", "instrument", "schedule", "item", "wording", "since"),
    fields=(
        Field(name="country", field_class="statistical", type="code", vocabulary="law-of", is_required=True),
        Field(name="instrument", field_class="statistical", is_required=True),
        Field(name="schedule", field_class="statistical", is_required=True),
        Field(name="part", field_class="statistical"),
        Field(name="item", field_class="statistical", is_required=True),
        Field(name="role", field_class="statistical", type="code", vocabulary="control-role", is_required=True),
        Field(name="wording", field_class="substance", is_required=True),
        # The wording of the item that this entry stands under, without which it may not be understood.
        Field(name="under", field_class="substance"),
        Field(name="names", field_class="substance"),
        Field(name="may_cover_more", field_class="substance", type="boolean"),
        Field(name="cas", field_class="substance"),
        # What `since` is: by itself the day on which this wording came into force, which may not be the first control.
        Field(name="since", field_class="time", type="date", is_required=True),
        Field(name="since_means", field_class="statistical", type="code", vocabulary="since-meaning"),
        Field(name="since_known_to", field_class="statistical", type="code", vocabulary="date-precision"),
        Field(name="until", field_class="time", type="date"),
        # Only of a text that was given whole can it be said that it does not name a substance.
        Field(name="coverage", field_class="statistical", type="code", vocabulary="list-coverage"),
        Field(name="is_verified", field_class="statistical", type="boolean"),
        Field(name="reference", field_class="statistical"),
    ),
)

SUBSTANCE_NAME = Kind(
    name="substance-name",
    version=1,
    workstream="substances",
    key=("publication", "substance", "form", "written"),
    fields=(
        Field(name="publication", field_class="statistical", is_required=True),
        Field(name="substance", field_class="substance", is_required=True),
        Field(name="form", field_class="substance", type="code", vocabulary="name-form", is_required=True),
        Field(name="written", field_class="substance", is_required=True),
        Field(name="is_verified", field_class="statistical", type="boolean"),
        Field(name="reference", field_class="statistical"),
    ),
)
"""What is written (another name, a salt, a CAS number, an InChIKey) and which substance it means."""

NAMES_SEPARATOR = " | "
"""Between the names and the CAS numbers of a `control-entry`: no name of a substance contains it."""
