"""The one shape of every workstream."""

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from entente.analysis import Figure, Question
from entente.records import Kind, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Workstream:
    """One field of cooperation: its kinds, the formats it reads, the questions it answers, its figures.

    Its folder `entente/workstreams/<name>/` holds `vocabulary.toml`, `README.md` and `examples/` beside the code.
    """

    name: str
    kinds: tuple[Kind, ...]
    readers: tuple[Reader, ...] = ()
    questions: tuple[Question, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def folder(self) -> Traversable:
        """Where its texts and examples are, also inside a wheel."""
        return files(f"entente.workstreams.{self.name}")
