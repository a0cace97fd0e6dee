"""How long the commands that are called most take to start, beside what Python and the libraries take alone."""

from __future__ import annotations

import sys

from _measure import SHEETS, CannotMeasureError, interleaved, median_cpu_s, script, verdict

ROUNDS = 21
VALIDATE_TO_IMPORTS = 1.4
VERSION_TO_BARE = 3.0
VALIDATE_MS = 200.0


def main() -> int:
    """Measure, print, and return the exit status: 0 unless nothing could be measured."""
    try:
        factsheet = script("factsheet")
        costs = interleaved(
            {
                "bare": [sys.executable, "-c", "pass"],
                "version": [factsheet, "--version"],
                "imports": [sys.executable, "-c", "import typer, pydantic, yaml"],
                "validate": [factsheet, "validate", str(SHEETS / "bert.yaml")],
                "options": [factsheet, "validate", "--fail-on", "error", str(SHEETS / "bert.yaml")],
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
        "imports": "python -c 'import typer, pydantic, yaml'",
        "validate": "factsheet validate sheets/bert.yaml",
        "options": "factsheet validate --fail-on error sheets/bert.yaml",
    }.items():
        print(f"  {cpu_ms[name]:6.1f} ms  {words}")
    print(verdict("validate / imports", cpu_ms["validate"] / cpu_ms["imports"], VALIDATE_TO_IMPORTS, "x"))
    print(verdict("--version / bare", cpu_ms["version"] / cpu_ms["bare"], VERSION_TO_BARE, "x"))
    print(verdict("validate", cpu_ms["validate"], VALIDATE_MS, " ms"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
