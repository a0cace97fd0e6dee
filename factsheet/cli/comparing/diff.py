"""`factsheet diff`: what changed from one version of a sheet to another, by its meaning."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.comparing.versions import NO_FILE, pairs_of, read_version
from factsheet.cli.options import Output
from factsheet.cli.sheets import deliver
from factsheet.cli.terminal import say, style_for
from factsheet.cli.usage.format_option import format_option
from factsheet.comparing.changes import AnswerChange
from factsheet.comparing.difference import ComparedVersion, SheetDifference, difference
from factsheet.comparing.difference_report import (
    NOTHING,
    counted,
    difference_json,
    difference_markdown,
    difference_text,
    differences_json,
    differences_markdown,
    differences_text,
)
from factsheet.errors import FactsheetError, UsageError, in_one_line
from factsheet.reports.text import Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.cli.comparing.versions import PairedVersions

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
    pairs = pairs_of(names)
    if len(pairs) == 1 and not any(map(os.path.isdir, names)):
        found: tuple[SheetDifference, ...] = (_between(pairs[0]),)
        text = _written(found[0], output_format, to_file=output is not None)
    else:  # one that cannot be compared does not hide what changed in the others
        found = tuple(map(_whatever_changed, pairs))
        text = _all_written(found, output_format, to_file=output is not None)
    deliver(text, output)
    failed = any(
        (fail_on == "change" and changed.changes) or (fail_on == "regression" and changed.regressions)
        for changed in found
    )
    return exits.FINDINGS if failed else exits.CLEAN


def _between(pair: PairedVersions) -> SheetDifference:
    old, new = (
        ComparedVersion(name=in_one_line(name), sheet=None) if pair.missing == side else read_version(name)
        for side, name in (("old", pair.old), ("new", pair.new))
    )
    return difference(old, new)


def _whatever_changed(pair: PairedVersions) -> SheetDifference:
    """Return what changed of one sheet of several; that one cannot be read any more is a regression."""
    try:
        return _between(pair)
    except FactsheetError as error:
        message, before = in_one_line(error.message), False
        try:
            before = pair.missing != "old" and read_version(pair.old).sheet is not None
        except FactsheetError:
            message = f"not compared: {message}"
        broken = AnswerChange(
            place="", kind="unfit", new=message, words="cannot be read", effect="worse" if before else None
        )
        return SheetDifference(old=in_one_line(pair.old), new=in_one_line(pair.new), changes=(broken,))


def _all_written(
    found: Sequence[SheetDifference],
    output_format: Literal["text", "markdown", "json"],
    *,
    to_file: bool,
) -> str:
    if output_format == "json":
        return differences_json(found)
    if output_format == "markdown":
        return differences_markdown(found)
    return differences_text(found, Style() if to_file else style_for(sys.stdout))


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
            "commit; after a revision, files and folders are compared as they were then and are now, and without any "
            "all sheets in the usual places.",
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
      factsheet diff origin/main --fail-on regression
    """
    if git_driver:
        raise typer.Exit(drive(versions))
    raise typer.Exit(compare_versions(versions, output_format=output_format, fail_on=fail_on, output=output))
