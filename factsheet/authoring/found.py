"""A fact that a source states or that follows from a sheet, on its way into a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from factsheet.facts.fact import Fact

if TYPE_CHECKING:
    from factsheet.facts.section import Source
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath
    from factsheet.source.dumping import Data


@dataclass(frozen=True)
class Found:
    """One fact for a sheet.

    Attributes:
        path: where it belongs; the number behind the last row of a list is a new row.
        value: plain data, as a sheet has it there.
        where: where it was found: a file with the line, or what computes it.
        source: how the figure came about, as the sheet's provenance says it; `None` for what carries none.
        note: what was assumed or converted.
    """

    path: KeyPath
    value: Data
    where: str
    source: Source | None = None
    note: str = ""

    def answer(self) -> Data:
        """Return what to write: the value, in a mapping with its provenance where it has any."""
        around = {
            **({"source": self.source} if self.source else {}),
            **({"note": self.note} if self.note else {}),
        }
        if not around:
            return self.value
        inner = self.value if isinstance(self.value, dict) else {"value": self.value}
        return {**inner, **around}


def fact_at(sheet: SheetFields | None, path: KeyPath) -> Fact | None:
    """Return the fact at a path of a sheet; `None` where there is none, or something else.

    A sheet that was made for one fact has one row of each list, which stands for whatever row the path names.
    """
    node: Any = sheet
    for part in path:
        if isinstance(part, int):
            node = (node[part] if part < len(node) else node[0]) if isinstance(node, tuple) and node else None
        else:
            node = node.get(part) if isinstance(node, dict) else getattr(node, part, None)
        if node is None:
            return None
    return node if isinstance(node, Fact) else None
