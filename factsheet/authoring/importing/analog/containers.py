"""Follow lists, mappings and the built-in functions that a Python file fills them with and walks through them.

A mapping is an object of the class `dict`, so that what is set on an object under a name and what is put into a mapping
under a key are one thing: `vars(x)["y"]`, `x.__dict__["y"]` and `x.y`.
"""

from __future__ import annotations

import abc
import ast
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.importing.analog.values import (
    EACH_PASS,
    Assumed,
    Member,
    Node,
    OpenValue,
    Value,
    make_room,
    refuse_long_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MAPPING = "dict"
_MOST_ENTRIES = 200
"""Entries of a list or mapping that is written out, of which more are no settings."""
PARTIAL = "functools.partial"
"""The class of a function of which some arguments are given; the function itself is under the empty name."""
_OF_TEXTS = frozenset(
    {"split", "rsplit", "lower", "upper", "strip", "lstrip", "rstrip", "replace", "title", "removeprefix"}
    | {"removesuffix", "partition", "rpartition", "startswith", "endswith"}
)
MOST_PASSES = 50
"""Passes of a loop, and entries of a range, that are followed one by one."""
Scope = dict[str, Value]
"""Values by the names that they have."""

Followed = tuple[Value] | None
"""What something gives; `None` where only a run knows."""


def key_of(value: Value) -> str | None:
    """Return a key as the name that its value is kept under; `None` where only a run knows it."""
    if isinstance(value, Assumed):
        value = value.value
    if isinstance(value, Member):
        return value.name
    if isinstance(value, str):
        return value
    return repr(value) if isinstance(value, int | float) else None


def mapping_of(pairs: Sequence[tuple[Value, Value]], line: int) -> Node | None:
    """Return a mapping; `None` where only a run knows one of its keys."""
    named = [(key_of(key), value) for key, value in pairs]
    values = {key: (value, line) for key, value in named if key is not None}
    return Node(MAPPING, values, line) if len(named) == sum(key is not None for key, _ in named) else None


def entry(holder: Value, index: Value) -> Followed:
    """Return what is at an index of a list, or under a key of a mapping."""
    if isinstance(holder, list) and isinstance(index, int):
        return (holder[index],) if -len(holder) <= index < len(holder) else None
    key = key_of(index)
    if isinstance(holder, Node) and key in holder.values:
        return (holder.values[key][0],)
    return None


def entries(value: Value) -> list[Value] | None:
    """Return what a loop over a value walks through; `None` where only a run knows it."""
    if isinstance(value, list):
        return value
    if isinstance(value, Node) and value.cls == MAPPING:
        return [_key(name) for name in value.values]
    return None


def _key(name: str) -> Value:
    try:
        number = ast.literal_eval(name)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return name
    return number if isinstance(number, int | float) else name


class WrittenCall(NamedTuple):
    """A call as it is written: what is called, the arguments by position and by name, the line."""

    name: str
    given: Sequence[Value]
    arguments: Mapping[str, Value]
    line: int


def method(holder: Value, call: WrittenCall) -> Followed:
    """Return what a method of a list or a mapping gives, after what it does to it."""
    name, given, arguments, line = call
    if isinstance(holder, str):
        return _of_text(holder, name, given)
    if isinstance(holder, list):
        return _of_list(holder, name, given)
    if not isinstance(holder, Node):
        return None
    if name == "update":
        return (None,) if _updated(holder, given, arguments, line) else None
    return _of_mapping(holder, call) if holder.cls == MAPPING else None


def _of_mapping(holder: Node, call: WrittenCall) -> Followed:
    match call.name:
        case "items":
            return ([[_key(key), value] for key, (value, _) in holder.values.items()],)
        case "keys":
            return (entries(holder),)
        case "values":
            return ([value for value, _ in holder.values.values()],)
        case "get" if call.given:
            found = entry(holder, call.given[0])
            return found or (call.given[1] if len(call.given) > 1 else None,)
        case "copy":
            return (Node(MAPPING, dict(holder.values), call.line),)
        case _:
            return None


def _of_text(holder: str, name: str, given: Sequence[Value]) -> Followed:
    if name not in _OF_TEXTS or any(not isinstance(one, str | int) for one in given):
        return None
    if name == "replace" and len(given) > 1:
        refuse_long_text(len(holder) + holder.count(str(given[0])) * len(str(given[1])))
    try:
        made = getattr(holder, name)(*given)
    except (TypeError, ValueError):
        return None
    return (list(made) if isinstance(made, list | tuple) else made,)


def partial_of(function: Value, arguments: Mapping[str, Value], line: int) -> Node:
    """Return a function with some of its arguments given by name."""
    given = {key: (value, line) for key, value in arguments.items()}
    return Node(PARTIAL, {"": (function, line), **given}, line)


def sliced(holder: Value, bounds: Sequence[Value]) -> Followed:
    """Return a part of a list or of a text, between bounds that are known."""
    numbers = [one for one in bounds if isinstance(one, int) or one is None]
    if not isinstance(holder, list | str) or len(numbers) < len(bounds):
        return None
    try:
        return (holder[slice(*numbers)],)
    except ValueError:
        return None


def _of_list(holder: list[Value], name: str, given: Sequence[Value]) -> Followed:
    if len(given) != 1:
        return ([*holder],) if name == "copy" and not given else None
    if name == "append":
        holder.append(given[0])
    elif name == "extend" and isinstance(given[0], list):
        make_room(len(given[0]))
        holder.extend(given[0])
    else:
        return None
    return (None,)


def _updated(holder: Node, given: Sequence[Value], arguments: Mapping[str, Value], line: int) -> bool:
    """Put the arguments of `update` into what is updated, and return whether all of them are known."""
    for one in given:
        if not (isinstance(one, Node) and one.cls == MAPPING):
            return False
        holder.values |= {key: (value, line) for key, (value, _) in one.values.items()}
    holder.values |= {key: (value, line) for key, value in arguments.items()}
    return True


def built_in(call: WrittenCall) -> Followed:
    """Return what a function of Python gives; `None` for another one, and where only a run knows."""
    name, given, arguments, line = call
    if name == MAPPING:
        return _made_mapping(given, arguments, line)
    if name == "range":
        return _made_range(given)
    if arguments or not given:
        return None
    walked = [entries(one) for one in given]
    known = [one for one in walked if one is not None]
    make = _WALKS.get(name)
    if make is None or len(known) < len(walked):
        return (given[0],) if name == "vars" and isinstance(given[0], Node) else None
    return (make(*known),)


_WALKS: Mapping[str, Callable[..., list[Value]]] = {
    "list": list,
    "tuple": list,
    "iter": list,
    "reversed": lambda one: one[::-1],
    "enumerate": lambda one: [[index, value] for index, value in enumerate(one)],
    "zip": lambda *all_of: [list(row) for row in zip(*all_of, strict=False)],
    "zip_longest": lambda *all_of: [list(row) for row in zip_longest(*all_of)],
}


def _made_mapping(given: Sequence[Value], arguments: Mapping[str, Value], line: int) -> Followed:
    made = Node(MAPPING, {}, line)
    for one in given:
        if isinstance(one, list) and all(isinstance(row, list) and len(row) == 2 for row in one):  # noqa: PLR2004
            pairs = mapping_of([(row[0], row[1]) for row in one if isinstance(row, list)], line)
            given = [pairs] if pairs is not None else given
    return (made,) if _updated(made, given, arguments, line) else None


def _made_range(given: Sequence[Value]) -> Followed:
    numbers = [one for one in given if isinstance(one, int)]
    if len(numbers) < len(given) or not 1 <= len(given) <= 3 or (len(given) == 3 and not numbers[2]):  # noqa: PLR2004
        return None
    made = range(*numbers)
    return (list(made),) if len(made) <= MOST_PASSES else None


class ContainerEvaluator(abc.ABC):
    """Evaluates lists, mappings, what is taken out of them, and comprehensions."""

    @abc.abstractmethod
    def value(self, node: ast.expr, scope: Scope) -> Value:
        """Return the value of an expression, open where only a run knows it."""

    @abc.abstractmethod
    def truth(self, node: ast.expr, scope: Scope) -> bool | None:
        """Return whether a condition holds; `None` where only a run knows."""

    @abc.abstractmethod
    def assign(self, target: ast.expr, value: Value, scope: Scope, line: int) -> None:
        """Set a target of an assignment."""

    def container(self, node: ast.expr, scope: Scope) -> Value:
        """Return the value of an expression with several values in it; open where only a run knows it."""
        followed: Followed = None
        match node:
            case ast.List() | ast.Tuple() | ast.Set():
                few = len(node.elts) <= _MOST_ENTRIES
                followed = (self.items(node.elts, scope),) if few else None
            case ast.Dict():
                followed = self.mapping(node, scope)
            case ast.Subscript(slice=ast.Slice() as part):
                bounds = (part.lower, part.upper, part.step)
                known = [None if one is None else self.value(one, scope) for one in bounds]
                followed = sliced(self.value(node.value, scope), known)
            case ast.JoinedStr():
                followed = self.joined(node, scope)
            case ast.Subscript():
                followed = entry(self.value(node.value, scope), self.value(node.slice, scope))
            case ast.NamedExpr():
                self.assign(node.target, self.value(node.value, scope), scope, node.lineno)
                followed = (scope.get(node.target.id),)
            case ast.BoolOp():
                followed = self.first_deciding(node, scope)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                made = self.comprehended(node.generators, [node.elt], dict(scope))
                followed = None if made is None else ([row[0] for row in made],)
            case ast.DictComp():
                made = self.comprehended(node.generators, [node.key, node.value], dict(scope))
                pairs = None if made is None else mapping_of([(row[0], row[1]) for row in made], node.lineno)
                followed = None if pairs is None else (pairs,)
        return OpenValue(ast.unparse(node)[:120]) if followed is None else followed[0]

    def joined(self, node: ast.JoinedStr, scope: Scope) -> Followed:
        """Return a text with values in it, where all of them are known and written as they are."""
        parts: list[str] = []
        for one in node.values:
            plain = one.value if isinstance(one, ast.FormattedValue) and one.format_spec is None else one
            value = self.value(plain, scope)
            if not isinstance(value, str | int | float) or isinstance(plain, ast.FormattedValue):
                return None
            parts.append(str(value))
            refuse_long_text(sum(map(len, parts)))
        return ("".join(parts),)

    def items(self, elements: Sequence[ast.expr], scope: Scope) -> list[Value]:
        """Return the values of expressions one after the other, those of a starred one for what it holds."""
        made: list[Value] = []
        for one in elements:
            if isinstance(one, ast.Starred):
                inner = entries(self.value(one.value, scope))
                make_room(len(inner or ()))
                made += [OpenValue(ast.unparse(one)[:120])] if inner is None else inner
            else:
                made.append(self.value(one, scope))
        return made

    def mapping(self, node: ast.Dict, scope: Scope) -> Followed:
        """Return a mapping as it is written; `None` where only a run knows a key of it."""
        if len(node.keys) > _MOST_ENTRIES:
            return None  # a table of data, and no settings
        pairs: list[tuple[Value, Value]] = []
        for key, one in zip(node.keys, node.values, strict=True):
            value = self.value(one, scope)
            if key is not None:
                pairs.append((self.value(key, scope), value))
            elif isinstance(value, Node):
                pairs += [(name, inner) for name, (inner, _) in value.values.items()]
            else:
                pairs.append((OpenValue("**"), value))
        made = mapping_of(pairs, node.lineno)
        return None if made is None else (made,)

    def first_deciding(self, node: ast.BoolOp, scope: Scope) -> Followed:
        """Return what `and` and `or` give: the first operand that decides, where that can be told."""
        wanted = isinstance(node.op, ast.Or)
        for one in node.values[:-1]:
            truth = self.truth(one, scope)
            if truth is None:
                return None
            if truth is wanted:
                return (self.value(one, scope),)
        return (self.value(node.values[-1], scope),)

    def comprehended(
        self, generators: Sequence[ast.comprehension], made: Sequence[ast.expr], scope: Scope
    ) -> list[list[Value]] | None:
        """Return the values of a comprehension, a row a pass; `None` where only a run knows what it walks through."""
        if not generators:
            return [[self.value(one, scope) for one in made]]
        first, *others = generators
        walked = entries(self.value(first.iter, scope))
        if walked is None or len(walked) > MOST_PASSES:
            return None
        rows: list[list[Value]] = []
        for one in walked:
            make_room(EACH_PASS)
            self.assign(first.target, one, scope, first.target.lineno)
            tests = [self.truth(test, scope) for test in first.ifs]
            inner = self.comprehended(others, made, scope) if all(tests) else []
            if inner is None or None in tests:
                return None
            rows += inner
        return rows
