"""Placements of a network that a sheet does not state but that are usual: a pooler on tiles, a head that is digital.

A claim that only one of them explains may well be right; it is said with the placement, so that the sheet can state it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from factsheet.networks.operators import Network, Side, StaticMatmul

MOST_MATRICES = 2_000
"""Of a network that placements are tried on; every one of them is counted anew."""
MOST_STEPS = 20_000
"""Sums of matrices that are tried before a number of weights is taken to be possible."""


class SidesReading(NamedTuple):
    """A network with some of its matrices on the other side."""

    words: str
    """How the sheet has to be read for it."""
    network: Network


def placements(network: Network) -> Iterator[SidesReading]:
    """Yield the usual placements of a network that differ from its own.

    What is digital may be on tiles, and of what is on tiles the first or the last layer, convolutions in groups, or all
    matrices of one kind may be digital.
    """
    if len(network.static) > MOST_MATRICES:
        return
    for words, moved in _named(network):
        yield SidesReading(words, _moved(network, moved))


def _named(network: Network) -> Iterator[tuple[str, Mapping[str, Side]]]:
    digital: dict[str, dict[str, Side]] = {}
    for matrix in network.static:
        if matrix.on == "digital":
            digital.setdefault(matrix.name.partition(".")[0], {})[matrix.storage] = "analog"
    for part, moved in digital.items():
        yield f"its {part} is on tiles too", moved
    if len(digital) > 1:
        yield "all its matrices are on tiles", {name: "analog" for each in digital.values() for name in each}
    stored = network.analog_stored
    if len(stored) < 2:  # noqa: PLR2004  a single matrix is not moved: nothing would be left
        return
    first, last = stored[0], stored[-1]
    yield f"its last layer, `{last.name}`, is digital", _digital([last])
    yield f"its first layer, `{first.name}`, is digital", _digital([first])
    yield "its first and its last layer are digital", _digital([first, last])
    grouped = [matrix for matrix in stored if matrix.kind == "convolution" and matrix.matrices > 1]
    if grouped and len(grouped) < len(stored):
        yield "its convolutions in groups are digital", _digital(grouped)
    kinds = {matrix.kind for matrix in stored}
    for kind in sorted(kinds) if len(kinds) > 1 else ():
        alike = [matrix for matrix in stored if matrix.kind == kind]
        yield f"its matrices of the kind `{kind}` are digital", _digital(alike)


def _digital(matrices: Iterable[StaticMatmul]) -> dict[str, Side]:
    return {matrix.storage: "digital" for matrix in matrices}


def _moved(network: Network, sides: Mapping[str, Side]) -> Network:
    from factsheet.networks.operators import StaticMatmul  # start-up: only where a claim is not explained

    return replace(
        network,
        operators=tuple(
            operator._replace(on=sides.get(operator.storage, operator.on))
            if isinstance(operator, StaticMatmul)
            else operator
            for operator in network.operators
        ),
    )


def some_sum_fits(sizes: Mapping[int, int], low: float, high: float) -> bool:
    """Return whether some of the numbers add up to something from `low` to `high`.

    Args:
        sizes: how many there are of each number.
        low: the smallest sum that fits.
        high: the largest.

    Returns:
        `True` also where there are too many sums to try.
    """
    ordered = sorted(sizes.items(), reverse=True)
    left = [0] * (len(ordered) + 1)
    for index in range(len(ordered) - 1, -1, -1):
        size, count = ordered[index]
        left[index] = left[index + 1] + size * count
    steps = 0
    stack = [(0, 0)]
    while stack:
        index, total = stack.pop()
        steps += 1
        if low <= total <= high or steps > MOST_STEPS:
            return True
        if index == len(ordered) or total + left[index] < low:
            continue
        size, count = ordered[index]
        most = min(count, int((high - total) / size))
        stack.extend((index + 1, total + size * taken) for taken in range(most + 1))
    return False
