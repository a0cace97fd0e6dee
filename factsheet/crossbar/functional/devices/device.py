"""The interface of a memory device.

A device says how it takes a conductance, what a reading shows later, and how its state is stored in between.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.crossbar.functional.draws import Draws


State = tuple["torch.Tensor", ...]
"""What stays of a device once it is programmed: its conductance in µS, then whatever its future depends on."""


class Kept(NamedTuple):
    """How one part of the state is stored between two points in time."""

    dtype: str
    """A name that torch knows, such as `float16`."""
    step: float = 1.0
    """The value of a stored 1."""


class Device(ABC):
    """A kind of memory device; one of your own is a frozen dataclass with these two methods.

    Both are functions of their arguments: the same draws give the same conductances. Conductances are in µS, times in
    seconds after programming.
    """

    range_us: ClassVar[tuple[float, float] | None] = None
    """Conductances that it is known for, in µS, where these are not any from 0 on: `g_min_us` and `g_max_us` of a
    hardware that states none."""
    kept: ClassVar[tuple[Kept, ...]] = ()
    """How the parts of the state are stored, all of them. Empty: not at all; then each point in time programs the same
    devices once more, from the seed, which takes no memory and more time."""

    @abstractmethod
    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> State:
        """Devices right after programming.

        Args:
            target: what was asked for, in µS, between 0 and `g_max`; must not be changed. It has the shape of the
                draws, or one element that stands for all.
            g_max: the largest conductance that is programmed, in µS.
            draws: noise of these devices.
        """

    @abstractmethod
    def conduct(self, state: State, g_max: float, t_s: float, draws: Draws) -> torch.Tensor:
        """Return conductances as a reading a time after programming finds them; the state may be changed on the way."""

    def conduct_each(
        self, state: State, g_max: float, times_s: Sequence[float], draws: Draws
    ) -> list[torch.Tensor]:
        """Return `conduct` of each of several times; the state may be changed on the way.

        A device may do at once what does not depend on the time.
        """
        return [
            self.conduct(state if left == 0 else tuple(part.clone() for part in state), g_max, t_s, draws)
            for left, t_s in zip(range(len(times_s) - 1, -1, -1), times_s, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class IdealDevice(Device):
    """A device that takes what it is given, keeps it and shows it."""

    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> State:  # noqa: ARG002 - the interface
        """Return what was asked for."""
        return (target.expand(draws.shape),)

    def conduct(self, state: State, g_max: float, t_s: float, draws: Draws) -> torch.Tensor:  # noqa: ARG002 - the interface
        """Return what was programmed."""
        return state[0].clone()


def dtype_of(kept: Kept) -> torch.dtype:
    """Return the type that a part of a device's state is stored as."""
    found = getattr(torch, kept.dtype)
    assert isinstance(found, torch.dtype)  # noqa: S101 - a name that the device's author wrote
    return found


def stored(values: torch.Tensor, kept: Kept) -> torch.Tensor:
    """Return the values in the units and within the limits of what they are stored as; takes their place."""
    dtype = dtype_of(kept)
    if dtype.is_floating_point:
        return values
    last = torch.iinfo(dtype)
    return values.mul_(1 / kept.step).round_().clamp_(last.min, last.max)


def restored(values: torch.Tensor, kept: Kept, dtype: torch.dtype) -> torch.Tensor:
    """Return the values that the stored ones represent."""
    found = values.to(dtype)
    return found if kept.step == 1.0 else found.mul_(kept.step)


def rounded(state: State, kept: tuple[Kept, ...], dtype: torch.dtype) -> State:
    """Return a state as it would come back, so that nothing depends on whether it was kept or drawn again."""
    if not kept:
        return state
    return tuple(
        restored(stored(values, one).to(dtype_of(one)), one, dtype)
        for values, one in zip(state, kept, strict=True)
    )
