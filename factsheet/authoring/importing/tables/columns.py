"""Find out what the columns of a table of results are, by their names and by what is in their cells."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.importing.reading import line_of, number_of
from factsheet.errors import QuantityError
from factsheet.quantities.metrics import metric_named, plain
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from factsheet.authoring.importing.collected import Collected

_TASKS = frozenset({"task", "tasks", "dataset", "data set", "benchmark", "subset", "task name"})
_SYSTEMS = frozenset(
    {"system", "model", "method", "variant", "configuration", "model name", "approach", "run"}
)
_METRICS = frozenset({"metric", "metric name", "measure"})
_SCORES = frozenset({"score", "value", "result", "metric value"})
_SPLITS = frozenset({"split", "partition"})
_KINDS = frozenset(
    {
        *("analog", "digital", "baseline", "float", "fp32", "fp16", "int8"),
        *("quantized", "quantised", "floating point"),
    }
)
"""Words that name a system and never a metric."""
FIGURES = frozenset(
    {
        *("parameters", "params", "weights", "ops", "macs", "flops", "size", "memory", "layers", "tiles"),
        *("latency", "time", "runtime", "duration", "seconds", "ms", "energy", "power", "area", "throughput"),
        *("seed", "seeds", "epoch", "epochs", "step", "steps", "fold", "run", "runs", "trial", "trials"),
        *("repeats", "repetitions", "chips", "count", "n", "id", "index", "rank"),
        *("samples", "examples", "rows", "cols", "noise", "sigma", "temperature", "drift"),
    }
)
"""Words of columns that hold no scores: figures that have fields of their own, and what tells rows apart."""
_SPREADS = frozenset({"std", "sd", "stddev", "std dev", "stdev", "standard deviation", "deviation"})
_OTHER_SPREADS = frozenset(
    {"stderr", "sem", "se", "ci", "ci95", "error", "err", "var", "variance", "min", "max"}
)
_DIFFERENCES = frozenset(
    {"delta", "diff", "difference", "gap", "drop", "change", "improvement", "degradation"}
)
"""Words of columns that say how far others are apart, which the sheet works out from the scores."""
_MEANS = frozenset({"mean", "avg", "average"})
"""Words that say of a system's column that its scores are means, as those beside a deviation are."""
TOTALS = frozenset(
    {
        *("average", "avg", "mean", "overall", "total", "all tasks", "glue average", "all", "sum"),
        *("macro", "micro", "weighted", "samples"),
        *(
            f"{how} {mean}"
            for how in ("macro", "micro", "weighted", "samples")
            for mean in ("avg", "average")
        ),
        *("gesamt", "mittelwert", "durchschnitt", "moyenne", "total général", "promedio", "среднее"),
        *("平均", "总体", "整体", "總體", "全体", "合計", "평균", "전체"),
    }
)
"""Names of rows that are means over the others."""
_NUMBER = re.compile(
    r"(?P<value>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<sign>%?)"
    r"(?:\s*(?:±|\+/-|\+-)\s*(?P<spread>\d+\.?\d*)\s*(?P<after>%?)|\s*\((?P<aside>[^()]{1,40})\))?"
)
"""A number as a program writes it, with the percent sign, spread or brackets that somebody wrote behind it."""
_GROUPED = re.compile(r"[-+]?\d[\d.,' \u00a0\u202f]*%?")
"""A number as people write it who part thousands, or have a comma before decimals."""
_COMMA = re.compile(r"[-+]?\d+,\d+\s?%?")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}\s?%?")


_MEAN_WORDS = frozenset(
    {
        *("average", "avg", "mean", "overall", "gesamt", "mittelwert", "durchschnitt", "moyenne", "promedio"),
        *("среднее", "平均", "总体", "整体", "總體", "平均値", "평균"),
    }
)
"""Words that a name of such a row begins or ends with: `GLUE average`, `Overall (8 tasks)`."""


def is_total(name: str) -> bool:
    """Return whether a row is a mean over the others, by its name."""
    bare = plain(re.sub(r"\([^()]*\)", "", name))
    words = bare.split()
    return bare in TOTALS or (bool(words) and bool({words[0], words[-1]} & _MEAN_WORDS))


class ResultRow(NamedTuple):
    """A row of the file: its cells by column, and the line that it is on."""

    cells: dict[str, str]
    line: int
    how: tuple[tuple[str, Any], ...] = ()
    """How its scores were taken, by the keys of `evaluation`: those of several runs are means."""


class Cell(NamedTuple):
    """A score as a cell has it: the number, its text with a percent sign if it has one, and what is beside it."""

    number: float
    text: str
    spread: str | None = None
    aside: str = ""
    """What is in brackets behind it: a spread, a rank, a number of runs; nothing says which."""


class Roles(NamedTuple):
    """The columns that say what a row is about."""

    task: str | None
    system: str | None
    metric: str | None
    score: str | None
    split: str | None
    numbers: tuple[str, ...]
    """Other columns that hold numbers, each of which could be a system or a metric."""
    spreads: dict[str, str]
    """Columns of standard deviations, by the column that they belong to."""
    others: tuple[str, ...]
    """Columns of numbers that are no scores."""

    @property
    def labels(self) -> frozenset[str | None]:
        """The columns that hold words."""
        return frozenset({self.task, self.system, self.metric, self.split})

    def systems(self) -> list[str]:
        """Return the columns that are named as systems are."""
        return [name for name in self.numbers if set(plain(name).split()) & _KINDS]

    def metrics(self) -> list[str]:
        """Return the columns that are named as metrics are."""
        return [name for name in self.numbers if metric_named(name) is not None]


def cell_of(text: str) -> Cell | None:
    """Return the score in a cell; `None` where it holds none."""
    plain_text = text.replace("\\pm", "±").replace("\\%", "%").strip(" $*_`")
    found = _NUMBER.fullmatch(plain_text)
    number = number_of(found["value"]) if found is not None else None
    if found is None or number is None:
        return None
    sign = found["sign"] or found["after"]
    spread = found["spread"] if number_of(found["spread"]) else None  # ± 0 is none that a sheet can state
    return Cell(number, f"{found['value']}{f' {sign}' if sign else ''}", spread, found["aside"] or "")


def leave_aside(collected: Collected, where: str, cell: Cell) -> None:
    """List what is in brackets behind a score."""
    if cell.aside:
        why = "the score was taken; nothing says what is in brackets behind it"
        collected.leave(where, f"({cell.aside})", why)


def with_points(rows: Sequence[ResultRow]) -> list[ResultRow] | None:
    """Return rows whose decimal commas are points; `None` where their commas are none, or could part thousands."""
    texts = [cell for row in rows for cell in row.cells.values()]
    commas = [text for text in texts if _COMMA.fullmatch(text)]
    other = any(
        "." in text and (_GROUPED.fullmatch(text) is not None or cell_of(text) is not None) for text in texts
    )
    if other or all(_THOUSANDS.fullmatch(text) for text in commas):
        return None
    return [
        row._replace(
            cells={
                name: cell.replace(",", ".") if _COMMA.fullmatch(cell) else cell
                for name, cell in row.cells.items()
            }
        )
        for row in rows
    ]


def roles_of(rows: Sequence[ResultRow]) -> Roles:
    """Return what the columns of a table are."""
    names = list(rows[0].cells)
    numeric = [name for name in names if _is_numeric(rows, name)]
    found: dict[str, str | None] = {}
    for role, known in (
        ("score", _SCORES),
        ("task", _TASKS),
        ("system", _SYSTEMS),
        ("metric", _METRICS),
        ("split", _SPLITS),
    ):
        # A column that is called `model` and holds numbers is a model's scores, unless scores are elsewhere.
        words = role in {"metric", "system"} and found["score"] is None
        found[role] = next(
            (
                name
                for name in names
                if plain(name) in known
                and not (words and name in numeric)
                and not (role == "split" and _answers_yes_or_no(rows, name))
            ),
            None,
        )
    taken = set(found.values())
    numeric = [name for name in numeric if name not in taken]
    candidates = [name for name in numeric if not _is_no_score(name)]
    # `std` alone belongs to the scores; where no column is called so, to the one that can hold them.
    alone = found["score"] or (candidates[0] if len(candidates) == 1 else None)
    spreads = {base: name for name in numeric if (base := _base_of(name, numeric, alone)) is not None}
    rest = [name for name in numeric if name not in spreads.values()]
    others = [
        name
        for name in rest
        if _is_no_score(name) or _counts_beside(rows, name, rest) or _is_difference(rows, name, rest)
    ]
    return Roles(
        **found,
        numbers=tuple(name for name in rest if name not in others),
        spreads=spreads,
        others=tuple(others),
    )


def system_name(column: str) -> str:
    """Return what the system of a column is called: `analog mean` and `digital (avg)` without the mean."""
    words = "|".join(sorted(_MEANS))
    bare = re.sub(rf"(?i)(?<![^\W_])[(\[]?(?:{words})[)\]]?(?![^\W_])", " ", column)
    bare = re.sub(r"\s+", " ", bare).strip(" _-:/")
    return bare if plain(bare) else column


def tasks_in_names(columns: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return task and metric of columns such as `sst2_acc` and `mnli_acc`: two or more that name both."""
    found: dict[str, tuple[str, str]] = {}
    for column in columns:
        for metric, task in _phrases(column):
            known = metric_named(metric)
            if known is not None and task and known == metric_named(column) and metric_named(task) is None:
                found.setdefault(column, (task, metric))
    several = len(found) > 1 and not {task for task, _ in found.values()} & _KINDS_OF_MEAN
    return found if several else {}


_KINDS_OF_MEAN = frozenset(
    {"macro", "micro", "weighted", "samples", "mean", "avg", "average", "top 1", "top 5"}
)
"""What a metric is taken over or how, and no task."""


def unread(rows: Sequence[ResultRow], name: str) -> str:
    """Return why a column gave nothing."""
    cells = [row.cells.get(name, "") for row in rows]
    if any(_GROUPED.fullmatch(cell) and cell_of(cell) is None for cell in cells):
        return (
            "its cells are no plain numbers: write 1234.5, nothing between thousands, a point before decimals"
        )
    return "a column of words, and no field is known to be meant by its name"


def _phrases(name: str) -> Iterable[tuple[str, str]]:
    """Yield the first and last words of a name, one and two of them, each with the rest."""
    words = plain(name).split()
    for length in (2, 1):
        if len(words) >= length:
            yield " ".join(words[-length:]), " ".join(words[:-length])
            yield " ".join(words[:length]), " ".join(words[length:])


def _stem(name: str, words: frozenset[str]) -> str | None:
    """Return a name without what it begins or ends with; `None` where that is none of the words."""
    return next((rest for phrase, rest in _phrases(name) if phrase in words), None)


def _base_of(name: str, names: Sequence[str], score: str | None) -> str | None:
    """Return the column whose spread a column is by its name: `analog std` of `analog`; `std` alone of the scores."""
    stem = _stem(name, _SPREADS)
    if not stem:
        return score if stem == "" else None
    others = [other for other in names if other != name]
    exact = next((other for other in others if plain(other) == stem), None)
    return exact or next((other for other in others if _without_mean(other) == _without_mean(stem)), None)


def _without_mean(name: str) -> str:
    return _stem(name, _MEANS) or plain(name)


def _is_no_score(name: str) -> bool:
    words = set(plain(name).split())
    if metric_named(name) is not None and not words & FIGURES:  # the mean squared error is no error of a mean
        return _stem(name, _SPREADS) is not None
    spread = any(phrase in _SPREADS for phrase, _ in _phrases(name))
    return bool(words & (FIGURES | _DIFFERENCES | _OTHER_SPREADS)) or spread


def is_condition(rows: Sequence[ResultRow], name: str) -> bool:
    """Return whether a column that names rows holds what was varied: times, temperatures, shares."""
    cells = [cell for row in rows if (cell := row.cells.get(name, ""))]
    return bool(cells) and all(any(is_of(cell, one) for one in _VARIED) for cell in cells)


_VARIED = ("time", "temperature", "ratio", "conductance", "voltage", "power", "energy")
"""Dimensions of what a score is taken at."""


def percent_column(name: str) -> bool:
    """Return whether a column says by its name that it is in percent: `accuracy (%)`."""
    return re.search(r"[(\[]\s*%\s*[)\]]|%\s*$", name) is not None


def is_of(text: str, dimension: str) -> bool:
    """Return whether a text is a quantity of a dimension."""
    try:
        parse_quantity(text, dimension)
    except QuantityError:
        return False
    return True


def _is_difference(rows: Sequence[ResultRow], name: str, names: Sequence[str]) -> bool:
    """Return whether a column is the difference of two systems, by its figures in every row of two or more."""
    figures = {other: [cell_of(row.cells.get(other, "")) for row in rows] for other in names}
    own = figures[name]
    others = [other for other in names if set(plain(other).split()) & _KINDS]
    # Of two systems and their difference each is a difference of the others; only names tell them apart.
    if name in others or len(rows) < _SURE_ROWS or len(names) > _MOST_COLUMNS or None in own:
        return False
    return any(
        all(_differ(a, b, c) for a, b, c in zip(own, figures[one], figures[two], strict=True))
        for one, two in combinations(others, 2)
    )


_SURE_ROWS = 2
"""Rows from which on a column that is the difference of two others is so by no chance."""
_MOST_COLUMNS = 12


def _differ(difference: Cell | None, one: Cell | None, two: Cell | None) -> bool:
    if difference is None or one is None or two is None:
        return False
    step = 10.0 ** -len(difference.text.rstrip(" %").partition(".")[2])
    return abs(abs(one.number - two.number) - abs(difference.number)) <= 0.5 * step * (1 + 1e-9)


def _counts_beside(rows: Sequence[ResultRow], name: str, names: Sequence[str]) -> bool:
    """Return whether a column counts something of another: `digital evaluated` beside `digital`, all of it whole."""
    words = set(plain(name).split())
    beside = [other for other in names if set(plain(other).split()) < words]
    return bool(beside) and _is_whole(rows, name) and not any(_is_whole(rows, other) for other in beside)


def _answers_yes_or_no(rows: Sequence[ResultRow], name: str) -> bool:
    """Return whether a column says yes or no: whether a file is split, and not which split of data."""
    cells = {row.cells.get(name, "").casefold() for row in rows}
    return cells <= {"", "true", "false", "yes", "no", "y", "n"}


def names_tasks(name: str) -> bool:
    """Return whether a column is called as one of tasks or of data is."""
    return plain(name) in _TASKS or bool(set(plain(name).split()) & _TASK_WORDS)


_TASK_WORDS = frozenset(
    {
        *(
            "task",
            "tasks",
            "dataset",
            "datasets",
            "data",
            "set",
            "testset",
            "test",
            "benchmark",
            "benchmarks",
        ),
        *("corpus", "corpora", "subset", "evaluation", "domain", "language", "lang", "langpair"),
        *("aufgabe", "datensatz", "jeu", "données", "conjunto", "datos", "任务", "数据集"),
    }
)
"""Words of columns that name what was tested on."""


def _is_whole(rows: Sequence[ResultRow], name: str) -> bool:
    found = [cell.text for row in rows if (cell := cell_of(row.cells.get(name, ""))) is not None]
    return all(text.removeprefix("-").isdigit() for text in found)


def _is_numeric(rows: Sequence[ResultRow], name: str) -> bool:
    filled = [cell for row in rows if line_of(cell := row.cells.get(name, "")) is not None]
    return bool(filled) and sum(cell_of(cell) is not None for cell in filled) * 2 > len(filled)
