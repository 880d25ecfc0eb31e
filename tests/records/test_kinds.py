"""A kind says what a record holds; what does not fit is named field by field."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from entente.records import FAULTS, Catalogue, Field, Kind, UnknownKind, Value, problems
from entente.records.kinds import MAX_TEXT_CHARACTERS, BadKind
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


TEXTS = (
    Field(name="number", field_class="operational", is_required=True),
    Field(name="notes", field_class="free-text"),
)


def in_texts(**values: Value) -> list[tuple[str, str]]:
    return problems(kind(*TEXTS), {"number": "1", **values}, house_vocabulary())


@pytest.mark.parametrize("code", [0, 7, 9, 10, 13, 0x1B, 0x7F, 0x85, 0x9B, 0x200F, 0x2028, 0x202E, 0x2066, 0x2069])
def test_a_text_holds_nothing_that_steers_a_screen(code: int) -> None:
    assert in_texts(number=f"A{chr(code)}B") == [("number", "steering-characters")]
    noted = [] if code in (9, 10) else [("notes", "steering-characters")]
    assert in_texts(notes=f"first{chr(code)}second") == noted, "people write notes in lines and columns"


def test_text_of_any_language_is_text() -> None:
    assert in_texts(number="Saisie à Île-Perrot: 5 kg «azul» 新 🙂", notes="- uno\n- dos\t2") == []


def test_a_text_has_an_end() -> None:
    assert in_texts(notes="x" * MAX_TEXT_CHARACTERS) == []
    assert in_texts(notes="x" * (MAX_TEXT_CHARACTERS + 1)) == [("notes", "text-too-long")]
    assert f"{MAX_TEXT_CHARACTERS:,} characters" in FAULTS["text-too-long"][0]
