"""An answer in the plain data of a sheet, by its path: finding it, and putting another in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from factsheet.errors import NoPlaceError
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from factsheet.source.document import KeyPath

_QUALIFYING = frozenset({"provenance", "source", "evidence", "by", "date", "note", "notes"})
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def steps_of(path: str) -> KeyPath:
    """Return the keys and indices that a path leads through.

    Raises:
        NoPlaceError: it is no path.
    """
    steps: KeyPath = tuple(name or int(index) for name, index in _STEP.findall(path))
    if not steps or dotted(steps) != path:
        raise NoPlaceError(f"`{path}` is no path", help="write it as in `performance.results[0].name`")
    return steps


def answer_at(data: Any, steps: KeyPath) -> Any:
    """Return what is at a path; `None` where there is nothing."""
    for step in steps:
        if isinstance(data, dict):
            data = data.get(str(step))
        else:
            data = (
                data[step] if isinstance(data, list) and isinstance(step, int) and step < len(data) else None
            )
    return data


def as_written(value: Any) -> Any:
    """Return plain data as people write it: lists as lists, and what qualifies a mapping behind what it says."""
    if isinstance(value, list | tuple):
        return [as_written(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    # The fields that models inherit come first in their order.
    own = next((place for place, key in enumerate(keys) if key not in _QUALIFYING), 0)
    behind = [key for key in keys[:own] if key != "provenance"]
    return {key: as_written(value[key]) for key in [*(key for key in keys if key not in behind), *behind]}


def is_plain(value: object) -> bool:
    """Return whether a value is made of mappings, lists and scalars alone."""
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    return all(map(is_plain, value)) if isinstance(value, list) else isinstance(value, str | int | float)


def put_answer(data: dict[str, Any], path: str, answer: object) -> None:
    """Put an answer at a path, with the mappings above it where there are none yet; `None` takes it out.

    Args:
        data: the sheet's sections; it is changed.
        path: such as `performance.results[0].tasks[2].scores.analog`; the index after a list's last continues it.
        answer: plain data, or a part of a sheet.

    Raises:
        NoPlaceError: it is no path, or leads through something that has no fields, or past the end of a list.
    """
    steps = steps_of(path)
    node: Any = data
    for position, step in enumerate(steps):
        here = dotted(steps[: position + 1])
        _check_step(node, step, here)
        if position == len(steps) - 1:
            _set(node, step, answer)
            return
        empty: Any = [] if isinstance(steps[position + 1], int) else {}
        if isinstance(step, str):
            if node.get(step) is None:  # a key without a value is a question that nobody has answered
                node[step] = empty
            node = node[step]
        else:
            if step == len(node):
                node.append(empty)
            node = node[step]


def _check_step(node: object, step: str | int, here: str) -> None:
    if isinstance(step, int):
        if not isinstance(node, list) or step > len(node):
            raise NoPlaceError(f"there is no `{here}`", help="the index after a list's last continues it")
    elif not isinstance(node, dict):
        raise NoPlaceError(f"there is no `{here}`: what is above it has no fields")


def _set(node: Any, step: str | int, answer: object) -> None:
    if isinstance(step, int) and step == len(node):
        if answer is not None:
            node.append(answer)
    elif answer is not None:
        node[step] = answer
    elif isinstance(node, dict):
        node.pop(step, None)
    else:
        del node[step]
