"""The networks that a sheet's declaration allows: what it leaves open is tried every way, the default first.

A claim differs only if none of them gives it. What a network gives is kept for all sheets that declare the same.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.networks.declared import Declaration, Interpretation, NetworkStructure
    from factsheet.networks.operators import Network
    from factsheet.sheet.model import SheetFields


def declared(sheet: SheetFields) -> Declaration | None:
    """Return the sheet's network; `None` where it declares none that operators could be derived from."""
    if sheet.model_architecture is None:
        return None
    from factsheet.errors import WorkloadError
    from factsheet.networks.declared import (
        declaration,  # start-up: most sheets in the making claim nothing yet
    )

    try:
        found = declaration(sheet.model_architecture)
        network = network_of(found.structure, 1)
    except WorkloadError:
        return None
    return None if network.work_missing else found  # of what is only a lower bound, no claim is judged


class CompletedDeclaration(NamedTuple):
    """One network that a declaration allows.

    Attributes:
        structure: the network.
        words: how the declaration has to be completed for it; empty for the network that `factsheet derive` takes.
    """

    structure: NetworkStructure
    words: str = ""


def interpretations(
    known: Declaration, heads_of: SheetFields | None = None
) -> Iterator[CompletedDeclaration]:
    """Yield every network that the declaration allows, the one that `factsheet derive` takes first.

    Args:
        known: the declaration.
        heads_of: the sheet whose tasks call for output layers, where one may count.
    """
    heads = () if heads_of is None else likely_heads(heads_of)
    for found in known.interpretations(heads):
        yield CompletedDeclaration(found.structure, _words(known, found))


def _words(known: Declaration, found: Interpretation) -> str:
    """Say how a declaration has to be completed: "`pooler: true` and an output layer of 3 values counts"."""
    shape, given = known.structure.shape, []
    for field, answer in found.answers.items():
        if getattr(shape, field, None) == answer:
            continue
        if field == known.family.head:
            given.append(f"an output layer of {answer} {'value' if answer == 1 else 'values'} counts")
        else:
            given.append(f"`{field}: {str(answer).lower() if isinstance(answer, bool) else answer}`")
    return " and ".join(given)


def likely_heads(sheet: SheetFields) -> tuple[int, ...]:
    """Outputs of the output layers that the sheet's tasks call for: one for a regression, else one a class."""
    tables = () if sheet.performance is None else sheet.performance.results or ()
    found = {
        task.classes.whole if task.classes is not None and task.classes.whole else 1
        for table in tables
        for task in table.tasks
    }
    return tuple(sorted(found | {2}))


MOST_OPERATORS = 300_000
"""Of all networks that the claims of a sheet are compared with; a decoder of 80 layers has about 1,100."""
_LARGE = 20_000


def affordable(known: Declaration, times: int = 1) -> int:
    """Return how many networks a declaration is tried with, at least one, where each is built so many times."""
    return max(1, MOST_OPERATORS // max(1, times * len(network_of(known.structure, 1).operators)))


def is_large(known: Declaration) -> bool:
    """Return whether a network is too large to be built anew for each of its dimensions."""
    return len(network_of(known.structure, 1).operators) > _LARGE


def untried(known: Declaration, heads_of: SheetFields | None, times: int = 1) -> str:
    """Say which interpretations of a large network are not tried; empty where all of them are."""
    tried = affordable(known, times)
    rest = sum(1 for _ in islice(interpretations(known, heads_of), tried, None))
    readings = "the one interpretation" if rest == 1 else f"one of the {rest} interpretations"
    return (
        f"{readings} of this large network that {'is' if rest == 1 else 'are'} not tried fits" if rest else ""
    )


KEPT = 256
"""Different structures that are remembered."""


class Sizes(NamedTuple):
    """What does not depend on an operating point; `parameters` without the embeddings that are left open."""

    parameters: int
    analog_weights: int
    stored_weights: int
    """Weights on tiles, those of a matrix as often as it is stored."""
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
def sizes(structure: NetworkStructure) -> Sizes:
    """Return the sizes of a network."""
    return sizes_of(network_of(structure, 1))


def sizes_of(network: Network) -> Sizes:
    """Return the sizes of a network's operators."""
    nodes = network.sharing
    return Sizes(
        network.parameters,
        network.analog_weights,
        network.stored_weights,
        sum({matrix.storage: matrix.weights for matrix in network.static}.values()),
        max((nodes[matrix.storage] for matrix in network.analog_stored), default=1),
    )


@lru_cache(maxsize=KEPT)
def tiles(structure: NetworkStructure, rows: int, cols: int) -> int:
    """Return the number of tiles of `rows` by `cols` weights that a network takes."""
    from factsheet.crossbar.mapping import TileShape, map_network  # start-up: only where tiles are claimed

    return map_network(network_of(structure, 1), TileShape(rows, cols)).tiles


@lru_cache(maxsize=KEPT)
def operations(structure: NetworkStructure, seq_len: int, batch: int) -> tuple[Operations, ...]:
    """Count one run of `batch` sequences under every convention; return nothing where a sequence is too long."""
    from factsheet.errors import WorkloadError  # start-up

    try:
        return operations_in(network_of(structure, seq_len), batch)
    except WorkloadError:
        return ()


def operations_in(network: Network, batch: int) -> tuple[Operations, ...]:
    """Count one run of `batch` inferences of a network under every convention."""
    from factsheet.networks.counting import count_under_all, work_of  # start-up

    return tuple(
        Operations(count.convention.name, count.analog, count.digital, count.total)
        for count in count_under_all(work_of(network), batch)
    )


@lru_cache(maxsize=KEPT)
def network_of(structure: NetworkStructure, seq_len: int) -> Network:
    """Return the operators of a structure.

    Raises:
        WorkloadError: a sequence is longer than the network takes.
    """
    return structure.network(seq_len)
