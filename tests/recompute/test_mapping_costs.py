"""What digital layers take and save, beside all layers on tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.recompute.comparisons.mapping_costs import CostedFigure, mapping_cost
from factsheet.recompute.engine import recompute
from factsheet.recompute.request import Request, request_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

QUERIES = "*query*"


def test_digital_queries_of_bert_leave_their_tiles_and_operations(bert: SheetFields) -> None:
    found = mapping_cost(bert, Request(), [QUERIES])
    assert not found.problem
    assert found.tiles is not None
    before, after = found.tiles
    # 12 query matrices of 768 x 768 on tiles of 512 x 512: two by two each.
    assert before - after == 12 * 4
    # Two operations a weight and token, 32 tokens.
    assert found.moved_ops == 12 * 768 * 768 * 2 * 32
    assert found.point == "sequence length 32 (declared), batch 4 (declared)"
    assert found.profile == "ibm-2022"
    assert [figure.name for figure in found.figures] == ["energy", "latency", "area_tiles"]
    area = found.figures[2]
    # All tiles are of one size.
    assert area.mixed / area.all_on_tiles == pytest.approx(after / before)
    assert area.change == pytest.approx(after / before - 1)


def test_both_sides_are_what_is_estimated_alone(bert: SheetFields) -> None:
    found = mapping_cost(bert, Request(), [QUERIES])
    alone = recompute(bert).chip.estimate
    assert alone is not None
    for figure in found.figures:
        assert figure.all_on_tiles == alone.totals[figure.name].value


@pytest.mark.parametrize(
    ("chip", "missing", "saves"),
    [
        # No published figures of a digital operation, so that a saving says up to which one it pays.
        ("ibm-2022", "energy and no time", True),
        # 1 / (5 to 7 TOPS/W) in digital circuits is in doi:10.1038/s41467-025-63794-4, p. 7; no rate is.
        ("ambrogio-34", "time", False),
    ],
)
def test_what_digital_operations_take_is_missing_or_counted(
    bert: SheetFields, chip: str, missing: str, saves: bool
) -> None:
    found = mapping_cost(bert, request_with(None, hardware=chip), [QUERIES])
    assert found.profile == chip
    notes = [note for note in found.notes if note.startswith(f"{chip} has no ")]
    assert [note.partition(" of a digital operation")[0] for note in notes] == [f"{chip} has no {missing}"]
    energy = next(figure for figure in found.figures if figure.name == "energy")
    assert found.moved_ops is not None
    each = (energy.all_on_tiles - energy.mixed) / found.moved_ops
    expected = [f"the tiles save {each * 1e15:.2f} fJ for each operation that is moved"] if saves else []
    assert [note.partition(":")[0] for note in found.notes if note.startswith("the tiles save")] == expected
    assert found.notes[-1] == "reading the weights of digital layers from memory is in no profile"


def test_with_nothing_moved_both_are_the_same(bert: SheetFields) -> None:
    found = mapping_cost(bert, Request(), [])
    assert found.moved_ops == 0
    assert all(figure.change == 0 for figure in found.figures)
    assert not any("digital" in note for note in found.notes)


def test_without_a_chip_there_is_a_reason(sheet_with: Callable[..., SheetFields]) -> None:
    found = mapping_cost(sheet_with(), Request(seq_len=8, batch=1), [QUERIES])
    assert found.problem
    assert found.figures == ()
    assert found.profile == ""


def test_texts_say_which_way_a_figure_is_off() -> None:
    exact = CostedFigure("latency", 2e-3, 1e-3, None)
    assert exact.texts == ("2 ms", "1 ms")
    assert exact.change == pytest.approx(-0.5)
    assert CostedFigure("energy", 2e-3, 1e-3, "at least").texts == ("at least 2 mJ", "at least 1 mJ")
    assert CostedFigure("energy", 0.0, 1e-3, None).change is None
