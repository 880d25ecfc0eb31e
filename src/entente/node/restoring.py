"""`entente restore`: a node from an archive and its keys. The whole file is proven before anything is written, and what
was written is compared with it before the node exists."""

import base64
import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from entente.errors import InputFault, Misconfigured, Tampered
from entente.node.archive_keys import Keyring, open_keyring
from entente.node.archive_lines import FORMAT, read_lines
from entente.node.archiving import Progress
from entente.node.config import CONFIG, Config, write_config
from entente.node.creating import NodeExists
from entente.node.identity import read_identity
from entente.node.listing import relist
from entente.node.restored import mark_restored
from entente.node.verifying import verify_store
from entente.node.work import Clock, Node, utc_now
from entente.records import Catalogue
from entente.signing import decrypt, parse
from entente.store import (
    ERASABLE,
    TABLES,
    TargetNotEmpty,
    Transaction,
    compare_copy,
    feed,
    from_values,
    open_store,
    row_of,
)


class NoArchive(InputFault):
    """The file {file} is not an archive that this program reads: {why}. Give a file that `entente backup` wrote, and
    use the version of Entente that wrote it or a later one."""


class KeysMissing(Misconfigured):
    """There are no keys in {folder}, and without its keys no archive of a node opens. Copy the newest backup of the
    node's folder `keys` there, or name it with --keys."""


class KeysThere(InputFault):
    """There are keys in {folder} already, and keys are never overwritten. Leave out --keys to use them, or move them
    away."""


class RestoredDiffers(Tampered):
    """The ledger in the archive {file} does not verify: {why}. No node was made of it; use another copy, and call your
    security officer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A node was made: rows by table, of how many the keys were destroyed since, how far its ledger reaches."""

    party: str
    made_at: datetime
    rows: Mapping[str, int]
    erased: Mapping[str, int]
    ledger_size: int
    partners: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "party": self.party,
            "made_at": self.made_at.isoformat(),
            "rows": dict(self.rows),
            "erased": dict(self.erased),
            "ledger_size": self.ledger_size,
            "partners": list(self.partners),
        }


def restore(
    file: Path,
    folder: Path,
    catalogue: Catalogue,
    *,
    keys: Path | None = None,
    store: str = "sqlite:node.sqlite",
    clock: Clock = utc_now,
    progress: Progress = lambda _table, _rows: None,
) -> Restored:
    """Makes the node of the archive `file` in `folder`, where nothing is yet but its keys (or they come from `keys`).

    Raises NodeExists, KeysThere, KeysMissing, ArchiveChanged, ArchiveCut, NoArchive, OlderKeys, RestoredDiffers,
    CopyDiffers, TargetNotEmpty and what stores raise; then there is no node.toml.
    """
    if (folder / CONFIG).exists():
        raise NodeExists(folder=folder)
    bare = Config(folder=folder, party="", domain="", store=store, url="")
    _bring_keys(bare, keys)
    keyring = open_keyring(bare, may_create=False)
    try:
        head = _prove(file, bare, keyring)
        node = _empty_node(_config(file, folder, store, head["node"]), catalogue, clock)
        try:
            return _fill(file, head, node, keyring, progress)
        finally:
            node.close()
    finally:
        keyring.close()


def _bring_keys(config: Config, keys: Path | None) -> None:
    if keys is not None and keys.resolve() != config.keys.resolve():
        if config.keys.exists():
            raise KeysThere(folder=config.keys)
        config.folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(keys, config.keys)
    if not (config.keys / "archive.key").is_file():
        raise KeysMissing(folder=config.keys)


def _signers(config: Config, keyring: Keyring) -> list[str]:
    return [read_identity(config).node_key.public.to_text(), *keyring.held.signers()]


def _prove(file: Path, config: Config, keyring: Keyring) -> dict[str, Any]:
    """Reads the whole archive once; its head. Raises ArchiveChanged, ArchiveCut, NoArchive."""
    lines = read_lines(file, _signers(config, keyring))
    head = next(lines)
    if head.get("format") != FORMAT:
        raise NoArchive(file=file, why=f"its format is {head.get('format')}")
    if unknown := head["columns"].keys() - TABLES.keys():
        raise NoArchive(file=file, why=f"it holds a table {min(unknown)}")
    counts: Counter[str] = Counter()
    for body in lines:
        if "table" in body:
            counts[body["table"]] += len(body["hidden"] if "hidden" in body else _shown(keyring, body))
        elif {name: number for name, number in body["rows"].items() if number} != counts:
            raise NoArchive(file=file, why="it does not hold as many rows as it says")
    return head


def _config(file: Path, folder: Path, store: str, settings: Mapping[str, Any]) -> Config:
    try:
        return Config(folder=folder, store=store, **settings)
    except TypeError as error:
        raise NoArchive(file=file, why=str(error)) from error


def _empty_node(config: Config, catalogue: Catalogue, clock: Clock) -> Node:
    store = open_store(config.store_url)
    store.migrate()
    return Node(config, read_identity(config), store, catalogue, clock)


def _fill(file: Path, head: Mapping[str, Any], node: Node, keyring: Keyring, progress: Progress) -> Restored:
    filling = _Filling(keyring)
    with node.store.writing() as tx:
        for table in TABLES:
            if not tx.is_empty(table):
                raise TargetNotEmpty(where=node.store.where, table=table)
        for body in read_lines(file, _signers(node.config, keyring)):
            if "table" in body:
                filling.load(tx, body, file, progress)
        for table, number in filling.rows.items():
            compare_copy(tx, table, number, filling.hashers[table].hexdigest(), node.store.where)
    verdict = verify_store(node)
    if not verdict.is_intact or verdict.read != head["ledger"]["size"]:
        raise RestoredDiffers(file=file, why=", ".join(problem.code for problem in verdict.problems) or "its size")
    made_at = datetime.fromisoformat(head["made_at"])
    partners = mark_restored(node, made_at, filling.erased["record"])
    relist(node)
    write_config(node.config)
    return Restored(
        party=node.party,
        made_at=made_at,
        rows=dict(filling.rows),
        erased=dict(filling.erased),
        ledger_size=verdict.read,
        partners=partners,
    )


@dataclass(slots=True)
class _Filling:
    keyring: Keyring
    rows: Counter[str] = field(default_factory=Counter)
    erased: Counter[str] = field(default_factory=Counter)
    hashers: dict[str, "hashlib._Hash"] = field(default_factory=dict)

    def load(self, tx: Transaction, body: Mapping[str, Any], file: Path, progress: Progress) -> None:
        table = body["table"]
        try:
            rows = list(self._rows(body))
        except (ValueError, TypeError, KeyError) as error:
            raise NoArchive(file=file, why=f"line {body['line'] + 1}, {table}: {error}") from error
        tx.load(table, rows)
        feed(self.hashers.setdefault(table, hashlib.sha256()), table, rows)
        self.rows[table] += len(rows)
        progress(table, self.rows[table])

    def _rows(self, body: Mapping[str, Any]) -> Iterator[object]:
        table, shown = body["table"], body["shown"]
        all_shown = _shown(self.keyring, body)
        for place, values in enumerate(all_shown):
            found = from_values(table, shown, values)
            if "hidden" in body:
                hidden = self._hidden(table, *body["hidden"][place])
                if hidden is None:
                    continue
                found |= hidden
            yield row_of(table, found)

    def _hidden(self, table: str, name: str, generation: int, sealed: str) -> Mapping[str, Any] | None:
        """What only the key of this thing opens; None for a row that is not brought back."""
        erasable = ERASABLE[table]
        key = self.keyring.key_of(name, generation) if sealed else None
        if key is None:
            self.erased[table] += 1
            return erasable.erased
        return from_values(table, erasable.columns, parse(decrypt(key, base64.b64decode(sealed), table)))


def _shown(keyring: Keyring, body: Mapping[str, Any]) -> list[list[Any]]:
    """The rows of a part without what is hidden of them."""
    if "rows" in body:
        rows: list[list[Any]] = body["rows"]
        return rows
    name, generation, sealed = body["closed"]
    key = keyring.key_of(name, generation)
    found: list[list[Any]] = parse(decrypt(key, base64.b64decode(sealed), body["table"])) if key else []
    return found
