"""Put rows together that differ in nothing but a seed: their mean, and the standard deviation of the runs."""

from __future__ import annotations

from decimal import Decimal
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.tables.columns import ResultRow, cell_of
from factsheet.quantities.metrics import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.authoring.importing.tables.columns import Roles

_SEEDS = frozenset(
    {
        *("seed", "seeds", "random seed", "rng seed", "seed id", "seed index", "chip seed", "noise seed"),
        *("trial", "repeat", "repetition", "replicate"),
    }
)
"""What a column is called that tells runs of one experiment apart."""
_MEASURED = frozenset(
    {"latency", "runtime", "duration", "wall", "energy", "power", "throughput", "loss", "train"}
)
"""Words of columns that differ from run to run as scores do, and tell no two experiments apart."""
_MOST_DECIMALS = 6


def seed_column(rows: Sequence[ResultRow]) -> str | None:
    """Return the column of seeds, each a whole number; `None` where there is none."""
    return next(
        (
            name
            for name in rows[0].cells
            if plain(name) in _SEEDS and all(row.cells.get(name, "").isdecimal() for row in rows)
        ),
        None,
    )


def over_seeds(rows: Sequence[ResultRow], roles: Roles) -> list[ResultRow] | None:
    """Return a row for each experiment, without the column of seeds; `None` where rows are no such runs.

    A seed that is there twice for what looks like one experiment says that something else was varied too.
    """
    column = seed_column(rows)
    scores = [roles.score] if roles.score is not None else list(roles.numbers)
    scores = [name for name in scores if name != column]
    if column is None or not scores or roles.spreads:
        return None
    loose = {name for name in roles.others if set(plain(name).split()) & _MEASURED}
    groups: dict[tuple[str, ...], list[ResultRow]] = {}
    for row in rows:
        apart = (cell for name, cell in row.cells.items() if name not in {column, *scores, *loose})
        groups.setdefault(tuple(apart), []).append(row)
    runs = [len(group) for group in groups.values()]
    if max(runs) == 1 or any(
        len({row.cells[column] for row in group}) < len(group) for group in groups.values()
    ):
        return None
    # The number of runs is stated where it is that of every row: rows of one task are one row of a sheet.
    how: tuple[tuple[str, Any], ...] = (("spread", "standard deviation"),)
    if len(set(runs)) == 1:
        how = (("seeds", runs[0]), *how)
    found = []
    for group in groups.values():
        cells = {name: cell for name, cell in group[0].cells.items() if name not in {column, *loose}}
        for name in scores:
            together = _mean([row.cells.get(name, "") for row in group])
            if together is None:
                return None
            cells[name] = together
        found.append(ResultRow(cells, group[0].line, how))
    return found


def _mean(texts: Sequence[str]) -> str | None:
    """Return the mean with the decimals that scores are written with; `None` where one is more than a number."""
    if not any(texts):
        return ""
    cells = [cell_of(text) for text in texts]
    plain_cells = [cell for cell in cells if cell is not None and cell.spread is None and not cell.aside]
    signs = {cell.text.endswith("%") for cell in plain_cells}
    if len(plain_cells) < len(texts) or len(signs) != 1:
        return None
    numbers = [Decimal(cell.text.rstrip(" %")) for cell in plain_cells]
    decimals = min(_MOST_DECIMALS, max(max(0, -int(one.as_tuple().exponent)) for one in numbers))
    spread = f"{stdev(numbers):.{decimals}f}" if len(numbers) > 1 else "0"
    beside = f" ± {spread}" if float(spread) else ""
    return f"{mean(numbers):.{decimals}f}{beside}{' %' if True in signs else ''}"
