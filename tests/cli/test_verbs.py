"""Every verb: help, languages, exit codes, and errors that are sentences and never a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from entente import errors
from entente.cli.program import VERBS
from house.test_commands import parts_of
from story.tables import HEADER
from story.world import entente

COMMANDS = [
    command
    for verb in VERBS
    for command in (tuple((verb, part) for part in sorted(parts_of(verb))) or ((verb,),))
]  # fmt: skip


def process(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "entente.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_verb_explains_itself(command: tuple[str, ...]) -> None:
    done = entente(*command, "--help")
    assert done.code == 0
    assert f"entente {' '.join(command)}" in done.out


def test_without_a_verb_the_verbs_are_listed() -> None:
    for asked in ((), ("--help",), ("help",), ("-h",)):
        done = entente(*asked)
        assert done.code == 0
        assert all(f"entente {verb}" in done.out for verb in VERBS)
    assert entente("--version").out.count(".") == 2


def test_an_unknown_verb_or_option_is_misuse() -> None:
    unknown = entente("tell")
    assert (unknown.code, "`tell`" in unknown.err, "entente --help" in unknown.err) == (2, True, True)
    for command in COMMANDS:
        wrong = entente(*command, "--no-such-option")
        assert (wrong.code, "Traceback" in wrong.err) == (2, False)


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "accord"), ("es", "acuerdo"), ("en", "agreement"), ("de", "agreement")]
)
def test_help_speaks_the_language_of_the_user(language: str, word: str) -> None:
    done = process("--help", ENTENTE_LANGUAGE=language)
    assert done.returncode == 0
    assert word in done.stdout


def test_errors_speak_the_language_of_the_user(tmp_path: Path) -> None:
    said = {
        language: process("status", "--node", str(tmp_path), ENTENTE_LANGUAGE=language)
        for language in ("en", "fr", "es")
    }
    assert {done.returncode for done in said.values()} == {7}
    assert len({done.stderr for done in said.values()}) == 3
    assert all("`entente init`" in done.stderr for done in said.values())


def test_where_there_is_no_node_the_folder_is_named_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"There is no node in {tmp_path}. " in entente("status").err


def test_exit_codes_say_whose_fault_it_was() -> None:
    families = ("InputFault", "PartnerFault", "Tampered", "Unavailable", "Misconfigured", "OurFault")
    assert [getattr(errors, name).exit_code for name in families] == [3, 4, 5, 6, 7, 8]


NODE_VERBS = [
    ("status",), ("records", "list", "--why", "x"), ("records", "quarantine"), ("release", "list"),
    ("agreements", "list"), ("exchange", "status"), ("exchange", "reconcile"), ("partners", "list"), ("ledger", "show"),
]  # fmt: skip


@pytest.mark.parametrize("command", NODE_VERBS, ids=" ".join)
def test_a_new_node_is_empty_and_says_so_in_text_and_json(home: Path, command: tuple[str, ...]) -> None:
    shown = entente(*command, "--node", home)
    assert (shown.code, shown.err) == (0, "")
    found = entente(*command, "--node", home, "--json")
    assert found.code == 0
    if isinstance(found.json, list) and command[0] != "ledger":
        assert found.json == []
    if command != ("exchange", "reconcile"):
        assert shown.out.strip()


@pytest.mark.parametrize("command", NODE_VERBS, ids=" ".join)
def test_without_a_node_the_remedy_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    refused = entente(*command, "--node", tmp_path / "nowhere")
    assert refused.code == 7
    assert "`entente init`" in refused.err
    assert not (tmp_path / "nowhere").exists()


ODD_ARGUMENTS: list[tuple[object, ...]] = [
    ("init", "--party", "xx.none", "--node", "{new}"),
    ("init", "--party", "us.cbp", "--node", "{home}"),
    ("init", "--party", "us.cbp", "--node", "{file}"),
    ("init", "--party", "us.cbp", "--node", "{new}", "--domain", "pretend"),
    ("init", "--party", "us.cbp", "--node", "{new}", "--url", "http://cbp.example"),
    ("init", "--party", "us.cbp", "--node", "{new}", "--url", "https://host:port"),
    ("init", "--party", "us.cbp", "--node", "{new}", "--url", "https://cbp.example/"),
    ("init", "--party", "us.cbp", "--node", "{new}", "--store", "oracle://x"),
    ("init", "--party", "us.cbp", "--node", "{new}", "--store", "postgresql://u:secret@127.0.0.1:1/x"),
    ("init", "--party", "us.cbp", "--node", "{new}", "--store", "sqlite:{home}/node.sqlite"),
    ("import", "{file}", "--bad-rows", "{missing}/bad.csv", "--node", "{home}"),
    ("partners", "add", "{file}", "--node", "{home}"),
    ("partners", "add", "{missing}", "--node", "{home}"),
    ("partners", "card", "--out", "{missing}/card", "--node", "{home}"),
    ("partners", "officer", "x", "--key", "{file}", "--node", "{home}"),
    ("partners", "officer", "x", "--key", "{missing}/key", "--node", "{home}"),
    ("agreements", "explain", "none", "--node", "{home}"),
    ("agreements", "sign", "none", "--officer", "x", "--key", "{file}", "--node", "{home}"),
    ("agreements", "preview", "xx.none", "--purpose", "statistics", "--why", "x", "--node", "{home}"),
    ("agreements", "preview", "ca.cbsa", "--purpose", "fun", "--why", "x", "--node", "{home}"),
    ("records", "list", "--kind", "none", "--why", "x", "--node", "{home}"),
    ("records", "show", "none", "--why", "x", "--node", "{home}"),
    ("records", "list", "--why", " ", "--node", "{home}"),
    ("release", "show", "none", "--why", "x", "--node", "{home}"),
    ("release", "refuse", "none", "--reason", "x", "--node", "{home}"),
    ("ledger", "verify", "{missing}"),
    ("ledger", "verify", "{empty}"),
    ("ledger", "export", "{empty}", "--node", "{home}"),
    ("ledger", "export", "{file}", "--node", "{home}"),
    ("store", "move", "sqlite:{file}", "--node", "{home}"),
    ("store", "backup", "{file}", "--node", "{home}"),
    ("store", "backup", "{missing}/copy", "--node", "{home}"),
    ("words", "none"),
    ("question", "show", "none"),
    ("question", "run", "seizures.totals", "--why", "x", "--purpose", "fun", "--node", "{home}"),
    ("demo", "--dir", "{file}"),
    ("demo", "--dir", "{home}"),
    ("demo", "--data", "{empty}", "--dir", "{new}"),
]  # fmt: skip


@pytest.mark.parametrize("command", ODD_ARGUMENTS, ids=lambda command: " ".join(map(str, command))[:60])
def test_what_cannot_be_done_is_a_sentence_with_an_exit_code(
    home: Path, tmp_path: Path, command: tuple[object, ...]
) -> None:
    places = {"new": tmp_path / "new", "home": home, "file": tmp_path / "file", "empty": tmp_path / "empty",
              "missing": tmp_path / "missing"}  # fmt: skip
    places["file"].write_text(HEADER, "utf-8")
    places["empty"].mkdir()
    refused = entente(*(str(argument).format(**places) for argument in command))
    if command[0] != "import":
        assert 3 <= refused.code <= 7, refused
    assert refused.code != 1
    assert refused.err.strip().endswith((".", "`")) or refused.err.count(". ") or refused.err.count(": "), refused.err
    assert "Traceback" not in refused.err
    assert "secret" not in refused.err
    assert not (tmp_path / "new" / "node.toml").exists()
    assert places["file"].read_text("utf-8") == HEADER
    assert entente("status", "--node", home).code == 0


def test_settings_and_keys_are_readable_by_their_owner_only(home: Path) -> None:
    for file in (home / "node.toml", *(home / "keys").iterdir()):
        assert file.stat().st_mode & 0o077 == 0, file


def test_a_key_open_to_others_is_refused(home: Path) -> None:
    (home / "keys" / "node.key").chmod(0o644)
    refused = entente("status", "--node", home)
    assert refused.code == 7
    assert "chmod 600" in refused.err


@pytest.mark.parametrize("line", ['colour = "red"', "url = 5", "= 5", 'domain = "pretend"'])
def test_settings_that_cannot_be_used_are_named(home: Path, line: str) -> None:
    file = home / "node.toml"
    kept = [old for old in file.read_text("utf-8").splitlines() if old.split(" ")[0] != line.split(" ", maxsplit=1)[0]]
    file.write_text("\n".join([*kept, line]), "utf-8")
    refused = entente("status", "--node", home)
    assert refused.code == 7
    assert "node.toml cannot be used" in refused.err


def test_code_lists_are_printed_with_their_source() -> None:
    lists = entente("words", "--json").json
    assert {"party", "purpose", "drug"} <= set(lists)
    for name in lists:
        assert entente("words", name).code == 0


def test_parties_are_printed_with_their_country_and_roles() -> None:
    told = entente("words", "party").out
    assert told.splitlines()[0].split() == ["code", "label", "country", "kind", "roles"]
    assert next(line for line in told.splitlines() if line.startswith("us.cbp")).endswith("enforcement")


def test_the_fields_of_a_kind_are_printed_with_what_an_agreement_needs_to_know() -> None:
    rows = {row["name"]: row for row in entente("words", "kind", "seizure", "--json").json}
    assert rows["region"]["list"] == "region"
    assert {"code", "date", "decimal"} <= {row["type"] for row in rows.values()}
    told = entente("words", "kind", "seizure").out
    assert all(name in told and row["label"] in told and row["class"] in told for name, row in rows.items())
    assert any(row["unit"] == "g" for row in rows.values())
    assert entente("words", "kind", "none").code == 3


def test_a_dated_list_is_printed_with_its_days_and_that_nobody_has_checked_it() -> None:
    assert "ca.cdsa" in entente("words").out
    told = entente("words", "ca.cdsa").out
    assert "2018-10-16" in told
    assert "CDSA, Schedule II, item 1" in told
    assert "(not yet checked against its source)" in told
    assert entente("words", "ca.cdsa", "--json").json[0]["since"] == "1997-05-14"


def test_an_interrupted_import_keeps_what_it_kept_and_says_so(home: Path) -> None:
    # Whoever runs the tests in the background hands down a SIGINT that is ignored.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{heard}; from entente.cli import main; main()"
    command = [sys.executable, "-c", program, "import", "-", "--node", str(home), "--format", "cbp-drug-seizures"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as importing:  # type: ignore[call-overload]  # only pipes
        importing.stdin.write(HEADER.encode() + b"\n")
        importing.stdin.flush()
        time.sleep(3)
        importing.send_signal(signal.SIGINT)
        _, err = importing.communicate(timeout=30)
    assert importing.returncode == 130
    assert b"What was kept is kept" in err
    assert b"Traceback" not in err


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m entente.cli words drug | head -1", shell=True, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
