"""What `entente status` says of the machine under the node; quiet where nothing is to be done but for the disk."""

from collections.abc import Mapping

from entente.cli.terminal import out, say
from entente.node.surroundings import Encryption, Surroundings


def print_surroundings(found: Surroundings) -> None:
    told: Mapping[Encryption, str] = {
        "encrypted": say("The disk of this folder is encrypted."),
        "not-encrypted": say(
            "The disk of this folder is NOT ENCRYPTED: whoever takes the disk reads everything. The operator's guide"
            " says how to move the node to an encrypted one."
        ),
        "cannot-tell": say(
            "Whether the disk of this folder is encrypted cannot be told from here. Ask whoever set up the machine; the"
            " operator's guide says what to look for."
        ),
    }
    out()
    out(told[found.encryption])
    free = f"{found.free_bytes / 1e6:,.0f}"
    if found.has_little_room:
        out(say("LITTLE ROOM: {free} MB are free on the disk of this folder.", free=free))
    for file in found.open_files:
        out(say("OPEN TO OTHERS: {file} can be read by other users of this machine. Run `chmod go=` on it.", file=file))
    for party, seconds in found.skewed.items():
        values = {"party": party, "seconds": abs(seconds)}
        if seconds > 0:
            out(say("CLOCK: this machine is {seconds} seconds ahead of {party}. Set both by a time server.", **values))
        else:
            out(say("CLOCK: this machine is {seconds} seconds behind {party}. Set both by a time server.", **values))
