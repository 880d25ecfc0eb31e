"""What a process has used so far, as Linux tells it: comparable on a machine that does other things too."""

import os
from dataclasses import dataclass
from pathlib import Path

from entente.errors import Misconfigured


class NotOnThisSystem(Misconfigured):
    """This machine does not say under {file} what a process has used. Measure on Linux."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process that runs, by its number."""

    number: int

    def cpu_seconds(self) -> float:
        """Of all its threads, in its own code and in the kernel. Raises NotOnThisSystem."""
        after_name = self._read("stat").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")

    def peak_bytes(self) -> int:
        """The most memory it has had at once. Raises NotOnThisSystem."""
        line = next(line for line in self._read("status").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024

    def _read(self, name: str) -> str:
        file = Path(f"/proc/{self.number}/{name}")
        try:
            return file.read_text("utf-8")
        except OSError:
            raise NotOnThisSystem(file=file) from None
