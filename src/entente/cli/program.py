"""`entente`: its verbs, and errors said in the user's language with an exit code by whose fault they are."""

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import NoReturn

from entente.cli.house import close_nodes
from entente.cli.terminal import PHRASES, err, out, say
from entente.errors import EntenteError, Unavailable

# A verb's module is imported when the verb is called, so that every verb starts fast.
VERBS: Mapping[str, str] = {
    "init": say("Create a node: folder, keys, database."),
    "partners": say("Exchange cards with partners; create officers who sign."),
    "keys": say("Change the node's keys without a pause; give up a key that somebody else may have."),
    "directory": say("A secretariat's signed list of nodes, keys and roles; it suggests, people pin."),
    "people": say("Accounts and roles of people who use the screens."),
    "serve": say("Answer partners and deliver what waits."),
    "status": say("What the node holds, what waits, what is overdue."),
    "may-i-share": say("May I share this? What may go to whom, and whom to ask; it releases nothing."),
    "import": say("Import a file; bad rows wait with reason and cure."),
    "records": say("List and show records, and why they may be seen."),
    "release": say("Release or refuse what waits for people."),
    "emergency": say("Life is at risk: tell a partner at once; review what was told."),
    "advisory": say("Advisories to those without a node: make, write, hand over, record what they say."),
    "duties": say("Answer notices from partners; see who owes an answer to whom."),
    "ask": say("Ask partners, and grant or refuse what they ask."),
    "obligations": say("All that we owe and are owed about records, and proof of what is done."),
    "retention": say("Erase what is past its last day: look first; hold single records back."),
    "recall": say("Call back what was given to partners; see who has done it, and what may not come back."),
    "redisclosure": say("Ask whether a record of a partner may go to somebody else; answer, and hand it on."),
    "agreements": say("Check, explain, preview, add, sign and suspend agreements."),
    "training": say("Exercises on agreements; a provision may require them of whoever releases."),
    "exchange": say("Look at the exchange with partners; send, retry, reconcile."),
    "question": say("Ask a question of records or of plain files."),
    "findings": say("Look for what stands out; accept or dismiss what was found."),
    "bulletin": say("Tell an accepted finding to the public, in three languages: draft, approve, export."),
    "ledger": say("Verify and show the ledger, and derive its decisions again."),
    "backup": say("Write everything the node holds to one file that only its keys open."),
    "restore": say("Make a node from an archive and its keys, in a new folder."),
    "upgrade": say("Bring the database to the schema of this program, or say what that would change."),
    "store": say("Move a node to another database, back it up or upgrade it."),
    "support": say("Write what somebody who helps may see: versions, settings, counts; no record and no secret."),
    "openapi": say("What partners' nodes and people's browsers can ask of this node, as an OpenAPI document."),
    "words": say("Print a code list."),
    "demo": say("Five agencies, their files, agreements: see what crosses and what comes back."),
    "simulate": say("Make a simulated world with its truth, and score findings against it."),
    "bench": say("Measure this machine beside a named peer."),
}
MODULES: Mapping[str, str] = {"import": "import_file", "may-i-share": "share"}
"""Modules that are not called as their verb."""
INTERRUPTED = 130


class UnusableFile(Unavailable):
    """The file or folder {file} cannot be used: {why}. Check the name, the permissions and the room on its disk."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one verb and exits: 0 done, 1 looked and found something wrong, 2 misused, 3 to 8 by whose fault an
    error is."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    verb = given[0] if given else "--help"
    if verb in ("--help", "-h", "help"):
        _help()
    elif verb == "--version":
        out(version("entente"))
    elif verb not in VERBS:
        err(say("There is no verb `{verb}`. `entente --help` lists them.", verb=verb))
        sys.exit(2)
    else:
        _run(verb, given[1:])


def _run(verb: str, arguments: list[str]) -> None:
    try:
        module = importlib.import_module(f"entente.cli.{MODULES.get(verb, verb)}")
        module.app(args=arguments, prog_name=f"entente {verb}")
    except EntenteError as error:
        _fail(error)
    except KeyboardInterrupt:  # while the verb's module is still being read
        _say_stopped()
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _say_stopped()
        raise
    except OSError as error:
        _fail(UnusableFile(file=error.filename or "-", why=error.strerror or error))
    finally:
        close_nodes()


def _say_stopped() -> None:
    err(say("Stopped. What was kept is kept; the same command goes on from there."))


def _fail(error: EntenteError) -> NoReturn:
    err(error.said(PHRASES.translate))
    sys.exit(error.exit_code)


def _help() -> None:
    out(say("Entente: records stay home; only what a signed agreement permits leaves."))
    out()
    width = max(map(len, VERBS))
    for verb, line in VERBS.items():
        out(f"  entente {verb.ljust(width)}  {line}")
    out()
    out(say("`entente VERB --help` explains a verb. ENTENTE_LANGUAGE=fr or es changes the language."))
