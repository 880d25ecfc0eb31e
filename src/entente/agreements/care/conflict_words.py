"""The values of a conflict in the reader's words: authors read codes, whoever looks at a screen reads labels."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

Label = Callable[[str, str], str]
"""(name of a code list, code) -> its label, or the code where the list has none."""

_CODE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_OF_A_KIND = re.compile(r"([a-z0-9-]+) \(([^)]*)\)")
_LISTS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("givers", "receivers", "path"), "party"),
        **dict.fromkeys(("purposes", "purposes_one", "purposes_other"), "purpose"),
        "caveats": "caveat",
        "kind": "kind",
    }
)


def in_words(values: Mapping[str, str], label: Label) -> dict[str, str]:
    """`values` with labels in place of codes; what is no code stays as it is."""
    found = {name: _labelled(text, _LISTS[name], label) if name in _LISTS else text for name, text in values.items()}
    if "fields" in values:
        found["fields"] = _fields(values["fields"], values.get("kind", ""), label)
    return found


def _labelled(text: str, codes: str, label: Label) -> str:
    return _CODE.sub(lambda code: label(codes, code[0]), text)


def _fields(text: str, kind: str, label: Label) -> str:
    """Fields of one kind, or `kind (field, field); kind (…)`."""

    def named(of: str, fields: str) -> str:
        return _CODE.sub(lambda field: _field(of, field[0], label), fields)

    if kind:
        return named(kind, text)
    return _OF_A_KIND.sub(lambda part: f"{label('kind', part[1])} ({named(part[1], part[2])})", text)


def _field(kind: str, name: str, label: Label) -> str:
    found = label("field", f"{kind}.{name}")
    return name if found == f"{kind}.{name}" else found
