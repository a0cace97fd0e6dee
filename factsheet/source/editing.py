"""Edits to a sheet's text: what no edit concerns stays as it is, byte for byte, comments included.

A value that is replaced is an edit at its span. What is new, a key or an item of a list, is laid out by ruamel.yaml and
put between the lines that are there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from factsheet.errors import NoPlaceError
from factsheet.source.document import dotted
from factsheet.source.dumping import dump_block, dump_flow, is_scalar
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from factsheet.source.document import Document, KeyPath, Span
    from factsheet.source.dumping import Data

_REST_OF_LINE: Final = r"[ \t]*(?:#[^\n\r]*)?(?:\r\n|\n|\r|$)"  # compiled where it is used: not by reading


class Edit(NamedTuple):
    """A stretch of the text, by offsets, and what takes its place."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Carry out edits, none of which overlaps another."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def overlap(one: Edit, other: Edit) -> bool:
    """Return whether two edits concern the same place."""
    return (one.start < other.end and other.start < one.end) or one.start == other.start


def word_span(document: Document, span: Span, word: str) -> Span:
    """Find a word of a scalar; line breaks of a folded scalar count as spaces. The whole span if it is not there.

    Where it is by itself comes before where it is part of another word: `devlin` in `[devlin-2019, devlin]`.
    """
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    text = document.text[span.start : span.end]
    match = (
        re.search(rf"(?<![\w-]){pattern}(?![\w-]|\.\w)", text) or re.search(pattern, text)
        if pattern
        else None
    )
    return span if match is None else document.span_at(span.start + match.start(), span.start + match.end())


def removal(document: Document, path: KeyPath) -> Edit | None:
    """Remove a key with its value, or an entry of a list: its lines in a block, its place between commas in a flow."""
    text, key, value = document.text, document.key_span(path), document.value_span(path)
    if value is None:
        return None
    start, end = (value if key is None else key).start, value.end
    if key is not None:
        end = max(end, text.index(":", key.end) + 1)  # a key without a value ends with its colon
    line_start = start - _column(text, start)
    before = text[line_start:start].strip()
    if key is None and not before and text[:start].rstrip().endswith("-"):  # a dash alone on a line above
        dash = text[:start].rstrip().rindex("-")
        line_start, before = dash - _column(text, dash), "-"
    if before == ("-" if key is None else ""):
        rest = re.compile(_REST_OF_LINE).match(text, end)
        return None if rest is None else Edit(line_start, _with_blank_line(text, line_start, rest.end()), "")
    behind = re.compile(r"\s*,\s*").match(text, end)
    if behind is not None:
        return Edit(start, behind.end(), "")
    comma = re.search(r"\s*,\s*$", text[:start])
    return Edit(comma.start(), end, "") if comma else None


def _with_blank_line(text: str, start: int, end: int) -> int:
    """Return where a removal ends whose lines have an empty line on both sides: one of the two is enough."""
    before = re.search(r"(?:\A|\n[ \t]*(?:\r?\n)|\A[ \t]*\r?\n)\Z", text[:start])
    behind = re.compile(r"[ \t]*(?:\r\n|\n)").match(text, end)
    return behind.end() if before is not None and behind is not None else end


def put(text: str, path: KeyPath, value: Data) -> str:
    """Put a value at a path: in place of the one that is there, or as the last key of its mapping.

    Mappings that the path leads through and that are not there are added. An item of a list has to be there. Where the
    old value has the same keys, or as many items, what stays the same in it stays as it is written.

    Raises:
        NoPlaceError: The text is no sheet, or the path leads through something else than mappings and items of lists.
        UnwritableDataError: No sheet can hold the value.
    """
    document = _document(text)
    expected, there = _with(document.data, (), path, value)
    if there == len(path):
        edits = list(_changes(document, path, value))
    else:
        for key in reversed(path[there + 1 :]):
            value = {str(key): value}
        edits = [_addition(document, path[:there], str(path[there]), value)]
    return _checked(text, edits, expected, path)


def put_item(text: str, path: KeyPath, item: Data, *, same: Callable[[Any], bool]) -> str:
    """Put an item into the list at a path: in place of the first that is the same, or as the last.

    Raises:
        NoPlaceError: The text is no sheet, or has something else than a list there.
        UnwritableDataError: No sheet can hold the item.
    """
    document = _document(text)
    items = value_at(document.data, path)
    if not items and not isinstance(items, str | dict):
        return put(text, path, [item])
    if not isinstance(items, list):
        raise NoPlaceError(f"`{dotted(path)}` is no list")
    for index, one in enumerate(items):
        if same(one):
            return put(text, (*path, index), item)
    edit = _appended(document, path, len(items) - 1, item)
    return _checked(text, [edit], _with(document.data, (), path, [*items, item])[0], path)


def _document(text: str) -> Document:
    document = load_bytes(text.encode(), "sheet").document
    if document is None or not isinstance(document.data, dict):
        raise NoPlaceError("the text is no sheet")
    return document


def value_at(data: Any, path: KeyPath) -> Any:
    """Return what is at a path of plain data; `None` where nothing is."""
    for key in path:
        if isinstance(key, int):
            data = data[key] if isinstance(data, list) and 0 <= key < len(data) else None
        else:
            data = data.get(key) if isinstance(data, dict) else None
    return data


def _with(data: Any, above: KeyPath, path: KeyPath, value: Data) -> tuple[Any, int]:
    """Return the data below `above` with the value in its place, and how much of the path is there already."""
    if not path:
        return value, 0
    key, rest = path[0], path[1:]
    if isinstance(key, int):
        if not isinstance(data, list) or not 0 <= key < len(data):
            raise NoPlaceError(f"`{dotted(above)}` has no item {key} to replace")
        below, depth = _with(data[key], (*above, key), rest, value)
        return [*data[:key], below, *data[key + 1 :]], depth + 1
    if data is not None and not isinstance(data, dict):
        raise NoPlaceError(f"`{dotted(above)}` is no mapping, so that `{key}` has no place in it")
    there = data is not None and key in data
    below, depth = _with(value_at(data, (key,)), (*above, key), rest, value)
    return {**(data or {}), key: below}, depth + 1 if there else 0


def _checked(text: str, edits: Sequence[Edit], expected: object, path: KeyPath) -> str:
    """Return the edited text, if it holds what it is to hold and nothing else has changed."""
    edited = apply_edits(text, edits)
    loaded = load_bytes(edited.encode(), "sheet")
    if loaded.document is None or _plain(loaded.document.data) != _plain(expected):
        raise NoPlaceError(
            f"`{dotted(path)}` cannot be put into the text the way it is written; edit it by hand"
        )
    return edited


def _plain(data: Any) -> Any:
    """Return the data with lists for tuples, and texts for dates, as YAML has them."""
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return data if isinstance(data, str | int | float) or data is None else str(data)


def _in_flow(document: Document, path: KeyPath) -> bool:
    """Return whether the container at a path, or one around it, is in brackets or braces."""
    spans = (document.value_span(path[:length]) for length in range(1, len(path) + 1))
    return any(
        span is not None and document.text[span.start : span.start + 1] in ("{", "[") for span in spans
    )


def _changes(document: Document, path: KeyPath, value: Data) -> Iterator[Edit]:
    """Yield an edit for each smallest part of a value that differs from what is in the text."""
    old = value_at(document.data, path)
    if isinstance(old, dict) and isinstance(value, dict) and old and list(old) == list(value):
        for key, below in value.items():
            yield from _changes(document, (*path, key), below)
    elif isinstance(old, list) and isinstance(value, list | tuple) and old and len(old) == len(value):
        for index, item in enumerate(value):
            yield from _changes(document, (*path, index), item)
    elif type(old) is not type(value) or old != value or not is_scalar(value):
        yield _replacement(document, path, value)


def _replacement(document: Document, path: KeyPath, value: Data) -> Edit:
    text, key, old = document.text, document.key_span(path), document.value_span(path)
    assert old is not None  # noqa: S101  the caller has seen it
    lines, written = _line_break(text), text[old.start : old.end]
    in_line = "\n" not in written and "\r" not in written and written[:1] not in ("|", ">")
    like = bool(written) and (is_scalar(value) or written[0] in "{[")
    if _in_flow(document, path[:-1]):
        return Edit(old.start, old.end, dump_flow(value))
    if in_line and like and _is_one_line(value):
        # Behind a key in a block, a comma needs no quotes.
        bare = dump_block([value])[len("- ") :].removesuffix("\n") if is_scalar(value) else dump_flow(value)
        return Edit(old.start, old.end, bare)
    if key is None:
        start = text.rfind("-", 0, old.start)
        new = dump_block([value], indent=_column(text, start), line_break=lines, opened=1 if in_line else 2)
        return Edit(start, _value_end(text, old), new.lstrip(" "))
    start, opened = key.start, 2 if len(path) == 1 else 1
    new = dump_block({str(path[-1]): value}, indent=_column(text, start), line_break=lines, opened=opened)
    behind = old.end if written else text.index(":", key.end) + 1
    end = _line_end(text, behind) if in_line else _value_end(text, old)
    comment = text[behind:end].strip() if in_line else ""  # it stays behind the key
    head, first, below = new.lstrip(" ").partition(lines)
    return Edit(start, end, f"{head}  {comment}{first}{below}" if comment else head + first + below)


def _is_one_line(value: Data) -> bool:
    return dump_block([value]).count("\n") == 1


def _addition(document: Document, path: KeyPath, key: str, value: Data) -> Edit:
    text, lines, data = document.text, _line_break(document.text), value_at(document.data, path)
    whole = document.value_span(path)
    assert whole is not None  # noqa: S101  the caller has followed the path
    in_flow = text[whole.start : whole.start + 1] == "{"
    if not path and not in_flow:
        new = dump_block({key: value}, line_break=lines, opened=2)
        apart = lines if new.count(lines) > 1 else ""
        return Edit(len(text), len(text), _ending(text, lines) + apart + new)
    if data is None:
        return _replacement(document, path, {key: value})
    if in_flow:
        inside = text[whole.start + 1 : whole.end - 1].rstrip().rstrip(",")
        joint = ", " if inside.strip() else ""
        return Edit(whole.start + 1 + len(inside), whole.end - 1, joint + dump_flow({key: value})[1:-1])
    first = document.key_span((*path, next(iter(data))))
    assert first is not None  # noqa: S101  a block mapping has a key
    new = dump_block({key: value}, indent=_column(text, first.start), line_break=lines)
    end = _value_end(text, whole)
    return Edit(end, end, _ending(text[:end], lines) + new)


def _appended(document: Document, path: KeyPath, last: int, item: Data) -> Edit:
    text, lines = document.text, _line_break(document.text)
    span = document.value_span((*path, last))
    assert span is not None  # noqa: S101  the caller has counted the items
    if _in_flow(document, path):
        return Edit(span.end, span.end, ", " + dump_flow(item))
    dash = text.rfind("-", 0, span.start)
    end = _value_end(text, span)
    new = dump_block([item], indent=_column(text, dash), line_break=lines, opened=2)
    return Edit(end, end, _ending(text[:end], lines) + new)


def _value_end(text: str, span: Span) -> int:
    """Return where the last line of a value ends, its comment and line break included."""
    # The end of a block scalar is the start of the next key's line, blank lines in between.
    return _line_end(text, span.start + len(text[span.start : span.end].rstrip()))


def _line_end(text: str, place: int) -> int:
    match = re.compile(_REST_OF_LINE).match(text, place)
    if match is not None:
        return match.end()
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def _column(text: str, place: int) -> int:
    return place - (max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1)


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _ending(text: str, lines: str) -> str:
    return "" if not text or text.endswith(("\n", "\r")) else lines
