"""Draws docs/demo.svg, the picture in the README, from what `entente demo` prints: run it when its screen changes."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, LINE, CHARACTER, MARGIN = 100, 18, 7.8, 16
TARGET = Path(__file__).parent.parent / "docs" / "demo.svg"
STYLE = "font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; white-space: pre"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "entente.cli", "demo", "--dir", "demo-run"]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603
        shown = done.stdout.replace(str(Path(folder).resolve()) + "/", "")
    TARGET.write_text(drawn(folded(["$ make demo", *shown.splitlines()])), "utf-8")


def folded(lines: list[str]) -> list[str]:
    """Lines of at most WIDTH characters, continued with an indent."""
    result = []
    for line in lines:
        rest = line
        while len(rest) > WIDTH:
            cut = rest.rfind(" ", 0, WIDTH)
            result.append(rest[:cut])
            rest = "      " + rest[cut + 1 :]
        result.append(rest)
    return result


def drawn(lines: list[str]) -> str:
    """An SVG of the lines on a dark ground; nothing in it is loaded from elsewhere."""
    width, height = round(WIDTH * CHARACTER + 2 * MARGIN), len(lines) * LINE + 2 * MARGIN
    rows = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + LINE * (place + 1) - 5}" xml:space="preserve">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="What make demo prints">\n<rect width="{width}" height="{height}" rx="6" fill="#14202b"/>\n'
        f'<g fill="#e8eef3" style="{STYLE}">\n{rows}\n</g>\n</svg>\n'
    )


main()
