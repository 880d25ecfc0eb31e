"""An occurrence: what a police service was called to, and whom it concerns.

It is a notice: whoever is given one says what came of it.
"""

from entente.records import Field, Kind

OCCURRENCE = Kind(
    name="occurrence",
    version=1,
    workstream="operations",
    key=("number",),
    is_about_person=True,
    is_notice=True,
    selectors=("number",),
    weak_selectors=("person_name", "date_of_birth"),
    fields=(
        Field(name="number", field_class="operational", is_required=True),
        Field(name="occurrence_type", field_class="operational", type="code", vocabulary="occurrence-type"),
        Field(name="occurred_on", field_class="time", type="date"),
        Field(name="place", field_class="location", type="code", vocabulary="place"),
        Field(name="where", field_class="location"),
        Field(name="nation", field_class="operational"),
        Field(name="nation_consent", field_class="operational", type="code", vocabulary="consent"),
        Field(name="subject", field_class="operational", type="code", vocabulary="subject"),
        Field(name="person_name", field_class="identity"),
        Field(name="date_of_birth", field_class="identity", type="date"),
        Field(name="description_worn", field_class="object"),
        Field(name="last_seen_at", field_class="time", type="time"),
        Field(name="last_seen_where", field_class="location"),
        Field(name="risk_to_life", field_class="operational", type="code", vocabulary="risk-to-life"),
        Field(name="medical_need", field_class="health"),
        Field(name="suicide_attempt_flag", field_class="health", type="boolean"),
        # Of the class health and not free text: no agreement that gives free text gives it.
        Field(name="mental_health_note", field_class="health"),
        Field(name="offence_class", field_class="operational", type="code", vocabulary="offence-class"),
        Field(name="officer_in_charge", field_class="contact"),
        Field(name="notes", field_class="free-text"),
    ),
)
"""`nation` is the nation whose data it is, and `nation_consent` what it said about giving it on; neither is said of the
person. `medical_need` is what a rescuer must know."""
