"""What a network's declared structure gives, in plain numbers, recomputed once for all sheets that declare the same.

The arithmetic is that of `factsheet.workload` and `factsheet.crossbar.mapping`, which are loaded when the first sheet
claims something to hold against it. `factsheet.derive` gives the same values with their formulas, at several times
the start-up time; a test holds the two together.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.sheet.fact import Fact
    from factsheet.sheet.model import FactSheet
    from factsheet.workload import EncoderShape, Network

STRUCTURE = ("model_architecture", "transformer_encoder")
"""Path of the dimensions that everything here follows from."""
KEPT = 256
"""Different structures that are remembered."""


class Declared(NamedTuple):
    """The declared dimensions.

    Attributes:
        shape: the dimensions as `factsheet.derive` reads them, with its assumptions where the sheet is silent.
        complete: whether the number of parameters follows; it does not where an embedding is left open.
        left_open: the yes-or-no answers that the sheet does not give.
    """

    shape: EncoderShape
    complete: bool
    left_open: tuple[str, ...]


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


def declared(sheet: FactSheet) -> Declared | None:
    """The sheet's dimensions; `None` where it declares none that operators could be derived from."""
    architecture = sheet.model_architecture
    encoder = None if architecture is None else architecture.transformer_encoder
    if encoder is None:
        return None
    from factsheet.workload.declared import (
        read_encoder,
    )  # start-up: most sheets in the making claim nothing yet
    from factsheet.workload.errors import WorkloadError

    try:
        shape, omitted, assumed = read_encoder(encoder)
    except WorkloadError:
        return None
    left_open: list[str] = [field for field in ("pooler", "fused_qkv") if field in assumed]
    left_open += [
        field for field in ("pooler_on_tiles", "projection_on_tiles") if _undecided(getattr(encoder, field))
    ]
    return Declared(shape, not omitted, tuple(left_open))


def _undecided(fact: Fact | None) -> bool:
    """Whether a sheet says that it does not know; what it leaves out has its default."""
    return fact is not None and fact.absence is not None and fact.absence.kind != "not_applicable"


def readings(known: Declared, heads_of: FactSheet | None = None) -> Iterator[EncoderShape]:
    """Every network that the declaration allows, the one that `factsheet.derive` takes first.

    Args:
        known: the declaration.
        heads_of: the sheet whose tasks call for output layers, where one may count; the declaration has no key for it.
    """
    yield known.shape
    from dataclasses import replace  # here and below: only where the first reading does not explain a claim

    for labels in (0, *(() if heads_of is None else likely_heads(heads_of))):
        for answers in product((False, True), repeat=len(known.left_open)):
            shape = replace(known.shape, labels=labels, **dict(zip(known.left_open, answers, strict=True)))
            if shape != known.shape:
                yield shape


def likely_heads(sheet: FactSheet) -> tuple[int, ...]:
    """Outputs of the output layers that the sheet's tasks call for: one for a regression, else one a class."""
    tables = () if sheet.performance is None else sheet.performance.results or ()
    found = {
        task.classes.whole if task.classes is not None and task.classes.whole else 1
        for table in tables
        for task in table.tasks
    }
    return tuple(sorted(found | {2}))


@lru_cache(maxsize=KEPT)
def sizes(shape: EncoderShape) -> Sizes:
    """Sizes of a network."""
    network = _network(shape, 1)
    nodes = network.sharing
    return Sizes(
        network.parameters,
        network.analog_weights,
        sum({matrix.storage: matrix.weights for matrix in network.static}.values()),
        max((nodes[matrix.storage] for matrix in network.analog_stored), default=1),
    )


@lru_cache(maxsize=KEPT)
def tiles(shape: EncoderShape, rows: int, cols: int) -> int:
    """Tiles of `rows` by `cols` weights that a network takes."""
    from factsheet.crossbar.mapping import TileShape, map_network  # start-up: only where tiles are claimed

    return map_network(_network(shape, 1), TileShape(rows, cols)).tiles


@lru_cache(maxsize=KEPT)
def operations(shape: EncoderShape, seq_len: int, batch: int) -> tuple[Operations, ...]:
    """Operations of one run of `batch` sequences under every convention; none where a sequence is too long."""
    if shape.positions and seq_len > shape.positions:
        return ()
    from factsheet.workload.counting import count_under_all, work_of  # start-up

    counts = count_under_all(work_of(_network(shape, seq_len)), batch)
    return tuple(
        Operations(count.convention.name, count.analog, count.digital, count.total) for count in counts
    )


def _network(shape: EncoderShape, seq_len: int) -> Network:
    from factsheet.workload.encoder import transformer_encoder  # start-up

    return transformer_encoder(shape, seq_len)
