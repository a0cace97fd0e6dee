"""What docs/stability.md promises, as it is now: names, parameters, options, ids, keys and their types.

`python promises.py` writes `promised.json`, which test_promises.py holds later versions to. It is written anew for a
release, and read like code: only a version that may break may take a line away.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import factsheet
from factsheet import errors
from factsheet.checks.registry import RULES
from factsheet.cli import exits
from factsheet.cli.app import COMMANDS, GROUPS, app_of
from factsheet.cli.run import run
from factsheet.sheet.json_schema import schema_text

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
RECORD = Path(__file__).with_name("promised.json")
JSON = ("--format", "json")
WRITTEN_AS_JSON = (
    ("validate", "--output-format", "json", "wrong.yaml"),
    ("status", "bert.yaml", *JSON),
    ("derive", "bert.yaml", *JSON),
    ("inspect", "bert.yaml", *JSON),
    ("sweep", "bert.yaml", "--seq-len", "32,64", *JSON),
    ("todo", "bert.yaml", *JSON),
    ("fields", "parameters", *JSON),
    ("diff", "bert.yaml", "wrong.yaml", *JSON),
    ("compare", "bert.yaml", "wrong.yaml", *JSON),
    ("find", "power < 10 W", "bert.yaml", *JSON),
    ("doctor", *JSON),
    ("review", "summary", "bert.yaml", *JSON),
)
"""Commands with reports for programs; of `wrong.yaml`, the sheet with a wrong figure, there are findings."""


def names() -> Iterator[str]:
    """Yield the public names with their parameters, those that can be given by position in their order."""
    for name in factsheet.__all__:
        value = getattr(factsheet, name)
        yield f"factsheet.{name}"
        if inspect.isfunction(value):
            yield from parameters(f"factsheet.{name}", value)
        elif inspect.isclass(value):
            for method, function in inspect.getmembers(value, inspect.isroutine):
                if not method.startswith(("_", "model_")) and str(
                    getattr(function, "__module__", "")
                ).startswith("factsheet"):
                    yield f"factsheet.{name}.{method}"
                    yield from parameters(f"factsheet.{name}.{method}", function)
    for name, value in vars(errors).items():
        if inspect.isclass(value) and issubclass(value, errors.FactsheetError):
            yield from (f"factsheet.errors.{name} is {base.__name__}" for base in value.__mro__[:-1])


def parameters(name: str, function: Any) -> Iterator[str]:
    """Yield what can be given to a function."""
    position = 0
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in {"self", "cls"}:
            continue
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD:
            yield f"{name}({position}: {parameter.name})"
            position += 1
        yield f"{name}({parameter.name}=)"


def options() -> Iterator[str]:
    """Yield the commands, and their options by their long names."""
    import typer

    group: Any = typer.main.get_command(app_of(*COMMANDS, *GROUPS))
    for name, command in group.commands.items():
        for below, one in {"": command, **getattr(command, "commands", {})}.items():
            words = f"factsheet {name} {below}".rstrip()
            yield words
            for option in one.params:
                yield from (f"{words} {flag}" for flag in option.opts if flag.startswith("--"))


def keys(value: object, path: str = "") -> Iterator[str]:
    """Yield the keys of a report with the types of their values; what is not always there is among other reports."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from keys(below, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield f"{path}: list"
        for below in value:
            yield from keys(below, f"{path}[]")
    elif value is not None:
        kind = (
            "number"
            if isinstance(value, (int, float)) and not isinstance(value, bool)
            else type(value).__name__
        )
        yield f"{path}: {kind}"


def shapes() -> dict[str, list[str]]:
    """Return the keys of each report, by the name of its shape."""
    found: dict[str, list[str]] = {}
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            text = (ROOT / "sheets" / "bert.yaml").read_text(encoding="utf-8")
            shutil.copy(ROOT / "sheets" / "bert.review.yaml", ".")
            Path("bert.yaml").write_text(text, encoding="utf-8")
            wrong = text.replace("analog_ops: 21.74 G ops", "analog_ops: 30 G ops")
            Path("wrong.yaml").write_text(wrong, encoding="utf-8")
            for command in WRITTEN_AS_JSON:
                written = io.BytesIO()
                out = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
                with contextlib.redirect_stdout(out):
                    status = run(command)
                if status not in {exits.CLEAN, exits.FINDINGS}:
                    raise ValueError(f"{' '.join(command)}: exit status {status}")
                report = json.loads(written.getvalue())
                # Rows of a sweep, and facts, have keys by what was asked; their envelope is what is promised.
                found[report["schema"]] = sorted(set(keys(report)))
        finally:
            os.chdir(before)
    return found


def fields(
    node: dict[str, Any], definitions: dict[str, Any], path: str = "", depth: int = 0
) -> Iterator[str]:
    """Yield the keys of a sheet, as the JSON Schema has them."""
    if "$ref" in node:
        node = definitions[node["$ref"].rpartition("/")[2]]
    for name, below in node.get("properties", {}).items():
        place = f"{path}.{name}" if path else name
        yield place
        if depth < 6:
            yield from fields(below, definitions, place, depth + 1)
    for below in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("allOf", ())):
        yield from fields(below, definitions, path, depth + 1) if depth < 6 else ()
    if isinstance(node.get("items"), dict):
        yield from fields(node["items"], definitions, f"{path}[]", depth)


def promises() -> dict[str, list[str]]:
    """Return everything that is promised, as it is now, by its kind."""
    schema = json.loads(schema_text())
    statuses = ("CLEAN", "FINDINGS", "USAGE", "BUG", "INTERRUPTED")
    return {
        "names": sorted(set(names())),
        "commands": sorted(set(options())),
        "exit statuses": [f"{name} {getattr(exits, name)}" for name in statuses],
        "rules": sorted(rule.id for rule in RULES),
        "fields": sorted(set(fields(schema, schema["$defs"]))),
        **shapes(),
    }


if __name__ == "__main__":
    record = json.dumps(promises(), indent=1, ensure_ascii=False)
    RECORD.write_text(record + "\n", encoding="utf-8", newline="\n")
    sys.stdout.write(f"{RECORD}\n")
