"""A journal keeps what was finished, whatever ends the run; a full disk is played by a limit on the file's pages."""

from __future__ import annotations

import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.errors import JournalError, SourceError, WriteError
from factsheet.jobs.journal import Journal

if TYPE_CHECKING:
    from typing import Any

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


WRITTEN = [result(repeat) for repeat in range(60)]


@pytest.fixture(scope="module")
def whole_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("whole") / "j"
    with Journal(file, HEADER, reserve=4000) as journal:
        for entry in WRITTEN:
            journal.add(entry)
    return file.read_bytes()


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damage_costs_the_results_that_it_hits_and_makes_none_up(
    tmp_path_factory: pytest.TempPathFactory, whole_file: bytes, data: st.DataObject
) -> None:
    file, whole = tmp_path_factory.mktemp("damaged") / "j", bytearray(whole_file)
    place = data.draw(st.integers(1, len(whole) - 1))  # an empty file is a new one
    if data.draw(st.booleans()):
        length = data.draw(st.sampled_from([1, 8, 4096]))
        whole[place : place + length] = os.urandom(len(whole[place : place + length]))
    else:
        del whole[place:]
    file.write_bytes(whole)
    try:
        with Journal(file, HEADER, reserve=100) as journal:
            found = list(journal.entries)
            lost = len(WRITTEN) - len(found)
            assert all(entry in WRITTEN for entry in found)
            assert bool(lost) <= bool(journal.damaged)
            journal.add(result(99))
    except JournalError:  # nothing of it can be told from somebody else's file
        return
    with Journal(file, HEADER, reserve=0) as journal:
        assert (journal.entries, journal.damaged) == ([*found, result(99)], 0)


def test_a_damaged_result_is_found_left_out_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "j"
    with Journal(file, HEADER, reserve=0) as journal:
        for repeat in range(3):
            journal.add(result(repeat))
    content = file.read_bytes()
    wrong = json.dumps(result(1)).replace("3600.0", "3601.0").encode()
    file.write_bytes(content.replace(json.dumps(result(1)).encode(), wrong))
    with Journal(file, HEADER, reserve=0) as journal:
        assert (journal.entries, journal.damaged) == ([result(0), result(2)], 1)
        journal.add(result(1))
    with Journal(file, HEADER, reserve=0) as journal:
        assert (journal.entries, journal.damaged) == ([result(0), result(2), result(1)], 0)


def test_a_result_of_another_journal_is_not_taken_for_one_of_this(tmp_path: Path) -> None:
    with Journal(tmp_path / "other", {**HEADER, "seed": 2}, reserve=0) as journal:
        journal.add(result(0))
    with Journal(tmp_path / "j", HEADER, reserve=0) as journal:
        journal.add(result(1))
    with closing(sqlite3.connect(tmp_path / "j")) as database:
        database.execute("ATTACH ? AS other", (str(tmp_path / "other"),))
        database.execute("INSERT OR REPLACE INTO result SELECT * FROM other.result")
        database.commit()
    with Journal(tmp_path / "j", HEADER, reserve=0) as journal:
        assert (journal.entries, journal.damaged) == ([], 1)


KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from factsheet.jobs import journal as module

class Connection(sqlite3.Connection):
    left = int(sys.argv[2])
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.set_progress_handler(self.step, 1)
    def step(self):
        Connection.left -= 1
        if not Connection.left:
            os.kill(os.getpid(), signal.SIGKILL)

connect = sqlite3.connect
module.sqlite3.connect = lambda *arguments, **options: connect(*arguments, factory=Connection, **options)
with module.Journal(Path(sys.argv[1]), {"configuration": "4f2a", "seed": 1}, reserve=10_000) as journal:
    print(len(journal.entries), flush=True)
    for repeat in range(len(journal.entries), 6):
        journal.add({"repeat": repeat, "seconds": 3600.0, "score": 0.1 + repeat / 3})
        print(repeat + 1, flush=True)
"""


def test_a_kill_between_any_two_of_sqlite_s_steps_loses_nothing(tmp_path: Path) -> None:
    file, finished, killed = tmp_path / "j", 0, 0
    for steps in (*range(1, 30, 4), *range(30, 400, 37)):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(file), str(steps)],
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
            check=False,
        )
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        killed += done.returncode != 0
        said = [int(line) for line in done.stdout.split()]
        assert not said or said[0] >= finished
        finished = max([finished, *said])
    with Journal(file, HEADER, reserve=0) as journal:
        assert journal.entries == [result(repeat) for repeat in range(len(journal.entries))]
        assert (len(journal.entries) >= finished, journal.damaged) == (True, 0)
    assert killed > 5


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
        (b'{"schema": "factsheet.journal/1", "seed": 1}\n{"repeat": 0}\n', "another version"),
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


def test_a_journal_of_other_settings_is_left_as_it_is(tmp_path: Path) -> None:
    with Journal(tmp_path / "j", {**HEADER, "seed": 2, "more": "x"}, reserve=0) as journal:
        journal.add(result(0))
    content = (tmp_path / "j").read_bytes()
    with pytest.raises(JournalError, match="more was x and is now not there; seed was 2 and is now 1"):
        Journal(tmp_path / "j", HEADER, reserve=0)
    assert (tmp_path / "j").read_bytes() == content


def test_a_database_of_somebody_else_is_left_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "j")) as database:
        database.execute("CREATE TABLE result (number INTEGER)")
    content = (tmp_path / "j").read_bytes()
    with pytest.raises(JournalError, match="no journal"):
        Journal(tmp_path / "j", HEADER, reserve=0)
    assert (tmp_path / "j").read_bytes() == content


def test_other_settings_without_any_result_are_in_nobody_s_way(tmp_path: Path) -> None:
    file = tmp_path / "j"
    Journal(file, {"configuration": "other and longer"}, reserve=0).close()
    with Journal(file, HEADER, reserve=10) as journal:
        journal.add(result(0))
    with Journal(file, HEADER, reserve=10) as journal:
        assert journal.entries == [result(0)]


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    with Journal(tmp_path / "j", HEADER, reserve=10) as journal:
        journal.add(result(0))
    assert [file.name for file in tmp_path.iterdir()] == ["j"]
    Journal(tmp_path / "j", HEADER, reserve=10).remove()
    assert not list(tmp_path.iterdir())


def test_two_runs_do_not_write_to_one_journal(tmp_path: Path) -> None:
    with Journal(tmp_path / "j", HEADER, reserve=10), pytest.raises(JournalError, match="another run"):
        Journal(tmp_path / "j", HEADER, reserve=10)


def test_a_full_disk_says_so_before_anything_is_worked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_growth(monkeypatch, 20)
    with pytest.raises(WriteError, match=os.strerror(errno.ENOSPC)):
        Journal(tmp_path / "j", HEADER, reserve=100_000)


def test_results_fit_into_the_room_that_was_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(tmp_path / "j", HEADER, reserve=160 * 500) as journal:
        size = (tmp_path / "j").stat().st_size
        for repeat in range(500):
            journal.add(result(repeat))
        assert (tmp_path / "j").stat().st_size == size


def test_a_disk_that_fills_up_in_spite_of_the_reserve_costs_only_what_did_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_growth(monkeypatch, 20)
    kept, reason = 0, ""
    with Journal(tmp_path / "j", HEADER, reserve=0) as journal:
        try:
            for kept in range(2000):
                journal.add(result(kept))
        except WriteError as error:
            reason = error.reason
    assert reason == os.strerror(errno.ENOSPC)
    monkeypatch.undo()
    with Journal(tmp_path / "j", HEADER, reserve=0) as journal:
        assert journal.entries == [result(repeat) for repeat in range(kept)]
    assert kept > 10


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        Journal(tmp_path / "none" / "j", HEADER, reserve=0)


def limit_growth(monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """Let databases grow to a limit, and then answer as a full disk does."""
    connect = sqlite3.connect

    def limited(*arguments: Any, **options: Any) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*arguments, **options)
        database.execute(f"PRAGMA max_page_count = {pages}")
        return database

    monkeypatch.setattr(sqlite3, "connect", limited)


def test_what_a_kill_leaves_while_a_damaged_file_is_made_anew_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / ".j-0123abcd.tmp").write_bytes(b"half a database")
    (tmp_path / ".j-notes.tmp").write_bytes(b"somebody's")
    with Journal(tmp_path / "j", HEADER, reserve=10) as journal:
        journal.add(result(0))
    with Journal(tmp_path / "j", HEADER, reserve=10):
        assert sorted(file.name for file in tmp_path.iterdir()) == [".j-notes.tmp", "j", "j-journal"]
