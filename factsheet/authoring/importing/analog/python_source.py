"""Read the configurations in a Python file from its syntax tree; nothing in the file is run.

Literals, arithmetic on them, names, and calls of the toolkits' own classes are evaluated. Of a condition that only a
run decides, both sides are read. What an argument or the command line decides stays open.
"""

from __future__ import annotations

import ast
import copy
import operator
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.analog.found_configurations import (
    Called,
    FoundConfiguration,
    PythonReading,
)
from factsheet.authoring.importing.analog.open_values import computed, lifted, merged, nodes
from factsheet.authoring.importing.analog.syntax import field_default, last_name, options_in
from factsheet.authoring.importing.analog.toolkits import AIHWKIT, LIGHTNING, Toolkit, ToolkitClass
from factsheet.authoring.importing.analog.values import Assumed, Member, Node, OpenValue, Value
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Scope = dict[str, Value]
_MOST_STATEMENTS = 20_000
_SECTIONS = frozenset(
    {"forward", "modifier", "clip", "remap", "mapping", "pre_post", "noise_model", "drift_compensation"}
)
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


def read_python(text: str, name: str) -> PythonReading:
    """Return the configurations in the text of a Python file.

    Raises:
        UsageError: it is no Python, or too long.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = (
            f"line {error.lineno}: {error.msg}" if isinstance(error, SyntaxError) else "it cannot be parsed"
        )
        raise UsageError(f"{name} is no Python that can be read", line, "correct the file") from None
    try:
        return _Interpreter(tree, name).reading()
    except RecursionError:
        raise UsageError(
            f"{name} is nested too deeply", "it was not read", "give the part with the configuration"
        ) from None


class _Interpreter:
    def __init__(self, tree: ast.Module, name: str) -> None:
        self.tree, self.name = tree, name
        self.statements = 0
        self.lightning: set[str] = set()
        self.has_lightning = self.has_aihwkit = False
        self.own: dict[str, ToolkitClass] = {}
        self.functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        self.calls: dict[tuple[str, int], Called] = {}
        self.found: dict[tuple[int, str], tuple[str, Node]] = {}
        self.options = options_in(tree)

    def reading(self) -> PythonReading:
        scope: Scope = {}
        self.run(self.tree.body, scope)
        self.collect(scope, "")
        while self.functions:
            function = self.functions.pop(0)
            inner = {**copy.deepcopy(scope), **self.parameters(function, scope)}
            self.run(function.body, inner)
            self.collect(inner, function.name)
        configurations = []
        for label, node in self.found.values():
            toolkit = self.toolkit_of(node)
            configurations.append(FoundConfiguration(label, toolkit, node))
        return PythonReading(tuple(configurations), tuple(self.calls.values()), scope)

    def toolkit_of(self, node: Node) -> Toolkit:
        lightning = node.cls in self.lightning or (self.has_lightning and not self.has_aihwkit)
        return (LIGHTNING if lightning else AIHWKIT).with_classes(self.own)

    def parameters(self, function: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Scope:
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
        found: Scope = {}
        for one in (*named, *arguments.kwonlyargs):
            text = f"argument `{one.arg}` of `{function.name}`"
            value = self.value(defaults[one.arg], scope) if one.arg in defaults else None
            if isinstance(value, int | float | str | Member):
                found[one.arg] = Assumed(value, f"Default of {text}; a caller may give another.")
            else:
                found[one.arg] = OpenValue(text)
        return found

    # -- statements -------------------------------------------------------------------------------------------------

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follow statements; false where they end the function or raise, so that what follows does not hold."""
        for statement in body:
            self.statements += 1
            if self.statements > _MOST_STATEMENTS:
                raise UsageError(
                    f"{self.name} has more than {_MOST_STATEMENTS:,} statements",
                    "it was not read",
                    "give the part with the configuration",
                )
            if not self.follow(statement, scope):
                return False
        return True

    def follow(self, statement: ast.stmt, scope: Scope) -> bool:
        """Follow one statement that decides which ones come next; others are taken as they are."""
        match statement:
            case ast.Return():
                if statement.value is not None:
                    scope["return"] = self.value(statement.value, scope)
                return False
            case ast.Raise():
                return False
            case ast.If():
                return self.branch(statement, scope)
            case ast.With() | ast.AsyncWith():
                return self.run(statement.body, scope)
            case ast.For() | ast.AsyncFor():
                each = OpenValue(f"each of {ast.unparse(statement.iter)}")
                self.assign(statement.target, each, scope, statement.lineno)
                self.run(statement.body, scope)
            case ast.While():
                self.run(statement.body, scope)
            case ast.Try():
                self.run([*statement.body, *statement.finalbody], scope)
            case _:
                self.take(statement, scope)
        return True

    def take(self, statement: ast.stmt, scope: Scope) -> None:
        match statement:
            case ast.Import() | ast.ImportFrom():
                self.note_import(statement)
            case ast.Assign():
                value = self.value(statement.value, scope)
                for target in statement.targets:
                    self.assign(target, value, scope, statement.lineno)
            case ast.AnnAssign() if statement.value is not None:
                self.assign(statement.target, self.value(statement.value, scope), scope, statement.lineno)
            case ast.AugAssign():
                self.assign(statement.target, OpenValue(ast.unparse(statement)), scope, statement.lineno)
            case ast.Expr():
                self.value(statement.value, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.functions.append(statement)
            case ast.ClassDef():
                self.define(statement, scope)
            case _:
                pass

    def note_import(self, statement: ast.Import | ast.ImportFrom) -> None:
        modules = (
            [statement.module or ""]
            if isinstance(statement, ast.ImportFrom)
            else [one.name for one in statement.names]
        )
        for module in modules:
            root = module.partition(".")[0]
            if root == "aihwkit_lightning":
                self.has_lightning = True
                if isinstance(statement, ast.ImportFrom):
                    self.lightning |= {one.asname or one.name for one in statement.names}
            elif root == "aihwkit":
                self.has_aihwkit = True

    def define(self, statement: ast.ClassDef, scope: Scope) -> None:
        base = next((name for name in map(last_name, statement.bases) if name), "")
        inner = dict(scope)
        defaults: dict[str, Any] = {}
        for one in statement.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None:
                value = self.value(field_default(one.value), inner)
                inner[one.target.id] = value
                defaults[one.target.id] = value
            elif isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions.append(one)
        if self.is_known(base):
            self.own[statement.name] = ToolkitClass(base, defaults)
            if base in self.lightning:
                self.lightning.add(statement.name)
            if self.is_configuration(statement.name):
                node = Node(statement.name, {}, statement.lineno)
                self.found.setdefault((statement.lineno, statement.name), (f"class {statement.name}", node))

    def branch(self, statement: ast.If, scope: Scope) -> bool:
        test = self.truth(statement.test, scope)
        if test is not None:
            return self.run(statement.body if test else statement.orelse, scope)
        first, second = copy.deepcopy(scope), copy.deepcopy(scope)
        goes_on = self.run(statement.body, first), self.run(statement.orelse, second)
        if goes_on[0] != goes_on[1] and "return" not in (first if not goes_on[0] else second):
            kept = first if goes_on[0] else second  # the other side raises
        else:
            words = ast.unparse(statement.test)[:80]
            kept = {key: merged(first.get(key), second.get(key), words) for key in {**first, **second}}
        scope.clear()
        scope.update(kept)
        return any(goes_on)

    def assign(self, target: ast.expr, value: Value, scope: Scope, line: int) -> None:
        match target:
            case ast.Name():
                scope[target.id] = value
            case ast.Attribute():
                above = self.object_at(target.value, scope, target.attr)
                if above is not None:
                    above.values[target.attr] = (value, line)
                else:
                    scope[ast.unparse(target)] = value
            case ast.Tuple() | ast.List() if isinstance(value, list) and len(value) == len(target.elts):
                for one, part in zip(target.elts, value, strict=True):
                    self.assign(one, part, scope, line)
            case ast.Tuple() | ast.List():
                for one in target.elts:
                    self.assign(one, OpenValue(ast.unparse(target)), scope, line)
            case _:
                pass

    def object_at(self, place: ast.expr, scope: Scope, name: str) -> Node | None:
        """Return the object that an attribute is set on; one that was handed in is begun."""
        known = scope.get(ast.unparse(place))
        if isinstance(known, Node):
            return known
        if isinstance(place, ast.Attribute):
            above = self.object_at(place.value, scope, place.attr)
            if above is None:
                return None
            if place.attr in above.values:
                value = above.values[place.attr][0]
                return value if isinstance(value, Node) else None
            default = self.toolkit_of(above).default(above.cls, place.attr)
            node = default if isinstance(default, Node) else Node("")
            above.values[place.attr] = (node, 0)
            return node
        if isinstance(place, ast.Name) and name in _SECTIONS:
            node = Node(
                "TorchInferenceRPUConfig"
                if self.has_lightning and not self.has_aihwkit
                else "InferenceRPUConfig"
            )
            node.line = place.lineno
            scope[place.id] = node
            return node
        return None

    # -- expressions ------------------------------------------------------------------------------------------------

    def value(self, node: ast.expr, scope: Scope) -> Value:
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
        text = ast.unparse(node)
        if text in scope:
            return scope[text]
        above = self.value(node.value, scope)
        if isinstance(above, Node):
            if node.attr in above.values:
                return above.values[node.attr][0]
            default = self.toolkit_of(above).default(above.cls, node.attr)
            return OpenValue(text) if default is KeyError else default  # type: ignore[return-value]
        if node.attr.isupper() and isinstance(node.value, ast.Name | ast.Attribute):
            return Member(node.attr)
        return OpenValue(text, self.options.get(node.attr))

    def call(self, node: ast.Call, scope: Scope) -> Value:
        name = last_name(node.func)
        arguments = {one.arg: self.value(one.value, scope) for one in node.keywords if one.arg}
        for one in node.args:
            given = self.value(one, scope)
            if isinstance(one, ast.Call) and isinstance(given, Node) and self.is_configuration(given.cls):
                self.found.setdefault((given.line, ""), (f"`{given.cls}`", given))
        if name in {"float", "int", "deepcopy", "copy"} and len(node.args) == 1 and not arguments:
            inner = self.value(node.args[0], scope)
            return copy.deepcopy(inner) if name in {"deepcopy", "copy"} else inner
        if self.is_known(name):
            values = {key: (value, node.lineno) for key, value in arguments.items()}
            positional = _POSITIONAL.get(name, ())
            for key, one in zip(positional, node.args, strict=False):
                values[key] = (self.value(one, scope), node.lineno)
            return Node(name, values, node.lineno)
        if name and arguments:
            self.calls[name, node.lineno] = Called(name, arguments, node.lineno)
        return OpenValue(ast.unparse(node)[:120])

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

    # -- what was found ---------------------------------------------------------------------------------------------

    def is_known(self, name: str) -> bool:
        known = name in AIHWKIT.classes or name in LIGHTNING.classes or name in self.own
        return known or name.endswith(
            ("RPUConfig", "Preset", "NoiseModel", "ConductanceConverter", "DriftCompensation")
        )

    def is_configuration(self, name: str) -> bool:
        toolkit = AIHWKIT.with_classes(self.own)
        return toolkit.derives(name, *AIHWKIT.inference) or name.endswith(("RPUConfig", "Preset"))

    def collect(self, scope: Scope, function: str) -> None:
        for name, value in scope.items():
            for condition, node in nodes(value):
                if not self.is_configuration(node.cls):
                    continue
                label = " ".join(
                    filter(
                        None, (f"`{function}`" if function else f"`{name}`", condition and f"if {condition}")
                    )
                )
                key = (node.line, condition)
                if key not in self.found or name == "return":
                    self.found[key] = (label, node)
