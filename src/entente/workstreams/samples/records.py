"""A sample taken from a seizure, what a laboratory found in it, and all that stands between the two.

Samples and results are notices: whoever is given one says what it was good for.
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

EXHIBIT = Kind(
    name="exhibit",
    version=1,
    workstream="samples",
    key=("number",),
    selectors=("number", "seizure_number"),
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="seizure_number", field_class="operational"),
        Field(name="seized_on", field_class="time", type="date"),
        Field(name="form", field_class="object", type="code", vocabulary="sample-form"),
        Field(name="colour", field_class="object"),
        Field(name="imprint", field_class="object"),
        Field(name="packaging", field_class="object"),
        Field(name="pieces", field_class="quantity", type="integer", unit="piece"),
        Field(name="gross_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="net_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="substance_suspected", field_class="substance", type="code", vocabulary="drug"),
        Field(name="place", field_class="location"),
        # What papers declare, not where a thing came from.
        Field(name="origin_declared", field_class="location", type="code", vocabulary="place"),
        Field(name="destination_declared", field_class="location", type="code", vocabulary="place"),
        Field(name="seal", field_class="operational"),
        Field(name="submitter", field_class="operational"),
        Field(name="exhibit_notes", field_class="free-text"),
    ),
)
"""A thing as it was seized. Samples and sub-samples are taken from it."""

SUB_SAMPLE = Kind(
    name="sub-sample",
    version=1,
    workstream="samples",
    key=("number",),
    selectors=("number", "taken_from"),
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="taken_from", field_class="operational", is_required=True),
        Field(name="level", field_class="object", type="code", vocabulary="sub-sample-level", is_required=True),
        Field(name="taken_on", field_class="time", type="date"),
        Field(name="mass_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="units_taken", field_class="quantity", type="integer", unit="piece"),
        Field(name="seal", field_class="operational"),
        Field(name="laboratory", field_class="operational"),
        Field(name="taken_by", field_class="identity"),
    ),
)
"""A part of an exhibit, of a sample or of another part of them: `taken_from` is that one's number."""

CUSTODY_TRANSFER = Kind(
    name="custody-transfer",
    version=1,
    workstream="samples",
    key=("item_number", "handed_over_at"),
    selectors=("item_number",),
    fields=(
        Field(name="item_number", field_class="operational", is_required=True),
        Field(name="handed_over_at", field_class="time", type="time", is_required=True),
        Field(name="received_at", field_class="time", type="time"),
        Field(name="from_unit", field_class="operational"),
        Field(name="to_unit", field_class="operational"),
        Field(name="from_person", field_class="identity"),
        Field(name="to_person", field_class="identity"),
        Field(name="export_permit", field_class="operational"),
        Field(name="import_permit", field_class="operational"),
        Field(name="authorisation", field_class="operational"),
        Field(name="seal_out", field_class="operational"),
        Field(name="seal_in", field_class="operational"),
        Field(name="seal_state", field_class="object", type="code", vocabulary="seal-state"),
        Field(name="mass_out_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="mass_in_g", field_class="quantity", type="decimal", unit="g"),
        Field(name="transfer_notes", field_class="free-text"),
    ),
)
"""One hand to the next: who gave what to whom, when, under which permits, with seals and weights on both sides."""

LAB_TEST = Kind(
    name="lab-test",
    version=1,
    workstream="samples",
    key=("sample_number", "substance"),
    selectors=("sample_number",),
    fields=(
        Field(name="sample_number", field_class="operational", is_required=True),
        Field(name="substance", field_class="substance", is_required=True),
        Field(name="drug", field_class="substance", type="code", vocabulary="drug"),
        Field(name="outcome", field_class="substance", type="code", vocabulary="test-outcome", is_required=True),
        Field(name="reported_on", field_class="time", type="date"),
        Field(name="region", field_class="location", type="code", vocabulary="place"),
        Field(name="amount_percent", field_class="quantity", type="decimal", unit="%"),
        # Half the width of an interval of 95 %, in the unit of the amount.
        Field(name="uncertainty_percent", field_class="quantity", type="decimal", unit="%"),
        Field(name="detection_limit_percent", field_class="quantity", type="decimal", unit="%"),
        Field(name="quantification_limit_percent", field_class="quantity", type="decimal", unit="%"),
        Field(name="method", field_class="operational", type="code", vocabulary="lab-method"),
        Field(name="laboratory", field_class="operational"),
    ),
)
"""A substance that a sample was tested for, or was not: only then does "not found" mean anything."""

PROFILE_PEAK = Kind(
    name="profile-peak",
    version=1,
    workstream="samples",
    key=("sample_number", "peak"),
    selectors=("sample_number", "seizure_number"),
    fields=(
        Field(name="sample_number", field_class="operational", is_required=True),
        Field(name="seizure_number", field_class="operational"),
        Field(name="peak", field_class="object", is_required=True),
        Field(name="amount", field_class="quantity", type="decimal", is_required=True),
        Field(name="detection_limit", field_class="quantity", type="decimal"),
        Field(name="measured_on", field_class="time", type="date"),
        Field(name="laboratory", field_class="operational"),
        Field(name="method", field_class="operational", type="code", vocabulary="lab-method"),
    ),
)
"""One peak of a chemical profile under an opaque name: 0 was looked for and lies below the limit of detection."""
