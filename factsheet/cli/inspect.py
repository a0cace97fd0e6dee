"""`factsheet inspect`: a network operator by operator."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli.exits import located
from factsheet.cli.options import Output
from factsheet.cli.request_options import NETWORK, POINT, takes_request
from factsheet.cli.sheets import deliver, open_sheet
from factsheet.cli.terminal import complain, sizes_in_words
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import DeriveError, UsageError, WorkloadError
from factsheet.recompute.derivation import at_least, network_notes
from factsheet.recompute.inspection import inspect_source
from factsheet.recompute.network_source import source_kind
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.networks.operators import Network
from factsheet.recompute.inspection import InspectedRow, Inspection

Format = Literal["text", "json", "csv", "markdown"]
_PIPE_WIDTH = 160
"""Wide enough for the names of most models to stay on one line."""
_MOST_LISTED = 500
"""Rows of the table on a terminal: more is nothing to look through, and takes minutes to lay out."""
_COLUMNS = (
    *("operators", "kind", "in x out", "calls", "on", "ops"),
    *("parameters", "tiles", "used", "uses"),
)
_FIELDS = (
    *("name", "count", "kind", "rows", "cols", "matrices", "calls", "on", "ops"),
    *("parameters", "tiles", "utilisation", "uses", "nodes", "shares"),
)


def inspect(
    source: str, request: Request, *, depth: int | None, output_format: Format, output: Path | None
) -> int:
    """Write a network's operators as a table, as JSON, as CSV or as Markdown.

    Raises:
        FactsheetError: the source cannot be read, or an option cannot be used.
    """
    is_sheet = source == "-" or source_kind(source) == "sheet"
    name, opened = open_sheet(source) if is_sheet else (source, source)
    with located(name, DeriveError, WorkloadError):
        found = inspect_source(opened, request, depth=depth)
    heading, notes = _heading(found, name, request), _notes(found, request)
    if not is_sheet and source_kind(source) == "module" and not source.endswith(".pt2"):
        notes += _not_simulated(source, found.network)
    if output_format == "json":
        return deliver(_json(found, heading, notes, request), output)
    if output_format == "csv":
        for note in notes:  # a table of rows alone has no place for them
            complain(f"factsheet: {name}: {note}")
        return deliver(_csv(found.rows), output)
    if output_format == "markdown":
        return deliver(_markdown(heading, found, notes), output)
    return deliver(_table(heading, found, notes, to_file=output is not None), output)


def as_yaml(source: str, request: Request, *, output: Path | None) -> int:
    """Write a network as the section `model_architecture` of a sheet.

    Raises:
        FactsheetError: the source cannot be read, or an option cannot be used.
    """
    from factsheet.authoring.network_section import section_of  # only where one is written

    is_sheet = source == "-" or source_kind(source) == "sheet"
    name, opened = open_sheet(source) if is_sheet else (source, source)
    with located(name, DeriveError, WorkloadError):
        section = section_of(opened, request)
    return deliver(section.yaml, output)


def _not_simulated(source: str, network: Network) -> list[str]:
    """Say which matrices on tiles `simulate` would leave digital; the module is made once more for it."""
    import torch  # loaded already: the module was traced

    from factsheet.crossbar.functional.layers.conversion import not_simulated
    from factsheet.networks.from_models.imports import importing

    with suppress(WorkloadError), importing(source) as found, torch.device("meta"):
        made = found if isinstance(found, torch.nn.Module) else found()  # type: ignore[operator]
        return list(not_simulated(made[0] if isinstance(made, tuple) else made, network))
    return []  # a constructor that takes numbers of its tensors; `simulate` says what it leaves digital


def _heading(found: Inspection, name: str, request: Request) -> list[str]:
    tile = found.tile
    point = [*sizes_in_words(found.sizes), f"tiles of {tile.rows} x {tile.cols} ({found.tile_from})"]
    return [
        f"{found.network.name} ({name})",
        f"{', '.join(point)}, ops counted under `{found.convention.name}`",
        f"policy: {request.policy.words}",
    ]


def _notes(found: Inspection, request: Request) -> list[str]:
    network = found.network
    notes = [found.tile_note] if found.tile_note else []
    notes += network_notes(network, request)
    if network.omitted:
        notes.append(f"not declared, and missing from the parameters: {', '.join(network.omitted)}")
    return notes


def _cells(row: InspectedRow) -> tuple[str, ...]:
    from factsheet.cli.terminal import number

    several = f"{row.matrices:,} of " if row.matrices and row.matrices > 1 else ""
    size = "-" if row.rows is None or row.cols is None else f"{several}{row.rows:,} x {row.cols:,}"
    used = "-" if row.utilisation is None else f"{row.utilisation:.1%}"
    return (
        row.name if row.count == 1 else f"{row.count} x {row.name}",
        row.kind,
        size,
        number(row.calls),
        row.on or ("-" if row.kind == "unreached" else "both"),
        "unknown" if row.ops is None else f"{row.ops:,}",
        number(row.parameters or None),
        f"those of {row.shares}" if row.shares else number(row.tiles),
        used,
        number(row.uses),
    )


def _operations(found: Inspection) -> tuple[int | None, int | None]:
    """Return all operations and those on tiles; nothing where uses are not known, or all that is known adds up to 0."""
    missing = found.network.work_missing
    if found.network.uses_missing:
        return None, None
    sums = (
        sum(row.ops or 0 for row in found.rows),
        sum(row.ops or 0 for row in found.rows if row.on == "analog"),
    )
    return (None if missing and not sums[0] else sums[0]), (None if missing and not sums[1] else sums[1])


def _total(found: Inspection) -> str:
    """Return the sums, with "at least" wherever something that adds to them is unknown."""
    rows, network = found.rows, found.network
    least = set(at_least(network))

    def total(name: str, value: int) -> str:
        return f"{'at least ' if name in least else ''}{value:,}"

    ops, analog = _operations(found)
    parts = ["ops not known" if ops is None else f"{total('total_ops', ops)} ops"]
    if ops is not None and all(row.on is not None or row.kind == "unreached" for row in rows):
        known = "not known how many" if analog is None else total("analog_ops", analog)
        parts.append(f"{known} of them on tiles")
    parts += [
        f"{total('parameters', network.parameters)} parameters",
        f"{total('tiles', sum(row.tiles or 0 for row in rows))} tiles",
    ]
    return f"in all: {', '.join(parts)}"


def _table(heading: list[str], found: Inspection, notes: list[str], *, to_file: bool) -> str:
    from rich.text import Text  # only tables need it

    from factsheet.cli.terminal import console_for, grid_of, print_text, text_of

    buffer = io.StringIO()
    console = console_for(buffer, to_file=to_file, pipe_width=_PIPE_WIDTH)
    for line in heading:
        print_text(console, line)
    left = {"operators", "kind", "on"}
    grid = grid_of(*((title, "left" if title in left else "right") for title in _COLUMNS))
    for row in found.rows[:_MOST_LISTED]:
        grid.add_row(*(Text(cell) for cell in _cells(row)))
    print_text(console, "")
    console.print(grid)
    more = len(found.rows) - _MOST_LISTED
    if more > 0:
        print_text(console, f"and {more:,} more rows: --format csv lists all, --depth adds them up")
    print_text(console, f"\n{_total(found)}")
    for note in notes:
        print_text(console, f"  {note}")
    return text_of(buffer)


def _markdown(heading: list[str], found: Inspection, notes: list[str]) -> str:
    def line(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("*", "\\*") for cell in cells) + " |"

    table = [line(_COLUMNS), "|" + "---|" * len(_COLUMNS), *(line(_cells(row)) for row in found.rows)]
    return "\n\n".join([*heading, "\n".join(table), _total(found), *(f"- {note}" for note in notes)]) + "\n"


def _csv(rows: tuple[InspectedRow, ...]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_FIELDS)
    writer.writerows([_plain(row, field) for field in _FIELDS] for row in rows)
    return buffer.getvalue()


def _plain(row: InspectedRow, field: str) -> str | float | None:
    value: str | float | None = getattr(row, field)
    # A spreadsheet would take a name that begins like this for a formula.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" else value


def _json(found: Inspection, heading: list[str], notes: list[str], request: Request) -> str:
    network, policy = found.network, request.policy
    ops, analog = _operations(found)
    shape = {
        "schema": "factsheet.inspect/1",
        "network": network.name,
        "heading": heading,
        "sizes": [size._asdict() for size in found.sizes],
        "policy": {"digital": list(policy.digital), "analog": list(policy.analog)},
        "parameters": None if network.omitted else network.parameters,
        "analog_weights": network.analog_weights,
        "logical_weights": network.logical_weights,
        "total_ops": ops,
        "analog_ops": analog if all(row.on or row.kind == "unreached" for row in found.rows) else None,
        "tiles": sum(row.tiles or 0 for row in found.rows),
        "at_least": list(at_least(network)),
        "unknown": [operator.what for operator in network.unknown],
        "unreached": dict(network.unreached),
        "operators": [{field: getattr(row, field) for field in _FIELDS} for row in found.rows],
        "notes": notes,
    }
    return json.dumps(shape, indent=2, ensure_ascii=False) + "\n"


@takes_request(POINT, NETWORK)
def command(
    *,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A sheet, config.json, .onnx, .pt2, .safetensors, .pt checkpoint, torchscript:FILE or "
            "package.module:callable; the last two are run.",
        ),
    ],
    request: Request,
    depth: Annotated[
        int | None,
        typer.Option(
            min=0, max=50, help="Parts of a name to distinguish; the rest is added up.", show_default=False
        ),
    ] = None,
    as_yaml_: Annotated[
        bool,
        typer.Option(
            "--as-yaml",
            help="Write the network as `model_architecture` of a sheet, from which the same totals follow.",
        ),
    ] = False,
    output_format: Annotated[Format, format_option("text", "markdown", "csv", "json")] = "text",
    output: Output = None,
) -> None:
    """List a network's operators: size, calls, side, ops, tiles and uses; blocks that repeat are put together.

    Example:
      factsheet inspect sheets/bert.yaml --seq-len 32
      factsheet inspect config.json --as-yaml
    """
    if as_yaml_:
        if depth is not None or output_format != "text":
            raise UsageError(
                "--as-yaml writes the whole network as YAML; --depth and --format are of tables",
                help="leave them out",
            )
        raise typer.Exit(as_yaml(source, request, output=output))
    raise typer.Exit(inspect(source, request, depth=depth, output_format=output_format, output=output))
