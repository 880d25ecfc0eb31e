"""A route: what answers at a path, and who may ask. The screens list theirs; entente.web.screens puts them together.

Whatever a role may do is said here once: the application asks nothing else, and a test walks the whole table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from starlette.responses import Response

    from entente.web.visit import Visit

Answer = Callable[["Visit"], "Response"]
FORM_BYTES, FORM_SECONDS = 256 * 1024, 60.0
LARGE_FORM_BYTES = 2 * 1024 * 1024
"""Whatever may be larger is a file, which comes as slowly as its sender's line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`needs` is a permission (entente.node.roles), None: everybody who is signed in.

    `is_public`: also who is not signed in. `reads`: shows values of records, so its visitor first says for what and
    why. `max_bytes` of a request's body.
    """

    method: Literal["GET", "POST"]
    path: str
    answer: Answer
    needs: str | None = None
    is_public: bool = False
    reads: bool = False
    max_bytes: int = FORM_BYTES

    @property
    def form_seconds(self) -> float | None:
        """So long a form may take to come; None where it carries a large file."""
        return FORM_SECONDS if self.max_bytes <= LARGE_FORM_BYTES else None


def get(path: str, answer: Answer, *, needs: str | None = None, is_public: bool = False, reads: bool = False) -> Route:
    return Route(method="GET", path=path, answer=answer, needs=needs, is_public=is_public, reads=reads)


def post(
    path: str,
    answer: Answer,
    *,
    needs: str | None = None,
    is_public: bool = False,
    reads: bool = False,
    max_bytes: int = FORM_BYTES,
) -> Route:
    return Route(
        method="POST",
        path=path,
        answer=answer,
        needs=needs,
        is_public=is_public,
        reads=reads,
        max_bytes=max_bytes,
    )
