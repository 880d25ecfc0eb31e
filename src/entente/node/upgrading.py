"""Before and after a newer program: what an upgrade would change in this node, and the upgrade itself."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entente.errors import EntenteError, Tampered, Unavailable
from entente.exchange import VERSION, UnknownVersion, read_receipt
from entente.node.listing import relist
from entente.node.moving import upgrade_store
from entente.node.verifying import verify_store
from entente.node.work import Node

TIMES_THE_DATABASE = 2
"""So much room an upgrade may need: the database, and its log while one transaction changes all of it."""


class LittleRoom(Unavailable):
    """The disk of {folder} has {free} MB free, and the upgrade of a database of {size} MB may need {needed}. Make room,
    then upgrade."""


class UpgradeBroken(Tampered):
    """After the upgrade the ledger does not verify: {why}. Do not serve this node; restore the backup that you made
    before, and call your security officer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeCheck:
    """Schemas, sizes in bytes (`free_bytes` None where the database is elsewhere), and the version of the protocol that
    each partner last spoke; nothing is known of partners before the database can be read."""

    schema_found: str
    schema_known: str
    database_bytes: int
    free_bytes: int | None
    protocol: int
    partners: Mapping[str, int]

    @property
    def is_needed(self) -> bool:
        return self.schema_found != self.schema_known

    @property
    def has_room(self) -> bool:
        return self.free_bytes is None or self.free_bytes >= TIMES_THE_DATABASE * self.database_bytes

    def to_json(self) -> dict[str, Any]:
        return {
            "is_needed": self.is_needed,
            "schema": {"found": self.schema_found, "known": self.schema_known},
            "database_bytes": self.database_bytes,
            "free_bytes": self.free_bytes,
            "has_room": self.has_room,
            "protocol": self.protocol,
            "partners": dict(self.partners),
        }


def check_upgrade(node: Node) -> UpgradeCheck:
    """Looks and changes nothing. Raises EmptyStore, NewerSchema and what the store raises."""
    found, known = node.store.schema()
    if found is None or found == known:
        with node.store.reading():  # says what is wrong with an empty database
            pass
    is_file = "://" not in node.config.store
    return UpgradeCheck(
        schema_found=found or "",
        schema_known=known,
        database_bytes=_size(node),
        free_bytes=shutil.disk_usage(node.config.folder).free if is_file else None,
        protocol=VERSION,
        partners=_spoken(node) if found == known else {},
    )


def upgrade(node: Node) -> bool:
    """Brings the database to this program's schema and proves its ledger; False when there was nothing to do.

    Raises LittleRoom, UpgradeBroken, ServedAlready, EmptyStore and what the store raises.
    """
    check = check_upgrade(node)
    if not check.has_room and check.is_needed:
        megabytes = {"size": check.database_bytes, "needed": TIMES_THE_DATABASE * check.database_bytes}
        told = {name: number // 1_000_000 + 1 for name, number in megabytes.items()}
        raise LittleRoom(folder=node.config.folder, free=(check.free_bytes or 0) // 1_000_000, **told)
    if not upgrade_store(node):
        return False
    relist(node)
    verdict = verify_store(node)
    if not verdict.is_intact:
        raise UpgradeBroken(why=", ".join(problem.code for problem in verdict.problems))
    return True


def _size(node: Node) -> int:
    """PostgreSQL tells it of a current schema only."""
    try:
        return node.store.size_bytes()
    except EntenteError:
        return 0


def _spoken(node: Node) -> Mapping[str, int]:
    """Who has never answered is not listed."""
    with node.store.reading() as tx:
        newest = {partner.party: tx.newest_receipt(partner.party) for partner in tx.partners()}
    return {party: _version(data) for party, data in newest.items() if data}


def _version(receipt: bytes) -> int:
    try:
        read_receipt(receipt)
    except UnknownVersion as error:
        return int(str(error.values["version"]))
    return VERSION
