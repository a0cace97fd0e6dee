"""Read the configurations in a Python file from its syntax tree; nothing in the file is run.

Literals, arithmetic on them, names, calls of the toolkits' own classes and of functions of the file are evaluated. Of a
condition that only a run decides, both sides are read. What an argument or the command line decides stays open.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.analog.containers import MAPPING, Scope, entries, key_of
from factsheet.authoring.importing.analog.doubts import (
    SECTIONS,
    PossibleSetting,
    differences,
    suppose,
)
from factsheet.authoring.importing.analog.found_configurations import FoundConfiguration, PythonReading
from factsheet.authoring.importing.analog.functions import (
    Function,
    chain_of_cases,
    field_default,
    last_name,
    parameters,
    replace_long_numbers,
)
from factsheet.authoring.importing.analog.open_values import copied_scope, merged, nodes
from factsheet.authoring.importing.analog.python_loops import LoopEvaluator
from factsheet.authoring.importing.analog.toolkits import ToolkitClass
from factsheet.authoring.importing.analog.values import (
    Conditional,
    Node,
    OpenValue,
    Value,
    bounded_work,
    too_much_made,
)
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_STATEMENTS = 20_000


def read_python(text: str, name: str) -> PythonReading:
    """Return the configurations in the text of a Python file.

    Raises:
        UsageError: it is no Python, or too long.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        at = f"line {error.lineno}: {error.msg}" if isinstance(error, SyntaxError) else "it cannot be parsed"
        raise UsageError(f"{name} is no Python that can be read", at, "correct the file") from None
    replace_long_numbers(tree)
    try:
        with bounded_work():
            return _Interpreter(tree, name).reading()
    except MemoryError:
        raise too_much_made(name) from None
    except RecursionError:
        part = "give the part with the configuration"
        raise UsageError(f"{name} is nested too deeply", "it was not read", part) from None


class _Interpreter(LoopEvaluator):
    def reading(self) -> PythonReading:
        scope = self.globals
        self.run(self.tree.body, scope)
        self.collect(scope, "")
        called = self.called
        while self.functions:
            # A function that another one calls is followed from there, with what it is given there.
            function = next((one for one in self.functions if one.name not in called), self.functions[0])
            self.functions.remove(function)
            if function.lineno not in self.followed:
                self.enter(
                    function, parameters(function, lambda one: self.value(one, scope), None), called=False
                )
        configurations = []
        for label, node in self.found.values():
            toolkit = self.toolkit_of(node)
            for setting in self.possible:
                line = f"line {setting.line}"
                suppose(node, toolkit, setting, (f"unless {line} sets it", f"as {line} sets it"))
            configurations.append(FoundConfiguration(label, toolkit, node))
        return PythonReading(
            tuple(configurations), tuple(self.calls.values()), scope, tuple(self.unread.values())
        )

    def enter(self, function: Function, arguments: Scope, *, called: bool = True) -> Value:
        """Follow a function with what it is given, and return what it returns."""
        self.followed.add(function.lineno)
        # What nobody calls may never run: it changes nothing of what the file itself sets.
        outer = self.globals if called else copied_scope(self.globals)
        inner = {**outer, **arguments}
        self.active.append(function.name)
        try:
            self.run(function.body, inner)
        finally:
            self.active.pop()
        for name, given in {**outer, **arguments}.items():
            changed = inner.get(name)
            # A condition in the function leaves a copy of what it was given.
            if isinstance(given, Node) and isinstance(changed, Node) and _same(given, changed):
                given.values = changed.values
        declared = {name for one in ast.walk(function) if isinstance(one, ast.Global) for name in one.names}
        outer |= {name: inner[name] for name in declared if name in inner}
        if not called:
            self.suppose_run(function, outer)
        local = {
            name: value
            for name, value in inner.items()
            if name not in arguments and (name == "return" or outer.get(name) is not value)
        }
        self.collect(local, function.name)
        return inner.get("return")

    def suppose_run(self, function: Function, after: Scope) -> None:
        """Ask about what a function that nothing calls would set on the configurations of the file."""
        words = f"unless `{function.name}` runs", f"after `{function.name}`"
        for name, before in self.globals.items():
            changed = after.get(name)
            if not (isinstance(before, Node) and isinstance(changed, Node) and _same(before, changed)):
                continue
            if self.is_configuration(before.cls):
                for path, value, line in list(differences(before, changed)):
                    suppose(before, self.toolkit_of(before), PossibleSetting(path, value, line), words)

    # -- statements -------------------------------------------------------------------------------------------------

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follow statements; false where they end the function or raise, so that what follows does not hold."""
        for statement in body:
            self.statements += 1
            if self.statements > _MOST_STATEMENTS:
                long = f"{self.name} has more than {_MOST_STATEMENTS:,} statements"
                raise UsageError(long, "it was not read", "give the part with the configuration")
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
            case ast.For() | ast.AsyncFor() | ast.While():
                return self.loop(statement, scope)
            case ast.Match():
                return self.follow(chain_of_cases(statement), scope)
            case ast.Try():
                self.leave_handlers(statement)
                return self.run([*statement.body, *statement.orelse, *statement.finalbody], scope)
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
                self.assign(statement.target, self.added(statement, scope), scope, statement.lineno)
            case ast.Expr():
                self.value(statement.value, scope)
            case ast.Delete():
                self.leave_deleted(statement, scope)
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
        names = statement.names if isinstance(statement, ast.ImportFrom) else []
        self.aliases |= {one.asname: one.name for one in names if one.asname}
        for module in modules:
            root = module.partition(".")[0]
            if root == "aihwkit_lightning":
                self.has_lightning = True
                if isinstance(statement, ast.ImportFrom):
                    self.lightning |= {one.name for one in statement.names}
            elif root == "aihwkit":
                self.has_aihwkit = True
            elif root != "torch" and isinstance(statement, ast.ImportFrom):
                self.foreign |= {one.asname or one.name for one in statement.names}

    def define(self, statement: ast.ClassDef, scope: Scope) -> None:
        base = next((name for name in map(last_name, statement.bases) if name), "")
        base = self.aliases.get(base, base)
        if not self.is_known(base):
            self.define_own(statement, scope)
            return
        inner = dict(scope)
        defaults: dict[str, Any] = {}
        methods = dict(self.classes.get(base, {}))
        for one in statement.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None:
                value = self.value(field_default(one.value), inner)
                inner[one.target.id] = value
                defaults[one.target.id] = value
            elif isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions.append(one)
                methods[one.name] = one
        self.classes[statement.name] = methods
        self.own[statement.name] = ToolkitClass(base, defaults)
        if base in self.lightning:
            self.lightning.add(statement.name)
        if self.is_configuration(statement.name) and statement.name not in self.called:
            node = Node(statement.name, {}, statement.lineno)
            self.found.setdefault((statement.lineno, statement.name), (f"class {statement.name}", node))

    def define_own(self, statement: ast.ClassDef, scope: Scope) -> None:
        """Follow a class of the file's own: what its body sets, and its functions, which are called on its objects."""
        inner, functions = dict(scope), len(self.functions)
        body = [
            ast.copy_location(ast.Assign([one.target], field_default(one.value)), one)
            if isinstance(one, ast.AnnAssign) and one.value is not None
            else one
            for one in statement.body
        ]
        bases = [name for name in map(last_name, statement.bases) if name in self.classes]
        inherited = {name: one for base in reversed(bases) for name, one in self.classes[base].items()}
        self.run(body, inner)
        self.classes[statement.name] = inherited | {one.name: one for one in self.functions[functions:]}
        for name in self.classes[statement.name]:
            self.defined.pop(name, None)
        plain = [
            one for one in body if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        ]
        names = (one for part in plain for one in ast.walk(part) if isinstance(one, ast.Name))
        stored = {one.id for one in names if isinstance(one.ctx, ast.Store)}
        own = {name: value for name, value in inner.items() if name in stored}
        held = {name: (value, statement.lineno) for name, value in own.items()}
        for base in map(scope.get, reversed(bases)):
            held = {**base.values, **held} if isinstance(base, Node) else held
        scope[statement.name] = Node(statement.name, held, statement.lineno)

    def branch(self, statement: ast.If, scope: Scope) -> bool:
        test = self.truth(statement.test, scope)
        if test is not None:
            return self.run(statement.body if test else statement.orelse, scope)
        first, second = copied_scope(scope), copied_scope(scope)
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
                self.sets += 1
                above = self.object_at(target.value, scope, target.attr)
                chosen = [] if above is not None else self.chosen(target.value, scope)
                for one in [above] if above is not None else chosen:
                    one.values[target.attr] = (value, line)
                if above is None and not chosen:
                    scope[ast.unparse(target)] = value
                    self.note_unfollowed(target, value, line)
            case ast.Tuple() | ast.List():
                self.unpack(target.elts, value, scope, line)
            case ast.Subscript():
                self.put(target, value, scope, line)
            case _:
                pass

    def chosen(self, place: ast.expr, scope: Scope) -> list[Node]:
        """Return the objects of which a condition decides which one a place is."""
        value = self.value(place, scope)
        return [one.node for one in nodes(value) if not one.place] if isinstance(value, Conditional) else []

    def unpack(self, targets: Sequence[ast.expr], value: Value, scope: Scope, line: int) -> None:
        """Set several targets to what a list holds; one with a star takes what the others leave."""
        parts = entries(value)
        starred = next((place for place, one in enumerate(targets) if isinstance(one, ast.Starred)), None)
        if parts is not None and starred is not None and len(parts) >= len(targets) - 1:
            behind = len(targets) - starred - 1
            middle = parts[starred : len(parts) - behind]
            parts = [*parts[:starred], list(middle), *parts[len(parts) - behind :]]
        if parts is None or len(parts) != len(targets):
            parts = [OpenValue(ast.unparse(one)) for one in targets]
        for one, part in zip(targets, parts, strict=True):
            self.assign(one.value if isinstance(one, ast.Starred) else one, part, scope, line)

    def put(self, target: ast.Subscript, value: Value, scope: Scope, line: int) -> None:
        """Set an entry of a list or mapping; on an object, where only a run knows which, list the line."""
        self.sets += 1
        holder, index = self.value(target.value, scope), self.value(target.slice, scope)
        key = key_of(index)
        if isinstance(holder, list) and isinstance(index, int) and -len(holder) <= index < len(holder):
            holder[index] = value
        elif isinstance(holder, Node) and holder.cls != MAPPING and not _is_inside(target.value):
            self.leave_line(line, ast.unparse(target), "it is set by what is computed")
        elif isinstance(holder, Node) and key is not None:
            holder.values[key] = (value, line)
        elif isinstance(holder, Node):
            self.doubt(holder, target, [ast.unparse(target.slice)])

    def note_unfollowed(self, target: ast.Attribute, value: Value, line: int) -> None:
        """List a setting of what was not followed; it may be one of a configuration of the file."""
        path = self.names_setting(target)
        if not path or (path[-1] in SECTIONS and not isinstance(value, Node)):
            return
        self.leave_line(line, ast.unparse(target), "what it is set on was not followed")
        setting = PossibleSetting(path, value, line)
        if all(setting != one for one in self.possible):
            self.possible.append(setting)

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
            if place.attr == "__dict__":
                return above
            if above.cls in self.classes and above.cls not in self.own:
                return None
            default = self.toolkit_of(above).default(above.cls, place.attr)
            node = default if isinstance(default, Node) else Node("")
            above.values[place.attr] = (node, 0)
            return node
        if isinstance(place, ast.Name) and name in SECTIONS:
            node = Node(
                "TorchInferenceRPUConfig"
                if self.has_lightning and not self.has_aihwkit
                else "InferenceRPUConfig"
            )
            node.line = place.lineno
            scope[place.id] = node
            return node
        held = None if isinstance(place, ast.Name) else self.value(place, scope)
        return held if isinstance(held, Node) else None

    def collect(self, scope: Scope, function: str) -> None:
        for name, value in scope.items():
            for place, condition, node in nodes(value):
                if not self.is_configuration(node.cls):
                    continue
                known = any(one is node for _, one in self.found.values())
                if known and name != "return":
                    continue
                named = f"{name}{place}" if not function or place else function
                label = " ".join(filter(None, (f"`{named}`", condition and f"if {condition}")))
                key = (node.line, f"{place} {condition}".strip())
                if key not in self.found or name == "return":
                    self.found[key] = (label, node)


def _is_inside(place: ast.expr) -> bool:
    """Return whether a place is the mapping of an object's attributes."""
    return (isinstance(place, ast.Attribute) and place.attr == "__dict__") or (
        isinstance(place, ast.Call) and last_name(place.func) == "vars"
    )


def _same(one: Node, other: Node) -> bool:
    """Return whether two objects are one and the same, of which a condition may have left a copy."""
    return one.cls == other.cls and one.line == other.line
