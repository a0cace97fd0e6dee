"""A baseline: the findings that a repository already had, so that a check fails on new ones alone.

It is a file to be committed, `factsheet.baseline/1`: JSON with a line for each finding, so that a diff shows which came
and which went. A finding is known again by its fingerprint and by the text that it points at: who changes a value that
was wrong before has to look at it anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.errors import ConfigurationError
from factsheet.reports.fingerprint import fingerprints
from factsheet.reports.text import dotted, encodable, one_line
from factsheet.source.json_text import parse_json
from factsheet.source.links import LEADS_OUT, leads_out
from factsheet.source.writing import note_input

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source.document import Document

SCHEMA = "factsheet.baseline/1"
_MOST_BYTES = 50_000_000
_LONGEST = 120
"""Characters of a value that are kept, to be read and compared."""


class KnownFinding(NamedTuple):
    """A finding of a baseline.

    Attributes:
        rule: the rule's id.
        path: the place in the sheet, for people.
        text: the beginning of what it points at.
        stands_for: how many findings it stands for.
        fingerprint: what it is known by, with the text.
    """

    rule: str
    path: str
    text: str
    stands_for: int
    fingerprint: str

    @property
    def identity(self) -> tuple[str, str]:
        """What makes a later finding the same one."""
        return self.fingerprint, self.text


class BaselineComparison(NamedTuple):
    """The findings of one sheet beside those of a baseline.

    Attributes:
        new: those that the baseline has not.
        known: how many it has.
        gone: how many of its findings the sheet no longer has.
    """

    new: tuple[Diagnostic, ...]
    known: int
    gone: int


class Baseline(NamedTuple):
    """The findings that a repository already had.

    Attributes:
        file: where they are listed.
        sheets: the findings by the sheet's path, relative to the file's folder with `/` between folders.
        text: the file as it was read; `None` where there is none yet.
    """

    file: Path
    sheets: Mapping[str, tuple[KnownFinding, ...]] = {}
    text: str | None = None

    def compare(
        self, name: str, diagnostics: tuple[Diagnostic, ...], document: Document | None
    ) -> BaselineComparison:
        """Compare the findings of a sheet with those that were known.

        Args:
            name: the sheet's path, as the check was given it.
            diagnostics: what was found now.
            document: the text that they point into.
        """
        known = {found.identity: found.stands_for for found in self.sheets.get(self._key(name), ())}
        here = _entries(diagnostics, document)
        new = tuple(
            diagnostic
            for diagnostic, entry in zip(diagnostics, here, strict=True)
            if known.get(entry.identity, 0) < entry.stands_for
        )
        present = {entry.identity for entry in here}
        count = sum(diagnostic.stands_for for diagnostic in diagnostics)
        return BaselineComparison(
            new,
            count - sum(diagnostic.stands_for for diagnostic in new),
            sum(number for identity, number in known.items() if identity not in present),
        )

    def updated(
        self, found: Iterable[tuple[str, tuple[Diagnostic, ...], Document | None]], tool_version: str
    ) -> str:
        """Return the text of a baseline with what was found now; sheets that were not checked keep what they have.

        Args:
            found: name, findings and text of each sheet that was checked.
            tool_version: version of factsheet, for people.
        """
        folder = self.file.parent
        sheets = {name: entries for name, entries in self.sheets.items() if os.path.isfile(folder / name)}  # noqa: PTH113  a name may be too long
        for name, diagnostics, document in found:
            sheets[self._key(name)] = _entries(diagnostics, document)
        rows = [
            f"  {json.dumps(encodable(name))}: [\n"
            + ",\n".join(f"   {json.dumps(entry._asdict())}" for entry in entries)
            + "\n  ]"
            for name, entries in sorted(sheets.items())
            if entries
        ]
        listed = "{\n" + ",\n".join(rows) + "\n }" if rows else "{}"
        head = f'{{\n "schema": {json.dumps(SCHEMA)},\n "tool_version": {json.dumps(tool_version)},\n'
        return f'{head} "sheets": {listed}\n}}\n'

    def _key(self, name: str) -> str:
        """Return a sheet's path from the baseline's folder, so that the working directory does not matter."""
        here, there = os.path.abspath(name), os.path.abspath(self.file.parent)  # noqa: PTH100  links are kept
        try:
            return Path(os.path.relpath(here, there)).as_posix()
        except ValueError:  # another drive
            return Path(here).as_posix()


def read_baseline(file: Path) -> Baseline:
    """Read a baseline.

    Raises:
        ConfigurationError: it cannot be read, or is no baseline.
        FileNotFoundError: there is no such file.
    """
    if leads_out(file):
        raise _wrong(file, LEADS_OUT)
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise _wrong(file, f"it is larger than {_MOST_BYTES:,} bytes")
        note_input(file)
        text = file.read_bytes().decode()
        data = parse_json(text)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _wrong(file, f"it cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise _wrong(file, f"it is no JSON: {one_line(str(error))[:120]}") from None
    values = data if isinstance(data, dict) else {}
    schema = values.get("schema")
    if schema != SCHEMA:
        raise _wrong(file, f"its schema is {json.dumps(schema)[:60]}, not {SCHEMA}")
    sheets = values.get("sheets")
    if not isinstance(sheets, dict) or not all(isinstance(rows, list) for rows in sheets.values()):
        raise _wrong(file, "`sheets` does not list findings by sheet")
    known = {name: tuple(_finding(file, row) for row in rows) for name, rows in sheets.items()}
    return Baseline(file, known, text)


def _finding(file: Path, row: Any) -> KnownFinding:
    match row:
        case {
            "rule": str(rule),
            "path": str(path),
            "text": str(text),
            "stands_for": int(number),
            "fingerprint": str(fingerprint),
        }:
            return KnownFinding(rule, path, text, number, fingerprint)
    raise _wrong(file, f"a finding needs {', '.join(KnownFinding._fields)}: {json.dumps(row)[:80]}")


def _wrong(file: Path, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"{one_line(str(file))} cannot be used as a baseline: {what}",
        "findings that it lists do not fail a check",
        "name another file, or delete this one and write it anew",
    )


def _entries(diagnostics: tuple[Diagnostic, ...], document: Document | None) -> tuple[KnownFinding, ...]:
    prints = fingerprints(diagnostics, document)
    return tuple(
        KnownFinding(
            diagnostic.rule_id,
            encodable(dotted(diagnostic.path)),
            _text_at(diagnostic, document),
            diagnostic.stands_for,
            fingerprint,
        )
        for diagnostic, fingerprint in zip(diagnostics, prints, strict=True)
    )


def _text_at(diagnostic: Diagnostic, document: Document | None) -> str:
    """Return the text that a finding points at, as far as it is on one line: a word, a key, a value."""
    span = diagnostic.span
    if document is None or span is None or span.line != span.end_line:
        return ""
    return encodable(one_line(document.text[span.start : span.end]))[:_LONGEST]
