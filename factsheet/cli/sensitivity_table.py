"""How far each constant of a chip moves each figure, as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.cli.tables import console_for, grid_of, print_grid, print_text, text_of

if TYPE_CHECKING:
    from factsheet.crossbar.estimate import Estimate
    from factsheet.crossbar.figures import FigureName

CHANGE = 0.1
"""Of each constant, one at a time."""
_COLUMNS: dict[FigureName, str] = {
    "latency": "latency",
    "energy": "energy",
    "power": "power",
    "efficiency": "inferences/s/W",
    "area": "area",
}


def table(estimate: Estimate, name: str, *, to_file: bool) -> str:
    """One line a constant: what +10 % of it does to each figure.

    Args:
        estimate: of the chip.
        name: of the sheet.
        to_file: whether it goes to a file, which takes no colours.
    """
    import io

    from rich.text import Text  # loaded only for tables

    buffer = io.StringIO()
    console = console_for(buffer, to_file=to_file)
    print_text(
        console,
        f"{name} on {estimate.constants.profile}, batch {estimate.batch}, {estimate.structure}\n"
        f"What each figure does when a constant grows by {CHANGE:.0%}, worked out anew\n",
    )
    grid = grid_of(
        ("constant", "left"), ("standing", "left"), *((words, "right") for words in _COLUMNS.values())
    )
    for constant, moved in estimate.sensitivity(CHANGE).items():
        standing = getattr(estimate.constants, constant).standing
        cells = [f"{moved[figure]:+.2%}" if figure in moved else "-" for figure in _COLUMNS]
        grid.add_row(Text(constant), Text(standing), *map(Text, cells))
    print_grid(console, grid)
    return text_of(buffer)
