"""At whatever moment a write is interrupted, killed or met by an editor's save, nothing is half or lost."""

from __future__ import annotations

import os
import random
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from moments import Watched, telling_moments

from factsheet.errors import ChangedMeanwhileError, WriteError
from factsheet.source import exchange, leftovers, writing
from factsheet.source.writing import atomic_file, replace_text, write_atomic, write_new

if TYPE_CHECKING:
    from collections.abc import Callable

# An interrupt may fall between a file's opening and the block that closes it; the process ends with it.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)

OLD, NEW, THEIRS = "a: 1\n", "a: 2\n", "a: 3  # an editor's\n"
MODULES = (exchange, leftovers, writing)


def streamed(file: Path) -> None:
    with atomic_file(file) as stream:
        stream.write(NEW[:2].encode())
        stream.write(NEW[2:].encode())


WRITES = {
    "edited": lambda file: replace_text(file, OLD, NEW),
    "replaced": lambda file: write_atomic(file, NEW),
    "streamed": streamed,
}


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a disk does when the power goes is not looked at here, and a thousand waits for it would take long.
    monkeypatch.setattr(os, "fsync", lambda _: None)


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def interrupting(moment: int) -> Callable[[int], None]:
    def act(number: int) -> None:
        if number == moment:
            raise KeyboardInterrupt

    return act


def interrupted(run: Callable[[], object], moment: int) -> bool:
    try:
        with Watched(MODULES, interrupting(moment)):
            run()
    except KeyboardInterrupt:
        return True
    return False


@pytest.mark.parametrize("name", WRITES)
def test_an_interrupt_at_any_moment_leaves_a_whole_file_alone(tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.yaml"

    def run() -> None:
        leftovers.sweep.cache_clear()
        WRITES[name](file)

    def afresh() -> None:
        file.write_text(OLD, encoding="utf-8")
        run()

    found = set()
    for moment in telling_moments(MODULES, afresh, lambda: contents(tmp_path)):
        file.write_text(OLD, encoding="utf-8")
        assert interrupted(run, moment), moment
        after = contents(tmp_path)
        assert set(after) == {"a.yaml"}, moment
        found.add(after["a.yaml"])
    assert found == {OLD, NEW}


def test_an_interrupt_of_a_new_file_leaves_it_whole_or_not_at_all(tmp_path: Path) -> None:
    def run() -> None:
        leftovers.sweep.cache_clear()
        write_new(tmp_path / "a.yaml", NEW, "it exists")

    def afresh() -> None:
        (tmp_path / "a.yaml").unlink(missing_ok=True)
        run()

    for moment in telling_moments(MODULES, afresh, lambda: contents(tmp_path)):
        (tmp_path / "a.yaml").unlink(missing_ok=True)
        assert interrupted(run, moment), moment
        assert contents(tmp_path) in ({}, {"a.yaml": NEW}), moment


@pytest.mark.parametrize("name", WRITES)
def test_a_kill_at_any_moment_leaves_a_whole_file_and_what_the_next_write_sweeps(
    tmp_path: Path, name: str
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(OLD, encoding="utf-8")
    states: list[dict[str, str]] = []

    def look(_: int) -> None:
        state = contents(tmp_path)
        if not states or states[-1] != state:
            states.append(state)

    leftovers.sweep.cache_clear()
    with Watched(MODULES, look):
        WRITES[name](file)
    assert {state.pop("a.yaml") for state in states} == {OLD, NEW}
    beside = {other for state in states for other in state}
    assert len(beside) == 1, "the new content is written aside"
    for other in beside:
        assert re.fullmatch(leftovers.NAME, other), other
        (tmp_path / other).write_text("half", encoding="utf-8")
    leftovers.sweep.cache_clear()
    write_atomic(file, NEW)
    assert contents(tmp_path) == {"a.yaml": NEW}


def as_vim_saves(file: Path) -> None:
    """`backup`, `writebackup`: the old file goes aside, the new one is written, the old one goes."""
    aside = file.with_name(file.name + "~")
    file.rename(aside)
    file.write_text(THEIRS, encoding="utf-8")
    aside.unlink()


def as_nano_saves(file: Path) -> None:
    """In place: cut to nothing, then written, as VS Code does too."""
    file.write_text(THEIRS, encoding="utf-8")


def as_sed_saves(file: Path) -> None:
    """A new file renamed over the old one, as kate, gedit and `sed -i` do."""
    new = file.with_name("sedXYZ")
    new.write_text(THEIRS, encoding="utf-8")
    new.replace(file)


@dataclass(frozen=True)
class SaveOnce:
    """Saves at one moment."""

    file: Path
    save: Callable[[Path], None]
    moment: int

    def __call__(self, number: int) -> None:
        if number == self.moment:
            self.save(self.file)


class SlowSave:
    """Cuts the file at one moment, and writes to what it cut at a later one."""

    def __init__(self, file: Path, first: int, then: int) -> None:
        self.file, self.first, self.then = file, first, then
        self.descriptor: int | None = None

    def __call__(self, number: int) -> None:
        if number == self.first:
            self.descriptor = os.open(self.file, os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o644)
        if number == self.then:
            self.finish()

    def finish(self) -> None:
        if self.descriptor is not None:
            os.write(self.descriptor, THEIRS.encode())
            os.close(self.descriptor)
            self.descriptor = None


def exchange_is_known() -> bool:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        one, other = Path(folder, "1"), Path(folder, "2")
        one.touch()
        other.touch()
        return exchange.swap_names(one, other)


def edited(file: Path) -> None:
    file.write_text(OLD, encoding="utf-8")
    replace_text(file, OLD, NEW)


@pytest.mark.parametrize("save", [as_vim_saves, as_nano_saves, as_sed_saves])
def test_a_save_at_any_moment_of_an_edit_is_never_lost(tmp_path: Path, save: Callable[[Path], None]) -> None:
    if not exchange_is_known():
        pytest.skip(
            "this system swaps no names, and one instant is left between the last look and the rename"
        )
    file = tmp_path / "a.yaml"
    moments = telling_moments(MODULES, lambda: edited(file), lambda: contents(tmp_path))
    stopped = 0
    for moment in moments:
        file.write_text(OLD, encoding="utf-8")
        try:
            with Watched(MODULES, SaveOnce(file, save, moment)):
                replace_text(file, OLD, NEW)
        except ChangedMeanwhileError:
            stopped += 1
        assert contents(tmp_path) == {"a.yaml": THEIRS}, moment
    assert len(moments) // 2 < stopped <= len(moments)


def test_a_save_that_takes_a_while_is_never_lost(tmp_path: Path) -> None:
    if not exchange_is_known():
        pytest.skip("this system swaps no names")
    file = tmp_path / "a.yaml"
    moments = telling_moments(MODULES, lambda: edited(file), lambda: contents(tmp_path))
    rng = random.Random(17)  # noqa: S311  the moments of a test
    for _ in range(40 if len(moments) < 200 else 1000):
        first, then = sorted(rng.choices(moments, k=2))
        file.write_text(OLD, encoding="utf-8")
        save = SlowSave(file, first, then)
        with suppress(ChangedMeanwhileError, WriteError), Watched(MODULES, save):
            replace_text(file, OLD, NEW)
        save.finish()
        assert contents(tmp_path) == {"a.yaml": THEIRS}, (first, then)
