"""A kind says what a record holds; what does not fit is named field by field."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from entente.records import Catalogue, Field, Kind, UnknownKind, Value, problems
from entente.records.kinds import BadKind
from entente.vocabulary import NativeMapping, UnreadableVocabulary, Vocabulary, house_vocabulary

FIELDS = (
    Field(name="number", field_class="operational", is_required=True),
    Field(name="drug", field_class="substance", type="code", vocabulary="drug"),
    Field(name="drugs", field_class="substance", type="codes", vocabulary="drug"),
    Field(name="mass_g", field_class="quantity", type="decimal", unit="g"),
    Field(name="change_g", field_class="quantity", type="decimal", unit="g", may_be_negative=True),
    Field(name="pieces", field_class="quantity", type="integer"),
    Field(name="day", field_class="time", type="date"),
    Field(name="at", field_class="time", type="time"),
    Field(name="is_joint", field_class="statistical", type="boolean"),
)


def kind(*fields: Field, name: str = "thing", key: tuple[str, ...] = ("number",), role: str | None = None) -> Kind:
    return Kind(name=name, version=1, workstream="test", key=key, fields=fields or FIELDS, holder_role=role)


def found(**values: Value) -> list[tuple[str, str]]:
    return problems(kind(), {"number": "1", **values}, house_vocabulary())


def test_values_of_the_right_type_have_no_problem() -> None:
    everything: dict[str, Value] = {
        "drug": "lsd",
        "drugs": ("lsd", "khat"),
        "mass_g": Decimal(0),
        "change_g": Decimal("-1.5"),
        "pieces": 3,
        "day": date(2024, 3, 31),
        "at": datetime(2024, 3, 31, tzinfo=UTC),
        "is_joint": False,
    }
    assert found(**everything) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("mass_g", Decimal(-1), "negative"),
        ("mass_g", Decimal("NaN"), "not-a-number"),
        ("mass_g", Decimal("Infinity"), "not-a-number"),
        ("mass_g", 1, "wrong-type"),
        ("pieces", True, "wrong-type"),
        ("pieces", -1, "negative"),
        ("day", datetime(2024, 3, 31, tzinfo=UTC), "wrong-type"),
        ("at", datetime(2024, 3, 31), "time-without-zone"),  # noqa: DTZ001  # that is the point
        ("drug", "LSD", "unknown-code"),
        ("drugs", ("lsd", "x"), "unknown-code"),
        ("colour", "blue", "unknown-field"),
    ],
)
def test_a_wrong_value_is_named(field: str, value: Value, code: str) -> None:
    assert found(**{field: value}) == [(field, code)]


def test_a_required_field_is_missed() -> None:
    assert problems(kind(), {}, house_vocabulary()) == [("number", "missing-value")]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (kind(Field(name="number", field_class="secret", is_required=True)), "no field class"),
        (kind(*FIELDS, FIELDS[1]), "two fields have one name"),
        (kind(key=("drug",)), "key must name required fields"),
        (kind(key=()), "key must name required fields"),
        (kind(*FIELDS, Field(name="x", field_class="object", type="code", vocabulary="nowhere")), "nowhere"),
        (kind(*FIELDS, Field(name="x", field_class="object", type="code")), "must name a list"),
        (kind(*FIELDS, Field(name="x", field_class="object", vocabulary="drug")), "must name a list"),
        (kind(role="army"), "role army"),
    ],
)
def test_a_kind_that_agreements_could_not_govern_is_refused(bad: Kind, why: str) -> None:
    with pytest.raises(BadKind, match=why):
        Catalogue.of((bad,), house_vocabulary())


def test_a_kind_is_defined_once() -> None:
    with pytest.raises(BadKind, match="twice"):
        Catalogue.of((kind(), kind()), house_vocabulary())


def test_an_unknown_kind_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownKind, match="thing"):
        Catalogue.of((kind(),), house_vocabulary()).kind("thng")


def test_a_mapping_that_leads_nowhere_is_found_when_the_catalogue_is_built() -> None:
    for to, codes in (("drug", {"Lsd": "lds"}), ("drugs", {"Lsd": "lsd"})):
        mapping = NativeMapping("names", "1", "a publisher", to, codes, "test.toml")
        with pytest.raises(UnreadableVocabulary) as caught:
            Catalogue.of((kind(),), house_vocabulary().joined([Vocabulary({}, {"names": mapping}, {})]))
        leads = f"the mapping `names` leads `Lsd` to `{codes['Lsd']}`, which is not in the list `{to}`"
        assert f"test.toml cannot be used: {leads}" in str(caught.value)


def test_the_digest_of_a_catalogue_changes_with_any_field() -> None:
    one = Catalogue.of((kind(),), house_vocabulary())
    other = Catalogue.of(
        (kind(*FIELDS[:-1], Field(name="is_joint", field_class="operational", type="boolean")),), house_vocabulary()
    )
    assert one.digest != other.digest
    assert one.digest == Catalogue.of((kind(),), house_vocabulary()).digest
