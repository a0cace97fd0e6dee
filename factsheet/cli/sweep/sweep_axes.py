"""The options of `factsheet sweep` that say what to work out, read and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli.exits import located
from factsheet.errors import UsageError
from factsheet.sweeps.columns import COUNTS, FIGURES, column_named
from factsheet.sweeps.request import SweepRequest, read_numbers, read_tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.cli.network import NetworkOptions
    from factsheet.crossbar.cost.formula import Structure
    from factsheet.hardware.constants import ChipConstants
    from factsheet.sweeps.columns import Column

ALL = "all"


class SweepAxes(NamedTuple):
    """The options of the axes as typed."""

    seq_len: str | None
    batch: str | None
    tile: str | None
    hardware: Sequence[str]
    structure: str


def request_of(
    sources: Sequence[str], axes: SweepAxes, convention: str | None, asked: NetworkOptions, pareto: str | None
) -> SweepRequest:
    """The options read.

    Raises:
        FactsheetError: a source, a profile, a structure or a convention cannot be used.
        SweepError: a range or a column can not.
    """
    request = asked.request()
    return SweepRequest(
        _sources(sources),
        None if axes.seq_len is None else read_numbers("--seq-len", axes.seq_len),
        None if axes.batch is None else read_numbers("--batch", axes.batch),
        None if axes.tile is None else read_tiles("--tile", axes.tile),
        _chips(axes.hardware),
        _structures(axes.structure),
        _convention(convention),
        request.policy,
        request.decode,
        request.cache_length,
        request.image_size,
        request.placement.fuse,
        request.placement.chips,
        _goals(pareto),
    )


def _sources(given: Sequence[str]) -> tuple[str, ...]:
    """What networks are read from; a directory that is not itself a model stands for the sheets in it."""
    if not given:
        from factsheet.cli.sheets import the_sheet  # reads pyproject.toml

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
    from factsheet.cli.gathering import sheets_in  # only for a directory

    sheets = sheets_in(folder)
    if not sheets:
        raise UsageError(
            "the folder holds no sheet and no model",
            help="a sheet has a top-level key `factsheet:`, a model a config.json or .safetensors files",
            place=source,
        )
    return sheets


def _chips(given: Sequence[str]) -> tuple[tuple[str, ChipConstants], ...] | None:
    names = _names(given)
    if not names:
        return None
    from factsheet.cli.network import named_profile
    from factsheet.hardware.chip import constants_of
    from factsheet.hardware.profile import profile_names

    if ALL in names:
        names = [*profile_names(), *(name for name in names if name != ALL)]
    profiles = {profile.name: profile for profile in map(named_profile, names)}
    return tuple((name, constants_of(profile)) for name, profile in profiles.items())


def _structures(text: str) -> tuple[Structure, ...]:
    from factsheet.crossbar.cost.formula import STRUCTURES

    names = _names([text])
    if names == [ALL]:
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


def _convention(name: str | None) -> str | None:
    if name is not None:
        from factsheet.errors import WorkloadError
        from factsheet.networks.counting import convention_named

        with located("--convention", WorkloadError):
            convention_named(name)
    return name


def _goals(text: str | None) -> tuple[Column, ...]:
    if text is None:
        return ()
    known = [column for column in (*FIGURES, *COUNTS) if column.best is not None]
    names = _names([text]) or [""]
    return tuple(dict.fromkeys(column_named(name, known, "--pareto") for name in names))


def _names(given: Sequence[str]) -> list[str]:
    return [name.strip() for text in given for name in text.split(",") if name.strip()]
