"""Tasks on Dask: a real scheduler and two worker processes on loopback, and what can be wrong with an address."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pool_tasks
import pytest

from factsheet.errors import (
    DaskMissingError,
    SchedulerAddressError,
    SchedulerLostError,
    SchedulerUnreachableError,
)
from factsheet.jobs import cluster
from factsheet.jobs.completed import completed
from factsheet.sweeps.request import SweepRequest
from factsheet.sweeps.run import outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


class Cluster:
    """A scheduler with two workers, each a process started as Dask's documentation says."""

    def __init__(self, folder: Path, allowed_failures: int = 3) -> None:
        self.allowed_failures = str(allowed_failures)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.log = (folder / "log").open("w", encoding="utf-8")
        port = self.address.rpartition(":")[2]
        self.scheduler = self.start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", "--no-show"
        )
        self.workers = [
            self.start(
                "dask_worker", self.address, "--no-nanny", "--no-dashboard", "--nthreads", "1", "--name", name
            )
            for name in ("one", "two")
        ]

    def start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])]),
                "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": self.allowed_failures,
            },
            stdout=self.log,
            stderr=self.log,
        )

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self.log.close()


@pytest.fixture
def dask(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A cluster of two workers; its parameter, if there is one, is how often a task may lose its worker."""
    pytest.importorskip("distributed")
    running = Cluster(tmp_path, getattr(request, "param", 3))
    yield running
    running.stop()


def test_tasks_survive_the_death_of_a_worker_and_failures_come_by_name(
    dask: Cluster, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tasks = [(number, str(tmp_path)) for number in range(24)]
    running = completed(pool_tasks.naps, tasks, scheduler=dask.address)
    first = [next(running) for _ in range(4)]
    ours = {process.pid for process in dask.workers}
    # Each has begun, so each has results, a task in hand and others waiting.
    while {int(path.name.removeprefix("pid-")) for path in tmp_path.glob("pid-*")} != ours:
        first.append(next(running))
    dask.workers[0].send_signal(signal.SIGKILL)
    done = [*first, *running]
    assert sorted(one.index for one in done) == list(range(24))
    assert {one.result[0] for one in done} == set(range(24))
    assert {one.result[1] for one in done} <= ours

    failed = list(completed(pool_tasks.picky, range(5), scheduler=dask.address, on_failure="continue"))
    assert {one.name: str(one.failure) for one in failed if one.failure} == {
        "task 3": "ValueError: two is refused"
    }

    both = (
        completed(pool_tasks.raises_error, pool_tasks.ERRORS, on_failure="continue", in_order=True, **where)
        for where in ({"workers": 1}, {"scheduler": dask.address})
    )
    here, there = ([pool_tasks.words_of(one.failure) for one in done] for done in both)
    assert here == there

    # The last worker goes too, and nothing would ever run again: the wait for one has an end.
    endless = completed(pool_tasks.naps, tasks, scheduler=dask.address, in_order=True)
    assert next(endless).index == 0
    dask.scheduler.kill()
    with pytest.raises(SchedulerLostError, match=r"127\.0\.0\.1"):
        list(endless)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("dask", [0], indirect=True)
def test_a_task_that_kills_each_worker_is_given_up_by_name(dask: Cluster, tmp_path: Path) -> None:
    tasks = [(number, str(tmp_path)) for number in range(4)]
    done = list(
        completed(
            pool_tasks.dies_always,
            tasks,
            scheduler=dask.address,
            workers=1,  # one at a time: what else the worker has in hand would be blamed with it
            named=lambda task: f"model {task[0]}",
            on_failure="continue",
        )
    )
    assert {one.name: (one.failure.kind, one.failure.attempts) for one in done if one.failure} == {
        "model 1": ("died", 1)
    }
    assert sorted(one.result for one in done if not one.failure) == [0, 2, 3]


FAULTY = ("missing.yaml", "broken.yaml", "config.json", "no.such:thing", "model.onnx")


def test_a_sweep_words_its_faults_alike_wherever_it_runs(dask: Cluster, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("factsheet: 1\noverview: {name: [\n", "utf-8")
    (tmp_path / "config.json").write_text("{", "utf-8")
    (tmp_path / "model.onnx").write_bytes(b"no onnx")
    request = SweepRequest(tuple(name if ":" in name else str(tmp_path / name) for name in FAULTY))

    def omitted(**where: Any) -> list[object]:
        return [outcome.omitted for _, outcome in outcomes(request, **where)]

    here = omitted(workers=1)
    assert len(here) == len(FAULTY)
    assert all(here)
    assert omitted(workers=2) == here
    assert omitted(scheduler=dask.address) == here


def test_a_sweep_survives_the_death_of_a_worker(dask: Cluster, tmp_path: Path) -> None:
    text = (HERE.parents[1] / "sheets" / "bert.yaml").read_text("utf-8")
    sheets = [tmp_path / f"{number}.yaml" for number in range(1, 41)]
    for number, sheet in enumerate(sheets, 1):
        sheet.write_text(text.replace("    layers: 12\n", f"    layers: {number}\n"), "utf-8")
    request = SweepRequest(tuple(map(str, sheets)), seq_lens=(16, 32), batches=(1, 2))
    steps = outcomes(request, scheduler=dask.address)
    # By then both have begun, as a rule; whichever has not, its death must cost nothing either.
    found = [next(steps) for _ in range(3)]
    dask.workers[1].send_signal(signal.SIGKILL)
    found += steps
    assert found == list(outcomes(request, workers=1))
    tiles = [outcome.chunks[0].columns["tiles"][0] for _, outcome in found]
    assert tiles == [number * 40 for number in range(1, 41)]  # 480 for twelve layers


@pytest.mark.parametrize(
    "address", ["", "localhost", "tcp://", "tcp://host:port", "host:0", "host:70000", "a b:1", "http://h:1"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SchedulerAddressError, match="no address of a Dask scheduler"):
        list(completed(pool_tasks.square, [1], scheduler=address))


def test_an_address_where_nothing_listens_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_CONNECT_S", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets it, nobody answers
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(SchedulerUnreachableError, match=address):
            list(completed(pool_tasks.square, [1], scheduler=address))
        assert time.monotonic() - begun < 10


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DaskMissingError) as caught:
        list(completed(pool_tasks.square, [1], scheduler="127.0.0.1:8786"))
    assert '`pip install ".[distributed]"`' in caught.value.help
