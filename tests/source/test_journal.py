"""A journal keeps what was finished, whatever ends the run; a full disk is played by a file that refuses to grow."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.errors import JournalError, SourceError, WriteError
from factsheet.jobs.journal import Journal

if TYPE_CHECKING:
    from io import FileIO

ROOT = Path(__file__).parents[2]
HEADER: dict[str, str | int | float] = {"configuration": "4f2a", "seed": 1}


def result(repeat: int) -> dict[str, str | int | float]:
    return {"repeat": repeat, "seconds": 3600.0, "score": 0.1 + repeat / 3}


def test_results_come_back_to_the_last_bit(tmp_path: Path) -> None:
    file = tmp_path / "j"
    with Journal(file, HEADER, reserve=1000) as journal:
        for repeat in range(3):
            journal.add(result(repeat))
    with Journal(file, HEADER, reserve=1000) as journal:
        assert journal.entries == [result(0), result(1), result(2)]
        journal.add(result(3))
    with Journal(file, HEADER, reserve=0) as journal:
        assert journal.entries == [result(repeat) for repeat in range(4)]


@settings(deadline=None, max_examples=60)
@given(st.integers(min_value=0, max_value=400))
def test_a_crash_at_any_byte_costs_the_result_it_cut_short_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, kept: int
) -> None:
    file = tmp_path_factory.mktemp("cut") / "j"
    with Journal(file, HEADER, reserve=0) as journal:
        for repeat in range(4):
            journal.add(result(repeat))
    whole = file.read_bytes()
    file.write_bytes(whole[:kept])
    lines = whole[:kept].count(b"\n")
    with Journal(file, HEADER, reserve=100) as journal:
        assert journal.entries == [result(repeat) for repeat in range(max(lines - 1, 0))]
        journal.add(result(9))
    with Journal(file, HEADER, reserve=0) as journal:
        assert journal.entries[-1] == result(9)


def test_a_crash_in_the_middle_of_reserved_room_is_found_too(tmp_path: Path) -> None:
    file = tmp_path / "j"
    with Journal(file, HEADER, reserve=1000) as journal:
        journal.add(result(0))
        journal.add(result(1))
    text = file.read_bytes()
    cut = text.index(b'"score"', text.index(b'"repeat": 1'))
    file.write_bytes(text[:cut] + b"\n" * (len(text) - cut))
    with Journal(file, HEADER, reserve=1000) as journal:
        assert journal.entries == [result(0)]
        journal.add(result(2))
    with Journal(file, HEADER, reserve=0) as journal:
        assert journal.entries == [result(0), result(2)]


def test_a_process_killed_while_writing_leaves_what_it_had_finished(tmp_path: Path) -> None:
    file = tmp_path / "j"
    program = (
        "import sys\nfrom pathlib import Path\nfrom factsheet.jobs.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]), {'configuration': '4f2a', 'seed': 1}, reserve=10**6)\n"
        "for repeat in range(10**6):\n"
        "    journal.add({'repeat': repeat, 'seconds': 3600.0, 'score': 0.1 + repeat / 3})\n"
        "    print(repeat, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(file)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    said += [int(line) for line in process.stdout.read().split()]
    process.stdout.close()
    process.wait()
    with Journal(file, HEADER, reserve=0) as journal:
        assert journal.entries[: len(said)] == [result(repeat) for repeat in said]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b'{"schema": "factsheet.journal/1", "configuration": "other", "seed": 1}\n{"repeat": 0}\n',
            "other settings",
        ),
        (b'{"schema": "factsheet.journal/9"}\n', "another version"),
        (b"some notes of mine\nthat nobody may lose\n", "journal"),
        (b"some notes of mine", "journal"),
        (b"\x00\xff" * 50, "journal"),
        (b"[1, 2]\n[3]\n", "journal"),
    ],
)
def test_a_file_that_is_not_this_run_s_is_left_as_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "j"
    file.write_bytes(content)
    with pytest.raises(JournalError, match=said):
        Journal(file, HEADER, reserve=100)
    assert file.read_bytes() == content


def test_other_settings_without_any_result_are_in_nobody_s_way(tmp_path: Path) -> None:
    file = tmp_path / "j"
    file.write_bytes(
        b'{"schema": "factsheet.journal/1", "configuration": "other and longer", "seed": 1}\n\n\n'
    )
    with Journal(file, HEADER, reserve=10) as journal:
        journal.add(result(0))
    with Journal(file, HEADER, reserve=10) as journal:
        assert journal.entries == [result(0)]


def test_two_runs_do_not_write_to_one_journal(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    with Journal(tmp_path / "j", HEADER, reserve=10), pytest.raises(JournalError, match="another run"):
        Journal(tmp_path / "j", HEADER, reserve=10)


def test_a_full_disk_says_so_before_anything_is_worked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_growth(monkeypatch, 500)
    with pytest.raises(WriteError, match=os.strerror(errno.ENOSPC)):
        Journal(tmp_path / "j", HEADER, reserve=1000)


def test_a_disk_that_fills_up_in_spite_of_the_reserve_costs_only_what_did_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "j", HEADER, reserve=0)
    journal.add(result(0))
    limit_growth(monkeypatch, (tmp_path / "j").stat().st_size + 20)
    with pytest.raises(WriteError) as caught:
        journal.add(result(1))
    assert "has room" in caught.value.diagnostics()
    journal.close()
    monkeypatch.undo()
    with Journal(tmp_path / "j", HEADER, reserve=0) as journal:
        assert journal.entries == [result(0)]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        Journal(tmp_path / "none" / "j", HEADER, reserve=0)


def limit_growth(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """Let files grow to a limit, and then answer as a full disk does: what fits is written, then ENOSPC."""

    def write(self: Journal, place: int, content: bytes) -> None:
        file: FileIO = self._file
        file.seek(place)
        file.write(content[: max(limit - place, 0)])
        if place + len(content) > limit:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Journal, "_write", write)
