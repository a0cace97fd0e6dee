"""Published latencies and board powers that digital profiles are fitted to, and checked with: package data."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("tables.json")


class PublishedLatency(NamedTuple):
    """One published time."""

    network: str
    seq_len: int
    """Tokens; 1 for an image."""
    batch: int
    seconds: float
    """Of one run of the batch."""


class LatencyTable(NamedTuple):
    """The published times of one device, number format and software stack."""

    name: str
    """Of the profile that is fitted to it."""
    device: str
    """Key of its figures."""
    label: str
    """What its source calls the device."""
    dtype: str
    stack: str
    source: str
    """With where it was read."""
    rule: str
    """Which points are fitted, by the name of a rule; the others are kept to check with."""
    points: tuple[PublishedLatency, ...]

    @property
    def images(self) -> bool:
        """Whether what was timed is a network of images."""
        return all(point.network.startswith("resnet") for point in self.points)


class BoardTable(NamedTuple):
    """Published powers of one board."""

    board: str
    limit_w: float
    network: str
    rows: tuple[tuple[float, float, float], ...]
    """Batch, images per second, W."""


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_bytes())
    return found


def latency_tables() -> tuple[LatencyTable, ...]:
    """Return every table of published latencies, by the name of its profile."""
    data = _data()
    tables = (
        LatencyTable(
            name=one["name"],
            device=one["device"],
            label=one["label"],
            dtype=one["dtype"],
            stack=one["stack"],
            source=data["sources"][one["source"]],
            rule=one["fit"],
            points=tuple(
                PublishedLatency(network, seq_len, batch, ms / 1e3)
                for network, rows in one["ms"].items()
                for seq_len, batch, ms in rows
            ),
        )
        for one in data["tables"]
    )
    return tuple(sorted(tables, key=lambda table: table.name))


def device_figures(device: str) -> Mapping[str, Any]:
    """Return what is published of a device: its title, peaks by number format, bandwidth and power, as profiles do."""
    found: Mapping[str, Any] = _data()["devices"][device]
    return found


def board_tables() -> tuple[BoardTable, ...]:
    """Return every table of published board powers."""
    return tuple(
        BoardTable(one["board"], one["limit_w"], one["network"], tuple(map(tuple, one["rows"])))
        for one in _data()["power"]["boards"]
    )


def board_source() -> str:
    """Return where the board powers were read."""
    return str(_data()["power"]["source"])
