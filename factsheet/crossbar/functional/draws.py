"""Normal numbers as a function of a key and a position: what makes a simulation the same however it is cut.

Noise of a device belongs to the device, not to the moment at which it was computed. A generator with a state would tie
it to the order in which tiles are visited, to the number of threads and to the batch; here each number is computed
from the key of its block, its row and its column alone, so that nothing but the seed has to be stored to have it
again. Integers decide, so that every machine finds the same numbers but for the last bits of one square root.

The word at row r and column c is a_r·b_c ⊕ a'_r·b'_c modulo 2³², where the four are odd 32-bit numbers, SHAKE-128 of
the key, so that blocks have nothing in common. Along a row and along a column the words are independent because the
b_c and the a_r are; tests look at moments, distribution and correlation across both.
Noise that is new in every product is needed in the greatest numbers, and takes a shorter way: its word is
a_r·b_c + c_c, one pass over memory in place of three. Down a column that is a line in whole numbers modulo 2³², with a
slope and an offset of its own; tests look at it in the same way.
A word becomes a uniform number of 24 bits or more in (-1, 1), and √2·erf⁻¹ of it is normal, cut off at 5.3 σ. It takes
half the time of `Tensor.normal_` or less, which runs one Mersenne twister.
"""

from __future__ import annotations

import hashlib
import math

import torch

VERSION = 2
"""Of the numbers, and of their order where they are saved: a simulation can only be continued with the same ones."""

# The largest factor that keeps the whole numbers below 2³¹ inside (-1, 1) in single precision.
_TO_UNIT = 2.0**-31 * (1.0 - 2.0**-24)
_SQRT_2 = math.sqrt(2.0)
_BLOCK_ROWS = 1024


def seed_of(seed: int, *parts: float | str) -> int:
    """Return a seed that depends on all of the parts, and is far from those of its neighbours."""
    digest = hashlib.blake2b(repr((seed, *parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1  # torch takes 63 bits


def odd_words(key: str, count: int, device: torch.device | str = "cpu") -> torch.Tensor:
    """Return two rows of so many odd 32-bit numbers that depend on the key."""
    digest = bytearray(hashlib.shake_128(key.encode()).digest(8 * count))
    return torch.frombuffer(digest, dtype=torch.int32).bitwise_or_(1).view(2, count).to(device)


def half_normals(rows: torch.Tensor, cols: torch.Tensor, out: torch.Tensor, words: torch.Tensor) -> None:
    """Fill `out` with normal numbers of variance one half.

    The factor √2 is left to the caller, who multiplies by a standard deviation anyway.

    Args:
        rows: two odd words for each row.
        cols: two odd words for each column.
        out: float32, as many rows and columns.
        words: int32 scratch space of two times that shape.
    """
    word, other = words[0], words[1]
    torch.mul(rows[0, :, None], cols[0], out=word)
    torch.mul(rows[1, :, None], cols[1], out=other)
    _half_normal(word.bitwise_xor_(other), out)


def _half_normal(words: torch.Tensor, out: torch.Tensor) -> None:
    out.copy_(words)
    out.mul_(_TO_UNIT).erfinv_()


class Scratch:
    """Space for words that is used again: memory fresh from the system costs more than what is computed in it."""

    def __init__(self) -> None:
        self._words = torch.empty(0, dtype=torch.int32)

    def words(self, *shape: int, device: torch.device | str) -> torch.Tensor:
        """Return so many words, with anything in them."""
        count = math.prod(shape)
        if self._words.numel() < count or self._words.device != torch.device(device):
            self._words = torch.empty(count, dtype=torch.int32, device=device)
        return self._words[:count].view(shape)


class Draws:
    """The normal numbers of one block of devices.

    Args:
        key: names the block among all that the seed governs.
        shape: rows and columns of the block.
        device: where the numbers are wanted.
        scratch: space that blocks computed one after the other can share.
    """

    def __init__(
        self,
        key: str,
        shape: tuple[int, int],
        device: torch.device | str = "cpu",
        scratch: Scratch | None = None,
    ) -> None:
        self.key, self.shape, self.device = key, shape, device
        self._scratch = scratch or Scratch()

    def half_normal(self, purpose: str) -> torch.Tensor:
        """Normal numbers with a variance of one half: erf⁻¹ of the uniform ones, before any factor.

        Args:
            purpose: what they are for; other purposes get other numbers, the same one always the same.
        """
        rows, cols = self.shape
        words = odd_words(f"{self.key}/{purpose}", rows + cols, self.device)
        out = torch.empty(self.shape, dtype=torch.float32, device=self.device)
        half_normals(
            words[:, :rows], words[:, rows:], out, self._scratch.words(2, rows, cols, device=self.device)
        )
        return out

    def normal(self, purpose: str) -> torch.Tensor:
        """Standard normal numbers for a purpose."""
        return self.half_normal(purpose).mul_(_SQRT_2)

    def uniform(self, purpose: str) -> torch.Tensor:
        """Uniform numbers between 0 and 1 for a purpose."""
        return self.half_normal(purpose).erf_().add_(1.0).div_(2.0)

    def part(self, name: str) -> Draws:
        """Draws of the same shape for a part of the block, such as one device of each cell."""
        return Draws(f"{self.key}/{name}", self.shape, self.device, self._scratch)


class Stream:
    """Normal rows one after the other: row n is the same whichever call asks for it.

    Args:
        key: names the stream.
        width: numbers a row.
    """

    def __init__(self, key: str, width: int) -> None:
        self.key, self.width = key, width
        self._block = -1
        self._rows = self._slopes = self._offsets = torch.empty(0)

    def fill(self, out: torch.Tensor, start: int) -> None:
        """Fill `out` with rows from `start` on, of variance one half.

        Args:
            out: float32, `width` wide.
            start: its first row in the stream.
        """
        done = 0
        while done < len(out):
            block, within = divmod(start + done, _BLOCK_ROWS)
            self._open(block, out.device)
            count = min(_BLOCK_ROWS - within, len(out) - done)
            part = out[done : done + count]
            words = part.view(torch.int32)  # in place: what fits into a cache once may not fit twice
            torch.addcmul(self._offsets, self._rows[within : within + count], self._slopes, out=words)
            _half_normal(words, part)
            done += count

    def _open(self, block: int, device: torch.device) -> None:
        if block == self._block and self._rows.device == device:
            return
        odd = odd_words(f"{self.key}/{block}", _BLOCK_ROWS + self.width, device)
        self._block, self._rows = block, odd[0, :_BLOCK_ROWS, None]
        self._slopes, self._offsets = odd[0, _BLOCK_ROWS:], odd[1, _BLOCK_ROWS:]
