"""A sample taken from a seizure, and what a laboratory found in it.

Both are notices: whoever is given one says what it was good for.
"""

from entente.records import Field, Kind

SAMPLE = Kind(
    name="sample",
    version=1,
    workstream="samples",
    key=("number",),
    is_notice=True,
    selectors=("number", "seizure_number"),
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="seizure_number", field_class="operational"),
        Field(name="seized_on", field_class="time", type="date"),
        Field(name="received_on", field_class="time", type="date"),
        Field(name="form", field_class="object", type="code", vocabulary="sample-form"),
        Field(name="colour", field_class="object"),
        Field(name="mass_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="substance_suspected", field_class="substance", type="code", vocabulary="drug"),
        Field(name="place", field_class="location"),
        Field(name="submitter", field_class="operational"),
        Field(name="exhibit_notes", field_class="free-text"),
    ),
)

LAB_RESULT = Kind(
    name="lab-result",
    version=1,
    workstream="samples",
    key=("sample_number", "substance"),
    is_notice=True,
    selectors=("sample_number", "profile"),
    fields=(
        Field(name="sample_number", field_class="operational", is_required=True),
        Field(name="substance", field_class="substance", type="code", vocabulary="drug", is_required=True),
        Field(name="reported_on", field_class="time", type="date"),
        Field(name="role", field_class="substance", type="code", vocabulary="component-role"),
        Field(name="purity_percent", field_class="quantity", type="decimal", unit="%"),
        Field(name="method", field_class="operational", type="code", vocabulary="lab-method"),
        Field(name="profile", field_class="object"),
        Field(name="analyst", field_class="identity"),
    ),
)
