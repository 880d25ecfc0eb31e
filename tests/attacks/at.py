"""`entente` at another moment: `python at.py CLOCK verb ...` is the verb as a process of its own, whose node's clock
runs ahead by the seconds that the file CLOCK says at every look. For tests only; no setting of a node moves its clock.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path

from entente.cli.program import main
from entente.node import work


def moved(file: Path) -> work.Clock:
    """The clock of this machine, ahead by what `file` says."""

    def clock() -> datetime:
        return work.utc_now() + timedelta(seconds=float(file.read_text("ascii")))

    return clock


if __name__ == "__main__":
    work.open_node.__defaults__ = (moved(Path(sys.argv[1])),)
    main(sys.argv[2:])
