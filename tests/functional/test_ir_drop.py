"""IR drop against the exact solution of the resistor network."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from factsheet.crossbar.functional.tiles.ir_drop import IrDrop
from factsheet.errors import AnalogError

OUTPUTS, INPUTS = 4, 5


def currents_by_kirchhoff(g: np.ndarray, wire_ohm: float, volts: np.ndarray) -> np.ndarray:
    """Currents at the ends of the column wires; g in siemens, outputs down, inputs across.

    Each cell has a node on its row wire, driven before the first column, and one on its column wire, which is held at
    0 volts behind the last row. Every segment has the same resistance.
    """
    cells = OUTPUTS * INPUTS
    wire = 1 / wire_ohm
    matrix, source = np.zeros((2 * cells, 2 * cells)), np.zeros(2 * cells)

    def row(i: int, j: int) -> int:
        return i * OUTPUTS + j

    def col(i: int, j: int) -> int:
        return cells + i * OUTPUTS + j

    def join(a: int, b: int, siemens: float) -> None:
        matrix[a, a] += siemens
        matrix[b, b] += siemens
        matrix[a, b] -= siemens
        matrix[b, a] -= siemens

    for i in range(INPUTS):
        matrix[row(i, 0), row(i, 0)] += wire
        source[row(i, 0)] += wire * volts[i]
        for j in range(OUTPUTS):
            join(row(i, j), col(i, j), g[j, i])
            if j + 1 < OUTPUTS:
                join(row(i, j), row(i, j + 1), wire)
            if i + 1 < INPUTS:
                join(col(i, j), col(i + 1, j), wire)
    for j in range(OUTPUTS):
        matrix[col(INPUTS - 1, j), col(INPUTS - 1, j)] += wire
    potential = np.linalg.solve(matrix, source)
    return np.array([wire * potential[col(INPUTS - 1, j)] for j in range(OUTPUTS)])


def difference(wire_ohm: float) -> float:
    """Relative difference between the first-order model and the exact currents."""
    rng = np.random.default_rng(5)
    micro = rng.uniform(0, 25, (OUTPUTS, INPUTS))
    volts = rng.uniform(-1, 1, INPUTS)
    exact = currents_by_kirchhoff(micro * 1e-6, wire_ohm, volts)
    plus, _ = IrDrop(wire_ohm).apply(
        torch.from_numpy(micro), torch.zeros(OUTPUTS, INPUTS, dtype=torch.float64)
    )
    return float(np.abs(plus.numpy() @ volts * 1e-6 - exact).max() / np.abs(exact).max())


def test_what_the_first_order_leaves_out_is_of_second_order() -> None:
    one, half = difference(40.0), difference(20.0)
    # 40 ohms take about 2 % from these cells; without the model the difference would be of that size and halve.
    assert one < 2e-3
    assert one / half == pytest.approx(4.0, rel=0.1)


def test_devices_of_both_signs_share_the_row_wires_only() -> None:
    plus, minus = torch.full((3, 3), 10.0), torch.full((3, 3), 20.0)
    alone, _ = IrDrop(100.0).apply(plus, torch.zeros(3, 3))
    together, _ = IrDrop(100.0).apply(plus, minus)
    # Last output, first input, 3 × 3 cells: the row wire brings 3·3·20 + ... = Σ min(3, j)·20 = 120 µS more, by hand.
    assert float(alone[2, 0] - together[2, 0]) == pytest.approx(10.0 * 100e-6 * (20 + 40 + 60), rel=1e-4)


def test_impossible_wires_are_refused() -> None:
    for ohms in (-1.0, math.nan, math.inf):
        with pytest.raises(AnalogError, match="ohms"):
            IrDrop(ohms)
    with pytest.raises(AnalogError, match="first-order"):
        IrDrop(10.0).apply(torch.full((512, 512), 25.0), torch.zeros(512, 512))


def circuit(plus: np.ndarray, minus: np.ndarray, wire_ohm: float, *, shared: bool) -> np.ndarray:
    """Net conductances, in siemens, that the ends of the columns show of one input after the other.

    Solves Kirchhoff's laws for every node, a sparse system: a node on a row wire and one on a column wire for each
    device; devices of both signs hang on the same node of a shared row wire.
    """
    sparse = pytest.importorskip("scipy.sparse", reason="scipy is not installed")
    solve = pytest.importorskip("scipy.sparse.linalg").spsolve
    outputs, inputs = plus.shape
    cells, wire = outputs * inputs, 1 / wire_ohm
    i, j = np.meshgrid(np.arange(inputs), np.arange(outputs), indexing="ij")
    rows = [i * outputs + j + (0 if shared else sign * cells) for sign in (0, 1)]
    first_column = cells if shared else 2 * cells
    cols = [i * outputs + j + first_column + sign * cells for sign in (0, 1)]
    count = first_column + 2 * cells
    at: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def join(a: np.ndarray, b: np.ndarray, siemens: np.ndarray | float) -> None:
        a, b = a.ravel(), b.ravel()
        each = np.broadcast_to(siemens, a.shape)
        at.extend([(a, a, each), (b, b, each), (a, b, -each), (b, a, -each)])

    def hold(a: np.ndarray) -> None:
        at.append((a, a, np.full(a.shape, wire)))

    for row in rows[: 1 if shared else 2]:
        hold(row[:, 0])
        join(row[:, :-1], row[:, 1:], wire)
    for row, col, devices in zip(rows, cols, (plus, minus), strict=True):
        join(row, col, devices.T.ravel())
        join(col[:-1], col[1:], wire)
        hold(col[-1])
    down, across, siemens = (np.concatenate(parts) for parts in zip(*at, strict=True))
    source = np.zeros((count, inputs))
    for row in rows[: 1 if shared else 2]:
        source[row[:, 0], np.arange(inputs)] += wire
    potential = solve(sparse.csc_matrix((siemens, (down, across)), shape=(count, count)), source)
    return np.asarray(wire * (potential[cols[0][-1]] - potential[cols[1][-1]]))


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("wire_ohm", [10.0, 40.0])
def test_the_first_order_is_within_a_third_of_the_square_of_the_largest_loss(
    shared: bool, wire_ohm: float
) -> None:
    weights = np.clip(np.random.default_rng(3).normal(0, 0.35, (12, 16)), -1, 1) * 25
    plus, minus = np.clip(weights, 0, None) + 1e-3, np.clip(-weights, 0, None) + 1e-3
    drop = IrDrop(wire_ohm, "shared" if shared else "separate")
    found = [part.numpy() for part in drop.apply(torch.from_numpy(plus), torch.from_numpy(minus))]
    largest = max(float((1 - one / other).max()) for one, other in zip(found, (plus, minus), strict=True))
    volts = np.random.default_rng(4).uniform(-1, 1, (16, 200))
    ideal, exact = (
        (plus - minus) @ volts,
        circuit(plus * 1e-6, minus * 1e-6, wire_ohm, shared=shared) @ volts * 1e6,
    )
    model = (found[0] - found[1]) @ volts
    size = np.sqrt((ideal**2).mean())
    left = np.sqrt(((model - exact) ** 2).mean()) / size
    effect = np.sqrt(((ideal - exact) ** 2).mean()) / size
    assert left < largest**2 / 2
    assert left < effect / 8  # it is a model of them, not only small


def test_wires_that_the_first_order_hardly_holds_for_are_named() -> None:
    with pytest.warns(UserWarning, match="20 ohms a cell take up to 3.%"):
        IrDrop(20.0).apply(torch.full((40, 40), 10.0), torch.zeros(40, 40))
    with pytest.raises(AnalogError, match="row wires"):
        IrDrop(1.0, "none")  # type: ignore[arg-type]
