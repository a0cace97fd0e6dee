"""What one inference runs on: how many tokens, how many of them a cache holds already, how large an image."""

from __future__ import annotations

from typing import NamedTuple


class Run(NamedTuple):
    """The input of one inference, as far as the network's work depends on it."""

    seq_len: int = 1
    """Tokens, or steps of a recurrent network, that are worked on."""
    cache_length: int | None = None
    """Tokens whose keys and values are cached: one decode step then follows on them. `None` without a cache."""
    image_size: tuple[int, int] | None = None
    """Height and width in pixels, instead of the declared ones."""

    @property
    def tokens(self) -> int:
        """New tokens that a decoder works on: one in a decode step."""
        return self.seq_len if self.cache_length is None else 1

    @property
    def keys(self) -> int:
        """Tokens that each query meets, the cached ones and the new ones."""
        return self.tokens + (self.cache_length or 0)

    @property
    def length(self) -> int:
        """Positions that the sequence takes up."""
        return self.keys
