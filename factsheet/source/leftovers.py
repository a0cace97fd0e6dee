"""Remove the temporary files of processes that were killed while they wrote, and never one that is being written.

A writer holds a lock on its file (`flock`) until the file is in its place; the system lets go of it when the process
ends, however it ends. A temporary file that nobody holds is left over. The name has the machine in it, because a lock
on a network's file system may be known to one machine alone.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # Windows: an open file cannot be removed there, and nothing is swept
    LOCKS = False
else:
    LOCKS = True

NAME: Final = r"\.factsheet-([0-9a-f]{8})-[0-9a-f]{16}\.tmp"
"""What temporary files are called: the machine, then what no other process has."""


def new_name() -> str:
    """Return a name for a temporary file that no other process makes."""
    return f".factsheet-{_machine()}-{os.urandom(8).hex()}.tmp"


def hold(descriptor: int) -> bool:
    """Lock a file that was just made, and return whether it is still there: another process may have swept it."""
    if not LOCKS:
        return True
    with suppress(OSError):  # a file system without locks, on which nothing is swept either
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    return os.fstat(descriptor).st_nlink > 0


@lru_cache(maxsize=64)
def sweep(folder: Path) -> None:
    """Remove what killed processes of this machine left in a folder; a process looks at each folder once.

    What cannot be looked at or removed stays: it is in nobody's way.
    """
    if not LOCKS:
        return
    own = re.compile(NAME)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = own.fullmatch(entry.name)
            if found is not None and found[1] == _machine() and entry.is_file(follow_symlinks=False):
                _remove_unless_held(entry.path)


def _remove_unless_held(path: str) -> None:
    with suppress(OSError):  # held, gone, or on a file system without locks
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            Path(path).unlink()
        finally:
            os.close(descriptor)


@lru_cache(maxsize=1)
def _machine() -> str:
    import platform  # nothing that reads alone needs them
    import zlib

    return f"{zlib.crc32(platform.node().encode()):08x}"
