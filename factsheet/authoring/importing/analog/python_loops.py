"""Follow the loops of a Python file: over what it lists itself, pass by pass; over anything else, once or twice.

What a loop sets anew on each pass and hands on, as a search over strengths of noise does, is a choice after it. What
changes from pass to pass of a loop that only a run knows the length of is open after it.
"""

from __future__ import annotations

import abc
import ast
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from factsheet.authoring.importing.analog.containers import MOST_PASSES, Scope, entries
from factsheet.authoring.importing.analog.doubts import (
    SECTIONS,
    SETTINGS,
    LoopPass,
    State,
    leaves,
    set_at,
    swept,
)
from factsheet.authoring.importing.analog.found_configurations import Called
from factsheet.authoring.importing.analog.functions import last_name
from factsheet.authoring.importing.analog.open_values import nodes
from factsheet.authoring.importing.analog.python_calls import CallEvaluator
from factsheet.authoring.importing.analog.values import Node, OpenValue, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

_WITHOUT_EFFECT = frozenset(
    {"setattr", "getattr", "print", "range", "enumerate", "zip", "float", "int", "str", "len", "deepcopy"}
    | {"items", "keys", "values", "append", "update", "get", "info", "debug"}
)
"""Calls that do nothing with a configuration beyond what is followed."""
Loop: TypeAlias = "ast.For | ast.AsyncFor | ast.While"


class LoopEvaluator(CallEvaluator):
    """Follows loops, sums and deletions, on what follows calls and expressions."""

    @abc.abstractmethod
    def run(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follow statements; false where they end the function or raise, so that what follows does not hold."""

    def names_setting(self, target: ast.Attribute) -> tuple[str, ...]:
        """Return the last names of a target that can only be those of a setting; none where they may be of anything."""
        names = [target.attr]
        place = target.value
        while isinstance(place, ast.Attribute):
            names.append(place.attr)
            place = place.value
        names.reverse()
        if set(SECTIONS) & set(names[:-1]):
            return tuple(names)
        return (target.attr,) if target.attr in SETTINGS or target.attr in SECTIONS else ()

    def leave_deleted(self, statement: ast.Delete, scope: Scope) -> None:
        """List what is deleted from an object: what holds without it is known only in a run."""
        for target in statement.targets:
            held = self.value(target, scope) if isinstance(target, ast.Attribute) else None
            if isinstance(held, Node):
                self.doubt(held, target, ["del"])

    def added(self, statement: ast.AugAssign, scope: Scope) -> Value:
        """Return what a target is after `+=` and its like."""
        whole = ast.BinOp(statement.target, statement.op, statement.value)
        value = self.value(ast.copy_location(whole, statement), scope)
        return OpenValue(ast.unparse(statement)) if isinstance(value, OpenValue) else value

    def loop(self, statement: Loop, scope: Scope) -> bool:
        """Follow a loop over what the file lists itself, once for each; over anything else, with an open value."""
        if isinstance(statement, ast.While):
            return self.truth(statement.test, scope) is False or self.unknown_loop(statement, scope)
        self.note_epochs(statement, scope)
        walked = entries(self.value(statement.iter, scope))
        if walked is None or len(walked) > MOST_PASSES:
            each = OpenValue(f"each of {ast.unparse(statement.iter)}")
            self.assign(statement.target, each, scope, statement.lineno)
            return self.unknown_loop(statement, scope)
        before = self.state(scope, statement)
        passes: list[LoopPass] = []
        body, ends = _one_pass(statement.body)
        for one in walked[:1] if ends else list(walked):
            self.assign(statement.target, one, scope, statement.lineno)
            words = f"{ast.unparse(statement.target)} = {_shown(one)}"
            self.passes.append(words)
            goes_on = self.run(body, scope)
            self.passes.pop()
            passes.append(LoopPass(words, self.state(scope, statement)))
            if not goes_on:
                return False
        if any(_hands_on(one) for one in body):
            self.settle(scope, statement, before, passes)
        return True

    def note_epochs(self, statement: ast.For | ast.AsyncFor, scope: Scope) -> None:
        """Note how many epochs a loop over them has."""
        target, over = statement.target, statement.iter
        if isinstance(over, ast.Call) and last_name(over.func) in {"tqdm", "trange"} and over.args:
            over = over.args[0] if last_name(over.func) == "tqdm" else over
        counted = isinstance(over, ast.Call) and last_name(over.func) in {"range", "trange"}
        if isinstance(target, ast.Name) and "epoch" in target.id.lower() and counted and len(over.args) == 1:  # type: ignore[attr-defined]
            number = self.value(over.args[0], scope)  # type: ignore[attr-defined]
            self.calls["range", statement.lineno] = Called(
                "range", {"num_train_epochs": number}, statement.lineno
            )

    def unknown_loop(self, statement: Loop, scope: Scope) -> bool:
        """Follow a loop of which nobody knows how often it runs: what changes from pass to pass is open after it."""
        body, ends = _one_pass(statement.body)
        before = self.state(scope, statement)
        if not self.run(body, scope):
            return False
        first = self.state(scope, statement)
        if ends or first == before:
            return True
        self.run(body, scope)
        for key, (value, line) in self.state(scope, statement).items():
            if key in first and first[key][0] != value:
                set_at(scope, key, OpenValue(f"what the loop on line {statement.lineno} makes of it"), line)
        return True

    def state(self, scope: Scope, loop: Loop) -> State:
        """Return the settings of configurations by their places; of one made in a loop, the object itself."""
        found: State = {}
        for name, value in scope.items():
            for place, condition, node in nodes(value):
                if condition or not self.is_configuration(node.cls):
                    continue
                if loop.lineno <= node.line <= (loop.end_lineno or node.line):
                    if not place:
                        found[name, "", ()] = node, node.line
                else:
                    found |= {(name, place, path): (one, line) for path, one, line in leaves(node)}
        return found

    def settle(self, scope: Scope, loop: Loop, before: State, passes: Sequence[LoopPass]) -> None:
        """Make a choice of what a loop sets anew on each pass, where something is handed on in each."""
        for key in {key: None for one in passes for key in one.state}:
            values = [before.get(key), *(one.state.get(key) for one in passes)]
            changes = sum(one != other for one, other in pairwise(values))
            readings = [(one.words, one.state[key][0]) for one in passes if key in one.state]
            if changes > 1 and len(readings) > 1:
                set_at(scope, key, swept(readings), passes[-1].state.get(key, (None, loop.lineno))[1])

    def leave_handlers(self, statement: ast.Try) -> None:
        """List what is set after an error alone."""
        for handler in statement.handlers:
            for one in ast.walk(handler):
                if (
                    isinstance(one, ast.Attribute)
                    and isinstance(one.ctx, ast.Store)
                    and self.names_setting(one)
                ):
                    self.leave_line(one.lineno, ast.unparse(one), "it is set after an error alone")


def _one_pass(body: Sequence[ast.stmt]) -> tuple[Sequence[ast.stmt], bool]:
    """Return what one pass of a loop runs, and whether the loop ends with it."""
    for place, one in enumerate(body):
        if isinstance(one, ast.Break | ast.Continue):
            return body[:place], isinstance(one, ast.Break)
    return body, False


def _hands_on(statement: ast.stmt) -> bool:
    """Return whether a statement calls or yields anything, so that what holds on each pass matters."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Yield | ast.Await):
            return True
        if isinstance(node, ast.Call) and last_name(node.func) not in _WITHOUT_EFFECT:
            return True
    return False


def _shown(value: Value) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value[:4]))}]"
    return value.cls if isinstance(value, Node) else str(getattr(value, "name", value))[:40]
