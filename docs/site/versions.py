"""Put a built site among those of other versions: `python docs/site/versions.py build/docs/site PUBLISHED`.

The folder that is published holds one site for each version, `latest` with a copy of the newest, and `versions.json`,
from which the theme makes its list of versions. Its form is that of mike, which the theme was written for.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from pathlib import Path

from factsheet._version import __version__

VERSION = re.compile(r"\d+(?:\.\d+)*(?:[a-z0-9.+-]*)")
LATEST = "latest"
LIST = "versions.json"
FORWARD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>factsheet</title>
<meta http-equiv="refresh" content="0; url=latest/">
<p><a href="latest/">The documentation of the newest version</a></p>
</html>
"""


def publish(site: Path, folder: Path, version: str) -> tuple[str, ...]:
    """Put the site into the folder as that of a version, in place of an earlier one of it; return all versions.

    The newest is first; it is `latest`, and where the folder's own address leads.

    Raises:
        ValueError: the version is none, or the site has no first page.
    """
    if not VERSION.fullmatch(version):
        raise ValueError(f"{version!r} is no version, such as 0.2.0")
    if not (site / "index.html").is_file():
        raise ValueError(f"{site} holds no site: `nox -s site` builds one")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / version, ignore_errors=True)
    shutil.copytree(site, folder / version)
    versions = sorted(
        (one.name for one in folder.iterdir() if one.is_dir() and VERSION.fullmatch(one.name)),
        key=_order,
        reverse=True,
    )
    shutil.rmtree(folder / LATEST, ignore_errors=True)
    shutil.copytree(folder / versions[0], folder / LATEST)
    entries = [
        {"version": one, "title": one, "aliases": [LATEST] if one == versions[0] else []} for one in versions
    ]
    (folder / LIST).write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    (folder / "index.html").write_text(FORWARD, encoding="utf-8")
    return tuple(versions)


def _order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """Sort by numbers; what has letters, such as 0.3.0rc1, is before the release of the same numbers."""
    numbers = re.match(r"[\d.]*\d", version)
    plain = numbers[0] if numbers else ""
    rest = version[len(plain) :]
    return tuple(map(int, plain.split("."))), not rest, rest


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Put a built site among those of other versions.")
    parser.add_argument("site", type=Path, help="what `nox -s site` built")
    parser.add_argument("folder", type=Path, help="what is published: a folder for each version")
    parser.add_argument("--version", default=__version__, help="left out: that of this package")
    given = parser.parse_args()
    try:
        found = publish(given.site, given.folder, given.version)
    except ValueError as error:
        sys.exit(str(error))
    sys.stdout.write(", ".join(found) + "\n")
