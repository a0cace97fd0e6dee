"""Note which test runs which lines, and how long each test takes.

Coverage.py watches one run of the tests, with the test's name as its context. What a line runs under no test at all, it
ran while modules were imported and tests collected.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

AT_IMPORT = ""


@dataclass(frozen=True)
class Covering:
    """Which tests run a line.

    Attributes:
        seconds: How long each test took, by its name; those that did not pass are left out.
        lines: For each file, relative to the root, and each line the tests that run it, as positions in `seconds`.
        at_import: For each file the lines that run before any test does.
        files: The digest of each file of tests that was run.
    """

    seconds: dict[str, float]
    lines: dict[str, dict[int, tuple[int, ...]]]
    at_import: dict[str, frozenset[int]]
    files: dict[str, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The tests' names, by their positions."""
        return tuple(self.seconds)

    def save(self, file: Path) -> None:
        """Write it as JSON."""
        data = {
            "seconds": self.seconds,
            "lines": {name: list(lines.items()) for name, lines in self.lines.items()},
            "at_import": {name: sorted(lines) for name, lines in self.at_import.items()},
            "files": self.files,
        }
        file.write_text(json.dumps(data), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Covering:
        """Read what `save` wrote."""
        data = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            data["seconds"],
            {name: {line: tuple(tests) for line, tests in lines} for name, lines in data["lines"].items()},
            {name: frozenset(lines) for name, lines in data["at_import"].items()},
            data.get("files", {}),
        )

    def stale(self, tests: Iterable[Path], root: Path) -> list[Path]:
        """Return the files of tests that are new, or have changed since they were run."""
        return [file for file in tests if self.files.get(file.relative_to(root).as_posix()) != _digest(file)]

    def with_newer(self, newer: Covering) -> Covering:
        """Return what both have seen; of a file of tests that both ran, what the newer one saw."""
        kept = [name for name in self.seconds if name.partition("::")[0] not in newer.files]
        seconds = {name: self.seconds[name] for name in kept} | newer.seconds
        position = {name: index for index, name in enumerate(seconds)}
        lines: dict[str, dict[int, tuple[int, ...]]] = {}
        for covering in (self, newer):
            for file, own in covering.lines.items():
                for line, tests in own.items():
                    several = (position.get(covering.names[test]) for test in tests)
                    found = {
                        one for one in several if one is not None and (covering is newer or one < len(kept))
                    }
                    before = lines.setdefault(file, {}).get(line, ())
                    lines[file][line] = tuple(sorted({*before, *found}))
        at_import = {
            file: self.at_import.get(file, frozenset()) | newer.at_import.get(file, frozenset())
            for file in self.at_import | newer.at_import
        }
        return Covering(seconds, lines, at_import, self.files | newer.files)


class Watch:
    """A plugin of pytest that measures coverage test by test, and the time of each."""

    def __init__(self, files: Sequence[str], data: Path) -> None:
        """Watch the files of these folders or names; `data` is where coverage.py keeps its own file."""
        # Where tests only look at what has been measured, it need not be installed.
        import coverage

        self.coverage = coverage.Coverage(data_file=str(data), include=list(files), config_file=False)
        self.seconds: dict[str, float] = {}
        self.shared: dict[str, set[str]] = {}
        self.current = AT_IMPORT
        self.failed: set[str] = set()
        self.coverage.start()
        self.coverage.switch_context(AT_IMPORT)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Give the test's lines its name."""
        if isinstance(item, pytest.Function):
            fixtures = item._fixtureinfo.name2fixturedefs.values()  # noqa: SLF001 - pytest has no other way to ask
            shared = {_context(fixture) for several in fixtures for fixture in several}
            self.shared[item.nodeid] = shared - {AT_IMPORT}
        self.current = item.nodeid
        self.coverage.switch_context(self.current)
        start = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = round(time.process_time() - start, 5)
            self.coverage.switch_context(AT_IMPORT)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """Give what several tests share a name of its own: it is the first of them alone that runs it."""
        context = _context(fixturedef)
        if context:
            self.coverage.switch_context(context)
        try:
            return (yield)
        finally:
            if context:
                self.coverage.switch_context(self.current)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember which tests did not pass: they cannot tell a mutant from the original."""
        if not report.passed:
            self.failed.add(report.nodeid)

    def covering(self, root: Path) -> Covering:
        """Return what was seen; call it once, after the run."""
        self.coverage.stop()
        data = self.coverage.get_data()
        passed = {name: time for name, time in self.seconds.items() if name not in self.failed}
        position = {name: index for index, name in enumerate(passed)}
        sharing: dict[str, set[int]] = {}
        for test, contexts in self.shared.items():
            for context in contexts if test in position else ():
                sharing.setdefault(context, set()).add(position[test])
        lines: dict[str, dict[int, tuple[int, ...]]] = {}
        at_import: dict[str, frozenset[int]] = {}
        for file in sorted(data.measured_files()):
            name = Path(file).relative_to(root).as_posix()
            by_line = data.contexts_by_lineno(file)
            lines[name] = {
                line: tuple(
                    sorted(
                        {position[test] for test in tests if test in position}.union(
                            *(sharing.get(test, ()) for test in tests)
                        )
                    )
                )
                for line, tests in by_line.items()
            }
            at_import[name] = frozenset(line for line, tests in by_line.items() if AT_IMPORT in tests)
        ran = {name.partition("::")[0] for name in self.seconds}
        return Covering(passed, lines, at_import, {name: _digest(root / name) for name in sorted(ran)})


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _context(fixture: pytest.FixtureDef[object]) -> str:
    return AT_IMPORT if fixture.scope == "function" else f"fixture {fixture.baseid} {fixture.argname}"


def measure(root: Path, tests: Sequence[str], files: Sequence[str], folder: Path) -> Covering:
    """Run the tests once and return which lines each ran.

    Args:
        root: The project's folder.
        tests: What pytest is to run.
        files: Patterns of the files that are watched.
        folder: Where coverage.py may keep its data.

    Raises:
        RuntimeError: pytest could not run the tests at all.
    """
    watch = Watch(files, folder / "coverage")
    status = pytest.main(
        ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "--rootdir", str(root), *tests], plugins=[watch]
    )
    if status not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        raise RuntimeError(f"pytest ended with {status!r}; nothing was measured")
    return watch.covering(root)
