"""The YAML parser, and what of its events the builder looks at."""

from __future__ import annotations

from typing import Protocol, cast


class Mark(Protocol):
    """A place in the text; offsets count characters, as Python's strings do."""

    index: int
    line: int


class Event(Protocol):
    """What every event has."""

    start_mark: Mark
    end_mark: Mark


class NodeEvent(Event, Protocol):
    """A scalar, or the beginning of a list or a mapping."""

    anchor: str | None
    tag: str | None


class ScalarEvent(NodeEvent, Protocol):
    """A key or a value; a plain one has no style."""

    value: str
    style: str | None


class EventSource(Protocol):
    """What the builder needs of a parser."""

    def get_event(self) -> object:
        """Give the next event."""


def open_parser(text: str) -> EventSource:
    """Make a YAML parser over a text: libyaml's where PyYAML was built with it, else PyYAML's own."""
    import yaml

    # The loaders are opened for their events alone; nothing is composed or constructed.
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return cast("EventSource", loader(text))
