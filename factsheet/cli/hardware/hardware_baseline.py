"""`factsheet hardware baseline`: a sheet's network on digital devices, beside the sheet's own hardware."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli.exits import located
from factsheet.cli.network import named_hardware, names_in
from factsheet.cli.options import Output, SheetArgument
from factsheet.cli.sheets import deliver, open_sheet
from factsheet.cli.terminal import console_for, grid_of, print_grid, print_text, text_of
from factsheet.cli.usage.completions import complete_profiles
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import CostError, DeriveError, UnknownProfileError, UsageError, WorkloadError
from factsheet.quantities.quantity import format_value, to_digits
from factsheet.recompute.baselines.beside import BEST, date_of, put_beside
from factsheet.recompute.baselines.footprint import footprint, tariff_of
from factsheet.recompute.derivations.gains import in_watt_hours
from factsheet.reports.text import one_line
from factsheet.sweeps.request import read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.quantities.interval import Interval
    from factsheet.recompute.baselines.beside import Batch, BesideGroup, BesideRow
    from factsheet.recompute.baselines.footprint import Tariff

_COLUMNS = (
    ("hardware", "left"),
    ("batch", "right"),
    ("time of a run", "right"),
    ("energy an inference", "right"),
    ("times the sheet's", "right"),
    ("a million inferences", "right"),
)
_DIGITS = 3
_RATIO_DIGITS = 2
"""Of a ratio: its inputs have no more."""


def baseline(
    sheet: str | None,
    devices: Sequence[str] | None,
    *,
    seq_len: str | None,
    batch: str,
    tariff: Tariff,
    output_format: Literal["text", "markdown", "json"],
    output: Path | None,
) -> int:
    """Write the sheet's own hardware and the devices, group by group.

    Raises:
        FactsheetError: the sheet or a device cannot be read, or an option cannot be used.
    """
    name, factsheet = open_sheet(sheet)
    profiles = _devices(devices)
    with located(name, CostError, DeriveError, WorkloadError):
        groups = put_beside(
            factsheet.checked(),
            profiles,
            seq_lens=None if seq_len is None else read_numbers("--seq-len", seq_len),
            batches=_batches(batch),
        )
    title = one_line(factsheet.overview.name.words())
    if output_format == "json":
        from factsheet.cli.hardware.baseline_json import baseline_json  # only for JSON

        return deliver(baseline_json(title, groups, tariff, tuple(_remarks(groups, tariff))), output)
    if output_format == "markdown":
        return deliver("\n".join(_markdown(title, groups, tariff)) + "\n", output)
    return deliver(_text(title, groups, tariff, to_file=output is not None), output)


def _devices(names: Sequence[str] | None) -> tuple[DigitalProfile, ...] | None:
    from factsheet.hardware.digital.profile import SHORT_NAMES, DigitalProfile
    from factsheet.hardware.profile import digital_names

    found: list[DigitalProfile] = []
    for name in names_in(names):
        try:
            profile = named_hardware(name)
        except UnknownProfileError:
            raise UnknownProfileError(name, (*SHORT_NAMES, *digital_names())) from None
        if not isinstance(profile, DigitalProfile):
            raise UsageError(
                f"`{name[:60]}` is an analog chip",
                help="a baseline is a digital device: `factsheet hardware list` lists them; "
                "`factsheet derive --hardware` and `factsheet sweep` compare chips",
                place="--device",
            )
        found.append(profile)
    return tuple(found) or None


def _batches(text: str) -> tuple[Batch, ...]:
    parts = [part.strip() for part in text.split(",")]
    numbers = ",".join(part for part in parts if part != BEST)
    found: list[Batch] = list(read_numbers("--batch", numbers)) if numbers else []
    return (*found, BEST) if BEST in parts else tuple(found)


def _energy(joules: float | None) -> str:
    return "not known" if joules is None else format_value(joules, "energy", _DIGITS)


def _ends(reach: Interval | None, dimension: str = "energy") -> str:
    """Return a range in brackets, rounded outward so that all that is in it is within what is shown."""
    if reach is None:
        return ""
    outer = reach.outward(_DIGITS)
    return (
        f" ({format_value(outer.low, dimension, _DIGITS)} to {format_value(outer.high, dimension, _DIGITS)})"
    )


def _times(row: BesideRow) -> str:
    if row.ratio is None:
        return "-"
    if row.ratio_reach is None:
        return f"{to_digits(row.ratio, _RATIO_DIGITS)}, ± not known"
    outer = row.ratio_reach.outward(_RATIO_DIGITS)
    low, high = (to_digits(end, _RATIO_DIGITS) for end in (outer.low, outer.high))
    return f"{to_digits(row.ratio, _RATIO_DIGITS)} ({low} to {high})"


def _million(joules: float | None, tariff: Tariff) -> str:
    if joules is None:
        return "-"
    found = footprint(joules, tariff)
    carbon = format_value(found.carbon_kg, "carbon", 2)
    return f"{in_watt_hours(joules * found.inferences)}, {_plain(found.cost)} {tariff.currency}, {carbon}"


def _plain(number: float, digits: int = 2) -> str:
    """Return a number to so many significant digits, without an exponent."""
    return format(Decimal(f"{number:.{digits}g}"), ",f")


def _rows(group: BesideGroup, tariff: Tariff) -> Iterator[tuple[str, ...]]:
    own = group.own
    if own is not None:
        time = "-" if own.latency_s is None else format_value(own.latency_s, "time", _DIGITS)
        time += _ends(own.latency_reach, "time")
        words = "the sheet's own" if group.batch == BEST else f"{group.batch:,}"
        yield (
            f"the sheet's own: {own.source}",
            words,
            time,
            f"{_energy(own.energy_j)}{_ends(own.energy_reach)}",
            "1",
            _million(own.energy_j, tariff),
        )
    for row in group.rows:
        found = row.estimate
        marks = "*" if found.outside else ""
        yield (
            f"{row.profile.title} (`{row.profile.name}`){marks}",
            f"{found.batch:,}",
            f"{format_value(found.latency, 'time', _DIGITS)}{_ends(found.reach(), 'time')}",
            f"{_energy(found.energy)}{_ends(found.reach(times=1 / found.batch, power=True))}",
            _times(row),
            _million(found.energy, tariff),
        )


def _heading(group: BesideGroup) -> str:
    length = "" if group.seq_len is None else f"Sequence length {group.seq_len:,}, "
    words = "each device's own best batch" if group.batch == BEST else f"batch {group.batch:,}"
    return f"{length}{words}" if length else words.capitalize()


def _remarks(groups: Sequence[BesideGroup], tariff: Tariff) -> Iterator[str]:
    """Yield what a reader must know with the numbers."""
    outside = {
        f"{row.profile.name}, {_place(group, row)}: {', '.join(row.estimate.outside)}": None
        for group in groups
        for row in group.rows
        if row.estimate.outside
    }
    length = next((group.seq_len for group in groups if group.length_assumed), None)
    if length is not None:
        yield (
            f"The sheet states no sequence length: {length:,} is assumed, as by `factsheet inspect`; --seq-len gives"
            " another."
        )
    yield (
        "Times are those of a model with two constants a device, fitted to published times of other points or of"
        " another network. The range of a time is a factor both ways that holds every published time that was kept to"
        " check with; that of an energy has the power's as well, and that of a ratio the range of the sheet's own"
        " energy, where it has one; a range of the sheet's own time is that over the execution structures. Ends are"
        " rounded outward."
    )
    powers: dict[str, str] = {}
    for group in groups:
        for row in group.rows:
            if row.estimate.power is not None:
                powers[row.profile.name] = row.estimate.power.of
    for name, words in powers.items():
        yield f"Power of {name}: {words}."
    yield (
        "Board power leaves out the host, its memory, the losses of the supply and cooling; waiting for work draws"
        " power too, and is in no energy here. The sheet says what its own energy leaves out."
    )
    yield from _ages(groups)
    if any(group.batch == BEST for group in groups):
        yield (
            "Each device's own best batch is that of least energy among those that were timed; where the model gives"
            " less at another one up to 128, that one is listed too, as an extrapolation. Where one batch alone was"
            " timed, it is no best of anything, and the other one stands alone."
        )
    yield _existence(groups)
    notes = {group.own.note for group in groups if group.own is not None and group.own.note}
    yield from (f"The sheet's own energy {note}." for note in sorted(notes))
    yield (
        f"A million inferences: {tariff.price:g} {tariff.currency} for a kWh ({tariff.price_source});"
        f" {format_value(tariff.intensity, 'carbon_intensity', _DIGITS)} ({tariff.intensity_source})."
    )
    if outside:
        yield "* An extrapolation, whose ± is not known:"
        yield from (f"  {one}" for one in outside)


def _place(group: BesideGroup, row: BesideRow) -> str:
    words = _heading(group).lower()
    return f"{words}, {row.estimate.batch:,}" if row.best else words


def _ages(groups: Sequence[BesideGroup]) -> Iterator[str]:
    """Say how old the tables of the devices are, and of which that is not known."""
    dates = {row.profile.name: date_of(row.profile) for group in groups for row in group.rows}
    if dates:
        said = "; ".join(f"{name}: {date or 'no date is known'}" for name, date in dates.items())
        yield f"The published times were read in files of these months ({said}); newer stacks can be faster."


def _existence(groups: Sequence[BesideGroup]) -> str:
    """Return what the sheet says of whether its own hardware exists."""
    words = next((group.own.maturity for group in groups if group.own is not None), "")
    if words:
        return f"Of the state of its own hardware the sheet says: {words.rstrip('.')}."
    return "The sheet does not say whether its own hardware exists."


def _text(title: str, groups: Sequence[BesideGroup], tariff: Tariff, *, to_file: bool) -> str:
    from rich.text import Text  # loaded only for tables

    buffer = io.StringIO()
    console = console_for(buffer, to_file=to_file, pipe_width=160)
    print_text(console, f"{title}: digital devices beside its own hardware\n")
    for group in groups:
        print_text(console, _heading(group))
        grid = grid_of(*_COLUMNS)
        for cells in _rows(group, tariff):
            grid.add_row(*map(Text, (one_line(cell.replace("`", "")) for cell in cells)))
        print_grid(console, grid)
        print_text(console, "")
    for line in _remarks(groups, tariff):
        print_text(console, line)
    return text_of(buffer)


_HEAD = """\
# {title}: digital devices beside its own hardware

Written by `factsheet hardware baseline --format markdown`; [digital-baselines.md](digital-baselines.md) has the model,
and `factsheet hardware show PROFILE` each device's figures with their sources."""


def _markdown(title: str, groups: Sequence[BesideGroup], tariff: Tariff) -> Iterator[str]:
    yield _HEAD.format(title=_cell(title))
    for group in groups:
        yield ""
        yield f"## {_heading(group)}"
        yield ""
        yield f"| {' | '.join(name.capitalize() for name, _ in _COLUMNS)} |"
        yield f"|{'|'.join(' --- ' if side == 'left' else ' ---: ' for _, side in _COLUMNS)}|"
        for cells in _rows(group, tariff):
            yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""
    yield "## What has to be known with these numbers"
    yield ""
    for line in _remarks(groups, tariff):
        yield f"{'  - ' if line.startswith('  ') else '- '}{_cell(line.strip())}"


def _cell(text: str) -> str:
    """Return a text that means nothing else in Markdown than what it says; code in backticks stays."""
    return re.sub(r"([\\*_<>\[\]|])", r"\\\1", one_line(text)).replace("\\|", "&#124;")


def command(
    *,
    sheet: SheetArgument = None,
    device: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PROFILE",
            autocompletion=complete_profiles,
            help="Digital devices, names or your own .yaml files; by default some that were timed on such networks.",
            show_default=False,
        ),
    ] = None,
    seq_len: Annotated[
        str | None,
        typer.Option(
            metavar="N,N", help="Sequence lengths. [default: the sheet's first, else 128]", show_default=False
        ),
    ] = None,
    batch: Annotated[
        str, typer.Option(metavar="N,N", help="Batches; `best` is each device's own.")
    ] = "1,4,best",
    price: Annotated[
        str | None,
        typer.Option(metavar="PRICE", help="Of a kWh: `0.15` or `0.15 USD/kWh`.", show_default=False),
    ] = None,
    intensity: Annotated[
        str | None,
        typer.Option(metavar="MASS", help="Of the grid: `35 g CO2e/kWh`.", show_default=False),
    ] = None,
    output_format: Annotated[
        Literal["text", "markdown", "json"], format_option("text", "markdown", "json")
    ] = "text",
    output: Output = None,
) -> None:
    """Put a sheet's network on digital devices, beside its own hardware: time, energy, cost and CO2e of a million.

    Example:
      factsheet hardware baseline sheets/bert.yaml --seq-len 32,128
      factsheet hardware baseline sheets/bert.yaml --intensity "35 g CO2e/kWh"
    """
    with located("--price", DeriveError):
        tariff_of(price)
    with located("--intensity", DeriveError):
        tariff = tariff_of(price, intensity)
    raise typer.Exit(
        baseline(
            sheet,
            device,
            seq_len=seq_len,
            batch=batch,
            tariff=tariff,
            output_format=output_format,
            output=output,
        )
    )
