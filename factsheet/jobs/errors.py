"""What can go wrong with the running of tasks, as opposed to within one; that is a `Failure`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factsheet.jobs.tasks import Failure


class JobError(Exception):
    """Base of every error of this package.

    Attributes:
        message: what is wrong.
        why: why it matters.
        help: how to mend it.
    """

    def __init__(self, message: str, why: str, help_: str) -> None:
        super().__init__(message)
        self.message, self.why, self.help = message, why, help_

    def diagnostics(self) -> str:
        """What, why and what to do next, for a person at a terminal."""
        return f"{self.message}: {self.why}; {self.help}"


class TaskFailedError(JobError):
    """A task failed, and the caller asked to stop at the first that does.

    Attributes:
        index: which of the tasks, counted from 0.
        name: what the caller calls it.
        failure: what happened to it.
    """

    def __init__(self, index: int, name: str, failure: Failure) -> None:
        super().__init__(
            f"{name}: {failure}",
            "without its result the whole is incomplete",
            "mend what it says and run again, or let the other tasks go on without it",
        )
        self.index, self.name, self.failure = index, name, failure


class NotSendableError(JobError):
    """The function can not be sent to another process."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the function can not be sent to another process ({reason})",
            "a worker imports it by name, or gets a copy of it",
            "define it at the top level of a module, or use one worker, which is this process",
        )


class WorkersLostError(JobError):
    """Workers die whatever task they are given."""

    def __init__(self, tasks: int, last: str) -> None:
        super().__init__(
            f"{tasks} tasks ended with the death of their worker, and none with a result; the last: {last}",
            "then it is the workers and not the tasks that something is wrong with",
            "see that there is memory enough, use fewer workers, and guard a script's main part with"
            ' `if __name__ == "__main__":`',
        )


class DaskMissingError(JobError):
    """A scheduler is named, and the package that talks to one is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "the package `distributed` is not installed",
            "it is what speaks with a Dask scheduler",
            'install it with `pip install "factsheet[distributed]"`, or leave out the scheduler',
        )


class SchedulerAddressError(JobError):
    """What is given as a scheduler's address is none."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"`{address[:100]}` is no address of a Dask scheduler",
            "tasks are sent to a host and a port",
            "give what `dask scheduler` prints at its start, such as `tcp://192.0.2.7:8786`",
        )


class SchedulerUnreachableError(JobError):
    """Nothing at that address answers as a scheduler does, or it has no worker."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            f"the Dask scheduler at {address} can not be used: {reason}",
            "no task could be run",
            "see that `dask scheduler` and at least one `dask worker` run there, in the same versions as here,"
            " and that no firewall lies between",
        )


class SchedulerLostError(JobError):
    """The scheduler, or the last of its workers, went away while tasks were running."""

    def __init__(self, address: str, reason: str, finished: int) -> None:
        super().__init__(
            f"the Dask scheduler at {address} was lost: {reason}; tasks finished by then: {finished:,}",
            "the others can not be run",
            "see what its log says, and run again",
        )
