"""Model agreements, written for this project and labelled so; they are not affiliated with the agencies they name.

Each folder holds an agreement, its golden decisions, and a page for the officer who reads it.
"""

from importlib.resources import files

from entente.errors import InputFault


class NoSuchModel(InputFault):
    """There is no model agreement called `{name}`. Use one of: {known}."""


def model_names() -> tuple[str, ...]:
    """Names of the shipped models, sorted."""
    folders = files("entente.agreements.models").iterdir()
    return tuple(sorted(item.name for item in folders if item.joinpath("agreement.toml").is_file()))


def model_bytes(name: str, file: str = "agreement.toml") -> bytes:
    """The exact bytes of `agreement.toml`, `decisions.toml` or `README.md` of the model. Raises NoSuchModel."""
    if name not in model_names() or file not in ("agreement.toml", "decisions.toml", "README.md"):
        raise NoSuchModel(name=name, known=", ".join(model_names()))
    return files("entente.agreements.models").joinpath(name, file).read_bytes()
