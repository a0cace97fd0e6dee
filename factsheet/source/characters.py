"""Which characters a sheet may not hold, and how to name one in a message without printing it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

from factsheet.systems import DEVICES

if TYPE_CHECKING:
    from collections.abc import Iterator

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

# C0 but for tab and the line breaks, DEL, C1: they move cursors, recolour or clear terminals. Surrogates and
# U+FFFE/FFFF cannot be written to UTF-8 or to XML reports. U+2028, U+2029 and U+0085 end a comment for
# YAML 1.1 readers and for nobody else: a line that every editor shows as a comment could carry a key.
# All are patterns, not compiled ones: sheets without such characters, nearly all of them, need none of them.
_UNSAFE_IN_TEXT: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"

# Inside a value the same, but for the three that are harmless once they are data: an escape put them there.
_UNSAFE_IN_VALUE: Final = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]"

# Every escape of a double-quoted scalar, so that the second half of `\\` never opens another.
_ESCAPE: Final = r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([\s\S]))"
_UNSAFE_SHORT_ESCAPES: Final = frozenset("0abvfreN")

_NAMES: Final = {
    0x00: "NUL",
    0x07: "bell",
    0x08: "backspace",
    0x0B: "vertical tab",
    0x0C: "form feed",
    0x0D: "carriage return",
    0x1B: "escape",
    0x7F: "delete",
    0x85: "next line",
    0x2028: "line separator",
    0x2029: "paragraph separator",
    0xFEFF: "byte-order mark",
}
_SHOWN_CHARS: Final = 48


def is_safe(text: str) -> bool:
    """Return whether a text holds nothing that a sheet may not hold."""
    return text.isprintable() or re.search(_UNSAFE_IN_TEXT, text) is None


def make_safe(text: str) -> str:
    """Put U+FFFD for every character that a text may not hold, one for one."""
    return text if text.isprintable() else re.sub(_UNSAFE_IN_TEXT, REPLACEMENT, text)


def unsafe_runs(text: str) -> Iterator[re.Match[str]]:
    """Give each run of characters that a text may not hold."""
    return re.finditer(f"{_UNSAFE_IN_TEXT}+", text)


def unsafe_in_value(text: str) -> str | None:
    """Give the first character that a value may not hold, or None."""
    found = None if text.isprintable() else re.search(_UNSAFE_IN_VALUE, text)
    return found and found[0]


def make_value_safe(text: str) -> str:
    """Put U+FFFD for every character that a value may not hold, one for one."""
    return text if text.isprintable() else re.sub(_UNSAFE_IN_VALUE, REPLACEMENT, text)


def name_of(character: str) -> str:
    """Give a character's code point, and its name where it has a familiar one: `U+001B (escape)`."""
    code = ord(character)
    name = _NAMES.get(code)
    return f"U+{code:04X} ({name})" if name else f"U+{code:04X}"


def shown(text: str) -> str:
    """Make a piece of the sheet fit for a message: short, on one line, with nothing unsafe in it."""
    one_line = " ".join(text[: 4 * _SHOWN_CHARS].split())
    short = one_line if len(one_line) <= _SHOWN_CHARS else one_line[: _SHOWN_CHARS - 1] + "…"
    return make_safe(short)


def find_unsafe_escape(source: str) -> tuple[int, int] | None:
    """Find the first escape in a double-quoted scalar's source that means an unsafe character.

    Returns:
        Its start and end within the source, or None when no escape does.
    """
    for found in re.finditer(_ESCAPE, source):
        digits = found[1] or found[2] or found[3]
        if digits is None:
            unsafe = found[4] in _UNSAFE_SHORT_ESCAPES
        else:
            code = int(digits, 16)
            unsafe = code <= sys.maxunicode and unsafe_in_value(chr(code)) is not None
        if unsafe:
            return found.span()
    return None


def safe_stem(path: str) -> str:
    """Return the name of a path's file without its ending, of letters, digits, `-` and `_` alone."""
    stem = re.sub(r"[^\w-]+", "-", path.rpartition("/")[2].rpartition(".")[0]).strip("-_")[:_LONGEST_STEM]
    return f"sheet-{stem}".rstrip("-") if not stem or stem.casefold() in DEVICES else stem


_LONGEST_STEM: Final = 80
