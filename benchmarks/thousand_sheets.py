"""A thousand sheets checked in one process, beside check-jsonschema on the same files with the sheet's JSON Schema."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from _measure import SCHEMA, CannotMeasureError, cost_of, median_cpu_s, script

SHEETS = 1000
TEMPLATE = Path(__file__).with_name("sheet_150.yaml")
NAME = "  name: BERT-base on analog AI hardware\n"
TIMES_FASTER = 10.0


def write_sheets(folder: Path, count: int = SHEETS) -> list[str]:
    """So many sheets, each with a name of its own, so that none can be answered from memory of another."""
    text = TEMPLATE.read_text(encoding="utf-8")
    if NAME not in text:
        raise CannotMeasureError(f"{TEMPLATE}: the line to number is not there:\n{NAME}")
    folder.mkdir(exist_ok=True)
    files = []
    for number in range(count):
        file = folder / f"sheet_{number:04}.yaml"
        file.write_text(text.replace(NAME, f"{NAME.rstrip()} {number}\n"), encoding="utf-8")
        files.append(str(file))
    return files


def main() -> int:
    """Measure, print, and return the exit status: 0 unless nothing could be measured."""
    with TemporaryDirectory(prefix="factsheet-bench-") as folder:
        try:
            ours = [script("factsheet"), "validate", folder]
            theirs = [script("check-jsonschema"), "--schemafile", str(SCHEMA), *write_sheets(Path(folder))]
            cost_of(ours)  # compiles what was not compiled yet, and warms the caches
            # Theirs takes long enough to average over the machine's moods; ours runs before and after it.
            before = [cost_of(ours), cost_of(ours)]
            other = cost_of(theirs)
            costs = [*before, cost_of(ours)]
        except CannotMeasureError as error:
            print(error, file=sys.stderr)
            return 2
    cpu_s = median_cpu_s(costs)
    peak_bytes = max(cost.peak_bytes for cost in costs)
    print(
        f"{SHEETS} sheets of {len(TEMPLATE.read_text(encoding='utf-8').splitlines())} lines, CPU and peak memory"
    )
    print(
        f"  {cpu_s:6.2f} s  {peak_bytes / 2**20:6.1f} MiB  factsheet validate DIRECTORY (median of {len(costs)})"
    )
    print(
        f"  {other.cpu_s:6.2f} s  {other.peak_bytes / 2**20:6.1f} MiB  check-jsonschema, schema alone (one run)"
    )
    faster = other.cpu_s / cpu_s
    word = "PASS" if faster >= TIMES_FASTER else "FAIL"
    print(f"{word}  check-jsonschema / validate: {faster:.3g}x, at least {TIMES_FASTER:g}x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
