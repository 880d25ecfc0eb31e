"""Asks an implementation every question of the vectors beside this file.

`python3 run.py [--partial] [--wycheproof FILE] -- COMMAND ...`; README.md says how COMMAND answers. Standard library
alone.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
SHOWN = 10
WRONG, UNSUPPORTED = 1, 3


class Question(NamedTuple):
    """To be answered with `result`, or refused where `refused` is the code of the reason, "" for any."""

    operation: str
    given: dict[str, Any]
    result: Any = None
    refused: str | None = None


def questions(wycheproof: Path | None) -> Iterator[Question]:
    """All of them, in the order of the files."""
    for name in ("canonical-v1.json", "ledger-v1.json", "agreements-v1.json"):
        for one in _read(name)["questions"]:
            yield Question(one["operation"], one["given"], one.get("result"), one.get("refused"))
    yield from _exchange(_read("exchange-v1.json"))
    if wycheproof is not None:
        yield from _ed25519(json.loads(wycheproof.read_text("utf-8")))


def _read(name: str) -> dict[str, Any]:
    return dict(json.loads((HERE / name).read_text("utf-8")))


def _exchange(file: dict[str, Any]) -> Iterator[Question]:
    keys = [{"party": party, "public_key_base64": key["public_key_base64"]} for party, key in file["keys"].items()]
    ends = {"speaker": "us.cbp", "recipient": "ca.cbsa", "keys": keys}
    for message in file["messages"]:
        envelope = json.loads(message["envelope"])
        result = {"id": message["id"], "seq": envelope["seq"], "type": envelope["type"]}
        yield Question("message.open", {"wire": message["wire"], **ends}, result)
    for case in file["refused_messages"]:
        yield Question("message.open", {"wire": case["wire"], **ends}, refused=case["code"])
    for body in file["feedback"]["taken"]:
        told = json.loads(body)
        yield Question("feedback.read", {"body": body}, {"stage": told["stage"], "outcome": told["outcome"]})
    for body in file["feedback"]["refused"]:
        yield Question("feedback.read", {"body": body}, refused="unreadable-feedback")
    yield from _batches(file, keys)
    yield from _http(file, keys)
    for name, machine in file["states"].items():
        yield from _steps(name, machine)


def _batches(file: dict[str, Any], keys: list[dict[str, str]]) -> Iterator[Question]:
    batch, receipt = file["batch"], file["receipt"]
    to = {"recipient": "ca.cbsa", "keys": keys}
    result = {"count": len(batch["leaves"]), "root": batch["root"]}
    yield Question("batch.verify", {"wire": batch["wire"], **to}, result)
    for case in file["refused_batches"]:
        yield Question("batch.verify", {"wire": case["wire"], **to}, refused=case["code"])
    told = {str(item["seq"]): item["state"] for item in json.loads(receipt["receipt"])["items"]}
    given = {"wire": receipt["wire"], "batch": batch["wire"], "last_seq": receipt["last_seq"], "keys": keys}
    yield Question("receipt.verify", given, told)
    for case in (*file["roots"], {"leaves": file["reconciliation"]["leaves"], "root": _root_of(file)}):
        yield Question("reconciliation.root", {"items": case["leaves"]}, case["root"])


def _root_of(file: dict[str, Any]) -> str:
    return str(json.loads(file["reconciliation"]["wire"])["root"])


def _http(file: dict[str, Any], keys: list[dict[str, str]]) -> Iterator[Question]:
    parts = ("method", "url", "headers", "body")
    good = {name: file["http"]["request"][name] for name in parts}
    yield Question("http.verify-request", {**good, "now": file["now"], "keys": keys}, "us.cbp")
    for case in file["http"]["refused"]:
        given = {name: case[name] for name in parts}
        yield Question("http.verify-request", {**given, "now": case["now"], "keys": keys}, refused=case["code"])


def _steps(name: str, machine: dict[str, Any]) -> Iterator[Question]:
    known = {(state, event): target for state, event, target in machine["steps"]}
    states = sorted({machine["start"], *machine["final"], *(step[2] for step in machine["steps"])})
    for state in states:
        for event in sorted({event for _, event in known}):
            target = known.get((state, event))
            given = {"machine": name, "state": state, "event": event}
            yield Question("state.step", given, target, None if target else "")


def _ed25519(file: dict[str, Any]) -> Iterator[Question]:
    for group in file["testGroups"]:
        for case in group["tests"]:
            given = {
                "public_key_hex": group["publicKey"]["pk"],
                "message_hex": case["msg"],
                "signature_hex": case["sig"],
            }
            is_nobodys = "SmallOrderPublicKey" in case["flags"]  # anybody can sign for such a key
            if is_nobodys or case["result"] != "acceptable":
                yield Question("ed25519.verify", given, case["result"] == "valid" and not is_nobodys)


def _is_right(question: Question, answer: dict[str, Any]) -> bool:
    if question.refused is None:
        return "result" in answer and bool(answer["result"] == question.result)
    return "refused" in answer and question.refused in ("", answer["refused"])


def ask(command: list[str], all_: list[Question]) -> Iterator[dict[str, Any]]:
    """The answers in the order of the questions, each asked once the one before is answered."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as asked:
        if asked.stdin is None or asked.stdout is None:
            raise OSError("there are no pipes")
        for number, question in enumerate(all_):
            line = {"id": number, "operation": question.operation, "given": question.given}
            asked.stdin.write(json.dumps(line) + "\n")
            asked.stdin.flush()
            answer = json.loads(asked.stdout.readline() or "{}")
            if answer.get("id") != number:
                sys.exit(f"The answer to question {number} ({question.operation}) is not there. Look at the command.")
            yield answer
        asked.stdin.close()


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--partial", action="store_true", help="unsupported operations do not fail")
    reader.add_argument("--wycheproof", type=Path, help="ed25519_test.json of Project Wycheproof")
    reader.add_argument("command", nargs="+")
    said = reader.parse_args()
    all_ = list(questions(said.wycheproof))
    found: dict[str, Counter[str]] = {}
    wrong: list[tuple[Question, dict[str, Any]]] = []
    for question, answer in zip(all_, ask(said.command, all_), strict=True):
        is_right = _is_right(question, answer)
        kind = "unsupported" if answer.get("unsupported") else "right" if is_right else "wrong"
        found.setdefault(question.operation, Counter())[kind] += 1
        if kind == "wrong":
            wrong.append((question, answer))
    for operation, counts in sorted(found.items()):
        print(f"{operation:28}", *(f"{counts[kind]:6} {kind}" for kind in ("right", "wrong", "unsupported")))
    for question, answer in wrong[:SHOWN]:
        print("WRONG", json.dumps({"asked": question._asdict(), "answered": answer}))
    missing = sum(counts["unsupported"] for counts in found.values())
    print(f"{len(all_) - len(wrong) - missing} of {len(all_)} right, {len(wrong)} wrong, {missing} unsupported")
    return WRONG if wrong else UNSUPPORTED if missing and not said.partial else 0


if __name__ == "__main__":
    sys.exit(main())
