"""Keep what a Python file may do to a configuration and nobody can tell without a run: it becomes a question.

A line that sets something on what was not followed, a loop that gives a setting several values, a function that nothing
in the file calls: each leaves two readings of a setting, or more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.importing.analog.open_values import nodes
from factsheet.authoring.importing.analog.toolkits import AIHWKIT, LIGHTNING
from factsheet.authoring.importing.analog.values import Conditional, Node, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.authoring.importing.analog.toolkits import Toolkit

SECTIONS = (
    "forward",
    "backward",
    "modifier",
    "clip",
    "remap",
    "mapping",
    "pre_post",
    "noise_model",
    "drift_compensation",
)
SETTINGS = frozenset(
    name
    for toolkit in (AIHWKIT, LIGHTNING)
    for one in toolkit.classes.values()
    for name, default in one.defaults.items()
    if "_" in name and default is not None and not isinstance(default, tuple)
)
"""Names of settings that nothing else is likely to be called by; those of objects and of what is none are not."""


StatePlace = tuple[str, str, tuple[str, ...]]
"""The name of a variable, where in it a configuration is, and the names of a setting."""
State = dict[StatePlace, tuple[Value, int]]
"""Settings of configurations, each with its line."""


class LoopPass(NamedTuple):
    """A pass of a loop: what its variable is, and the settings after it."""

    words: str
    state: State


class PossibleSetting(NamedTuple):
    """A setting that a line makes on what was not followed.

    Attributes:
        path: the last names of what is set: `("forward", "inp_res")`, or a setting alone.
        value: what it is set to.
        line: where.
    """

    path: tuple[str, ...]
    value: Value
    line: int


def leaves(node: Node, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Value, int]]:
    """Yield every setting of an object and of those in it, with its names and its line."""
    for name, (value, line) in node.values.items():
        if isinstance(value, Node):
            yield from leaves(value, (*above, name))
        else:
            yield (*above, name), value, line


def differences(before: Node, after: Node) -> Iterator[tuple[tuple[str, ...], Value, int]]:
    """Yield the settings that an object has otherwise than before."""
    known = {path: value for path, value, _ in leaves(before)}
    for path, value, line in leaves(after):
        if line and (path not in known or known[path] != value):
            yield path, value, line


def with_sections(node: Node, toolkit: Toolkit) -> Node:
    """Return a configuration with each of its sections begun, as the toolkit makes them with it."""
    for name in SECTIONS:
        default = toolkit.default(node.cls, name)
        if name not in node.values and isinstance(default, Node):
            node.values[name] = (default, 0)
    return node


def suppose(node: Node, toolkit: Toolkit, setting: PossibleSetting, words: tuple[str, str]) -> bool:
    """Give a setting of a configuration a second reading, and return whether the configuration has such a setting.

    Args:
        node: the configuration.
        toolkit: what it is of.
        setting: what may be set.
        words: when it is as it was, and when it is as it may be set.
    """
    with_sections(node, toolkit)
    if isinstance(setting.value, Node):
        parts = [
            setting._replace(path=(*setting.path, *path), value=value)
            for path, value, _ in leaves(setting.value)
        ]
        found = [suppose(node, toolkit, part, words) for part in parts]
        return any(found)
    for holder in _holders(node, toolkit, setting.path):
        name = setting.path[-1]
        stated = holder.values.get(name)
        before = toolkit.default(holder.cls, name) if stated is None else stated[0]
        if before is KeyError or isinstance(before, Node):
            continue
        if before != setting.value:
            readings = ((words[0], before), (words[1], setting.value))
            holder.values[name] = (Conditional(readings), setting.line)  # type: ignore[arg-type]
        return True
    return False


def _holders(node: Node, toolkit: Toolkit, path: Sequence[str]) -> Iterator[Node]:
    """Yield the objects of a configuration that the last name of a path may be a setting of."""
    start = next((place for place, name in enumerate(path) if name in SECTIONS), None)
    if start is None:
        if len(path) == 1:
            yield from (value for value, _ in node.values.values() if isinstance(value, Node))
        return
    holder: Value = node
    for name in path[start:-1]:
        if not isinstance(holder, Node):
            return
        if name not in holder.values:
            default = toolkit.default(holder.cls, name)
            if not isinstance(default, Node):
                return
            holder.values[name] = (default, 0)
        holder = holder.values[name][0]
    if isinstance(holder, Node):
        yield holder


def swept(readings: Sequence[tuple[str, Value]]) -> Value:
    """Return a value that a loop gives on each of its passes: one that is always the same, else a choice."""
    distinct: list[tuple[str, Value]] = []
    for words, value in readings:
        if all(value != other for _, other in distinct):
            distinct.append((words, value))
    return distinct[0][1] if len(distinct) == 1 else Conditional(tuple(distinct))


def set_at(scope: dict[str, Value], key: StatePlace, value: Value, line: int) -> None:
    """Set a setting of a configuration where `State` has it; the name of a whole one where it has no path."""
    name, place, path = key
    if not path:
        scope[name] = value
        return
    for one in nodes(scope.get(name)):
        if one.place == place and not one.condition:
            holder: Value = one.node
            for step in path[:-1]:
                holder = (
                    holder.values[step][0] if isinstance(holder, Node) and step in holder.values else None
                )
            if isinstance(holder, Node):
                holder.values[path[-1]] = (value, line)
