"""`factsheet validate` with every rule on: a thousand sheets, the memory for one more, and other linters beside it."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import _other_tools as tools
from _measure import ROOT, SHEETS, CannotMeasureError, cost_of, median_cpu_s, verdict
from thousand_sheets import write_sheets

FEW, MANY = 100, 1000
CPU_S = 2.5
ROUNDS = 3


def main() -> int:
    """Measure, print, and return the exit status: 0 unless nothing could be measured."""
    with TemporaryDirectory(prefix="factsheet-bench-") as scratch:
        try:
            beside = linters(Path(scratch))
            files = write_sheets(Path(scratch, "many"), MANY)
            cpu_s = memory(tools.factsheet(), files)
            speed(beside, files)
            finds(beside, Path(scratch, "planted"))
        except CannotMeasureError as error:
            print(error, file=sys.stderr)
            return 2
    print(verdict(f"validate, {MANY} sheets, every rule", cpu_s, CPU_S, " s"))
    return 0


def linters(scratch: Path) -> list[tools.Tool]:
    """Those that are there; the others are named as not measured."""
    found = [tools.factsheet(), tools.check_jsonschema(), tools.yamllint()]
    try:
        return [*found, tools.spectral(scratch)]
    except CannotMeasureError as error:
        print(f"not measured: {error}\n")
        return found


def memory(ours: tools.Tool, files: list[str]) -> float:
    """Print CPU and memory for few and for many sheets; return the CPU time for many, in seconds."""
    cost_of([*ours.command, *files[:FEW]])  # compiles what was not compiled yet, and warms the caches
    few = cost_of([*ours.command, *files[:FEW]])
    costs = [cost_of([*ours.command, *files]) for _ in range(ROUNDS)]
    peak = max(cost.peak_bytes for cost in costs)
    cpu_s = median_cpu_s(costs)
    print("Sheets without findings, every rule on, one process")
    print(f"  {FEW:5} sheets  {few.cpu_s:6.2f} s  {few.peak_bytes / 2**20:6.1f} MiB")
    print(f"  {MANY:5} sheets  {cpu_s:6.2f} s  {peak / 2**20:6.1f} MiB  (median of {ROUNDS})")
    more = (peak - few.peak_bytes) / (MANY - FEW) / 2**10
    print(f"  one sheet more: {1000 * (cpu_s - few.cpu_s) / (MANY - FEW):.2f} ms, {more:.2f} KiB\n")
    return cpu_s


def speed(beside: list[tools.Tool], files: list[str]) -> None:
    """Print what each linter takes for the same files, in one run."""
    print(f"The same {MANY} sheets, each linter once, in turn")
    costs = {tool.name: cost_of([*tool.command, *files]) for tool in beside}
    ours = costs[beside[0].name]
    for tool in beside:
        cost = costs[tool.name]
        ratio = cost.cpu_s / ours.cpu_s
        print(
            f"  {cost.cpu_s:6.2f} s  {ratio:5.1f}x  {cost.peak_bytes / 2**20:6.1f} MiB  {tool.name}, {tool.does}"
        )
    print()


def finds(beside: list[tools.Tool], folder: Path) -> None:
    """Print how many planted faults each linter notices at all, by the family of the rule that has to find them."""
    sys.path.insert(0, str(ROOT / "tests" / "checks"))
    from planted_faults import FAULTS, plant

    folder.mkdir()
    text = (SHEETS / "bert.yaml").read_text(encoding="utf-8")
    sound = folder / "sound.yaml"
    sound.write_text(text, encoding="utf-8")
    families: dict[str, dict[str, str]] = {}
    for number, fault in enumerate(FAULTS):
        file = folder / f"fault_{number:02}.yaml"
        file.write_text(plant(fault, text)[0], encoding="utf-8")
        families.setdefault(fault.rule[:3], {})[file.name] = str(file)
    print(f"Of {len(FAULTS)} faults, planted one at a time into {(SHEETS / 'bert.yaml').relative_to(ROOT)}")
    print(f"  {'':16}" + "".join(f"{family:>8}" for family in families) + f"{'all':>8}")
    print(
        f"  {'planted':16}"
        + "".join(f"{len(planted):8}" for planted in families.values())
        + f"{len(FAULTS):8}"
    )
    for tool in beside:
        paths = [path for planted in families.values() for path in planted.values()]
        noticed = tool.complaints([*paths, str(sound)])
        counts = [len(noticed & set(planted)) for planted in families.values()]
        alarm = "  and complains about the sound sheet" if sound.name in noticed else ""
        print(f"  {tool.name:16}" + "".join(f"{count:8}" for count in counts) + f"{sum(counts):8}{alarm}")
    print()


if __name__ == "__main__":
    sys.exit(main())
