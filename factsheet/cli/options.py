"""What `factsheet validate` was asked to do, from its options and from pyproject.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.settings import DEFAULT_SETTINGS, Settings

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Severity
    from factsheet.checks.settings import Stage
    from factsheet.cli.config import Config
    from factsheet.report.formats import FormatName
    from factsheet.sheet.roles import RoleName


class Output(NamedTuple):
    """A report format and where it goes; `None` is standard output."""

    format: FormatName
    file: str | None = None


class Options(NamedTuple):
    """What to check, how to report it, what to do about it."""

    settings: Settings = DEFAULT_SETTINGS
    outputs: tuple[Output, ...] = (Output("full"),)
    fail_on: Severity = "error"
    exit_zero: bool = False
    statistics: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    stdin_name: str = "<stdin>"
    completeness: bool = False


def merge(
    config: Config,
    *,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    roles: tuple[RoleName, ...] = (),
    stage: Stage | None = None,
    fail_on: Severity | None = None,
    online: bool = False,
    **rest: object,
) -> Options:
    """Options over settings of pyproject.toml: what the command line names replaces what the file says."""
    settings = Settings(
        select=select or config.select,
        ignore=(*config.ignore, *ignore),
        severities=config.severity,
        options=config.rules,
        roles=roles or config.roles,  # type: ignore[arg-type]  # the file's were checked against the six names
        stage=stage or config.stage,  # type: ignore[arg-type]  # likewise
        online=online,
    )
    return Options(settings=settings, fail_on=fail_on or config.fail_on or "error", **rest)  # type: ignore[arg-type]
