"""What is wrong with a text, or odd about it: values with a place, a sentence and what to do. Sentences are in
`sayings`."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Literal

from entente.agreements.texts.sayings import SAYINGS, Say
from entente.signing import Json

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One remark on a text. `part` is the id of the provision or golden decision it is about, `key` the key in it,
    `line` and `column` (in characters) count from 1; each may be missing. An error keeps the text from being used.
    """

    severity: Severity
    code: str
    part: str = ""
    key: str = ""
    line: int | None = None
    column: int | None = None
    values: Mapping[str, str] = default(default_factory=dict)

    def sentence(self, say: Say) -> str:
        """What is wrong."""
        return SAYINGS[self.code](say, self._all())[0]

    def remedy(self, say: Say) -> str:
        """What to do about it."""
        return SAYINGS[self.code](say, self._all())[1]

    def where(self, say: Say) -> str:
        """The place, as far as it is known."""
        found = []
        if self.line is not None and self.column is not None:
            found.append(say("line {line}, column {column}", line=self.line, column=self.column))
        elif self.line is not None:
            found.append(say("line {line}", line=self.line))
        if self.part:
            found.append(say("in {part}", part=self.part))
        if self.key:
            found.append(say("key {key}", key=self.key))
        return ", ".join(found)

    def _all(self) -> dict[str, str]:
        return {"part": self.part, "key": self.key, **self.values}

    def to_json(self) -> dict[str, Json]:
        return {
            "severity": self.severity,
            "code": self.code,
            "part": self.part,
            "key": self.key,
            "line": self.line,
            "column": self.column,
            "values": dict(self.values),
        }


def in_english(message_id: str, **values: object) -> str:
    """The English text itself: for logs and error messages, where no reader's language is known."""
    return message_id.format(**values)
