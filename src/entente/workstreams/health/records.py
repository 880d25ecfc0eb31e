"""Harms that were counted, what drug-checking services found, what help there is, what agencies have learned, and what
is told to the public."""

from entente.records import Field, Kind
from entente.vocabulary import LANGUAGES

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

BULLETIN = Kind(
    name="bulletin",
    version=1,
    workstream="health",
    key=("finding",),
    is_notice=True,
    is_drawn=True,
    fields=(
        Field(name="finding", field_class="operational", is_required=True),
        Field(name="finding_version", field_class="operational", type="integer", is_required=True),
        Field(name="subject", field_class="substance", is_required=True),
        Field(name="place", field_class="location", is_required=True),
        Field(name="period_start", field_class="time", type="date", is_required=True),
        Field(name="period_end", field_class="time", type="date", is_required=True),
        # Absent where the finding does not tell it, and where it lies below the floor for what the public has given.
        Field(name="observed", field_class="quantity", type="integer"),
        Field(name="of", field_class="quantity", type="integer"),
        Field(name="rests_on", field_class="statistical", type="codes", vocabulary="kind", is_required=True),
        Field(name="advice", field_class="health", type="codes", vocabulary="bulletin-advice", is_required=True),
        Field(name="floor", field_class="statistical", type="code", vocabulary="bulletin-floor"),
        *(Field(name=f"title_{language}", field_class="substance", is_required=True) for language in LANGUAGES),
        *(Field(name=f"text_{language}", field_class="free-text", is_required=True) for language in LANGUAGES),
        *(Field(name=f"added_{language}", field_class="free-text") for language in LANGUAGES),
        Field(name="words_kept", field_class="free-text"),
        Field(name="review", field_class="statistical", type="code", vocabulary="bulletin-state", is_required=True),
        Field(name="drafted_on", field_class="time", type="date", is_required=True),
        Field(name="drafted_by", field_class="operational", is_required=True),
        Field(name="approved_on", field_class="time", type="date"),
        Field(name="approved_by", field_class="operational"),
    ),
)
"""What is told to the public of an accepted finding, as a person approved it, word for word in three languages.

`added_...` is what a person wrote beside what the catalogue says; `words_kept` why a word stands there that hurts.
"""
