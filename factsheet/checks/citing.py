"""Every citation of a sheet, walked once for the rules that follow each other on it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from factsheet.checks.prose import Same
from factsheet.sheet.walk import citations

if TYPE_CHECKING:
    from factsheet.sheet.model import FactSheet
    from factsheet.source import KeyPath

    Citations = tuple[tuple[KeyPath, tuple[str, ...]], ...]


def cited(sheet: FactSheet) -> Citations:
    """Every place that names references by id, with the ids."""
    return _cited(Same(sheet))


@lru_cache(maxsize=1)
def _cited(same: Same) -> Citations:
    return tuple(citations(same.sheet))
