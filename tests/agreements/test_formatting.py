"""One layout: the meaning stays, comments stay, what is laid out stays as it is."""

import tomllib
from random import Random

import pytest

from entente.agreements import model_bytes, model_names
from entente.agreements.texts.formatting import WIDTH, LayoutChangesMeaning, NotLaidOut, formatted
from entente.agreements.texts.syntax import Entry, Written, statements

MODELS = [(name, file) for name in model_names() for file in ("agreement.toml", "decisions.toml")]


def laid_out(text: str) -> str:
    return formatted(text.encode()).decode()


def comments(text: str) -> list[str]:
    found: list[str] = []

    def of_value(value: Written) -> None:
        found.extend(value.tail)
        for entry in value.entries:
            of_entry(entry)

    def of_entry(entry: Entry) -> None:
        found.extend(line for line in [*entry.before, entry.after] if line)
        if entry.value is not None:
            of_value(entry.value)

    for entry in statements(text):
        of_entry(entry)
    return sorted(found)


def spoilt(rng: Random, text: str) -> str:
    """`text` as somebody in a hurry would have written it: the same statements, otherwise spaced, with comments
    everywhere."""
    rows: list[str] = []
    is_long = False
    for number, line in enumerate(text.split("\n")):
        is_start = not is_long and (" = " in line or line.startswith("["))
        is_long ^= line.count('"""') % 2 == 1
        if is_start and rng.random() < 0.3:
            rows.extend(rng.sample(["", "", f"# note {number}", f"   # and {number}", "#"], rng.randint(1, 4)))
        if is_start and not is_long and '"""' not in line and rng.random() < 0.5:
            ways = (f"  {line}  # why {number}", line.replace(" = ", "=", 1), line.replace(" = [", " = [ # first\n", 1))
            rows.append(rng.choice(ways))
        else:
            rows.append(line)
    return rng.choice(["\n", "\r\n"]).join(rows)


@pytest.mark.parametrize(("name", "file"), MODELS)
def test_the_shipped_models_are_laid_out(name: str, file: str) -> None:
    assert formatted(model_bytes(name, file)) == model_bytes(name, file)


@pytest.mark.parametrize("number", range(30))
def test_nothing_is_lost_and_nothing_changes(number: int) -> None:
    rng = Random(number)
    text = spoilt(rng, model_bytes(*rng.choice(MODELS)).decode())
    after = laid_out(text)
    assert tomllib.loads(after) == tomllib.loads(text)
    assert comments(after) == comments(text.replace("\r\n", "\n"))
    assert laid_out(after) == after


def test_keys_stand_in_the_order_of_the_guide_and_comments_go_with_them() -> None:
    text = """
#:schema ./agreement.schema.json
# All about it.

# the second version
version=2
title . en='It'
name =   "x" # short

[[ provision ]] # one
effect = "permit"
# as in the paper
id = "1.1"



# what follows forbids

[[provision]]
fields = [ "a.b" , # why
  "c.d" ]
when = [{field="a",equals=1},{ field = "b", is_present = true }]
text = { fr = "b", en = "a" }
#end
"""
    assert (
        laid_out(text)
        == """\
#:schema ./agreement.schema.json
# All about it.

name = "x" # short
# the second version
version = 2

title.en = 'It'

[[provision]] # one
# as in the paper
id = "1.1"
effect = "permit"

# what follows forbids

[[provision]]
text = { fr = "b", en = "a" }
fields = [
    "a.b", # why
    "c.d",
]
when = [
    { field = "a", equals = 1 },
    { field = "b", is_present = true },
]

#end
"""
    )


def test_a_list_is_wrapped_where_the_line_ends_and_not_before() -> None:
    item = "x" * 10
    for number in range(1, 14):
        rows = laid_out(f"fields = [{', '.join([repr(item)] * number)}]").split("\n")
        assert all(len(row) <= WIDTH for row in rows)
        assert (len(rows) == 2) == (len("fields = []") + number * 12 + (number - 1) * 2 <= WIDTH)


@pytest.mark.parametrize(
    "text", ["", "# only a note", "a = 1", "[x]\n[x.y]\n", 'a = """\n\n  b\\\n  c"""', "a.b.c = [[], {}]"]
)
def test_odd_texts_keep_their_meaning(text: str) -> None:
    after = laid_out(text)
    assert tomllib.loads(after) == tomllib.loads(text)
    assert comments(after) == comments(text)
    assert laid_out(after) == after


@pytest.mark.parametrize("data", [b"a = ", b"\xff", b"a = 1\na = 2", b"a = " + b"[" * 5000])
def test_what_is_no_toml_is_left_alone_and_the_place_named(data: bytes) -> None:
    with pytest.raises(NotLaidOut):
        formatted(data)


def test_the_place_of_the_mistake_is_told() -> None:
    with pytest.raises(NotLaidOut, match="line 2, column 5: The text is not TOML"):
        formatted(b"a = 1\nb = ]")


@pytest.mark.parametrize("depth", [10, 100, 400])
def test_lists_in_lists_are_laid_out_or_refused(depth: int) -> None:
    data = b"a = " + b"[" * depth + b"]" * depth + b"\n"
    try:
        after = formatted(data)
    except (LayoutChangesMeaning, NotLaidOut):
        assert depth > 50
    else:
        assert tomllib.loads(after.decode()) == tomllib.loads(data.decode())
