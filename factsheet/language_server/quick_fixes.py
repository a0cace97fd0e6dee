"""What an editor can do about a finding: the fix of its rule, a tolerance, or a comment that accepts it with a reason.

A tolerance and a comment both need a reason, which nobody but the author knows. It is left open, and the check says so
until it is written: nothing is accepted by a click.
"""

from __future__ import annotations

import math
import re
from itertools import islice
from typing import TYPE_CHECKING

from lsprotocol import types

from factsheet.checks.fixing import fix_text
from factsheet.checks.registry import RULES, SILENCEABLE
from factsheet.checks.suppressions import suppressions
from factsheet.errors import FactsheetError
from factsheet.language_server.cursor import value_at
from factsheet.language_server.published import one_published
from factsheet.language_server.wire import text_edit
from factsheet.reports.text import one_line
from factsheet.source.editing import Edit, apply_edits, put
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.language_server.published import RulePages
    from factsheet.language_server.sheet_text import SheetText

FIX_ALL = "source.fixAll.factsheet"
KINDS = (types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll)
_KNOWN = frozenset((*(rule.id for rule in RULES), *SILENCEABLE))
_LONGEST = 60
_MOST = 12
"""Findings of a selection that actions are offered for; each takes readings of the text."""


def actions(
    sheet: SheetText,
    uri: str,
    between: tuple[int, int],
    *,
    pages: RulePages,
    only: Iterable[str] | None = None,
    version: int | None = None,
) -> list[types.CodeAction]:
    """Return what can be done about the findings between two offsets.

    Args:
        sheet: the sheet.
        uri: how the editor names it.
        between: the offsets of what is selected.
        pages: for the findings that the actions are for.
        only: the kinds of action that are asked for; all if left out.
        version: of the text, so that an editor refuses edits of an older one.
    """
    found = []
    if _wanted(types.CodeActionKind.QuickFix.value, only):
        touched = (one for one in sheet.diagnostics if _touches(one, between))
        for diagnostic in islice(touched, _MOST):
            shown = one_published(sheet, diagnostic, uri, pages)
            for action in _for(sheet, diagnostic):
                title, edits, preferred = action
                found.append(
                    types.CodeAction(
                        title=title,
                        kind=types.CodeActionKind.QuickFix,
                        diagnostics=[shown],
                        is_preferred=preferred or None,
                        edit=_workspace_edit(sheet, uri, edits, version),
                    )
                )
    if _wanted(FIX_ALL, only):
        edits = _all_fixed(sheet)
        if edits:
            found.append(
                types.CodeAction(
                    title="Carry out all safe fixes of factsheet",
                    kind=FIX_ALL,
                    edit=_workspace_edit(sheet, uri, edits, version),
                )
            )
    return found


def _wanted(kind: str, only: Iterable[str] | None) -> bool:
    return only is None or any(kind == one or kind.startswith(f"{one}.") or not one for one in only)


def _touches(diagnostic: Diagnostic, between: tuple[int, int]) -> bool:
    span = diagnostic.span
    return span is not None and span.start <= between[1] and between[0] <= span.end


def _workspace_edit(
    sheet: SheetText, uri: str, edits: Iterable[Edit], version: int | None
) -> types.WorkspaceEdit:
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    changes = [text_edit(sheet, edit) for edit in edits]
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(changes))])


def _for(sheet: SheetText, diagnostic: Diagnostic) -> Iterator[tuple[str, tuple[Edit, ...], bool]]:
    """Yield title, edits and whether it is the obvious one, of each thing that can be done about a finding."""
    fix = diagnostic.fix
    if fix is not None:
        doubt = "" if fix.safe else " (look at it: it may change what the sheet says)"
        yield f"Fix {diagnostic.rule_id}: {_in_short(sheet, fix.edits)}{doubt}", fix.edits, fix.safe
    tolerance = _tolerance(sheet, diagnostic)
    if tolerance is not None:
        title, edit = tolerance
        yield title, (edit,), False
    accepting = _accepting(sheet, diagnostic)
    if accepting is not None:
        yield f"Accept {diagnostic.rule_id} here: the comment needs your reason", (accepting,), False


def _in_short(sheet: SheetText, edits: tuple[Edit, ...]) -> str:
    edit = edits[0]
    old, new = (
        one_line(re.sub(r"\s+", " ", text.strip())) for text in (sheet.text[edit.start : edit.end], edit.text)
    )
    cut = [f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text for text in (old, new)]
    words = f"remove `{cut[0]}`" if not new else f"add `{cut[1]}`" if not old else f"`{cut[0]}` to `{cut[1]}`"
    return words if len(edits) == 1 else f"{words} and {len(edits) - 1} more"


def _tolerance(sheet: SheetText, diagnostic: Diagnostic) -> tuple[str, Edit] | None:
    """Return the edit that states how far recomputation may be from a figure; the reason is left open."""
    path = diagnostic.path[:-1] if diagnostic.path[-1:] == ("value",) else diagnostic.path
    fact = sheet.fact_at(path) if diagnostic.rule_id.startswith("FS3") else None
    if fact is None or fact.verdict.kind != "differs" or not fact.relative_difference:
        return None
    value = value_at(sheet.data, path)
    if value is None or isinstance(value, list) or (isinstance(value, dict) and "tolerance" in value):
        return None
    within = f"{_rounded_up(abs(fact.relative_difference) * 100):g} %"
    around = dict(value) if isinstance(value, dict) else {"value": value}
    try:
        text = put(sheet.text, path, {**around, "tolerance": {"within": within, "reason": ""}})
    except FactsheetError:
        return None
    return f"State a tolerance of {within} for {diagnostic.rule_id}: it needs your reason", _whole_edit(
        sheet.text, text
    )


def _rounded_up(percent: float) -> float:
    """Return a percentage to two digits, and never less than it is."""
    step = 10.0 ** (math.floor(math.log10(percent)) - 1)
    return math.ceil(percent / step - 1e-9) * step


def _accepting(sheet: SheetText, diagnostic: Diagnostic) -> Edit | None:
    """Return the edit that writes a comment above a finding, or adds the rule to the one that is there."""
    document, span = sheet.document, diagnostic.span
    if document is None or document.data is None or span is None or diagnostic.rule_id not in _KNOWN:
        return None
    text, rule = sheet.text, diagnostic.rule_id
    own = next((one for one in suppressions(document) if one.line == span.line and one.ids), None)
    if own is not None:
        if rule in own.ids:
            return None
        bracket = text.index("]", own.span.start)
        edit = Edit(bracket, bracket, f", {rule}")
    else:
        start = span.start - (span.column - 1)
        indent = re.match(r"[ ]*", text[start:])
        end = "\r\n" if "\r\n" in text else "\n"
        edit = Edit(start, start, f"{indent[0] if indent else ''}# factsheet: ignore[{rule}] {end}")
    # Inside a text of several lines it would be no comment, and within brackets the line may be another.
    then = load_bytes(apply_edits(text, [edit]).encode(), sheet.name).document
    if then is None or then.data != document.data:
        return None
    line = span.line if own is not None else span.line + 1
    return edit if any(one.line == line and rule in one.ids for one in suppressions(then)) else None


def _all_fixed(sheet: SheetText) -> tuple[Edit, ...]:
    """Return the edit that carries out all safe fixes, round after round as `--fix` does; none where there are none."""
    if not any(one.fix is not None and one.fix.safe for one in sheet.diagnostics):
        return ()
    with sheet.settings.reading():
        fixed = fix_text(sheet.loaded, sheet.name, sheet.settings.settings()).text
    return () if fixed == sheet.text else (_whole_edit(sheet.text, fixed),)


def _whole_edit(before: str, after: str) -> Edit:
    """Return one edit from a text to another, without what they have in common at either end."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    most = min(len(before), len(after)) - start
    while end < most and before[len(before) - 1 - end] == after[len(after) - 1 - end]:
        end += 1
    return Edit(start, len(before) - end, after[start : len(after) - end])
