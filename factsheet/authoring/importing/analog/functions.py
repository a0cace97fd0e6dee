"""Bind the arguments of functions that a Python file defines, from its syntax tree."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from factsheet.authoring.importing.analog.containers import mapping_of
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
    if given is not None and arguments.kwarg is not None:
        extra = [(name, value) for name, value in given.items() if name not in found]
        found[arguments.kwarg.arg] = mapping_of(extra, function.lineno)
    return found


def of_lambda(name: str, made: ast.Lambda) -> ast.FunctionDef:
    """Return a function without a name as one that is defined under the name that it is given."""
    body: list[ast.stmt] = [ast.Return(made.body)]
    written = ast.FunctionDef(name, made.args, body, [])
    return ast.fix_missing_locations(ast.copy_location(written, made))


def chain_of_cases(statement: ast.Match) -> ast.stmt:
    """Return a `match` as conditions one after the other; only a run knows whether a case that is no literal fits."""
    rest: list[ast.stmt] = []
    for case in reversed(statement.cases):
        if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None:
            rest = case.body
            continue
        test: ast.expr = ast.Name(f"case {ast.unparse(case.pattern)}", ast.Load())
        if isinstance(case.pattern, ast.MatchValue) and case.guard is None:
            test = ast.Compare(statement.subject, [ast.Eq()], [case.pattern.value])
        rest = [ast.If(test, case.body, rest)]
    made = rest[0] if len(rest) == 1 else ast.If(ast.Constant(value=True), rest or [ast.Pass()], [])
    return ast.fix_missing_locations(ast.copy_location(made, statement))
