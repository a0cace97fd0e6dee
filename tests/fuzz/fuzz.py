"""Change inputs of every kind at random, and look for what must not happen: a traceback, exit 3, hours, gigabytes.

    python tests/fuzz/fuzz.py                             every kind for a while, from a seed that is printed
    python tests/fuzz/fuzz.py sheets onnx --runs 5000     so many cases of these kinds
    python tests/fuzz/fuzz.py onnx --seed 7 --case 1234   one case again, its files and what comes of it
    python tests/fuzz/fuzz.py --replay FILE …             cases that were kept

Each case is run in a child of this process; one that takes more than 5 s of work or 500 MB is a fault as well. The
first case of each fault is made as small as it will go and kept in `tests/fuzz/cases/`, where the tests try it again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import secrets
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "fuzz")]

from fuzz_cases import KEPT, Case, Target, case_in, put, text_of  # noqa: E402  the line above finds it
from fuzz_minimal import minimised  # noqa: E402  likewise
from fuzz_pool import Outcome, dice_for, run_all, run_one  # noqa: E402  likewise

import factsheet  # noqa: E402  the line above finds it

if TYPE_CHECKING:
    from collections.abc import Sequence

MODULES = ("sheet_targets", "model_targets", "source_targets", "seal_targets", "command_targets")
_A_WHILE_S = 20.0
_UNBOUNDED = 10**9


class Tally(NamedTuple):
    """What a run of one target came to."""

    target: str
    seed: int
    first: int
    cases: int
    wall_s: float
    cpu_s: float
    slowest_s: float
    slowest_case: int
    most_bytes: int
    faults: dict[str, list[int]]
    """Numbers of the cases, by fault."""


def targets() -> dict[str, Target]:
    """Return every kind of input by its name."""
    return {target.name: target for module in MODULES for target in import_module(module).TARGETS}


def import_everything() -> None:
    """Import what a case would otherwise import, so that no case is charged for it."""
    for name in ("numpy", "torch", "transformers", "onnx", "weasyprint", "jinja2", "rich.table", "sqlite3"):
        try:
            import_module(name)
        except ImportError:
            sys.stderr.write(f"without {name}: what needs it is refused, and little of it is tried\n")
    for module in walk_packages(factsheet.__path__, "factsheet."):
        if not module.name.endswith("__main__"):
            with suppress(ImportError):  # what an extra brings may be missing
                import_module(module.name)


def run_target(target: Target, seed: int, numbers: range, seconds: float) -> tuple[Tally, dict[str, Outcome]]:
    """Run cases until the numbers or the seconds are used up.

    Returns:
        What they came to, and the first outcome of each fault.
    """
    begun = time.monotonic()
    faults: dict[str, list[int]] = {}
    first: dict[str, Outcome] = {}
    cases, cpu = 0, 0.0
    slowest, most = Outcome(-1, 0.0, 0), 0
    for outcome in run_all(target, seed, numbers, until=lambda: time.monotonic() - begun > seconds):
        cases, cpu = cases + 1, cpu + outcome.cpu_s
        slowest = max(slowest, outcome, key=lambda one: one.cpu_s)
        most = max(most, outcome.grown)
        if outcome.key:
            faults.setdefault(outcome.key, []).append(outcome.number)
            first.setdefault(outcome.key, outcome)
    wall = time.monotonic() - begun
    tally = Tally(
        target.name, seed, numbers.start, cases, wall, cpu, slowest.cpu_s, slowest.number, most, faults
    )
    return tally, first


def keep(target: Target, seed: int, outcome: Outcome, folder: Path, seconds: float) -> Path:
    """Make a case that shows a fault small, and write it where the tests look for it."""
    case = target.make(dice_for(target.name, seed, outcome.number))
    small = minimised(target, case, outcome.key, seconds)
    name = hashlib.sha256(f"{target.name} {outcome.key}".encode()).hexdigest()[:8]
    file = folder / f"{target.name}-{name}.json"
    folder.mkdir(parents=True, exist_ok=True)
    text = text_of(small, target.name, found=outcome.key, seed=f"{seed}, case {outcome.number}")
    file.write_text(text, "utf-8")
    return file


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _report(tally: Tally) -> None:
    count = sum(map(len, tally.faults.values()))
    _say(
        f"{tally.target}: {tally.cases:,} cases in {tally.wall_s:.0f} s, {count} with a fault of {len(tally.faults)}"
        f" kinds; slowest {tally.slowest_s:.2f} s (case {tally.slowest_case}), most memory"
        f" {tally.most_bytes / 10**6:.0f} MB; seed {tally.seed}"
    )


def _try_again(files: Sequence[str]) -> int:
    known = targets()
    bad = 0
    for name in files:
        target, case = case_in(Path(name).read_text("utf-8"))
        outcome = run_one(known[target], case)
        _say(f"{name}: {outcome.detail or 'nothing wrong'}")
        bad += bool(outcome.key)
    return int(bad > 0)


def _show(target: Target, seed: int, number: int, folder: Path) -> int:
    case: Case = target.make(dice_for(target.name, seed, number))
    put(folder, case)
    (folder / "case.json").write_text(text_of(case, target.name, seed=f"{seed}, case {number}"), "utf-8")
    outcome = run_one(target, case)
    _say(f"{target.name}, seed {seed}, case {number}: files in {folder}; arguments {list(case.arguments)}")
    _say(f"{outcome.cpu_s:.2f} s, {outcome.grown / 10**6:.0f} MB: {outcome.detail or 'nothing wrong'}")
    return int(bool(outcome.key))


def main() -> int:
    """Run; 0 where nothing was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "targets", nargs="*", metavar="KIND", help=f"of {', '.join(targets())}; left out: all"
    )
    parser.add_argument("--seed", type=int, help="left out: another one each time")
    parser.add_argument(
        "--seconds", type=float, help=f"for each kind; left out: {_A_WHILE_S:g}, or as --runs takes"
    )
    parser.add_argument("--runs", type=int, help="cases of each kind")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--case", type=int, help="run this case alone")
    parser.add_argument("--replay", nargs="+", metavar="FILE", help="run cases that were kept")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where faults are kept")
    parser.add_argument("--minimise", type=float, default=30.0, metavar="SECONDS", help="for each fault")
    parser.add_argument("--tally", type=Path, metavar="FILE", help="add what was run to this file")
    options = parser.parse_args()
    known = targets()
    unknown = [name for name in options.targets if name not in known]
    if unknown:
        parser.error(f"there is no kind {unknown[0]}; the kinds are {', '.join(known)}")
    import_everything()
    if options.replay:
        return _try_again(options.replay)
    seed = secrets.randbelow(10**6) if options.seed is None else options.seed
    chosen = options.targets or list(known)
    if options.case is not None:
        folder = Path(os.environ.get("TMPDIR", "/tmp")) / f"fuzz-{chosen[0]}-{seed}-{options.case}"  # noqa: S108  of one's own
        return _show(known[chosen[0]], seed, options.case, folder)
    seconds = options.seconds or (_UNBOUNDED if options.runs else _A_WHILE_S)
    numbers = range(options.first, options.first + (options.runs or _UNBOUNDED))
    found = 0
    for name in chosen:
        tally, first = run_target(known[name], seed, numbers, seconds)
        _report(tally)
        found += len(tally.faults)
        for key, outcome in first.items():
            file = keep(known[name], seed, outcome, options.keep, options.minimise)
            _say(f"  {key}: {len(tally.faults[key])} cases, the first is {outcome.number}; kept in {file}")
            _say("\n".join(f"    {line}" for line in outcome.detail.splitlines()[-14:]))
        if options.tally is not None:
            _note(tally, options.tally)
    return int(found > 0)


def _note(tally: Tally, file: Path) -> None:
    """Add a run to the record that docs/hardening-measured.md is made from."""
    held = json.loads(file.read_text("utf-8")) if file.exists() else []
    held = [*held, tally._asdict()]
    file.write_text(json.dumps(held, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
