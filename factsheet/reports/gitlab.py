"""The Code Quality report of GitLab: a list of issues, shown in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from factsheet.reports.fingerprint import fingerprints
from factsheet.reports.text import encodable, one_line

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic, Severity
    from factsheet.reports.report import CheckReport
    from factsheet.reports.text import Style

    Issue = dict[str, str | dict[str, str | dict[str, int]]]

_SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}


def write(report: CheckReport, style: Style) -> str:  # noqa: ARG001  the interface of all formats
    """Return a run as a list of issues; an empty list, and not nothing, where there are none."""
    issues = [_unreadable(name, reason) for name, reason in report.unreadable]
    for file in report.files:
        # GitLab drops an issue whose fingerprint it has met, in any file.
        prints = fingerprints(file.diagnostics, file.document, file.name)
        issues += [
            _issue(diagnostic, file.name, fingerprint)
            for diagnostic, fingerprint in zip(file.diagnostics, prints, strict=True)
        ]
    return json.dumps(issues, indent=2) + "\n"


def _issue(diagnostic: Diagnostic, name: str, fingerprint: str) -> Issue:
    # GitLab asks for a line; a sheet that was not read from text has none.
    span = diagnostic.span
    lines = {"begin": 1} if span is None else {"begin": span.line, "end": max(span.line, span.end_line)}
    return {
        "description": one_line(f"{diagnostic.message}{diagnostic.doubt} ({diagnostic.help})"),
        "check_name": f"{diagnostic.rule_id} {diagnostic.slug}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": _path(name), "lines": lines},
    }


def _unreadable(name: str, reason: str) -> Issue:
    return {
        "description": one_line(reason),
        "check_name": "unreadable",
        "fingerprint": sha256(encodable(f"unreadable\0{name}").encode()).hexdigest(),
        "severity": "blocker",
        "location": {"path": _path(name), "lines": {"begin": 1}},
    }


def _path(name: str) -> str:
    """GitLab matches paths with those of the repository, which never begin with `./`."""
    return encodable(name).removeprefix("./")
