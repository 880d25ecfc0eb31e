"""The files a browser loads: our own in `static`, and those that `make setup` puts into `static/vendor`."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

from entente.errors import Misconfigured

STATIC = "/static"
EVERY_PAGE = ("entente.css", "mark.svg", "mark-light.svg", "vendor/css/uswds.min.css", "vendor/js/htmx.min.js")


class AssetMissing(Misconfigured):
    """The file {name}, which every page loads, is not there. Run `make setup` again; it fetches what pages load."""


@cache
def address(name: str) -> str:
    """Where a browser finds the file; changes when the file does, so that browsers may keep it. Raises AssetMissing."""
    try:
        data = files("entente.web").joinpath("static", name).read_bytes()
    except OSError as error:
        raise AssetMissing(name=name) from error
    return f"{STATIC}/{name}?v={sha256(data).hexdigest()[:12]}"


def check_assets() -> None:
    """Before the first visitor comes, because no page, not even one that tells of an error, can do without them. Raises
    AssetMissing."""
    for name in EVERY_PAGE:
        address(name)
