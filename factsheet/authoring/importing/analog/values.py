"""What a configuration of an analog toolkit holds: objects with settings, and values that only a run would know.

They are counted while a Python file is followed: a list that is added to itself, a copy of copies or a text with itself
in it double what they begin with, and sixty such lines make 2^60 of it. Where there would be too much, memory is taken
to be at its end, before it is.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

Scalar: TypeAlias = "int | float | str | bool | None"


MOST_MADE: Final = 2_000_000
"""Entries and objects that are made while one file is followed: of Django's `fields` of a model, 2,800 lines with more
classes and conditions than any recipe, some 570,000."""
LONGEST_TEXT: Final = 100_000
"""Characters of one text that is put together of others."""

STATED = -1
"""The line of a setting that a source states and has no line for: JSON, or an object."""


@dataclass
class Node:
    """An object of a configuration: the name of its class, and what was set on it."""

    cls: str
    values: dict[str, tuple[Value, int]] = field(default_factory=dict)
    """Settings, each with the line that it is on, or `STATED`; 0 where it is a default."""
    line: int = 0
    doubts: list[str] = field(default_factory=list, compare=False)
    """Lines that may set something of it and were not followed."""


@dataclass(frozen=True)
class Member:
    """A member of an enumeration, such as `WeightClipType.FIXED_VALUE`."""

    name: str


@dataclass(frozen=True)
class OpenValue:
    """An expression whose value only a run knows; with the default of a command-line option, where it is one."""

    text: str
    default: Scalar | Member = None
    about: Node | None = field(default=None, compare=False)
    """The object that it is a part of, where that is known: what is set on it may be set there."""


@dataclass(frozen=True)
class Assumed:
    """A value that holds unless a caller says otherwise."""

    value: Scalar | Member
    note: str


@dataclass(frozen=True)
class Conditional:
    """Values of which a condition decides, each with the condition."""

    readings: tuple[tuple[str, Value], ...]


Value: TypeAlias = "Scalar | Member | OpenValue | Assumed | Conditional | Node | list[Value]"


def folded(name: str) -> str:
    """Return a member's name as it is compared: `AddNormal`, `ADD_NORMAL` and `X.ADD_NORMAL` are one."""
    return name.rpartition(".")[2].replace("_", "").upper()


_left: ContextVar[list[int] | None] = ContextVar("values that a file may still make", default=None)


EACH_PASS: Final = 10
"""What a pass of a comprehension counts as: it is evaluated, which takes as long as to copy so many entries."""


@contextmanager
def bounded_work() -> Iterator[None]:
    """Count what is made within, from nothing on."""
    token = _left.set([MOST_MADE])
    try:
        yield
    finally:
        _left.reset(token)


def too_much_made(name: str) -> UsageError:
    """Return the refusal of the file of this name."""
    return UsageError(
        f"{name} makes more values than any configuration holds",
        f"it was not read: its loops, copies and lists make over {MOST_MADE:,} entries, or a text of over "
        f"{LONGEST_TEXT:,} characters",
        "give the part with the configuration",
    )


def make_room(count: int) -> None:
    """Count values before they are made; outside `bounded_work` nothing is counted.

    Raises:
        MemoryError: there would be more than `MOST_MADE`.
    """
    left = _left.get()
    if left is None:
        return
    left[0] -= count
    if left[0] < 0:
        raise MemoryError


def refuse_long_text(length: int) -> None:
    """Refuse a text before it is made.

    Raises:
        MemoryError: it would have more than `LONGEST_TEXT` characters.
    """
    if length > LONGEST_TEXT:
        raise MemoryError
