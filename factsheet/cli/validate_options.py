"""The options of `factsheet validate` as typed, checked and turned into what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from factsheet.cli import exits
from factsheet.cli.configuration import Config, check_prefix, find_config
from factsheet.cli.exits import Stop, did_you_mean
from factsheet.cli.sheets import named_roles
from factsheet.cli.terminal import say
from factsheet.cli.validate import ReportOutput, ValidateOptions, merge, validate
from factsheet.reports.formats import FormatName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.checks.diagnostic import Severity
    from factsheet.checks.settings import Stage

FORMATS: tuple[FormatName, ...] = get_args(FormatName)


def asked(
    paths: Sequence[str],
    *,
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    fail_on: Severity | None,
    exit_zero: bool,
    output_format: Sequence[str] | None,
    statistics: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    role: Sequence[str] | None,
    stage: Stage | None,
    online: bool,
    stdin_filename: str | None,
    no_config: bool,
    show_settings: bool,
    watch: bool,
) -> int:
    """Do what the options say and return the exit status.

    Raises:
        Stop: an option is off, or two do not go together.
    """
    if unsafe_fixes and not (fix or diff):
        raise Stop(
            "factsheet: --unsafe-fixes goes with --fix, which writes them, or with --diff, which shows them"
        )
    if fix and diff:
        raise Stop("factsheet: --fix writes and --diff only shows; give one of them")
    if watch and (fix or diff or "-" in paths):
        raise Stop("factsheet: --watch goes with files and directories, and without --fix, --diff and `-`")
    config = Config() if no_config else find_config()
    options = merge(
        config,
        select=_prefixes(select, "--select"),
        ignore=_prefixes(ignore, "--ignore"),
        roles=named_roles(role),
        stage=stage,
        fail_on=fail_on,
        online=online,
        outputs=_outputs(output_format),
        exit_zero=exit_zero,
        statistics=statistics,
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
        stdin_name=stdin_filename or "<stdin>",
    )
    if show_settings:
        _show(options, config)
        return exits.CLEAN
    if watch:
        from factsheet.cli.watch import watch as run  # only for --watch

        return run(paths, options)
    return validate(paths, options)


def _split(values: Sequence[str] | None) -> list[str]:
    return [part.strip() for value in values or () for part in value.split(",") if part.strip()]


def _prefixes(values: Sequence[str] | None, option: str) -> tuple[str, ...]:
    prefixes = _split(values)
    for prefix in prefixes:
        check_prefix(prefix, f"factsheet: {option}")
    return tuple(prefixes)


def _outputs(values: Sequence[str] | None) -> tuple[ReportOutput, ...]:
    if not values:
        return (ReportOutput("full"),)
    outputs = []
    for value in values:
        given, _, file = value.partition("=")
        name = next((known for known in FORMATS if known == given), None)
        if name is None:
            hint = did_you_mean(given, FORMATS)
            raise Stop(
                f"factsheet: --output-format {given[:60]}: there is no such format\n"
                f"  {hint}The formats are {', '.join(FORMATS)}; `sarif=report.sarif` writes to a file."
            )
        outputs.append(ReportOutput(name, file or None))
    if sum(output.file is None for output in outputs) > 1:
        raise Stop(
            "factsheet: only one format can go to standard output; give the others a file: `sarif=report.sarif`"
        )
    return tuple(outputs)


def _show(options: ValidateOptions, config: Config) -> None:
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
        "online": "yes" if settings.online else "no",
        "outputs": ", ".join(
            output.format + (f" to {output.file}" if output.file else "") for output in options.outputs
        ),
    }
    width = max(map(len, rows))
    say("\n".join(f"{name:<{width}}  {value}" for name, value in rows.items()))
