"""A difference of two versions of a sheet as text for a terminal, as Markdown for a comment, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from factsheet._version import __version__
from factsheet.comparing.wording import excerpts
from factsheet.reports.markdown_words import escape
from factsheet.reports.text import encodable, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.comparing.changes import AnswerChange, Effect
    from factsheet.comparing.difference import SheetDifference
    from factsheet.reports.text import Style

SCHEMA = "factsheet.diff/1"
MARKER = "<!-- factsheet diff -->"
"""Begins a comment, so that whoever posts one finds the last one again."""
NOTHING = "nothing changed in what the sheet says; comments, layout and order do not count"
_GROUPS: tuple[tuple[Effect | None, str], ...] = (
    ("worse", "Regressions"),
    ("better", "Improvements"),
    (None, "Other changes"),
)
_SIGNS = {"worse": "▼ worse", "better": "▲ better", None: ""}
_CELL = 400
_MOST_ROWS = 150
"""Rows of a table in a comment: GitHub takes 65,536 characters, and nobody reads more."""
_LINE = 100


def counted(changed: SheetDifference) -> str:
    """Return how many changes of which effect there are: `1 regression, 2 improvements, 4 other changes`."""
    words = (("worse", "regression"), ("better", "improvement"), (None, "other change"))
    counts = [(len(changed.of(effect)), word) for effect, word in words]  # type: ignore[arg-type]  # as above
    told = [f"{count} {word}{'s' * (count > 1)}" for count, word in counts if count]
    return ", ".join(told) or NOTHING


def difference_text(changed: SheetDifference, style: Style) -> str:
    """Write a difference for a terminal: what is worse first."""
    lines = [style.strong(f"{one_line(changed.old)} → {one_line(changed.new)}"), counted(changed)]
    for effect, title in _GROUPS:
        found = changed.of(effect)
        if found:
            colour = {"worse": style.error, "better": style.good, None: style.strong}[effect]
            lines += ["", colour(title)]
            for change in found:
                lines += change_lines(change, style)
    lines += _left_out(changed)
    return "\n".join(lines) + "\n"


def change_lines(change: AnswerChange, style: Style) -> Iterator[str]:
    """Yield the lines of one change for a terminal."""
    yield f"  {one_line(change.place) or 'the sheet'}"
    old, new = (one_line(text) for text in _ends(change))
    words = one_line(change.words)
    if old and new and len(old) + len(new) <= _LINE:
        yield f"    {old} → {new}{f' ({words})' if words else ''}"
        return
    if words and not (old and new) and 0 < len(old) + len(new) <= _LINE:
        yield f"    {words}: {old or new}"
        return
    if words:
        yield f"    {words}"
    for sign, text in (("-", old), ("+", new)):
        if text:
            yield style.faint(f"    {sign} {text}") if sign == "-" else f"    {sign} {text}"


def _ends(change: AnswerChange) -> tuple[str, str]:
    """Return what an answer was and is, as far as it differs."""
    return excerpts(change.old, change.new)


def _left_out(changed: SheetDifference) -> list[str]:
    if not changed.left_out:
        return []
    many = len(changed.left_out)
    head = f"Left out, as it does not fit the schema: {many} part{'s' * (many > 1)}"
    return ["", head, *(f"  {one_line(line)}" for line in changed.left_out)]


def difference_markdown(changed: SheetDifference) -> str:
    """Write a difference as a comment on a pull request: what is worse and better, the rest to unfold."""
    lines = [
        MARKER,
        f"### {_code(changed.new)}: {counted(changed)}",
        "",
        f"Compared with {_code(changed.old)}.",
        "",
    ]
    judged = [*changed.regressions, *changed.improvements]
    if judged:
        lines += [*_table(judged), ""]
    rest = changed.of(None)
    if rest:
        many = f"{len(rest)} other change{'s' * (len(rest) > 1)}"
        lines += [f"<details><summary>{many}</summary>", "", *_table(rest), "", "</details>", ""]
    if changed.left_out:
        lines += ["Left out, as it does not fit the schema:", ""]
        lines += [*(f"- {escape(one_line(line))}" for line in changed.left_out[:_MOST_ROWS]), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def differences_text(found: Sequence[SheetDifference], style: Style) -> str:
    """Write what changed in several sheets for a terminal; those without changes in one line."""
    parts = [difference_text(changed, style) for changed in found if changed.changes or changed.left_out]
    return "\n".join([*parts, f"{_unchanged(found)}\n"])


def differences_markdown(found: Sequence[SheetDifference]) -> str:
    """Write what changed in several sheets as one comment."""
    parts = [difference_markdown(changed) for changed in found if changed.changes or changed.left_out]
    told = (*(part.removeprefix(f"{MARKER}\n") for part in parts), f"{escape(_unchanged(found))}\n")
    return f"{MARKER}\n" + "\n".join(told)


def _unchanged(found: Sequence[SheetDifference]) -> str:
    same = [changed.new for changed in found if not (changed.changes or changed.left_out)]
    many = f"{len(found)} sheet{'s' * (len(found) != 1)} compared"
    if not same:
        return f"{many}."
    if len(same) == len(found):
        return f"{many}: {NOTHING}."
    return f"{many}; nothing changed in {', '.join(map(one_line, same))}."


def differences_json(found: Sequence[SheetDifference]) -> str:
    """Write what changed in several sheets as JSON: each as `difference_data` has it, under `sheets`."""
    data = {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": __version__},
        "regressions": sum(len(changed.regressions) for changed in found),
        "improvements": sum(len(changed.improvements) for changed in found),
        "sheets": [difference_data(changed) for changed in found],
    }
    return json.dumps(data, indent=2) + "\n"


def _table(changes: Sequence[AnswerChange]) -> Iterator[str]:
    yield "| Fact | Before | After | Change |"
    yield "| --- | --- | --- | --- |"
    for change in changes[:_MOST_ROWS]:
        old, new = _ends(change)
        judged = (
            f"{_SIGNS[change.effect]}: "
            if change.effect is not None and change.words
            else _SIGNS[change.effect]
        )
        words = change.words.removesuffix(f", {change.effect}")
        cells = (_code(change.place or "the sheet"), _cell(old), _cell(new), f"{judged}{_cell(words)}")
        yield f"| {' | '.join(cells)} |"
    if len(changes) > _MOST_ROWS:
        yield f"| and {len(changes) - _MOST_ROWS} more; `factsheet diff` lists all | | | |"


def _cell(text: str) -> str:
    line = one_line(text)
    return escape(line if len(line) <= _CELL else f"{line[:_CELL]}…")


def _code(text: str) -> str:
    line = one_line(text).replace("`", "'").replace("|", "¦")
    return f"`{line}`"


def difference_data(changed: SheetDifference) -> dict[str, Any]:
    """Return a difference as plain data; keys are only ever added to version 1."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": __version__},
        "old": encodable(changed.old),
        "new": encodable(changed.new),
        "regressions": len(changed.regressions),
        "improvements": len(changed.improvements),
        "changes": [change_data(change) for change in changed.changes],
        "left_out": [encodable(line) for line in changed.left_out],
    }


def change_data(change: AnswerChange) -> dict[str, Any]:
    """Return one change as plain data."""
    return {
        "place": change.place,
        "kind": change.kind,
        "effect": change.effect,
        "old": change.old or None,
        "new": change.new or None,
        "words": change.words,
        "difference": change.difference,
        "verdict": change.verdict,
        "parts": list(change.parts),
    }


def difference_json(changed: SheetDifference) -> str:
    """Write a difference as JSON, in ASCII."""
    return json.dumps(difference_data(changed), indent=2) + "\n"
