"""What `factsheet simulate` is asked for, read and made ready to run."""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.cli import exits
from factsheet.cli.exits import Stop, did_you_mean
from factsheet.cli.network import tile_shape

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
        Stop: it can not be read, or is none that could exist.
    """
    from dataclasses import replace

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.mapping import TileShape
    from factsheet.errors import AnalogError

    try:
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
    except AnalogError as error:
        raise Stop(f"factsheet: --hardware {asked.hardware}: {error.diagnostics()}") from None
    return hardware


def _file(name: str) -> dict[str, object]:
    from factsheet.errors import SourceError
    from factsheet.source.loader import read_sheet

    path = Path(name)
    if path.suffix.lower() not in {".yaml", ".yml", ".json"}:
        raise Stop(
            f"factsheet: --hardware {name[:80]}: neither a device nor a file of values\n"
            f"  {did_you_mean(name, _DEVICES)}Give {', '.join(_DEVICES)}, or a .yaml or .json file; docs/simulate.md"
            " tells what it holds."
        )
    try:
        loaded = read_sheet(path)
    except SourceError as error:
        raise Stop(f"factsheet: {error.diagnostics()}") from None
    data = None if loaded.document is None or loaded.problems else loaded.document.data
    if not isinstance(data, dict):
        why = f": {loaded.problems[0].message}" if loaded.problems else ""
        raise Stop(f"factsheet: {name}: no mapping of hardware values{why}", exits.USAGE)
    return data


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
        Stop: the sheet can not be read, or declares no matrix.
    """
    from factsheet.cli.network import message
    from factsheet.cli.sheets import open_sheet
    from factsheet.errors import WorkloadError
    from factsheet.networks.declared import declared_network
    from factsheet.networks.family import Run
    from factsheet.networks.policy import apply

    name, sheet = open_sheet(source)
    try:
        network = apply(policy, declared_network(sheet.model_architecture, Run()))
    except WorkloadError as error:
        raise Stop(message(name, error)) from None
    found: dict[tuple[int, int], list[StaticMatmul]] = {}
    for matrix in network.analog_stored:
        found.setdefault((matrix.rows, matrix.cols), []).append(matrix)
    sizes = [
        SheetMatrix(own[0].name, rows, cols, sum(one.matrices for one in own))
        for (rows, cols), own in found.items()
    ]
    if not sizes:
        raise Stop(f"factsheet: {name}: no matrix lies on tiles, so that there is nothing to simulate")
    tile = None if sheet.parameters is None else sheet.parameters.tile
    sides = None if tile is None else (tile.rows.whole, tile.cols.whole)
    stated = (sides[0], sides[1]) if sides and sides[0] and sides[1] else None
    return name, sizes, stated
