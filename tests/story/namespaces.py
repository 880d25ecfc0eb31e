"""Two network namespaces with one line between them, made for a test and gone with it; nothing leaves them.

Addresses are of 127/8, where nodes may speak without TLS, and are routed over the line all the same. What is lost in
one direction is sent to a link address that nobody has, so no part of the kernel is needed that small ones lack; only
latency needs netem.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

NEAR, FAR = "127.77.0.1", "127.77.0.2"
_NOBODY = "02:00:00:00:00:99"


@dataclass(frozen=True)
class NamespaceLine:
    """`name` + a is the namespace of the near end, `name` + b that of the far one."""

    name: str

    @property
    def near(self) -> tuple[str, ...]:
        """Words that a command at the near end begins with."""
        return ("ip", "netns", "exec", f"{self.name}a")

    @property
    def far(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", f"{self.name}b")

    def cut(self) -> None:
        _run(*self.far, "ip", "link", "set", f"{self.name}b", "down")

    def lose_answers(self) -> None:
        """What the far end sends is lost; what the near end sends arrives."""
        _run(*self.far, "ip", "neigh", "replace", NEAR, "lladdr", _NOBODY, "dev", f"{self.name}b", "nud", "permanent")

    def slow_down(self, seconds: float) -> None:
        """Skips where the kernel has no netem."""
        for end, side in ((self.near, "a"), (self.far, "b")):
            delay = (
                *end,
                "tc",
                "qdisc",
                "replace",
                "dev",
                f"{self.name}{side}",
                "root",
                "netem",
                "delay",
                f"{seconds}s",
            )
            done = subprocess.run(delay, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"tc netem is not available: {done.stderr.strip()}")

    def mend(self) -> None:
        for end, side in ((self.near, "a"), (self.far, "b")):
            _run(*end, "ip", "link", "set", f"{self.name}{side}", "up")
            subprocess.run(
                (*end, "tc", "qdisc", "del", "dev", f"{self.name}{side}", "root"), capture_output=True, check=False
            )
        subprocess.run(
            (*self.far, "ip", "neigh", "del", NEAR, "dev", f"{self.name}b"), capture_output=True, check=False
        )


@contextmanager
def line_of_namespaces() -> Iterator[NamespaceLine]:
    """Skips, with the reason, where namespaces cannot be made."""
    if os.geteuid() != 0 or shutil.which("ip") is None or shutil.which("tc") is None:
        pytest.skip("network namespaces need root, and ip and tc of iproute2")
    line = NamespaceLine(f"ent{secrets.token_hex(3)}")
    with ExitStack() as stack:
        for side in "ab":
            done = subprocess.run(
                ("ip", "netns", "add", f"{line.name}{side}"), capture_output=True, text=True, check=False
            )
            if done.returncode:
                pytest.skip(f"network namespaces are not available: {done.stderr.strip()}")
            stack.callback(_run, "ip", "netns", "del", f"{line.name}{side}")
        _join(line)
        yield line


def _join(line: NamespaceLine) -> None:
    ends = (("type", "veth", "peer", "name", f"{line.name}b"), ("netns", f"{line.name}b"))
    _run("ip", "link", "add", f"{line.name}a", "netns", f"{line.name}a", *ends[0], *ends[1])
    for end, side, address in ((line.near, "a", NEAR), (line.far, "b", FAR)):
        _run(*end, "ip", "link", "set", "lo", "up")
        _run(*end, "ip", "addr", "del", "127.0.0.1/8", "dev", "lo")
        _run(*end, "ip", "addr", "add", "127.0.0.1/32", "dev", "lo")
        _run(*end, "sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1")
        _run(*end, "ip", "addr", "add", f"{address}/24", "dev", f"{line.name}{side}")
        _run(*end, "ip", "link", "set", f"{line.name}{side}", "up")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
