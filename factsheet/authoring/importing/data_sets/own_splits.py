"""The parts of a Croissant file in which an export of ours keeps what the format has no field for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SPLITS: Final = "splits"
"""The record set that lists the splits that were used, with their sizes."""
SPLITS_OF: Final[Mapping[str, str]] = MappingProxyType(
    {"split": "name", "configuration": "configuration", "size": "examples"}
)
"""Fields of its records, by the names that a sheet has for them."""
LISTED: Final = "Its files and the fields of its records are not described here."
"""The last sentence of a description."""
