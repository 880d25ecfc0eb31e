"""SQL lives in `.sql` files beside the code that runs it; every query in them has a name."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def named_queries(python_file: str) -> Mapping[str, str]:
    """The queries of the `.sql` file beside `python_file`: each begins with a line `-- name: <name>`."""
    _, *parts = _NAME.split(Path(python_file).with_suffix(".sql").read_text(encoding="utf-8"))
    names, texts = parts[::2], parts[1::2]
    return MappingProxyType({name: text.strip().rstrip(";") for name, text in zip(names, texts, strict=True)})
