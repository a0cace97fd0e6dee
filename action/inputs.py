"""What the step was asked to do: the variables that action.yml fills from its inputs, checked, and as arguments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_VERSION = r"[0-9A-Za-z][0-9A-Za-z.!+_-]*"


class BadInputError(Exception):
    """An input of the action that cannot be meant as it is."""


class Inputs(NamedTuple):
    """The inputs of action.yml; what was left out is empty."""

    paths: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    stage: str = ""
    select: str = ""
    ignore: str = ""
    fail_on: str = ""
    sarif_file: str = ""
    upload_sarif: bool = False
    version: str = ""

    def check_arguments(self, json_file: Path) -> list[str]:
        """Arguments of `factsheet validate`: annotations to standard output, JSON and SARIF to files."""
        formats = ["github", f"json={json_file}", *([f"sarif={self.sarif_file}"] if self.sarif_file else [])]
        options = {
            "--stage": self.stage,
            "--select": self.select,
            "--ignore": self.ignore,
            "--fail-on": self.fail_on,
        }
        return [
            "validate",
            *(f"--output-format={name}" for name in formats),
            *(f"--role={role}" for role in self.roles),
            # With `=` a value that begins like an option stays a value.
            *(f"{option}={value}" for option, value in options.items() if value),
            *self._places(),
        ]

    def status_arguments(self) -> list[str]:
        """Arguments of `factsheet status`: what each role misses, for the job summary."""
        return ["status", "--format=markdown", *(f"--role={role}" for role in self.roles), *self._places()]

    def _places(self) -> list[str]:
        # Behind `--` a path that begins like an option is a path; `-` alone would mean standard input.
        return ["--", *("./-" if path == "-" else path for path in self.paths)] if self.paths else []


def read_inputs(environment: Mapping[str, str], default_sarif_file: Path) -> Inputs:
    """Read the inputs from the environment.

    Args:
        environment: variables of the process.
        default_sarif_file: where SARIF goes that is to be uploaded, and for which no file was named.

    Raises:
        BadInputError: one of them makes no sense.
    """

    def one_line(name: str) -> str:
        value = environment.get(f"FACTSHEET_{name.upper().replace('-', '_')}", "").strip()
        if "\n" in value or "\r" in value:
            raise BadInputError(f"the input `{name}` takes one line")
        return value

    version = one_line("version")
    if version and not re.fullmatch(_VERSION, version):
        raise BadInputError(f"the input `version` is no version: {version[:60]}")
    upload = one_line("upload-sarif").lower()
    if upload not in {"", "false", "true"}:
        raise BadInputError(f"the input `upload-sarif` is true or false, not {upload[:60]}")
    lines = environment.get("FACTSHEET_PATHS", "").split("\n")  # a name may hold what else ends a line
    roles = environment.get("FACTSHEET_ROLES", "").replace("\n", ",").split(",")
    return Inputs(
        paths=tuple(line.strip() for line in lines if line.strip()),
        roles=tuple(role.strip() for role in roles if role.strip()),
        stage=one_line("stage"),
        select=one_line("select"),
        ignore=one_line("ignore"),
        fail_on=one_line("fail-on"),
        sarif_file=one_line("sarif-file") or (str(default_sarif_file) if upload == "true" else ""),
        upload_sarif=upload == "true",
        version=version,
    )
