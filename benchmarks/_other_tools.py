"""The linters that `factsheet validate` is measured beside: how each is called, and which files it complains about.

Each is given what it can be given: check-jsonschema and Spectral the sheet's JSON Schema, yamllint its own idea of
good YAML without the limit on the length of lines, which is a matter of taste.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from _measure import SCHEMA, CannotMeasureError, environment, script

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SPECTRAL = "@stoplight/spectral-cli@6.16.3"
_YAMLLINT = "{extends: relaxed, rules: {line-length: disable}}"


class Tool(NamedTuple):
    """A linter.

    Attributes:
        name: what to call it in tables.
        does: what it looks at.
        command: its command line, files to follow.
        complained: the names of the files that its output complains about.
    """

    name: str
    does: str
    command: tuple[str, ...]
    complained: Callable[[str], set[str]]

    def complaints(self, files: Sequence[str]) -> set[str]:
        """The names, without folders, of the files that it finds something in.

        Raises:
            CannotMeasureError: what it says cannot be read.
        """
        done = subprocess.run(
            [*self.command, *files], capture_output=True, text=True, check=False, env=environment()
        )
        try:
            return {Path(name).name for name in self.complained(done.stdout)}
        except (ValueError, KeyError) as error:
            raise CannotMeasureError(
                f"{self.name}: {error}\n{done.stdout[:500]}{done.stderr[:500]}"
            ) from error


def factsheet() -> Tool:
    """Ourselves, with every rule on."""

    def complained(output: str) -> set[str]:
        return {sheet["file"] for sheet in json.loads(output)["sheets"] if sheet["diagnostics"]}

    options = ("validate", "--role", "all", "--stage", "published", "--output-format", "json")
    return Tool("factsheet", "every rule", (script("factsheet"), *options), complained)


def check_jsonschema() -> Tool:
    """https://github.com/python-jsonschema/check-jsonschema ."""

    def complained(output: str) -> set[str]:
        report = json.loads(output)
        return {error["filename"] for kind in ("errors", "parse_errors") for error in report.get(kind, ())}

    options = ("--schemafile", str(SCHEMA), "--output-format", "json")
    return Tool("check-jsonschema", "the schema", (script("check-jsonschema"), *options), complained)


def yamllint() -> Tool:
    """https://github.com/adrienverge/yamllint ."""

    def complained(output: str) -> set[str]:
        return set(re.findall(r"^(.+?):\d+:\d+: \[", output, re.MULTILINE))

    command = (script("yamllint"), "--format", "parsable", "--config-data", _YAMLLINT)
    return Tool("yamllint", "YAML alone", command, complained)


def spectral(folder: Path) -> Tool:
    """https://github.com/stoplightio/spectral, installed into the folder where the machine has none.

    Raises:
        CannotMeasureError: it is not there and npm cannot install it.
    """

    def complained(output: str) -> set[str]:
        # Says so in words, after the empty list, where nothing is found.
        return {result["source"] for result in json.JSONDecoder().raw_decode(output)[0]}

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    options = {"dialect": "draft2020-12", "allErrors": True, "schema": schema}
    then = {"function": "schema", "functionOptions": options}
    ruleset = folder / "ruleset.json"
    rules = {"sheet": {"given": "$", "severity": "error", "then": then}}
    ruleset.write_text(json.dumps({"rules": rules}), encoding="utf-8")
    command = (_spectral_program(folder), "lint", "--ruleset", str(ruleset), "--ignore-unknown-format")
    return Tool("spectral", "the schema", (*command, "--format", "json"), complained)


def _spectral_program(folder: Path) -> str:
    found = shutil.which("spectral")
    if found:
        return found
    npm = shutil.which("npm")
    if npm is None:
        raise CannotMeasureError("spectral: neither it nor npm, which could install it, is there")
    install = [
        npm,
        "install",
        "--prefix",
        str(folder),
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        SPECTRAL,
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    program = folder / "node_modules" / ".bin" / "spectral"
    if done.returncode or not program.exists():
        raise CannotMeasureError(f"spectral: npm could not install it\n{done.stderr[-500:]}")
    return str(program)
