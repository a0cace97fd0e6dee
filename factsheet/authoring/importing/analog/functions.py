"""Bind the arguments of functions that a Python file defines, from its syntax tree."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from factsheet.authoring.importing.analog.values import Assumed, Member, OpenValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


def names_called(tree: ast.Module) -> frozenset[str]:
    """Return the bare names that anything in the file calls."""
    return frozenset(
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


def names_of(function: Function) -> tuple[str, ...]:
    """Return the names of the arguments that can be given by position, in order."""
    return tuple(one.arg for one in (*function.args.posonlyargs, *function.args.args))


def parameters(
    function: Function, value_of: Callable[[ast.expr], Value], given: Mapping[str, Value] | None
) -> dict[str, Value]:
    """Return what each argument of a function holds.

    Args:
        function: as the file defines it.
        value_of: evaluates a default.
        given: by the caller; `None` where nobody in the file calls it: a default is assumed, and the others are open.
    """
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args]
    defaults: dict[str, ast.expr] = dict(
        zip(
            [one.arg for one in named[len(named) - len(arguments.defaults) :]],
            arguments.defaults,
            strict=True,
        )
    )
    defaults |= {
        one.arg: default
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    found: dict[str, Value] = {}
    for one in (*named, *arguments.kwonlyargs):
        text = f"argument `{one.arg}` of `{function.name}`"
        value = value_of(defaults[one.arg]) if one.arg in defaults else None
        if given is not None and (one.arg in given or one.arg in defaults):
            found[one.arg] = given.get(one.arg, value)
        elif isinstance(value, int | float | str | Member):
            found[one.arg] = Assumed(value, f"Default of {text}; a caller may give another.")
        else:
            found[one.arg] = OpenValue(text)
    return found
