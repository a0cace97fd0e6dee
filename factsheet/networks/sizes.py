"""Sizes that go with a network: of the input that it was run on, and of its weights on disk."""

from __future__ import annotations

from typing import Literal, NamedTuple

SizeOrigin = Literal["asked", "fixed in the file", "example inputs", "declared", "assumed"]
"""Where a size comes from: the user, the source's own shapes, inputs that come with it, its dimensions, or nobody."""


class Size(NamedTuple):
    """A size of the input that a network was run on."""

    name: str
    """What it is a size of: `sequence length`, `image`, `samples`, `batch`, or an axis by its own name."""
    value: str
    """The size as it is shown: `128`, `48 x 320`."""
    origin: SizeOrigin


class Interface(NamedTuple):
    """What goes into a network and comes out of it, as far as its source says."""

    taken: tuple[str, ...] = ()
    """The shape and type of each tensor of the inputs: `1 x 3 x 32 x 32, float32`."""
    given: tuple[str, ...] = ()
    """Those of the outputs."""
    positions: int | None = None
    """Tokens of the longest sequence, where a table of positions limits it; rows that no token has do not count."""


class StoredSize(NamedTuple):
    """What the weights take on disk."""

    size: int
    """Bytes."""
    precision: str
    """The type of the numbers, such as `bfloat16`."""
    source: str
    """What says so, such as a field of a config."""
