"""Tasks on Dask: a real scheduler and two worker processes on loopback, and what can be wrong with an address."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pool_tasks
import pytest

from factsheet.parallel import (
    BadSchedulerAddress,
    DaskMissing,
    SchedulerLost,
    SchedulerUnreachable,
    cluster,
    completed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


class Cluster:
    """A scheduler with two workers, each a process started as Dask's documentation says."""

    def __init__(self, folder: Path) -> None:
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
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])},
            stdout=self.log,
            stderr=self.log,
        )

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
        self.log.close()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    running = Cluster(tmp_path)
    yield running
    running.stop()


def test_tasks_survive_the_death_of_a_worker_and_failures_come_by_name(dask: Cluster, tmp_path: Path) -> None:
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

    # The last worker goes too, and nothing would ever run again: the wait for one has an end.
    endless = completed(pool_tasks.naps, tasks, scheduler=dask.address, in_order=True)
    assert next(endless).index == 0
    dask.scheduler.kill()
    with pytest.raises(SchedulerLost, match=r"127\.0\.0\.1"):
        list(endless)


@pytest.mark.parametrize(
    "address", ["", "localhost", "tcp://", "tcp://host:port", "host:0", "host:70000", "a b:1", "http://h:1"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadSchedulerAddress, match="no address of a Dask scheduler"):
        list(completed(pool_tasks.square, [1], scheduler=address))


def test_an_address_where_nothing_listens_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_CONNECT_S", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets it, nobody answers
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(SchedulerUnreachable, match=address):
            list(completed(pool_tasks.square, [1], scheduler=address))
        assert time.monotonic() - begun < 10


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DaskMissing) as caught:
        list(completed(pool_tasks.square, [1], scheduler="127.0.0.1:8786"))
    assert "factsheet[distributed]" in caught.value.help
