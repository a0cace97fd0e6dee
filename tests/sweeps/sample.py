"""A small table, made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.sweeps.columns import AXES, FIGURES, Chunk

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = (*AXES, *FIGURES)
NAMES = [column.name for column in COLUMNS]


def chunk(*rows: Mapping[str, str | float | None]) -> Chunk:
    """Rows with what is given; for the rest, the same in each."""
    usual: dict[str, str | float | None] = {
        "source": "net.yaml",
        "network": "net",
        "hardware": "chip-a",
        "structure": "sequential",
        "seq_len": 16,
        "batch": 1,
        "tile_rows": 256,
        "tile_cols": 256,
    }
    return Chunk({name: [{**usual, **row}.get(name) for row in rows] for name in NAMES})
