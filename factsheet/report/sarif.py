"""SARIF 2.1.0, the interchange format of static analysers, which code hosts show as alerts.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/ ; section numbers below are those of the standard.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from factsheet.report.clean import encodable, readable
from factsheet.report.fingerprint import fingerprints
from factsheet.report.places import dotted, is_absolute, uri
from factsheet.report.sarif_rules import LEVELS, rule_descriptor, stopped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.checks import Diagnostic
    from factsheet.checks.diagnostic import Fix
    from factsheet.report.report import CheckedFile, CheckReport
    from factsheet.report.style import Style
    from factsheet.source import Document, Span

    Json = Mapping[str, "Json"] | list["Json"] | str | int | bool | None

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
FINGERPRINT = "factsheetFinding/v1"


def write(report: CheckReport, style: Style) -> str:  # noqa: ARG001  the interface of all formats
    """A run as SARIF, in ASCII, so that no encoding gets in its way."""
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, indent=2) + "\n"


def _run(report: CheckReport) -> Json:
    rules: dict[str, Diagnostic] = {}
    for file in report.files:
        for diagnostic in file.diagnostics:
            rules.setdefault(diagnostic.rule_id, diagnostic)
    order = {rule_id: index for index, rule_id in enumerate(sorted(rules))}
    results: list[Json] = []
    for index, file in enumerate(report.files):
        prints = fingerprints(file.diagnostics)
        results += [
            _result(diagnostic, order[diagnostic.rule_id], file, index, fingerprint)
            for diagnostic, fingerprint in zip(file.diagnostics, prints, strict=True)
        ]
    return {
        "tool": {
            "driver": {
                "name": "factsheet",
                "version": report.tool_version,
                "semanticVersion": report.tool_version,
                "rules": [rule_descriptor(rules[rule_id]) for rule_id in order],
            }
        },
        "invocations": [_invocation(report)],
        # No address of its own (3.14.14): where the sheets lie on a machine is nobody's business elsewhere.
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that factsheet ran in."}}},
        "artifacts": [
            {"location": _artifact(file.name), "roles": ["analysisTarget"], "sourceLanguage": "yaml"}
            for file in report.files
        ],
        "results": results,
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
    }


def _invocation(report: CheckReport) -> Json:
    """What could not be read is a fault of the run and not a finding (3.20.21)."""
    invocation: dict[str, Json] = {"executionSuccessful": not report.unreadable}
    if report.unreadable:
        invocation["toolExecutionNotifications"] = [
            {
                "level": "error",
                "message": {"text": _text(reason)},
                "locations": [{"physicalLocation": {"artifactLocation": _artifact(name)}}],
            }
            for name, reason in report.unreadable
        ]
    return invocation


def _result(diagnostic: Diagnostic, rule: int, file: CheckedFile, artifact: int, fingerprint: str) -> Json:
    place = {**_artifact(file.name), "index": artifact}
    location: dict[str, Json] = {"physicalLocation": _place(diagnostic.span, place)}
    if diagnostic.path:
        name = encodable(dotted(diagnostic.path))
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "member"}]
    result: dict[str, Json] = {
        "ruleId": diagnostic.rule_id,
        "ruleIndex": rule,
        "level": LEVELS[diagnostic.severity],
        "message": {"text": _text(f"{stopped(diagnostic.message)} Help: {stopped(diagnostic.help)}")},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _place(related.span, place),
                "message": {"text": _text(related.message)},
            }
            for number, related in enumerate(diagnostic.related, 1)
        ]
    if diagnostic.fix is not None and file.document is not None:
        result["fixes"] = [_fix(diagnostic.fix, diagnostic.help, file.document, place)]
    return result


def _fix(fix: Fix, help_: str, document: Document, place: Mapping[str, Json]) -> Json:
    # The standard knows no unsafe fixes, and viewers apply them at a click: the words have to say it.
    told = stopped(help_) if fix.safe else f"{stopped(help_)} May change what the sheet says: look it over."
    return {
        "description": {"text": _text(told)},
        "artifactChanges": [
            {
                "artifactLocation": place,
                "replacements": [
                    {
                        "deletedRegion": _region(document.span_at(edit.start, edit.end)),
                        "insertedContent": {"text": encodable(edit.text)},
                    }
                    for edit in fix.edits
                ],
            }
        ],
        "properties": {"safe": fix.safe},
    }


def _artifact(name: str) -> dict[str, Json]:
    return {"uri": uri(name)} if is_absolute(name) else {"uri": uri(name), "uriBaseId": ROOT}


def _place(span: Span, artifact: Mapping[str, Json]) -> Json:
    return {"artifactLocation": artifact, "region": _region(span)}


def _region(span: Span) -> dict[str, Json]:
    """Lines and columns from 1, the end column just behind the last character, as in our spans (3.30)."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _text(text: str) -> str:
    """Plain text of a message, in which `[words](target)` would be a link (3.11.6)."""
    return re.sub(r"\[(?=[^\[\]]*\]\()", r"\\[", readable(text))
