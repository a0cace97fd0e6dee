"""Evaluate the expressions of a Python file that configurations are made of; nothing in the file is run."""

from __future__ import annotations

import abc
import ast
import operator
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.analog.containers import (
    MAPPING,
    MOST_PASSES,
    PARTIAL,
    ContainerEvaluator,
    Followed,
    Scope,
    WrittenCall,
    built_in,
    entries,
    method,
    partial_of,
)
from factsheet.authoring.importing.analog.doubts import SECTIONS, PossibleSetting, with_sections
from factsheet.authoring.importing.analog.found_configurations import SEEDING, Called, UnreadLine
from factsheet.authoring.importing.analog.functions import (
    Function,
    names_of,
    of_lambda,
    parameters,
)
from factsheet.authoring.importing.analog.open_values import computed, copied, lifted, merged, nodes
from factsheet.authoring.importing.analog.syntax import last_name, options_in
from factsheet.authoring.importing.analog.toolkits import AIHWKIT, LIGHTNING, Toolkit, ToolkitClass
from factsheet.authoring.importing.analog.values import Member, Node, OpenValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_DEEPEST_CALL = 8
_CHANGES = frozenset({"update", "__setattr__", "__setitem__", "setdefault"})
"""Methods that set something on what they are called on."""
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
    "CustomDriftPCMLikeNoiseModel": ("custom_drift_model", "prog_coeff", "g_converter", "g_max"),
    "HermesNoiseModel": ("prog_coeff", "g_converter", "num_devices", "g_max"),
    "ReRamWan2022NoiseModel": ("coeff_dic", "g_converter", "g_max"),
}
"""Arguments of constructors that are no data classes, in their order."""


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
        self.active: list[str] = []
        self.globals: Scope = {}
        self.foreign: set[str] = set()
        self.unread: dict[tuple[int, str], UnreadLine] = {}
        self.calls: dict[tuple[str, int], Called] = {}
        self.found: dict[tuple[int, str], tuple[str, Node]] = {}
        self.options = options_in(tree)

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

    def call(self, node: ast.Call, scope: Scope) -> Value:
        """Return what a call gives: an object of a toolkit, a copy, or what a function of the file returns."""
        name = last_name(node.func)
        arguments = {one.arg: self.value(one.value, scope) for one in node.keywords if one.arg}
        given = self.items(node.args, scope)
        open_ones = []
        for keyword in (one for one in node.keywords if one.arg is None):
            held = self.value(keyword.value, scope)
            if isinstance(held, Node) and held.cls == MAPPING:
                arguments |= {key: inner for key, (inner, _) in held.values.items()}
                open_ones += [f"**{ast.unparse(keyword.value)}"] if held.doubts else []
            else:
                open_ones.append(f"**{ast.unparse(keyword.value)}")
        self._note_made(node, given, arguments)
        if name in {"float", "int", "deepcopy", "copy"} and len(given) == 1 and not arguments:
            one = given[0]
            if name in {"deepcopy", "copy"}:
                return self.copy_of(one, node.lineno, deep=name == "deepcopy")
            return one
        if name == "replace" and len(given) == 1 and isinstance(given[0], Node):  # of dataclasses
            made = self.copy_of(given[0], node.lineno, deep=False)
            if isinstance(made, Node):
                made.values |= {key: (value, node.lineno) for key, value in arguments.items()}
                self.doubt(made, node, open_ones)
            return made
        if self.is_known(name):
            values = {key: (value, node.lineno) for key, value in arguments.items()}
            for key, value in zip(_POSITIONAL.get(name, ()), given, strict=False):
                values[key] = (value, node.lineno)
            made = Node(name, values, node.lineno)
            self.doubt(made, node, open_ones)
            return made
        return self._other_call(node, given, arguments, scope)

    def copy_of(self, value: Value, line: int, *, deep: bool) -> Value:
        """Return a copy; of one that is not deep, the sections are those of the first object."""
        if isinstance(value, Node) and not deep and self.is_configuration(value.cls):
            with_sections(value, self.toolkit_of(value))
        return copied(value, line, deep=deep)

    def doubt(self, made: Node, node: ast.expr, what: Sequence[str]) -> None:
        """List a line of which only a run knows what it sets on an object."""
        for one in what:
            text = ast.unparse(node)[:80]
            made.doubts.append(f"line {node.lineno}, `{text}`,")
            if not self.concerns(made):
                continue  # a mapping is one of settings where it is handed on as such
            self.leave_line(node.lineno, text, f"what `{one}` sets is known only in a run")

    def _note_made(self, node: ast.Call, given: Sequence[Value], arguments: Scope) -> None:
        """Find configurations that are made where they are handed on."""
        for expression, value in (
            *(zip(node.args, given, strict=True) if len(node.args) == len(given) else ()),
            *((one.value, arguments[one.arg]) for one in node.keywords if one.arg),
        ):
            if (
                isinstance(expression, ast.Call)
                and isinstance(value, Node)
                and self.is_configuration(value.cls)
            ):
                condition = ", ".join(self.passes)
                label = f"`{value.cls}`" + (f" at {condition}" if condition else "")
                self.found.setdefault((value.line, condition), (label, value))

    def _other_call(self, node: ast.Call, given: list[Value], arguments: Scope, scope: Scope) -> Value:
        name = last_name(node.func)
        if name == "setattr":
            return self.set_attribute(node, given, scope)
        followed = self.follow_call(node, given, arguments, scope)
        if followed is not None:
            return followed[0]
        if name in self.foreign or name in self.defined or name in _CHANGES:
            self.leave_changes(node, [*given, *arguments.values()], scope)
        if name in SEEDING and given:
            arguments = {"seed": given[0], **arguments}
        if name and arguments:
            self.calls[name, node.lineno] = Called(name, arguments, node.lineno)
        return OpenValue(ast.unparse(node)[:120])

    def follow_call(self, node: ast.Call, given: list[Value], arguments: Scope, scope: Scope) -> Followed:
        """Return what a call of Python's own, of a function or of a class of the file gives; `None` of any other."""
        name = last_name(node.func)
        whole = not any(isinstance(one, ast.Starred) for one in node.args) and all(
            one.arg for one in node.keywords
        )
        held = scope.get(name) if isinstance(node.func, ast.Name) else None
        if isinstance(held, Node) and held.cls == PARTIAL:
            return (self.made_by(held, node, arguments, scope),)
        if isinstance(node.func, ast.Attribute):
            holder = self.value(node.func.value, scope)
            function = self.classes.get(holder.cls, {}).get(name) if isinstance(holder, Node) else None
            if function is not None and whole:
                return self.inline(function, node, [holder, *given], arguments)
            followed = method(holder, WrittenCall(name, given, arguments, node.lineno))
            if followed is not None or not isinstance(holder, OpenValue):
                return followed
        if name in self.classes and whole:
            made = Node(name, dict(held.values) if isinstance(held, Node) else {}, node.lineno)
            return (self.object_of(made, node, given, arguments),)
        function = self.function_at(node.func, scope)
        if function is not None and whole:
            return self.inline(function, node, given, arguments)
        if name == "getattr" and len(given) > 1:
            return (self.attribute_named(given, node),)
        if name == "partial" and given:
            return (partial_of(given[0], arguments, node.lineno),)
        if name in {"map", "reduce"} and len(given) > 1:
            return self.mapped(node, given, scope)
        return built_in(WrittenCall(name, given, arguments, node.lineno))

    def object_of(self, made: Node, node: ast.Call, given: list[Value], arguments: Scope) -> Node:
        """Return an object of a class of the file after its `__init__`, if it has one."""
        begin = self.classes[made.cls].get("__init__")
        if begin is not None:
            self.inline(begin, node, [made, *given], arguments)
        return made

    def function_at(self, place: ast.expr, scope: Scope) -> Function | None:
        """Return the function of the file that a place is, such as an entry of a mapping of them."""
        if isinstance(place, ast.Name) and place.id in self.defined:
            return self.defined[place.id]
        value = None if isinstance(place, ast.Call) else self.value(place, scope)
        return self.defined.get(value.text) if isinstance(value, OpenValue) else None

    def made_by(self, partial: Node, node: ast.Call, arguments: Scope, scope: Scope) -> Value:
        """Return what a function of which some arguments were given before gives for the others."""
        given = {key: value for key, (value, _) in partial.values.items()}
        function = given.pop("")
        given |= arguments
        known = [ast.keyword(key, ast.Name(f"{PARTIAL} {key}", ast.Load())) for key in given]
        inner = {**scope, **{f"{PARTIAL} {key}": value for key, value in given.items()}}
        name = function.text.rpartition(".")[2] if isinstance(function, OpenValue) else ""
        call = ast.Call(ast.Name(name, ast.Load()), node.args, known)
        return self.call(ast.fix_missing_locations(ast.copy_location(call, node)), inner)

    def attribute_named(self, given: Sequence[Value], node: ast.Call) -> Value:
        """Return what `getattr` gives; of a name that only a run knows, something of the object."""
        holder, name = given[0], given[1]
        if isinstance(holder, Node) and isinstance(name, str):
            return self.attribute_of(holder, name, ast.unparse(node))
        about = holder if isinstance(holder, Node) else getattr(holder, "about", None)
        return OpenValue(ast.unparse(node)[:120], about=about)

    def mapped(self, node: ast.Call, given: Sequence[Value], scope: Scope) -> Followed:
        """Return what a function of the file gives for each entry of a list, and attributes one in the other."""
        walked = entries(given[1])
        if walked is None or len(walked) > MOST_PASSES:
            return None
        if last_name(node.func) == "reduce":
            found: Value = given[2] if len(given) > 2 else None  # noqa: PLR2004  function, names, object
            for name in walked if last_name(node.args[0]) == "getattr" else ():
                found = self.attribute_named([found, name], node)
            return (found,) if last_name(node.args[0]) == "getattr" else None
        function = self.function_at(node.args[0], scope)
        if function is None or len(given) > 2:  # noqa: PLR2004  function, list
            return None
        made = [self.inline(function, node, [one], {}) for one in walked]
        return ([OpenValue(ast.unparse(node)[:120]) if one is None else one[0] for one in made],)

    def set_attribute(self, node: ast.Call, given: Sequence[Value], scope: Scope) -> Value:
        """Follow `setattr` with a name that the file states."""
        if len(given) == 3 and isinstance(given[1], str):  # noqa: PLR2004  object, name, value
            target = ast.Attribute(node.args[0], given[1], ast.Store())
            self.assign(ast.copy_location(target, node), given[2], scope, node.lineno)
        elif given:
            about = given[0] if isinstance(given[0], Node) else getattr(given[0], "about", None)
            if isinstance(about, Node):
                self.doubt(about, node, [ast.unparse(node.args[1]) if len(node.args) > 1 else "*"])
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
            given = [*given, self.value(node.func.value, scope)]
        changed = [one for one in given if isinstance(one, Node) and self.concerns(one)]
        if changed:
            text = ast.unparse(node)
            self.leave_line(node.lineno, text, "it may change the configuration, and was not followed")
            if last_name(node.func) in _CHANGES:
                changed[-1].doubts.append(f"line {node.lineno}, `{text[:80]}`,")

    def concerns(self, node: Node) -> bool:
        """Return whether an object is of a configuration, or holds one."""
        return node.cls not in {MAPPING, *self.classes} or any(
            one.node is not node and one.node.cls not in {MAPPING, *self.classes} for one in nodes(node)
        )

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
