"""Scores without a sign: whether 24.9 is a percentage follows from the metric, or is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.quantities.metrics import metric_named, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.authoring.importing.collected import Collected
    from factsheet.facts.section import Source
    from factsheet.source.dumping import Data

_SURE_PERCENTAGE = 2.0
"""Above this, a rate of errors is a percentage: three wrong words for each right one are no result."""
_FRACTIONS = frozenset({"accuracy", "f1", "precision", "recall", "matthews correlation", "auc"})
"""Shares that evaluation libraries return as fractions (scikit-learn); ROUGE, BLEU and error rates come either way."""


class RawScore(NamedTuple):
    """A score as a file has it.

    Attributes:
        task: the name of the row.
        metric: the name of the metric in the file.
        number: its value.
        text: the value as written; `%` behind it settles how it is read.
        where: file, line and key.
        system: what was evaluated; every row of a table has the same ones.
        row: what else the row states.
    """

    task: str
    metric: str
    number: float
    text: str
    where: str
    system: str = "model"
    row: tuple[tuple[str, Any], ...] = ()


def readings_of(score: RawScore) -> tuple[tuple[str, Data], ...]:
    """Return what a score could mean, the only reading or several; the words say how it was read."""
    text = score.text.strip()
    if text.endswith("%"):
        return (("as written", text),)
    metric = metric_named(score.metric)
    plain_number = ("a plain number", score.number)
    if metric is None or metric.share is False:
        return (plain_number,)
    fraction = (f"a fraction: {_percent(score.number * 100)}", _percent(score.number * 100))
    percentage = (f"a percentage: {_percent(score.number)}", _percent(score.number))
    size = abs(score.number)
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
    """Add a table for each metric: means and gaps are taken over a table, whatever its rows are."""
    by_metric: dict[str, list[RawScore]] = {}
    for score in scores:
        by_metric.setdefault(plain(score.metric) or "score", []).append(score)
    for rows in by_metric.values():
        known = metric_named(rows[0].metric)
        metric = known.name if known is not None else " ".join(rows[0].metric.split())
        _add_table(collected, f"{title}: {metric}", rows, source)


def _add_table(collected: Collected, name: str, rows: list[RawScore], source: Source) -> None:
    metric = name.rpartition(": ")[2]
    sure = [row for row in rows if len(readings_of(row)) == 1]
    unsure = [row for row in rows if len(readings_of(row)) > 1]
    where = rows[0].where
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
        collected.ask("performance.results[]", where, what, readings)
        return
    notes = sorted({readings_of(row)[0][0] for row in sure} - {"as written", "a plain number"})
    table = _table(name, metric, [(row, readings_of(row)[0][1]) for row in sure], source)
    if notes:
        table["note"] = f"Without a percent sign in {collected.name}; read as {_kind(notes)}."
    collected.add("performance.results[]", table, where, source=None)


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
    for row, value in read:
        systems.setdefault(row.system, identifier(row.system, systems.values()))
        place = next((task for task in tasks if task["task"] == row.task and _same(task, row, systems)), None)
        if place is None:
            tasks.append({"task": row.task, **dict(row.row), "scores": {systems[row.system]: value}})
        else:
            place["scores"][systems[row.system]] = value
    listed = [
        {"id": short, "name": long, **_analog(long), "source": source} for long, short in systems.items()
    ]
    named = {} if metric is None else {"metric": metric}
    return {"name": name, **named, "systems": listed, "tasks": tasks}


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


def _percent(number: float) -> str:
    return f"{float(f'{number:.6g}'):g} %" if abs(number) < 1e6 else f"{number:.6g} %"  # noqa: PLR2004
