"""How reports name places: paths in the sheet with dots, files relative to a folder, files as addresses."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from factsheet.source import KeyPath


def dotted(path: KeyPath) -> str:
    """A path in the sheet: `performance.results[0].scores["top 1"]`; empty for the sheet as a whole.

    Unlike `factsheet.source.dotted`, which is for people, no two paths read alike: programs take findings apart by it.
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[\w-]+", part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


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
