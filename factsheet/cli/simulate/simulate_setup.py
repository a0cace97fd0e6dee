"""What `factsheet simulate` is asked for, read and made ready to run."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.cli.exits import located
from factsheet.cli.network import tile_shape
from factsheet.errors import AnalogError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.networks.operators import StaticMatmul
    from factsheet.networks.policy import Policy

_DEVICES = ("pcm", "reram", "ideal")
_LARGEST_FILE = 2**20


class SimulateRequest(NamedTuple):
    """The options as typed."""

    source: str
    times: Sequence[str]
    repeats: int
    data: str | None
    seed: int
    hardware: str
    tile: str | None
    compensation: Literal["none", "global", "column"] | None
    digital: Sequence[str]
    analog: Sequence[str]
    accepted_loss: str | None
    reference: Literal["first", "digital"]
    confidence: float
    workers: int
    scheduler: str | None
    output: Path | None
    write: Path | None
    chart: Path | None


class SimulationConfiguration(NamedTuple):
    """What results follow from; times and repeats are not in it, as they only say how many there are."""

    source: str
    data: str
    weights: str
    hardware: str
    policy: str
    seed: int
    versions: str

    @property
    def digest(self) -> str:
        """A hash of all of it: 16 hexadecimal digits."""
        text = json.dumps(list(self), separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def hardware_of(asked: SimulateRequest, stated: tuple[int, int] | None) -> AnalogHardware:
    """The hardware asked for: a file of its values, or a kind of device with everything else as usual.

    Args:
        asked: the options.
        stated: rows and columns of the tile that a sheet states.

    Raises:
        FactsheetError: it cannot be read, or is none that could exist.
    """
    from dataclasses import replace

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.mapping import TileShape

    with located(f"--hardware {asked.hardware}", AnalogError):
        if asked.hardware in _DEVICES:
            values: dict[str, object] = {"device": asked.hardware, "compensation": "global"}
            if stated is not None:
                values["tile"] = {"rows": stated[0], "cols": stated[1]}
        else:
            values = _file(asked.hardware)
        hardware = AnalogHardware.from_dict(values)
        shape = tile_shape(asked.tile)
        if shape is not None:
            hardware = replace(hardware, tile=TileShape(shape.rows, shape.cols))
        if asked.compensation is not None:
            hardware = replace(hardware, compensation=asked.compensation)
    return hardware


def _file(name: str) -> dict[str, object]:
    from factsheet.source.loader import read_sheet

    path = Path(name)
    if path.suffix.lower() not in {".yaml", ".yml", ".json"}:
        raise UsageError(
            f"`{name[:80]}` is neither a device nor a file of values",
            help=f"give {', '.join(_DEVICES)}, or a .yaml or .json file; docs/simulate.md says what it holds",
            place="--hardware",
            candidates=_DEVICES,
        )
    loaded = read_sheet(path)
    data = None if loaded.document is None or loaded.problems else loaded.document.data
    if not isinstance(data, dict):
        why = f": {loaded.problems[0].message}" if loaded.problems else ""
        raise UsageError(f"no mapping of hardware values{why}", place=name)
    return data


def check_options(asked: SimulateRequest) -> None:
    """Refuse options that do not go together, before anything is worked out.

    Raises:
        UsageError: naming the option, and what to give instead.
    """
    for option, given in (
        ("--write", asked.write),
        ("--chart", asked.chart),
        ("--accepted-loss", asked.accepted_loss),
    ):
        if given is not None and asked.data is None:
            raise UsageError(
                f"{option} goes with --data",
                "it is about scores over time; without data there is only the error of products",
            )
    if not 0 < asked.confidence < 1:
        raise UsageError(
            "no share between 0 and 1", help="give one such as 0.9", place=f"--confidence {asked.confidence}"
        )
    for option, file in (("--output", asked.output), ("--chart", asked.chart)):
        if file is not None and not (file.is_dir() or os.access(file.parent, os.W_OK)):
            raise UsageError(
                "the folder cannot be written to; nothing was simulated", place=f"{option} {file}"
            )
        if file is not None and file.is_dir():
            raise UsageError("this is a folder", help="give a file", place=f"{option} {file}")
    if asked.chart is not None and asked.chart.suffix.lower() not in {".svg", ".png"}:
        raise UsageError(
            "no format has this ending",
            help="give a file that ends in .svg or .png",
            place=f"--chart {asked.chart}",
        )
    if asked.chart is not None and asked.chart.suffix.lower() == ".png" and not _has("matplotlib"):
        raise UsageError(
            "PNG charts are drawn by matplotlib, which is not installed; nothing was simulated",
            help='pip install "factsheet[plot]", or name an .svg file',
        )
    if asked.write is not None:
        from factsheet.cli.sheets import open_sheet

        open_sheet(str(asked.write))  # a sheet that can not be written to is better found out now


def _has(module: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(module) is not None
    except ValueError:  # something else stands in its place
        return False


def accepted_loss(asked: SimulateRequest) -> float | None:
    """Return the loss of score that is accepted, or `None`.

    Raises:
        UsageError: it is no score.
    """
    if asked.accepted_loss is None:
        return None
    from factsheet.errors import QuantityError
    from factsheet.quantities.quantity import parse_quantity

    try:
        read = parse_quantity(asked.accepted_loss, "score")
    except QuantityError as error:
        raise UsageError(error.message, error.why, error.help, place="--accepted-loss") from None
    if read.kind != "point" or read.value < 0:
        raise UsageError(
            "no loss of 0 or more",
            help="give one such as `1 %`",
            place=f"--accepted-loss {asked.accepted_loss}",
        )
    return read.value


def policy_of(asked: SimulateRequest) -> Policy:
    """Which layers lie on tiles."""
    from factsheet.cli.network import NetworkOptions

    return NetworkOptions(asked.digital, asked.analog).request().policy


def versions() -> dict[str, str]:
    """The software that results depend on."""
    import torch

    from factsheet._version import __version__

    return {"factsheet": __version__, "torch": torch.__version__, "python": platform.python_version()}


def weights_digest(module: nn.Module) -> str:
    """A hash of every parameter and buffer of a module."""
    digest = hashlib.sha256()
    for name, tensor in module.state_dict().items():
        digest.update(f"{name}:{getattr(tensor, 'dtype', '')}:{getattr(tensor, 'shape', '')}".encode())
        if hasattr(tensor, "detach"):
            flat = tensor.detach().cpu().contiguous().flatten()
            digest.update(flat.view(dtype=_bytes()).numpy().tobytes() if flat.numel() else b"")
    return digest.hexdigest()[:16]


def _bytes() -> object:
    import torch

    return torch.uint8


class SheetMatrix(NamedTuple):
    """Matrices of one size that a sheet declares."""

    name: str
    rows: int
    cols: int
    many: int
    """How many there are."""


def sheet_matrices(source: str, policy: Policy) -> tuple[str, list[SheetMatrix], tuple[int, int] | None]:
    """The sheet's name, the sizes of its matrices on tiles, and the tile that it states.

    Raises:
        FactsheetError: the sheet cannot be read, or declares no matrix.
    """
    from factsheet.cli.sheets import open_sheet
    from factsheet.errors import WorkloadError
    from factsheet.networks.declared import declared_network
    from factsheet.networks.family import Run
    from factsheet.networks.policy import apply

    name, sheet = open_sheet(source)
    with located(name, WorkloadError):
        network = apply(policy, declared_network(sheet.model_architecture, Run()))
    found: dict[tuple[int, int], list[StaticMatmul]] = {}
    for matrix in network.analog_stored:
        found.setdefault((matrix.rows, matrix.cols), []).append(matrix)
    sizes = [
        SheetMatrix(own[0].name, rows, cols, sum(one.matrices for one in own))
        for (rows, cols), own in found.items()
    ]
    if not sizes:
        raise UsageError("no matrix is on tiles, so there is nothing to simulate", place=name)
    tile = None if sheet.parameters is None else sheet.parameters.tile
    sides = None if tile is None else (tile.rows.whole, tile.cols.whole)
    stated = (sides[0], sides[1]) if sides and sides[0] and sides[1] else None
    return name, sizes, stated
