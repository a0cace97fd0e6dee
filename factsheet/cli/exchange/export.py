"""`factsheet export`: the sheet in a format of other tools, and what that format cannot hold."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.options import SheetArgument
from factsheet.cli.render.reproducible import build_moment
from factsheet.cli.sheets import deliver, open_sheet
from factsheet.cli.terminal import complain, say
from factsheet.cli.usage.completions import complete_export_formats
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import UsageError, in_one_line, reason_of
from factsheet.exchange.formats import FORMATS, check_completes, export_format, export_sheet
from factsheet.exchange.report import report_data, report_lines
from factsheet.exchange.request import ExportRequest
from factsheet.exchange.si_json import json_text
from factsheet.source.decoding import DEFAULT_LIMITS
from factsheet.source.loader import read_bytes
from factsheet.source.writing import replace_bytes, write_atomic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.exchange.exported import Exported
    from factsheet.exchange.formats import ExportFormat

ExportReport = Literal["text", "json"]
_STDIN_NAME = "factsheet.yaml"


def export(
    sheet: str | None,
    to: str,
    *,
    output: Path | None = None,
    into: Path | None = None,
    options: Sequence[str] = (),
    report: ExportReport = "text",
    strict: bool = False,
) -> int:
    """Write a sheet in a format, say what is left out, and return the exit status.

    Raises:
        FactsheetError: the sheet or the file to complete cannot be read, the format cannot hold it, or the output
            cannot go where it should.
    """
    form = export_format(to)
    if into is not None:
        check_completes(form)
        _check_name(into, form)
    existing = None if into is None else _content_of(into)
    shown, factsheet = open_sheet(sheet)
    if into is not None and Path(shown).exists() and into.samefile(shown):
        raise UsageError(
            "it is the sheet itself",
            "what is written there takes the place of what was read",
            "name the card that is to be completed",
            place=f"--into {into}",
        )
    request = ExportRequest(
        sheet=factsheet,
        name=_STDIN_NAME if shown == "<stdin>" else shown,
        moment=build_moment() or datetime.now(UTC),
        options=_options(options),
        existing="" if existing is None else _text_of(into, existing),
    )
    exported = export_sheet(request, form.name)
    if into is not None and output is None:
        if exported.files[0].content != existing:
            replace_bytes(into, existing or b"", exported.files[0].content)
        places: Sequence[str] | None = (str(into),)
    else:
        places = _write(form, exported, output, shown=report == "text")
    if report == "json":
        say(json_text(report_data(form, exported, places)))
    else:
        _tell(form, exported, places)
    lost = exported.unsaid or exported.approximated
    return exits.FINDINGS if strict and lost else exits.CLEAN


def _options(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in map(_option, given):
        if found.setdefault(name, value) != value:
            raise UsageError(
                f"`{name[:60]}` is given twice, as `{found[name][:60]}` and as `{value[:60]}`",
                "one of them would be passed over",
                "give it once",
                place="--option",
            )
    return found


def _option(given: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not sign or not name:
        raise UsageError(
            f"`{given[:60]}` is no option of a format", help="write it as NAME=VALUE", place="--option"
        )
    return name, value


def _check_name(file: Path, form: ExportFormat) -> None:
    if file.suffix.lower() not in form.endings:
        raise UsageError(
            f"it is no {form.name} by its name, which would end in {' or '.join(form.endings)}",
            "a sheet, or any other file, would be made into one",
            "name a card that exists, such as README.md",
            place=f"--into {file}",
        )


def _content_of(file: Path) -> bytes:
    """Return what a file that is to be completed holds, all of it."""
    content = read_bytes(file)
    if len(content) > DEFAULT_LIMITS.bytes:
        raise UsageError(
            f"it is larger than {DEFAULT_LIMITS.bytes // 1024**2} MiB",
            help="name a model card",
            place=f"--into {file}",
        )
    return content


def _text_of(file: Path | None, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise UsageError("it is not in UTF-8", help="name a file of text", place=f"--into {file}") from None


def _write(
    form: ExportFormat, exported: Exported, output: Path | None, *, shown: bool
) -> Sequence[str] | None:
    """Write the files, and return where; `None` where they go to standard output, or into the report."""
    if output is None:
        if not shown:
            return None
        if not exported.files:
            return ()
        if len(exported.files) != 1:
            raise UsageError(
                f"{form.name} is {len(exported.files)} files",
                help="name a folder for them with --output",
                place="--output",
            )
        deliver(exported.files[0].text, None)
        return None
    if not (output.is_dir() or form.has_files):
        write_atomic(output, exported.files[0].content)
        return (str(output),)
    if output.exists() and not output.is_dir():
        raise UsageError("several files are written, and this is no folder", place=f"--output {output}")
    places = [output / file.name for file in exported.files]
    for place, file in zip(places, exported.files, strict=True):
        _make(place.parent, output)
        write_atomic(place, file.content)
    return tuple(map(str, places))


def _make(folder: Path, output: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot be made: {reason_of(error)}", place=f"--output {output}") from None


def _tell(form: ExportFormat, exported: Exported, places: Sequence[str] | None) -> None:
    """Say what was written and what is left out: on standard error, where standard output has the content."""
    written = [f"{in_one_line(place)}: written as {form.name}" for place in places or ()]
    lines = report_lines(form, exported)
    if places is None:
        if lines:
            complain("factsheet: " + "\n".join(lines))
        return
    if not places:
        written = [f"nothing was written: the sheet has nothing that {form.name} is for"]
    say("\n".join([*written, *(lines or ["every answer of the sheet is in it"] * bool(places))]))


def command(
    *,
    sheet: SheetArgument = None,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="FORMAT",
            autocompletion=complete_export_formats,
            help=f"The format: {', '.join(FORMATS)}.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write to this file instead of standard output, or into this folder.",
            show_default=False,
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            help="Put it into this file, a card that exists; what others wrote in it stays.",
            show_default=False,
        ),
    ] = None,
    options: Annotated[
        list[str] | None,
        typer.Option(
            "--option", metavar="NAME=VALUE", help="An option of the format; repeated.", show_default=False
        ),
    ] = None,
    report: Annotated[
        ExportReport, format_option("text", "json", note="Form of what is said of the export.")
    ] = "text",
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with 1 where an answer is left out, or less exact than it was."),
    ] = False,
) -> None:
    """Write the sheet in a format of other tools, and list what it cannot hold.

    Nothing is left out in silence: each answer without a place in the format is listed with the reason, on standard
    error where the content goes to standard output.

    Example:
      factsheet export sheets/bert.yaml --to json -o bert.json
      factsheet export sheets/bert.yaml --to json --format json
    """
    raise typer.Exit(
        export(sheet, to, output=output, into=into, options=options or (), report=report, strict=strict)
    )
