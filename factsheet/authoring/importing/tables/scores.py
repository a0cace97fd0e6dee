"""Scores without a sign: whether 24.9 is a percentage follows from the metric, or is asked."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.collected import fault_of, path_of
from factsheet.authoring.importing.tables.totals import is_mean, without_mean
from factsheet.quantities.metrics import metric_named, plain
from factsheet.source.characters import make_safe
from factsheet.source.scalars import WrittenFloat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.authoring.importing.collected import Collected
    from factsheet.authoring.importing.tables.raw_score import RawScore
    from factsheet.facts.section import Source
    from factsheet.source.dumping import Data

_SURE_PERCENTAGE = 2.0
"""Above this, a rate of errors is a percentage: three wrong words for each right one are no result."""
_FRACTIONS = frozenset({"accuracy", "f1", "precision", "recall", "matthews correlation", "auc"})
"""Shares that evaluation libraries return as fractions (scikit-learn); ROUGE, BLEU and error rates come either way."""


_DECIMAL = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
_MOST_DIGITS = 9
"""Digits of a score that somebody wrote; a program writes more, of which six are kept."""
_PERCENTAGES = 100.0
_UNITS = 1.0
"""Scores without a known metric of at most this could be fractions where others are above it."""


def readings_of(score: RawScore) -> tuple[tuple[str, Data], ...]:
    """Return what a score could mean, the only reading or several; the words say how it was read."""
    text = score.text.strip()
    if text.endswith("%"):
        spread = "" if score.spread is None else f" ± {score.spread}"
        return (("as written", f"{text.removesuffix('%').rstrip()}{spread} %" if spread else text),)
    metric = metric_named(score.metric)
    plain_number = ("a plain number", _as_written(score))
    if metric is None or metric.share is False:
        return (plain_number,)
    size = abs(score.number)
    if metric.share is None or (metric.low < 0 and size <= 1):
        return (plain_number,)  # a loss; a correlation, which is a share and customary as a number
    fraction, percentage = (
        (f"a {words}: {_percent(score, places)}", _percent(score, places))
        for words, places in (("fraction", 2), ("percentage", 0))
    )
    if size > metric.high and not (metric.high > 1 and size <= _SURE_PERCENTAGE):
        return (percentage,)
    if metric.high > 1 and size > _SURE_PERCENTAGE:
        return (percentage,)
    if size <= 1 and (plain(metric.name) in _FRACTIONS or not (metric.hundred or metric.high > 1)):
        return (fraction,)
    if size == 0:
        return (("no share at all", "0 %"),)
    return (fraction, percentage)


def add_tables(
    collected: Collected, title: str, scores: Iterable[RawScore], source: Source = "declared"
) -> None:
    """Add a table for each metric; one for tasks that each have a metric of their own, as those of GLUE do.

    A mean over the rows goes into the table that holds all of them; it is listed where that is not one table.
    """
    scores = [_safe(score) for score in scores if _is_possible(collected, score)]
    by_metric: dict[str, list[RawScore]] = {}
    in_percent = {_metric_words(score) for score in scores if abs(score.number) > 1}
    for score in scores:
        if _metric_words(score) in in_percent:
            score = _correlation_in_percent(score)  # noqa: PLW2901  the same score
        if not score.total:
            by_metric.setdefault(plain(_metric_words(score)) or "score", []).append(score)
    groups = [rows for every in by_metric.values() if (rows := _told_apart(collected, every))]
    totals = [score for score in scores if score.total]
    if len({total.system for total in totals}) == len(totals):  # several means are those of several tables
        groups = _of_one_benchmark(groups)
    for rows in groups:
        metrics = dict.fromkeys(plain(_metric_words(row)) for row in rows)
        metric = _metric_words(rows[0])
        own = [one for one in totals if len(groups) == 1 or plain(_metric_words(one)) in metrics]
        totals = [one for one in totals if one not in own]
        tasks, means = (rows, own) if own else without_mean(rows)
        named = (title, metric if len(metrics) == 1 else None)
        _add_table(collected, named, [*tasks, *_means(collected, means, tasks)], source)
    for total in totals:
        collected.leave(total.where, f"{total.task} {total.text}", _MEAN)


_MEAN = "a mean over the other rows: state it as `averages` of the table that it is of"


def _means(collected: Collected, totals: list[RawScore], rows: list[RawScore]) -> list[RawScore]:
    """Return the stated means of a table, one for each system; any others are listed."""
    systems = sorted({row.system for row in rows})
    if sorted(total.system for total in totals) == systems and all(is_mean(total, rows) for total in totals):
        return [total._replace(metric=rows[0].metric) for total in totals]
    for total in totals:
        other = "" if is_mean(total, rows) else "; it is not the mean of those that are here"
        collected.leave(total.where, f"{total.task} {total.text}", f"{_MEAN}{other}")
    return []


def _safe(score: RawScore) -> RawScore:
    """Return a score whose names can be printed and written."""
    return score._replace(
        task=make_safe(score.task), metric=make_safe(score.metric), system=make_safe(score.system)
    )


def _correlation_in_percent(score: RawScore) -> RawScore:
    """Return a correlation in percent, as others of its table are; any other score as it is."""
    known = metric_named(score.metric)
    if (
        known is None
        or not known.share
        or known.low >= 0
        or abs(score.number) > 1
        or score.text.endswith("%")
    ):
        return score
    text = _percent(score._replace(spread=None), 2)
    spread = None if score.spread is None else f"{Decimal(score.spread).scaleb(2):f}"
    return score._replace(text=text, number=score.number * 100, spread=spread)


def _is_possible(collected: Collected, score: RawScore) -> bool:
    """Return whether a metric can have a score, in units or in percent; what it cannot have is listed."""
    known = metric_named(score.metric)
    named = metric_named(score.task)
    if named is not None and plain(score.task) in {plain(name) for name in (named.name, *named.spellings)}:
        # The summary of a report of classes: a row `accuracy` in the column of F1.
        collected.leave(
            score.where, f"{score.task} {score.text}", "the row is called after a metric, and is no task"
        )
        return False
    if known is None or known.share is not True:
        return True
    possible = min(known.low, known.low * 100) <= score.number <= known.high * 100
    if not possible:
        collected.leave(score.where, score.text, f"{known.name} has no such score")
    return possible


def _of_one_benchmark(groups: list[list[RawScore]]) -> list[list[RawScore]]:
    """Put tasks together that each have one metric, of the same systems and direction, and all of them in percent."""
    tasks = [{row.task for row in rows} for rows in groups]
    systems = {frozenset(row.system for row in rows) for rows in groups}
    apart = len(set().union(*tasks)) == sum(map(len, tasks)) if tasks else False
    better = {metric.better if (metric := metric_named(rows[0].metric)) else None for rows in groups}
    unlike = len(systems) > 1 or len(better) > 1 or None in better
    if len(groups) < _BENCHMARK or unlike or not apart or not all(map(_in_percent, groups)):
        return groups
    return [[row._replace(row=(("metric", _metric_words(row)), *row.row)) for rows in groups for row in rows]]


_BENCHMARK = 2
"""Metrics from which on tasks are one benchmark of many metrics."""


def _metric_words(score: RawScore) -> str:
    """Return what a metric is called: by the table of metrics, or in its own words where they say more than that."""
    known = metric_named(score.metric)
    own, name = (
        set(plain(score.metric).split()),
        set(plain(known.name).split()) if known is not None else set(),
    )
    if known is not None and (kind := _ROUGE.fullmatch(score.metric)) is not None:
        return f"ROUGE-{kind[1].capitalize()}"
    if known is None:
        return " ".join(score.metric.split())
    # `roc_auc` is a spelling of one; `exact match` is one of its kind, and `Macro F1` says how.
    spelt = plain(score.metric) in {plain(one) for one in known.spellings} and (
        len(own) == 1 or bool(own & name)
    )
    return known.name if spelt or not own - name else " ".join(score.metric.split())


_ROUGE = re.compile(r"(?i)rouge[ _-]?(\d|l|lsum)")
"""Metrics that the table of metrics has once for several: ROUGE-1, ROUGE-2 and ROUGE-L."""


def _in_percent(rows: list[RawScore]) -> bool:
    readings = [readings_of(row) for row in rows]
    return all(len(each) == 1 and str(each[0][1]).endswith("%") for each in readings)


def _add_table(
    collected: Collected, named: tuple[str, str | None], rows: list[RawScore], source: Source
) -> None:
    title, metric = named
    name = title if metric is None else f"{title}: {metric}"
    sure = [row for row in rows if len(readings_of(row)) == 1]
    unsure = [row for row in rows if len(readings_of(row)) > 1]
    where = rows[0].where
    sizes = [abs(row.number) for row in rows if not row.text.endswith("%")]
    unknown = metric is not None and metric_named(metric) is None
    if unknown and sizes and min(sizes) <= _UNITS < max(sizes) <= _PERCENTAGES:
        _ask_unit(collected, name, rows, source)
        return
    if unsure:
        # One question for a table: its scores are of one kind, whatever that is.
        readings = []
        for index, words in enumerate(("fractions", "percentages")):
            read = [(row, readings_of(row)[min(index, len(readings_of(row)) - 1)][1]) for row in rows]
            readings.append(
                (
                    f"{words}: {', '.join(str(value) for _, value in read[:3])}",
                    _table(name, metric, read, source),
                )
            )
        what = f"{metric} {', '.join(row.text for row in unsure[:3])} without a percent sign"
        collected.ask("performance.results[]", unsure[0].where, what, readings)
        return
    if len({row.task for row in sure}) > _MOST_TASKS or len({row.system for row in sure}) > _MOST_SYSTEMS:
        bound = f"a table of a sheet has at most {_MOST_TASKS:,} tasks and {_MOST_SYSTEMS} systems"
        why = f"{bound}; give those that readers need"
        collected.leave(where, f"{name}: {len(sure):,} scores", why)
        return
    if not _is_taken(_table(name, metric, [(row, readings_of(row)[0][1]) for row in sure], source)):
        for row in sure:
            if not _is_taken(_table(name, metric, [(row, readings_of(row)[0][1])], source)) and not row.total:
                collected.leave(row.where, row.text, "a sheet cannot hold such a score")
                sure = [one for one in sure if one is not row]
        if not sure:
            return
    notes = sorted({readings_of(row)[0][0] for row in sure} - {"as written", "a plain number"})
    table = _table(name, metric, [(row, readings_of(row)[0][1]) for row in sure], source)
    if notes:
        table["note"] = f"Without a percent sign in {collected.name}; read as {_kind(notes)}."
    collected.add("performance.results[]", table, where, source=None)


_MOST_TASKS, _MOST_SYSTEMS = 1_000, 100
"""Of a table of results in a sheet."""


def _is_taken(table: dict[str, Any]) -> bool:
    return fault_of(path_of("performance.results[]"), table) is None


def _told_apart(collected: Collected, scores: list[RawScore]) -> list[RawScore]:
    """Return the scores; none, listed, where several of one system stand for one task and nothing tells them apart."""
    seen: dict[str, RawScore] = {}
    for score in scores:
        key = repr((score.task, score.system, score.row))
        if key in seen:
            texts = [one.text if one.spread is None else f"{one.text} ± {one.spread}" for one in scores]
            what = f"{len(scores)} scores: {', '.join(texts)}"
            why = (
                f"several of `{score.system}` are of one task, `{score.task}`, and nothing that a table of results"
                " holds tells them apart: seeds, a sweep, a time; state their mean, or give the rows names"
            )
            collected.leave(score.where, what, why)
            return []
        seen[key] = score
    return scores


def _ask_unit(collected: Collected, name: str, rows: list[RawScore], source: Source) -> None:
    """Ask whether small scores among large ones are fractions: no metric says it."""
    as_they_are = [(row, readings_of(row)[0][1]) for row in rows]
    mixed = [
        (row, value if row.text.endswith("%") else _percent(row, 2 if abs(row.number) <= _UNITS else 0))
        for row, value in as_they_are
    ]
    readings = [
        (
            f"fractions and percentages: {', '.join(str(value) for _, value in mixed[:3])}",
            _table(name, None, mixed, source),
        ),
        (
            f"one unit: {', '.join(str(value) for _, value in as_they_are[:3])}",
            _table(name, None, as_they_are, source),
        ),
    ]
    what = f"scores {', '.join(row.text for row in rows[:3])}, of no metric that is known"
    collected.ask("performance.results[]", rows[0].where, what, readings)


def _kind(notes: list[str]) -> str:
    kinds = sorted({note.partition(":")[0].removeprefix("a ") for note in notes})
    return " and ".join(f"{kind}s" if not kind.startswith("no ") else kind for kind in kinds)


def table_of(name: str, metric: str | None, scores: Iterable[RawScore]) -> dict[str, Any]:
    """Return a table of scores as they are written, for a reading of columns that nothing in a file decides."""
    read = [(one, one.text if one.text.endswith("%") else one.number) for one in scores]
    return _table(name, metric, read, "declared")


def _table(
    name: str, metric: str | None, read: Iterable[tuple[RawScore, Data]], source: Source
) -> dict[str, Any]:
    systems: dict[str, str] = {}
    tasks: list[dict[str, Any]] = []
    averages: dict[str, Data] = {}
    for row, value in read:
        systems.setdefault(row.system, identifier(row.system, systems.values()))
        if row.total:
            averages[systems[row.system]] = value
            continue
        place = next((task for task in tasks if task["task"] == row.task and _same(task, row, systems)), None)
        if place is None:
            tasks.append({"task": row.task, **dict(row.row), "scores": {systems[row.system]: value}})
        else:
            place["scores"][systems[row.system]] = value
    listed = [
        {"id": short, "name": long, **_analog(long), "source": source} for long, short in systems.items()
    ]
    for task in tasks:
        for short in systems.values():
            task["scores"].setdefault(short, {"not_disclosed": _NO_SCORE})
    named = {} if metric is None else {"metric": metric}
    means = {"averages": averages} if averages else {}
    return {"name": name, **named, "systems": listed, "tasks": tasks, **means}


_NO_SCORE = "the table that was read has none"


def _same(task: dict[str, Any], row: RawScore, systems: dict[str, str]) -> bool:
    others = {key: value for key, value in task.items() if key not in {"task", "scores"}}
    return others == dict(row.row) and systems[row.system] not in task["scores"]


def _analog(name: str) -> dict[str, str]:
    words = set(plain(name).split())
    kinds = [kind for kind in ("analog", "digital") if kind in words]
    return {"kind": kinds[0]} if len(kinds) == 1 else {}


def identifier(name: str, taken: Iterable[str] = ()) -> str:
    """Return an id made of a name, which none of those taken has."""
    stem = "-".join(
        "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in name.casefold()).split()
    )
    stem = stem[:40].strip("-") or "model"
    if not stem[0].isalpha():
        stem = f"m-{stem}"
    return next(new for new in _numbered(stem) if new not in set(taken))


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _percent(score: RawScore, places: int) -> str:
    """Return a score in percent, its point moved by so many places, with the digits that the file has.

    A number that a program wrote in full, 0.8872549019607843, is cut to what a score can mean.
    """
    written = score.text.strip() if _DECIMAL.fullmatch(score.text.strip()) else f"{score.number:.6g}"
    digits = Decimal(written).scaleb(places)
    if len(digits.as_tuple().digits) > _MOST_DIGITS:
        digits = Decimal(f"{digits:.6g}")
    shown = f"{digits:f}"
    spread = "" if score.spread is None else f" ± {Decimal(score.spread).scaleb(places):f}"
    return f"{shown}{spread} %"


def _as_written(score: RawScore) -> Data:
    """Return a plain number with the digits that the file has."""
    text = score.text.strip()
    if score.spread is not None:
        return f"{text} ± {score.spread}"
    return WrittenFloat(text) if _DECIMAL.fullmatch(text) and "." in text else score.number
