"""`name=value` texts become arguments, or an error that names what is allowed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from entente.analysis.question import Argument, Arguments, Parameter, ParameterType, Question
from entente.errors import InputFault
from entente.vocabulary import Vocabulary


class UnknownParameter(InputFault):
    """`{text}` sets no parameter of {question}. Write name=value with one of these names: {known}."""


class ParameterSetTwice(InputFault):
    """`{name}` of {question} is set twice. Set it once; several values are separated by commas."""


class NotAllowed(InputFault):
    """`{value}` is not allowed for `{name}` of {question}. Use one of: {known}."""


class NotOfType(InputFault):
    """`{value}` is not allowed for `{name}` of {question}. Write it like `{example}`."""


def parse_parameters(question: Question, texts: Iterable[str], vocabulary: Vocabulary) -> Arguments:
    """All arguments of `question`: those set by `texts` (each `name=value`), and the defaults of the others.

    Raises UnknownParameter, ParameterSetTwice, NotAllowed, NotOfType.
    """
    arguments: dict[str, Argument] = {}
    for text in texts:
        name, _, value = text.partition("=")
        parameter = question.parameter(name.strip())
        if parameter is None or "=" not in text:
            known = ", ".join(parameter.name for parameter in question.parameters)
            raise UnknownParameter(text=text, question=question.name, known=known)
        if parameter.name in arguments:
            raise ParameterSetTwice(name=parameter.name, question=question.name)
        arguments[parameter.name] = _argument(question, parameter, value.strip(), vocabulary)
    defaults = {parameter.name: parameter.default for parameter in question.parameters}
    return MappingProxyType(defaults | arguments)


def allowed_values(parameter: Parameter, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The values a `code` or `codes` parameter may have; empty for the other types."""
    if parameter.allowed or parameter.vocabulary is None:
        return parameter.allowed
    return tuple(vocabulary.list(parameter.vocabulary).terms)


def _argument(question: Question, parameter: Parameter, value: str, vocabulary: Vocabulary) -> Argument:
    if parameter.type in ("code", "codes"):
        return _codes(question, parameter, value, allowed_values(parameter, vocabulary))
    example, parse = _FORMS[parameter.type]
    try:
        return parse(value)
    except (ValueError, InvalidOperation):
        raise NotOfType(value=value, name=parameter.name, question=question.name, example=example) from None


def _codes(question: Question, parameter: Parameter, value: str, allowed: tuple[str, ...]) -> Argument:
    codes = tuple(code.strip() for code in value.split(",")) if parameter.type == "codes" else (value,)
    for code in codes:
        if code not in allowed:
            raise NotAllowed(value=code, name=parameter.name, question=question.name, known=", ".join(allowed))
    return tuple(dict.fromkeys(codes)) if parameter.type == "codes" else value


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or number < 0:
        raise ValueError(text)
    return number


def _date(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day


def _text(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


_FORMS: Mapping[ParameterType, tuple[str, Callable[[str], Argument]]] = MappingProxyType(
    {
        "integer": ("5", _whole),
        "decimal": ("0.5", _decimal),
        "date": ("2024-10-01", _date),
        "text": ("text", _text),
    }
)
