"""Follow no link out of the working directory: what is checked may be a stranger's, and what it points at is not.

A check of a proposed change runs where secrets are: the environment in `/proc`, credentials in the home directory, the
token in `.git/config`. A link in the change that leads there would have them quoted in a report, or an output would
go over a file of the machine. A file that is named by a path out of the working directory is the user's own choice.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

ALLOWANCE: Final = "FACTSHEET_FOLLOW_LINKS"
"""In the environment, since that is of who runs the program; a setting would be of who wrote what is checked."""
_ALLOWING: Final = frozenset({"1", "true", "yes"})
LEADS_OUT: Final = (
    f"a link leads out of the working directory, and is not followed; set {ALLOWANCE}=1 where you trust it, or name the"
    " file itself by its whole path"
)


def leads_out(path: Path | str, folder: Path | str = os.curdir) -> bool:
    """Return whether a path in a folder leads, by links, to a place out of it or into its `.git`.

    The folder is the working directory, or that of the settings which name the path.
    Links within a cache of the Hub, from `snapshots` to `blobs`, are how it keeps files, and lead nowhere else.
    """
    if os.environ.get(ALLOWANCE, "").lower() in _ALLOWING:
        return False
    try:
        named, real = os.path.abspath(path), os.path.realpath(path)  # noqa: PTH100  texts, for speed
        if real == named:
            return False
        lexical, here = os.path.abspath(folder), os.path.realpath(folder)  # noqa: PTH100
    except (OSError, ValueError):  # whoever opens it says what is wrong
        return False
    if not (_is_within(named, lexical) or _is_within(named, here)):
        return False
    out = not _is_within(real, here) and not _is_in_cache(named, real)
    # Where a file system takes capitals and small letters for the same, `.GIT` is the repository's too.
    return out or f"{os.sep}.git{os.sep}" in real.removeprefix(here).casefold()


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_in_cache(named: str, real: str) -> bool:
    cache, found, _ = named.partition(f"{os.sep}snapshots{os.sep}")
    return bool(found) and _is_within(real, os.path.join(cache, "blobs"))  # noqa: PTH118  see above
