"""What an export carries and leaves out, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from factsheet.exchange.ledger import words_of
from factsheet.reports.text import dotted, one_line
from factsheet.sheet.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.exchange.exported import Exported, Unsaid
    from factsheet.exchange.formats import ExportFormat

SCHEMA: Final = "factsheet.exported/1"
_MOST_LINES: Final = 12
_LONGEST: Final = 60


def report_lines(form: ExportFormat, exported: Exported) -> list[str]:
    """Return what is left out and what is less exact, in at most a screen; nothing where there is neither."""
    lines = _kept(exported)
    lines += _listed(exported.unsaid, exported.answers, f"have no place in {form.name} and are left out")
    return lines + _listed(exported.approximated, exported.answers, f"are less exact in {form.name}")


def _kept(exported: Exported) -> list[str]:
    """Return what stays in a file that was completed, though the sheet says otherwise."""
    if not exported.kept:
        return []
    rows = [
        f"  {dotted(one.path)}: {_short(one.there)} stays; the sheet has {_short(one.ours)}"
        for one in exported.kept[:_MOST_LINES]
    ]
    rest = len(exported.kept) - len(rows)
    more = [f"  and {rest:,} more; `--format json` lists them all"] if rest else []
    return ["what somebody wrote there stays, and differs from the sheet:", *rows, *more]


def _short(value: object) -> str:
    text = one_line("nothing" if value is None else words_of(value))
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text


def _listed(lost: Sequence[Unsaid], of: int, what: str) -> list[str]:
    if not lost:
        return []
    often = Counter((_section(one), one.reason) for one in lost)
    first: dict[tuple[str, str], Unsaid] = {}
    for one in lost:
        first.setdefault((_section(one), one.reason), one)
    lines = [f"{len(lost):,} of {of:,} answers, a value and its provenance key by key, {what}:"]
    for (section, reason), count in often.most_common(_MOST_LINES):
        one = first[section, reason]
        shown = f"{dotted(one.path)}: {one_line(one.value)}"
        shown = f"{shown[:_LONGEST]}…" if len(shown) > _LONGEST else shown
        more = f" and {count - 1:,} more" if count > 1 else ""
        lines.append(f"  {section}: {shown}{more} ({one_line(reason)})")
    rest = sum(count for _, count in often.most_common()[_MOST_LINES:])
    return [*lines, f"  and {rest:,} more; `--format json` lists them all"] if rest else lines


def _section(one: Unsaid) -> str:
    return one_line(label(str(one.path[0])))


def report_data(form: ExportFormat, exported: Exported, places: Sequence[str] | None) -> dict[str, Any]:
    """Return the same as data that `json.dumps` takes.

    Args:
        form: the format.
        exported: the sheet in it.
        places: where each file was written; `None` where none was, and the data have what is in them.
    """
    return {
        "schema": SCHEMA,
        "format": form.name,
        "answers": exported.answers,
        "files": [
            {"name": file.name, "bytes": len(file.content)}
            | ({"content": file.text} if places is None else {"path": one_line(places[index])})
            for index, file in enumerate(exported.files)
        ],
        "unsaid": [_data(one) for one in exported.unsaid],
        "approximated": [_data(one) for one in exported.approximated],
        "kept": [
            {"path": dotted(one.path), "there": words_of(one.there), "sheet": words_of(one.ours)}
            for one in exported.kept
        ],
    }


def _data(one: Unsaid) -> dict[str, str]:
    return {"path": dotted(one.path), "value": one.value, "reason": one.reason}
