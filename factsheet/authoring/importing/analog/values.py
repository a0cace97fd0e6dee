"""What a configuration of an analog toolkit holds: objects with settings, and values that only a run would know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Scalar: TypeAlias = "int | float | str | bool | None"


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
