"""The file that an editor's address names, where it names one."""

from __future__ import annotations

from pathlib import Path

from pygls.uris import to_fs_path


def path_of(uri: str) -> Path | None:
    """Return the file or folder of an address; `None` where it has none, or none whose name a system could have."""
    if not uri.lower().startswith("file:"):
        return None
    try:
        path = to_fs_path(uri)
    except ValueError:  # `file://[` is no address
        return None
    return None if not path or "\0" in path else Path(path)
