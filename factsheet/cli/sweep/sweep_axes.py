"""Read the options of `factsheet sweep` that say what to work out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.cli.exits import located
from factsheet.cli.gathering import sheets_in
from factsheet.cli.network import named_hardware, names_in
from factsheet.cli.sheets import the_sheet
from factsheet.crossbar.cost.formula import STRUCTURES, Structure
from factsheet.errors import UsageError, WorkloadError
from factsheet.hardware.chip import constants_of
from factsheet.hardware.profile import Profile, profile_names
from factsheet.networks.counting import convention_named
from factsheet.recompute.request import Request
from factsheet.sweeps.columns import COUNTS, FIGURES, column_named
from factsheet.sweeps.request import SweepRequest, read_numbers, read_tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.sweeps.columns import Column

ALL = "all"


def sweep_request_of(
    sources: Sequence[str],
    network: Request,
    *,
    seq_len: str | None = None,
    batch: str | None = None,
    tile: str | None = None,
    hardware: Sequence[str] | None = None,
    structure: str = "batch-synchronous",
    pareto: str | None = None,
) -> SweepRequest:
    """Return the options of a sweep, as typed, as what is to be worked out.

    Args:
        sources: what networks are read from.
        network: what is the same at every point.
        seq_len: sequence lengths, as `read_numbers` reads them.
        batch: batches, likewise.
        tile: geometries of an array, as `read_tiles` reads them.
        hardware: names and files of profiles.
        structure: names of execution structures.
        pareto: names of the columns that a Pareto front is taken of.

    Raises:
        FactsheetError: a source, a profile, a structure, a range or a column cannot be used.
    """
    if network.convention is not None:
        with located("--convention", WorkloadError):
            convention_named(network.convention)
    chips, devices = _hardware(hardware)
    return SweepRequest(
        sources=_sources(sources),
        seq_lens=None if seq_len is None else read_numbers("--seq-len", seq_len),
        batches=None if batch is None else read_numbers("--batch", batch),
        tiles=None if tile is None else read_tiles("--tile", tile),
        chips=chips,
        devices=devices,
        structures=_structures(structure),
        shared=network,
        goals=_goals(pareto),
    )


def _sources(given: Sequence[str]) -> tuple[str, ...]:
    """Return what networks are read from; a directory that is no model itself means the sheets in it."""
    if not given:
        return (str(the_sheet()),)
    found: dict[str, None] = {}
    for source in given:
        if source == "-":
            raise UsageError(
                "a sweep reads no sheet from standard input",
                help="name the file; workers may have to open it too",
            )
        for one in _within(source):
            found[one] = None
    return tuple(found)


def _within(source: str) -> list[str]:
    folder = Path(source)
    if not folder.is_dir() or (folder / "config.json").is_file() or any(folder.glob("*.safetensors")):
        return [source]
    sheets = sheets_in(folder)
    if not sheets:
        raise UsageError(
            "the folder holds no sheet and no model",
            help="a sheet has a top-level key `factsheet:`, a model a config.json or .safetensors files",
            place=source,
        )
    return sheets


def _hardware(
    given: Sequence[str] | None,
) -> tuple[tuple[tuple[str, ChipConstants], ...] | None, tuple[DigitalProfile, ...]]:
    """Return the chips, `None` for those that the sheets name, and the digital devices."""
    names = names_in(given)
    if not names:
        return None, ()
    if ALL in names:
        names = (*profile_names(), *(name for name in names if name != ALL))
    profiles = {profile.name: profile for profile in map(named_hardware, names)}
    chips = tuple((name, constants_of(one)) for name, one in profiles.items() if isinstance(one, Profile))
    return chips, tuple(one for one in profiles.values() if not isinstance(one, Profile))


def _structures(text: str) -> tuple[Structure, ...]:
    names = names_in([text])
    if names == (ALL,):
        return STRUCTURES
    chosen: list[Structure] = []
    for name in names:
        found = next((known for known in STRUCTURES if known == name), None)
        if found is None:
            raise UsageError(
                f"there is no execution structure `{name[:60]}`",
                help=f"there are {', '.join(STRUCTURES)}, and `{ALL}`",
                place="--structure",
                candidates=STRUCTURES,
            )
        chosen.append(found)
    if not chosen:
        raise UsageError("--structure is empty", help=f"there are {', '.join(STRUCTURES)}, and `{ALL}`")
    return tuple(dict.fromkeys(chosen))


def _goals(text: str | None) -> tuple[Column, ...]:
    if text is None:
        return ()
    known = [column for column in (*FIGURES, *COUNTS) if column.best is not None]
    names = names_in([text]) or ("",)
    return tuple(dict.fromkeys(column_named(name, known, "--pareto") for name in names))
