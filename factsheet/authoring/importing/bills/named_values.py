"""A sheet's plain data as names with texts, and back, for formats that hold nothing but such pairs.

`parameters.power` is the figure, and `parameters.power.note` what is said with it: where a mapping has a `value` and
more, the value has the name of the mapping. Texts are as they are, unless they could be taken for a number or for yes
or no; these are in quotes, as in JSON. Whatever is written is read back as it was, digits included.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from factsheet.source.decoding import DEFAULT_LIMITS
from factsheet.source.json_text import parse_json
from factsheet.source.scalars import NUMBER_FIRST, resolve_number, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.source.document import KeyPath

_VALUE: Final = "value"
_WORDS: Final[dict[str, object]] = {"true": True, "false": False}
_EMPTY: Final = ("{}", "[]")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_STEP: Final = re.compile(r'\.?([A-Za-z0-9_-]+)|\[(\d{1,6})\]|\[("(?:[^"\\]|\\.)*")\]')
_DEEPEST: Final = 30


class NamedValue(NamedTuple):
    """One answer, or a part of one.

    Attributes:
        path: its keys and the numbers of its rows.
        text: what it is, to be read by `named_data`.
    """

    path: KeyPath
    text: str

    @property
    def name(self) -> str:
        """The path in one text, `performance.results[0].tasks[2].scores.analog`."""
        return name_of(self.path)


def named_values(data: object, path: KeyPath = ()) -> Iterator[NamedValue]:
    """Yield every answer in plain data, in its order.

    Args:
        data: mappings, lists, texts, numbers, true and false; a key without a value is passed over.
        path: where the data is.
    """
    if isinstance(data, dict):
        stated = {str(key): value for key, value in data.items() if value is not None}
        if not stated and path:
            yield NamedValue(path, "{}")
        # The value alone keeps its own name: a mapping is told from a bare value by what else is in it.
        merged = len(stated) > 1 and _VALUE in stated and not isinstance(stated[_VALUE], dict)
        for key, value in stated.items():
            yield from named_values(value, path if merged and key == _VALUE else (*path, key))
    elif isinstance(data, list | tuple):
        if not data:
            yield NamedValue(path, "[]")
        for index, value in enumerate(data):
            yield from named_values(value, (*path, index))
    elif data is not None:
        yield NamedValue(path, _text_of(data))


def name_of(path: KeyPath) -> str:
    """Return a path as a name; keys that are no plain word are in brackets and quotes."""
    name = ""
    for step in path:
        if isinstance(step, int):
            name += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            name += f".{step}" if name else step
        else:
            name += f"[{json.dumps(step, ensure_ascii=False)}]"
    return name


def path_named(name: str) -> KeyPath | None:
    """Return the path that a name stands for; `None` where it is none."""
    path: list[str | int] = []
    place = 0
    while place < len(name):
        match = _STEP.match(name, place)
        if match is None or len(path) == _DEEPEST:
            return None
        if match[1] is not None and bool(path) != name.startswith(".", place):
            return None
        try:
            path.append(match[1] or (int(match[2]) if match[2] else str(json.loads(match[3]))))
        except ValueError:  # quotes around what JSON does not take for a text
            return None
        place = match.end()
    return tuple(path) or None


def named_data(values: Iterable[NamedValue]) -> tuple[dict[str, Any], tuple[NamedValue, ...]]:
    """Return the plain data that values make together, and the values that have no place in it."""
    root = _Node()
    left = []
    for one in values:
        node = root
        for step in one.path:
            node = node.below.setdefault(step, _Node())
        if node.text is None and one.path:
            node.text = one.text
        else:
            left.append(one)
    data = root.plain((), left)
    return (data if isinstance(data, dict) else {}), tuple(left)


class _Node:
    __slots__ = ("below", "text")

    def __init__(self) -> None:
        self.text: str | None = None
        self.below: dict[str | int, _Node] = {}

    def plain(self, path: KeyPath, left: list[NamedValue]) -> Any:
        """Return the data at a node; what contradicts what is below it goes to the list."""
        rows = sorted(step for step in self.below if isinstance(step, int))
        keys = [step for step in self.below if isinstance(step, str)]
        items = [self.below[row].plain((*path, row), left) for row in rows]
        around = {key: self.below[key].plain((*path, key), left) for key in keys}
        if self.text is not None and (items or (around and self.text in _EMPTY)):
            left.append(NamedValue(path, self.text))
        elif self.text is not None:
            value = _read(self.text)
            return {_VALUE: value, **around} if around else value
        if not items:
            return around
        return {_VALUE: items, **around} if around else items


def _text_of(value: object) -> str:
    if not isinstance(value, str):
        return written(value)
    read = _read(value)
    return value if isinstance(read, str) and read == value else json.dumps(value, ensure_ascii=False)


def _read(text: str) -> object:
    """Return the value that a text stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if text in _EMPTY:
        return {} if text == "{}" else []
    if text[:1] in NUMBER_FIRST and text:
        number = resolve_number(text, DEFAULT_LIMITS.digits)
        return number if isinstance(number, int | float) else text
    if text[:1] == text[-1:] == '"' and len(text) > 1:
        try:
            quoted = parse_json(text)
        except ValueError:
            return text
        return quoted if isinstance(quoted, str) else text
    return text
