"""The summary of a sheet's reviews for a terminal, and its table in the layout of the study's Table 6."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from factsheet.reports.text import Style, one_line
from factsheet.review.rounds import GradeCounts, cell_of
from factsheet.review.subject import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from factsheet.review.change import RoundChange
    from factsheet.review.rounds import Reviewer, RoundSummary, VersionStatus
    from factsheet.review.summary import ReviewSummary, Wanted

PLAIN = Style()
MOST_WANTED = 10
"""Facts that the summary lists as what to improve first; `--all` and the JSON form have every one."""
_LONGEST_COMMENT = 300
ORDER = "a low counts two, a medium one"
"""What the order of `what to improve first` rests on."""
SHORT = {"low": "low", "medium": "med", "high": ""}
"""Grades as Table 6 has them: a high one is an empty cell."""
NOT_SCORED = "–"
_NARROWEST = 12
"""Columns for the names of facts."""


def summary_text(
    name: str, summary: ReviewSummary, style: Style = PLAIN, most: int | None = MOST_WANTED
) -> str:
    """Return the summary for a terminal.

    Args:
        name: the sheet's file.
        summary: what was counted.
        style: what to put around words.
        most: how many entries of `what to improve first` are shown; `None` for all.
    """
    last = summary.standing
    lines = [style.strong(f"{one_line(name)}: {_headline(summary)}"), *map(one_line, version_lines(last))]
    lines += map(one_line, held_lines(summary))
    if last.note:
        lines.append(f"Note: {one_line(last.note)}")
    lines += ["Reviewed by " + "; ".join(map(one_line, reviewer_lines(last, summary.roles)))]
    by_dimension = last.counts(lambda one: (one.dimension,))
    lines += [
        "",
        *_counted(
            "dimension", [(one.capitalize(), by_dimension.get((one,), GradeCounts())) for one in DIMENSIONS]
        ),
    ]
    by_role = last.counts(lambda one: (one.reviewer.role,))
    roles = [(summary.roles.get(role, role), by_role.get((role,), GradeCounts())) for role in last.roles]
    lines += ["", *_counted("role", roles)]
    lines += ["", *_by_fact(last)]
    lines += ["", *_wanted(summary, style, most)]
    others = other_remarks(summary, most)
    if others:
        lines += ["", style.strong("Also said:")]
        lines += [
            f'  {one_line(title)}, {one_line(who.label)}: "{shortened(said)}"' for title, who, said in others
        ]
    if last.comments:
        lines += ["", style.strong("Of the sheet as a whole:")]
        lines += [f'  {one_line(who.label)}: "{shortened(said)}"' for who, said in last.comments]
    if summary.change is not None:
        lines += ["", *_change(summary.change, style)]
    return "\n".join(lines) + "\n"


def _headline(summary: ReviewSummary) -> str:
    last, rounds = summary.last, len(summary.rounds)
    reviews = len(last.reviewers)
    held = len(summary.held)
    which = "the only round" if rounds == 1 else f"round {last.number}, the last of {rounds}"
    said = f"{reviews} review{'' if reviews == 1 else 's'} in {which}"
    return f"{said}; {held} of earlier rounds still hold{'s' if held == 1 else ''}" if held else said


def version_lines(one: RoundSummary) -> list[str]:
    """Say which version a round is of, and how that relates to the sheet as it is."""
    when = f" of {one.date}" if one.date else ""
    version = one.version
    if version.kind == "this":
        return [f"The round{when} is of the sheet as it is."]
    if version.kind == "in words":
        unknown = "It has no digest, so that nobody can say which facts have changed since."
        return [f"The round{when} is of another version: {version.words}. {unknown}"]
    return [f"The round{when} is of an older version of the sheet. {_changed(one, version)}"]


def _changed(one: RoundSummary, version: VersionStatus) -> str:
    if not version.changed:
        said = "None of the facts that were reviewed has changed since"
    else:
        said = f"Changed since: {', '.join(one.titles.get(path, path) for path in version.changed)}"
    return f"{said}; new since: {', '.join(version.since)}." if version.since else f"{said}."


def held_lines(summary: ReviewSummary) -> list[str]:
    """Say what of the rounds before the last is counted, and what is not. The names in it are the file's."""
    lines = []
    if summary.held:
        people = ", ".join(one.label for one in summary.held)
        lines.append(
            f"Counted with it, as they have not said it anew and the sheet says the same there still: {people}."
        )
    for one in summary.lapsed:
        facts = ", ".join(summary.titles[path] for path in one.facts)
        why = (
            "the sheet says something else there now"
            if one.known
            else "nobody can say what has changed since in the sheet"
        )
        lines.append(
            f"Not counted of round {one.number}: what {', '.join(one.people)} said of {facts}; {why}."
        )
    return lines


def reviewer_lines(one: RoundSummary, roles: Mapping[str, str]) -> list[str]:
    """Return who reviewed in a round, each with role and date; `roles` has the roles' titles by name."""
    return [
        f"{who.by} ({', '.join(part for part in (roles.get(who.role, who.role), who.date, _round_words(who)) if part)})"
        for who in one.reviewers
    ]


def _round_words(who: Reviewer) -> str:
    return "" if who.round is None else f"round {who.round}"


def _counted(what: str, rows: Iterable[tuple[str, GradeCounts]]) -> list[str]:
    cells = [(what, "low", "medium", "high")]
    cells += [(name, str(one.low), str(one.medium), str(one.high)) for name, one in rows]
    return columns(cells)


def columns(rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """Return rows of cells as lines, each column as wide as it has to be; the first ones to the left."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def counts_in_words(counts: GradeCounts) -> str:
    """Return what is not high, in words: `2 low, 1 medium of 4`."""
    parts = [
        f"{number} {word}" for number, word in ((counts.low, "low"), (counts.medium, "medium")) if number
    ]
    return (
        f"{', '.join(parts)} of {counts.given}"
        if parts
        else f"all {counts.given} high"
        if counts.given
        else "not scored"
    )


def _by_fact(last: RoundSummary) -> list[str]:
    counts = last.counts(cell_of)
    rows: list[tuple[str, ...]] = [("fact", *DIMENSIONS)]
    for path, title in last.titles.items():
        cells = (counts.get((path, dimension), GradeCounts()) for dimension in DIMENSIONS)
        rows.append((one_line(title), *(_short_counts(one) for one in cells)))
    return [*columns(rows), "Cells: low/medium/high, how often each was given."]


def _short_counts(counts: GradeCounts) -> str:
    return f"{counts.low}/{counts.medium}/{counts.high}" if counts.given else NOT_SCORED


def _wanted(summary: ReviewSummary, style: Style, most: int | None) -> list[str]:
    wanted = summary.wanted
    if not wanted:
        return ["Nothing to improve: every grade is high."]
    lines = [style.strong(f"What to improve first ({ORDER}):")]
    shown: set[tuple[str, Reviewer]] = set()
    for number, want in enumerate(wanted[:most], start=1):
        lines += _wanted_lines(want, summary, number)
        lines += [
            f'     {one_line(who.label)}: "{shortened(said)}"' for who, said in new_remarks(want, shown)
        ]
    if most is not None and len(wanted) > most:
        lines.append(f"and {len(wanted) - most} more; `--all` lists them")
    return lines


def new_remarks(want: Wanted, shown: set[tuple[str, Reviewer]]) -> list[tuple[Reviewer, str]]:
    """Return what those who gave grades say of the fact, and note it: a fact can fall short on several dimensions."""
    found = []
    for given in want.grades:
        if given.comment and (want.fact, given.reviewer) not in shown:
            shown.add((want.fact, given.reviewer))
            found.append((given.reviewer, given.comment))
    return found


def other_remarks(summary: ReviewSummary, most: int | None) -> list[tuple[str, Reviewer, str]]:
    """Return what was said of facts, by their titles, beside what is said with the first entries to improve."""
    shown = {(want.fact, given.reviewer) for want in summary.wanted[:most] for given in want.grades}
    last = summary.standing
    return [(last.titles[path], who, said) for path, who, said in last.remarks if (path, who) not in shown]


def _wanted_lines(want: Wanted, summary: ReviewSummary, number: int) -> list[str]:
    """Return one entry of `what to improve first`."""
    changed = "; the sheet says something else there since" if want.changed else ""
    lines = [f"{number:3}. {one_line(want.title)}, {want.dimension}: {counts_in_words(want.counts)}{changed}"]
    by_grade: dict[str, list[str]] = {}
    for given in want.grades:
        role = summary.roles.get(given.reviewer.role, given.reviewer.role)
        named = ", ".join(part for part in (role, _round_words(given.reviewer)) if part)
        by_grade.setdefault(given.grade, []).append(f"{given.reviewer.by} ({named})")
    lines.append(
        "     " + "; ".join(f"{grade}: {one_line(', '.join(who))}" for grade, who in by_grade.items())
    )
    return lines


def shortened(comment: str) -> str:
    """Return a comment on one line, its end left out where it is long."""
    text = one_line(comment).strip()
    return text if len(text) <= _LONGEST_COMMENT else f"{text[:_LONGEST_COMMENT]}…"


def _change(change: RoundChange, style: Style) -> list[str]:
    lines = [style.strong(f"Change from round {change.earlier} to round {change.later}:")]
    lines += [f"  {line}" for line in people_lines(change)]
    if change.both and not change.moved:
        lines.append("  No grade of theirs changed.")
    lines += [f"  {line}" for line in once_lines(change)]
    for moved in change.moved:
        lines.append(
            f"  {one_line(moved.title)}, {moved.dimension}: {counts_in_words(moved.before)} →"
            f" {counts_in_words(moved.after)}{one_line(who_moved(moved.better, moved.worse))}"
        )
    return lines


def people_lines(change: RoundChange) -> list[str]:
    """Say whose grades can be compared: other people may give other grades to the same sheet."""
    lines = [
        f"In both rounds: {one_line(', '.join(change.both))}."
        if change.both
        else "Nobody reviewed in both rounds, and other people may give other grades: nothing is compared."
    ]
    if change.only_before:
        lines.append(f"In the earlier one alone: {one_line(', '.join(change.only_before))}.")
    if change.only_after:
        lines.append(f"In the later one alone: {one_line(', '.join(change.only_after))}.")
    return lines


def once_lines(change: RoundChange) -> list[str]:
    """Say of how many grades nothing can be said, because nobody scored a fact in both rounds."""
    if not change.once:
        return []
    return [f"Scored by nobody in both rounds, and not compared: {change.once}, facts by dimensions."]


def who_moved(better: Sequence[str], worse: Sequence[str]) -> str:
    """Return who of those in both rounds gives another grade now."""
    words = [f"higher from {', '.join(better)}"] if better else []
    words += [f"lower from {', '.join(worse)}"] if worse else []
    return f" ({'; '.join(words)})" if words else ""


def table_rows(one: RoundSummary) -> list[tuple[str, ...]]:
    """Return a round in the layout of the study's Table 6: two rows of titles, then a row for each fact.

    The columns are the reviewers, once for each dimension. A high grade is an empty cell, as there.
    """
    width = len(one.reviewers)
    titles = [cell for dimension in DIMENSIONS for cell in (dimension.capitalize(), *[""] * (width - 1))]
    rows = [("Fact", *titles), ("", *[who.by for _ in DIMENSIONS for who in one.reviewers])]
    cells = one.cells()
    for path, title in one.titles.items():
        grades = [
            cells.get((path, dimension, who.by, who.role))
            for dimension in DIMENSIONS
            for who in one.reviewers
        ]
        rows.append((title, *(NOT_SCORED if grade is None else SHORT[grade] for grade in grades)))
    return rows


def table_text(one: RoundSummary, width: int | None = None) -> str:
    """Return the table for a terminal; where it is wider than `width`, a table for each dimension, below one another.

    With many reviewers such a table is continued below itself. No title is ever cut.
    """
    rows = [tuple(map(one_line, row)) for row in table_rows(one)]
    reviewers = len(one.reviewers)
    lines = _columns_below(rows, reviewers)
    if width is not None and max(map(len, lines)) > width:
        rows = _wrapped(rows, max(width - 2 - max(map(len, DIMENSIONS)), _NARROWEST))
        lines = []
        for start in range(1, len(rows[0]), reviewers):
            places = range(start, start + reviewers)
            while places:
                taken = next(
                    count
                    for count in range(len(places), 0, -1)
                    if count == 1 or max(map(len, _columns_below(_cut(rows, places[:count]), count))) <= width
                )
                part = _cut(rows, places[:taken])
                lines += [
                    "",
                    *_columns_below([(*part[0][:1], rows[0][start], *part[0][2:]), *part[1:]], taken),
                ]
                places = places[taken:]
        lines = lines[1:]
    return "\n".join([*lines, "", caption(one)]) + "\n"


def _wrapped(rows: Iterable[tuple[str, ...]], width: int) -> list[tuple[str, ...]]:
    """Return rows of which the first column is no wider, each continued in the next where it has to be."""
    found = []
    for row in rows:
        first, *more = textwrap.wrap(row[0], width) or [""]
        found += [(first, *row[1:]), *((one, *[""] * (len(row) - 1)) for one in more)]
    return found


def _cut(rows: Sequence[Sequence[str]], places: range) -> list[tuple[str, ...]]:
    """Return the first column and those at the places."""
    return [(row[0], *(row[place] for place in places)) for row in rows]


def _columns_below(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    """Return the lines of a table, each dimension above the columns of its `width` reviewers."""
    titles, body = rows[0], rows[1:]
    padded = [tuple(cell.rjust(3) if place else cell for place, cell in enumerate(row)) for row in body]
    for start in range(1, len(titles), width):
        columns_ = [max(len(row[place]) for row in padded) for place in range(start, start + width)]
        short = len(titles[start]) - sum(columns_) - 2 * (width - 1)
        if short > 0:  # the last of them is made as wide as the title needs
            last, wide = start + width - 1, columns_[-1] + short
            padded = [(*row[:last], row[last].rjust(wide), *row[last + 1 :]) for row in padded]
    return [_groups(titles, padded, width), *columns(padded)]


def _groups(titles: Sequence[str], body: Sequence[Sequence[str]], width: int) -> str:
    """Return the line of dimensions, each above the columns of its reviewers."""
    widths = [max(len(row[place]) for row in body) for place in range(len(titles))]
    widths = [widths[0], *(max(one, 3) for one in widths[1:])]
    line = titles[0].ljust(widths[0])
    for start in range(1, len(titles), width):
        columns_ = widths[start : start + width]
        line += "  " + titles[start][: sum(columns_) + 2 * (width - 1)].ljust(sum(columns_) + 2 * (width - 1))
    return line.rstrip()


def caption(one: RoundSummary) -> str:
    """Say what the cells of the table are."""
    unscored = any(NOT_SCORED in row for row in table_rows(one)[2:])
    aside = f"; {NOT_SCORED} is no grade" if unscored else ""
    return f"Round {one.number}. An empty cell is a high grade, as in Table 6 of the study{aside}."
