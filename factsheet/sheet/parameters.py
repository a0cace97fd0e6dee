"""Parameters and inference attributes: sizes, tiles, power, area, and figures at an operating point."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import model_validator

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Line, Measure, Prose, Whole
from factsheet.facts.plain_kinds import Batch
from factsheet.facts.section import Name, Record, Rows, Section, Text, ask
from factsheet.sheet.ranges.chips import (
    AREA,
    DEVICES,
    DEVICES_PER_WEIGHT,
    EFFICIENCY,
    POWER,
    RUN_ENERGY,
    RUN_TIME,
    THROUGHPUT,
    TILE_SIDE,
    TILES,
)
from factsheet.sheet.ranges.networks import (
    ALL_OPERATIONS,
    BATCH,
    OPERATIONS,
    PARAMETERS,
    REUSE,
    SEQUENCE,
    WEIGHTS_ON_TILES,
)

CONVENTIONS = (
    "consistent",
    "matmul-only",
    "one-op-per-element",
    "attention-mac-is-one-op",
    "electra-factors",
    "mult-adds",
)
"""Names of the counting conventions; `factsheet.networks.counting` defines them."""

Convention = Literal[
    "consistent",
    "matmul-only",
    "one-op-per-element",
    "attention-mac-is-one-op",
    "electra-factors",
    "mult-adds",
]


TILE_SIDES = r"([1-9]\d{0,5}) ?[x×] ?([1-9]\d{0,5})"
"""Rows and columns of a tile as one word, `512x256`."""


class Tile(Record):
    """One non-volatile-memory array; rows and columns alone may be written as `512x256`."""

    @model_validator(mode="before")
    @classmethod
    def _sides(cls, raw: object) -> object:
        """Read rows and columns as `--tile` has them; what is something else is left to be refused."""
        match = re.fullmatch(TILE_SIDES, raw.strip()) if isinstance(raw, str) else None
        return raw if match is None else {"rows": int(match[1]), "cols": int(match[2])}

    rows: Annotated[Fact, Whole(within=TILE_SIDE)] = ask(
        "Inputs of a tile.", "How many rows (inputs) has one array tile of the chip?", 512, default=...
    )
    cols: Annotated[Fact, Whole(within=TILE_SIDE)] = ask(
        "Outputs of a tile, counted in weights; `{not_applicable: …}` where only inputs are limited.",
        "How many columns (outputs, counted in weights) has one array tile of the chip?",
        512,
        default=...,
    )
    devices_per_weight: Annotated[Fact, Whole(within=DEVICES_PER_WEIGHT)] | None = ask(
        "Memory devices that hold one weight: 2 for a conductance pair, 4 for two pairs.",
        "How many memory devices hold one weight?",
        2,
    )
    weight_encoding: Annotated[Fact, Line()] | None = ask(
        "How a signed weight is held.",
        "How is a signed weight held in memory devices?",
        "differential pair of conductances",
    )


class Optimum(Record):
    """The range that the hardware is designed for."""

    seq_len: Annotated[Fact, Measure("count", within=SEQUENCE)] | None = ask(
        "Sequence lengths it is designed for.",
        "For which sequence lengths, in tokens, is the hardware designed?",
        "up to 128",
    )
    batch: Annotated[Fact, Measure("count", within=BATCH)] | None = ask(
        "Batch sizes it is designed for.", "For which batch sizes is the hardware designed?", "1 to 4"
    )


class OperatingPoint(Record):
    """Figures that hold at one sequence length and batch, stated together."""

    seq_len: Annotated[int, SEQUENCE] = ask(
        "Tokens in one sequence; left out for a network without tokens, such as one of images.",
        "At which sequence length, in tokens, do these figures of a run hold?",
        32,
        default=1,
        ge=1,
        le=10**9,
    )
    batch: Annotated[int | Literal["not stated"], Batch(), BATCH] = ask(
        "Sequences processed together; `not stated` where the source leaves it out.",
        "At which batch size do these figures of a run hold?",
        4,
        default=...,
    )
    counting: Convention | None = ask(
        "The convention that ops were counted under.",
        "Under which convention were the operations of a run counted?",
        "consistent",
    )
    total_ops: Annotated[Fact, Measure("ops", within=ALL_OPERATIONS)] | None = ask(
        "All operations of one run of the batch.",
        "How many operations does one run of a batch take in total, at which sequence length and batch size?",
        "21.84 G ops",
    )
    analog_ops: Annotated[Fact, Measure("ops", within=OPERATIONS)] | None = ask(
        "Operations done on analog tiles.",
        "How many operations of one run of a batch are done on analog tiles?",
        "21.74 G ops",
    )
    digital_ops: Annotated[Fact, Measure("ops", within=OPERATIONS)] | None = ask(
        "Operations done in digital units.",
        "How many operations of one run of a batch are done digitally?",
        "0.1 G ops",
    )
    execution_time: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time to run the whole batch.",
        "How long does one run of a batch take on the chip, at which sequence length and batch size?",
        "0.19 ms",
    )
    power: Annotated[Fact, Measure("power", within=POWER)] | None = ask(
        "Average chip power while running it.",
        "How much power does the chip draw on average while it runs a batch?",
        "3.13 W",
    )
    energy: Annotated[Fact, Measure("energy", within=RUN_ENERGY)] | None = ask(
        "Energy of one run of the batch.", "How much energy does one run of a batch take?", "0.6 mJ"
    )
    energy_efficiency: (
        Annotated[Fact, Measure("inferences_per_second_per_watt", within=EFFICIENCY)] | None
    ) = ask(
        "Inferences per second and watt; one sequence is one inference.",
        "How many inferences per second and watt does the chip reach at this sequence length and batch size?",
        "6589 inferences/s/W",
    )
    energy_boundary: Annotated[Fact, Choice("tile", "chip", "board", "wall")] | None = ask(
        "What power, energy and efficiency of this point include, where that differs from the rest of the sheet.",
        "What do power and energy at this sequence length and batch size include: tile, chip, board, wall?",
        "chip",
    )
    throughput: Annotated[Fact, Measure("throughput", within=THROUGHPUT)] | None = ask(
        "Inferences per second.",
        "How many inferences per second does the chip reach at this sequence length and batch size?",
        "21000 inferences/s",
    )
    note: Text | None = ask(
        "What goes with this point.",
        "What else should a reader know of these figures of a run?",
        "Read off a simulation.",
    )
    name: Name | None = ask(
        "A name for this point.", "By which name are these figures of a run called?", "short sentences"
    )


class Parameters(Section):
    """Sizes, arrays and hardware attributes of the model at inference."""

    question: ClassVar[str] = (
        "How large is the model, how does it fit the arrays, and what does an inference take?"
    )

    parameters: Annotated[Fact, Measure("count", within=PARAMETERS)] | None = ask(
        "All trainable numbers of the network.",
        "How many parameters has the model, all trainable numbers together?",
        "110 million",
    )
    analog_weights: Annotated[Fact, Measure("count", within=WEIGHTS_ON_TILES)] | None = ask(
        "Weights that are stored on analog tiles.",
        "How many of the model's weights are stored on analog tiles?",
        "84934656",
    )
    reuse_factor: Annotated[Fact, Measure("count", within=REUSE)] | None = ask(
        "How many nodes of the network share one stored weight; 1 where each node has its own.",
        "How many nodes of the network share one stored weight (1 where each has its own)?",
        1,
    )
    ops_depend_on: Annotated[Fact, Prose()] | None = ask(
        "What the number of operations depends on.",
        "What does the number of operations of an inference depend on?",
        "Sequence length and batch size.",
    )
    tile: Tile | None = ask(
        "Geometry of one array.",
        "How many rows and columns has one array tile of the chip?",
        {"rows": 512, "cols": 512, "devices_per_weight": 2},
    )
    tiles: Annotated[Fact, Measure("count", within=TILES)] | None = ask(
        "Tiles that hold the model.", "How many array tiles of the chip does the model take?", 480
    )
    devices: Annotated[Fact, Measure("count", within=DEVICES)] | None = ask(
        "Memory devices that hold its weights.",
        "How many memory devices hold the model's weights?",
        "170 million",
    )
    power: Annotated[Fact, Measure("power", within=POWER)] | None = ask(
        "Average power of the chip.", "How much power does the chip draw?", "3.13 W"
    )
    area: Annotated[Fact, Measure("area", within=AREA)] | None = ask(
        "Effective chip area.", "How large is the chip?", "780.4 mm²"
    )
    optimum: Optimum | None = ask(
        "What the hardware is designed for.",
        "For which sequence lengths and batch sizes is the hardware designed to work best?",
        {"seq_len": "up to 128", "batch": "1 to 4"},
    )
    operating_points: Rows[OperatingPoint] | None = ask(
        "Ops, time, power and efficiency, together, at each sequence length and batch that it has figures for.",
        "How many operations, how much time and how much power does a run take, at which "
        "sequence length and batch size?",
        [{"seq_len": 32, "batch": 4, "analog_ops": "21.74 G ops"}],
    )
