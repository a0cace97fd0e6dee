"""`--fix` and `--diff`: carry out the fixes of a sheet's findings, or show what they would do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from factsheet.checks import check_loaded
from factsheet.checks.fixing import apply_fixes
from factsheet.cli import exits
from factsheet.cli.exits import Stop
from factsheet.cli.terminal import complain, say
from factsheet.source import SourceError, load_bytes, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from factsheet.cli.gather import Gathered
    from factsheet.cli.options import Options
    from factsheet.source import Loaded

_ROUNDS = 10
"""A fix can uncover another one; a pair of rules that undo each other must come to an end."""
_BOM = "\ufeff"


def mend(gathered: Gathered, loaded: Loaded, options: Options) -> tuple[Loaded, int]:
    """Carry out the fixes of a sheet, and write it if it changed. Standard input goes to standard output.

    Returns:
        The sheet as it is now, and how many findings were mended.

    Raises:
        Stop: the file can not be written; it is as it was.
    """
    text, mended = _mended(gathered, loaded, options)
    if gathered.file is None:
        if sys.stdout is not None:
            sys.stdout.write(text)
    elif mended:
        try:
            write_atomic(gathered.file, _mark(gathered.file) + text)
        except SourceError as error:
            raise Stop(f"factsheet: {error.diagnostics()}") from None
    return (load_bytes(text.encode(), gathered.name), mended) if mended else (loaded, 0)


def _mark(file: Path) -> str:
    """The byte order mark of a file that has one: the loader leaves it out of the text."""
    try:
        with file.open("rb") as stream:
            return _BOM if stream.read(3) == _BOM.encode() else ""
    except OSError:
        return ""


def show_diff(sheets: Iterable[Gathered], options: Options) -> int:
    """Print what the fixes would change as a unified diff; the exit status is 1 if there is anything."""
    from difflib import unified_diff  # only for --diff

    changed = unreadable = False
    for gathered in sheets:
        if gathered.loaded is None:
            complain(f"factsheet: {gathered.reason}")
            unreadable = True
            continue
        before = _text(gathered.loaded)
        after, _ = _mended(gathered, gathered.loaded, options)
        if after != before:
            changed = True
            name = gathered.name
            lines = unified_diff(
                before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
            )
            say("\n".join(lines))
    if unreadable:
        return exits.USAGE
    return exits.FINDINGS if changed and not options.exit_zero else exits.CLEAN


def _text(loaded: Loaded) -> str:
    return loaded.document.text if loaded.document is not None else ""


def _mended(gathered: Gathered, loaded: Loaded, options: Options) -> tuple[str, int]:
    text, total = _text(loaded), 0
    for _ in range(_ROUNDS):
        diagnostics = check_loaded(loaded, gathered.name, options.settings).diagnostics
        fixes = [
            diagnostic.fix
            for diagnostic in diagnostics
            if diagnostic.fix is not None and (diagnostic.fix.safe or options.unsafe_fixes)
        ]
        fixed, count = apply_fixes(text, fixes)
        if fixed == text:
            break
        text, total = fixed, total + count
        loaded = load_bytes(text.encode(), gathered.name)
    return text, total
