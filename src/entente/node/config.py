"""A node's folder and its `node.toml`: read once, passed down as frozen values. No other module reads the
environment."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from entente.errors import Misconfigured

CONFIG = "node.toml"
DOMAINS = ("production", "demo")
PUBLISHED = ("checkpoint", "all")
MOST_DAYS = 36_500
"""A hundred years."""
WAYS_IN = ("password", "password-and-passkey", "passkey")


class NoNodeHere(Misconfigured):
    """There is no node in {folder}. Create one with `entente init`, or name its folder with --node."""


class UnusableConfig(Misconfigured):
    """{file} cannot be used: {why}. Correct it; the operator's guide lists every setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings of one node.

    `url` is the address partners use, `screens` the one at which people sign in (empty: no screens); off loopback both
    must be https, and `tls_certificate` and `tls_key` name PEM files. `listen` is the address to answer partners at
    where it is not `url`: behind a proxy that ends TLS, say. `tls_client_ca`: partners show a certificate of these
    authorities; `tls_client_certificate` and `tls_client_key`: we show this one; `tls_partner_ca`: the authorities of
    partners' own certificates, by default those of this machine.
    `publish_ledger` says what anybody may fetch of the ledger: the checkpoint of the fixed clock, or all of its files;
    that clock strikes every `witness_hours`.
    `domain` is production or demo: a production node takes no simulated record and no demo partner.

    `sign_in` is one of WAYS_IN; `oidc_...` name another service that says who somebody is (entente.node.service).
    Accounts one of which was given its way in by the other within `approval_apart_hours` do not approve as two people.

    A settled question between partners is erased after `question_days`, where the node erases by itself.

    `advisory_contact` says in every advisory whom to call. Advisories go by e-mail only where `smtp_host` and
    `smtp_from` are set. `bulletin_fewest_found` and `bulletin_fewest_tested` raise the floor of bulletins.
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
    listen: str = ""
    tls_client_ca: str = ""
    tls_client_certificate: str = ""
    tls_client_key: str = ""
    tls_partner_ca: str = ""
    publish_ledger: str = "checkpoint"
    witness_hours: int = 24
    sign_in: str = "password"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret_file: str = ""
    oidc_name: str = ""
    one_time_password_days: int = 7
    approval_apart_hours: int = 24
    searches_per_hour: int = 600
    upload_mib_per_day: int = 2048
    bad_rows_limit: int = 100_000
    question_days: int = 90
    advisory_contact: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_from: str = ""
    bulletin_fewest_found: int = 1
    bulletin_fewest_tested: int = 1

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


_DEFAULTS = {each.name: each.default for each in fields(Config) if each.name != "folder"}


def read_config(folder: Path) -> Config:
    """Raises NoNodeHere, UnusableConfig."""
    file = folder / CONFIG
    if not file.is_file():
        raise NoNodeHere(folder=folder.absolute())
    try:
        table: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except (ValueError, OSError) as error:
        raise UnusableConfig(file=file, why=error) from error
    unknown = table.keys() - _DEFAULTS.keys()
    missing = {"party", "domain", "store", "url"} - table.keys()
    if unknown or missing:
        why = f"it does not know `{min(unknown)}`" if unknown else f"`{min(missing)}` is missing"
        raise UnusableConfig(file=file, why=why)
    for name, value in table.items():
        if why := _unfit(name, value):
            raise UnusableConfig(file=file, why=why)
    return Config(folder=folder, **table)


def _unfit(name: str, value: object) -> str:
    """Why a setting cannot have this value; empty where it can."""
    choices = {"domain": DOMAINS, "sign_in": WAYS_IN, "publish_ledger": PUBLISHED}.get(name)
    if type(_DEFAULTS[name]) is int:
        if type(value) is not int or value <= 0:
            return f"`{name}` is not a whole number above 0"
        if name == "question_days":
            return f"`{name}` is not from 2 to {MOST_DAYS}" if not 2 <= value <= MOST_DAYS else ""
        return f"`{name}` is more than a day" if name == "witness_hours" and value > 24 else ""
    if not isinstance(value, str):
        return f"`{name}` is not text"
    return "" if choices is None or value in choices else f"{name} is not one of {', '.join(choices)}"


def settings_of(config: Config) -> dict[str, str | int]:
    """Every setting but where the store is, whose address may hold a password."""
    return {name: getattr(config, name) for name in _DEFAULTS if name != "store"}


def write_config(config: Config) -> None:
    """Whole or not at all, for its owner only: the store's address may hold a password. Raises OSError."""
    lines = ["# Settings of this node; the operator's guide explains each of them."]
    for name, default in _DEFAULTS.items():
        value = getattr(config, name)
        if isinstance(value, int):
            lines += [f"{name} = {value}"] if value != default else []
        elif value and (value != default or name == "language"):
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'{name} = "{escaped}"')
    config.folder.mkdir(parents=True, exist_ok=True)
    unfinished = config.folder / f"{CONFIG}.new"
    unfinished.touch(mode=0o600)
    unfinished.write_text("\n".join(lines) + "\n", "utf-8")
    unfinished.replace(config.folder / CONFIG)
