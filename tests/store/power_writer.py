"""A process that commits transactions to a store and says after each that it is kept; `careless` trusts the disk."""

import os
import sys

from entente.store import open_store
from entente.store.sqlite import connections
from every.given import record

ROWS = 7
TRANSACTIONS = 40


def body_of(number: int, row: int, last: int) -> bytes:
    """What the record of one transaction holds after the transaction `last`: every eighth erases one of an earlier."""
    is_erased = row == 0 and number % 8 == 3 and last >= number + 4
    return b"" if is_erased else b"%d " % number * 900


def main(url: str, how: str) -> None:
    if how == "careless":
        settings = tuple(line.replace("synchronous = FULL", "synchronous = OFF") for line in connections._SETTINGS)
        vars(connections)["_SETTINGS"] = settings
    store = open_store(url)
    store.migrate()
    os.write(1, b"ready\n")
    for number in range(TRANSACTIONS):
        with store.writing() as tx:
            tx.add_records([record(f"{number}-{row}", body=body_of(number, row, 0)) for row in range(ROWS)])
            tx.put_setting("last", str(number))
            if number % 8 == 7:
                tx.erase_record(f"{number - 4}-0")
        os.write(1, b"kept %d\n" % number)
    os._exit(0)  # as a power cut: nothing is closed


if __name__ == "__main__":
    main(*sys.argv[1:])
