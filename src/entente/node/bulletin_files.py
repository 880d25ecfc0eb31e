"""The files of an approved bulletin, for anybody to read: text in three languages, and a page to show or print."""

from collections.abc import Mapping

from entente.errors import InputFault
from entente.node.bulletin_said import as_page
from entente.node.bulletins import Bulletin, check_tellable, limits_of_finding, own_bulletin
from entente.node.work import Node
from entente.vocabulary import LANGUAGES

PAGE = "bulletin.html"
TEXTS: Mapping[str, str] = {language: f"bulletin.{language}.txt" for language in LANGUAGES}
FILES = (*TEXTS.values(), PAGE)


class RestsOnPartners(InputFault):
    """The bulletin {bulletin} rests on records that partners gave under an agreement, so it is not for the public: it
    may go to the parties of that agreement alone. Ask them, or look at your own records alone (--own) and draft
    again."""


def files_of(node: Node, name: str, who: str) -> Mapping[str, bytes]:
    """By file name; the ledger says that they were written. Raises NotApproved, FindingHasChanged, RestsOnPartners,
    NoSuchBulletin, SeveralBulletins.

    INVARIANT: whether it may be told is asked again in this very transaction.
    """
    with node.writing() as work:
        one = own_bulletin(node, work.tx, name)
        check_tellable(one)
        if limits_of_finding(work.tx, one).agreements:
            raise RestsOnPartners(bulletin=one.row.id)
        work.write("bulletin-written", one.row.id, {"who": who, "version": one.row.version})
    return {**{TEXTS[language]: text_of(one, language).encode() for language in LANGUAGES}, PAGE: page_of(one).encode()}


def text_of(one: Bulletin, language: str) -> str:
    """Title and text as one file."""
    heading = str(one.values.get(f"title_{language}", ""))
    return f"{heading}\n{'=' * len(heading)}\n\n{one.values.get(f'text_{language}', '')}\n"


def page_of(one: Bulletin) -> str:
    """All languages on one page."""
    texts = [(each, str(one.values[f"title_{each}"]), str(one.values[f"text_{each}"])) for each in LANGUAGES]
    return as_page(texts, texts[0][1])
