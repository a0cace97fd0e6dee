"""Figures over sequence length and batch: what the explorer and the latency figure are drawn from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GridPoint:
    """One operating point; `None` stands for what is not known there.

    Attributes:
        ops: operations of one run of the batch; `analog_ops` and `digital_ops` are its parts.
        latency_s: time of one run of the batch, s.
        energy_j: energy of one run of the batch, J.
        efficiency: inferences per joule, which is inferences per second and watt.
        label: what to call it.
    """

    seq_len: int
    batch: int
    ops: int | None = None
    latency_s: float | None = None
    energy_j: float | None = None
    efficiency: float | None = None
    label: str | None = None
    analog_ops: int | None = None
    digital_ops: int | None = None


@dataclass(frozen=True, slots=True)
class OperatingGrid:
    """Points at every pair of a sequence length and a batch.

    Attributes:
        points: by sequence length, then by batch; as many as there are pairs.
        standing: how the figures came about, one sentence.
        published: the point that the sheet itself gives figures for.
    """

    seq_lens: tuple[int, ...]
    batches: tuple[int, ...]
    points: tuple[GridPoint, ...]
    standing: str
    published: GridPoint | None = None

    @property
    def has_latency(self) -> bool:
        """Whether any point has a time."""
        return any(point.latency_s is not None for point in self.points)

    def at(self, seq_len: int, batch: int) -> GridPoint | None:
        """The point of a sequence length and a batch; `None` where the grid has none."""
        return next((p for p in self.points if (p.seq_len, p.batch) == (seq_len, batch)), None)
