"""Bytes → text: how much is read, the encoding, the byte-order mark, and the characters that no sheet may hold."""

from __future__ import annotations

import codecs
from typing import Final, NamedTuple

from factsheet.source.characters import is_safe, make_safe, name_of, unsafe_runs
from factsheet.source.problems import TextFinding


class ReadingLimits(NamedTuple):
    """Bounds on one text; past any of them reading stops or the value is refused."""

    bytes: int = 1024 * 1024
    """Size of the file, in bytes."""
    depth: int = 24
    """Lists and mappings inside one another."""
    nodes: int = 50_000
    """Keys, values, lists and mappings together."""
    scalar_chars: int = 20_000
    """Length of one key or value, in characters."""
    digits: int = 40
    """Digits of one number."""
    problems: int = 200
    """Problems reported before reading stops."""


DEFAULT_LIMITS: Final = ReadingLimits()

# UTF-32's little-endian mark begins with UTF-16's, so it is looked for first. The last two are the YAML
# specification's way to know UTF-16 without a mark: its first character is ASCII (YAML 1.2.2, section 5.2).
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (b"\0\0\0", "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_PLAIN_ASCII: Final = bytes((*b"\t\n\r", *range(0x20, 0x7F)))
_LINE_SEPARATORS: Final = frozenset("\u2028\u2029\x85")


class Decoded(NamedTuple):
    """A text ready to parse.

    Attributes:
        text: The text without a byte-order mark; with U+FFFD for bytes that are not UTF-8; None when the
            bytes are in no encoding worth showing.
        parsed: The text for the parser, as long as `text`: what it would choke on is U+FFFD. None when there
            is nothing to parse.
        findings: What was refused.
    """

    text: str | None
    parsed: str | None
    findings: tuple[TextFinding, ...] = ()


def decode(raw: bytes, limits: ReadingLimits) -> Decoded:
    """Decode a sheet's bytes."""
    if len(raw) > limits.bytes:
        return _refused("file-too-large", limit=f"{limits.bytes:,}")
    wide = _wide_encoding(raw)
    if wide:
        return _refused("wide-encoding", encoding=wide)
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return _not_utf8(raw, error)
    # Printable ASCII is most of a sheet, and deleting it leaves every longer character whole.
    if is_safe(raw.translate(None, _PLAIN_ASCII).decode()):
        return Decoded(text, text)
    findings = _unsafe_characters(text, limits.problems)
    hopeless = findings[-1].code == "too-many-problems"
    return Decoded(text, None if hopeless else make_safe(text), findings)


def _refused(code: str, **words: str) -> Decoded:
    return Decoded(None, None, (TextFinding(code, 0, 0, words=words),))


def _wide_encoding(raw: bytes) -> str | None:
    for mark, encoding in _WIDE:
        if raw.startswith(mark):
            return encoding
    if raw[1:4] == b"\0\0\0":
        return "UTF-32"
    return "UTF-16" if raw[:2].count(0) == 1 else None


def _not_utf8(raw: bytes, error: UnicodeDecodeError) -> Decoded:
    start = len(raw[: error.start].decode())
    byte = raw[error.start]
    guess = bytes((byte,)).decode("cp1252", errors="ignore")
    remedy = f"Save the file as UTF-8; if it is in Windows-1252, this byte is `{guess}`."
    if not guess.isprintable() or not guess:
        remedy = "Save the file as UTF-8, or restore it: it may have been cut off or damaged."
    words = {"byte": f"{byte:02X}", "remedy": remedy}
    text = raw.decode(errors="replace")
    return Decoded(text, None, (TextFinding("not-utf-8", start, start + 1, words=words),))


def _unsafe_characters(text: str, most: int) -> tuple[TextFinding, ...]:
    findings: list[TextFinding] = []
    for found in unsafe_runs(text):
        if len(findings) == most:
            findings.append(TextFinding("too-many-problems", *found.span(), words={"limit": str(most)}))
            break
        words = {"character": name_of(found[0][0])}
        findings.append(TextFinding(_code_of(found[0][0]), *found.span(), words=words))
    return tuple(findings)


def _code_of(character: str) -> str:
    if character in _LINE_SEPARATORS:
        return "unusual-line-break"
    return "stray-byte-order-mark" if character == "\ufeff" else "control-character"
