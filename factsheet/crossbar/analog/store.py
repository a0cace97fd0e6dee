"""Keeps programmed devices between two points in time, in as few bytes as their spread allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from factsheet.crossbar.analog.device import Kept, State


def dtype_of(kept: Kept) -> torch.dtype:
    """The type that a part of a device's state is stored as."""
    found = getattr(torch, kept.dtype)
    assert isinstance(found, torch.dtype)  # noqa: S101 - a name that the device's author wrote
    return found


def stored(values: torch.Tensor, kept: Kept) -> torch.Tensor:
    """The values in the units and within the limits of what they are stored as; takes their place."""
    dtype = dtype_of(kept)
    if dtype.is_floating_point:
        return values
    last = torch.iinfo(dtype)
    return values.mul_(1 / kept.step).round_().clamp_(last.min, last.max)


def restored(values: torch.Tensor, kept: Kept, dtype: torch.dtype) -> torch.Tensor:
    """What stored values stand for."""
    found = values.to(dtype)
    return found if kept.step == 1.0 else found.mul_(kept.step)


def rounded(state: State, kept: tuple[Kept, ...], dtype: torch.dtype) -> State:
    """A state as it would come back, so that nothing depends on whether it was kept or drawn again."""
    if not kept:
        return state
    return tuple(
        restored(stored(values, one).to(dtype_of(one)), one, dtype)
        for values, one in zip(state, kept, strict=True)
    )
