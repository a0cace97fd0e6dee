"""Put a file in the place of another, provided that the other one is still what was read.

Where the system can swap two names in one step (Linux, `renameat2` with `RENAME_EXCHANGE`; macOS, `renamex_np` with
`RENAME_SWAP`), what was displaced is looked at afterwards and goes back if it is not what was expected. No save falls
between a look and a rename then. Windows cannot.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from factsheet.systems import put_in_place

if TYPE_CHECKING:
    from pathlib import Path

_HERE: Final = -100
"""`AT_FDCWD`: names are relative to the working directory."""
_EXCHANGE: Final = 2
"""`RENAME_EXCHANGE`, of Linux's `renameat2(2)`."""
_SWAP: Final = 2
"""`RENAME_SWAP`, of macOS's `renamex_np(2)`."""
_MOST_RETURNS: Final = 8


def replace_known(place: Path, target: Path, *, before: bytes, after: bytes) -> bool:
    """Put one file in the place of another that is known, and remove the other.

    Args:
        place: The new file.
        target: The file to replace.
        before: What the target has to hold; anything else stays where it is.
        after: What the new file holds.

    Returns:
        Whether the target was as expected. Where it was not, both files are as they were.

    Raises:
        OSError: The system refuses.
    """
    try:
        if not swap_names(place, target):
            put_in_place(place, target)
            return True
        if place.read_bytes() == before:
            place.unlink()
            return True
    except BaseException:  # an interrupt between the exchange and the look at what it displaced
        _put_back(place, target, after)
        raise
    _put_back(place, target, after)
    return False


def _put_back(place: Path, target: Path, ours: bytes) -> None:
    """Exchange again until it is our own content that is aside: more may be saved in the meantime."""
    with suppress(OSError):
        for _ in range(_MOST_RETURNS):
            if place.read_bytes() == ours or not swap_names(place, target):
                return


def swap_names(one: Path, other: Path) -> bool:
    """Swap two files in one step, and return whether the system can.

    Raises:
        OSError: It can, and one of them is not there.
    """
    names = os.fsencode(one), os.fsencode(other)
    calls: dict[str, tuple[str, tuple[int | bytes, ...]]] = {
        "linux": ("renameat2", (_HERE, names[0], _HERE, names[1], _EXCHANGE)),
        "darwin": ("renamex_np", (*names, _SWAP)),
    }
    if sys.platform not in calls:
        return False
    import ctypes  # only for an edit in place
    import errno

    function, arguments = calls[sys.platform]
    try:
        swap = getattr(ctypes.CDLL(None, use_errno=True), function)
    except AttributeError:  # a C library without it
        return False
    if swap(*arguments) == 0:
        return True
    code = ctypes.get_errno()
    unable = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EPERM}
    if code in unable:  # not on this file system
        return False
    raise OSError(code, os.strerror(code), str(other))
