"""Read the file of a source: bounded, in whatever encoding it is, with the lines that its names are on."""

from __future__ import annotations

import codecs
import json
import math
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from factsheet.authoring.importing.imported import LeftOut
from factsheet.errors import UsageError, reason_of
from factsheet.facts.placeholders import is_placeholder
from factsheet.source.characters import make_safe
from factsheet.source.json_text import parse_json
from factsheet.source.links import LEADS_OUT, leads_out
from factsheet.source.writing import note_input

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that are read; the states of long trainings reach some ten megabytes."""
_TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class SourceText(NamedTuple):
    r"""The text of a file.

    Attributes:
        name: the name of the file, safe to print.
        text: what it holds, lines ended by `\n`.
        left_out: what is wrong with its encoding or its grammar, where that was put right.
    """

    name: str
    text: str
    left_out: tuple[LeftOut, ...] = ()

    def place(self, key: str) -> str:
        """Return the file with the line that a key of JSON or YAML is on, and the key."""
        line = _line_of_key(self.text, key)
        return f"{self.name}:{line} {key}" if line else f"{self.name} {key}"


@lru_cache(maxsize=64)
def _line_of_key(text: str, key: str) -> int:
    """Return the line that a key is first on, 0 where it is nowhere; large files have thousands of rows of one key."""
    found = re.search(rf"""^.*?["']?\b{re.escape(key)}["']?\s*:""", text, re.MULTILINE)
    return 0 if found is None else text.count("\n", 0, found.start()) + 1


HEAD = 64 * 1024
"""Bytes of a file that are looked at to find out what it is."""


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file in UTF-8, whatever it is written in; none for a folder or what is no file.

    A pipe is not looked into: it could be read once only, and who opens one may wait for ever.
    """
    try:
        if not path.is_file() or leads_out(path):
            return b""
        with path.open("rb") as file:
            return in_utf8(file.read(HEAD))
    except (OSError, ValueError):  # a callable, or nothing: kinds say what they are by their name
        return b""


def in_utf8(head: bytes) -> bytes:
    """Return the first bytes of a text in UTF-8, if a byte-order mark says that they are in another encoding."""
    wide = next((encoding for mark, encoding in _WIDE if head.startswith(mark)), None)
    return head if wide is None else head.decode(wide, errors="ignore").encode()


def read_text(source: str) -> SourceText:
    """Return the text of a file. What is no UTF-8 is read as Windows-1252, and said.

    Raises:
        UsageError: it cannot be read, or is larger than anything of its kind.
    """
    path = Path(source)
    name = make_safe(path.name or source)
    if leads_out(path):
        raise UsageError(f"{make_safe(source)} is not read: {LEADS_OUT}")
    try:
        with path.open("rb") as file:
            note_input(path)
            raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{make_safe(source)} cannot be read", reason_of(error), "correct the name"
        ) from None
    if len(raw) > LARGEST:
        raise UsageError(
            f"{name} is larger than {LARGEST // 2**20} MiB",
            "nothing of this kind is, and it was not read",
            "give the file that describes the model",
        )
    wide = next((encoding for mark, encoding in _WIDE if raw.startswith(mark)), None)
    try:
        text = raw.decode(wide or "utf-8-sig")
        left: tuple[LeftOut, ...] = ()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        left = (LeftOut(name, "characters that are not UTF-8", "the file was read as Windows-1252"),)
    turned = _TURNING.sub("", text)
    if turned != text:
        left = (
            *left,
            LeftOut(name, "characters that turn the direction of text", "they hide what is written"),
        )
    return SourceText(name, turned.replace("\r\n", "\n").replace("\r", "\n"), left)


_TURNING = re.compile("[\u202a-\u202e]")
"""Embeddings and overrides of direction (Unicode 15, annex 9); isolates, which texts in Arabic need, are kept."""


def read_json(source: str) -> tuple[dict[str, Any], SourceText]:
    """Return the object in a JSON file; a comma before a closing bracket is passed over, and said.

    Raises:
        UsageError: it is no JSON, or holds no object.
    """
    read = read_text(source)
    try:
        data = parse_json(read.text)
    except ValueError as first:
        try:
            data = parse_json(_TRAILING_COMMA.sub(lambda found: found[1] or "", read.text))
        except ValueError:
            where = (
                f"line {first.lineno}: {first.msg}" if isinstance(first, json.JSONDecodeError) else str(first)
            )
            raise UsageError(
                f"{read.name} is no JSON that can be read", where, "correct the file, or write it anew"
            ) from None
        said = LeftOut(
            read.name, "a comma before a closing bracket", "JSON has none there; it was passed over"
        )
        read = read._replace(left_out=(*read.left_out, said))
    if not isinstance(data, dict):
        raise UsageError(f"{read.name} holds no JSON object", "its values have no names", "give another file")
    return data, read


def number_of(value: object) -> float | None:
    """Return a finite number, written as one or as text; `None` where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def line_of(value: object) -> str | None:
    """Return text as one line that is safe to print; `None` where it says nothing."""
    if not isinstance(value, str):
        return None
    line = " ".join(make_safe(value).split())
    return line if line and line.casefold() not in _GENERATED and not is_placeholder(line) else None


_GENERATED = frozenset({"noassertion", "none", "null", "nan", "string"})
"""What generators write where there is no answer; what people write, `is_placeholder` knows."""
