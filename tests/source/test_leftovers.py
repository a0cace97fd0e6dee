"""What a killed process left beside a file is taken away by the next that writes there; what is being written stays."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from factsheet.source.leftovers import LOCKS, hold, new_name, sweep
from factsheet.source.writing import atomic_file, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not LOCKS, reason="there is no flock here, and nothing is swept")


@pytest.fixture(autouse=True)
def _as_a_new_process() -> None:
    sweep.cache_clear()


def names_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_what_a_killed_process_left_is_swept_by_the_next_that_writes(tmp_path: Path) -> None:
    file = tmp_path / "sheet.yaml"
    child = os.fork()
    if not child:
        with atomic_file(file) as stream:
            stream.write(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    (left,) = names_in(tmp_path)
    assert left.endswith(".tmp")
    write_atomic(file, "whole")
    assert names_in(tmp_path) == {"sheet.yaml"}


def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "one.yaml") as stream:
        stream.write(b"one")
        sweep.cache_clear()
        write_atomic(tmp_path / "other.yaml", "other")
    assert {name: (tmp_path / name).read_text() for name in names_in(tmp_path)} == {
        "one.yaml": "one",
        "other.yaml": "other",
    }


def test_files_of_others_stay(tmp_path: Path) -> None:
    own = new_name()
    elsewhere = f".factsheet-00000000-{own[-20:]}"
    (tmp_path / own.replace(".factsheet", "factsheet")).touch()
    (tmp_path / ".factsheet-notes.tmp").touch()
    (tmp_path / elsewhere).touch()  # of another machine, on a file system that both have
    (tmp_path / new_name()).mkdir()
    (tmp_path / new_name()).symlink_to(tmp_path / elsewhere)
    before = names_in(tmp_path)
    sweep(tmp_path)
    assert names_in(tmp_path) == before


def test_a_file_that_was_swept_before_it_was_held_is_made_again(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as stream:
        assert hold(stream.fileno())
        (tmp_path / "a").unlink()
        assert not hold(stream.fileno())
