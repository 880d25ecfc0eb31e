"""Somebody who uses a page without a mouse: what has the focus is always to be seen, and comes in the order of the
page."""

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

MOST = 60
"""So many presses of Tab lead to anything on a page; more than that is no way for people."""
_SETTLING_SECONDS = 1.0

_STOP = """() => {
  const at = document.activeElement, before = window.stoodAt ?? null;
  const box = at.getBoundingClientRect(), look = getComputedStyle(at);
  const inner = {left: Math.max(box.left, 0), top: Math.max(box.top, 0),
    right: Math.min(box.right, innerWidth), bottom: Math.min(box.bottom, innerHeight)};
  const hit = document.elementFromPoint((inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2);
  const isPart = hit !== null && (at.contains(hit) || hit.contains(at));
  return {
    name: `${at.tagName.toLowerCase()} “${(at.innerText || at.name || at.id || '').trim().slice(0, 60)}”`,
    isNowhere: at === document.body,
    isMarked: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
    isInSight: at.checkVisibility() && inner.right > inner.left && inner.bottom > inner.top && isPart,
    isNext: before === null || !before.isConnected || before === document.body
      || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING),
    isAbove: before !== null && before.isConnected && before !== document.body
      && document.querySelector('main').contains(before) && document.querySelector('main').contains(at)
      && before.getBoundingClientRect().top >= box.bottom,
  };
}"""
_REMEMBER = "() => { window.stoodAt = document.activeElement; }"


@dataclass(frozen=True)
class Keys:
    """The keyboard in front of one page."""

    page: Page

    def tab_to(self, wanted: Locator) -> None:
        """Presses Tab until `wanted` has the focus. INVARIANT: every stop on the way can be seen, is marked, and stands
        after the one before."""
        seen: list[str] = []
        while len(seen) < MOST:
            self.page.evaluate(_REMEMBER)
            self.page.keyboard.press("Tab")
            seen.append(str(self._stop(seen)["name"]))
            if self._is_at(wanted):
                return
        raise AssertionError(f"no way with Tab to {wanted}; it went {' → '.join(seen)}")

    def back_to(self, wanted: Locator) -> None:
        """The same backwards, with Shift and Tab."""
        seen: list[str] = []
        while len(seen) < MOST:
            self.page.keyboard.press("Shift+Tab")
            seen.append(str(self._settled()["name"]))
            if self._is_at(wanted):
                return
        raise AssertionError(f"no way back to {wanted}; it went {' → '.join(seen)}")

    def skip(self) -> None:
        """The first press of Tab on a page shows the link that skips everything before its content."""
        self.page.keyboard.press("Tab")
        link = self.page.locator(".usa-skipnav")
        assert self._is_at(link)
        self._check(self._settled(), [])
        self.page.keyboard.press("Enter")
        assert self._is_at(self.page.locator("main")), "the link does not lead to the content"

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def choose(self, code: str) -> None:
        """In the list that has the focus."""
        for _ in range(MOST):
            if self.page.evaluate("() => document.activeElement.value") == code:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the list does not offer {code}")

    def go(self, key: str = "Enter") -> None:
        """Presses `key`, which leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def _is_at(self, wanted: Locator) -> bool:
        return bool(wanted.evaluate("element => element === document.activeElement"))

    def _stop(self, seen: list[str]) -> dict[str, Any]:
        stop = self._settled()
        self._check(stop, seen)
        assert stop["isNext"], f"{stop['name']} comes after {seen[-1:]}, but stands before it"
        assert not stop["isAbove"], f"{stop['name']} comes after {seen[-1:]}, but is seen above it"
        return stop

    def _check(self, stop: dict[str, Any], seen: list[str]) -> None:
        assert not stop["isNowhere"], f"the page ends after {' → '.join(seen)}"
        assert stop["isMarked"], f"nobody sees that {stop['name']} has the focus"
        assert stop["isInSight"], f"{stop['name']} has the focus, but cannot be seen"

    def _settled(self) -> dict[str, Any]:
        """Where the focus is, once the page has stopped moving."""
        until = time.monotonic() + _SETTLING_SECONDS
        while True:
            stop: dict[str, Any] = self.page.evaluate(_STOP)
            if (stop["isMarked"] and stop["isInSight"]) or time.monotonic() > until:
                return stop
            self.page.wait_for_timeout(20)
