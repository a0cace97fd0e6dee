"""`--watch`: check again whenever a sheet changes, until Ctrl-C."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.cli import exits
from factsheet.cli.terminal import say
from factsheet.cli.validate.validation import validate
from factsheet.errors import SourceError
from factsheet.source.discovery import find_sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.cli.validate.validation import ValidateOptions

INTERVAL_S = 0.5
"""How often the files' times are looked at: no library of file events is worth a dependency for this."""

Stamp = dict[str, tuple[int, int]]


def watch(paths: Sequence[str], options: ValidateOptions, *, rounds: int | None = None) -> int:
    """Check now and after every change.

    Args:
        paths: as for `validate`.
        options: as for `validate`.
        rounds: stop after this many checks; `None` goes on until Ctrl-C.

    Returns:
        0: leaving is not failing.
    """
    if not paths:
        from factsheet.cli.sheets import all_sheets  # named paths need no search

        paths = [str(path) for path in all_sheets()]
    done = 0
    before: Stamp | None = None
    try:
        while rounds is None or done < rounds:
            now = _stamp(paths)
            if now != before:
                before = now
                done += 1
                sheets = f"{len(now)} sheet{'' if len(now) == 1 else 's'}"
                say(f"--- {time.strftime('%H:%M:%S')}, watching {sheets}; Ctrl-C ends")
                validate(paths, options)
            else:
                time.sleep(INTERVAL_S)
    except KeyboardInterrupt:
        say("")
    return exits.CLEAN


def _stamp(paths: Sequence[str]) -> Stamp:
    stamp: Stamp = {}
    for path in paths:
        try:
            for file in find_sheets([Path(path)]):
                status = file.stat()
                stamp[str(file)] = (status.st_mtime_ns, status.st_size)
        except (SourceError, OSError):
            stamp[path] = (0, 0)  # it may come back: an editor replaces a file by moving it away first
    return stamp
