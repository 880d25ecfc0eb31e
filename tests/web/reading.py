"""Pages as a person reads them: what is said, what is found, where links lead."""

import re
from html import unescape

import httpx

from web.given import Given, client_of
from web.served import Served


def answer(given: Given, found: Served, path: str, role: str = "analyst", **headers: str) -> httpx.Response:
    with client_of(found, given.sessions[role], **headers) as client:
        return client.get(path)


def page(given: Given, found: Served, path: str, role: str = "analyst") -> str:
    """What the page says, without its frame, on one line."""
    told = answer(given, found, path, role)
    assert told.status_code == 200, told.text[-2000:]
    return main(told)


def main(told: httpx.Response) -> str:
    return unescape(" ".join(told.text.partition("<main")[2].partition("</main>")[0].split()))


def words(html: str) -> str:
    """The text alone."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def ids(html: str) -> list[str]:
    """The records of a list, in their order."""
    return re.findall(r'<th scope="row"[^>]*><a href="/records/([0-9a-f]{32})"', html)


def number_found(html: str) -> str:
    found = re.search(r'<p id="found"[^>]*>([^<]*)</p>', html)
    assert found
    return found[1]


def address(html: str, text: str) -> str:
    """Where the link whose text begins with `text` leads."""
    for href, inner in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html):
        if words(inner).removeprefix("Remove the filter ").startswith(text):
            return str(href)
    raise AssertionError(f"no link {text}")
