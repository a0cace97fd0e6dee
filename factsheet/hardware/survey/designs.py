"""Read the survey of published designs that comes with the program: one entry an operating point.

The survey is that of Shanbhag and Roy, "Benchmarking In-Memory Computing Architectures" (CICC 2022), as of the date in
its file. Its figures are of operations of 1 bit: an operation of inputs of 8 bits on weights of 8 bits counts as 64.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

FILE = Path(__file__).with_name("designs.json")

DesignLevel = Literal["macro", "processor", "accelerator"]
"""`macro`: arrays with their converters; `processor`: a chip with what else a network needs around its arrays;
`accelerator`: a digital chip, which computes beside its memory."""
MemoryKind = Literal["static", "non-volatile", "dynamic", "digital"]
"""What holds the weights that are computed on; `digital` where they are read out first."""
_MEMORIES: dict[str, MemoryKind] = {
    "SRAM": "static",
    "eNVM": "non-volatile",
    "eFlash": "non-volatile",
    "eDRAM": "dynamic",
    "Digital": "digital",
}
_TERA = 1e12
_PER_MM2 = 1e6


class SurveyPoint(NamedTuple):
    """One operating point of a published design, as the survey has it.

    Attributes:
        design: the survey's number of the design.
        authors: the first author, most often.
        venue: the conference or journal.
        year: of publication.
        node_nm: process node, in nm.
        level: what the figures include.
        memory: what holds the weights.
        cell: the memory cell, in the survey's words; empty where it has none.
        supply: voltage in V, in the survey's words; empty where it has none.
        input_bits: that one input has in one step; `None` where the survey has none.
        weight_bits: that one weight has in one step; likewise.
        compute_model: how a column adds up: QS, QR, IS, QS-QR or DIMC; empty where the survey has none.
        efficiency: operations of 1 bit per second and watt; `None` where the survey has none.
        density: operations of 1 bit per second and m²; likewise.
    """

    design: int
    authors: str
    venue: str
    year: int
    node_nm: float
    level: DesignLevel
    memory: MemoryKind
    cell: str
    supply: str
    input_bits: float | None
    weight_bits: float | None
    compute_model: str
    efficiency: float | None
    density: float | None

    @property
    def words(self) -> str:
        """Who published it, where and when."""
        return f"{self.authors}, {self.venue} {self.year}"


class Survey(NamedTuple):
    """The survey: where it is from, and its operating points.

    Attributes:
        title: of the database.
        authors: of it.
        source: where it can be read.
        date: of the version, ISO 8601.
        copyright: of the data, under the MIT licence, whose text is beside them.
        points: in the survey's order.
        profiles: designs of the survey that a hardware profile describes too, by the profile's name.
    """

    title: str
    authors: str
    source: str
    date: str
    copyright: str
    points: tuple[SurveyPoint, ...]
    profiles: dict[str, int]

    @property
    def designs(self) -> int:
        """How many designs the operating points are of."""
        return len({point.design for point in self.points})

    @property
    def latest(self) -> int:
        """The year of the latest design."""
        return max(point.year for point in self.points)


@cache
def survey() -> Survey:
    """Return the survey that comes with the program."""
    data = json.loads(FILE.read_bytes())
    rows = (dict(zip(data["columns"], row, strict=True)) for row in data["rows"])
    return Survey(
        data["title"],
        data["authors"],
        data["source"],
        data["date"],
        data["copyright"],
        tuple(_point(row) for row in rows),
        data["profiles"],
    )


def _point(row: dict[str, int | float | str | bool | None]) -> SurveyPoint:
    memory = _MEMORIES[str(row["kind"])]
    level: DesignLevel = (
        "accelerator" if memory == "digital" else "processor" if row["processor"] else "macro"
    )
    return SurveyPoint(
        int(row["design"] or 0),
        str(row["authors"]),
        str(row["venue"]),
        int(row["year"] or 0),
        float(row["node_nm"] or 0),
        level,
        memory,
        _text(row["cell"]),
        _text(row["supply_v"]),
        _number(row["input_bits"]),
        _number(row["weight_bits"]),
        _text(row["compute_model"]),
        _scaled(row["tops_per_watt_1b"], _TERA),
        _scaled(row["tops_per_mm2_1b"], _TERA * _PER_MM2),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: float | str | None) -> float | None:
    return None if value is None else float(value)


def _scaled(value: float | str | None, factor: float) -> float | None:
    return None if value is None else float(value) * factor
