"""What a syntax tree of Python says by itself: names of calls, defaults of fields and of command-line options."""

from __future__ import annotations

import ast
from typing import Any


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
