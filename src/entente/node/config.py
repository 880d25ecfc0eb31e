"""A node's folder and its `node.toml`: read once, passed down as frozen values. No other module reads the
environment."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entente.errors import Misconfigured

CONFIG = "node.toml"
DOMAINS = ("production", "demo")


class NoNodeHere(Misconfigured):
    """There is no node in {folder}. Create one with `entente init`, or name its folder with --node."""


class UnusableConfig(Misconfigured):
    """{file} cannot be used: {why}. Correct it; the operator's guide lists every setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings of one node.

    `url` is the address partners use, `screens` the one at which people sign in (empty: no screens); off loopback both
    must be https, and `tls_certificate` and `tls_key` name PEM files.
    `domain` is production or demo: a production node takes no simulated record and no demo partner.
    """

    folder: Path
    party: str
    domain: str
    store: str
    url: str
    screens: str = ""
    language: str = "en"
    tls_certificate: str = ""
    tls_key: str = ""

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    @property
    def store_url(self) -> str:
        """The store's URL with a relative SQLite path made relative to the folder."""
        if "://" in self.store:
            return self.store
        return f"sqlite:{self.folder / self.store.removeprefix('sqlite:')}"


_NAMES = ("party", "domain", "store", "url", "screens", "language", "tls_certificate", "tls_key")


def read_config(folder: Path) -> Config:
    """Raises NoNodeHere, UnusableConfig."""
    file = folder / CONFIG
    if not file.is_file():
        raise NoNodeHere(folder=folder)
    try:
        table: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except (ValueError, OSError) as error:
        raise UnusableConfig(file=file, why=error) from error
    unknown = table.keys() - set(_NAMES)
    missing = {"party", "domain", "store", "url"} - table.keys()
    if unknown or missing:
        why = f"it does not know `{min(unknown)}`" if unknown else f"`{min(missing)}` is missing"
        raise UnusableConfig(file=file, why=why)
    if not all(isinstance(value, str) for value in table.values()) or table["domain"] not in DOMAINS:
        raise UnusableConfig(file=file, why=f"every setting is text, and domain is one of {', '.join(DOMAINS)}")
    return Config(folder=folder, **table)


def write_config(config: Config) -> None:
    """Whole or not at all, for its owner only: the store's address may hold a password. Raises OSError."""
    lines = ["# Settings of this node; the operator's guide explains each of them."]
    for name in _NAMES:
        value = getattr(config, name)
        if value:
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'{name} = "{escaped}"')
    config.folder.mkdir(parents=True, exist_ok=True)
    unfinished = config.folder / f"{CONFIG}.new"
    unfinished.touch(mode=0o600)
    unfinished.write_text("\n".join(lines) + "\n", "utf-8")
    unfinished.replace(config.folder / CONFIG)
