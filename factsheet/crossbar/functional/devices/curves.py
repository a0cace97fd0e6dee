"""Curves that figures of devices are given as: polynomials, tables, and two branches that meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

# A conductance of 0 has no logarithm; the limits of every fitted branch are reached far above this.
_R_MIN = 1e-7


def polynomial(r: torch.Tensor, coefficients: Sequence[float]) -> torch.Tensor:
    """Return the value at each r of the polynomial with these coefficients of 1, r, r² and so on."""
    found = torch.zeros_like(r)
    for coefficient in reversed(coefficients):
        found = found * r + coefficient
    return found


def interpolated(r: torch.Tensor, levels: Sequence[float], values: Sequence[float]) -> torch.Tensor:
    """Return a table's values at each r, linear between its levels; beyond them, the last.

    Args:
        r: where.
        levels: ascending.
        values: one for each level, or one for all.
    """
    if len(values) == 1:
        return r.new_tensor(values)
    places, table = r.new_tensor(levels), r.new_tensor(values)
    r = r.contiguous().clamp(levels[0], levels[-1])
    above = torch.searchsorted(places, r).clamp_(1, len(values) - 1)
    below = above - 1
    share = (r - places[below]) / (places[above] - places[below])
    return torch.lerp(table[below], table[above], share)


class Branches(NamedTuple):
    """A logarithm within limits for small r, a polynomial from `meets` on."""

    meets: float
    logarithm: tuple[float, float]
    """Factor of ln r, and what is added."""
    limits: tuple[float, float]
    coefficients: tuple[float, ...]
    """Of 1, r, r² and so on."""

    def at(self, r: torch.Tensor) -> torch.Tensor:
        """Return the value at each r."""
        factor, added = self.logarithm
        low = r.clamp(min=_R_MIN).log_().mul_(factor).add_(added).clamp_(*self.limits)
        return torch.where(r < self.meets, low, polynomial(r, self.coefficients))
