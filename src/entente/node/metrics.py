"""What machines watch: counts and ages as Prometheus text (exposition format 0.0.4). No record, no name of a person."""

import shutil
from collections.abc import Iterator

from entente.errors import EntenteError
from entente.ledger import CHECKPOINT_PATH, read_checkpoint
from entente.node.keyring import our_log_keys
from entente.node.work import Node
from entente.store import Transaction

Sample = tuple[str, str, dict[str, str], float]
"""Name, help, labels, value."""


def metrics(node: Node) -> str:
    """Raises what the store raises."""
    with node.store.reading() as tx:
        samples = [*_of_store(node, tx), *_of_jobs(tx)]
    samples += _of_files(node)
    lines: list[str] = []
    said: set[str] = set()
    for name, about, labels, value in samples:
        if name not in said:
            said.add(name)
            lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge"]
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        lines.append(f"{name}{{{told}}} {value:.15g}" if told else f"{name} {value:.15g}")
    return "\n".join(lines) + "\n"


def _of_store(node: Node, tx: Transaction) -> Iterator[Sample]:
    now = node.clock()
    yield "entente_ledger_entries", "Entries in the ledger.", {}, tx.ledger_head().size
    yield "entente_database_bytes", "Size of the database.", {}, node.store.size_bytes()
    waiting = {party: (number, oldest) for party, number, oldest in tx.waiting()}
    parties = [partner.party for partner in tx.partners()]
    for party in parties:
        number = waiting[party][0] if party in waiting else 0
        yield "entente_messages_waiting", "Messages without a final answer.", {"partner": party}, number
    for party in parties:
        age = (now - waiting[party][1]).total_seconds() if party in waiting else 0.0
        yield "entente_oldest_waiting_seconds", "Age of the oldest such message.", {"partner": party}, max(age, 0.0)
    quarantined = sum(number for _, _, number in tx.quarantine_counts())
    yield "entente_quarantined_rows", "Bad rows that wait for people.", {}, quarantined
    yield "entente_releases_waiting", "Disclosures that wait for people.", {}, len(tx.releases("waiting"))
    overdue = sum(late for _, _, _, late in tx.duty_counts(now))
    yield "entente_answers_overdue", "Answers owed by us or to us that are overdue.", {}, overdue


def _of_jobs(tx: Transaction) -> Iterator[Sample]:
    rows = tx.jobs()
    for row in rows:
        yield "entente_job_failures", "Failed runs of a job in a row.", {"job": row.name}, row.failures
    for row in rows:
        at = row.ended_at.timestamp()
        yield "entente_job_ended_timestamp_seconds", "When a job was last noted to have ended.", {"job": row.name}, at


def _of_files(node: Node) -> Iterator[Sample]:
    yield "entente_disk_free_bytes", "Free on the disk of the node's folder.", {}, _free(node)
    file = node.config.ledger / CHECKPOINT_PATH
    try:
        size = read_checkpoint(file.read_bytes(), our_log_keys(node)).size
        published_at = file.stat().st_mtime
    except (OSError, EntenteError):
        size, published_at = 0, 0.0
    yield "entente_published_entries", "Entries in the published ledger.", {}, size
    yield "entente_published_timestamp_seconds", "When the ledger was last published.", {}, published_at


def _free(node: Node) -> int:
    return shutil.disk_usage(node.config.folder).free


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
