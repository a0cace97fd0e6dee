"""What the step was asked to do: the variables that action.yml fills from its inputs, checked, and as arguments."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EXTRAS = ("hf", "onnx", "torch")
"""Extras by which factsheet reads more kinds of models."""
FAIL_ON_CHANGE = ("never", "regression", "change")
_RUNS_CODE = re.compile(r"torchscript:.*|[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_][\w.]*", re.DOTALL)
"""A model of which factsheet runs the code."""


class BadInputError(Exception):
    """An input of the action that cannot be meant as it is."""


class Model(NamedTuple):
    """A sheet and the model that it is held against."""

    sheet: str
    source: str

    def arguments(self) -> list[str]:
        """Arguments of `factsheet derive --check`."""
        # Behind `--`, and with `=`, what begins like an option is none.
        return ["derive", f"--model={self.source}", "--check", "--format=json", "--", self.sheet]


class Inputs(NamedTuple):
    """The inputs of action.yml; what was left out is empty."""

    paths: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    stage: str = ""
    select: str = ""
    ignore: str = ""
    fail_on: str = ""
    baseline: str = ""
    models: tuple[Model, ...] = ()
    extras: tuple[str, ...] = ()
    base: str = ""
    fail_on_change: str = ""
    comment: bool = False
    pages: bool = False
    sarif_file: str = ""
    upload_sarif: bool = False

    def check_arguments(self, json_file: Path) -> list[str]:
        """Arguments of `factsheet validate`: annotations to standard output, JSON and SARIF to files."""
        formats = ["github", f"json={json_file}", *([f"sarif={self.sarif_file}"] if self.sarif_file else [])]
        options = {
            "--stage": self.stage,
            "--select": self.select,
            "--ignore": self.ignore,
            "--fail-on": self.fail_on,
            "--baseline": self.baseline,
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

    def diff_arguments(self, revision: str, file: Path) -> list[str]:
        """Arguments of `factsheet diff`: what changed since a revision, as Markdown in a file."""
        fail_on = [f"--fail-on={self.fail_on_change}"] if self.fail_on_change else []
        return [
            "diff",
            "--format=markdown",
            f"--output={file}",
            *fail_on,
            *("--", revision, *self._places()[1:]),
        ]

    def pages_arguments(self, folder: Path) -> list[str]:
        """Arguments of `factsheet catalog`: a site with the pages of every sheet."""
        return ["catalog", f"--output={folder}", "--pages", *self._places()]

    def _places(self) -> list[str]:
        # Behind `--` a path that begins like an option is a path; `-` alone would mean standard input.
        return ["--", *("./-" if path == "-" else path for path in self.paths)] if self.paths else []


def read_extras(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Read the input `extras`.

    Raises:
        BadInputError: there is none of that name that reading models takes.
    """
    named = environment.get("FACTSHEET_EXTRAS", "").replace("\n", ",").split(",")
    extras = tuple(sorted({one.strip() for one in named if one.strip()}))
    for one in extras:
        if one not in EXTRAS:
            raise BadInputError(f"the input `extras` takes {', '.join(EXTRAS)}, not {one[:60]}")
    return extras


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

    def truth(name: str) -> bool:
        value = one_line(name).lower()
        if value not in {"", "false", "true"}:
            raise BadInputError(f"the input `{name}` is true or false, not {value[:60]}")
        return value == "true"

    change = one_line("fail-on-change")
    if change and change not in FAIL_ON_CHANGE:
        raise BadInputError(f"the input `fail-on-change` is {', '.join(FAIL_ON_CHANGE)}, not {change[:60]}")
    models = tuple(_model(line) for line in _lines(environment, "MODELS"))
    comment, upload = truth("comment"), truth("upload-sarif")
    if comment and any(_RUNS_CODE.fullmatch(model.source) for model in models):
        raise BadInputError(
            "`comment` needs a token that may write, and a model that is code of the change may not come near it; "
            "check that model in a job of its own"
        )
    roles = environment.get("FACTSHEET_ROLES", "").replace("\n", ",").split(",")
    return Inputs(
        paths=_lines(environment, "PATHS"),
        roles=tuple(role.strip() for role in roles if role.strip()),
        stage=one_line("stage"),
        select=one_line("select"),
        ignore=one_line("ignore"),
        fail_on=one_line("fail-on"),
        baseline=one_line("baseline"),
        models=models,
        extras=read_extras(environment),
        base=one_line("base"),
        fail_on_change=change,
        comment=comment,
        pages=truth("pages"),
        sarif_file=one_line("sarif-file") or (str(default_sarif_file) if upload else ""),
        upload_sarif=upload,
    )


def _lines(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    lines = environment.get(f"FACTSHEET_{name}", "").split("\n")  # a name may hold what else ends a line
    return tuple(line.strip() for line in lines if line.strip())


def _model(line: str) -> Model:
    """Return the sheet and the model of a line; a sheet that is there may have an equals sign in its name."""
    places = [place for place, character in enumerate(line) if character == "="]
    if not places:
        raise BadInputError(f"a line of the input `models` is `SHEET=MODEL`, not {line[:60]}")
    there = next((place for place in places if os.path.isfile(line[:place].rstrip())), places[0])  # noqa: PTH113
    sheet, source = line[:there].strip(), line[there + 1 :].strip()
    if not sheet or not source or "\0" in line:
        raise BadInputError(f"a line of the input `models` is `SHEET=MODEL`, not {line[:60]}")
    return Model("./-" if sheet == "-" else sheet, source)
