"""`[tool.factsheet]` of the nearest pyproject.toml in the repository, checked like all that a user writes."""

from __future__ import annotations

import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.checks.diagnostic import SEVERITIES
from factsheet.checks.settings import Settings
from factsheet.errors import ConfigurationError
from factsheet.readers.stages import STAGES
from factsheet.source.decoding import DEFAULT_LIMITS
from factsheet.source.links import LEADS_OUT, leads_out
from factsheet.source.writing import note_input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from factsheet.checks.diagnostic import Severity
    from factsheet.checks.rule import Option
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName

MARK = b"[tool.factsheet"
EVERY_ROLE = "all"
_MOST_BYTES = 2**20
"""As of a sheet."""
_DEEP = re.compile(rb"^\s*\[*\s*(?:[\w\"'-]+\s*\.\s*){50}", re.MULTILINE)
"""A key of so many parts: tomllib takes seconds for one of 20,000."""

_LONG_NUMBER = (
    f"a whole number has more than {DEFAULT_LIMITS.digits} digits, and no setting takes such a number"
)


class Configuration(NamedTuple):
    """The settings of a pyproject.toml; empty where there is none.

    Attributes:
        file: the file that it was read from.
        sheet: the sheet that a command takes when none is named, relative to the file.
        select: ids or beginnings of ids that run.
        ignore: ids or beginnings of ids that do not run.
        severity: another severity, by id or beginning of an id.
        rules: options by rule id.
        roles: the roles whose needs are checked; `all` among them for every one that a template has.
        stage: how complete a sheet has to be.
        fail_on: the mildest severity that fails a check.
        logo: the image on the cover of PDFs, relative to the file.
        templates: the directory of the user's own templates and styles, relative to the file.
        sheet_templates: template files of the user's own that sheets may name, relative to the file.
        higher_is_better: which direction is better, by metric, where a sheet does not say.
        baseline: the findings that do not fail a check, relative to the file.
    """

    file: Path | None = None
    sheet: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = {}
    rules: Mapping[str, Mapping[str, Option]] = {}
    roles: tuple[RoleName, ...] = ()
    stage: StageName | None = None
    fail_on: Severity | None = None
    templates: str | None = None
    logo: str | None = None
    baseline: str | None = None
    sheet_templates: tuple[str, ...] = ()
    higher_is_better: Mapping[str, bool] = {}

    @property
    def baseline_file(self) -> Path | None:
        """Where the baseline is; `None` where none is set."""
        return None if self.baseline is None or self.file is None else self.file.parent / self.baseline

    @property
    def template_files(self) -> tuple[Path, ...]:
        """Where the templates of the user's own are."""
        folder = None if self.file is None else self.file.parent
        return () if folder is None else tuple(folder / file for file in self.sheet_templates)

    @property
    def every_role(self) -> tuple[RoleName, ...]:
        """The roles, those that `all` means one by one."""
        if EVERY_ROLE not in self.roles:
            return self.roles
        from factsheet.sheet_templates.known_templates import known_roles  # only where all are asked for

        return known_roles()

    def settings(
        self,
        *,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        roles: tuple[RoleName, ...] = (),
        stage: StageName | None = None,
        online: bool = False,
        today: date | None = None,
    ) -> Settings:
        """Return the settings of a check. What is given here replaces what the file says; `ignore` adds to it."""
        return Settings(
            select=select or self.select,
            ignore=(*self.ignore, *ignore),
            severities=self.severity,
            options=self.rules,
            roles=roles or self.every_role,
            stage=stage or self.stage,
            online=online,
            higher_is_better=self.higher_is_better,
            today=today,
        )


def find_configuration(start: Path | None = None) -> Configuration:
    """Read the settings that hold for a directory, the working directory by default.

    Raises:
        ConfigurationError: the file cannot be read, or a setting is unknown or of the wrong type.
    """
    for folder in settings_folders(Path.cwd() if start is None else start):
        file = folder / "pyproject.toml"
        if leads_out(file):
            raise ConfigurationError(f"{file}: {LEADS_OUT}")
        try:
            raw = file.read_bytes()
            note_input(file)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from None
        # The nearest file decides, as for other tools, but one without our table is not even parsed.
        return _read(file, raw) if MARK in raw else Configuration(file)
    return Configuration()


def settings_folders(start: Path) -> Iterator[Path]:
    """Yield where settings are looked for: a directory and those above it, up to the root of its repository.

    What is above a clone is of somebody else, and would name a sheet, or leave out rules, unseen.
    """
    for folder in (start, *start.parents):
        yield folder
        if os.path.lexists(folder / ".git"):  # of a work tree or a submodule, it is a file
            return


def _read(file: Path, raw: bytes) -> Configuration:
    import tomllib  # only for a pyproject.toml with our table

    if len(raw) > _MOST_BYTES or _DEEP.search(raw):
        what = "a key of too many parts" if len(raw) <= _MOST_BYTES else f"more than {_MOST_BYTES:,} bytes"
        raise ConfigurationError(f"{file}: cannot be read as TOML: it has {what}")
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{file}: cannot be read as TOML: {error}") from None
    except ValueError:  # of more digits than Python makes a number of
        raise ConfigurationError(f"{file}: cannot be read as TOML: {_LONG_NUMBER}") from None
    except RecursionError:
        raise ConfigurationError(f"{file}: cannot be read as TOML: brackets are nested too deeply") from None
    table = data["tool"]["factsheet"] if isinstance(data.get("tool"), dict) else None
    if not isinstance(table, dict):
        raise _wrong(file, "", "a table", table)
    _refuse_long_numbers(file, table)
    known: dict[str, Any] = {"file": file}
    for key, value in table.items():
        name = key.replace("-", "_")
        reader = _READERS.get(name)
        if reader is None:
            from difflib import get_close_matches  # only for a setting that does not exist

            names = sorted(reader.replace("_", "-") for reader in _READERS)
            close = get_close_matches(key, names, 1)
            hint = f"did you mean `{close[0]}`? " if close else ""
            raise ConfigurationError(
                f"{file}: [tool.factsheet] has no setting `{key}`; {hint}the settings are {', '.join(names)}"
            )
        known[name] = reader(file, key, value)
    return Configuration(**known)


def _refuse_long_numbers(file: Path, table: Mapping[str, object]) -> None:
    """Refuse whole numbers that neither a float nor a message can hold: hexadecimal ones are read at any length."""
    waiting: list[tuple[str, object]] = [("", table)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{key}.{name}".removeprefix("."), one) for name, one in value.items()]
        elif isinstance(value, list):
            waiting += [(key, one) for one in value]
        elif isinstance(value, int) and abs(value) >= 10**DEFAULT_LIMITS.digits:
            raise ConfigurationError(f"{file}: [tool.factsheet] {key}: {_LONG_NUMBER}")


def _wrong(file: Path, key: str, expected: str, found: object) -> ConfigurationError:
    where = f"[tool.factsheet] {key}".rstrip()
    return ConfigurationError(f"{file}: {where}: expected {expected}, found {str(found)[:60]!r}")


def _text(file: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(file, key, "text", value)
    return value


def _place(file: Path, key: str, value: object) -> str:
    """Return a path below the directory of the settings: they may be a stranger's, and are no way out of his files."""
    place = _text(file, key, value)
    if ".." in Path(place).parts or Path(place).is_absolute():
        raise ConfigurationError(
            f"{file}: [tool.factsheet] {key}: {place[:60]!r} is not below the directory of this file; give a path in it"
        )
    if leads_out(file.parent / place, file.parent):
        raise ConfigurationError(f"{file}: [tool.factsheet] {key}: {LEADS_OUT}")
    return place


def _texts(file: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) and entry for entry in value):
        raise _wrong(file, key, "a list of texts", value)
    return tuple(value)


def _places(file: Path, key: str, value: object) -> tuple[str, ...]:
    return tuple(_place(file, key, place) for place in _texts(file, key, value))


def _rule_prefixes(file: Path, key: str, value: object) -> tuple[str, ...]:
    from factsheet.checks.prefixes import check_prefix  # all rules, which most settings name none of

    prefixes = _texts(file, key, value)
    for prefix in prefixes:
        check_prefix(prefix, f"{file}: [tool.factsheet] {key}")
    return prefixes


def _severities(file: Path, key: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _wrong(file, key, "a table of rule ids and severities", value)
    from factsheet.checks.prefixes import check_prefix  # see above

    for prefix, severity in value.items():
        check_prefix(prefix, f"{file}: [tool.factsheet.{key}]")
        if severity not in SEVERITIES:
            raise _wrong(file, f"{key}.{prefix}", "error, warning or info", severity)
    return value


def _options(file: Path, key: str, value: object) -> dict[str, dict[str, Option]]:
    if not isinstance(value, dict):
        raise _wrong(file, key, "a table for each rule", value)
    from factsheet.checks.registry import RULES  # as above

    known = {rule.id: rule for rule in RULES}
    options: dict[str, dict[str, Option]] = {}
    for rule_id, given in value.items():
        rule = known.get(rule_id)
        if rule is None or not isinstance(given, dict):
            raise _wrong(file, f"{key}.{rule_id}", "the id of a rule, with a table of its options", given)
        options[rule_id] = {}
        for name, setting in given.items():
            default = rule.options.get(name)
            if default is None:
                listed = ", ".join(rule.options) or "none"
                if name == "allow_private":  # until it was the caller's alone to say
                    listed += "; set FACTSHEET_ALLOW_PRIVATE=1 in the environment instead"
                raise ConfigurationError(
                    f"{file}: [tool.factsheet.{key}.{rule_id}] has no option `{name}`; it has {listed}"
                )
            read = tuple(setting) if isinstance(default, tuple) and isinstance(setting, list) else setting
            fits = type(read) is type(default) or (isinstance(default, float) and type(read) is int)
            if not fits or (isinstance(read, tuple) and not all(isinstance(entry, str) for entry in read)):
                raise _wrong(file, f"{key}.{rule_id}.{name}", f"something like {default!r}", setting)
            most = rule.most.get(name, math.inf)
            is_number = isinstance(setting, int | float) and not isinstance(setting, bool)
            if is_number and not (0 < setting <= most and setting < math.inf):
                bound = "" if most == math.inf else f" and at most {most:g}"
                raise _wrong(file, f"{key}.{rule_id}.{name}", f"a number above 0{bound}", setting)
            options[rule_id][name] = read
    return options


def _directions(file: Path, key: str, value: object) -> dict[str, bool]:
    if not isinstance(value, dict) or not all(isinstance(higher, bool) for higher in value.values()):
        raise _wrong(file, key, "a table of metrics, each true or false", value)
    return value


def _roles(file: Path, key: str, value: object) -> tuple[str, ...]:
    from factsheet.readers.roles import ROLE_NAMES  # only where roles are set

    roles = _texts(file, key, value)
    for role in roles:
        # What `all` means is looked up later: templates of the user's own have roles, and settings name them.
        if role not in (*ROLE_NAMES, EVERY_ROLE):
            raise _wrong(file, key, f"roles out of {', '.join(ROLE_NAMES)}, or `{EVERY_ROLE}`", role)
    return roles


def _one_of(*words: str) -> Callable[[Path, str, object], str]:
    def read(file: Path, key: str, value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise _wrong(file, key, " or ".join(words), value)
        return value

    return read


_READERS: dict[str, Callable[[Path, str, Any], object]] = {
    "sheet": _place,
    "templates": _place,
    "sheet_templates": _places,
    "logo": _place,
    "select": _rule_prefixes,
    "ignore": _rule_prefixes,
    "severity": _severities,
    "rules": _options,
    "roles": _roles,
    "higher_is_better": _directions,
    "stage": _one_of(*STAGES),
    "fail_on": _one_of(*SEVERITIES),
    "baseline": _place,
}
