"""Where a cursor is in a sheet that is being typed, and that may be no YAML yet.

What is under the cursor is replaced by a word that no sheet has, once as it is and once as a key, and the text is read
again: the place of the word is the cursor's. Where the rest of the text cannot be read, only the lines are that the
cursor's line belongs to, by their indentation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.language_server.sheet_text import SheetText
    from factsheet.source.document import Document, KeyPath

_WORD, _ROW = "zcursorz", "zrowz"
_NEAR = 400
"""Characters before the cursor, and after it, that are looked at: what is typed there is a word or a figure."""
_TYPED = r"[^\s,\[\]{}:#\"'&*!|>%@`]*"
_DASHES = r"(?:-[ ]+)*"


class Cursor(NamedTuple):
    """A place where something is typed.

    Attributes:
        path: the mapping that gets a key, or the value.
        is_key: whether a key is typed.
        start: the offset at which what is typed begins.
        end: the offset at which it ends: past the cursor where that is within a word.
        typed: what is typed so far, from the start to the cursor.
        value: all of the value up to the cursor, on its line.
        data: the text's data, with a word of ours at the cursor.
        in_flow: whether it is within brackets on a line.
    """

    path: KeyPath
    is_key: bool
    start: int
    end: int
    typed: str
    value: str
    data: object
    in_flow: bool

    @property
    def siblings(self) -> frozenset[str]:
        """The keys that the mapping has besides."""
        node = value_at(self.data, self.path)
        keys = node if isinstance(node, dict) else {}
        return frozenset(str(key) for key in keys if _WORD not in str(key) and key != _ROW)


def value_at(data: Any, path: KeyPath) -> object:
    """Return the value at a path of plain data; `None` where there is none."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    found: object = data
    return found


def cursor_at(sheet: SheetText, offset: int) -> Cursor | None:
    """Return the place of a cursor; `None` where nothing can be typed that the sheet's model knows: in a comment."""
    text = sheet.text
    line_start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    rest = re.search(r"[\r\n]|\Z", text[offset:])
    line_end = offset + (rest.start() if rest else 0)
    before = text[line_start:offset]
    if re.search(r"(?:^|\s)#", _without_quoted(before)):
        return None
    typed_match = re.search(rf"{_TYPED}\Z", before[-_NEAR:])
    typed = typed_match[0] if typed_match else ""
    after_match = re.match(_TYPED, text[offset : min(offset + _NEAR, line_end)])
    start, end = offset - len(typed), offset + (len(after_match[0]) if after_match else 0)
    if _between_words(before[: len(before) - len(typed)], text[end:line_end]):
        return None
    for patched, at in _patched(text, (line_start, line_end), (start, end)):
        document = load_bytes(patched.encode(), sheet.name).document
        found = None if document is None else _placed(document, at)
        if found is not None and document is not None:
            path, is_key = found
            value = re.sub(rf"^.*?(?:^[ ]*{_DASHES}|[:,\[{{][ ]+|[\[{{])(?=[^:]*\Z)", "", before[-_NEAR:])
            opened = _without_quoted(before)
            return Cursor(
                path=path,
                is_key=is_key,
                start=start,
                end=end,
                typed=typed,
                value=value,
                data=document.data,
                in_flow=opened.count("{") + opened.count("[") > opened.count("}") + opened.count("]"),
            )
    return None


def _between_words(before: str, behind: str) -> bool:
    """Return whether a word typed here would be part of another: right behind a colon, or before a line's content."""
    if before.endswith(":"):
        return True
    content = behind.lstrip()
    return not before.strip() and behind != content and content[:1] not in {"", "#", ":"}


def _without_quoted(line: str) -> str:
    return re.sub(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'", "", line)


def _patched(text: str, line: tuple[int, int], word: tuple[int, int]) -> Iterator[tuple[str, int]]:
    """Yield texts with our word at the cursor, each with its offset: the likeliest to be read first."""
    (line_start, line_end), (start, end) = line, word
    prefix, behind = text[line_start:start], text[end:line_end]
    head, tail = text[:line_start], text[line_end:]
    above, below = _ancestors(head, prefix), ""
    closing = _closing(prefix, behind)
    for before, after in ((head, tail), (above, below)):
        at = len(before) + len(prefix)
        for inserted in (_WORD, f"{_WORD}: 0"):
            if inserted != _WORD and behind.lstrip().startswith(":"):
                continue
            yield f"{before}{prefix}{inserted}{behind}{closing}{after}", at


def _closing(prefix: str, behind: str) -> str:
    """Return the brackets that a line opens and does not close."""
    waiting: list[str] = []
    for character in _without_quoted(prefix + behind):
        if character in "[{":
            waiting.append("]" if character == "[" else "}")
        elif waiting and character == waiting[-1]:
            waiting.pop()
    return "".join(reversed(waiting))


def _ancestors(head: str, prefix: str) -> str:
    """Return the lines above that the cursor's line belongs to: those of keys and dashes that are indented less."""
    indent = len(prefix) - len(prefix.lstrip(" "))
    kept: list[str] = []
    for line in reversed(re.split(r"\r\n|\r|\n", head)):
        content = line.strip()
        if not content or content.startswith("#"):
            continue
        match = re.match(rf"(?P<space>[ ]*)(?P<dashes>{_DASHES})(?P<key>[\w-]+:)(?=\s|$)", line)
        if match is None:
            continue
        key_at = len(match["space"]) + len(match["dashes"])
        # A row's dash may be as far in as the key of the list that it is in.
        own = key_at < indent or (
            prefix.lstrip(" ").startswith("-") and key_at == indent and not match["dashes"]
        )
        if own:
            kept.append(f"{match['space']}{match['dashes']}{match['key']}")
            indent = len(match["space"])
            # Above a row, the list's own key is looked for, as far in as the dash or less.
            prefix = "-" if match["dashes"] else ""
        elif match["dashes"] and len(match["space"]) < indent <= key_at:
            kept.append(f"{match['space']}-" + " " * (key_at - len(match["space"]) - 1) + f"{_ROW}: 0")
            indent, prefix = len(match["space"]), "-"
        if indent == 0 and not prefix:
            break
    return "".join(f"{line}\n" for line in reversed(kept))


def _placed(document: Document, at: int) -> tuple[KeyPath, bool] | None:
    """Return the path of our word, and whether it is a key."""
    if document.data is None:
        return None
    path = document.path_at(at)
    if path and isinstance(path[-1], str) and _WORD in path[-1]:
        return path[:-1], True
    value = value_at(document.data, path)
    if isinstance(value, str) and _WORD in value:
        return path, False
    if isinstance(value, dict):  # a key without a value has no place of its own
        return (path, True) if any(_WORD in str(key) for key in value) else None
    return None
