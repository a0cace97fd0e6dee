"""Comments that silence a finding: `# factsheet: ignore[FS204] the reason`.

On a line of its own the comment is for the line below it; after a value, for its own line. A reason is required, and
a comment that silences nothing is itself reported, so that none outlives its cause.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Diagnostic, Fix
from factsheet.source.editing import Edit

if TYPE_CHECKING:
    from factsheet.checks.settings import Settings
    from factsheet.source.document import Document, Span

_COMMENT = r"#[ \t]*factsheet:[ \t]*ignore(?:\[([^\]\n\r]*)\])?[ \t]*([^\n\r]*)"

REASONLESS = "FS701"
UNUSED = "FS702"
MALFORMED = "FS703"
SUPPRESSION_SLUGS = {
    REASONLESS: "suppression-without-reason",
    UNUSED: "unused-suppression",
    MALFORMED: "malformed-suppression",
}


class Suppression(NamedTuple):
    """One comment.

    Attributes:
        line: the line that it is for.
        standalone: whether it is on a line of its own.
    """

    span: Span
    line: int
    ids: tuple[str, ...]
    reason: str
    standalone: bool


def suppressions(document: Document) -> list[Suppression]:
    """Return every suppression comment of a text; what looks like one inside a quoted or block scalar is text."""
    if "ignore" not in document.text:  # far cheaper than the expression below, and true of nearly every sheet
        return []
    # From the last on, so that a comment in a row of them knows its line from the one below it.
    known: dict[int, int] = {}
    matches = reversed(list(re.finditer(_COMMENT, document.text)))
    return [found for match in matches if (found := _read(document, match, known))][::-1]


def _read(document: Document, match: re.Match[str], known: dict[int, int]) -> Suppression | None:
    start = match.start()
    line_start = max(document.text.rfind("\n", 0, start), document.text.rfind("\r", 0, start)) + 1
    before = document.text[line_start:start]
    if (before and before[-1] not in " \t") or _inside_scalar(document, start):
        return None
    span = document.span_at(start, match.end())
    standalone = not before.strip()
    ids = tuple(part.strip() for part in (match[1] or "").split(",") if part.strip())
    line = _next_line(document, span.line, known) if standalone else span.line
    return Suppression(span, line, ids, match[2].strip(), standalone)


def _inside_scalar(document: Document, offset: int) -> bool:
    """Return whether an offset is inside a scalar: comments are no events, and only a scalar's span can hold one."""
    path = document.path_at(offset)
    span = document.value_span(path) if path else None
    if span is None or not span.start <= offset < span.end:
        return False
    node = document.data
    for part in path:
        node = node[part]  # type: ignore[index]  # the path was found in it
    return not isinstance(node, dict | list)


def _next_line(document: Document, line: int, known: dict[int, int]) -> int:
    """Return the next line that is neither blank nor a comment, and add it to what is known of lines of comments."""
    last = document.span_at(len(document.text), len(document.text)).line
    following = line + 1
    while (
        following < last and following not in known and document.line_text(following).strip()[:1] in {"", "#"}
    ):
        following += 1
    known[line] = known.get(following, following)
    return known[line]


class Ran(NamedTuple):
    """The rules of a run, which distinguish a suppression that is not needed from one whose rule did not run.

    Attributes:
        known: ids that exist and can be silenced.
        ran: those of them that ran.
    """

    known: frozenset[str]
    ran: frozenset[str]


def apply_suppressions(
    document: Document, found: list[Diagnostic], *, file: str, settings: Settings, rules: Ran
) -> list[Diagnostic]:
    """Drop what comments silence, and report comments that lack a reason, silence nothing or are malformed."""
    comments = suppressions(document)
    if not comments:
        return found
    used: set[tuple[int, str]] = set()
    kept = []
    for diagnostic in found:
        silencer = next((comment for comment in comments if _silences(comment, diagnostic, rules)), None)
        if silencer is None:
            kept.append(diagnostic)
        else:
            used.add((silencer.span.start, diagnostic.rule_id))
    for comment in comments:
        unneeded = [
            name for name in comment.ids if name in rules.ran and (comment.span.start, name) not in used
        ]
        fault = _malformed(comment, rules) or _reasonless(comment) or _unused(unneeded)
        if fault is not None and settings.runs(fault.rule_id):
            removable = fault.rule_id == UNUSED and len(unneeded) == len(comment.ids)
            kept.append(
                Diagnostic(
                    rule_id=fault.rule_id,
                    slug=SUPPRESSION_SLUGS[fault.rule_id],
                    severity=settings.severity(fault.rule_id, "warning"),
                    message=fault.message,
                    why=fault.why,
                    help=fault.help,
                    file=file,
                    span=comment.span,
                    path=(),
                    fix=_removal(comment, document) if removable else None,
                )
            )
    return kept


def _silences(comment: Suppression, diagnostic: Diagnostic, rules: Ran) -> bool:
    return (
        bool(comment.reason)
        and comment.line == diagnostic.line
        and diagnostic.rule_id in comment.ids
        and diagnostic.rule_id in rules.known
    )


class _SuppressionFault(NamedTuple):
    rule_id: str
    message: str
    why: str
    help: str


def _malformed(comment: Suppression, rules: Ran) -> _SuppressionFault | None:
    wrong = [name for name in comment.ids if name not in rules.known]
    if comment.ids and not wrong:
        return None
    shown = f"`{wrong[0][:30]}` is no rule that can be accepted" if wrong else "it names no rule"
    return _SuppressionFault(
        MALFORMED,
        f"this suppression silences nothing: {shown}",
        "a suppression for everything would also hide faults that nobody has looked at",
        "write `# factsheet: ignore[FS204] the reason`",
    )


def _reasonless(comment: Suppression) -> _SuppressionFault | None:
    if comment.reason:
        return None
    return _SuppressionFault(
        REASONLESS,
        "this suppression gives no reason, and silences nothing until it does",
        "the next reader of the sheet has to know why the finding is accepted",
        "write the reason after the bracket",
    )


def _unused(unneeded: list[str]) -> _SuppressionFault | None:
    if not unneeded:
        return None
    return _SuppressionFault(
        UNUSED,
        f"{', '.join(unneeded)} finds nothing on the line that this suppression is for",
        "a suppression that outlives its cause hides the next fault",
        "remove it",
    )


def _removal(comment: Suppression, document: Document) -> Fix:
    text, start, end = document.text, comment.span.start, comment.span.end
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    if comment.standalone and end < len(text):
        end += 2 if text[end : end + 2] == "\r\n" else 1
    return Fix((Edit(start, end, ""),), safe=True)
