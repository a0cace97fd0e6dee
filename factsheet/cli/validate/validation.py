"""`factsheet validate`: load sheets, check them, fix them on request, report."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.checks.diagnostic import SEVERITIES
from factsheet.checks.engine import check_document
from factsheet.checks.fixing import fix_text
from factsheet.checks.settings import DEFAULT_SETTINGS
from factsheet.cli import exits
from factsheet.cli.gathering import gather
from factsheet.cli.terminal import complain, say, style_for
from factsheet.reports.report import CheckedFile, CheckReport, Counts, in_words
from factsheet.source.writing import replace_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from factsheet.checks.diagnostic import Diagnostic, Severity
    from factsheet.checks.settings import Settings
    from factsheet.cli.gathering import Gathered
    from factsheet.cli.validate.known_findings import KnownFindings
    from factsheet.reports.formats import FormatName
    from factsheet.source.loader import Loaded


class ReportOutput(NamedTuple):
    """A report format and where it goes; `None` is standard output."""

    format: FormatName
    file: str | None = None


class ValidateOptions(NamedTuple):
    """What to check, how to report it, what to do about it."""

    settings: Settings = DEFAULT_SETTINGS
    outputs: tuple[ReportOutput, ...] = (ReportOutput("full"),)
    fail_on: Severity = "error"
    exit_zero: bool = False
    statistics: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    stdin_name: str = "<stdin>"
    baseline: Path | None = None
    update_baseline: bool = False


def write_fixes(gathered: Gathered, loaded: Loaded, options: ValidateOptions) -> tuple[Loaded, int]:
    """Carry out the fixes of a sheet, and write it if it changed. Standard input goes to standard output.

    Returns:
        The sheet as it is now, and how many findings were fixed.

    Raises:
        WriteError: the file cannot be written; it is as it was.
    """
    text, fixed, count = fix_text(loaded, gathered.name, options.settings, unsafe=options.unsafe_fixes)
    if gathered.file is None:
        if sys.stdout is not None:
            sys.stdout.write(text)
    elif count:
        replace_text(gathered.file, _text(loaded), text)
    return fixed, count


def show_diff(sheets: Iterable[Gathered], options: ValidateOptions) -> int:
    """Print what the fixes would change as a unified diff; the exit status is 1 if there is anything."""
    from difflib import unified_diff  # only for --diff

    changed = unreadable = False
    for gathered in sheets:
        if gathered.loaded is None:
            complain(f"factsheet: {gathered.reason}")
            unreadable = True
            continue
        before = _text(gathered.loaded)
        after = fix_text(gathered.loaded, gathered.name, options.settings, unsafe=options.unsafe_fixes).text
        if after != before:
            changed = True
            name = gathered.name
            lines = unified_diff(
                before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
            )
            say("\n".join(lines))
    if unreadable:
        return exits.USAGE
    return exits.FINDINGS if changed and not options.exit_zero else exits.CLEAN


def _text(loaded: Loaded) -> str:
    return loaded.document.text if loaded.document is not None else ""


class FindingCounts:
    """The findings of a run so far."""

    def __init__(self) -> None:
        self.sheets = 0
        self.fixed = 0
        self.known = 0
        self.by_severity = dict.fromkeys(SEVERITIES, 0)
        self.by_rule: dict[tuple[str, str], int] = {}
        self.unreadable: list[tuple[str, str]] = []

    def add(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Count the findings of one sheet."""
        self.sheets += 1
        for diagnostic in diagnostics:
            self.by_severity[diagnostic.severity] += diagnostic.stands_for
            key = (diagnostic.rule_id, diagnostic.slug)
            self.by_rule[key] = self.by_rule.get(key, 0) + diagnostic.stands_for

    def miss(self, gathered: Gathered) -> None:
        """Note what could not be read, and say so."""
        self.unreadable.append((gathered.name, gathered.reason))
        complain(f"factsheet: {gathered.reason}")

    def summary(self) -> str:
        """Return one line: how many sheets, what was found, what was fixed."""
        counts = Counts(
            sheets=self.sheets,
            unreadable=len(self.unreadable),
            errors=self.by_severity["error"],
            warnings=self.by_severity["warning"],
            infos=self.by_severity["info"],
        )
        return in_words(counts, fixed=self.fixed, known=self.known)

    def status(self, options: ValidateOptions) -> int:
        """Return the exit status."""
        if self.unreadable:
            return exits.USAGE
        grave = SEVERITIES[: SEVERITIES.index(options.fail_on) + 1]
        failed = any(self.by_severity[severity] for severity in grave)
        return exits.FINDINGS if failed and not options.exit_zero else exits.CLEAN


def validate(paths: Sequence[str], options: ValidateOptions | None = None) -> int:
    """Check every sheet named, or found, and return the exit status.

    Args:
        paths: files, directories and `-` for standard input; none means the sheets in the usual places.
        options: what to do; settings of pyproject.toml alone where left out.
    """
    if options is None:
        from factsheet.checks.configuration import find_configuration  # named settings replace it

        config = find_configuration()
        options = ValidateOptions(
            settings=config.settings(today=datetime.now(UTC).date()),
            fail_on=config.fail_on or "error",
            baseline=config.baseline_file,
        )
    if not paths:
        from factsheet.cli.sheets import all_sheets  # named paths need no search

        paths = [str(path) for path in all_sheets()]
    if options.diff:
        return show_diff(gather(paths, options.stdin_name), options)
    known = None if options.baseline is None else _baseline(options.baseline, options)
    tally = FindingCounts()
    shown = next((output.format for output in options.outputs if output.file is None), None)
    # The fixed text of standard input has standard output to itself.
    stream = sys.stderr if options.fix and "-" in paths else sys.stdout
    kept = []
    for gathered in gather(paths, options.stdin_name):
        if gathered.loaded is None:
            tally.miss(gathered)
            continue
        checked = _check(gathered, gathered.loaded, options, tally=tally, known=known)
        if checked.diagnostics and (shown == "full" or shown == "concise"):  # noqa: PLR1714  narrows the type
            _print(checked, shown, stream)
        if any(output.file or output.format not in {"full", "concise"} for output in options.outputs):
            kept.append(checked)
    if shown == "full" or (shown == "concise" and options.statistics):
        _print_summary(options, tally, stream)
    _write(kept, options, tally)
    if known is not None:
        counted = shown in {"full", "json"} or (shown == "concise" and options.statistics)
        known.close(known=tally.known, complete=not tally.unreadable, shown=counted)
    return tally.status(options)


def _baseline(file: Path, options: ValidateOptions) -> KnownFindings:
    from factsheet.cli.validate.known_findings import open_known_findings  # only with a baseline

    return open_known_findings(file, update=options.update_baseline)


def _check(
    gathered: Gathered,
    loaded: Loaded,
    options: ValidateOptions,
    *,
    tally: FindingCounts,
    known: KnownFindings | None,
) -> CheckedFile:
    if options.fix:
        loaded, count = write_fixes(gathered, loaded, options)
        tally.fixed += count
    diagnostics = check_document(loaded, gathered.name, options.settings).diagnostics
    if known is not None:
        found, diagnostics = diagnostics, known.new(gathered.name, diagnostics, loaded.document)
        tally.known += sum(one.stands_for for one in found) - sum(one.stands_for for one in diagnostics)
    tally.add(diagnostics)
    settings = options.settings
    if (settings.roles or settings.stage) and any(one.rule_id.startswith("FS1") for one in diagnostics):
        complain(
            f"factsheet: {gathered.name}: what it lacks for a role or a stage can only be said"
            " when it fits the schema"
        )
    # A clean sheet leaves its name alone, so that memory does not grow with the number of sheets.
    return CheckedFile(gathered.name, loaded.document if diagnostics else None, diagnostics)


def _print(checked: CheckedFile, output_format: Literal["full", "concise"], stream: TextIO | None) -> None:
    """Print a sheet's findings as soon as they are known."""
    from factsheet.reports.concise import concise  # most runs find nothing to print
    from factsheet.reports.full import full  # most runs find nothing to print

    style = style_for(stream)
    for diagnostic in checked.diagnostics:
        if output_format == "concise":
            say(concise(diagnostic, style), stream)
        else:
            say(full(diagnostic, checked.document, style) + "\n", stream)


def _write(checked: list[CheckedFile], options: ValidateOptions, tally: FindingCounts) -> None:
    """Write the reports that take the whole run: those to files, and those that machines read."""
    outputs = [
        output
        for output in options.outputs
        if output.file is not None or output.format not in {"full", "concise"}
    ]
    if not outputs:
        return
    from factsheet._version import __version__
    from factsheet.cli.sheets import deliver
    from factsheet.reports.formats import write_report  # machine formats are for CI, and load only there

    report = CheckReport(tuple(checked), tuple(tally.unreadable), __version__, tally.known)
    for output in outputs:
        text = write_report(report, output.format, style_for(None))
        deliver(text, Path(output.file) if output.file else None, commands=output.format == "github")


def _print_summary(options: ValidateOptions, tally: FindingCounts, stream: TextIO | None) -> None:
    style = style_for(stream)
    if options.statistics:
        for (rule_id, slug), count in sorted(tally.by_rule.items()):
            say(f"{count:>6}  {rule_id}  {slug}", stream)
    summary = tally.summary()
    clean = not any(tally.by_severity.values()) and not tally.unreadable
    say(style.good(summary) if clean else style.strong(summary), stream)
