"""Make the pictures of README.md anew: the page of a sheet in a browser, and a finding in a terminal.

`nox -s pictures`; Chromium has to be installed, as for the tests of pages.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
SHEET = ROOT / "sheets" / "bert.yaml"
HALVED = ("      batch: 4\n", "      batch: 2\n")
"""What somebody does to the sheet by hand, as README.md shows it."""
COLUMNS = 100
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {terminal_width} {terminal_height}" role="img">
<title>A finding of factsheet validate in a terminal</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}</defs>
<rect fill="#292929" width="{terminal_width}" height="{terminal_height}" rx="8"/>
<g transform="translate(14, 6) scale(0.965)" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""
"""As rich exports it, without the frame of a window and the fonts of another host."""


def finding(folder: Path) -> str:
    """Return what a terminal shows of one finding, in colour, as SVG."""
    from rich.console import Console  # only to draw
    from rich.text import Text

    text = SHEET.read_text(encoding="utf-8")
    if HALVED[0] not in text:
        raise LookupError(f"{SHEET}: no line {HALVED[0].strip()!r} to change")
    (folder / "sheet.yaml").write_text(text.replace(*HALVED, 1), encoding="utf-8")
    command = ["validate", "--select", "FS302", "sheet.yaml"]
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", *command],
        cwd=folder,
        env=os.environ | {"FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    whole, *_ = re.split(r"\n(?=\S*sheet\.yaml:)", done.stdout, maxsplit=1)
    with (folder / "unseen").open("w", encoding="utf-8") as unseen:
        console = Console(record=True, width=COLUMNS, file=unseen, force_terminal=True)
        console.print(Text.from_ansi(f"$ factsheet {' '.join(command)}\n{whole.rstrip()}"), end="\n\n")
        return console.export_svg(code_format=SVG, unique_id="finding")


def page(folder: Path) -> bytes:
    """Return the first screen of a sheet's page, as PNG."""
    from playwright.sync_api import sync_playwright  # only where there is a browser

    file = folder / "bert.html"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "factsheet",
            "render",
            str(SHEET),
            "--role",
            "hardware-researcher",
            "-o",
            str(file),
        ],
        check=True,
    )
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    program = next((path for name in names if (path := shutil.which(name))), None)
    if program is None:
        raise FileNotFoundError("no Chromium is installed; on Debian: apt-get install chromium")
    # Its sandbox does not run as root; what it opens here is our own file.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        tab = browser.new_page(viewport={"width": 1280, "height": 760}, color_scheme="light")
        tab.goto(file.as_uri())
        picture: bytes = tab.screenshot()
        browser.close()
    return with_few_colours(picture)


def with_few_colours(picture: bytes) -> bytes:
    """Return a PNG in 48 colours: a third of the size, and text that looks the same."""
    from PIL import Image  # comes with WeasyPrint and matplotlib

    written = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(48, dither=Image.Dither.NONE).save(
        written, "PNG", optimize=True
    )
    return written.getvalue()


def main() -> None:
    """Write both pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        (PICTURES / "finding.svg").write_text(finding(Path(folder)), encoding="utf-8", newline="\n")
        (PICTURES / "page.png").write_bytes(page(Path(folder)))


if __name__ == "__main__":
    main()
