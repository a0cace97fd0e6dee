"""Tasks in this process and on others: results, order, failures, deaths, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pool_tasks
import pytest

from factsheet.errors import JobError, NotSendableError, TaskFailedError, WorkersLostError
from factsheet.jobs.completed import completed

HERE = Path(__file__).parent


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_task_is_done_once_whatever_the_number_of_workers(workers: int) -> None:
    done = list(completed(pool_tasks.square, range(20), workers=workers))
    assert sorted((one.index, one.result) for one in done) == [(n, n * n) for n in range(20)]
    assert {one.name for one in done} == {f"task {n}" for n in range(1, 21)}


def test_one_worker_is_this_process_and_two_are_not() -> None:
    assert {done.result[1] for done in completed(pool_tasks.with_pid, [1, 2], workers=1)} == {os.getpid()}
    assert os.getpid() not in {done.result[1] for done in completed(pool_tasks.with_pid, [1, 2], workers=2)}


def test_no_more_workers_are_started_than_there_are_tasks() -> None:
    pids = {done.result[1] for done in completed(pool_tasks.with_pid, [1], workers=64)}
    assert len(pids) == 1


def test_no_tasks_no_results() -> None:
    assert not list(completed(pool_tasks.square, [], workers=2))


def test_results_come_as_they_finish_or_in_order() -> None:
    at_once = [done.index for done in completed(pool_tasks.slow_first, range(6), workers=2)]
    assert at_once[-1] == 0
    in_order = [done.index for done in completed(pool_tasks.slow_first, range(6), workers=2, in_order=True)]
    assert in_order == list(range(6))


def test_tasks_are_taken_no_further_than_they_can_run() -> None:
    taken = []

    def endless() -> object:
        for number in count():
            taken.append(number)
            yield number

    running = completed(pool_tasks.slow_first, endless(), workers=2, in_order=True)  # type: ignore[arg-type]
    assert next(running).index == 0
    # Two tasks for each of two workers, counted from the slow first; and what is handed out once that is done.
    assert len(taken) <= 6
    running.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_comes_with_its_task_and_the_others_go_on(workers: int) -> None:
    done = {
        one.index: one
        for one in completed(
            pool_tasks.picky, range(5), workers=workers, named="number {}".format, on_failure="continue"
        )
    }
    assert sorted(done) == [0, 1, 2, 3, 4]
    failure = done[2].failure
    assert failure is not None
    assert (failure.kind, str(failure)) == ("raised", "ValueError: two is refused")
    assert "in picky" in failure.trace
    assert isinstance(failure.exception, ValueError)
    with pytest.raises(TaskFailedError, match="number 2: ValueError: two is refused"):
        _ = done[2].result


@pytest.mark.parametrize("workers", [1, 2])
def test_the_first_failure_ends_it_by_default(workers: int) -> None:
    with pytest.raises(TaskFailedError) as caught:
        list(completed(pool_tasks.picky, range(5), workers=workers))
    assert (caught.value.index, caught.value.name) == (2, "task 3")


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exit_within_a_task_is_its_failure(workers: int) -> None:
    done = list(completed(pool_tasks.exits, range(3), workers=workers, on_failure="continue"))
    assert [str(one.failure) for one in done if one.failure] == ["SystemExit: out of here"]


def test_an_exception_that_can_not_be_read_back_is_told_all_the_same() -> None:
    (done,) = completed(pool_tasks.odd, [3], workers=2, on_failure="continue")
    assert str(done.failure) == "Odd: 3 is not even"


def test_a_task_or_a_result_that_can_not_travel_fails_alone() -> None:
    done = {
        one.index: one.failure
        for one in completed(pool_tasks.lambda_of, [0, 1], workers=2, on_failure="continue")
    }
    assert done[0] is None
    assert "lambda" in str(done[1])
    tasks = [lambda: 1, 2]
    sent = {
        one.index: one.failure
        for one in completed(pool_tasks.square, tasks, workers=2, on_failure="continue")  # type: ignore[arg-type]
    }
    assert "lambda" in str(sent[0])
    assert sent[1] is None


def test_a_function_that_can_not_travel_is_refused() -> None:
    with pytest.raises(NotSendableError, match="lambda"):
        list(completed(lambda number: number, [1, 2], workers=2))


def test_a_killed_worker_costs_nothing_but_its_own_task_again(tmp_path: Path) -> None:
    tasks = [(number, str(tmp_path)) for number in range(12)]
    done = list(completed(pool_tasks.dies_once, tasks, workers=2))
    assert sorted(one.result for one in done) == list(range(12))
    tried = {number: (tmp_path / f"tried-{number}").stat().st_size for number in range(12)}
    assert tried == {number: 2 if number % 5 == 3 else 1 for number in range(12)}


def test_a_task_that_kills_each_worker_is_given_up_by_name(tmp_path: Path) -> None:
    tasks = [(number, str(tmp_path)) for number in range(4)]
    done = list(
        completed(
            pool_tasks.dies_always,
            tasks,
            workers=2,
            named=lambda task: f"model {task[0]}",
            on_failure="continue",
        )
    )
    (lost,) = (one for one in done if one.failure)
    assert lost.name == "model 1"
    assert lost.failure is not None
    assert (lost.failure.kind, lost.failure.attempts) == ("died", 3)
    assert "SIGKILL" in str(lost.failure)
    assert sorted(one.result for one in done if not one.failure) == [0, 2, 3]
    assert [(tmp_path / f"tried-{number}").stat().st_size for number in range(4)] == [1, 3, 1, 1]


def test_workers_that_die_of_everything_are_not_started_for_ever() -> None:
    with pytest.raises(WorkersLostError, match="exit status 7"):
        list(completed(pool_tasks.always_fatal, range(1000), workers=2, attempts=1, on_failure="continue"))


@pytest.mark.parametrize("word", ["workers", "attempts"])
def test_fewer_than_one_is_refused(word: str) -> None:
    with pytest.raises(JobError, match=f"{word}: 0"):
        completed(pool_tasks.square, [1], **{word: 0})  # type: ignore[arg-type]


def test_a_worker_that_is_killed_while_it_sends_costs_its_own_task_alone() -> None:
    done = list(
        completed(pool_tasks.large_then_killed, range(8), workers=2, on_failure="continue", attempts=1)
    )
    assert [one.index for one in done if one.failure] == [3]
    assert {len(one.result) for one in done if not one.failure} == {3_000_000}


def test_the_same_fault_has_the_same_words_on_any_number_of_workers() -> None:
    def said(workers: int) -> list[object]:
        done = completed(
            pool_tasks.raises_error, pool_tasks.ERRORS, workers=workers, on_failure="continue", in_order=True
        )
        return [pool_tasks.words_of(one.failure) for one in done]

    here = said(1)
    assert len(here) == len(pool_tasks.ERRORS)
    assert said(2) == here


def test_closing_ends_the_workers(tmp_path: Path) -> None:
    running = completed(pool_tasks.sleeps, [(number, str(tmp_path)) for number in range(3)], workers=2)
    assert next(running).index == 0
    until(lambda: len(pids(tmp_path)) == 2)
    running.close()  # type: ignore[attr-defined]
    assert not any(alive(pid) for pid in pids(tmp_path))


SCRIPT = """
import sys
from pool_tasks import sleeps
from factsheet.jobs.completed import completed

if __name__ == "__main__":
    try:
        for done in completed(sleeps, [(n, sys.argv[1]) for n in range(4)], workers=2):
            print(done.index, flush=True)
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.skipif(os.name == "nt", reason="sends signals to a process group")
@pytest.mark.parametrize("to_all", [True, False])
def test_ctrl_c_leaves_no_worker_and_says_nothing(tmp_path: Path, to_all: bool) -> None:
    process = started(tmp_path)
    (os.killpg if to_all else os.kill)(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, "")
    assert not any(alive(pid) for pid in pids(tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="sends signals")
def test_workers_do_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    process = started(tmp_path)
    process.kill()
    process.communicate(timeout=20)
    until(lambda: not any(alive(pid) for pid in pids(tmp_path)))


def started(folder: Path) -> subprocess.Popen[str]:
    """The script, once one task is done and both workers sleep in another."""
    script = folder / "script.py"
    script.write_text(SCRIPT, "utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    until(lambda: len(pids(folder)) == 2)
    return process


def pids(folder: Path) -> list[int]:
    return [int(path.name.removeprefix("pid-")) for path in folder.glob("pid-*")]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")  # an ended one whom nobody has fetched yet is not alive either
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def until(holds: object, seconds: float = 15.0) -> None:
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
