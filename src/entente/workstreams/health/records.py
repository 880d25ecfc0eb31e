"""Harms that were counted, what drug-checking services found, what help there is, what is told of it to the public, and
what agencies have learned."""

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
"""Given by the public for harm reduction, held by health parties only."""

HARM_COUNT = Kind(
    name="harm-count",
    version=1,
    workstream="health",
    key=(
        "publication",
        "substances",
        "event",
        "intent",
        "breakdown",
        "group",
        "subgroup",
        "region",
        "area",
        "period_start",
        "period_end",
        "unit",
    ),
    fields=(
        Field(name="publication", field_class="statistical", is_required=True),
        Field(name="substances", field_class="health", type="code", vocabulary="harm-substances", is_required=True),
        Field(name="event", field_class="health", type="code", vocabulary="harm-event", is_required=True),
        Field(name="intent", field_class="health", type="code", vocabulary="harm-intent", is_required=True),
        Field(name="breakdown", field_class="statistical", is_required=True),
        Field(name="group", field_class="statistical", is_required=True),
        Field(name="subgroup", field_class="statistical", is_required=True),
        Field(name="region", field_class="location", type="code", vocabulary="place", is_required=True),
        Field(name="area", field_class="location", is_required=True),
        Field(name="period_start", field_class="time", type="date", is_required=True),
        Field(name="period_end", field_class="time", type="date", is_required=True),
        Field(name="unit", field_class="statistical", type="code", vocabulary="harm-unit", is_required=True),
        # INVARIANT: a value stands here exactly where `told` is "told"; a suppressed cell has none and is not zero.
        Field(name="told", field_class="statistical", type="code", vocabulary="cell-told", is_required=True),
        Field(name="value", field_class="quantity", type="decimal"),
        Field(name="predicted", field_class="quantity", type="decimal"),
        Field(name="percent_complete", field_class="statistical", type="decimal", unit="%"),
        Field(name="percent_pending", field_class="statistical", type="decimal", unit="%"),
        Field(name="status", field_class="statistical", type="code", vocabulary="harm-status"),
    ),
)
"""One cell of a published table of deaths, hospital stays, visits, ambulance calls or suspected overdoses.

`breakdown`, `group` and `subgroup` are `all` where the cell is about everybody, `area` where it is about a whole
region. What the publisher expects once all is reported (`predicted`) stands beside what was reported (`value`), never
in its place.
"""

SERVICE_AVAILABILITY = Kind(
    name="service-availability",
    version=1,
    workstream="health",
    key=("source", "service", "region", "area", "as_of"),
    fields=(
        Field(name="source", field_class="statistical", is_required=True),
        Field(name="service", field_class="health", type="code", vocabulary="harm-reduction-service", is_required=True),
        Field(name="region", field_class="location", type="code", vocabulary="place", is_required=True),
        Field(name="area", field_class="location", is_required=True),
        Field(name="as_of", field_class="time", type="date", is_required=True),
        Field(name="is_available", field_class="health", type="boolean", is_required=True),
        Field(name="is_free", field_class="health", type="boolean"),
        Field(name="sites", field_class="quantity", type="integer"),
        Field(name="how", field_class="statistical"),
        Field(name="where_to_ask", field_class="statistical"),
    ),
)
"""Where somebody gets naloxone, has drugs checked, or is not alone; `where_to_ask` is public: a page or a number."""

PRACTICE_NOTE = Kind(
    name="practice-note",
    version=1,
    workstream="health",
    key=("source", "title", "language"),
    fields=(
        Field(name="source", field_class="statistical", is_required=True),
        Field(name="title", field_class="statistical", is_required=True),
        Field(name="language", field_class="statistical", type="code", vocabulary="note-language", is_required=True),
        Field(name="country", field_class="location", type="code", vocabulary="country", is_required=True),
        Field(name="topic", field_class="health", type="code", vocabulary="practice-topic", is_required=True),
        Field(name="dated", field_class="time", type="date"),
        Field(name="text", field_class="free-text", is_required=True),
        Field(name="reference", field_class="statistical"),
    ),
)
"""What an agency learned about harm reduction or treatment, for others to try; about nobody in particular."""
