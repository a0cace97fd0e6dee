"""Change the packages that decide verdicts and figures, one small change at a time, and count which the tests notice.

nox -s mutate -- --sample 1500 --seed 1 --page docs/hardening-measured.md
"""

from __future__ import annotations

import argparse
import importlib
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from covering import Covering, measure
from equivalent import explanations
from mutants import Mutant, mutants_of, number_of
from ordering import trials_of
from scores import PACKAGES, is_missed, section, with_section
from trials import InPlace, Outcome, Trial, arguments, files_of, try_on_import

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
TESTS = tuple(
    f"tests/{name}"
    for name in (
        *("recompute", "crossbar", "quantities", "checks"),
        *("digital", "api", "hardware", "sweeps", "comparing", "catalog", "review", "authoring", "networks"),
        *("reports", "exchange", "pages"),
    )
)
"""The folders of tests that are run: those of the four packages, and of what is made of them and takes no process."""
_OTHER_PROGRAMS = frozenset(
    ("test_html_browser.py", "test_pdf.py", "test_scripts.py", "test_glance.py", "test_html_page.py")
)
"""Files of tests in these folders that ask a browser or a reader of PDFs, and take too long for each mutant."""
MEASURED = "measured.json"
"""The file of the latest measurement, which may be of a few files of tests."""
IMPORTED = (
    *("jinja2", "markdown_it", "yaml", "pydantic", "rich", "ruamel.yaml", "typer", "numpy"),
    *("hypothesis", "hypothesis.extra.numpy"),
)
"""What tests and package import, and no mutant changes: imported once, before any fork."""


def main(given: Sequence[str] | None = None) -> None:
    """Parse what was asked, try the mutants, and print the survivors and the scores."""
    options = _parser().parse_args(given)
    sys.path.insert(0, str(ROOT))  # this checkout, whatever is installed
    os.chdir(ROOT)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="factsheet-mutate-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if options.measure_only:
            files = [str(ROOT / "factsheet" / package / "*") for package in PACKAGES]
            tests = [str(ROOT / name) for name in options.tests]
            measure(ROOT, tests, files, folder).save(folder / MEASURED)
            return
        _mutate(options, folder)
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--sample", type=int, default=1500, help="so many mutants, drawn from all")
    add("--seed", type=int, default=1, help="of the draw")
    add("--seconds", type=float, default=1.5, help="of tests for each mutant, by their usual time")
    add(
        "--minutes",
        type=float,
        default=inf,
        help="after which no further mutant is tried; a later call goes on",
    )
    add("--processes", type=int, default=os.cpu_count() or 1, help="that try mutants at the same time")
    add(
        "--only", default="", help="only mutants whose file:line has this in it, all of them without --sample"
    )
    add(
        "--folder",
        type=Path,
        help="keep the coverage and the outcomes here, and go on from those that are there",
    )
    add("--page", type=Path, help="write the scores to the section of this page")
    add("--again", action="store_true", help="try those once more that were missed, by the tests of today")
    add("--measure-only", action="store_true", help=argparse.SUPPRESS)
    add("--tests", nargs="*", help=argparse.SUPPRESS)
    return parser


def _covering(folder: Path) -> Covering:
    """Return which tests run which lines; what is not known yet, of new tests say, is measured."""
    file = folder / "covering.json"
    known = Covering.load(file) if file.exists() else None
    tests = [test for name in TESTS for test in sorted((ROOT / name).rglob("test_*.py"))]
    tests = [test for test in tests if test.name not in _OTHER_PROGRAMS]
    stale = tests if known is None else known.stale(tests, ROOT)
    if stale:
        # In a process of its own: what it imports and counts must not be in those that try mutants.
        names = [test.relative_to(ROOT).as_posix() for test in stale]
        command = [sys.executable, __file__, "--measure-only", "--folder", str(folder), "--tests", *names]
        subprocess.run(command, check=True, stdout=sys.stderr, env=_environment(folder))
        newer = Covering.load(folder / MEASURED)
        known = newer if known is None else known.with_newer(newer)
        known.save(file)
    assert known is not None
    return known


def _mutate(options: argparse.Namespace, folder: Path) -> None:
    covering = _covering(folder)
    deadline = time.monotonic() + 60 * options.minutes
    numbers = {file: number_of(file) for package in PACKAGES for file in _files(package)}
    sample = _sample(numbers, options)
    kept = folder / f"outcomes-{options.seed}.jsonl"
    outcomes = _outcomes_in(kept, sample)
    explained = explanations()
    missed = {mutant for mutant, outcome in outcomes.items() if is_missed(outcome, explained)}
    waiting = [mutant for mutant in sample if mutant not in outcomes or (options.again and mutant in missed)]
    random.Random(options.seed).shuffle(waiting)  # noqa: S311 - so that those tried in time are a sample as well
    os.environ.update(_environment(folder))
    with kept.open("a", encoding="utf-8") as written:

        def told(outcome: Outcome) -> None:
            outcomes[outcome.mutant] = outcome
            written.write(f"{outcome.line()}\n")
            written.flush()

        trials = trials_of(waiting, covering, ROOT, options.seconds)
        _try_all(trials, options.processes, deadline, folder, told=told)
    outcomes = _outcomes_in(kept, sample)
    text = section(list(outcomes.values()), _by_package(numbers), explained, options)
    sys.stdout.write(text)
    if options.page:
        before = options.page.read_text(encoding="utf-8") if options.page.exists() else ""
        options.page.write_text(with_section(before, text), encoding="utf-8")


def _by_package(numbers: Mapping[Path, int]) -> dict[str, int]:
    return {package: sum(numbers[file] for file in _files(package)) for package in PACKAGES}


def _files(package: str) -> list[Path]:
    return sorted((ROOT / "factsheet" / package).rglob("*.py"))


def _sample(numbers: Mapping[Path, int], options: argparse.Namespace) -> list[Mutant]:
    """Draw from all the changes that the files allow; with `--only`, take what it names."""
    everything = [(file, index) for file, number in numbers.items() for index in range(number)]
    drawn = everything
    if not options.only and options.sample < len(everything):
        # Which mutants are drawn is no secret.
        drawn = random.Random(options.seed).sample(everything, options.sample)  # noqa: S311
    of_file: dict[Path, set[int]] = {}
    for file, index in drawn:
        of_file.setdefault(file, set()).add(index)
    mutants = [mutant for file, indexes in of_file.items() for mutant in mutants_of(file, ROOT, indexes)]
    return [mutant for mutant in mutants if options.only in f"{mutant.file}:{mutant.line}"]


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of the tests: the same draws in every trial, and nothing kept from one to the next."""
    kept = {"HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"), "CI": "true", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **kept}


def _outcomes_in(file: Path, sample: Sequence[Mutant]) -> dict[Mutant, Outcome]:
    found: dict[Mutant, Outcome] = {}
    named = {(mutant.file, mutant.index): mutant for mutant in sample}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        data = json.loads(line)
        mutant = named.get(tuple(data.pop("mutant")))
        if mutant is not None:
            found[mutant] = Outcome(mutant, **data)
    return found


def _try_all(
    trials: Sequence[Trial], processes: int, deadline: float, folder: Path, *, told: Callable[[Outcome], None]
) -> None:
    left = [trial for trial in trials if trial.on_import and trial.tests]
    within = [trial for trial in trials if trial not in left]
    for name in IMPORTED:
        importlib.import_module(name)
    assert not any(name.partition(".")[0] == "factsheet" for name in sys.modules)
    fork = multiprocessing.get_context("fork")
    answers = fork.SimpleQueue()
    workers = [
        fork.Process(target=_work, args=(within[start::processes], deadline, folder, answers))
        for start in range(processes)
    ]
    for worker in workers:
        worker.start()
    running = len(workers)
    while running:
        answer = answers.get()
        if answer is None:
            running -= 1
        elif isinstance(answer, Trial):
            left.append(answer)
        else:
            told(answer)
    for trial in left:
        if time.monotonic() > deadline:
            break
        told(try_on_import(trial, ROOT, folder))


def _work(
    trials: Sequence[Trial],
    deadline: float,
    folder: Path,
    answers: multiprocessing.SimpleQueue[Outcome | Trial | None],
) -> None:
    import pytest
    from hypothesis import Phase, settings

    # A failure is enough; the smallest is of no use here.
    settings.register_profile("no shrinking", phases=(Phase.explicit, Phase.generate))
    settings.load_profile("no shrinking")
    log = (folder / f"worker-{os.getpid()}.txt").open("w", encoding="utf-8")
    sys.stdout = sys.stderr = log
    plugin = InPlace(trials, ROOT, answers.put, deadline)
    try:
        pytest.main(arguments(ROOT, files_of(trials), folder), plugins=[plugin])
        for trial in plugin.unfit:
            answers.put(trial)
    finally:
        answers.put(None)


if __name__ == "__main__":
    main()
