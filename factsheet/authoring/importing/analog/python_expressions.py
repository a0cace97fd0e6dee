"""Evaluate the expressions of a Python file that configurations are made of; nothing in the file is run."""

from __future__ import annotations

import abc
import ast

from factsheet.authoring.importing.analog.containers import (
    ContainerEvaluator,
    Scope,
)
from factsheet.authoring.importing.analog.doubts import SECTIONS, PossibleSetting
from factsheet.authoring.importing.analog.found_configurations import Called, UnreadLine
from factsheet.authoring.importing.analog.functions import (
    Function,
    names_called,
    of_lambda,
    options_in,
)
from factsheet.authoring.importing.analog.open_values import compared, computed, lifted, merged
from factsheet.authoring.importing.analog.toolkits import AIHWKIT, LIGHTNING, Toolkit, ToolkitClass
from factsheet.authoring.importing.analog.values import Member, Node, OpenValue, Value


class Evaluator(ContainerEvaluator):
    """What is known of a file while its statements are followed, and the values of its expressions."""

    def __init__(self, tree: ast.Module, name: str) -> None:
        self.tree, self.name = tree, name
        self.statements = 0
        self.lightning: set[str] = set()
        self.has_lightning = self.has_aihwkit = False
        self.own: dict[str, ToolkitClass] = {}
        self.functions: list[Function] = []
        self.defined: dict[str, Function] = {}
        self.classes: dict[str, dict[str, Function]] = {}
        self.followed: set[int] = set()
        self.possible: list[PossibleSetting] = []
        self.passes: list[str] = []
        self.inert: set[int] = set()
        """Functions, by their lines, that did nothing to any object and gave nothing that is known."""
        self.sets = 0
        self.active: list[str] = []
        self.globals: Scope = {}
        self.foreign: set[str] = set()
        self.aliases: dict[str, str] = {}
        self.unread: dict[tuple[int, str], UnreadLine] = {}
        self.calls: dict[tuple[str, int], Called] = {}
        self.found: dict[tuple[int, str], tuple[str, Node]] = {}
        self.options = options_in(tree)
        self.called = names_called(tree)

    @abc.abstractmethod
    def call(self, node: ast.Call, scope: Scope) -> Value:
        """Return what a call gives."""

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
            case ast.Lambda():
                name = f"lambda of line {node.lineno}, column {node.col_offset}"
                self.defined[name] = of_lambda(name, node)
                return OpenValue(name)
            case ast.Attribute():
                return self.attribute(node, scope)
            case ast.Call():
                return self.call(node, scope)
            case _:
                return self.container(node, scope)

    def attribute(self, node: ast.Attribute, scope: Scope) -> Value:
        """Return what an attribute holds: as set, the toolkit's default, a member of an enumeration, or open."""
        text = ast.unparse(node)
        if text in scope:
            return scope[text]
        above = self.value(node.value, scope)
        if isinstance(above, Node):
            return above if node.attr == "__dict__" else self.attribute_of(above, node.attr, text)
        if node.attr.isupper() and isinstance(node.value, ast.Name | ast.Attribute):
            return Member(node.attr)
        return OpenValue(text, self.options.get(node.attr))

    def attribute_of(self, above: Node, name: str, text: str) -> Value:
        """Return an attribute of an object, begun where nothing has set it yet."""
        if name in above.values:
            return above.values[name][0]
        default = self.toolkit_of(above).default(above.cls, name)
        if default is KeyError and name in SECTIONS and self.is_configuration(above.cls):
            default = Node("")
        if isinstance(default, Node):
            above.values[name] = (default, 0)  # so that what is set under another name is set here
        return OpenValue(text, about=above) if default is KeyError else default  # type: ignore[return-value]

    def truth(self, node: ast.expr, scope: Scope) -> bool | None:
        """Return whether a condition holds; `None` where only a run knows."""
        if ast.unparse(node) == "__name__ == '__main__'":
            return True
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.truth(node.operand, scope)
            return None if inner is None else not inner
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return compared(node.ops[0], self.value(node.left, scope), self.value(node.comparators[0], scope))
        value = self.value(node, scope)
        if isinstance(value, Node):
            return True
        return bool(value) if isinstance(value, int | float | str | list | None) else None

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
