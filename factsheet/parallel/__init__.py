"""Many independent tasks: in this process, on processes of this machine, or on a Dask cluster."""

from factsheet.parallel.completed import completed
from factsheet.parallel.done import Done, Failure
from factsheet.parallel.errors import (
    BadSchedulerAddress,
    DaskMissing,
    NotSendable,
    ParallelError,
    SchedulerLost,
    SchedulerUnreachable,
    TaskFailed,
    WorkersLost,
)

__all__ = [
    "BadSchedulerAddress",
    "DaskMissing",
    "Done",
    "Failure",
    "NotSendable",
    "ParallelError",
    "SchedulerLost",
    "SchedulerUnreachable",
    "TaskFailed",
    "WorkersLost",
    "completed",
]
