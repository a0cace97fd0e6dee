"""How long the commands that are called most take to start, beside what Python and the libraries take alone."""

from __future__ import annotations

import sys

from _measure import SCHEMA, SHEETS, CannotMeasureError, interleaved, median_cpu_s, script, verdict

ROUNDS = 21
IMPORTS = "import typer, yaml; from pydantic import BaseModel"
VALIDATE_TO_IMPORTS = 2.6
OPTIONS_TO_IMPORTS = 3.2
VALIDATE_TO_OTHER = 0.5
VERSION_TO_BARE = 3.0


def main() -> int:
    """Measure, print, and return the exit status: 0 unless nothing could be measured."""
    try:
        factsheet, sheet = script("factsheet"), str(SHEETS / "bert.yaml")
        costs = interleaved(
            {
                "bare": [sys.executable, "-c", "pass"],
                "version": [factsheet, "--version"],
                "imports": [sys.executable, "-c", IMPORTS],
                "validate": [factsheet, "validate", sheet],
                "options": [factsheet, "validate", "--fail-on", "error", sheet],
                "other": [script("check-jsonschema"), "--schemafile", str(SCHEMA), sheet],
            },
            ROUNDS,
        )
    except CannotMeasureError as error:
        print(error, file=sys.stderr)
        return 2
    cpu_ms = {name: 1000 * median_cpu_s(runs) for name, runs in costs.items()}
    print(f"CPU, median of {ROUNDS} interleaved runs")
    for name, words in {
        "bare": "python -c pass",
        "version": "factsheet --version",
        "imports": f"python -c '{IMPORTS}'",
        "validate": "factsheet validate sheets/bert.yaml",
        "options": "factsheet validate --fail-on error sheets/bert.yaml",
        "other": "check-jsonschema --schemafile schemas/factsheet-1.schema.json sheets/bert.yaml",
    }.items():
        print(f"  {cpu_ms[name]:6.1f} ms  {words}")
    print(verdict("validate / imports", cpu_ms["validate"] / cpu_ms["imports"], VALIDATE_TO_IMPORTS, "x"))
    print(verdict("with an option / imports", cpu_ms["options"] / cpu_ms["imports"], OPTIONS_TO_IMPORTS, "x"))
    print(
        verdict("validate / check-jsonschema", cpu_ms["validate"] / cpu_ms["other"], VALIDATE_TO_OTHER, "x")
    )
    print(verdict("--version / bare", cpu_ms["version"] / cpu_ms["bare"], VERSION_TO_BARE, "x"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
