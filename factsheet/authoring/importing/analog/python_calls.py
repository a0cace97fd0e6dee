"""Follow the calls of a Python file: of a toolkit's classes, of its own functions and classes, of Python's own."""

from __future__ import annotations

import abc
import ast
from typing import TYPE_CHECKING

from factsheet.authoring.importing.analog.containers import (
    MAPPING,
    MOST_PASSES,
    PARTIAL,
    Followed,
    Scope,
    WrittenCall,
    built_in,
    entries,
    method,
    partial_of,
)
from factsheet.authoring.importing.analog.doubts import with_sections
from factsheet.authoring.importing.analog.found_configurations import SEEDING, Called
from factsheet.authoring.importing.analog.functions import Function, last_name, names_of, parameters
from factsheet.authoring.importing.analog.open_values import copied, in_words, nodes
from factsheet.authoring.importing.analog.python_expressions import Evaluator
from factsheet.authoring.importing.analog.values import Conditional, Node, OpenValue, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEEPEST_CALL = 8
_CHANGES = frozenset({"update", "__setattr__", "__setitem__", "setdefault"})
"""Methods that set something on what they are called on."""


_ENUMERATIONS = frozenset(
    {"WeightModifierType", "WeightNoiseType", "WeightClipType", "WeightRemapType"}
    | {"BoundManagementType", "NoiseManagementType", "WeightQuantizationType"}
)
"""Enumerations of the toolkits, whose members are also made by their values."""
_COPIES = frozenset({"float", "int", "deepcopy", "copy", "replace"})
"""Calls that give what they are given, or a copy of it."""
_POSITIONAL = {
    "PCMLikeNoiseModel": ("prog_coeff", "g_converter", "g_max"),
    "CustomDriftPCMLikeNoiseModel": ("custom_drift_model", "prog_coeff", "g_converter", "g_max"),
    "HermesNoiseModel": ("prog_coeff", "g_converter", "num_devices", "g_max"),
    "ReRamWan2022NoiseModel": ("coeff_dic", "g_converter", "g_max"),
}
"""Arguments of constructors that are no data classes, in their order."""


class CallEvaluator(Evaluator):
    """Follows calls, on what evaluates expressions."""

    @abc.abstractmethod
    def enter(self, function: Function, arguments: Scope, *, called: bool = True) -> Value:
        """Follow a function with what it is given, and return what it returns."""

    def call(self, node: ast.Call, scope: Scope) -> Value:
        """Return what a call gives: an object of a toolkit, a copy, or what a function of the file returns."""
        name = self.called_name(node.func, scope)
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
        if name in _COPIES and len(given) == 1 and (not arguments or name == "replace"):
            made = self.copy_of(given[0], node.lineno, name)
            if name == "replace" and isinstance(made, Node):  # of dataclasses
                made.values |= {key: (value, node.lineno) for key, value in arguments.items()}
                self.doubt(made, node, open_ones)
            return made
        if self.is_known(name):
            return self.made_of(WrittenCall(name, given, arguments, node.lineno), node, open_ones)
        if name in _ENUMERATIONS and len(given) == 1 and isinstance(given[0], str):
            return given[0]
        return self._other_call(node, given, arguments, scope)

    def called_name(self, place: ast.expr, scope: Scope) -> str:
        """Return the name of what is called, of a class that was imported or kept under another name its own."""
        if isinstance(place, ast.Attribute):
            return place.attr
        if isinstance(place, ast.Name) and place.id in self.aliases:
            return self.aliases[place.id]
        held = self.value(place, scope) if isinstance(place, ast.Name | ast.Subscript) else None
        kept = held.text.rpartition(".")[2] if isinstance(held, OpenValue) else ""
        kept = self.aliases.get(kept, kept)
        return kept if self.is_known(kept) else last_name(place)

    def made_of(self, call: WrittenCall, node: ast.Call, open_ones: Sequence[str]) -> Node:
        """Return an object of a toolkit's class, or of one derived from it after its own `__post_init__`."""
        values = {key: (value, call.line) for key, value in call.arguments.items()}
        for key, value in zip(_POSITIONAL.get(call.name, ()), call.given, strict=False):
            values[key] = (value, call.line)
        made = Node(call.name, values, call.line)
        self.doubt(made, node, open_ones)
        for name, arguments in (("__init__", dict(call.arguments)), ("__post_init__", {})):
            begin = self.classes.get(call.name, {}).get(name)
            if begin is not None:
                self.inline(begin, node, [made, *call.given], arguments)
        return made

    def copy_of(self, value: Value, line: int, how: str) -> Value:
        """Return a copy, or what a number is; of one that is not deep, the sections are those of the first object."""
        if how in {"float", "int"}:
            return value
        deep = how == "deepcopy"
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
        if name == "setattr" or (name == "__setattr__" and len(given) == 3):  # noqa: PLR2004  of `object`
            return self.set_attribute(node, given, scope)
        followed = self.follow_call(node, given, arguments, scope)
        if followed is not None:
            return followed[0]
        if name in self.foreign or name in self.defined or name in _CHANGES:
            self.leave_changes(node, [*given, *arguments.values()], scope)
        if name == "drift_analog_weights":
            times = ", ".join(map(in_words, [*given, *arguments.values()]))
            why = "a time at which weights are read is a condition of results, which a script does not hold"
            self.leave_line(node.lineno, f"{name}({times})", why)
        if name in SEEDING and given:
            arguments = {"seed": given[0], **arguments}
        if name and (arguments or name.endswith("LR")):
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
            self.sets += 1
            followed = method(holder, WrittenCall(name, given, arguments, node.lineno))
            if followed is not None or not isinstance(holder, OpenValue):
                return followed
        if name in self.classes and whole:
            made = Node(name, dict(held.values) if isinstance(held, Node) else {}, node.lineno)
            return (self.object_of(made, node, given, arguments),)
        function = self.function_at(node.func, scope)
        if function is not None and whole:
            return self.inline(function, node, given, arguments)
        return self.follow_built_in(node, given, arguments, scope)

    def follow_built_in(self, node: ast.Call, given: list[Value], arguments: Scope, scope: Scope) -> Followed:
        """Return what a function of Python's own gives; `None` of any other."""
        name = last_name(node.func)
        own = scope.get("self")
        if name == "__init__" and isinstance(own, Node) and ast.unparse(node.func).startswith("super("):
            own.values |= {key: (value, node.lineno) for key, value in arguments.items()}
            return (None,)
        if name == "hasattr" and len(given) > 1 and isinstance(given[0], Node):
            return (not isinstance(self.attribute_named(given, node), OpenValue),)
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
        plain = not any(isinstance(one, Node | list | Conditional) for one in bound.values())
        if plain and function.lineno in self.inert:
            return (OpenValue(ast.unparse(node)[:120]),)
        marks, before = self.marks(), len(self.found)
        returned = self.enter(
            function, parameters(function, lambda one: self.value(one, self.globals), bound)
        )
        if isinstance(returned, Node) and all(returned is not one for one in bound.values()):
            for key, (_, found) in tuple(self.found.items())[before:]:
                if found is returned:
                    del self.found[key]  # it is found under the name that it gets from this call
            returned = copied(returned, node.lineno)
        if plain and marks == self.marks() and isinstance(returned, OpenValue | None):
            self.inert.add(function.lineno)
        return (returned,)

    def marks(self) -> tuple[int, ...]:
        """Return a count of what has been done to objects, and of what was found or listed."""
        return self.sets, len(self.unread), len(self.possible), len(self.calls), len(self.found)

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
        plain = {MAPPING, *self.classes} - set(self.own)
        return any(one.node.cls not in plain for one in nodes(node))
