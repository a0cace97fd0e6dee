"""What a sweep costs end to end: a large grid of one network, and many networks on one process and on several."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from subprocess import DEVNULL, run
from tempfile import TemporaryDirectory

from _measure import SHEETS, CannotMeasureError, cost_of, environment, verdict

BERT = SHEETS / "bert.yaml"
FACTSHEET = [sys.executable, "-m", "factsheet", "sweep"]
GRID = ["--seq-len", "16:400:16", "--batch", "1:100", "--tile", "128:512:96,640,768,1024"]
"""25 · 100 · 8 points for each profile."""
FIVE = "ibm-2022,hermes-64,ambrogio-34,isaac-ce,neurram"
CPU_S = 4.0
MEMORY_MIB = 256.0
NETWORKS = 200
ROUNDS = 2
LAYERS = "    layers: 12\n"


def grid(folder: Path) -> list[str]:
    """100,000 points to files, and ten times as many."""
    lines = []
    results = {}
    for name in ("grid.csv", "grid.json", "grid.parquet"):
        command = [
            *FACTSHEET,
            str(BERT),
            *GRID,
            "--hardware",
            FIVE,
            "--workers",
            "1",
            "-o",
            str(folder / name),
        ]
        try:
            cost_of(command)  # compiles what was not compiled yet, and warms the caches
            results[name] = min((cost_of(command) for _ in range(ROUNDS)), key=lambda cost: cost.cpu_s)
        except CannotMeasureError as error:
            lines.append(f"{name}: not measured: {str(error).splitlines()[-1]}")
            continue
        cost, size = results[name], (folder / name).stat().st_size
        spent = f"  {cost.cpu_s:6.2f} s  {cost.peak_bytes / 2**20:6.1f} MiB"
        lines.append(f"{spent}  100,000 points to {name} of {size / 1e6:.1f} MB")
    ten = ["--seq-len", "1:250", *GRID[2:], "--hardware", FIVE, "--workers", "1", "-o", os.devnull]
    many = cost_of([*FACTSHEET, str(BERT), *ten, "--format", "csv"])
    lines += [
        f"  {many.cpu_s:6.2f} s  {many.peak_bytes / 2**20:6.1f} MiB  1,000,000 points as CSV",
        verdict("100,000 points to CSV", results["grid.csv"].cpu_s, CPU_S, " s"),
        verdict("memory for 1,000,000 points", many.peak_bytes / 2**20, MEMORY_MIB, " MiB"),
    ]
    return lines


def networks(folder: Path) -> list[str]:
    """Many networks, each from a sheet of its own; by the clock, since several processes are to save time."""
    text = BERT.read_text(encoding="utf-8")
    if LAYERS not in text:
        raise CannotMeasureError(f"{BERT}: the line to vary is not there:\n{LAYERS}")
    (folder / "sheets").mkdir()
    for number in range(NETWORKS):
        varied = text.replace(LAYERS, f"    layers: {number % 48 + 1}\n")
        (folder / "sheets" / f"{number:04}.yaml").write_text(varied, encoding="utf-8")
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    took: dict[int, list[float]] = {1: [], processors: []}
    for _ in range(ROUNDS):  # in turns, so that a machine that grows slower slows both
        for workers, times in took.items():
            axes = ["--seq-len", "16:256:16", "--batch", "1,2,4,8", "--hardware", FIVE]
            command = [*FACTSHEET, str(folder / "sheets"), *axes, "--workers", str(workers), "-o"]
            began = time.monotonic()
            run([*command, str(folder / f"{workers}.csv")], check=True, stderr=DEVNULL, env=environment())
            times.append(time.monotonic() - began)
    if (folder / "1.csv").read_bytes() != (folder / f"{processors}.csv").read_bytes():
        raise CannotMeasureError("the number of workers changes the result")
    one, several = min(took[1]), min(took[processors])
    return [
        f"{NETWORKS} networks, 5 profiles, 64 points each, by the clock; the same file byte for byte",
        f"  {one:6.2f} s  one process",
        f"  {several:6.2f} s  {processors} processes: {one / several:.2f} times as fast",
    ]


def main() -> int:
    """Measure, print, and return the exit status: 0 unless nothing could be measured."""
    with TemporaryDirectory(prefix="factsheet-bench-") as folder:
        try:
            print("One network over a grid, CPU and peak memory of the process")
            print("\n".join(grid(Path(folder))))
            print("\n".join(networks(Path(folder))))
        except CannotMeasureError as error:
            print(error, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
