"""Plain data → YAML that the strict loader reads back as the same data; ruamel.yaml lays it out.

Strings are quoted wherever any reader of YAML, 1.1 or 1.2, could take them for something else.
"""

from __future__ import annotations

import io
import math
import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from factsheet.errors import UnwritableDataError
from factsheet.source.characters import is_safe, unsafe_in_value
from factsheet.source.scalars import NUMBER_FIRST, WORDS, WrittenFloat, WrittenInt, resolve_number, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ruamel.yaml import YAML

    Data: TypeAlias = Mapping[str, Any] | Sequence[Any] | str | float | bool | date | None
    """What YAML can hold: mappings, lists and scalars; a date is written as its text."""

MOST_DIGITS: Final = 40
"""Of a number, as the loader has it."""
_LINE: Final = 100
"""Characters of a mapping or a list on one line, and of a line of folded prose."""
_NO_WRAPPING: Final = 10**6
_STEP: Final = 2
# Patterns, not compiled ones: a command that only reads needs none of them.
_LAID_OUT: Final = r"\S[^\t\r\x85\u2028\u2029]*"
"""Texts whose line breaks and spaces can be written as they are."""
_IN_FLOW: Final = frozenset("?:,[]{}")
_TRAILING_SPACE: Final = r"[ ]\n|\n\n\Z|[ ]\Z|\n[ \t]"


def dump_yaml(data: Mapping[str, Any]) -> str:
    """Write a new document: a section for each top-level key, with an empty line before one of several lines.

    Args:
        data: Plain data; numbers that the loader read keep their digits.

    Raises:
        UnwritableDataError: The data holds something that no sheet can: a number without a value, a character that
            is refused, an object.
    """
    text = ""
    for key, value in data.items():
        section = dump_block({key: value}, opened=2)
        text += f"\n{section}" if text and section.count("\n") > 1 else section
    return text or "{}\n"


def dump_block(data: Data, *, indent: int = 0, line_break: str = "\n", opened: int = 1) -> str:
    """Write a mapping or a list as lines, each with its line break.

    Args:
        data: A mapping or a list.
        indent: Spaces before its keys or dashes.
        line_break: What ends a line.
        opened: How many levels have a line for each key or item, however short they are.

    Raises:
        UnwritableDataError: As `dump_yaml`.
    """
    text = _dump(_styled(data, opened))
    if not isinstance(data, dict):  # ruamel sets even the outermost items in
        text = "".join(line.removeprefix(" " * _STEP) for line in text.splitlines(keepends=True))
    pad = " " * indent
    return "".join((pad + line if line else "") + line_break for line in text.split("\n")[:-1])


def dump_flow(data: Data) -> str:
    """Write any value on one line, for a place between braces or behind a key.

    Raises:
        UnwritableDataError: As `dump_yaml`.
    """
    if is_scalar(data):  # within a list, so that a comma is quoted and nothing ends a document
        return _dump(_in_flow([data])).removesuffix("\n")[1:-1]
    return _dump(_in_flow(data)).removesuffix("\n")


def is_scalar(data: Data) -> bool:
    """Return whether a value is neither a mapping nor a list."""
    return isinstance(data, str | int | float | date) or data is None


def _dump(node: object) -> str:
    stream = io.StringIO()
    _writer().dump(node, stream)
    return stream.getvalue()


@lru_cache(maxsize=1)
def _writer() -> YAML:
    # 40 ms, and of use to whoever writes alone
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import ScalarNode
    from ruamel.yaml.representer import RoundTripRepresenter

    class Representer(RoundTripRepresenter):
        """Writes the texts that are to be plain without a tag, whatever ruamel would read them as."""

        def plain(self, text: _Plain) -> ScalarNode:
            # The tag of what the text would be read as is the one that goes without saying.
            tag = self.dumper.resolver.resolve(ScalarNode, text, (True, False))
            return ScalarNode(tag, str(text))

    Representer.add_representer(_Plain, Representer.plain)
    writer = YAML()
    writer.Representer = Representer
    writer.width = _NO_WRAPPING
    writer.indent(mapping=_STEP, sequence=2 * _STEP, offset=_STEP)
    return writer


class _Plain(str):
    """A scalar to be written without quotes."""

    __slots__ = ()


def _styled(data: Data, opened: int = 0) -> object:
    """Return the data as ruamel's containers: on one line what is short and holds no list, in blocks what is not."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if is_scalar(data):
        return _scalar(data)
    if isinstance(data, dict | list | tuple) and (not data or (opened < 1 and _is_short(data))):
        return _in_flow(data)
    if isinstance(data, dict):
        return CommentedMap({_key(key): _styled(value, opened - 1) for key, value in data.items()})
    if isinstance(data, list | tuple):
        return CommentedSeq([_styled(value, opened - 1) for value in data])
    raise _unwritable(data)


def _in_flow(data: Data) -> object:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    container: CommentedMap | CommentedSeq
    if isinstance(data, dict):
        container = CommentedMap({_key(key): _in_flow(value) for key, value in data.items()})
    elif isinstance(data, list | tuple):
        container = CommentedSeq([_in_flow(value) for value in data])
    else:
        return _scalar(data, in_flow=True)
    container.fa.set_flow_style()
    return container


def _is_short(data: Data) -> bool:
    if isinstance(data, dict):
        if any(isinstance(value, list | tuple) or _has_lists(value) for value in data.values()):
            return False
    elif not (isinstance(data, list | tuple) and all(map(is_scalar, data))):
        return False
    return _length(data) <= _LINE


def _has_lists(data: Data) -> bool:
    if isinstance(data, dict):
        return any(map(_has_lists, data.values()))
    return isinstance(data, list | tuple)


def _length(data: Data) -> int:
    if isinstance(data, dict):
        return 2 + sum(len(str(key)) + 4 + _length(value) for key, value in data.items())
    if isinstance(data, list | tuple):
        return 2 + sum(2 + _length(value) for value in data)
    text = written(data)
    return _LINE if "\n" in text else len(text)


def _key(key: object) -> object:
    if not isinstance(key, str) or key in {"", "<<"}:
        raise UnwritableDataError(
            f"{key!r} is no key", "the keys of a sheet are texts of at least one letter", "rename it"
        )
    return _scalar(key, in_flow=True)


def _scalar(data: object, *, in_flow: bool = False) -> object:
    """Return a scalar in the style in which it is read back as it is."""
    from ruamel.yaml import scalarstring

    if isinstance(data, date):
        data = data.isoformat()
    if not isinstance(data, str):
        return _Plain(_number(data))
    if unsafe_in_value(data):
        raise UnwritableDataError(
            f"the text {data[:40]!r} holds a character that no sheet may hold",
            "it could drive a terminal, or cannot be written at all",
            "leave it out",
        )
    laid_out = (
        not in_flow
        and is_safe(data)
        and re.fullmatch(_LAID_OUT, data)
        and not re.search(_TRAILING_SPACE, data)
    )
    if laid_out and "\n" in data:
        return scalarstring.LiteralScalarString(data)
    if laid_out and len(data) > _LINE and "  " not in data:
        return _folded(data)
    if _reads_as_text(data, in_flow=in_flow):
        return _Plain(data)
    return scalarstring.DoubleQuotedScalarString(data)


def _number(data: object) -> str:
    unwritable = not (data is None or isinstance(data, bool | int | float))
    if unwritable or (isinstance(data, float) and not math.isfinite(data)):
        raise _unwritable(data)
    text = written(data)
    if (
        not isinstance(data, bool | None | WrittenInt | WrittenFloat)
        and resolve_number(text, MOST_DIGITS) != data
    ):
        raise _unwritable(data)
    return text


def _unwritable(data: object) -> UnwritableDataError:
    return UnwritableDataError(
        f"{data!r:.60} cannot be written into a sheet",
        "a sheet holds mappings, lists, texts, finite numbers of at most 40 digits, true, false and null",
        "give its text instead",
    )


def _folded(text: str) -> object:
    from ruamel.yaml.scalarstring import FoldedScalarString

    folded = FoldedScalarString(text)
    places: list[int] = []
    line_start = last_space = 0
    for place, character in enumerate(text):
        if character == " ":
            if place - line_start > _LINE and last_space > line_start:
                places.append(last_space)
                line_start = last_space + 1
            last_space = place
    if len(text) - line_start > _LINE and last_space > line_start:
        places.append(last_space)
    folded.fold_pos = places
    return folded


def _reads_as_text(text: str, *, in_flow: bool) -> bool:
    """Return whether every reader of YAML takes the unquoted text for a text."""
    if not text.isprintable() or text in WORDS:
        return False
    if text[0] in "-?:" or (
        in_flow and not _IN_FLOW.isdisjoint(text)
    ):  # readers differ on where these may be
        return False
    if text[0] in NUMBER_FIRST and resolve_number(text, MOST_DIGITS) is not text:
        return False
    return _yaml_1_1_tag(text) == "tag:yaml.org,2002:str"


def _yaml_1_1_tag(text: str) -> str:
    import yaml  # 20 ms, and loaded already by whoever has read a sheet

    resolver = yaml.resolver.Resolver()
    tag: str = resolver.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return tag
