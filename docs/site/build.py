"""Build the documentation site, strictly: `nox -s site`.

Pages and navigation are put together (staging.py), zensical makes HTML of them, `factsheet catalog` adds the
repository's sheets, and what came out is checked (built.py).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import built
import staging


def build(folder: Path) -> list[str]:
    """Build the site as `site` in a folder, which is emptied before; return what is wrong with it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        texts = staging.stage(folder)
    except staging.SiteError as error:
        return str(error).splitlines()
    site = folder / "site"
    zensical = [sys.executable, "-c", "from zensical.main import cli; cli()", "build", "--strict"]
    catalogue = [
        *(sys.executable, "-m", "factsheet", "catalog", "sheets"),
        *("--title", "FactSheets of the repository", "-o", str((site / staging.CATALOGUE).resolve())),
    ]
    for command, where in ((zensical, folder), (catalogue, staging.ROOT)):
        done = subprocess.run(
            command, cwd=where, capture_output=True, text=True, check=False, encoding="utf-8"
        )
        if done.returncode:
            return [f"{' '.join(command[3:])}: status {done.returncode}", done.stdout, done.stderr]
    return [
        *built.broken_links(site),
        *built.loaded_from_elsewhere(site),
        *built.differences_from_github(site, texts),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build the documentation site.")
    parser.add_argument("folder", type=Path, nargs="?", default=staging.ROOT / "build" / "docs")
    target = parser.parse_args().folder
    if problems := build(target):
        sys.exit("\n".join(problems))
    sys.stdout.write(f"{target / 'site' / 'index.html'}\n")
