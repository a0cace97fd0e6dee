"""Puts answers into a sheet's text. What they do not concern stays as it is, byte for byte, comments included."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeAlias

from factsheet.errors import NoPlaceError
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.source.document import Document, KeyPath

Answer: TypeAlias = "str | int | float | Sequence[Answer] | dict[str, Answer]"
"""Plain data; mappings below the first level are written in braces, on one line."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .%/_+µ±°-]*")
_NOT_STRINGS = re.compile(
    r"[-+.\d_eE]+|0[xob].*|true|false|null|yes|no|on|off|y|n|\.inf|\.nan|~", re.IGNORECASE
)
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n\r]*)?(?:\r\n|\n|\r|$)")
_STEP = 2


def recorded(text: str, section: str, key: str, answer: Answer) -> str:
    """The text with an answer under a section's key: in place of the one that is there, or as the section's last.

    Raises:
        NoPlaceError: the text is no sheet, or the section is no mapping.
    """
    document = _document(text)
    lines = _line_break(text)
    whole = document.value_span((section,))
    if whole is None:
        return _ended(text, lines) + lines + _block({section: {key: answer}}, 0, lines)
    data = document.data[section] if isinstance(document.data, dict) else None
    if data is None:  # `robustness:` and nothing below it
        place = document.key_span((section,))
        assert place is not None  # noqa: S101  it has a value, so it has a key
        said = text[whole.start : whole.end]  # `~`, `null`, or nothing
        end = _line_end(text, max(whole.end, place.end + 1))
        comment = text[max(whole.end, place.end + 1) : end].rstrip()
        head = text[: place.end] + ":" + (f"  {comment.strip()}" if comment.strip() and not said else comment)
        return head + lines + _block({key: answer}, _STEP, lines) + text[end:]
    if not isinstance(data, dict):
        raise NoPlaceError(f"`{section}` is no mapping, so that `{key}` has no place in it")
    if text[whole.start] == "{":
        return _in_braces(text, document, section, key, answer)
    old = document.key_span((section, key))
    indent = _column(text, (document.key_span((section, next(iter(data)))) or whole).start)
    new = _block({key: answer}, indent, lines)
    if old is not None:
        start = old.start - _column(text, old.start)
        return text[:start] + new + text[_value_end(text, document, (section, key)) :]
    end = _value_end(text, document, (section,))
    before = text[:end] if text[:end].endswith(("\n", "\r")) else text[:end] + lines
    return before + new + text[end:]


def referenced(text: str, identifier: str, reference: dict[str, Answer]) -> str:
    """The text with a reference in its list: in place of the one of the same id, or as the last.

    Raises:
        NoPlaceError: the text is no sheet, or its references are no list.
    """
    document = _document(text)
    lines = _line_break(text)
    data = (
        document.data["references"]
        if isinstance(document.data, dict) and "references" in document.data
        else ()
    )
    if not isinstance(data, list | tuple):
        raise NoPlaceError("`references` is no list")
    entry: dict[str, Answer] = {"id": identifier, **reference}
    if not data:
        body = lines + _item(entry, _STEP, lines)
        place = document.key_span(("references",))
        if place is None:
            return _ended(text, lines) + lines + "references:" + body
        return text[: place.end] + ":" + body + text[_line_end(text, place.end) :]
    whole = document.value_span(("references",))
    assert whole is not None  # noqa: S101  it has entries
    ids = [one.get("id") if isinstance(one, dict) else None for one in data]
    which = ids.index(identifier) if identifier in ids else len(data) - 1
    one = document.value_span(("references", which))
    assert one is not None  # noqa: S101  the entry is there
    if text[whole.start] == "[":
        if identifier in ids:
            return text[: one.start] + _flow(entry) + text[one.end :]
        return text[: one.end] + ", " + _flow(entry) + text[one.end :]
    dash = text.rfind("-", 0, one.start)
    new = _item(entry, _column(text, dash), lines)
    end = _value_end(text, document, ("references", which))
    if identifier in ids:
        return text[: dash - _column(text, dash)] + new + text[end:]
    before = text[:end] if text[:end].endswith(("\n", "\r")) else text[:end] + lines
    return before + new + text[end:]


def _document(text: str) -> Document:
    document = load_bytes(text.encode(), "sheet").document
    if document is None or not isinstance(document.data, dict):
        raise NoPlaceError("the text is no sheet")
    return document


def _in_braces(text: str, document: Document, section: str, key: str, answer: Answer) -> str:
    old = document.value_span((section, key))
    if old is not None:
        return text[: old.start] + _flow(answer) + text[old.end :]
    whole = document.value_span((section,))
    assert whole is not None  # noqa: S101  the caller has seen it
    inside = text[whole.start + 1 : whole.end - 1].rstrip().rstrip(",")
    joint = ", " if inside.strip() else ""
    new = f"{inside}{joint}{key}: {_flow(answer)}"
    return text[: whole.start + 1] + new + text[whole.end - 1 :]


def _value_end(text: str, document: Document, path: KeyPath) -> int:
    """Where the last line of a value ends, its comment and line break included."""
    span = document.value_span(path)
    assert span is not None  # noqa: S101  the caller has seen it
    # The end of a block scalar is the start of the next key's line, blank lines in between.
    start = span.start
    return _line_end(text, start + len(text[start : span.end].rstrip()))


def _line_end(text: str, place: int) -> int:
    match = _REST_OF_LINE.match(text, place)
    if match is not None:
        return match.end()
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def _column(text: str, place: int) -> int:
    return place - (max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1)


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _ended(text: str, lines: str) -> str:
    return text if not text or text.endswith(("\n", "\r")) else text + lines


def _block(data: dict[str, Answer], indent: int, lines: str) -> str:
    """A mapping as lines; a list of mappings has one line an entry, and a mapping of scalars is in braces."""
    written = ""
    for key, value in data.items():
        pad = " " * indent
        if isinstance(value, dict) and any(isinstance(one, list | tuple | dict) for one in value.values()):
            written += f"{pad}{key}:{lines}{_block(value, indent + _STEP, lines)}"
        elif isinstance(value, list | tuple):
            entries = "".join(_entry(one, indent + _STEP, lines) for one in value)
            written += f"{pad}{key}:{lines}{entries}"
        elif indent == 0 and isinstance(value, dict):
            written += f"{pad}{key}:{lines}{_block(value, indent + _STEP, lines)}"
        else:
            written += f"{pad}{key}: {_flow(value)}{lines}"
    return written


def _entry(one: Answer, indent: int, lines: str) -> str:
    """An entry of a list on one line, unless it holds lists itself."""
    if isinstance(one, dict) and any(isinstance(value, list | tuple) for value in one.values()):
        return _item(one, indent, lines)
    return f"{' ' * indent}- {_flow(one)}{lines}"


def _item(entry: dict[str, Answer], indent: int, lines: str) -> str:
    """An entry of a list, one key a line."""
    pad = " " * indent
    inner = _block(entry, indent + _STEP, lines)
    return f"{pad}- {inner[indent + _STEP :]}"


def _flow(value: Answer) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and not _NOT_STRINGS.fullmatch(value) and not value.endswith(" ")
        return value if plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return repr(value)
    return "[" + ", ".join(_flow(one) for one in value) + "]"
