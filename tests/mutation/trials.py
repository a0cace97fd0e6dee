"""Run the tests that cover a mutant until one of them fails.

Every trial is a fork of a process that has imported and collected everything, and ends with it. A change within a
function takes the place of the function's code there, so that nothing has to be imported again; one to code that runs
on import is tried in a fork of a process that has yet to import the package.
"""

from __future__ import annotations

import gc
import importlib.machinery
import importlib.util
import json
import math
import os
import resource
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Literal

import pytest
from mutants import mutated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from mutants import Mutant

Verdict = Literal["killed", "too slow", "survived", "not covered"]

TIMES_AS_LONG = 10
"""A test that takes so many times its own time, and five seconds more, goes on for ever."""
SECONDS_MORE = 5
LONGEST_BY_THE_CLOCK = 300
MEMORY = 4 << 30
"""Bytes that a mutant may take beyond what the process has when it starts."""
IN_FRONT = 8
"""So many of the tests that killed earlier mutants of the file are run first."""


@dataclass(frozen=True)
class Trial:
    """A mutant and the tests for it, the most promising first, each with its usual seconds.

    `on_import` says that the changed code runs when its module is imported.
    """

    mutant: Mutant
    tests: tuple[tuple[str, float], ...]
    on_import: bool


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant; `test` is the one that failed."""

    mutant: Mutant
    verdict: Verdict
    test: str = ""
    tests: int = 0

    def line(self) -> str:
        """Return the outcome as a line of JSON."""
        key = [self.mutant.file, self.mutant.index]
        return json.dumps({"mutant": key, "verdict": self.verdict, "test": self.test, "tests": self.tests})


def arguments(root: Path, files: Iterable[str], folder: Path) -> list[str]:
    """Return what pytest is started with."""
    quiet = (
        "-q",
        "--tb=no",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:faulthandler",
        "--no-header",
    )
    # Plugins are among what was imported before the fork; their assertions are of no interest.
    imported = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    return [
        *quiet,
        *imported,
        "--rootdir",
        str(root),
        f"--basetemp={folder / f'pytest-{os.getpid()}'}",
        *sorted(files),
    ]


def files_of(trials: Iterable[Trial]) -> set[str]:
    """Return the files that hold the tests."""
    return {name.partition("::")[0] for trial in trials for name, _ in trial.tests}


class InPlace:
    """A plugin of pytest that collects the tests and then, instead of running them, tries mutants."""

    def __init__(
        self, trials: Sequence[Trial], root: Path, told: Callable[[Outcome], None], deadline: float
    ) -> None:
        """Try these in turn up to a time of the monotonic clock; `told` is called with each outcome."""
        self.trials, self.root, self.told, self.deadline = trials, root, told, deadline
        self.failed = False
        self.killers: dict[str, Counter[str]] = {}
        self.unfit: list[Trial] = []
        self.sound: set[str] = set()
        self.unsound: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notice a test that fails, in the fork that runs it."""
        self.failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant."""
        items = {item.nodeid: item for item in session.items}
        live = _Live(self.root, {trial.mutant.file for trial in self.trials})
        gc.collect()
        gc.freeze()
        for trial in self.trials:
            if time.monotonic() > self.deadline:
                break
            if not trial.tests:
                self.told(Outcome(trial.mutant, "not covered"))
                continue
            pairs = live.replacements(trial.mutant)
            if pairs is None:
                self.unfit.append(trial)
                continue
            self.told(self._tried(trial, [_Change(live, pairs), _Change(live, [])], items))
        return True

    def _tried(self, trial: Trial, changes: Sequence[_Change], items: Mapping[str, pytest.Item]) -> Outcome:
        """Return what became of a mutant: a test that fails without it too, run alone, says nothing."""
        changed, unchanged = changes
        while True:
            tests = [(items[name], seconds) for name, seconds in self._ordered(trial) if name in items]
            outcome = forked(trial.mutant, partial(self._run, changed, tests))
            if outcome.verdict == "survived":
                return outcome
            if outcome.test not in self.sound:
                alone = [(items[name], seconds) for name, seconds in trial.tests if name == outcome.test]
                if forked(trial.mutant, partial(self._run, unchanged, alone)).verdict != "survived":
                    self.unsound.add(outcome.test)
                    continue
                self.sound.add(outcome.test)
            self.killers.setdefault(trial.mutant.file, Counter())[outcome.test] += 1
            return outcome

    def _ordered(self, trial: Trial) -> list[tuple[str, float]]:
        killers = self.killers.get(trial.mutant.file, Counter())
        first = {name for name, _ in killers.most_common(IN_FRONT)}
        sound = [test for test in trial.tests if test[0] not in self.unsound]
        return sorted(sound, key=lambda test: test[0] not in first)

    def _run(
        self, change: _Change, tests: Sequence[tuple[pytest.Item, float]], say: Callable[[str], None]
    ) -> bool:
        change.make()
        for (item, seconds), following in zip(tests, [*tests[1:], None], strict=True):
            _allow(seconds)
            say(item.nodeid)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following and following[0])
            if self.failed:
                return False
        return True


@dataclass(frozen=True)
class _Change:
    """Functions of this process, each with the code that a mutant gives it."""

    live: _Live
    pairs: Sequence[tuple[FunctionType, CodeType]]

    def make(self) -> None:
        for function, code in self.pairs:
            function.__code__ = code
        self.live.forget()


class _Live:
    """The functions of the package that this process holds, and the answers that it has cached."""

    def __init__(self, root: Path, files: Iterable[str]) -> None:
        """Look for functions of the files, and for caches of theirs and of the tests."""
        self.root = root
        self.functions: dict[str, list[FunctionType]] = {str(root / file): [] for file in files}
        self.caches: list[Any] = []
        tests = str(root / "tests")
        for thing in gc.get_objects():
            if type(thing) is FunctionType and thing.__code__.co_filename in self.functions:
                self.functions[thing.__code__.co_filename].append(thing)
            elif type(thing).__name__ == "_lru_cache_wrapper":
                file = _file_of(thing)
                if file in self.functions or file.startswith(tests):
                    self.caches.append(thing)

    def forget(self) -> None:
        """Empty the caches, since the original filled them; those of other packages would take long to fill again."""
        for cache in self.caches:
            cache.cache_clear()

    def replacements(self, mutant: Mutant) -> list[tuple[FunctionType, CodeType]] | None:
        """Return the functions to change, each with its new code; None if that cannot be done in place."""
        file = self.root / mutant.file
        old = _codes(compile(file.read_text(encoding="utf-8"), str(file), "exec", dont_inherit=True))
        new = _codes(compile(mutated(mutant, self.root), str(file), "exec", dont_inherit=True))
        if len(old) != len(new) or old[0] != _constants_apart(new[0], old[0]):
            return None
        changed = {id(before): after for before, after in zip(old, new, strict=True) if before != after}
        pairs = []
        for function in self.functions.get(str(file), ()):
            same = next((code for code in old if code == function.__code__), None)
            if same is not None and id(same) in changed:
                code = changed[id(same)]
                if len(code.co_freevars) != len(function.__code__.co_freevars):
                    return None
                pairs.append((function, code))
        return pairs or None


def _codes(code: CodeType) -> list[CodeType]:
    """Return the module's code and that of every function in it, outermost first."""
    return [code, *(inner for part in code.co_consts if isinstance(part, CodeType) for inner in _codes(part))]


def _constants_apart(new: CodeType, old: CodeType) -> CodeType:
    """Return a module's code with the functions of another version of it: equal, if what runs on import is."""
    if len(new.co_consts) != len(old.co_consts):
        return new
    constants = tuple(
        _constants_apart(theirs, ours)
        if isinstance(theirs, CodeType) and isinstance(ours, CodeType) and "<locals>" not in theirs.co_qualname
        and theirs.co_flags & 0x2 == 0
        else (ours if isinstance(theirs, CodeType) and isinstance(ours, CodeType) else theirs)
        for theirs, ours in zip(new.co_consts, old.co_consts, strict=True)
    )  # fmt: skip
    return new.replace(co_consts=constants)


def _file_of(cache: Any) -> str:
    code = getattr(getattr(cache, "__wrapped__", None), "__code__", None)
    return "" if code is None else str(code.co_filename)


class OnImport:
    """A plugin of pytest that runs a trial's tests alone, in their order."""

    def __init__(self, tests: Sequence[tuple[str, float]], say: Callable[[str], None]) -> None:
        """`say` is called with each test's name before it runs."""
        self.order = {name: place for place, (name, _) in enumerate(tests)}
        self.seconds = dict(tests)
        self.functions = {name.partition("[")[0] for name in self.order}
        self.say = say

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep these tests; one that the mutant gave another name counts as its function's last."""
        last = len(self.order)
        kept = [item for item in items if item.nodeid.partition("[")[0] in self.functions]
        items[:] = sorted(kept, key=lambda item: self.order.get(item.nodeid, last))
        del items[last:]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Limit the test's time."""
        _allow(self.seconds.get(item.nodeid, 1.0))
        self.say(item.nodeid)


class _Changed(importlib.machinery.SourceFileLoader):
    """Loads one module as the mutant has it; it is its own finder."""

    def __init__(self, mutant: Mutant, root: Path) -> None:
        name = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        super().__init__(name, str(root / mutant.file))
        self.tree = mutated(mutant, root)

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return (
            importlib.util.spec_from_file_location(name, self.path, loader=self)
            if name == self.name
            else None
        )

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return compile(self.tree, self.path, "exec", dont_inherit=True)


def try_on_import(trial: Trial, root: Path, folder: Path) -> Outcome:
    """Try a mutant in a fork of this process, which must not have imported the package.

    Raises:
        RuntimeError: The tests cannot be run without the change either.
    """

    def run(tests: tuple[tuple[str, float], ...], changed: bool, say: Callable[[str], None]) -> bool:
        if changed:
            sys.meta_path.insert(0, _Changed(trial.mutant, root))
        _allow(30.0)
        plugin = OnImport(tests, say)
        files = {name.partition("::")[0] for name, _ in tests}
        status = pytest.main(["-x", *arguments(root, files, folder)], plugins=[plugin])
        return status in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}

    tests = trial.tests
    while True:
        outcome = forked(trial.mutant, partial(run, tests, True))
        alone = tuple(test for test in tests if test[0] == outcome.test) or tests[:1]
        if (
            outcome.verdict == "survived"
            or forked(trial.mutant, partial(run, alone, False)).verdict == "survived"
        ):
            return outcome
        if alone[0][0] != outcome.test:
            raise RuntimeError(f"{alone[0][0]} cannot be run, whether or not anything is changed")
        tests = tuple(test for test in tests if test not in alone)


def forked(mutant: Mutant, run: Callable[[Callable[[str], None]], bool]) -> Outcome:
    """Return how the tests went in a fork; `run` returns True if all of them passed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        status = 1
        try:
            _alone()
            passed = run(lambda name: _say(writing, name))
            status = 0 if passed else 1
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as heard:
        tests = heard.read().splitlines()
    _, ended = os.waitpid(child, 0)
    last = tests[-1] if tests else ""
    if os.WIFSIGNALED(ended):
        slow = os.WTERMSIG(ended) in {signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL}
        return Outcome(mutant, "too slow" if slow else "killed", last, len(tests))
    if os.WEXITSTATUS(ended):
        return Outcome(mutant, "killed", last or "import", len(tests))
    return Outcome(mutant, "survived", "", len(tests))


def _say(pipe: int, name: str) -> None:
    os.write(pipe, f"{name.splitlines()[0]}\n".encode())


def _alone() -> None:
    """Silence the fork and limit its memory and its time."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    signal.alarm(LONGEST_BY_THE_CLOCK)
    with open("/proc/self/statm", encoding="ascii") as pages:  # noqa: PTH123 - a file of the kernel
        held = int(pages.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow(seconds: float) -> None:
    """Have the system end this process if it takes far longer than the test usually does."""
    limit = time.process_time() + TIMES_AS_LONG * seconds + SECONDS_MORE
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(limit), resource.RLIM_INFINITY))
