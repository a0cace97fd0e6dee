"""The summary of a sheet's reviews as JSON: `factsheet.review/1`, and its table, `factsheet.review-table/1`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.reports.text import encodable, readable
from factsheet.review.rounds import cell_of
from factsheet.review.subject import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.review.change import RoundChange
    from factsheet.review.rounds import GradeCounts, GradeGiven, Reviewer, RoundSummary
    from factsheet.review.summary import ReviewSummary, Wanted

    Json = Mapping[str, "Json"] | list["Json"] | str | int | bool | None

SCHEMA = "factsheet.review/1"
TABLE_SCHEMA = "factsheet.review-table/1"


def summary_json(name: str, summary: ReviewSummary | None, tool_version: str) -> str:
    """Return the summary as JSON, in ASCII. Keys are only ever added to version 1."""
    return _written(SCHEMA, name, tool_version, {} if summary is None else summary_data(summary))


def summary_data(summary: ReviewSummary) -> dict[str, Json]:
    """Return all rounds, what stands after the last, what to improve, and what changed since the round before."""
    return {
        "rounds": [round_data(one) for one in summary.rounds],
        "standing": round_data(summary.standing),
        "not_counted": [
            {
                "round": one.number,
                "because": "changed" if one.known else "not known",
                "by": [readable(by) for by in one.people],
                "facts": list(one.facts),
            }
            for one in summary.lapsed
        ],
        "improve_first": [_wanted(want) for want in summary.wanted],
        "change": None if summary.change is None else _change(summary.change),
    }


def table_json(name: str, one: RoundSummary, tool_version: str) -> str:
    """Return the table of a round; a cell is `null` where nobody gave a grade."""
    cells = one.cells()
    rows: list[Json] = [
        {
            "fact": path,
            "title": readable(title),
            "cells": {
                dimension: [cells.get((path, dimension, who.by, who.role)) for who in one.reviewers]
                for dimension in DIMENSIONS
            },
        }
        for path, title in one.titles.items()
    ]
    data: dict[str, Json] = {
        "round": one.number,
        "dimensions": list(DIMENSIONS),
        "reviewers": [_reviewer(who) for who in one.reviewers],
        "rows": rows,
    }
    return _written(TABLE_SCHEMA, name, tool_version, data)


def _written(schema: str, name: str, tool_version: str, data: Mapping[str, Json]) -> str:
    head: dict[str, Json] = {
        "schema": schema,
        "tool": {"name": "factsheet", "version": tool_version},
        "file": encodable(name),
    }
    return json.dumps({**head, **data}, indent=2) + "\n"


def round_data(one: RoundSummary) -> dict[str, Json]:
    """Return a round: its version, its reviewers, and the counts by fact, dimension and role."""
    counts = one.counts(cell_of)
    return {
        "round": one.number,
        "date": one.date,
        "note": None if one.note is None else readable(one.note),
        "version": {
            "is": one.version.kind,
            "words": None if one.version.words is None else readable(one.version.words),
            "changed_since": list(one.version.changed),
            "new_since": list(one.version.since),
        },
        "reviewers": [_reviewer(who) for who in one.reviewers],
        "facts": [
            {
                "fact": path,
                "title": readable(title),
                **{
                    dimension: _counts(counts[path, dimension])
                    for dimension in DIMENSIONS
                    if (path, dimension) in counts
                },
            }
            for path, title in one.titles.items()
        ],
        "dimensions": {
            name[0]: _counts(found) for name, found in one.counts(lambda given: (given.dimension,)).items()
        },
        "roles": {
            name[0]: _counts(found)
            for name, found in one.counts(lambda given: (given.reviewer.role,)).items()
        },
        "remarks": [
            {"fact": path, **_reviewer(who), "comment": readable(said)} for path, who, said in one.remarks
        ],
        "comments": [{**_reviewer(who), "comment": readable(said)} for who, said in one.comments],
    }


def _reviewer(who: Reviewer) -> dict[str, Json]:
    """Return who it is, and the round where that is an earlier one than the last."""
    said: dict[str, Json] = {"by": readable(who.by), "role": who.role, "date": who.date}
    return said if who.round is None else {**said, "round": who.round}


def _counts(counts: GradeCounts) -> Json:
    return {"low": counts.low, "medium": counts.medium, "high": counts.high}


def _wanted(want: Wanted) -> Json:
    return {
        "fact": want.fact,
        "title": readable(want.title),
        "dimension": want.dimension,
        "counts": _counts(want.counts),
        "shortfall": want.counts.shortfall,
        "changed_since": want.changed,
        "grades": [_given(given) for given in want.grades],
    }


def _given(given: GradeGiven) -> Json:
    comment = None if given.comment is None else readable(given.comment)
    return {**_reviewer(given.reviewer), "grade": given.grade, "comment": comment}


def _change(change: RoundChange) -> Json:
    return {
        "from": change.earlier,
        "to": change.later,
        "in_both": [readable(by) for by in change.both],
        "only_before": [readable(by) for by in change.only_before],
        "only_after": [readable(by) for by in change.only_after],
        "not_compared": change.once,
        "moved": [
            {
                "fact": moved.fact,
                "dimension": moved.dimension,
                "before": _counts(moved.before),
                "after": _counts(moved.after),
                "higher_from": [readable(by) for by in moved.better],
                "lower_from": [readable(by) for by in moved.worse],
            }
            for moved in change.moved
        ],
    }
