"""Hands out tasks one by one, never more than are wanted at a time, and keeps account of what is under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


@dataclass(slots=True)
class Entry(Generic[T]):
    """One task on its way."""

    index: int
    name: str
    task: T
    attempts: int = 0


class Feed(Generic[T]):
    """The tasks in order; the iterable behind them is read only as far as tasks are handed out."""

    def __init__(self, tasks: Iterable[T], named: Callable[[T], str] | None, *, in_order: bool) -> None:
        self._tasks = enumerate(tasks)
        self._named = named
        self._in_order = in_order
        self._under_way: dict[int, None] = {}  # a set that remembers order: the first is the oldest
        self._next = 0

    def take(self, abreast: int) -> Entry[T] | None:
        """The next task; `None` where there is none or, in order, where it is too far ahead of the oldest unfinished.

        Args:
            abreast: how many tasks run at a time; results of four times as many may wait for their turn.
        """
        if self._in_order and self._under_way:
            oldest = next(iter(self._under_way))
            if self._next - oldest >= 4 * abreast:
                return None
        for index, task in self._tasks:
            self._next = index + 1
            self._under_way[index] = None
            name = f"task {index + 1}" if self._named is None else self._named(task)
            return Entry(index, name, task)
        return None

    def finish(self, index: int) -> None:
        """Take note that a task has come to an end."""
        del self._under_way[index]
