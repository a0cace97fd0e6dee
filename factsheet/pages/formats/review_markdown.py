"""The summary of a sheet's reviews as Markdown, and its table in the layout of the study's Table 6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.formats.markdown_text import table
from factsheet.reports.markdown_words import escape
from factsheet.reports.review_text import (
    NOT_SCORED,
    ORDER,
    caption,
    counts_in_words,
    held_lines,
    new_remarks,
    once_lines,
    other_remarks,
    people_lines,
    reviewer_lines,
    shortened,
    table_rows,
    version_lines,
    who_moved,
)
from factsheet.review.rounds import GradeCounts, cell_of
from factsheet.review.subject import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.review.change import RoundChange
    from factsheet.review.rounds import Reviewer, RoundSummary
    from factsheet.review.summary import ReviewSummary, Wanted


def summary_markdown(name: str, summary: ReviewSummary, most: int | None) -> str:
    """Return the summary as Markdown; `most` entries of what to improve first, all where it is `None`."""
    last = summary.standing
    parts = [
        f"# Reviews of {escape(name)}",
        *map(escape, version_lines(last)),
        *map(escape, held_lines(summary)),
    ]
    parts += [escape(last.note)] if last.note else []
    parts += ["\n".join(f"- {escape(line)}" for line in reviewer_lines(last, summary.roles))]
    counts = last.counts(cell_of)
    rows = [
        (title, *(_short(counts.get((path, dimension))) for dimension in DIMENSIONS))
        for path, title in last.titles.items()
    ]
    by_dimension = last.counts(lambda one: (one.dimension,))
    rows.append(("All", *(_short(by_dimension.get((dimension,))) for dimension in DIMENSIONS)))
    parts += ["## By fact", table(("Fact", *(one.capitalize() for one in DIMENSIONS)), rows)]
    parts += ["Cells: low/medium/high, how often each was given."]
    by_role = last.counts(lambda one: (one.reviewer.role,))
    roles = [(summary.roles.get(role, role), *_numbers(by_role.get((role,)))) for role in last.roles]
    parts += ["## By role", table(("Role", "low", "medium", "high"), roles)]
    parts += ["## What to improve first", *_wanted(summary.wanted, summary, most)]
    others = other_remarks(summary, most)
    if others:
        listed = [
            f"- {escape(title)}, {escape(who.label)}: {escape(shortened(words))}"
            for title, who, words in others
        ]
        parts += ["## Also said", "\n".join(listed)]
    if last.comments:
        said = [f"- {escape(who.label)}: {escape(shortened(words))}" for who, words in last.comments]
        parts += ["## Of the sheet as a whole", "\n".join(said)]
    if summary.change is not None:
        parts += _change(summary.change)
    return "\n\n".join(parts) + "\n"


def _short(counts: GradeCounts | None) -> str:
    return NOT_SCORED if counts is None else f"{counts.low}/{counts.medium}/{counts.high}"


def _numbers(counts: GradeCounts | None) -> tuple[str, str, str]:
    counts = counts or GradeCounts()
    return str(counts.low), str(counts.medium), str(counts.high)


def _wanted(wanted: Sequence[Wanted], summary: ReviewSummary, most: int | None) -> list[str]:
    if not wanted:
        return ["Nothing: every grade is high."]
    lines = []
    shown: set[tuple[str, Reviewer]] = set()
    for number, want in enumerate(wanted[:most], start=1):
        remarks = dict(new_remarks(want, shown))
        changed = "; the sheet says something else there since" if want.changed else ""
        lines.append(
            f"{number}. {escape(want.title)}, {want.dimension}: {counts_in_words(want.counts)}{changed}"
        )
        for given in want.grades:
            role = summary.roles.get(given.reviewer.role, given.reviewer.role)
            said = f": {escape(shortened(remarks[given.reviewer]))}" if given.reviewer in remarks else ""
            lines.append(f"   - {given.grade}: {escape(given.reviewer.label)} ({role}){said}")
    left = [] if most is None or len(wanted) <= most else [f"And {len(wanted) - most} more."]
    return [f"In order of how far grades fall short: {ORDER}.", "\n".join(lines), *left]


def _change(change: RoundChange) -> list[str]:
    parts = [f"## Change from round {change.earlier} to round {change.later}"]
    parts.append(" ".join(map(escape, [*people_lines(change), *once_lines(change)])))
    rows = [
        (
            f"{moved.title}, {moved.dimension}",
            counts_in_words(moved.before),
            counts_in_words(moved.after) + who_moved(moved.better, moved.worse),
        )
        for moved in change.moved
    ]
    if rows:
        parts.append(table(("Fact", "Before", "After"), rows))
    elif change.both:
        parts.append("No grade of theirs changed.")
    return parts


def table_markdown(one: RoundSummary) -> str:
    """Return a round in the layout of Table 6; Markdown has one row of titles, so that reviewers are the first row."""
    titles, *rows = table_rows(one)
    return f"{table(titles, rows)}\n\n{escape(caption(one))}\n"
