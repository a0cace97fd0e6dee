"""Compute with values of which some are open: a choice stays one, and what only a run knows stays unknown."""

from __future__ import annotations

import ast
import operator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from factsheet.authoring.importing.analog.containers import MAPPING
from factsheet.authoring.importing.analog.values import (
    Assumed,
    Conditional,
    Member,
    Node,
    OpenValue,
    Value,
    make_room,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_MOST_READINGS = 12
_DEEPEST = 6
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
}
_LARGEST_EXPONENT = 64
_LARGEST_BASE = 1e6


def lifted(compute: Callable[..., Any], parts: Sequence[Value], text: str) -> Value:
    """Return what a computation gives, for values that may be open: of a choice for each reading."""
    chosen = next((one for one in parts if isinstance(one, Conditional)), None)
    if chosen is not None:
        readings = []
        for words, reading in chosen.readings:
            replaced = [reading if one is chosen else one for one in parts]
            readings.append((words, lifted(compute, replaced, text)))
        return Conditional(tuple(readings))
    notes = [one.note for one in parts if isinstance(one, Assumed)]
    bare = [one.value if isinstance(one, Assumed) else one for one in parts]
    if any(isinstance(one, OpenValue) and one.default is not None for one in bare):
        # With the default of a command-line option, a result is the default of what is computed from it.
        usual = lifted(compute, [one.default if isinstance(one, OpenValue) else one for one in bare], text)
        return OpenValue(text[:120], usual) if isinstance(usual, int | float) else OpenValue(text[:120])
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in bare):
        return OpenValue(text[:120])
    try:
        result = compute(*bare)
    except (ArithmeticError, ValueError, TypeError):
        return OpenValue(text[:120])
    return Assumed(result, " ".join(notes)) if notes else result


def computed(kind: ast.operator, one: float, other: float) -> float:
    """Return the result of arithmetic.

    Raises:
        ValueError: it is none, or no configuration has such a number.
    """
    if isinstance(kind, ast.Pow | ast.LShift) and (
        abs(other) > _LARGEST_EXPONENT or abs(one) > _LARGEST_BASE
    ):
        raise ValueError("a power that no configuration has")
    compute = _OPERATORS.get(type(kind))
    if compute is None:
        raise ValueError("no arithmetic")
    result = compute(one, other)
    if isinstance(result, complex) or abs(result) > 1e300:  # noqa: PLR2004  bound of what is computed
        raise ValueError("no number of a configuration")
    # Digits that only binary arithmetic gives, as those of 0.1 * 3, are nobody's.
    return float(f"{result:.15g}") if isinstance(result, float) else int(result)


def compared(kind: ast.cmpop, one: Value, other: Value) -> bool | None:
    """Return what a comparison of two known values gives; `None` where only a run knows."""
    compare = _COMPARISONS.get(type(kind))
    plain = int | float | str | None
    if compare is None or not isinstance(one, plain) or not isinstance(other, plain):
        return None
    try:
        return bool(compare(one, other))
    except TypeError:
        return None


def merged(first: Value, second: Value, words: str) -> Value:
    """Return what holds after a condition: what both sides agree on, else a choice."""
    if first == second:
        return first
    if first is None and isinstance(second, Node | Conditional):
        return second
    if second is None and isinstance(first, Node | Conditional):
        return first
    if (
        isinstance(first, Node)
        and isinstance(second, Node)
        and (first.cls, first.line) == (second.cls, second.line)
    ):
        values = {}
        for key in {**first.values, **second.values}:
            one, other = first.values.get(key), second.values.get(key)
            if one is None or other is None:
                value, line = one or other or (None, 0)
                values[key] = (_conditional(value, words, holds=other is None), line)
            else:
                values[key] = (merged(one[0], other[0], words), one[1] if one[0] != other[0] else other[1])
        return Node(first.cls, values, first.line)
    readings = (*_readings(first, words), *_readings(second, f"not ({words})"))
    return Conditional(readings[:_MOST_READINGS])


def _conditional(value: Value, words: str, *, holds: bool) -> Value:
    """Return a setting that only one side makes: a question, unless it is an object, whose parts are asked about."""
    if isinstance(value, Node):
        return value
    condition = words if holds else f"not ({words})"
    return Conditional(
        (*_readings(value, condition), ("else, as it was before", OpenValue("what it was before")))
    )


def _readings(value: Value, words: str) -> tuple[tuple[str, Value], ...]:
    if isinstance(value, Conditional):
        return tuple((f"{words}, {inner}" if inner else words, one) for inner, one in value.readings)
    return ((words, value),)


def in_words(value: Value) -> str:
    """Return a value as a report has it, on one line."""
    match value:
        case OpenValue():
            return value.text
        case Assumed():
            return in_words(value.value)
        case Member():
            return value.name
        case Node():
            return value.cls or "an object"
        case Conditional():
            return " or ".join(f"{in_words(one)} ({words})" for words, one in value.readings)
        case list():
            return f"[{', '.join(map(in_words, value))}]"
        case _:
            return str(value)


def copied(value: Value, line: int, *, deep: bool = True) -> Value:
    """Return a copy of an object, as one of its own that was made on this line; other values as they are.

    Args:
        value: what is copied.
        line: where.
        deep: whether the objects in it are copied as well; else both have the same ones.
    """
    if isinstance(value, Node) and not deep:
        return Node(value.cls, dict(value.values), line, value.doubts)
    made = _copy(value, {})
    if isinstance(made, Node):
        made.line = line
    return made


def copied_scope(scope: Mapping[str, Value]) -> dict[str, Value]:
    """Return values with copies of all objects, of which those that were one are one."""
    memo: dict[int, Any] = {}
    return {name: _copy(value, memo) for name, value in scope.items()}


def _copy(value: Value, memo: dict[int, Any]) -> Value:
    """Return a copy; `copy.deepcopy` does the same in ten times the time."""
    match value:
        case Node():
            if id(value) not in memo:
                make_room(1 + len(value.values))
                made = memo[id(value)] = Node(value.cls, {}, value.line, [*value.doubts])
                made.values = {name: (_copy(one, memo), line) for name, (one, line) in value.values.items()}
            return cast("Node", memo[id(value)])
        case list():
            if id(value) not in memo:
                make_room(1 + len(value))
                memo[id(value)] = entries = []
                entries += [_copy(one, memo) for one in value]
            return cast("list[Value]", memo[id(value)])
        case Conditional():
            return Conditional(tuple((words, _copy(one, memo)) for words, one in value.readings))
        case OpenValue(about=Node()):
            return replace(value, about=_copy(value.about, memo))  # type: ignore[arg-type]  # a node's copy is one
        case _:
            return value


class PlacedNode(NamedTuple):
    """An object that a value is or holds: where in it, under which condition."""

    place: str
    condition: str
    node: Node


def nodes(value: Value, condition: str = "", place: str = "", depth: int = 0) -> Iterator[PlacedNode]:
    """Yield the objects that a value can be, and those in lists, mappings and the file's own objects."""
    if depth > _DEEPEST:
        return
    if isinstance(value, Node):
        yield PlacedNode(place, condition, value)
        if not value.cls.endswith(("RPUConfig", "Preset")):
            for name, (inner, _) in value.values.items():
                step = f"[{name!r}]" if value.cls == MAPPING else f".{name}"
                yield from nodes(inner, condition, f"{place}{step}", depth + 1)
    elif isinstance(value, Conditional):
        for words, one in value.readings:
            yield from nodes(one, words, place, depth + 1)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from nodes(one, condition, f"{place}[{index}]", depth + 1)
