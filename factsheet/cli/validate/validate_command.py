"""Read the options of `factsheet validate`, and do what they say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from factsheet.checks.configuration import Configuration, find_configuration
from factsheet.checks.prefixes import check_prefix
from factsheet.cli import exits
from factsheet.cli.options import SheetsArgument
from factsheet.cli.sheets import named_roles
from factsheet.cli.terminal import say
from factsheet.cli.usage.completions import complete_report_formats, complete_roles, complete_rules
from factsheet.cli.validate.validation import ReportOutput, ValidateOptions, validate
from factsheet.errors import UsageError
from factsheet.reports.formats import FormatName
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence


FORMATS: tuple[FormatName, ...] = get_args(FormatName)


def _split(values: Sequence[str] | None) -> list[str]:
    return [part.strip() for value in values or () for part in value.split(",") if part.strip()]


def _prefixes(values: Sequence[str] | None, option: str) -> tuple[str, ...]:
    prefixes = _split(values)
    for prefix in prefixes:
        check_prefix(prefix, option)
    return tuple(prefixes)


def _outputs(values: Sequence[str] | None) -> tuple[ReportOutput, ...]:
    if not values:
        return (ReportOutput("full"),)
    outputs = []
    for value in values:
        given, _, file = value.partition("=")
        name = next((known for known in FORMATS if known == given), None)
        if name is None:
            raise UsageError(
                f"there is no format `{given[:60]}`",
                help=f"the formats are {', '.join(FORMATS)}; `sarif=report.sarif` writes to a file",
                place="--output-format",
                candidates=FORMATS,
            )
        outputs.append(ReportOutput(name, file or None))
    if sum(output.file is None for output in outputs) > 1:
        raise UsageError(
            "only one format can go to standard output", help="give the others a file: `sarif=report.sarif`"
        )
    return tuple(outputs)


def _show(options: ValidateOptions, config: Configuration) -> None:
    settings = options.settings
    rows = {
        "settings from": config.file if config.file is not None else "no pyproject.toml",
        "sheet": config.sheet or "not set",
        "select": ", ".join(settings.select) or "all",
        "ignore": ", ".join(settings.ignore) or "none",
        "severity": ", ".join(f"{name}={value}" for name, value in settings.severities.items())
        or "each rule's own",
        "rule options": ", ".join(f"{name}: {dict(value)}" for name, value in settings.options.items())
        or "defaults",
        "roles": ", ".join(settings.roles) or "none in particular",
        "stage": settings.stage or "the sheet's own status",
        "fail on": options.fail_on,
        "baseline": str(options.baseline) if options.baseline is not None else "none",
        "online": "yes" if settings.online else "no",
        "outputs": ", ".join(
            output.format + (f" to {output.file}" if output.file else "") for output in options.outputs
        ),
    }
    width = max(map(len, rows))
    say("\n".join(f"{name:<{width}}  {one_line(str(value))}" for name, value in rows.items()))


def command(
    *,
    paths: SheetsArgument = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULES",
            help="Run only rules whose id begins like this; commas or repeated.",
            autocompletion=complete_rules,
            show_default=False,
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULES",
            help="Leave out rules whose id begins like this.",
            autocompletion=complete_rules,
            show_default=False,
        ),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "info"] | None,
        typer.Option(
            help="The mildest severity that makes the exit status 1. [default: error]", show_default=False
        ),
    ] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 whatever is found.")] = False,
    output_format: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT[=FILE]",
            autocompletion=complete_report_formats,
            help="full, concise, json, github, gitlab, sarif or junit; repeat for several. [default: full]",
            show_default=False,
        ),
    ] = None,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Count the findings of each rule.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Carry out the fixes that are safe.")] = False,
    unsafe_fixes: Annotated[
        bool,
        typer.Option("--unsafe-fixes", help="With --fix or --diff: also those that need a person's eye."),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")
    ] = False,
    role: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLES",
            help="Also check what this role needs; `all` for every role.",
            autocompletion=complete_roles,
            show_default=False,
        ),
    ] = None,
    stage: Annotated[
        Literal["draft", "review", "published"] | None,
        typer.Option(help="How complete the sheet has to be, instead of its own status.", show_default=False),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Report only findings that this file does not list; written by the first run.",
            show_default=False,
        ),
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write what is found now to the baseline.")
    ] = False,
    online: Annotated[bool, typer.Option("--online", help="Also check that links answer.")] = False,
    stdin_filename: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What to call standard input in reports.", show_default=False),
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Leave pyproject.toml aside.")] = False,
    show_settings: Annotated[
        bool, typer.Option("--show-settings", help="Print the settings in force.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever a sheet changes.")] = False,
) -> None:
    """Check sheets: syntax, schema, facts against each other and against recomputation, evidence, prose.

    Exit status: 0 nothing found, 1 findings, 2 wrong usage or unreadable input, 3 a fault of factsheet itself.

    Example:
      factsheet validate sheets/bert.yaml
      factsheet validate sheets --role all --stage published
      factsheet validate sheet.yaml --fix
    """
    if unsafe_fixes and not (fix or diff):
        raise UsageError(
            "--unsafe-fixes goes with --fix, which writes them, or with --diff, which shows them"
        )
    if fix and diff:
        raise UsageError("--fix writes and --diff only shows", help="give one of them")
    if watch and (fix or diff or "-" in (paths or [])):
        raise UsageError("--watch goes with files and directories, and without --fix, --diff and `-`")
    config = Configuration() if no_config else find_configuration()
    if no_config:
        from factsheet.sheet_templates.user_templates import forget_settings  # only for --no-config

        forget_settings()
    baseline = baseline or config.baseline_file
    if update_baseline and baseline is None:
        raise UsageError(
            "--update-baseline needs to know the file",
            help="name it with `--baseline FILE`, or as `baseline` under [tool.factsheet] in pyproject.toml",
        )
    options = ValidateOptions(
        settings=config.settings(
            select=_prefixes(select, "--select"),
            ignore=_prefixes(ignore, "--ignore"),
            roles=named_roles(role),
            stage=stage,
            online=online,
            today=datetime.now(UTC).date(),
        ),
        outputs=_outputs(output_format),
        fail_on=fail_on or config.fail_on or "error",
        exit_zero=exit_zero,
        statistics=statistics,
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
        stdin_name=stdin_filename or "<stdin>",
        baseline=baseline,
        update_baseline=update_baseline,
    )
    if show_settings:
        _show(options, config)
        raise typer.Exit(exits.CLEAN)
    if watch:
        from factsheet.cli.validate.watch import watch as run  # only for --watch

        raise typer.Exit(run(paths or [], options))
    raise typer.Exit(validate(paths or [], options))
