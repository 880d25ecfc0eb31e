"""Fields of cooperation, one folder each and all of one shape; adding one is a folder and one line in ALL.

Knows records, vocabulary and analysis. Refuses to know stores, messages and agreements; no workstream imports another.
"""

from collections.abc import Iterable

from entente.analysis import FINDING
from entente.records import Catalogue
from entente.signing import digest
from entente.vocabulary import Vocabulary, house_vocabulary, read_vocabulary
from entente.workstreams.health import WORKSTREAM as HEALTH
from entente.workstreams.operations import WORKSTREAM as OPERATIONS
from entente.workstreams.oversight import WORKSTREAM as OVERSIGHT
from entente.workstreams.samples import WORKSTREAM as SAMPLES
from entente.workstreams.seizures import WORKSTREAM as SEIZURES
from entente.workstreams.shape import Workstream
from entente.workstreams.substances import WORKSTREAM as SUBSTANCES

__all__ = ["ALL", "Workstream", "build_catalogue", "words_of"]

ALL: tuple[Workstream, ...] = (SEIZURES, SAMPLES, SUBSTANCES, HEALTH, OPERATIONS, OVERSIGHT)


def build_catalogue(workstreams: Iterable[Workstream]) -> Catalogue:
    """All kinds of `workstreams`, and findings, with the words of all. Raises BadKind, UnreadableVocabulary."""
    chosen = tuple(workstreams)
    vocabulary = house_vocabulary().joined(words_of(workstream) for workstream in chosen)
    return Catalogue.of((FINDING, *(kind for workstream in chosen for kind in workstream.kinds)), vocabulary)


def words_of(workstream: Workstream) -> Vocabulary:
    """The words that one workstream adds. Raises UnreadableVocabulary."""
    data = workstream.folder.joinpath("vocabulary.toml").read_bytes()
    return read_vocabulary(f"{workstream.name}/vocabulary.toml", data, digest(data))
