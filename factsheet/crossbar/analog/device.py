"""What a memory device is to the simulator: how it takes a conductance, how that drifts, and what a reading shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from factsheet.crossbar.analog.draws import Draws


class Device(ABC):
    """A kind of memory device; one of your own is a frozen dataclass with these three methods.

    Each method is a function of its arguments: it computes the same conductances from the same draws, for nothing
    but the seed is kept between two points in time. Conductances are in µS, times in seconds after programming.
    """

    @abstractmethod
    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> torch.Tensor:
        """Conductances right after programming.

        Args:
            target: what was asked for, in µS, between 0 and `g_max`; must not be changed.
            g_max: the largest conductance that is programmed, in µS.
            draws: noise of these devices.
        """

    @abstractmethod
    def drift(
        self, programmed: torch.Tensor, target: torch.Tensor, g_max: float, t_s: float, draws: Draws
    ) -> torch.Tensor:
        """Mean conductances a time after programming."""

    @abstractmethod
    def read(
        self, drifted: torch.Tensor, programmed: torch.Tensor, g_max: float, t_s: float, draws: Draws
    ) -> torch.Tensor:
        """Conductances as a reading at that time finds them; `drifted` may be changed."""


@dataclass(frozen=True, slots=True)
class IdealDevice(Device):
    """A device that takes what it is given, keeps it and shows it."""

    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> torch.Tensor:  # noqa: ARG002 - the interface
        """What was asked for."""
        return target.clone()

    def drift(
        self,
        programmed: torch.Tensor,
        target: torch.Tensor,  # noqa: ARG002 - the interface
        g_max: float,  # noqa: ARG002 - the interface
        t_s: float,  # noqa: ARG002 - the interface
        draws: Draws,  # noqa: ARG002 - the interface
    ) -> torch.Tensor:
        """What was programmed."""
        return programmed.clone()

    def read(
        self,
        drifted: torch.Tensor,
        programmed: torch.Tensor,  # noqa: ARG002 - the interface
        g_max: float,  # noqa: ARG002 - the interface
        t_s: float,  # noqa: ARG002 - the interface
        draws: Draws,  # noqa: ARG002 - the interface
    ) -> torch.Tensor:
        """What is there."""
        return drifted
