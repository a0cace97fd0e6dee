"""SARIF 2.1.0, the interchange format of static analysers, which code hosts show as alerts.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/ ; section numbers below are those of the standard.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from factsheet.checks.documentation import document_of
from factsheet.checks.rule_pages import as_markdown
from factsheet.errors import UnknownRuleError
from factsheet.reports.fingerprint import fingerprints
from factsheet.reports.text import dotted, encodable, is_absolute, readable, uri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.checks.diagnostic import Diagnostic, Fix, Severity
    from factsheet.reports.report import CheckedFile, CheckReport
    from factsheet.reports.text import Style
    from factsheet.source.document import Document, Span

    Json = Mapping[str, "Json"] | list["Json"] | str | int | bool | None

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def rule_descriptor(diagnostic: Diagnostic) -> Json:
    """Return the rule of a diagnostic; from the diagnostic alone where the rule is not one of ours."""
    try:
        known = document_of(diagnostic.rule_id)
    except UnknownRuleError:
        summary, severity = readable(diagnostic.slug.replace("-", " ")), diagnostic.severity
        explanation, guide = readable(diagnostic.why), readable(diagnostic.help)
        markdown, family = guide, ""
    else:
        summary, severity, family = known.summary, known.severity, known.family
        explanation, guide = f"{known.what} {_sentence(known.why)}", known.how
        markdown = as_markdown(known)
    return {
        "id": diagnostic.rule_id,
        "name": "".join(part.capitalize() for part in diagnostic.slug.split("-")),
        "shortDescription": {"text": _sentence(summary)},
        "fullDescription": {"text": _sentence(explanation)},
        "help": {"text": _sentence(guide), "markdown": markdown},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"tags": [family] if family else []},
    }


def stopped(text: str) -> str:
    """Add a full stop where there is none, so that another sentence can follow."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _sentence(text: str) -> str:
    """Our own words as a sentence; what may begin with words of a sheet keeps its first letter as it is."""
    return stopped(text[:1].upper() + text[1:])


SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
FINGERPRINT = "factsheetFinding/v1"


def write(report: CheckReport, style: Style) -> str:  # noqa: ARG001  the interface of all formats
    """Return a run as SARIF, in ASCII, so that no encoding gets in its way."""
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, indent=2) + "\n"


def _run(report: CheckReport) -> Json:
    rules: dict[str, Diagnostic] = {}
    for file in report.files:
        for diagnostic in file.diagnostics:
            rules.setdefault(diagnostic.rule_id, diagnostic)
    order = {rule_id: index for index, rule_id in enumerate(sorted(rules))}
    results: list[Json] = []
    for index, file in enumerate(report.files):
        prints = fingerprints(file.diagnostics, file.document)
        results += [
            _result(diagnostic, file, rule=order[diagnostic.rule_id], artifact=index, fingerprint=fingerprint)
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
        # No address of its own (3.14.14): where the sheets are on a machine is nobody's business elsewhere.
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
    """Report what could not be read as a fault of the run, not as a finding (3.20.21)."""
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


def _result(diagnostic: Diagnostic, file: CheckedFile, *, rule: int, artifact: int, fingerprint: str) -> Json:
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
        "properties": {"confidence": diagnostic.confidence},
    }
    if diagnostic.stands_for > 1:
        result["occurrenceCount"] = diagnostic.stands_for  # 3.27.28
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
    words = stopped(help_) if fix.safe else f"{stopped(help_)} May change what the sheet says: look it over."
    return {
        "description": {"text": _text(words)},
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


def _place(span: Span | None, artifact: Mapping[str, Json]) -> Json:
    if span is None:  # a sheet that was not read from text
        return {"artifactLocation": artifact}
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
