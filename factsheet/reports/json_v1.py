"""The JSON report, `factsheet.check/1`: written out by hand, so that internal types can change beneath it.

Keys are only ever added to version 1. Lines and columns count from 1, offsets from 0, all of them in code points of
the text without its byte-order mark; an end is the place just behind the last character. The same run gives the same
bytes: there is no time, no host and no absolute path in it that was not asked for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.reports.report import count
from factsheet.reports.text import dotted, encodable, readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.checks.diagnostic import Diagnostic, Fix, Related
    from factsheet.reports.report import CheckedFile, CheckReport
    from factsheet.reports.text import Style
    from factsheet.source.document import Document, Span

    Json = Mapping[str, "Json"] | list["Json"] | str | int | bool | None

SCHEMA = "factsheet.check/1"


def write(report: CheckReport, style: Style) -> str:  # noqa: ARG001  the interface of all formats
    """Return a run as JSON, in ASCII, so that no terminal and no encoding gets in its way."""
    return json.dumps(to_json(report), indent=2) + "\n"


def to_json(report: CheckReport) -> dict[str, Json]:
    """Return a run as data that `json.dumps` takes."""
    counts = count(report)
    return {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": report.tool_version},
        "sheets": [_sheet(file) for file in report.files],
        "unreadable": [
            {"file": encodable(name), "reason": readable(reason)} for name, reason in report.unreadable
        ],
        "summary": {
            "sheets": counts.sheets,
            "unreadable": counts.unreadable,
            "errors": counts.errors,
            "warnings": counts.warnings,
            "infos": counts.infos,
            "safe_fixes": counts.safe_fixes,
            "unsafe_fixes": counts.unsafe_fixes,
            "known": report.known,
        },
    }


def _sheet(file: CheckedFile) -> Json:
    name = encodable(file.name)
    return {
        "file": name,
        "diagnostics": [_diagnostic(diagnostic, name, file.document) for diagnostic in file.diagnostics],
    }


def _diagnostic(diagnostic: Diagnostic, name: str, document: Document | None) -> Json:
    return {
        "rule": diagnostic.rule_id,
        "slug": diagnostic.slug,
        "severity": diagnostic.severity,
        "confidence": diagnostic.confidence,
        "message": readable(diagnostic.message),
        "why": readable(diagnostic.why),
        "help": readable(diagnostic.help),
        "file": name,
        **_place(diagnostic.span),
        "path": encodable(dotted(diagnostic.path)),
        "related": [_related(related) for related in diagnostic.related],
        "stands_for": diagnostic.stands_for,
        "fix": None if diagnostic.fix is None or document is None else _fix(diagnostic.fix, document),
    }


def _related(related: Related) -> Json:
    return {"message": readable(related.message), **_place(related.span)}


def _fix(fix: Fix, document: Document) -> Json:
    return {
        "safe": fix.safe,
        "edits": [
            {**_place(document.span_at(edit.start, edit.end)), "text": encodable(edit.text)}
            for edit in fix.edits
        ],
    }


def _place(span: Span | None) -> dict[str, Json]:
    if span is None:  # a sheet that was not read from text
        return {"start": None, "end": None}
    return {
        "start": {"line": span.line, "column": span.column, "offset": span.start},
        "end": {"line": span.end_line, "column": span.end_column, "offset": span.end},
    }
