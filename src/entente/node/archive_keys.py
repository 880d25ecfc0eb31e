"""The keys of this node's archives: `keys/archive.key` wraps those in `keys/archive-keys.sqlite`, one for each thing
that can be erased. Both are kept apart from every archive."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from entente.errors import Misconfigured
from entente.node.config import Config
from entente.node.identity import SECRET_BYTES, read_secret, write_secret
from entente.node.work import Node
from entente.signing import KEY_BYTES, PrivateKey, commit, unwrap_key, wrap_key
from entente.store import ArchiveKeys

SECRET, KEYS = "archive.key", "archive-keys.sqlite"
SHARED = ""
"""In place of an id: what is closed, but is not erased thing by thing."""


class OlderKeys(Misconfigured):
    """The keys in {folder} are older than this archive: they do not know a key that it was made with. Give the newest
    copy of the node's folder `keys`; with an older one, what was erased since would come back."""


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The opened keys of one node's archives; `close` when done."""

    secret: bytes
    held: ArchiveKeys
    folder: Path

    def name(self, about: str) -> str:
        """Under which name the key of `about` is kept; it does not tell what it is about."""
        return commit(self.secret, about.encode("utf-8", "surrogatepass"))

    def keys_for(self, abouts: Sequence[str], since: int) -> dict[str, tuple[str, int, bytes | None]]:
        """Name, generation and key of each thing, made where there was none; no key for what was erased after
        `since`."""
        names = {about: self.name(about) for about in abouts}
        taken = self.held.take(list(names.values()), since, lambda: wrap_key(self.secret, os.urandom(KEY_BYTES)))
        return {about: (name, taken[name][0], self._opened(taken[name][1])) for about, name in names.items()}

    def key_of(self, name: str, generation: int) -> bytes | None:
        """None when it was destroyed. Raises OlderKeys when these keys never knew it."""
        found = self.held.find(name, generation)
        if found is None:
            raise OlderKeys(folder=self.folder)
        return self._opened(found[0])

    def close(self) -> None:
        self.held.close()

    def _opened(self, wrapped: bytes | None) -> bytes | None:
        return None if wrapped is None else unwrap_key(self.secret, wrapped)


def open_keyring(config: Config, *, may_create: bool) -> Keyring:
    """Raises KeyMissing when there is none and none may be made, KeyOpenToOthers, UnusableKey, and what the store
    raises."""
    file = config.keys / SECRET
    if may_create and not file.exists():
        write_secret(file, PrivateKey(os.urandom(SECRET_BYTES)))
    secret = read_secret(file).seed
    return Keyring(secret, ArchiveKeys(config.keys / KEYS), config.keys)


def destroy_keys(node: Node, abouts: Collection[str]) -> None:
    """From now on no archive of this node, however old, gives back what these ids are about: records, and the messages
    that carried them.

    Called inside the write transaction that erases them. Should that fail afterwards, they are still here, and the next
    archive holds them again under new keys.
    """
    if not (node.config.keys / SECRET).exists():
        return  # there has never been an archive
    keyring = open_keyring(node.config, may_create=False)
    try:
        keyring.held.destroy(list(map(keyring.name, abouts)))
    finally:
        keyring.close()
