"""What a network's declared structure gives, in plain numbers, recomputed once for all sheets that declare the same.

The arithmetic is that of `factsheet.workload` and `factsheet.crossbar.mapping`, which are loaded when the first sheet
claims something to hold against it. `factsheet.derive` gives the same values with their formulas, at several times
the start-up time; a test holds the two together.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.readings import OtherReading

if TYPE_CHECKING:
    from factsheet.checks.readings import Reading
    from factsheet.workload import Network

KEPT = 256
"""Different structures that are remembered."""


class Sizes(NamedTuple):
    """What does not depend on an operating point; `parameters` without the embeddings that are left open."""

    parameters: int
    analog_weights: int
    matrix_weights: int
    """Weights of all stored matrices, on tiles or not; without biases and embeddings."""
    reuse_factor: int


class Operations(NamedTuple):
    """Operations of one run of the batch under one counting convention."""

    convention: str
    analog_ops: int
    digital_ops: int
    total_ops: int


@lru_cache(maxsize=KEPT)
def sizes(shape: Reading) -> Sizes:
    """Sizes of a network."""
    network = network_of(shape, 1)
    nodes = network.sharing
    return Sizes(
        network.parameters,
        network.analog_weights,
        sum({matrix.storage: matrix.weights for matrix in network.static}.values()),
        max((nodes[matrix.storage] for matrix in network.analog_stored), default=1),
    )


@lru_cache(maxsize=KEPT)
def tiles(shape: Reading, rows: int, cols: int) -> int:
    """Tiles of `rows` by `cols` weights that a network takes."""
    from factsheet.crossbar.mapping import TileShape, map_network  # start-up: only where tiles are claimed

    return map_network(network_of(shape, 1), TileShape(rows, cols)).tiles


@lru_cache(maxsize=KEPT)
def operations(shape: Reading, seq_len: int, batch: int) -> tuple[Operations, ...]:
    """Operations of one run of `batch` sequences under every convention; none where a sequence is too long."""
    from factsheet.workload.counting import count_under_all, work_of  # start-up
    from factsheet.workload.errors import WorkloadError

    if not isinstance(shape, OtherReading) and shape.positions and seq_len > shape.positions:
        return ()
    try:
        counts = count_under_all(work_of(network_of(shape, seq_len)), batch)
    except WorkloadError:
        return ()
    return tuple(
        Operations(count.convention.name, count.analog, count.digital, count.total) for count in counts
    )


def network_of(shape: Reading, seq_len: int) -> Network:
    """The operators of a reading.

    Raises:
        WorkloadError: a sequence is longer than the network takes.
    """
    if isinstance(shape, OtherReading):
        return shape.network(seq_len)
    from factsheet.workload.encoder import transformer_encoder  # start-up

    return transformer_encoder(shape, seq_len)
