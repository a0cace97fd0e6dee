"""The job summary: the findings of a run, from its JSON report, as Markdown in which nothing but our own is markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verdicts import Verdict

MARKER = "<!-- factsheet diff -->"
"""The first line of what `factsheet diff` writes as Markdown."""
CHANGED = "<!-- factsheet: changed -->"
"""In a comment by which there is something to say; one without it rewrites a comment, and begins none."""
COMMENT_LIMIT = 60_000
"""Characters of a comment; GitHub takes 65,536."""
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


def difference_page(text: str, why: str) -> str:
    """The summary's part on what changed.

    Args:
        text: what `factsheet diff --format markdown` wrote; empty where nothing was compared.
        why: why nothing was.
    """
    if text:
        return f"## What changed\n\n{text.removeprefix(MARKER).strip()}\n\n"
    return f"## What changed\n\nNothing was compared: {escape(why)}\n\n" if why else ""


def models_page(verdicts: Sequence[Verdict]) -> str:
    """The summary's part on the models of the same commit."""
    if not verdicts:
        return ""
    lines = ["## Models", "", "| Sheet | Model | |", "|---|---|---|"]
    for one in verdicts:
        words = (
            "the network that the sheet describes"
            if not one.status
            else "<br>".join(map(escape, one.lines[:ROWS]))
        )
        lines.append(f"| {escape(one.model.sheet)} | {escape(one.model.source)} | {words} |")
    return "\n".join([*lines, "", ""])


def comment_text(page: str, told: str, *, worth: bool) -> str:
    """A comment on a pull request: what changed, what models say, how many findings; the rest is in the summary.

    Args:
        page: the page of the findings.
        told: what changed, and what models say.
        worth: whether there is something to say, for which a comment is begun.
    """
    counted = page.partition("\n\n")[2].partition("\n")[0]
    body = told.strip() or "Nothing was compared."
    if len(body) > COMMENT_LIMIT:
        body = body[:COMMENT_LIMIT].rpartition("\n")[0]
        body += "\n\n</details>" * (body.count("<details>") - body.count("</details>"))
        body += "\n\nThe rest is too long for a comment; the job summary has it."
    return f"{CHANGED if worth else ''}\n{body}\n\n{counted}\n"


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
    known = counts.get("known", 0)
    nothing = "nothing new found" if known else "nothing found"
    rest = f" ({known} known from the baseline)" if known else ""
    return f"{sheets}{unread}: {', '.join(found) if found else nothing}{rest}"
