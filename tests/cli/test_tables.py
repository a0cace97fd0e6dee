"""Tables on terminals that are too narrow for them."""

from __future__ import annotations

import io

from rich.console import Console
from rich.text import Text

from factsheet.cli.terminal import grid_of, print_grid


def test_numbers_and_names_stay_whole_on_a_narrow_terminal() -> None:
    buffer = io.StringIO()
    grid = grid_of(
        ("fact", "left"), ("the model", "right"), ("inferences/s/W", "right"), ("rests on", "left")
    )
    grid.add_row(*map(Text, ("chip.energy_per_inference", "149.6 µJ", "72,383,669", "fitted constants")))
    print_grid(Console(file=buffer, width=30), grid)
    words = buffer.getvalue().split()
    assert {"chip.energy_per_inference", "149.6", "72,383,669", "inferences/s/W"} <= set(words)
