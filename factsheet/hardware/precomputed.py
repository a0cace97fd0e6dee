"""Constants of the profiles that come with the program, from the data that `factsheet.hardware.precompute` wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factsheet.hardware.constants import ChipConstants, Constant

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).with_name("precomputed.json")


def precomputed_constants(name: str, rows: int | None, cols: int | None) -> ChipConstants | None:
    """The constants of a profile for the geometry with these sides, or of its usual one where none has them.

    Args:
        name: of a profile that comes with the program; `None` comes back for any other.
        rows: of a tile, in weights.
        cols: of a tile, in weights.
    """
    geometries = json.loads(FILE.read_bytes()).get(name)
    if geometries is None:
        return None
    fitting: list[list[Any]] = [known for known in geometries if known[1:3] == [rows, cols]]
    first: list[Any] = (fitting or geometries)[0]
    fields: Iterator[Any] = (Constant(*field) if isinstance(field, list) else field for field in first)
    return ChipConstants(*fields)
