"""How reports name places: paths in the sheet with dots, files relative to a folder, files as addresses."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import PurePath

    from factsheet.source import KeyPath


def dotted(path: KeyPath) -> str:
    """A path in the sheet: `performance.results[0].scores["top 1"]`; empty for the sheet as a whole."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[\w-]+", part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def relative_name(path: PurePath, base: PurePath) -> str:
    """A file's name for reports, with `/` between folders: relative to `base` where it lies below it.

    Only the names are looked at, never the disk, so a link counts as the folder that it seems to be.

    Args:
        path: the file; where it is relative, relative to `base`.
        base: an absolute folder, usually the current one.
    """
    whole = posixpath.normpath((base / path).as_posix())
    # Two leading slashes are a root of their own to POSIX and the root to every system at hand.
    folder = posixpath.normpath(base.as_posix()).rstrip("/") + "/"
    return whole.removeprefix(folder) if whole.startswith(folder) else whole


def is_absolute(name: str) -> bool:
    """Whether a name with `/` between folders starts at a root, a drive's included."""
    return name.startswith("/") or re.match("[A-Za-z]:/", name) is not None


def uri(name: str) -> str:
    """A name as an address (RFC 3986): relative as it is, absolute as `file://…`; bytes that are no UTF-8 kept."""
    # A colon in the first segment of a relative reference would make it a scheme, so it is escaped as well.
    escaped = quote(name.encode("utf-8", "surrogateescape"), safe="/")
    if not is_absolute(name):
        return escaped
    return f"file://{escaped}" if name.startswith("/") else f"file:///{name[0]}:{escaped[4:]}"
