"""Families of errors, by *whose fault* it is; rooms derive theirs from these, next to where they are raised.

The docstring of an error is its message in English: a sentence that says what and where, and a last sentence that says
what to do. It is also the message id in the catalogues, so `{placeholders}` are filled after translation.
"""

import inspect
from collections.abc import Callable
from typing import ClassVar


class EntenteError(Exception):
    """Something went wrong in Entente. Send the support bundle to your administrator."""

    exit_code: ClassVar[int] = 8

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.said())

    @classmethod
    def message_id(cls) -> str:
        """The English template: the docstring on one line."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The message with its values, through `translate` (message id -> template)."""
        return translate(self.message_id()).format(**self.values)


class InputFault(EntenteError):
    """What was handed in cannot be used as it is. Correct it and hand it in again."""

    exit_code = 3


class PartnerFault(EntenteError):
    """A partner's node did something the protocol does not allow. Ask its operator."""

    exit_code = 4


class Tampered(EntenteError):
    """Signed or recorded bytes were changed. Keep everything as it is and call your security officer."""

    exit_code = 5


class Unavailable(EntenteError):
    """Something the node needs does not answer now. Try again later."""

    exit_code = 6


class Misconfigured(EntenteError):
    """The node is set up in a way that cannot work. Correct its configuration."""

    exit_code = 7


class OurFault(EntenteError):
    """The node broke one of its own rules. Stop using it for this and report the defect."""

    exit_code = 8
