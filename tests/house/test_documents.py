"""Documents point at what exists: files, headings, and the pages that remedies send people to."""

import re
from pathlib import Path

from house.sources import ROOT, name, rooms, text_of, tracked_files

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
PAGE = re.compile(r"\bdocs/[\w./-]+\.md\b")


def documents() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".md"]


def anchors(path: Path) -> set[str]:
    """Headings as fragments, the way forges make them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in HEADING.findall(path.read_text("utf-8"))
    }


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for path in documents():
        for link in LINK.findall(path.read_text("utf-8")):
            target, _, fragment = link.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            found = (path.parent / target).resolve() if target else path
            if not found.exists() or (fragment and found.suffix == ".md" and fragment not in anchors(found)):
                broken.append(f"{name(path)}: {link}")
    assert broken == []


def test_every_page_that_is_named_exists() -> None:
    """Remedies and comments name pages of docs/; a page that is not there is no remedy."""
    missing = [
        f"{name(path)}: {page}"
        for path in tracked_files()
        if path.suffix in (".py", ".md")
        for page in PAGE.findall(text_of(path) or "")
        if not (ROOT / page).exists()
    ]
    assert missing == []


def test_every_decision_is_listed_with_context_decision_and_consequences() -> None:
    for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md")):
        headings = HEADING.findall(path.read_text("utf-8"))
        assert headings[1:4] == ["Context", "Decision", "Consequences"], name(path)


def test_the_map_names_every_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert [room.name for room in rooms() if not re.search(rf"\b{room.name}\b", text)] == []
