"""A sweep as one table in memory, for programs: its rows, what they could not give, and its file."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from factsheet.errors import SweepError
from factsheet.sweeps.columns import COLUMNS
from factsheet.sweeps.request import SweepRequest, read_numbers, read_tiles
from factsheet.sweeps.run import outcomes
from factsheet.sweeps.tally import SweepTally
from factsheet.sweeps.writers import SUFFIXES, open_writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.sweeps.columns import Chunk, Value
    from factsheet.sweeps.run import Omission

AxisValues: TypeAlias = "int | str | Iterable[int | str] | None"
"""The values of an axis: one, several, or a range as the command line takes it, `16:256:*2`."""


@dataclass(frozen=True, slots=True)
class SweepTable:
    """The rows of a sweep.

    Attributes:
        chunks: the rows, some at a time and column by column; names have their units, such as `latency_s`.
        omitted: points that there are no rows for, with the reason, in sentences.
        gaps: figures that a profile does not give, with the reason, in sentences.
        unusable: sources that gave no row at all; `omitted` says why.
    """

    chunks: tuple[Chunk, ...]
    omitted: tuple[str, ...]
    gaps: tuple[str, ...]
    unusable: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return sum(chunk.rows for chunk in self.chunks)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Yield each row by the names of its columns; a figure that there is none of is `None`."""
        for chunk in self.chunks:
            for values in zip(*chunk.columns.values(), strict=True):
                yield dict(zip(chunk.columns, values, strict=True))

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the rows to a CSV, JSON or Parquet file, by its ending, whole or not at all, and return its path.

        Args:
            path: the file.
            overwrite: whether to replace a file that is there.

        Raises:
            SweepError: the ending is none of these, or the package that Parquet takes is not installed.
            WriteError: the file is there already, or cannot be written.
        """
        from factsheet.source.writing import KEPT, atomic_file, new_file

        file = Path(path)
        form = SUFFIXES.get(file.suffix.lower())
        if form is None:
            raise SweepError(
                f"{file}: no format has this ending",
                "the ending determines which format is written",
                f"use one of {', '.join(SUFFIXES)}",
            )
        with atomic_file(file) if overwrite else new_file(file, KEPT) as stream:
            writer = open_writer(form, stream, COLUMNS)
            for chunk in self.chunks:
                writer.write(chunk)
            writer.finish(self.omitted)
        return file


def sweep(
    *sources: str | Path,
    seq_len: AxisValues = None,
    batch: AxisValues = None,
    tile: AxisValues = None,
    hardware: str | Path | Iterable[str | Path] = (),
    workers: int | None = None,
) -> SweepTable:
    """Return what networks cost at many points: every combination of the values that are given.

    A source that cannot be used does not stop the others: there is a Python warning, and the table's `unusable` has it.

    Args:
        sources: paths of sheets or models, as for `inspect`.
        seq_len: tokens in a sequence: a number, several, or a range such as `16:256:*2`; by default the source's own.
        batch: sequences run together, likewise.
        tile: side of a square tile, likewise, or `512x256` for rows x columns.
        hardware: profiles, by name or file; `all` for every one that comes with the program.
        workers: processes; by default as many as are worth starting.

    Raises:
        SweepError: a range is wrong, there are too many points, or no source gives a single row.
        ProfileError: there is no such profile, or it is wrong.
    """
    if not sources:
        raise SweepError("no source is named", "there is nothing to work out", "name a sheet or a model")
    for source in sources:
        if not isinstance(source, str | Path):
            raise SweepError(
                f"a sweep takes paths of sheets or models, not a {type(source).__name__}",
                "each process reads its sources itself",
                "save the sheet, and give the path that it was saved to",
            )
    lengths, batches, tiles = _text(seq_len), _text(batch), _text(tile)
    chips, devices = _hardware(
        hardware if isinstance(hardware, Iterable) and not isinstance(hardware, str) else [hardware]
    )
    request = SweepRequest(
        sources=tuple(str(source) for source in sources),
        seq_lens=None if lengths is None else read_numbers("seq_len", lengths),
        batches=None if batches is None else read_numbers("batch", batches),
        tiles=None if tiles is None else read_tiles("tile", tiles),
        chips=chips,
        devices=devices,
    )
    tally = SweepTally()
    chunks: list[Chunk] = []
    for piece, outcome in outcomes(request, workers=workers):
        tally.add(outcome, piece.points)
        chunks += outcome.chunks
    if not tally.points:
        raise _nothing(tally)
    if tally.unusable:
        faults = "\n".join(f"  {first.source}: {first.message}" for first in _unusable(tally))
        warnings.warn(f"the sweep has no rows of some sources:\n{faults}", stacklevel=2)
    return SweepTable(tuple(chunks), tuple(tally.named()), tuple(tally.gaps()), tuple(tally.unusable))


def _unusable(tally: SweepTally) -> list[Omission]:
    return [first for first, _, _ in tally.by_source() if first.source in tally.unusable]


def _nothing(tally: SweepTally) -> SweepError:
    """Return the error for a sweep without a single row: what is wrong with each source."""
    firsts = [first for first, _, _ in tally.by_source()]
    places = [f"{first.source}, {first.where}" if first.where else first.source for first in firsts]
    faults = [
        f"{place}: {first.message.removeprefix(f'{first.source}: ')}"
        for place, first in zip(places, firsts, strict=True)
    ]
    return SweepError("\n".join(faults), "no point could be worked out", firsts[0].help if firsts else "")


def _hardware(
    hardware: Iterable[str | Path],
) -> tuple[tuple[tuple[str, ChipConstants], ...] | None, tuple[DigitalProfile, ...]]:
    """Return the chips by name, `None` for those that the sheets name, and the digital devices."""
    from factsheet.hardware.chip import constants_of  # only where one is named
    from factsheet.hardware.digital.profile import hardware_from
    from factsheet.hardware.profile import Profile, profile_names

    names = [str(one) for value in hardware for one in (profile_names() if value == "all" else (value,))]
    if not names:
        return None, ()
    profiles = [hardware_from(name) for name in dict.fromkeys(names)]
    chips = tuple((one.name, constants_of(one)) for one in profiles if isinstance(one, Profile))
    return chips, tuple(one for one in profiles if not isinstance(one, Profile))


def _text(values: AxisValues) -> str | None:
    if values is None or isinstance(values, str):
        return values
    return ",".join(map(str, values)) if isinstance(values, Iterable) else str(values)
