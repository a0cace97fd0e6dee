"""`factsheet validate`: load, check, mend where asked to, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from factsheet.checks import check_loaded
from factsheet.checks.diagnostic import SEVERITIES
from factsheet.cli import exits
from factsheet.cli.gather import gather
from factsheet.cli.terminal import complain, say, style_for
from factsheet.report.report import CheckedFile, CheckReport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from factsheet.checks import Diagnostic
    from factsheet.cli.gather import Gathered
    from factsheet.cli.options import Options
    from factsheet.source import Loaded


class Tally:
    """What a run has seen so far."""

    def __init__(self) -> None:
        self.sheets = 0
        self.fixed = 0
        self.by_severity = dict.fromkeys(SEVERITIES, 0)
        self.by_rule: dict[tuple[str, str], int] = {}
        self.unreadable: list[tuple[str, str]] = []

    def add(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Count the findings of one sheet."""
        self.sheets += 1
        for diagnostic in diagnostics:
            self.by_severity[diagnostic.severity] += 1
            key = (diagnostic.rule_id, diagnostic.slug)
            self.by_rule[key] = self.by_rule.get(key, 0) + 1

    def miss(self, gathered: Gathered) -> None:
        """Note what could not be read, and say so."""
        self.unreadable.append((gathered.name, gathered.reason))
        complain(f"factsheet: {gathered.reason}")

    def summary(self) -> str:
        """One line: how many sheets, what was found, what was mended."""
        found = [
            f"{count} {severity}{'s' if count > 1 and severity != 'info' else ''}"
            for severity, count in self.by_severity.items()
            if count
        ]
        checked = f"{self.sheets} sheet{'' if self.sheets == 1 else 's'} checked"
        mended = f", {self.fixed} mended" if self.fixed else ""
        return f"{checked}{mended}: {', '.join(found) if found else 'nothing found'}"

    def status(self, options: Options) -> int:
        """The exit status."""
        if self.unreadable:
            return exits.USAGE
        grave = SEVERITIES[: SEVERITIES.index(options.fail_on) + 1]
        failed = any(self.by_severity[severity] for severity in grave)
        return exits.FINDINGS if failed and not options.exit_zero else exits.CLEAN


def validate(paths: Sequence[str], options: Options | None = None) -> int:
    """Check every sheet named, or found, and return the exit status.

    Args:
        paths: files, directories and `-` for standard input; none means the sheets in the usual places.
        options: what to do; settings of pyproject.toml alone where left out.
    """
    if options is None:
        from factsheet.cli.config import find_config  # named settings replace it
        from factsheet.cli.options import merge

        options = merge(find_config())
    if not paths:
        from factsheet.cli.locate import all_sheets  # named paths need no search

        paths = [str(path) for path in all_sheets()]
    if options.diff:
        from factsheet.cli.mend import show_diff  # only for --diff

        return show_diff(gather(paths, options.stdin_name), options)
    tally = Tally()
    shown = next((output.format for output in options.outputs if output.file is None), None)
    # The mended text of standard input has standard output to itself.
    stream = sys.stderr if options.fix and "-" in paths else sys.stdout
    kept = []
    for gathered in gather(paths, options.stdin_name):
        if gathered.loaded is None:
            tally.miss(gathered)
            continue
        checked = _check(gathered, gathered.loaded, options, tally)
        if checked.diagnostics and (shown == "full" or shown == "concise"):  # noqa: PLR1714  narrows the type
            _print(checked, shown, stream)
        if any(output.file or output.format not in {"full", "concise"} for output in options.outputs):
            kept.append(checked)
    if shown == "full" or (shown == "concise" and options.statistics):
        _print_summary(options, tally, stream)
    _write(kept, options, tally)
    return tally.status(options)


def _check(gathered: Gathered, loaded: Loaded, options: Options, tally: Tally) -> CheckedFile:
    if options.fix:
        from factsheet.cli.mend import mend  # only for --fix

        loaded, mended = mend(gathered, loaded, options)
        tally.fixed += mended
    diagnostics = check_loaded(loaded, gathered.name, options.settings).diagnostics
    tally.add(diagnostics)
    # A clean sheet leaves its name alone, so that memory does not grow with the number of sheets.
    return CheckedFile(gathered.name, loaded.document if diagnostics else None, diagnostics)


def _print(checked: CheckedFile, output_format: Literal["full", "concise"], stream: TextIO | None) -> None:
    """Print a sheet's findings as soon as they are known."""
    from factsheet.report import concise, full  # most runs find nothing to print

    style = style_for(stream)
    for diagnostic in checked.diagnostics:
        if output_format == "concise":
            say(concise(diagnostic, style), stream)
        else:
            say(full(diagnostic, checked.document, style) + "\n", stream)


def _write(checked: list[CheckedFile], options: Options, tally: Tally) -> None:
    """Write the reports that take the whole run: those to files, and those that machines read."""
    outputs = [
        output
        for output in options.outputs
        if output.file is not None or output.format not in {"full", "concise"}
    ]
    if not outputs:
        return
    from factsheet import __version__
    from factsheet.cli.opened import deliver
    from factsheet.report.formats import write_report  # machine formats are for CI, and load only there

    report = CheckReport(tuple(checked), tuple(tally.unreadable), __version__)
    for output in outputs:
        text = write_report(report, output.format, style_for(None))
        deliver(text, Path(output.file) if output.file else None)


def _print_summary(options: Options, tally: Tally, stream: TextIO | None) -> None:
    style = style_for(stream)
    if options.statistics:
        for (rule_id, slug), count in sorted(tally.by_rule.items()):
            say(f"{count:>6}  {rule_id}  {slug}", stream)
    summary = tally.summary()
    clean = not any(tally.by_severity.values()) and not tally.unreadable
    say(style.good(summary) if clean else style.strong(summary), stream)
