"""Files, streams and bytes → a document and every problem in it; no bytes make it raise."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from factsheet.errors import SourceUnreadableError, reason_of
from factsheet.source.builder import build
from factsheet.source.decoding import DEFAULT_LIMITS, decode
from factsheet.source.document import Document, LineTable
from factsheet.source.hazards import Hazards
from factsheet.source.links import LEADS_OUT, leads_out
from factsheet.source.problems import SHEET, TextFinding
from factsheet.source.writing import note_input

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.source.decoding import ReadingLimits
    from factsheet.source.problems import Problem, TextKind


_OPEN_STREAMS = ("/dev/", "/proc/")
"""Where a shell names pipes that it has opened itself, as for `<(git show HEAD:sheet.yaml)`."""


class Loaded(NamedTuple):
    """What became of one text.

    Attributes:
        document: The text, its spans and, where it could be read to its end, its data. None only when the
            bytes are no text at all (too large, UTF-16 or UTF-32).
        problems: Everything refused, in the order of the text. With any problem the sheet is not valid, but a
            value refused on its own is kept as its text, so that the rest can still be checked.
    """

    document: Document | None
    problems: tuple[Problem, ...]


def load_bytes(
    raw: bytes, name: str, limits: ReadingLimits = DEFAULT_LIMITS, *, kind: TextKind = SHEET
) -> Loaded:
    """Read a sheet, or another kind of text, from its bytes.

    Args:
        raw: The file's content.
        name: What to call it in messages.
        limits: How much to read.
        kind: What the text is, for messages.

    Returns:
        The document and its problems; nothing is raised for any bytes.
    """
    decoded = decode(raw, limits)
    text = decoded.text or ""
    lines = LineTable(text)
    if decoded.text is None:
        return Loaded(None, _problems(decoded.findings, lines, kind))
    if decoded.parsed is None:
        return Loaded(Document(name, text, None, None, lines=lines), _problems(decoded.findings, lines, kind))
    hazards = Hazards(text, limits, decoded.findings)
    built = build(decoded.parsed, hazards)
    whole = built.complete and isinstance(built.root, dict)
    document = Document(name, text, *((built.root, built.marks) if whole else (None, None)), lines=lines)
    findings = hazards.findings
    if built.complete and not whole:
        findings.append(_no_mapping(built.root, text))
    if not findings:
        return Loaded(document, ())
    # The decoder saw characters before there were paths.
    early = len(decoded.findings)
    placed = [found._replace(path=document.path_at(found.start)) for found in findings[:early]]
    return Loaded(document, _problems(placed + findings[early:], lines, kind))


def _problems(findings: Iterable[TextFinding], lines: LineTable, kind: TextKind) -> tuple[Problem, ...]:
    return tuple(
        found.problem(lines, kind) for found in sorted(findings, key=lambda found: (found.start, found.end))
    )


def _no_mapping(root: object, text: str) -> TextFinding:
    if root is None or root == "":
        return TextFinding("empty-document", 0, 0)
    start = len(text) - len(text.lstrip())
    if isinstance(root, list):
        words = {"found": "a list", "remedy": ", and put the list under a key."}
    else:
        words = {"found": "a single value", "remedy": "; a key needs a colon and a space before its value."}
    return TextFinding("not-a-mapping", start, start + 1, words=words)


def read_sheet(
    path: Path | str,
    *,
    display_name: str | None = None,
    limits: ReadingLimits = DEFAULT_LIMITS,
    kind: TextKind = SHEET,
) -> Loaded:
    """Read a sheet, or another kind of text, from a file.

    Args:
        path: The file.
        display_name: What to call it in messages; the path itself by default.
        limits: How much to read.
        kind: What the text is, for messages.

    Raises:
        SourceUnreadableError: The file cannot be opened or read, or a link leads out of the working directory.
    """
    return load_bytes(read_bytes(path, limits=limits), display_name or str(path), limits, kind=kind)


def read_bytes(path: Path | str, *, limits: ReadingLimits = DEFAULT_LIMITS) -> bytes:
    """Read what a file holds, up to just past the size limit.

    Raises:
        SourceUnreadableError: The file cannot be opened or read, is a named pipe, or a link leads out of the working
            directory.
    """
    note_input(Path(path))
    if leads_out(path):
        raise SourceUnreadableError(path, LEADS_OUT)
    try:
        if is_endless_pipe(path):
            raise SourceUnreadableError(
                path, "it is a named pipe, which may never end; redirect it and name `-`"
            )
        with Path(path).open("rb") as stream:
            return stream.read(limits.bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise SourceUnreadableError(path, reason_of(error)) from error


def is_endless_pipe(path: Path | str) -> bool:
    """Return whether a path is a named pipe, for whose writer a reader would wait; one that a shell has opened is none.

    Raises:
        OSError: there is no such file.
    """
    return stat.S_ISFIFO(Path(path).stat().st_mode) and not str(path).startswith(_OPEN_STREAMS)


def read_stream(
    stream: BinaryIO, name: str, *, limits: ReadingLimits = DEFAULT_LIMITS, kind: TextKind = SHEET
) -> Loaded:
    """Read a sheet, or another kind of text, from a binary stream, such as standard input.

    Args:
        stream: Read to its end, or to just past the size limit: an endless stream is refused, not waited for.
        name: What to call it in messages, such as `<stdin>`.
        limits: How much to read.
        kind: What the text is, for messages.

    Raises:
        SourceUnreadableError: The stream cannot be read.
    """
    try:
        raw = stream.read(limits.bytes + 1)
    except OSError as error:
        raise SourceUnreadableError(name, reason_of(error)) from error
    return load_bytes(raw, name, limits, kind=kind)
