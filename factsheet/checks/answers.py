"""Whether a sheet answers a field: with a value, by saying why there is none, or not at all."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from factsheet.sheet.fact import Fact
from factsheet.sheet.record import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.sheet.fact import AbsenceKind
    from factsheet.sheet.model import FactSheet

START = "factsheet"
"""The key that a sheet begins with: where what is missing altogether is reported, and can be silenced."""
_ASIDES = frozenset({"provenance", "notes", "note", "name", "id"})
"""Keys of sections and rows that stand beside what they tell; as a pattern's last part, they are asked for."""


class SaidWhyNot(NamedTuple):
    """A field that the sheet explicitly has no value for."""

    path: str
    kind: AbsenceKind
    reason: str


class Answer(NamedTuple):
    """What a sheet tells of a field and of everything below it."""

    answered: bool
    """Whether there is a value."""
    why_not: tuple[SaidWhyNot, ...]

    @property
    def told(self) -> bool:
        """Whether the sheet says anything: saying why there is no value is an answer, leaving it out is not."""
        return self.answered or bool(self.why_not)


def told(sheet: FactSheet, pattern: str) -> bool:
    """Whether a sheet tells anything of a field: `answer(sheet, pattern).told`, without the details."""
    return _told(sheet, _parts(pattern))


def _told(node: object, parts: tuple[str, ...]) -> bool:
    for index, part in enumerate(parts):
        if part == "*":
            return any(_told(row, parts[index + 1 :]) for row in (node if isinstance(node, tuple) else ()))
        node = getattr(node, part, None)
        if node is None:
            return False
        if type(node) is Fact:
            return True  # with a value, or with the reason why there is none
    return node is not None and (isinstance(node, Fact) or any(True for _ in _below(node, "")))


def answer(sheet: FactSheet, pattern: str) -> Answer:
    """What a sheet tells of a field.

    Args:
        sheet: the sheet.
        pattern: its path; `[*]` stands for every row of a list, and one row that answers will do.
    """
    answered, why_not = False, []
    for found in _values(sheet, _parts(pattern), ""):
        if isinstance(found, SaidWhyNot):
            why_not.append(found)
        else:
            answered = True
    return Answer(answered, tuple(why_not))


@lru_cache(maxsize=512)
def _parts(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.replace("[*]", ".*").split("."))


def _values(node: object, parts: tuple[str, ...], path: str) -> Iterator[SaidWhyNot | bool]:
    """`True` for each value below a node, and each stated absence."""
    if node is None:
        return
    if isinstance(node, Fact):
        if node.absence is not None:
            yield SaidWhyNot(path, node.absence.kind, node.absence.reason)
        elif node.value is not None:
            yield True
    elif not parts:
        yield from _below(node, path)
    elif parts[0] == "*":
        for index, row in enumerate(node if isinstance(node, tuple) else ()):
            yield from _values(row, parts[1:], f"{path}[{index}]")
    else:
        here = f"{path}.{parts[0]}" if path else parts[0]
        yield from _values(getattr(node, parts[0], None), parts[1:], here)


def _below(node: object, path: str) -> Iterator[SaidWhyNot | bool]:
    if isinstance(node, Node):
        for key, value in vars(node).items():
            if key not in _ASIDES or isinstance(value, Fact):
                yield from _values(value, (), f"{path}.{key}")
    elif isinstance(node, tuple):
        for index, row in enumerate(node):
            yield from _values(row, (), f"{path}[{index}]")
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _values(value, (), f"{path}.{key}")
    else:
        yield True
