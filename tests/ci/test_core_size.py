"""What the core takes of a runner: bytes to download and on the disk, for this package and all that it needs.

From the files that are installed here, without the network; `python -m benchmarks.footprint` asks pip.
"""

from __future__ import annotations

import re
import zlib
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path
from typing import TYPE_CHECKING

from project_files import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

# What installing for the check alone may take.
MOST_DOWNLOADED_B = 10_000_000
MOST_INSTALLED_B = 45_000_000
NAME = re.compile(r"[A-Za-z0-9._-]+")


def core_needs() -> set[str]:
    """Every distribution that the core needs, by what each says itself; what an extra needs is none."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[(.*?)^\]", text, re.DOTALL | re.MULTILINE)
    assert listed
    wanted = [NAME.match(one)[0] for one in re.findall(r'^  "(.*)",$', listed[1], re.MULTILINE)]  # type: ignore[index]
    assert len(wanted) == 7
    found: set[str] = set()
    while wanted:
        name = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        try:
            needs = () if name in found else requires(name) or ()
        except PackageNotFoundError:  # of another system, or an older Python
            continue
        found.add(name)
        wanted += [NAME.match(one)[0] for one in needs if "extra ==" not in one]  # type: ignore[index]
    return found


def files() -> Iterator[Path]:
    """The files that an installation of the core puts on a disk, as pip leaves them without compiling."""
    for name in core_needs():
        listed = distribution(name).files or ()
        yield from (Path(str(file.locate())) for file in listed if file.suffix != ".pyc")
    for part in ("factsheet", "schemas", "templates"):
        yield from (file for file in (ROOT / part).rglob("*") if file.suffix != ".pyc")


def test_the_core_is_small() -> None:
    contents = [file.read_bytes() for file in files() if file.is_file()]
    assert len(contents) > 1000
    installed = sum(map(len, contents))
    # As the archives of wheels are compressed, file by file.
    downloaded = sum(len(zlib.compress(content, 6)) for content in contents)
    assert installed <= MOST_INSTALLED_B, f"{installed:,} bytes"
    assert downloaded <= MOST_DOWNLOADED_B, f"{downloaded:,} bytes"


def test_what_the_core_needs_is_found_whole() -> None:
    assert {"pydantic-core", "pygments", "markupsafe", "mdurl", "shellingham"} <= core_needs()
    assert not {"torch", "numpy", "weasyprint", "transformers", "cryptography", "pygls"} & core_needs()
