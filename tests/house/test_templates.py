"""Pages hold no words of their own, nothing inline, nothing from elsewhere, and no form without its token."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, nodes

from catalogue import TEMPLATES, said_in, templates
from entente.cli.house import catalogue
from house.sources import PACKAGE, tree

NAMES = frozenset({"Entente"})
"""Words that are the same in every language."""
READ_OUT = frozenset(
    {
        "title",
        "alt",
        "placeholder",
        "aria-label",
        "aria-description",
        "aria-roledescription",
        "aria-valuetext",
        "label",
        "summary",
        "data-label",
    }
)
"""Attributes that are shown or read to people."""
ADDRESSES = frozenset({"href", "src", "action", "formaction", "srcset", "poster", "data", "cite"})
LANGUAGE_NAMES = frozenset({"English", "Français", "Español"})
FORBIDDEN_TAGS = frozenset({"style", "iframe", "object", "embed", "base", "applet", "frame", "portal"})
_EXPRESSION = re.compile("\N{SYMBOL FOR SUBSTITUTE}(\\d+)\N{SYMBOL FOR SUBSTITUTE}")
_TIES = re.compile(r'aria-(describedby|invalid)="[^"]*"')
"""A piece of a tag that a macro writes for others."""
_LETTER = re.compile(r"[^\W\d_]")


@dataclass
class Reading(HTMLParser):
    """What is wrong with the markup of one template, whose expressions stand in it as numbers."""

    expressions: list[nodes.Expr]
    wrong: list[str] = field(default_factory=list)
    forms: list[bool] = field(default_factory=list)
    is_in_post: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN_TAGS:
            self.wrong.append(f"<{tag}>")
        if tag == "script" and "src" not in told:
            self.wrong.append("an inline script")
        if tag == "meta" and told.get("http-equiv"):
            self.wrong.append("a meta element that stands for a header")
        if tag == "form" and told.get("method", "").lower() == "post":
            self.is_in_post = True
            self.forms.append(False)
        for name, value in told.items():
            self.wrong += [f"{name}={value!r}: {why}" for why in _wrong_attribute(tag, name, value, told)]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_in_post = False

    def handle_data(self, data: str) -> None:
        words = _words(data)
        if words:
            self.wrong.append(f"words outside say(): {words!r}")
        for number in _EXPRESSION.findall(data):
            expression = self.expressions[int(number)]
            self.wrong += [f"words outside say(): {text!r}" for text in _shown_constants(expression)]
            if self.is_in_post and _is_token(expression):
                self.forms[-1] = True


def _wrong_attribute(tag: str, name: str, value: str, told: dict[str, str]) -> Iterator[str]:
    if name == "style" or name.startswith(("on", "hx-on")):
        yield "inline"
    if name in READ_OUT or (name == "value" and told.get("type") in ("submit", "button", "reset")):
        yield from (["words outside say()"] if _words(value) else [])
    is_elsewhere = re.match(r"\s*(https?:|//|javascript:|data:)", value, re.IGNORECASE) is not None
    if is_elsewhere and (name in ADDRESSES or name.startswith("hx-")):
        yield "not a place of this node"
    if name.startswith("hx-") and "js:" in value:
        yield "inline"


def _words(text: str) -> str:
    """Letters that stand in the template itself, without the names that are the same everywhere."""
    left = _TIES.sub(" ", _EXPRESSION.sub(" ", text))
    for name in NAMES:
        left = re.sub(rf"\b{name}\b", " ", left)
    return " ".join(left.split()) if _LETTER.search(left) else ""


def _shown_constants(expression: nodes.Expr) -> Iterator[str]:
    """Strings that an expression in running text can show by themselves."""
    if isinstance(expression, nodes.Const):
        if isinstance(expression.value, str) and _words(expression.value):
            yield expression.value
    elif isinstance(expression, nodes.CondExpr):
        yield from _shown_constants(expression.expr1)
        if expression.expr2 is not None:
            yield from _shown_constants(expression.expr2)
    elif isinstance(expression, nodes.Or | nodes.And):
        yield from _shown_constants(expression.right)
    elif isinstance(expression, nodes.Concat):
        for part in expression.nodes:
            yield from _shown_constants(part)


def _is_token(expression: nodes.Expr) -> bool:
    return isinstance(expression, nodes.Call) and getattr(expression.node, "name", "") == "form_token"


def reading_of(template: nodes.Template) -> Reading:
    """The markup as one text, in which every expression is a number."""
    text, expressions = "", list[nodes.Expr]()
    for output in template.find_all(nodes.Output):
        for part in output.nodes:
            if isinstance(part, nodes.TemplateData):
                text += part.data
            else:
                text += f"\N{SYMBOL FOR SUBSTITUTE}{len(expressions)}\N{SYMBOL FOR SUBSTITUTE}"
                expressions.append(part)
    reading = Reading(expressions)
    reading.feed(text)
    reading.close()
    return reading


def written(source: str) -> Reading:
    return reading_of(Environment().parse(source))


def _name(template: nodes.Expr) -> str:
    assert isinstance(template, nodes.Const)
    return str(template.value)


@cache
def pages() -> dict[str, nodes.Template]:
    return {path.relative_to(TEMPLATES).as_posix(): template for path, template in templates().items()}


def test_templates_hold_no_words_nothing_inline_and_nothing_from_elsewhere() -> None:
    wrong = {name: found for name, template in pages().items() if (found := reading_of(template).wrong)}
    assert wrong == {}


def test_every_form_that_changes_something_carries_its_token() -> None:
    forms = {name: reading_of(template).forms for name, template in pages().items()}
    assert {name: told for name, told in forms.items() if not all(told)} == {}
    assert sum(len(told) for told in forms.values()) > 10


def test_words_are_nowhere_else_in_an_expression() -> None:
    """A label that is handed to a piece of a page as it stands: ui.tag("Open"). Codes and classes are small letters."""
    wrong = defaultdict(list)
    for name, template in pages().items():
        said = {id(call.args[0]) for call in said_in(template) if call.args}
        for constant in template.find_all(nodes.Const):
            value = constant.value
            is_words = isinstance(value, str) and re.match(r"[A-ZÀ-Þ][a-zà-ÿ]", value) is not None
            if is_words and id(constant) not in said and value not in NAMES | LANGUAGE_NAMES:
                wrong[name].append(value)
    assert wrong == {}


def test_no_value_is_shown_as_markup() -> None:
    filters = [(name, one.name) for name, found in pages().items() for one in found.find_all(nodes.Filter)]
    assert [one for one in filters if one[1] in ("safe", "forceescape")] == []
    assert [name for name, found in pages().items() if list(found.find_all(nodes.MarkSafe))] == []
    source = "".join(path.read_text("utf-8") for path in templates())
    assert "autoescape" not in source


def test_every_template_is_used_and_every_one_that_is_used_is_there() -> None:
    named = {
        constant.value
        for path in (PACKAGE / "web").rglob("*.py")
        for constant in ast.walk(tree(path))
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and constant.value.endswith(".html")
    }
    extended = {_name(one.template) for found in pages().values() for one in found.find_all(nodes.Extends)}
    included = {_name(one.template) for found in pages().values() for one in found.find_all(nodes.Include)}
    assert named | extended | included == pages().keys()


def test_every_list_that_a_template_names_is_in_the_vocabulary() -> None:
    lists = set(catalogue().vocabulary.lists)
    unknown = {
        f"{name}: {call.args[0].value}"
        for name, found in pages().items()
        for call in found.find_all(nodes.Call)
        if getattr(call.node, "name", "") == "label" and call.args and isinstance(call.args[0], nodes.Const)
        if call.args[0].value not in lists
    }
    assert unknown == set()


@pytest.mark.parametrize(
    "source",
    [
        "<p>Open</p>",
        "<p>{{ name }} is open</p>",
        "<p>&eacute;t&eacute;</p>",
        "<p>{{ 'Open' }}</p>",
        "<p>{{ say('Open') if x else 'closed' }}</p>",
        "<p>{{ name or 'nobody' }}</p>",
        "<p>{% if x %}open{% endif %}</p>",
        "{% call ui.panel(say('A'), 'a') %}<p>open</p>{% endcall %}",
        "<a title='Open'></a>",
        "<a aria-label='{{ say('Open') }} it'></a>",
        "<td data-label='Open'></td>",
        "<input type='submit' value='Send'>",
        "<p style='color: red'></p>",
        "<p onclick='x()'></p>",
        "<p hx-on:click='x()'></p>",
        "<p hx-vals='js:{a: 1}'></p>",
        "<script>x()</script>",
        "<style>p { color: red }</style>",
        "<img src='https://elsewhere.example/a.png'>",
        "<a href='//elsewhere.example'></a>",
        "<a href='javascript:x()'></a>",
        "<form method='post' action='https://elsewhere.example'></form>",
        "<meta http-equiv='refresh' content='1'>",
        "<iframe src='/'></iframe>",
    ],
)
def test_the_reading_sees(source: str) -> None:
    assert written(source).wrong != []


@pytest.mark.parametrize(
    "source",
    [
        "<p class='a b'>{{ say('Open') }} · {{ 'x' | length }}, <b>Entente</b> (3 &rarr;)</p>",
        "<a class='{% if x %}open{% endif %}' href='/open' aria-label='{{ say('Open') }}'></a>",
        "<script src='{{ static('a.js') }}' defer></script>",
    ],
)
def test_the_reading_leaves_alone(source: str) -> None:
    assert written(source).wrong == []


def test_the_reading_sees_a_form_without_its_token() -> None:
    token = "{% if x %}{{ form_token() }}{% endif %}"
    source = f"<form method='get'></form><form method='post'></form><form method='POST'>{token}</form>{token}"
    assert written(source).forms == [False, True]
