"""Look settings up in a configuration, with the defaults of its toolkit and every reading that a condition leaves."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.importing.analog.values import Assumed, Conditional, Member, Node, OpenValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from factsheet.authoring.importing.analog.toolkits import Toolkit
    from factsheet.authoring.importing.collected import Collected
    from factsheet.source.dumping import Data

_MOST_READINGS = 16


@dataclass(frozen=True)
class Take:
    """What a field is to hold, and what was converted or assumed."""

    value: Data
    note: str = ""
    key: str = ""
    """The setting that it is, where it is not the field's first."""


@dataclass(frozen=True)
class Leave:
    """Why a setting is not taken."""

    why: str


Answer = Take | Leave | None
Settings = dict[str, Any]
"""Values by the last part of their names, enumerations as the names of their members, `None` where there is none."""


class Field(NamedTuple):
    """A field of a sheet that settings answer.

    Attributes:
        paths: where the answer goes.
        keys: the settings that it follows from, the one first that it is named by.
        make: gives the answer.
    """

    paths: tuple[str, ...]
    keys: tuple[str, ...]
    make: Callable[[Settings], Answer]


class _Reading(NamedTuple):
    value: Any
    words: str = ""
    note: str = ""
    open: str = ""
    asked: bool = False


@dataclass(frozen=True)
class AnalogConfiguration:
    """A configuration with the toolkit that its defaults are from."""

    words: str
    toolkit: Toolkit
    node: Node
    file: str
    certain: bool = True
    """Whether its keys tell the toolkit that it is of."""

    def settings(self) -> Iterator[tuple[str, Value]]:
        """Yield the settings that the source makes itself, each with its name from the top."""
        yield from _stated(self.node, "")

    def value(self, key: str) -> Value:
        """Return a setting; a default where it is not set, `None` where there is no such setting."""
        return self._within(self.node, key.split("."))

    def line(self, key: str) -> int:
        """Return the line that a setting is on; 0 where it is a default, `STATED` where the source has no lines."""
        node: Value = self.node
        line = 0
        for step in key.split("."):
            if not isinstance(node, Node) or step not in node.values:
                return 0 if isinstance(node, Node) else line
            node, line = node.values[step]
        return line

    def doubt(self, key: str) -> str:
        """Return a line that may make a setting and was not followed; empty where there is none."""
        node: Value = self.node
        for step in key.split("."):
            if not isinstance(node, Node):
                return ""
            if node.doubts:
                return node.doubts[0]
            node = node.values[step][0] if step in node.values else None
        return ""

    def where(self, key: str) -> str:
        """Return the file and the line of a setting, and its name."""
        line = self.line(key)
        return f"{self.file}:{line} {key}" if line > 0 else f"{self.file} {key}"

    def origin(self, key: str) -> str:
        """Return what to say of a setting that the file leaves to the toolkit; nothing where it sets it."""
        if self.line(key):
            return ""
        preset = self.node.cls if self.node.cls.endswith("Preset") else ""
        return f"As in {preset} of {self.toolkit.words}" if preset else f"The default of {self.toolkit.words}"

    def _within(self, value: Value, steps: Sequence[str]) -> Value:
        if not steps:
            return value
        match value:
            case Conditional():
                return Conditional(tuple((words, self._within(one, steps)) for words, one in value.readings))
            case Node():
                if steps[0] in value.values:
                    return self._within(value.values[steps[0]][0], steps[1:])
                default = self.toolkit.default(value.cls, steps[0])
                return None if default is KeyError else self._within(default, steps[1:])  # type: ignore[arg-type]
            case OpenValue():
                return value
            case _:
                return None


def _stated(node: Node, above: str) -> Iterator[tuple[str, Value]]:
    for name, (value, line) in node.values.items():
        if isinstance(value, Node):
            yield from _stated(value, f"{above}{name}.")
        elif line:
            yield f"{above}{name}", value


def answer(collected: Collected, configurations: Sequence[AnalogConfiguration], field: Field) -> bool:
    """Put a field's answer among the facts; where conditions or configurations differ, a question.

    Returns:
        Whether there is one, or a reason why there is none.
    """
    left = len(collected.left_out)
    found: dict[str, tuple[list[str], Take]] = {}
    asked = nothing = False
    where = configurations[0].where(field.keys[0])
    for configuration in configurations:
        for words, reading, open_text, needs_asking in _outcomes(configuration, field):
            label = (
                words if len(configurations) == 1 else " ".join(filter(None, (configuration.words, words)))
            )
            if open_text:
                collected.leave(
                    configuration.where(field.keys[0]), open_text, "known only when the script is run"
                )
                asked = True
            elif isinstance(reading, Leave):
                collected.leave(configuration.where(field.keys[0]), label or field.keys[0], reading.why)
            elif isinstance(reading, Take):
                asked = asked or needs_asking
                where = configuration.where(reading.key or field.keys[0])
                found.setdefault(repr(reading.value), ([], reading))[0].append(label or "as set")
            else:
                nothing = True  # under one condition, or in one of several configurations
    answers = list(found.values())
    if not answers:
        return len(collected.left_out) > left
    for path in field.paths:
        if len(answers) == 1 and not asked and not nothing:
            taken = answers[0][1]
            collected.add(path, taken.value, where, note=taken.note)
        else:
            readings = [
                ("; ".join(dict.fromkeys(words))[:200], _with_note(taken)) for words, taken in answers
            ]
            collected.ask(path, where, field.keys[0], readings)
    return True


def _with_note(taken: Take) -> Data:
    if not taken.note:
        return taken.value
    inner = taken.value if isinstance(taken.value, dict) else {"value": taken.value}
    return {**inner, "note": taken.note}


def _outcomes(configuration: AnalogConfiguration, field: Field) -> Iterator[tuple[str, Answer, str, bool]]:
    readings = [list(_readings(configuration.value(key))) for key in field.keys]
    for index, combination in enumerate(product(*readings)):
        words = list(dict.fromkeys(one.words for one in combination if one.words))
        if index >= _MOST_READINGS or any(f"not ({one})" in words for one in words):
            continue  # two sides of one condition
        open_ones = [one.open for one in combination if one.open]
        settings = {
            key.rpartition(".")[2] if key.count(".") < 2 or "input_range" in key else key: one.value  # noqa: PLR2004
            for key, one in zip(field.keys, combination, strict=True)
        }
        if open_ones:
            yield ", ".join(words), None, open_ones[0], True
            continue
        made = _made(field, settings)
        doubt = next(filter(None, map(configuration.doubt, field.keys)), "")
        if doubt:
            words.append(f"unless {doubt} changes it")
        if isinstance(made, Take):
            origins = dict.fromkeys(filter(None, map(configuration.origin, [made.key or field.keys[0]])))
            notes = [made.note, *(f"{one}." for one in origins), *(one.note for one in combination)]
            made = replace(made, note=" ".join(dict.fromkeys(filter(None, notes))))
        yield ", ".join(words), made, "", bool(doubt) or any(one.asked for one in combination)


def _made(field: Field, settings: Settings) -> Answer:
    """Return what settings mean; a file can hold what no setting is: a text for a number, infinity."""
    bad: list[Any] = [
        value for value in settings.values() if isinstance(value, float) and not math.isfinite(value)
    ]
    if not bad:
        try:
            return field.make(settings)
        except (TypeError, ValueError, ArithmeticError):
            bad = [value for value in settings.values() if isinstance(value, str)]
    named = ", ".join(f"`{value}`" for value in bad[:3]) or "one of the settings that it follows from"
    return Leave(f"{named} is no value that it can have")


def _readings(value: Value) -> Iterator[_Reading]:
    match value:
        case Conditional():
            for words, one in value.readings:
                for inner in _readings(one):
                    yield inner._replace(words=", ".join(filter(None, (words, inner.words))))
        case OpenValue(text=text, default=default):
            if default is None:
                yield _Reading(None, open=text)
            else:
                plain = default.name if isinstance(default, Member) else default
                yield _Reading(plain, words=f"the default of `{text}`, {plain}", asked=True)
        case Assumed():
            inner_value = value.value.name if isinstance(value.value, Member) else value.value
            yield _Reading(inner_value, note=value.note)
        case Member():
            yield _Reading(value.name)
        case list():
            yield _Reading(None, open="a list")
        case _:
            yield _Reading(value)
