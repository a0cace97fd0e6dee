"""Take the scores that the body of a card lists, as trainers write them, and compare them with the front matter's."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.reading import line_of
from factsheet.authoring.importing.tables.columns import cell_of, leave_aside
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.trainer import NO_SCORES
from factsheet.quantities.metrics import metric_named, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.authoring.importing.collected import Collected

_ACHIEVES = re.compile(
    r"(?:results?|scores?|metrics?|performance)\b[^.:\n]{0,80}?\bon (?:(?:the|an?|its)\s+)?(?:\S+\s+){0,3}?"
    r"(?P<split>evaluation|validation|eval|dev|development|test|testing|held-?out)\b(?: set| split| data\w*)?",
    re.IGNORECASE,
)
_SPLITS = {
    "eval": "evaluation",
    "evaluation": "evaluation",
    "validation": "validation",
    "val": "validation",
    "dev": "validation",
    "development": "validation",
    "test": "test",
    "testing": "test",
}
_ITEM = re.compile(
    r"^\s*(?:[-*+•]\s+)?[*_`]{0,2}(?P<label>[^\W\d_][^:=|\n]{0,60}?)[*_`]{0,2}\s*[:=][*_]{0,2}\s*(?P<value>.+?)[\s,;]*$"
)


def split_of(text: str) -> str | None:
    """Return the split that a sentence or a heading says the results below it are of; `None` where it says none."""
    found = _ACHIEVES.search(text)
    if found is not None:
        return _SPLITS.get(found["split"].casefold(), found["split"].casefold())
    first = plain(text).partition(" ")[0]
    return _SPLITS.get(first)


def unnamed_task(split: str | None) -> str:
    """Return what to call the row of a score that no task is stated for."""
    return "all" if split is None else f"{split} set"


def lists_scores(text: str) -> bool:
    """Return whether most lines of a text are a label and a number."""
    lines = [line for line in text.split("\n") if line.strip(" -*") and not line.startswith("```")]
    figures = [item for line in lines if (item := _ITEM.match(line)) and cell_of(item["value"].strip("*_` "))]
    return 2 * len(figures) > len(lines)


def metric_lines(text: str) -> tuple[str, str]:
    """Return the lines of a text that are a known metric and a share or a decimal, and the other lines."""
    lines = text.split("\n")
    scored = [line for line in lines if _is_score_line(line)]
    return "\n".join(scored), "\n".join(line for line in lines if line not in scored)


def _is_score_line(line: str) -> bool:
    item = _ITEM.match(line)
    value = item["value"].strip("*_` ") if item is not None else ""
    if item is None or cell_of(value) is None or not re.search(r"[.%]", value):
        return False
    return metric_named(item["label"].replace("_", " ")) is not None


def scores_in(collected: Collected, text: str, where: str, about: tuple[str, str | None]) -> list[RawScore]:
    """Return the scores of a list; what is no score in it is listed.

    Args:
        collected: where to list what is no score.
        text: the list, an item a line.
        where: file, line and heading.
        about: the name of the row, and the split.
    """
    found = []
    rest = []
    for line in text.split("\n"):
        if line.startswith("```"):
            continue
        item = _ITEM.match(line)
        label = line_of(item["label"]) if item is not None else None
        cell = cell_of(item["value"].strip("*_` ")) if item is not None else None
        if label is None or cell is None:
            rest.append(line)
            continue
        words = plain(label).split()
        split = _SPLITS.get(words[0]) if len(words) > 1 else None
        metric = " ".join(label.replace("_", " ").split()[1:]) if split else label.replace("_", " ")
        key = "_".join(plain(metric).split())
        if words[0] in {"train", "training"} or (key in NO_SCORES and key != "loss") or "per_second" in key:
            rest.append(line)
            continue
        leave_aside(collected, f"{where}, {label}", cell)
        task, default = about
        row = (("evaluation", {"split": split or default}),) if split or default else ()
        found.append(
            RawScore(task, metric, cell.number, cell.text, f"{where}, {label}", row=row, spread=cell.spread)
        )
    left = "; ".join(" ".join(line.strip(" -*").split()) for line in rest if line.strip())
    if left:
        collected.leave(
            where, left, "no score: how long it took and how far it was, or nothing that can be read"
        )
    return found


def without_repeated(
    collected: Collected, scores: Sequence[RawScore], front: Sequence[RawScore], data_set: str | None
) -> list[RawScore]:
    """Return the scores of a body that the front matter does not have; those that differ from its are listed.

    Args:
        collected: where to list them.
        scores: those of the body.
        front: those of the front matter.
        data_set: the one set of data that the card names, which scores without a task are of.
    """
    kept = []
    metrics = Counter(map(_metric, scores))
    for score in scores:
        same = [one for one in front if _metric(one) == _metric(score)]
        if any(_agree(one, score) for one in same):
            continue
        if not same or metrics[_metric(score)] > 1:
            # Of ROUGE-1, ROUGE-2 and ROUGE-L a front matter has one.
            named = score.task not in {data_set, unnamed_task(_split(score))}
            kept.append(score if named else _as_the_front(score, front))
        else:
            told = ", ".join(one.text for one in same)
            collected.leave(
                score.where, f"{score.metric}: {score.text}", f"the results of the front matter say {told}"
            )
    return kept


def _as_the_front(score: RawScore, front: Sequence[RawScore]) -> RawScore:
    """Return a score with the row of the front matter's, where all of them are of one evaluation of that split."""
    rows = {repr((one.task, one.row)) for one in front}
    split = _split(front[0]) if len(rows) == 1 else None
    own = _split(score)
    if split is None or (own not in {None, split} and {own, split} != {"evaluation", "validation"}):
        return score
    return score._replace(task=front[0].task, row=front[0].row)


def _split(score: RawScore) -> str | None:
    stated: Any = dict(score.row).get("evaluation", {})
    found = stated.get("split")
    return found if isinstance(found, str) else None


def _metric(score: RawScore) -> str:
    known = metric_named(score.metric)
    words = plain(score.metric)
    # `Macro F1` and `F1` are two; `wer` and `word error rate` are one.
    return known.name if known is not None and len(words.split()) == 1 else words


def _agree(one: RawScore, other: RawScore) -> bool:
    """Return whether two numbers are one, in units or in percent, as far as the second one's decimals go."""
    decimals = len(other.text.rstrip(" %").partition(".")[2])
    return any(
        abs(one.number * factor - other.number) <= 0.5 * 10.0**-decimals * (1 + 1e-9)
        for factor in (1, 100, 0.01)
    )
