"""Read what a syntax tree of Python says by itself: names, defaults, options, functions and their arguments."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeAlias

from factsheet.authoring.importing.analog.containers import mapping_of
from factsheet.authoring.importing.analog.values import Assumed, Member, OpenValue, Value
from factsheet.source.decoding import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"
_LONG_NUMBER = f"a whole number of more than {DEFAULT_LIMITS.digits} digits"


def replace_long_numbers(tree: ast.Module) -> None:
    """Put a name that nothing has in the place of each whole number that no setting is.

    Python reads hexadecimal, octal and binary ones of any length, and then can neither write them down nor make a
    floating-point number of them.
    """
    for node in ast.walk(tree):
        for name, held in ast.iter_fields(node):
            if isinstance(held, list):
                held[:] = map(_shortened, held)
            elif isinstance(held, ast.Constant):
                setattr(node, name, _shortened(held))


def _shortened(node: object) -> object:
    number = node.value if isinstance(node, ast.Constant) else None
    if (
        isinstance(node, ast.Constant)
        and isinstance(number, int)
        and abs(number) >= 10**DEFAULT_LIMITS.digits
    ):
        return ast.copy_location(ast.Name(_LONG_NUMBER, ast.Load()), node)
    return node


def last_name(node: ast.expr) -> str:
    """Return the name that is called, without what is before its last dot."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def field_default(node: ast.expr) -> ast.expr:
    """Return the expression that a field of a data class has as its default."""
    if isinstance(node, ast.Call) and last_name(node.func) == "field":
        for keyword in node.keywords:
            if keyword.arg == "default":
                return keyword.value
            if keyword.arg == "default_factory":
                factory = keyword.value
                if isinstance(factory, ast.Lambda):
                    return factory.body
                return ast.copy_location(ast.Call(func=factory, args=[], keywords=[]), factory)
    return node


def options_in(tree: ast.Module) -> dict[str, Any]:
    """Return the defaults of options that the file declares with argparse, by the attribute that holds them."""
    found: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and last_name(node.func) == "add_argument":
            names = [
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            given = {one.arg: one.value for one in node.keywords}
            long = next((name for name in names if name.startswith("--")), names[0] if names else "")
            dest = given.get("dest")
            name = dest.value if isinstance(dest, ast.Constant) else long.lstrip("-").replace("-", "_")
            default = given.get("default")
            try:
                value = ast.literal_eval(default) if default is not None else None
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                continue
            if isinstance(value, int | float | str):
                found[str(name)] = value
    return found


def names_called(tree: ast.Module) -> frozenset[str]:
    """Return the bare names that anything in the file calls, or derives a class from."""
    used = (
        place
        for node in ast.walk(tree)
        for place in ([node.func] if isinstance(node, ast.Call) else getattr(node, "bases", ()))
    )
    return frozenset(place.id for place in used if isinstance(place, ast.Name))


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
