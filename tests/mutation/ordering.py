"""Choose the tests of a mutant, and their order: those first that are most likely to tell it apart, for their time."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from naming import regard
from trials import Trial

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from covering import Covering
    from mutants import Mutant

NEAR = 8
"""Lines before and behind a mutant in which tests that run them are likely to be about it."""
TIMES_AS_MUCH = 10
"""What a line near the mutant counts, beside another of its file."""
OF_ITS_FOLDER = 20
"""What a test of the package's own folder counts, beside another, for code that runs on import: all tests run that."""
A_TEST = 0.03
"""Seconds that a test takes besides its own: the fast ones are not to come first for that alone."""
SLOWEST = 4.0
"""Seconds; a test that takes longer is run for no mutant."""
CASES = 4
"""So many cases of a test function on, another one counts half as much as the first."""


def trials_of(mutants: Iterable[Mutant], covering: Covering, root: Path, seconds: float) -> list[Trial]:
    """Return the mutants, each with tests that take so many seconds in all.

    What runs on import alone has those of its file, and a constant those of the lines that read it. Those come first
    that run, in little time, what few others run of the mutant's file, its neighbourhood above all: they are about it,
    where others only pass through. So are those that name the module or its rule. Further cases of a test function
    count less and less.
    """
    weights: dict[str, dict[int, float]] = {}
    trials = []
    for mutant in mutants:
        if mutant.file not in weights:
            weights[mutant.file] = _rarities(covering, mutant, None)
        on_import = not mutant.function
        tests = _of_names(mutant, covering, root) if on_import else _of_line(mutant, covering)
        if not tests and mutant.line in covering.at_import.get(mutant.file, ()):
            on_import, tests = True, set(weights[mutant.file])
        near = _rarities(covering, mutant, NEAR)
        worth = {
            covering.names[test]: weights[mutant.file][test] + TIMES_AS_MUCH * near[test] for test in tests
        }
        worth = {name: of * regard(name, root / mutant.file, root) for name, of in worth.items()}
        if on_import:
            own = f"tests/{mutant.file.removeprefix('factsheet/').partition('/')[0]}/"
            most = max(worth.values(), default=0.0)
            worth = {
                name: of + (OF_ITS_FOLDER * most if name.startswith(own) else 0.0)
                for name, of in worth.items()
            }
        chosen = _within(seconds, _in_turns(worth, covering.seconds), covering)
        trials.append(Trial(mutant, chosen, on_import=on_import))
    return trials


def _within(seconds: float, tests: Sequence[str], covering: Covering) -> tuple[tuple[str, float], ...]:
    """Return the tests that there is time for, each with its seconds, the most promising first; one at least."""
    chosen: list[tuple[str, float]] = []
    left = seconds
    for name in tests:
        own = covering.seconds[name]
        if not chosen or own <= left:
            chosen.append((name, own))
            left -= own
    return tuple(chosen)


def _of_line(mutant: Mutant, covering: Covering) -> set[int]:
    lines = covering.lines.get(mutant.file, {})
    if lines.get(mutant.line):
        return set(lines[mutant.line])
    # Python 3.11 notes no line for a constant, nor for the rest of some statements.
    first, last = mutant.lines
    return {test for line in range(first, last + 1) for test in lines.get(line, ())}


def _of_names(mutant: Mutant, covering: Covering, root: Path) -> set[int]:
    """Return the tests that run a line with one of the names that the mutant's statement gives a value."""
    names = _names_at(root / mutant.file, mutant.line)
    return {
        test
        for file, lines in covering.lines.items()
        for name in names
        for line in _reads(root / file).get(name, ())
        for test in lines.get(line, ())
    }


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def _names_at(file: Path, line: int) -> frozenset[str]:
    for statement in _tree(file).body:
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            named = {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                return frozenset({statement.name, *named})
            return frozenset(named)
    return frozenset()


@cache
def _reads(file: Path) -> dict[str, set[int]]:
    """Return for each name the lines within functions that read it."""
    found: dict[str, set[int]] = defaultdict(set)
    functions = [node for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    for node in {inner for function in functions for inner in ast.walk(function)}:
        if isinstance(node, ast.Name):
            found[node.id].add(node.lineno)
        elif isinstance(node, ast.Attribute):
            found[node.attr].add(node.lineno)
    return found


def _rarities(covering: Covering, mutant: Mutant, near: int | None) -> dict[int, float]:
    """Return for each test the lines of the mutant's file, or those near it, that it runs; rare ones count more."""
    found: dict[int, float] = defaultdict(float)
    for line, tests in covering.lines.get(mutant.file, {}).items():
        if near is None or abs(line - mutant.line) <= near:
            for test in tests:
                found[test] += 1 / len(tests)
    return found


def _in_turns(worth: Mapping[str, float], seconds: Mapping[str, float]) -> list[str]:
    cases: dict[str, list[str]] = defaultdict(list)
    for name in sorted(worth, key=lambda test: (-worth[test], seconds[test], test)):
        if seconds[name] <= SLOWEST:
            cases[name.partition("[")[0]].append(name)
    turns = [
        (-worth[name] / (seconds[name] + A_TEST) / (1 + turn / CASES), name)
        for named in cases.values()
        for turn, name in enumerate(named)
    ]
    return [name for _, name in sorted(turns)]
