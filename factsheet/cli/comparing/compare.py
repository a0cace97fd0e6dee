"""`factsheet compare`: sheets, versions and digital devices side by side."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli.comparing.versions import read_version
from factsheet.cli.exits import located
from factsheet.cli.network import said_in_full
from factsheet.cli.options import Output
from factsheet.cli.sheets import deliver
from factsheet.cli.terminal import console_for, grid_of, print_grid, print_text, text_of
from factsheet.cli.usage.completions import complete_profiles
from factsheet.cli.usage.format_option import format_option
from factsheet.comparing.comparison import compare_sheets
from factsheet.comparing.comparison_report import (
    TITLES,
    answer_of,
    comparison_json,
    comparison_markdown,
    remark_of,
)
from factsheet.errors import DeriveError, ProfileError, UsageError
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.comparing.comparison import SheetComparison

CompareFormat = Literal["text", "markdown", "html", "json"]
MOST_COLUMNS = 12
"""More side by side are a table that nobody reads; a catalogue is for many."""
_POINT = ("seq_len", "batch")
_LONGEST_NUMBER = 15


def compare(
    names: Sequence[str],
    *,
    at: str = "",
    baselines: Sequence[str] = (),
    output_format: CompareFormat = "text",
    output: Path | None = None,
) -> int:
    """Write sheets side by side.

    Raises:
        FactsheetError: a sheet cannot be read, an option cannot be used, or there is no such profile.
    """
    devices = [said_in_full(part.strip()) for value in baselines for part in value.split(",") if part.strip()]
    if len(names) + len(devices) < len(("one", "other")):
        raise UsageError(
            f"`{one_line(names[0])}` is compared with nothing",
            help="name another sheet, a version such as `HEAD~3:sheets/bert.yaml`, or a digital device: "
            "`--baseline v100-fp16-onnxruntime`; `factsheet hardware list` has those that there are",
        )
    if len(names) * (1 + len(devices)) > MOST_COLUMNS:
        raise UsageError(
            f"{len(names) * (1 + len(devices))} columns are more than a table can be read with",
            help=f"compare at most {MOST_COLUMNS}; `factsheet catalog` is for many sheets",
        )
    point = point_of(at)
    _refuse_unknown(devices)
    versions = [read_version(name) for name in names]
    with located("compare", DeriveError, ProfileError):
        compared = compare_sheets(versions, **point, baselines=devices)
    if output_format == "json":
        return deliver(comparison_json(compared), output)
    if output_format == "markdown":
        return deliver(comparison_markdown(compared), output)
    if output_format == "html":
        from factsheet.comparing.comparison_page import comparison_html  # templates are loaded for it

        return deliver(comparison_html(compared), output)
    return deliver(_text(compared, to_file=output is not None), output)


def _refuse_unknown(devices: Sequence[str]) -> None:
    """Refuse a name that no profile has, before sheets are read.

    Raises:
        UsageError: there is no such profile.
    """
    from factsheet.hardware.profile import digital_names, profile_names  # only where one is named

    known = (*digital_names(), *profile_names())
    for device in devices:
        if device not in known and not device.endswith((".yaml", ".yml")):
            raise UsageError(
                f"there is no hardware profile `{one_line(device[:60])}`",
                help=f"the digital ones are {', '.join(digital_names())}",
                place="--baseline",
                candidates=known,
            )


def point_of(text: str) -> dict[str, int]:
    """Return an operating point from `seq_len=128,batch=1`, either of which may be left out.

    Raises:
        UsageError: it is none.
    """
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = (word.strip() for word in part.partition("="))
        if (
            name not in _POINT
            or name in found
            or not value.isascii()
            or not value.isdecimal()
            or len(value) > _LONGEST_NUMBER
        ):
            raise UsageError(
                f"`{one_line(part[:60])}` is no part of an operating point",
                help="write it like `seq_len=128,batch=1`, whole numbers; either may be left out",
                place="--at",
                candidates=_POINT,
            )
        found[name] = int(value)
        if not found[name]:
            raise UsageError(
                f"a {name} of 0 is out of range", help="give a whole number from 1", place="--at"
            )
    return found


def _text(compared: SheetComparison, *, to_file: bool) -> str:
    from rich.text import Text  # loaded only for tables

    buffer = io.StringIO()
    console = console_for(buffer, to_file=to_file)
    print_text(console, f"{one_line(compared.point)}\n")
    for kind, title in TITLES.items():
        rows = compared.of(kind)
        if not rows:
            continue
        grid = grid_of((title, "left"), *((one_line(column.name), "left") for column in compared.columns))
        for row in rows:
            cells = []
            for index, cell in enumerate(row.cells):
                remark = remark_of(row, index)
                found = row.compared[index] if row.compared else None
                style = {"better": "green", "worse": "red"}.get((found and found.effect) or "", "dim")
                text = Text(answer_of(cell))
                cells.append(text.append(f"\n  {remark}", style) if remark else text)
            grid.add_row(Text(one_line(row.label)), *cells)
        print_grid(console, grid)
        print_text(console, "")
    if compared.notes:
        print_text(console, "Notes")
        for note in compared.notes:
            print_text(console, f"  {one_line(note)}")
    return text_of(buffer)


def command(
    *,
    sheets: Annotated[
        list[str],
        typer.Argument(
            metavar="SHEET",
            help="Sheets: files, versions in git such as `HEAD~3:sheets/bert.yaml`, or `-`.",
            show_default=False,
        ),
    ],
    at: Annotated[
        str,
        typer.Option(
            metavar="POINT",
            help="Recompute all at this operating point: seq_len=128,batch=1. [default: one that all state]",
            show_default=False,
        ),
    ] = "",
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PROFILE",
            autocompletion=complete_profiles,
            help="Digital devices that the same network is estimated for, each a column; commas or repeated.",
            show_default=False,
        ),
    ] = None,
    output_format: Annotated[CompareFormat, format_option("text", "markdown", "html", "json")] = "text",
    output: Output = None,
) -> None:
    """Put sheets, versions of one, or a sheet and digital devices side by side, in the same units.

    Figures are those of one operating point: stated for it, recomputed, or estimated, and said which. Each is better,
    worse or the same beside the first column, by its metric's direction, its digits and tolerances.

    Example:
      factsheet compare sheets/bert.yaml sheets/albert.yaml --at batch=1
      factsheet compare sheets/bert.yaml --baseline v100-fp16-onnxruntime
      factsheet compare HEAD~3:sheets/bert.yaml sheets/bert.yaml --format html
    """
    raise typer.Exit(
        compare(sheets, at=at, baselines=baseline or (), output_format=output_format, output=output)
    )
