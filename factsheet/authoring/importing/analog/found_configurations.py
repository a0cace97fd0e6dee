"""What was found in a Python file: configurations, calls that say how the model was trained, constants."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factsheet.authoring.importing.analog.toolkits import Toolkit
    from factsheet.authoring.importing.analog.values import Node, Value


SEEDING = ("manual_seed", "set_seed", "seed_everything")
"""Calls whose first argument is a seed, of torch, transformers and Lightning."""


class FoundConfiguration(NamedTuple):
    """A configuration in the file: what to call it, its toolkit, the object."""

    words: str
    toolkit: Toolkit
    node: Node


class Called(NamedTuple):
    """A call that says how the model was trained: the name called, its named arguments, the line."""

    name: str
    arguments: dict[str, Value]
    line: int


class UnreadLine(NamedTuple):
    """A line that may set something of a configuration and was not followed: its number, its text, why."""

    line: int
    text: str
    why: str


class PythonReading(NamedTuple):
    """What a Python file says of configurations and of training."""

    configurations: tuple[FoundConfiguration, ...]
    calls: tuple[Called, ...]
    constants: dict[str, Value]
    unread: tuple[UnreadLine, ...] = ()
