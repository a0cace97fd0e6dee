"""Reads the conductances of a matrix out, at programming and later, to correct for the drift in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from factsheet.crossbar.analog.draws import Draws

if TYPE_CHECKING:
    from factsheet.crossbar.analog.matrix import AnalogMatrix

_LEAST = 1e-4


def read_out(matrix: AnalogMatrix) -> torch.Tensor:
    """The sum of absolute net conductances over g_max, for each row of tiles and each column.

    Following aihwkit, as the noisy ADC shows them for one-hot inputs, and no less than 10⁻⁴ on average.
    """
    hardware = matrix.hardware
    first = matrix.tile(0, matrix.col_splits[0])
    sums = first.new_zeros((len(matrix.row_splits), len(matrix.weights)))
    for k, columns, _ in matrix.blocks():
        tile = matrix.tile(k, columns)
        if hardware.follow == "equations":
            sums[k, columns] = tile.abs().sum(0)
            continue
        shown = tile
        if hardware.output_noise:
            key = f"{matrix.key}/{k}.{columns.start}/read-out@{matrix.t_s!r}"
            noise = Draws(key, (tile.shape[0], tile.shape[1]), tile.device).normal("noise")
            shown = noise.mul_(hardware.output_noise).add_(tile)
        if not hardware.adc.is_exact:
            shown = hardware.adc.convert(shown, matrix.bound_of("adc"))
        sums[k, columns] = shown.abs().sum(0).clamp_(min=_LEAST * len(tile))
    return sums


def factors(matrix: AnalogMatrix, before: torch.Tensor, now: torch.Tensor, kind: str) -> torch.Tensor:
    """What outputs are to be multiplied by: the read-out at programming over the one of now.

    Args:
        matrix: has the tiles.
        before: read-out at programming.
        now: read-out now.
        kind: `global`, one factor a tile, or `column`, one a column.
    """
    if kind == "global":
        before, now = before.clone(), now.clone()
        for k, columns, _ in matrix.blocks():
            before[k, columns], now[k, columns] = before[k, columns].sum(), now[k, columns].sum()
    return torch.where((before > 0) & (now > 0), before / now, torch.ones_like(now))
