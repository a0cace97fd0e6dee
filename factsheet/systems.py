"""What differs between operating systems in names of files and in putting one in the place of another."""

from __future__ import annotations

import os
import re
from time import sleep
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

DEVICES: Final = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"}) | {
    f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"
}
"""Names that are devices on Windows, whatever their ending ("Naming Files, Paths, and Namespaces", Microsoft)."""
WINDOWS: Final = os.name == "nt"
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")
_WAITS_S: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
"""Until a virus scanner or an index lets go of a file that was just written."""


def names_drive(name: str) -> bool:
    r"""Return whether a name begins with a drive of Windows, `C:\`: its colon separates nothing."""
    return _DRIVE.match(name) is not None


def is_reserved(name: str) -> bool:
    """Return whether Windows takes the name of a file, without its folder, for one of its devices."""
    return name.partition(".")[0].rstrip(" ").casefold() in DEVICES


def put_in_place(place: Path, target: Path) -> None:
    """Rename a file over another one; on Windows, wait a moment where a program has that one open.

    Raises:
        OSError: The system refuses.
    """
    for wait_s in _WAITS_S if WINDOWS else ():
        try:
            place.replace(target)
        except PermissionError:
            sleep(wait_s)
        else:
            return
    place.replace(target)


def fault_of_name(path: Path) -> str:
    """Return why Windows writes no file of this name where it says; nothing where it does, and on other systems.

    `nul` by itself is asked for as a device. A colon would hide the output in a stream of another file.
    """
    if not WINDOWS or path.name.casefold() == "nul":
        return ""
    if is_reserved(path.name):
        return "Windows keeps that name for a device; give another"
    if ":" in path.name:
        return "Windows allows no colon in the name of a file; give another"
    return ""
