"""The job summary: the findings of a run, from its JSON report, as Markdown in which nothing but our own is markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = 500
"""More findings than anybody reads in a table; the log has them all."""

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
# Control characters, and the marks that make a line read otherwise than it is.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def escape(text: str) -> str:
    """One line of Markdown that reads as the text does.

    Every ASCII punctuation mark gets a backslash, which CommonMark allows for each of them. GitHub looks for mentions
    after that, so an at sign is parted from what follows by a space of no width.
    """
    line = " ".join(_UNSEEN.sub("", text).split())
    return _PUNCTUATION.sub(r"\\\g<0>", line).replace(r"\@", r"\@&#8203;")


def findings_page(report: Mapping[str, Any]) -> str:
    """The summary's first part.

    Args:
        report: what `factsheet validate --output-format json` wrote, `factsheet.check/1`.
    """
    counts = report["summary"]
    lines = ["## FactSheets", "", f"{_counted(counts)}.", ""]
    found = [diagnostic for sheet in report["sheets"] for diagnostic in sheet["diagnostics"]]
    rows = [
        *(
            ("**not readable**", escape(entry["file"]), escape(entry["reason"]))
            for entry in report["unreadable"]
        ),
        *(_row(diagnostic) for diagnostic in found),
    ]
    if rows:
        lines += ["| | Where | What |", "|---|---|---|"]
        lines += [f"| {' | '.join(row)} |" for row in rows[:ROWS]]
        lines.append("")
    if len(rows) > ROWS:
        lines += [f"{len(rows) - ROWS} more are in the log.", ""]
    if counts.get("safe_fixes"):
        lines += [f"`factsheet validate --fix` corrects {counts['safe_fixes']} of them.", ""]
    return "\n".join(lines)


def failure_page(complaint: str) -> str:
    """The summary of a run that never came to check anything."""
    return f"## FactSheets\n\nNothing was checked. {escape(complaint)}\n"


def _row(diagnostic: Mapping[str, Any]) -> tuple[str, str, str]:
    start = diagnostic["start"]
    place = f"{escape(diagnostic['file'])}:{start['line']}:{start['column']}"
    rule = f"{escape(diagnostic['rule'])} {escape(diagnostic['slug'])}"
    text = f"{rule}: {escape(diagnostic['message'])}<br>*{escape(diagnostic['help'])}*"
    return f"**{escape(diagnostic['severity'])}**", place, text


def _counted(counts: Mapping[str, int]) -> str:
    found = [
        f"{counts[key]} {word}{'s' if counts[key] > 1 and word != 'info' else ''}"
        for key, word in (("errors", "error"), ("warnings", "warning"), ("infos", "info"))
        if counts[key]
    ]
    sheets = f"{counts['sheets']} sheet{'' if counts['sheets'] == 1 else 's'} checked"
    unread = f", {counts['unreadable']} not readable" if counts["unreadable"] else ""
    return f"{sheets}{unread}: {', '.join(found) if found else 'nothing found'}"
