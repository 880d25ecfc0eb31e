"""A finished attempt at the exercises of an agreement."""

from entente.records import Field, Kind

TRAINING_ATTEMPT = Kind(
    name="training-attempt",
    version=1,
    workstream="oversight",
    key=("person", "agreement", "finished_at"),
    is_about_person=True,
    # INVARIANT: it serves no purpose of an agreement, so no provision ever gives it and no list of records shows it.
    only_for=(),
    fields=(
        Field(name="person", field_class="identity", is_required=True),
        Field(name="agreement", field_class="operational", is_required=True),
        Field(name="agreement_version", field_class="operational", type="integer"),
        Field(name="agreement_digest", field_class="operational"),
        Field(name="finished_at", field_class="time", type="time", is_required=True),
        Field(name="exercises", field_class="operational"),
        Field(name="asked", field_class="statistical", type="integer"),
        Field(name="right", field_class="statistical", type="integer"),
        Field(name="needed", field_class="statistical", type="integer"),
        Field(name="is_passed", field_class="operational", type="boolean"),
        Field(name="engine", field_class="operational"),
    ),
)
"""`person` is an account of this node, or the role id of an officer who works in a terminal. `exercises` are ids of
golden decisions, with a space between; `engine` is the version of the rules of decision that marked the answers."""
