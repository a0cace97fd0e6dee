"""What a figure is drawn from: numbers and short texts, with nothing of how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from factsheet.pages.estimates import DriftCurve, OperatingGrid


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """One task: both scores in per cent, `None` where there is none, and the gap between them in words."""

    task: str
    analog: float | None
    digital: float | None
    analog_text: str
    digital_text: str
    gap: str | None


@dataclass(frozen=True, slots=True)
class AccuracyChart:
    """Scores by task, the analog system beside the digital one.

    Attributes:
        left_out: tasks that are in the table and not in the figure.
    """

    analog: str
    digital: str
    rows: tuple[AccuracyRow, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class CrossbarDrawing:
    """One layer on its tiles.

    Attributes:
        inputs: rows of its matrix.
        outputs: columns of its matrix.
        down: tiles one below the other, which share the inputs out.
        across: tiles side by side, which share the outputs out.
        devices: memory devices that hold one weight; `None` where that is not known.
    """

    layer: str
    inputs: int
    outputs: int
    tile_rows: int
    tile_cols: int
    down: int
    across: int
    devices: int | None


@dataclass(frozen=True, slots=True)
class FloorTile:
    """One tile: which share of its rows and of its columns holds weights."""

    rows: float
    cols: float


@dataclass(frozen=True, slots=True)
class FloorStrip:
    """The tiles of one block of the network.

    Attributes:
        times: how many blocks alike it stands for.
    """

    label: str
    tiles: tuple[FloorTile, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """All tiles of the network, in order of execution.

    Attributes:
        each: tiles that one square stands for.
        utilisation: share of all cells that hold a weight.
    """

    strips: tuple[FloorStrip, ...]
    tiles: int
    utilisation: float
    each: int = 1


@dataclass(frozen=True, slots=True)
class SplitPart:
    """A part of a whole, with its figure in words."""

    label: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class SplitBar:
    """A whole that is split, with its figure in words."""

    label: str
    total: str
    parts: tuple[SplitPart, ...]


@dataclass(frozen=True, slots=True)
class SplitChart:
    """Wholes and their parts, each whole drawn at full length."""

    bars: tuple[SplitBar, ...]


@dataclass(frozen=True, slots=True)
class LatencyChart:
    """Time over sequence length, one line a batch, with the point that the sheet gives."""

    grid: OperatingGrid


@dataclass(frozen=True, slots=True)
class DriftChart:
    """Score over time after programming."""

    curve: DriftCurve


@dataclass(frozen=True, slots=True)
class LifecycleRow:
    """A kind of facts: who produces it, and which readers need it, by their place among the readers."""

    fact: str
    producer: str
    consumers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LifecycleStage:
    """A stage in the making and use of a model, and the kinds of facts that come about in it."""

    title: str
    rows: tuple[LifecycleRow, ...]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Who produces and who consumes each kind of facts."""

    stages: tuple[LifecycleStage, ...]
    readers: tuple[str, ...]


FigureData: TypeAlias = (
    AccuracyChart | CrossbarDrawing | FloorPlan | SplitChart | LatencyChart | DriftChart | Lifecycle
)
