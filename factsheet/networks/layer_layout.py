"""Which layers of a declared network are on tiles, which are stored several times, and where biases are added.

A sheet says so under `model_architecture.layout`; the declared network then has its matrices where the sheet puts them,
for tiles, operations, sizes and costs alike.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Items, Whole
from factsheet.facts.ranges import Usual, at_least
from factsheet.facts.section import Name, Record, Rows, ask
from factsheet.networks.operators import ELEMENT_KINDS, Lookup, StaticMatmul
from factsheet.networks.policy import fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from factsheet.networks.operators import Network, Operator, Side

_COPIES = at_least(
    1,
    "a layer that is stored at all is stored once",
    Usual(1, 10_000, "ISAAC stores the first layers of VGG some thousand times (Shafiee et al., ISCA 2016)"),
)
AS_LAID_OUT = "as the sheet's layout says"
"""How the note on a network ends whose sheet says what is on tiles."""
BIAS_PLACES = ("digital", "on tiles")


class CopiedLayer(Record):
    """A layer whose weights are stored several times, so that several inputs are worked on at once."""

    layer: Name = ask(
        "Name of the layer; `*` stands for any part of it.",
        "Of which layer are the weights stored several times?",
        "conv1",
        default=...,
    )
    copies: Annotated[Fact, Whole(within=_COPIES)] = ask(
        "How many times its weights are stored.",
        "How many times are the weights of that layer stored?",
        4,
        default=...,
    )


class LayerLayout(Record):
    """Where each layer is computed, by the names that `factsheet inspect` lists."""

    analog: Annotated[Fact, Items()] | None = ask(
        "Layers with their weights on tiles; `*` stands for any part of a name. Where `digital` is left out, all other "
        "layers are digital.",
        "Which layers of the network have their weights on analog tiles?",
        ["layer.*.attention", "layer.*.ffn"],
    )
    digital: Annotated[Fact, Items()] | None = ask(
        "Layers that are computed digitally; `*` stands for any part of a name. Where `analog` is left out, all other "
        "layers with stored weights are on tiles.",
        "Which layers of the network are computed digitally?",
        ["embeddings", "classifier"],
    )
    copies: Rows[CopiedLayer] | None = ask(
        "Layers whose weights are stored several times.",
        "Which layers of the network have their weights stored several times?",
        [{"layer": "conv1", "copies": 4}],
        max_length=1000,
    )
    biases: Annotated[Fact, Choice(*BIAS_PLACES)] | None = ask(
        "Whether the biases of layers on tiles are a row of weights on the tiles, or added digitally, as is assumed.",
        "Are the biases of layers on analog tiles held on the tiles, or added digitally?",
        "digital",
    )


class LayoutPlan(NamedTuple):
    """A layout in plain text and numbers: equal for all sheets that state the same."""

    analog: tuple[str, ...] = ()
    digital: tuple[str, ...] = ()
    copies: tuple[tuple[str, int], ...] = ()
    biases_on_tiles: bool = False

    @property
    def states_sides(self) -> bool:
        """Whether it says which layers are on tiles."""
        return bool(self.analog or self.digital)

    def place(self, network: Network) -> Network:
        """Return the network with its matrices where the layout puts them; nodes that share weights move together.

        A name that fits nothing changes nothing: a part that no key declares, such as the head of a task, may be
        meant.
        """
        if self == LayoutPlan():
            return network
        sides = self._sides(network)
        placed = [
            operator._replace(on=sides[operator.storage]) if isinstance(operator, StaticMatmul) else operator
            for operator in network.operators
        ]
        if self.biases_on_tiles:
            placed = list(_with_bias_rows(placed))
        copies = {
            operator.storage: count
            for pattern, count in self.copies
            for operator in placed
            if isinstance(operator, StaticMatmul) and operator.on == "analog" and fits(pattern, operator.name)
        }
        notes = (*network.notes, f"{', '.join(self._words(sides, copies))}, {AS_LAID_OUT}")
        return replace(network, operators=tuple(placed), copies=copies, notes=notes)

    def _words(self, sides: Mapping[str, Side], copies: Mapping[str, int]) -> Iterator[str]:
        digital = sum(side == "digital" for side in sides.values())
        yield f"{digital} of {len(sides)} stored matrices digital"
        if copies:
            yield f"{len(copies)} stored several times"
        if self.biases_on_tiles:
            yield "biases a row of their tiles"

    def _sides(self, network: Network) -> dict[str, Side]:
        """Return the side of each stored matrix, by the name of its weights."""
        sides: dict[str, Side] = {matrix.storage: matrix.on for matrix in network.static}
        if self.analog and not self.digital:
            sides = dict.fromkeys(sides, "digital")
        for patterns, side in ((self.digital, "digital"), (self.analog, "analog")):
            for matrix in network.static:
                if any(fits(pattern, matrix.name) for pattern in patterns):
                    sides[matrix.storage] = side  # type: ignore[assignment]  # one of the two words above
        return sides

    def unfit(self, network: Network) -> Iterator[tuple[str, str]]:
        """Yield the names that fit no part of the network, each with the field that has it.

        Whatever the network computes may be called digital; only what has weights can be on tiles or copied.
        """
        weighted = [matrix.name for matrix in network.static]
        tables = [operator.name for operator in network.operators if isinstance(operator, Lookup)]
        named = [operator.name for operator in network.operators]
        kinds = [word for kind in ELEMENT_KINDS for word in (kind, kind.replace("_", " "))]
        for field, patterns, known in (
            ("analog", self.analog, weighted),
            ("digital", self.digital, [*named, *tables, *kinds]),
            ("copies", tuple(pattern for pattern, _ in self.copies), weighted),
        ):
            for pattern in patterns:
                if not any(fits(pattern, name) for name in known):
                    yield field, pattern


def _with_bias_rows(operators: Iterable[Operator]) -> Iterator[Operator]:
    """Give each matrix on tiles a row for its biases, where every node that uses the matrix adds one."""
    operators = list(operators)
    matrices = [operator for operator in operators if isinstance(operator, StaticMatmul)]
    users = Counter(matrix.storage for matrix in matrices)
    biased = Counter(matrix.storage for matrix in matrices if matrix.bias and matrix.on == "analog")
    for operator in operators:
        if isinstance(operator, StaticMatmul) and biased[operator.storage] == users[operator.storage]:
            yield operator._replace(rows=operator.rows + 1, bias=False)
        else:
            yield operator


def layout_plan(layout: LayerLayout | None) -> LayoutPlan:
    """Return what a sheet says of the layout; what it leaves out or cannot say is as if nothing were said."""
    if layout is None:
        return LayoutPlan()
    copies = tuple(
        (row.layer, row.copies.whole) for row in layout.copies or () if row.copies.whole is not None
    )
    return LayoutPlan(
        () if layout.analog is None else layout.analog.items,
        () if layout.digital is None else layout.digital.items,
        copies,
        layout.biases is not None and layout.biases.text == BIAS_PLACES[1],
    )
