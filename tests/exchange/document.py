"""The parts of docs/protocol.md that are drawn from the tables of the code.

`PYTHONPATH=tests python -m exchange.document` writes them into the document; a test compares.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from entente.exchange import (
    MACHINES,
    MESSAGE_TYPES,
    PROBLEMS,
    Machine,
    batches,
    diagram,
    feedback,
    http_profile,
    messages,
    queries,
    reconcile_wire,
    sealing,
    sign_request,
)
from exchange.parts import CBP, KEYS, NOW
from exchange.vectors import FIRST, URL, field, signature_base

FILE = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
BLOCK = re.compile(r"(<!-- from the code: ([a-z-]+) -->\n).*?(\n<!-- end -->)", re.DOTALL)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _types() -> str:
    def flag(*, value: bool) -> str:
        return "yes" if value else ""

    rows = [
        (
            f"`{row.code}`",
            row.direction.value.replace("-", " "),
            flag(value=row.needs_agreement),
            flag(value=row.needs_force),
            flag(value=row.needs_provisions),
            flag(value=row.needs_about),
        )
        for row in MESSAGE_TYPES.values()
    ]
    return table(("type", "sent", "agreement", "in force, purpose", "provisions", "about"), rows)


def _states(machine: Machine) -> str:
    rows = [(f"`{state.name}`", state.meaning) for state in machine.states.values()]
    return f"```mermaid\n{diagram(machine)}\n```\n\n{table(('state', 'meaning'), rows)}"


def _problems() -> str:
    rows = [(f"`{row.code}`", str(row.status), "yes" if row.is_passing else "") for row in PROBLEMS]
    return table(("code", "status", "may pass by itself"), [*rows, ("`internal`", "500", "yes")])


def _limits() -> str:
    rows = [
        ("one sealed message on the wire", f"{sealing.MAX_MESSAGE_BYTES:,} bytes"),
        ("one batch on the wire", f"{batches.MAX_BATCH_BYTES:,} bytes"),
        ("messages in a batch, items in a receipt", f"{batches.MAX_BATCH_MESSAGES:,}"),
        ("provisions, and caveats, in one envelope", f"{messages.MAX_IDS:,} each"),
        ("note of a feedback", f"{feedback.MAX_NOTE_CHARACTERS:,} characters"),
        ("body of an answer, always", f"{queries.ANSWER_BLOCK_BYTES:,} bytes"),
        ("values in one query or request", f"{queries.MAX_SELECTORS}"),
        (
            "one such value, and the reason for asking",
            f"{queries.MAX_VALUE_CHARACTERS} and {queries.MAX_REASON_CHARACTERS} characters",
        ),
        ("records that one answer tells of", f"{queries.MAX_RECORDS}"),
        ("numbers in one question of reconciliation", f"{reconcile_wire.MAX_RANGE:,}"),
        ("age of an HTTP signature", f"{http_profile.MAX_AGE_SECONDS} seconds"),
        ("an HTTP signature made in the future", f"{http_profile.CLOCK_SKEW_SECONDS} seconds"),
        ("nonce", f"{http_profile.NONCE_LENGTHS.start} to {http_profile.NONCE_LENGTHS.stop - 1} characters"),
        ("nonces are remembered for at least", f"{http_profile.NONCE_MEMORY_SECONDS} seconds"),
    ]
    return table(("what", "limit"), rows)


def _envelope() -> str:
    lines = [
        "The bytes of an envelope (in one line; cut here to fit the page):",
        "",
        "```text",
        *re.findall(r".{1,110}", FIRST.envelope.decode()),
        "```",
        "",
        f"Its id is `{FIRST.id}`. The signature of key",
        f"`{FIRST.signature.key_id}` over `entente envelope-v1`, a line feed and those bytes is",
        f"`{FIRST.signature.value}`.",
    ]
    return "\n".join(lines)


def _http() -> str:
    request = sign_request(
        method="POST", url=URL, body=b"{}", key=KEYS[CBP], created=NOW, nonce="AAECAwQFBgcICQoLDA0ODw"
    )
    base = [
        '"@method": POST',
        f'"@authority": {URL.split("/")[2]}',
        f'"@target-uri": {URL}',
        f'"content-digest": {field(request, "content-digest")}',
        '"content-type": application/json',
    ]
    lines = [f"{name}: {value}" for name, value in request.headers]
    return "\n".join(
        [
            "The signature base (RFC 9421 section 2.5):",
            "",
            "```text",
            signature_base(base, request),
            "```",
            "",
            "The header fields that are sent:",
            "",
            "```text",
            *lines,
            "```",
        ]
    )


BLOCKS: Mapping[str, Callable[[], str]] = {
    "types": _types,
    **{machine.name: partial(_states, machine) for machine in MACHINES},
    "problems": _problems,
    "limits": _limits,
    "envelope": _envelope,
    "http": _http,
}


def drawn(text: str) -> str:
    """`text` with every block drawn anew."""
    return BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]]()}{found[3]}", text)


if __name__ == "__main__":
    FILE.write_text(drawn(FILE.read_text("utf-8")), "utf-8")
