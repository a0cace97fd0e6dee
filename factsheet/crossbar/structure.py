"""The three ways in which layers and sequences can follow each other on a chip."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Structure = Literal["batch-synchronous", "sequence-pipelined", "sequential"]
STRUCTURES: tuple[Structure, ...] = get_args(Structure)

WORDS: Mapping[Structure, str] = MappingProxyType(
    {
        "batch-synchronous": "each stage works through the whole batch before the next one begins",
        "sequence-pipelined": "each stage goes on with the next sequence while later stages work on this one",
        "sequential": "one layer works on one vector at a time, and digital units only between",
    }
)
"""What each structure means, in a sentence."""
