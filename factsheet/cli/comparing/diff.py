"""`factsheet diff`: what changed from one version of a sheet to another, by its meaning."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.comparing.versions import NO_FILE, pair_of, read_version
from factsheet.cli.options import Output
from factsheet.cli.sheets import deliver
from factsheet.cli.terminal import say, style_for
from factsheet.cli.usage.format_option import format_option
from factsheet.comparing.difference import ComparedVersion, difference
from factsheet.comparing.difference_report import (
    NOTHING,
    counted,
    difference_json,
    difference_markdown,
    difference_text,
)
from factsheet.errors import FactsheetError, UsageError, in_one_line
from factsheet.reports.text import Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.comparing.difference import SheetDifference

FailOn = Literal["never", "regression", "change"]
_GIT_GIVES = (1, 7, 9)
"""Arguments of a diff driver: the path alone where it is unmerged, two versions, and a new name with its likeness."""


def compare_versions(
    names: Sequence[str],
    *,
    output_format: Literal["text", "markdown", "json"] = "text",
    fail_on: FailOn = "never",
    output: Path | None = None,
) -> int:
    """Write what changed between two versions, and return the exit status that `fail_on` asks for.

    Raises:
        FactsheetError: a version cannot be read.
    """
    if not 1 <= len(names) <= len(("old", "new")):
        raise UsageError(
            f"two versions are compared, and {len(names)} are named",
            help="name the old one and the new one; `factsheet compare` puts several sheets side by side",
        )
    old, new = pair_of(names[0], names[1] if len(names) > 1 else None)
    changed = difference(read_version(old), read_version(new))
    deliver(_written(changed, output_format, to_file=output is not None), output)
    failed = (fail_on == "change" and changed.changes) or (fail_on == "regression" and changed.regressions)
    return exits.FINDINGS if failed else exits.CLEAN


def _written(
    changed: SheetDifference, output_format: Literal["text", "markdown", "json"], *, to_file: bool
) -> str:
    if output_format == "json":
        return difference_json(changed)
    if output_format == "markdown":
        return difference_markdown(changed)
    return difference_text(changed, Style() if to_file else style_for(sys.stdout))


def drive(arguments: Sequence[str]) -> int:
    """Write a difference as git asks a diff driver for it, and always end well: git takes a failure for its own.

    Args:
        arguments: as git gives them: path, old file, hex, mode, new file, hex, mode; behind them perhaps a new name.

    Raises:
        UsageError: it was not git that called.
    """
    if len(arguments) not in _GIT_GIVES:
        raise UsageError(
            "`--git-driver` is for git, which gives the path and both versions",
            help="set it up with `git config diff.factsheet.command 'factsheet diff --git-driver'`",
        )
    path = in_one_line(arguments[0])
    if len(arguments) == 1:
        say(f"* {path}: not merged yet")
        return exits.CLEAN
    name = in_one_line(arguments[7]) if len(arguments) > len("1234567") else path
    try:
        old, new = (
            ComparedVersion(name=side, sheet=None) if file == NO_FILE else read_version(file, side)
            for side, file in ((f"a/{path}", arguments[1]), (f"b/{name}", arguments[4]))
        )
        changed = difference(old, new)
        say(difference_text(changed, style_for(sys.stdout)))
        if counted(changed) == NOTHING:
            say("`git diff --no-ext-diff` shows the lines that differ")
    except FactsheetError as error:
        say(
            f"a/{path} → b/{name}\n{exits.screen(error)}\n`git diff --no-ext-diff` shows the lines that differ"
        )
    return exits.CLEAN


def command(
    *,
    versions: Annotated[
        list[str],
        typer.Argument(
            metavar="OLD NEW",
            help="Two sheets: files, `REVISION:PATH` as in git, or `-`. One file alone is compared with its last "
            "commit; a revision and a file are compared as that file then and now.",
            show_default=False,
        ),
    ],
    fail_on: Annotated[
        FailOn, typer.Option(help="What ends in exit status 1: a regression, or any change.")
    ] = "never",
    output_format: Annotated[
        Literal["text", "markdown", "json"], format_option("text", "markdown", "json")
    ] = "text",
    output: Output = None,
    git_driver: Annotated[bool, typer.Option("--git-driver", hidden=True)] = False,
) -> None:
    """Say what changed from one version of a sheet to another: by what it says, not by its lines.

    Figures are compared by their values, digits and tolerances, and judged by the direction of their metric. Rows are
    matched by what names them. Comments, layout and order never count.

    Example:
      factsheet diff HEAD~3:sheets/bert.yaml sheets/bert.yaml
      factsheet diff main sheets/bert.yaml --format markdown -o comment.md
      factsheet diff sheets/bert.yaml --fail-on regression
    """
    if git_driver:
        raise typer.Exit(drive(versions))
    raise typer.Exit(compare_versions(versions, output_format=output_format, fail_on=fail_on, output=output))
