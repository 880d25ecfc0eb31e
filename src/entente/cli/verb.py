"""Typer applications of one shape, for every verb."""

import typer


def verb(help_text: str, *, has_parts: bool = False) -> typer.Typer:
    """A Typer application that leaves errors to `program`; `has_parts`: always asks for a sub-verb."""
    app = typer.Typer(help=help_text, no_args_is_help=has_parts, pretty_exceptions_enable=False, add_completion=False)
    if has_parts:
        app.callback()(_nothing)
    return app


def _nothing() -> None:
    """Keeps a verb with a single part asking for the part's name."""
