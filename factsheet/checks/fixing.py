"""Carry out fixes: edits to a new text. What no edit names stays as it is, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.engine import check_document
from factsheet.source.editing import apply_edits, overlap
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.checks.diagnostic import Fix
    from factsheet.checks.settings import Settings
    from factsheet.source.editing import Edit
    from factsheet.source.loader import Loaded

_ROUNDS = 10
"""A fix can uncover another one; a pair of rules that undo each other must come to an end."""


class FixedText(NamedTuple):
    """A text after its fixes.

    Attributes:
        text: the new text.
        loaded: what it reads as.
        applied: how many fixes were carried out.
    """

    text: str
    loaded: Loaded
    applied: int


def fix_text(loaded: Loaded, name: str, settings: Settings, *, unsafe: bool = False) -> FixedText:
    """Carry out the fixes of a text's findings, round after round until there is nothing more to fix.

    Args:
        loaded: the text as it was read.
        name: the file's name as reports show it.
        settings: which rules run, and how.
        unsafe: whether to carry out fixes that may change what the sheet says.
    """
    text, total = loaded.document.text if loaded.document is not None else "", 0
    for _ in range(_ROUNDS):
        fixes = [
            diagnostic.fix
            for diagnostic in check_document(loaded, name, settings).diagnostics
            if diagnostic.fix is not None and (diagnostic.fix.safe or unsafe)
        ]
        fixed, count = apply_fixes(text, fixes)
        if fixed == text:
            break
        text, total = fixed, total + count
        loaded = load_bytes(text.encode(), name)
    return FixedText(text, loaded, total)


def apply_fixes(text: str, fixes: Iterable[Fix]) -> tuple[str, int]:
    """Carry out fixes that do not get into each other's way.

    Returns:
        The new text, and how many fixes were carried out; of two that overlap, the one that begins first wins,
        and the other can follow in another round.
    """
    chosen: list[Edit] = []
    applied = 0
    for fix in sorted(fixes, key=lambda fix: min(edit.start for edit in fix.edits)):
        if any(overlap(edit, other) for edit in fix.edits for other in chosen):
            continue
        chosen += fix.edits
        applied += 1
    return apply_edits(text, chosen), applied
