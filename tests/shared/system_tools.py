"""What some tests need of the system, each with the Debian packages that bring it: tests skip and name these.

README.md installs the same packages in the block after `<!-- system -->`; where that was followed, as in `.ci/run`,
`FACTSHEET_NO_SKIPS` is set, and conftest.py fails what skips.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import NamedTuple

import pytest


class SystemTool(NamedTuple):
    """Programs, of which one is enough, and the packages that have it."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]


PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
"""What WeasyPrint loads."""
DRIVER = ("libatomic1",)
"""What the program that Playwright drives the browser with loads."""
TOOLS = {
    "bash": SystemTool(("bash",), ("bash",)),
    "fish": SystemTool(("fish",), ("fish",)),
    "git": SystemTool(("git",), ("git",)),
    "chromium": SystemTool(
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"), ("chromium",)
    ),
    "pdffonts": SystemTool(("pdffonts",), ("poppler-utils",)),
    "pdftohtml": SystemTool(("pdftohtml",), ("poppler-utils",)),
    "pdftoppm": SystemTool(("pdftoppm",), ("poppler-utils",)),
    "pdftotext": SystemTool(("pdftotext",), ("poppler-utils",)),
    "zsh": SystemTool(("zsh",), ("zsh",)),
}


def program(name: str) -> str:
    """Return a program's path; the test is skipped where it is not installed."""
    tool = TOOLS[name]
    found = next((path for candidate in tool.programs if (path := shutil.which(candidate))), None)
    if found is None:
        pytest.skip(wanting(f"none of {', '.join(tool.programs)} is on the PATH", tool.packages))
    return found


def browser() -> str:
    """Return the path of a browser that Playwright can drive; the test is skipped where it cannot."""
    path = program("chromium")
    from playwright._impl._driver import compute_driver_executable  # only where there is a browser

    done = subprocess.run(
        [compute_driver_executable()[0], "--version"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(wanting(done.stderr.strip(), DRIVER))
    return path


def require_pango() -> None:
    """Skip the test where WeasyPrint does not find its libraries."""
    try:
        import weasyprint  # noqa: F401  takes half a second
    except OSError as error:
        pytest.skip(wanting(str(error).splitlines()[0], PANGO))


def wanting(what: str, packages: tuple[str, ...]) -> str:
    """Say what is missing, and how a newcomer gets it."""
    return f"{what}; on Debian: apt-get install {' '.join(packages)}"
