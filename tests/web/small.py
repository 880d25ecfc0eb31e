"""A node with people and nothing else, for what happens at the door."""

from contextlib import closing
from pathlib import Path

from entente.cli.house import catalogue
from entente.node.config import Config
from entente.node.creating import create_node
from entente.node.people import add_person
from web.served import PASSWORD

PARTY = "us.cbp"


def small_node(folder: Path, *people: str) -> Path:
    """Its folder. Each of the `people` is an officer whose password is PASSWORD; `admin` is an administrator."""
    config = Config(folder=folder, party=PARTY, domain="demo", store="sqlite:node.sqlite", url="http://127.0.0.1:1")
    with closing(create_node(config, catalogue())) as node:
        for name in people:
            add_person(node, name, ["administrator" if name == "admin" else "officer"], by="test", lasting=PASSWORD)
    return folder
