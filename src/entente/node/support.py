"""What somebody who helps may see of a node: versions, settings without secrets, counts, states and times.

INVARIANT: made of codes and numbers only. No value of a record, no name of a person, no key, no path, no text of an
error: each may hold what is nobody else's business.
"""

import platform
import sys
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import distributions
from typing import Any
from urllib.parse import urlsplit

from entente.exchange import VERSION
from entente.node.config import settings_of
from entente.node.status import status
from entente.node.surroundings import surroundings
from entente.node.work import Node
from entente.store import Transaction


def bundle(node: Node) -> Mapping[str, Any]:
    """Tables by the name of the file they go to. Raises what the store raises."""
    with node.store.reading() as tx:
        exchange, jobs, people = _exchange(node, tx), _jobs(tx), _people(tx)
    return {
        "versions": _versions(),
        "settings": _settings(node),
        "state": {**status(node).to_json(), "people": people},
        "exchange": exchange,
        "jobs": jobs,
        "machine": _machine(node),
    }


def _versions() -> Mapping[str, Any]:
    installed = {found.metadata["Name"]: found.version for found in distributions()}
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "implementation": sys.implementation.name,
        "protocol": VERSION,
        "packages": dict(sorted(installed.items())),
    }


def _settings(node: Node) -> Mapping[str, Any]:
    """What decides how the node works; of addresses only their form."""
    config = node.config
    found, known = node.store.schema()
    return {
        "party": config.party,
        "domain": config.domain,
        "language": config.language,
        "store": "postgresql" if "://" in config.store else "sqlite",
        "url": _form(config.url),
        "screens": _form(config.screens),
        "sign_in": config.sign_in,
        "ends_tls_itself": bool(config.tls_certificate),
        **{name: value for name, value in settings_of(config).items() if isinstance(value, int)},
        "schema": {"found": found, "known": known},
    }


def _form(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://...:{parts.port or ''}" if url else ""


def _exchange(node: Node, tx: Transaction) -> Mapping[str, Any]:
    now = node.clock()
    return {
        "partners": len(tx.partners()),
        "waiting": [
            {"partner": party, "number": number, "oldest_seconds": round((now - oldest).total_seconds())}
            for party, number, oldest in tx.waiting()
        ],
        "sent": [list(row) for row in tx.outbox_reasons()],
        "received": [list(row) for row in tx.inbox_reasons()],
    }


def _jobs(tx: Transaction) -> list[Mapping[str, Any]]:
    return [
        {
            "name": row.name,
            "seconds": round((row.ended_at - row.started_at).total_seconds(), 3),
            "ended_at": row.ended_at.isoformat(),
            "due_at": row.due_at.isoformat() if row.due_at else None,
            "fault": row.fault,
            "failures": row.failures,
        }
        for row in tx.jobs()
    ]


def _people(tx: Transaction) -> Mapping[str, int]:
    """How many active accounts have each role."""
    return Counter(role for account in tx.accounts() if account.is_active for role in account.roles.split())


def _machine(node: Node) -> Mapping[str, Any]:
    found = surroundings(node)
    return {
        "volume": found.encryption,
        "free_bytes": found.free_bytes,
        "open_files": len(found.open_files),
        "clock_ahead_seconds": dict(found.skew_seconds),
    }
