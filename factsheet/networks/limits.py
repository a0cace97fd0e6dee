"""The largest network that is read, whatever describes it: bounds that hold before any work begins, in one place.

Files state sizes that nothing has: a slip, a damaged byte, or the wish to keep a server busy. A size beyond these is
refused with its name; within them every figure that follows is finite, and prints in a few digits.
"""

from __future__ import annotations

from math import log10, prod
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_LAYERS: Final = 4096
"""Blocks of a network, each of which is written out: DeepNet has 1,000 (Wang et al., TPAMI 2024)."""
MOST_BUILT_LAYERS: Final = 256
"""Layers of a model that is built from its configuration and run once, at some 20 ms each. Llama 3.1 405B has 126."""
MOST_OPERATORS: Final = 200_000
"""Operators, or stored tensors: each layer of each of 384 experts in 61 layers makes 94,000."""
MOST_NODES: Final = 120_000
"""Nodes of a graph, those of its branches, loops and functions among them, each counted once."""
MOST_REPEATED: Final = 40_000
"""Nodes that functions and loops run once more: a file of 1,600 bytes can ask for 2^60. An export that calls a function
for each operator of 100 layers runs some 30,000."""
LONGEST_AXIS: Final = 10**9
"""Tokens, pixels or samples along one axis of an input."""
MOST_STORED: Final = 10**15
"""Numbers of one stored tensor. The largest networks that were announced have some 10^14."""
MOST_WORK: Final = 10**30
"""Multiply-accumulates, or elements, of one operator: over 10^4 times what all of a large training takes (GPT-4, some
10^25 operations by Epoch AI's estimate), so that nobody's network is refused."""
MOST_DIGITS: Final = 30
"""Digits of a number that a message quotes in full; see `shown_whole`."""


def shown_whole(number: int) -> str:
    """Return a whole number for a message: with its thousands apart, and its magnitude alone where it is very long."""
    if abs(number) < 10**MOST_DIGITS:
        return f"{number:,}"
    # The length in bits gives the magnitude without writing the number out, which Python refuses from 4,300 digits on.
    return f"some {'-' if number < 0 else ''}10^{round((abs(number).bit_length() - 1) * log10(2))}"


def excess(sizes: Sequence[int], times: int, work: int) -> Iterator[tuple[str, str, str]]:
    """Yield what an operator cannot be: what is wrong, why, and what to do.

    Args:
        sizes: the sides that its stored numbers are the product of; none where it stores nothing.
        times: how often it does what it does once: for each element, vector or row.
        work: its multiply-accumulates or elements.
    """
    if times < 0:
        yield (
            f"works on {shown_whole(times)} elements",
            "work that is taken away would make every total too small",
            "give the number of elements, input vectors or rows that it works on",
        )
    sides = " x ".join(map(shown_whole, sizes))
    if any(size < 1 for size in sizes):
        yield (
            f"has weights of {sides}",
            "nothing is multiplied by a matrix without rows or columns",
            "correct the sizes that it follows from",
        )
    elif prod(sizes) > MOST_STORED:
        yield (
            f"has weights of {sides}",
            f"no network stores more than {MOST_STORED:,} numbers in one place",
            "correct the sizes that it follows from",
        )
    if work > MOST_WORK:
        yield (
            f"takes {shown_whole(work)} operations an inference",
            f"no network does more than {MOST_WORK:.0e}, and figures that follow from it mean nothing",
            "correct the sizes that it follows from, or give a shorter sequence",
        )
