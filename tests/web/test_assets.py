"""What a browser loads: all of it comes from the node and is there; no page carries script or style of its own."""

import re
from pathlib import Path

import pytest

from entente.web import assets
from house.sources import ROOT

WEB = ROOT / "src" / "entente" / "web"
STATIC = WEB / "static"
SHEETS = [STATIC / "entente.css", STATIC / "vendor" / "css" / "uswds.min.css"]
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
NO_PHOTOGRAPH = {"../img/hero.jpg"}  # of a component that no page has
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def markup(template: Path) -> str:
    return COMMENT.sub("", template.read_text("utf-8"))


def test_what_every_page_loads_is_there() -> None:
    assets.check_assets()


def test_the_address_of_a_file_changes_with_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "files", lambda _: tmp_path)
    monkeypatch.setattr(assets, "address", assets.address.__wrapped__)
    (tmp_path / "static").mkdir()
    found = set()
    for text in ("a", "b"):
        (tmp_path / "static" / "x.css").write_text(text, "utf-8")
        found.add(assets.address("x.css"))
    assert len(found) == 2


def test_without_the_files_the_node_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "files", lambda _: tmp_path)
    monkeypatch.setattr(assets, "address", assets.address.__wrapped__)
    with pytest.raises(assets.AssetMissing, match="Run `make setup`"):
        assets.check_assets()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_style_sheet_loads_only_files_of_the_node_that_are_there(sheet: Path) -> None:
    named = set(re.findall(r"url\([\"']?([^\"')]+)[\"']?\)", sheet.read_text("utf-8"))) - NO_PHOTOGRAPH
    assert "@import" not in sheet.read_text("utf-8")
    assert [address for address in sorted(named) if not (sheet.parent / address).is_file()] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_page_carries_no_script_no_style_and_no_address_of_elsewhere(template: Path) -> None:
    found = re.findall(
        r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:|js:|(?:src|href|action)=\"(?:https?:)?//",
        markup(template),
    )
    assert found == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_every_form_that_changes_something_proves_where_it_comes_from(template: Path) -> None:
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", markup(template), re.DOTALL)
    assert [form[:80] for form in forms if "form_token()" not in form] == []
