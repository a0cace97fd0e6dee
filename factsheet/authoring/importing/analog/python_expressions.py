"""Evaluate the expressions of a Python file that configurations are made of; nothing in the file is run."""

from __future__ import annotations

import abc
import ast
import operator
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.analog.found_configurations import Called, UnreadLine
from factsheet.authoring.importing.analog.functions import Function, names_of, parameters
from factsheet.authoring.importing.analog.open_values import computed, copied, lifted, merged
from factsheet.authoring.importing.analog.syntax import last_name, options_in
from factsheet.authoring.importing.analog.toolkits import AIHWKIT, LIGHTNING, Toolkit, ToolkitClass
from factsheet.authoring.importing.analog.values import Member, Node, OpenValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Scope = dict[str, Value]
_DEEPEST_CALL = 8
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


_POSITIONAL = {
    "PCMLikeNoiseModel": ("prog_coeff", "g_converter", "g_max"),
    "ReRamWan2022NoiseModel": ("coeff_dic", "g_converter", "g_max"),
}
"""Arguments of constructors that are no data classes, in their order."""


class Evaluator(abc.ABC):
    """What is known of a file while its statements are followed, and the values of its expressions."""

    def __init__(self, tree: ast.Module, name: str) -> None:
        self.tree, self.name = tree, name
        self.statements = 0
        self.lightning: set[str] = set()
        self.has_lightning = self.has_aihwkit = False
        self.own: dict[str, ToolkitClass] = {}
        self.functions: list[Function] = []
        self.defined: dict[str, Function] = {}
        self.followed: set[str] = set()
        self.active: list[str] = []
        self.globals: Scope = {}
        self.foreign: set[str] = set()
        self.unread: dict[tuple[int, str], UnreadLine] = {}
        self.calls: dict[tuple[str, int], Called] = {}
        self.found: dict[tuple[int, str], tuple[str, Node]] = {}
        self.options = options_in(tree)

    @abc.abstractmethod
    def assign(self, target: ast.expr, value: Value, scope: Scope, line: int) -> None:
        """Set a target of an assignment."""

    @abc.abstractmethod
    def enter(self, function: Function, arguments: Scope, *, called: bool = True) -> Value:
        """Follow a function with what it is given, and return what it returns."""

    def toolkit_of(self, node: Node) -> Toolkit:
        """Return the toolkit that a configuration is of, with the classes of the file."""
        lightning = node.cls in self.lightning or (self.has_lightning and not self.has_aihwkit)
        return (LIGHTNING if lightning else AIHWKIT).with_classes(self.own)

    def leave_line(self, line: int, text: str, why: str) -> None:
        """List a line that may set something and was not followed."""
        self.unread.setdefault((line, text), UnreadLine(line, text[:120], why))

    def value(self, node: ast.expr, scope: Scope) -> Value:
        """Return the value of an expression, open where only a run knows it."""
        match node:
            case ast.Constant():
                return (
                    node.value
                    if isinstance(node.value, int | float | str | bool | None)
                    else OpenValue(ast.unparse(node))
                )
            case ast.Name():
                return scope.get(node.id, OpenValue(node.id))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                sign = -1 if isinstance(node.op, ast.USub) else 1
                return lifted(
                    lambda number: number * sign, [self.value(node.operand, scope)], ast.unparse(node)
                )
            case ast.BinOp():
                parts = [self.value(node.left, scope), self.value(node.right, scope)]
                return lifted(lambda one, other: computed(node.op, one, other), parts, ast.unparse(node))
            case ast.IfExp():
                test = self.truth(node.test, scope)
                if test is not None:
                    return self.value(node.body if test else node.orelse, scope)
                words = ast.unparse(node.test)[:80]
                return merged(self.value(node.body, scope), self.value(node.orelse, scope), words)
            case ast.List() | ast.Tuple():
                return [self.value(one, scope) for one in node.elts]
            case ast.Attribute():
                return self.attribute(node, scope)
            case ast.Call():
                return self.call(node, scope)
            case _:
                return OpenValue(ast.unparse(node)[:120])

    def attribute(self, node: ast.Attribute, scope: Scope) -> Value:
        """Return what an attribute holds: as set, the toolkit's default, a member of an enumeration, or open."""
        text = ast.unparse(node)
        if text in scope:
            return scope[text]
        above = self.value(node.value, scope)
        if isinstance(above, Node):
            if node.attr in above.values:
                return above.values[node.attr][0]
            default = self.toolkit_of(above).default(above.cls, node.attr)
            if isinstance(default, Node):
                above.values[node.attr] = (default, 0)  # so that what is set under another name is set here
            return OpenValue(text) if default is KeyError else default  # type: ignore[return-value]
        if node.attr.isupper() and isinstance(node.value, ast.Name | ast.Attribute):
            return Member(node.attr)
        return OpenValue(text, self.options.get(node.attr))

    def call(self, node: ast.Call, scope: Scope) -> Value:
        """Return what a call gives: an object of a toolkit, a copy, or what a function of the file returns."""
        name = last_name(node.func)
        arguments = {one.arg: self.value(one.value, scope) for one in node.keywords if one.arg}
        given = [self.value(one, scope) for one in node.args]
        self._note_made(node, given, arguments)
        if name in {"float", "int", "deepcopy", "copy"} and len(given) == 1 and not arguments:
            return copied(given[0], node.lineno) if name in {"deepcopy", "copy"} else given[0]
        if name == "replace" and len(given) == 1 and isinstance(given[0], Node):  # of dataclasses
            made = copied(given[0], node.lineno)
            if isinstance(made, Node):
                made.values |= {key: (value, node.lineno) for key, value in arguments.items()}
            return made
        if self.is_known(name):
            values = {key: (value, node.lineno) for key, value in arguments.items()}
            for key, value in zip(_POSITIONAL.get(name, ()), given, strict=False):
                values[key] = (value, node.lineno)
            return Node(name, values, node.lineno)
        return self._other_call(node, given, arguments, scope)

    def _note_made(self, node: ast.Call, given: Sequence[Value], arguments: Scope) -> None:
        """Find configurations that are made where they are handed on."""
        for expression, value in (
            *zip(node.args, given, strict=True),
            *((one.value, arguments[one.arg]) for one in node.keywords if one.arg),
        ):
            if (
                isinstance(expression, ast.Call)
                and isinstance(value, Node)
                and self.is_configuration(value.cls)
            ):
                self.found.setdefault((value.line, ""), (f"`{value.cls}`", value))

    def _other_call(self, node: ast.Call, given: list[Value], arguments: Scope, scope: Scope) -> Value:
        name = last_name(node.func)
        if name == "setattr":
            return self.set_attribute(node, given, scope)
        whole = not any(isinstance(one, ast.Starred) for one in node.args) and len(arguments) == len(
            node.keywords
        )
        if isinstance(node.func, ast.Name) and name in self.defined and whole:
            followed = self.inline(self.defined[name], node, given, arguments)
            if followed is not None:
                return followed[0]
        if name in self.foreign or name in self.defined or name == "update":
            self.leave_changes(node, [*given, *arguments.values()], scope)
        if name and arguments:
            self.calls[name, node.lineno] = Called(name, arguments, node.lineno)
        return OpenValue(ast.unparse(node)[:120])

    def set_attribute(self, node: ast.Call, given: Sequence[Value], scope: Scope) -> Value:
        """Follow `setattr` with a name that the file states."""
        if len(given) == 3 and isinstance(given[1], str):  # noqa: PLR2004  object, name, value
            target = ast.Attribute(node.args[0], given[1], ast.Store())
            self.assign(ast.copy_location(target, node), given[2], scope, node.lineno)
        elif given and isinstance(given[0], Node):
            self.leave_line(node.lineno, ast.unparse(node), "which setting it changes is known only in a run")
        return None

    def inline(
        self, function: Function, node: ast.Call, given: Sequence[Value], arguments: Scope
    ) -> tuple[Value] | None:
        """Follow a call of a function of the file; `None` where it calls itself, or calls are nested too deeply."""
        if function.name in self.active or len(self.active) >= _DEEPEST_CALL:
            return None
        bound = {**dict(zip(names_of(function), given, strict=False)), **arguments}
        before = len(self.found)
        returned = self.enter(
            function, parameters(function, lambda one: self.value(one, self.globals), bound)
        )
        if isinstance(returned, Node) and all(returned is not one for one in bound.values()):
            for key, (_, found) in tuple(self.found.items())[before:]:
                if found is returned:
                    del self.found[key]  # it is found under the name that it gets from this call
            returned = copied(returned, node.lineno)
        return (returned,)

    def leave_changes(self, node: ast.Call, given: list[Value], scope: Scope) -> None:
        """List a call that may change a configuration, of code that is not followed."""
        if isinstance(node.func, ast.Attribute):
            given += [scope.get(one.id) for one in ast.walk(node.func) if isinstance(one, ast.Name)]
        if any(isinstance(one, Node) for one in given):
            why = "it may change the configuration, and was not followed"
            self.leave_line(node.lineno, ast.unparse(node), why)

    def truth(self, node: ast.expr, scope: Scope) -> bool | None:
        """Return whether a condition holds; `None` where only a run knows."""
        if ast.unparse(node) == "__name__ == '__main__'":
            return True
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.truth(node.operand, scope)
            return None if inner is None else not inner
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            parts = [self.value(node.left, scope), self.value(node.comparators[0], scope)]
            compare = _COMPARISONS.get(type(node.ops[0]))
            if compare is None or any(not isinstance(one, int | float | str | None) for one in parts):
                return None
            try:
                return bool(compare(*parts))
            except TypeError:
                return None
        value = self.value(node, scope)
        return bool(value) if isinstance(value, int | float | str | None) else None

    def is_known(self, name: str) -> bool:
        """Return whether a class is a toolkit's, or derived from one."""
        known = name in AIHWKIT.classes or name in LIGHTNING.classes or name in self.own
        return known or name.endswith(
            ("RPUConfig", "Preset", "NoiseModel", "ConductanceConverter", "DriftCompensation")
        )

    def is_configuration(self, name: str) -> bool:
        """Return whether a class is a whole configuration."""
        toolkit = AIHWKIT.with_classes(self.own)
        return toolkit.derives(name, *AIHWKIT.inference) or name.endswith(("RPUConfig", "Preset"))
