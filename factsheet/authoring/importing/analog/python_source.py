"""Read the configurations in a Python file from its syntax tree; nothing in the file is run.

Literals, arithmetic on them, names, calls of the toolkits' own classes and of functions of the file are evaluated. Of a
condition that only a run decides, both sides are read. What an argument or the command line decides stays open.
"""

from __future__ import annotations

import ast
import copy
import re
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.analog.found_configurations import FoundConfiguration, PythonReading
from factsheet.authoring.importing.analog.functions import Function, names_called, parameters
from factsheet.authoring.importing.analog.open_values import merged, nodes
from factsheet.authoring.importing.analog.python_expressions import Evaluator, Scope
from factsheet.authoring.importing.analog.syntax import field_default, last_name
from factsheet.authoring.importing.analog.toolkits import ToolkitClass
from factsheet.authoring.importing.analog.values import Node, OpenValue, Value
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_STATEMENTS = 20_000
_LONGEST_LOOP = 50
_SECTIONS = frozenset(
    {"forward", "modifier", "clip", "remap", "mapping", "pre_post", "noise_model", "drift_compensation"}
)


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


class _Interpreter(Evaluator):
    def reading(self) -> PythonReading:
        scope = self.globals
        self.run(self.tree.body, scope)
        self.collect(scope, "")
        called = names_called(self.tree)
        while self.functions:
            # A function that another one calls is followed from there, with what it is given there.
            function = next((one for one in self.functions if one.name not in called), self.functions[0])
            self.functions.remove(function)
            if function.name not in self.followed:
                self.enter(
                    function, parameters(function, lambda one: self.value(one, scope), None), called=False
                )
        configurations = []
        for label, node in self.found.values():
            toolkit = self.toolkit_of(node)
            configurations.append(FoundConfiguration(label, toolkit, node))
        return PythonReading(
            tuple(configurations), tuple(self.calls.values()), scope, tuple(self.unread.values())
        )

    def enter(self, function: Function, arguments: Scope, *, called: bool = True) -> Value:
        """Follow a function with what it is given, and return what it returns."""
        self.followed.add(function.name)
        # What nobody calls may never run: it changes nothing of what the file itself sets.
        outer = self.globals if called else copy.deepcopy(self.globals)
        inner = {**outer, **arguments}
        self.active.append(function.name)
        try:
            self.run(function.body, inner)
        finally:
            self.active.pop()
        for name, given in {**outer, **arguments}.items():
            changed = inner.get(name)
            # A condition in the function leaves a copy of what it was given.
            if isinstance(given, Node) and isinstance(changed, Node) and changed.cls == given.cls:
                given.values = changed.values
        local = {name: value for name, value in inner.items() if name not in arguments}
        self.collect(local, function.name)
        return inner.get("return")

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
                self.loop(statement, scope)
            case ast.While():
                self.run(statement.body, scope)
            case ast.Try():
                self.run([*statement.body, *statement.finalbody], scope)
            case _:
                self.take(statement, scope)
        return True

    def loop(self, statement: ast.For | ast.AsyncFor, scope: Scope) -> None:
        """Follow a loop over what the file lists itself, once for each; over anything else, once with an open value."""
        over = self.value(statement.iter, scope)
        each = OpenValue(f"each of {ast.unparse(statement.iter)}")
        for one in over if isinstance(over, list) and 0 < len(over) <= _LONGEST_LOOP else [each]:
            self.assign(statement.target, one, scope, statement.lineno)
            self.run(statement.body, scope)

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
                self.defined[statement.name] = statement
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
            elif root != "torch" and isinstance(statement, ast.ImportFrom):
                self.foreign |= {one.asname or one.name for one in statement.names}

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
                    text = ast.unparse(target)
                    scope[text] = value
                    if _SECTIONS & set(re.split(r"\W+", text)):
                        self.leave_line(line, text, "what it is set on was not followed")
            case ast.Tuple() | ast.List() if isinstance(value, list) and len(value) == len(target.elts):
                for one, part in zip(target.elts, value, strict=True):
                    self.assign(one, part, scope, line)
            case ast.Tuple() | ast.List():
                for one in target.elts:
                    self.assign(one, OpenValue(ast.unparse(target)), scope, line)
            case ast.Subscript() if isinstance(self.value(target.value, scope), Node):
                self.leave_line(line, ast.unparse(target), "it is set by what is computed")
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
