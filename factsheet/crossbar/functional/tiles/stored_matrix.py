"""What there is of a matrix on crossbars between two uses: tensors, seed and time, saved and loaded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn

from factsheet.crossbar.functional.draws import VERSION
from factsheet.crossbar.functional.tiles.products import Multiplier
from factsheet.errors import AnalogError, NotProgrammedError

if TYPE_CHECKING:
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware

_LATER = ("effective", "scale", "gain", "baseline")
_KEPT = "kept_"


class SavedMatrix(nn.Module):
    """The state of a matrix; `state_dict` holds all of it, so that a loaded simulation goes on where it was.

    Args:
        target: the digital weights.
        hardware: what they lie on.
        name: names the matrix within its network.
    """

    effective: torch.Tensor | None
    """Net conductances over g_max, tile after tile."""
    scale: torch.Tensor | None
    """The weight that g_max stands for, for each row of tiles and each column."""
    gain: torch.Tensor | None
    """That, times the factor that compensates for drift."""
    baseline: torch.Tensor | None
    """Read-out of each column at programming."""
    input_bound: torch.Tensor
    """Learnt bound of the DAC, in units of the layer's input; NaN until it is learnt."""
    output_bound: torch.Tensor
    """Learnt bound of the ADC, in full inputs on full weights; NaN until it is learnt."""

    def __init__(self, target: nn.Parameter, hardware: AnalogHardware, name: str) -> None:
        super().__init__()
        self.target = target
        self.hardware, self.name = hardware, name
        for buffer in _LATER:
            self.register_buffer(buffer, None)
        self.register_buffer("input_bound", torch.tensor(math.nan))
        self.register_buffer("output_bound", torch.tensor(math.nan))
        self.seed: int | None = None
        self.t_s = 0.0
        self.vectors = 0
        """Vectors multiplied at this point in time: the noise of the next one is keyed by it."""
        self._multiplier = Multiplier("")

    @property
    def title(self) -> str:
        """The name for messages."""
        return self.name or "the layer"

    @property
    def is_programmed(self) -> bool:
        """Whether there are conductances."""
        return self.seed is not None

    @property
    def key(self) -> str:
        """What all noise of the matrix is keyed by."""
        return f"{self.seed}/{self.name}"

    def bound_of(self, converter: str) -> float | None:
        """The fixed or learnt bound of `dac` or `adc`; None if it has none or follows each vector.

        Raises:
            AnalogError: it was to be learnt and was not.
        """
        bound = (self.hardware.dac if converter == "dac" else self.hardware.adc).bound
        if bound is None or bound == "dynamic":
            return None
        if not isinstance(bound, str):
            return bound
        learnt = float(self.input_bound if converter == "dac" else self.output_bound)
        if not 0 < learnt < math.inf:
            raise AnalogError(
                f"the bound of the {converter.upper()} of {self.title} has not been learnt",
                "the steps of the converter are unknown",
                "train with learnt bounds, or run data through the network within `calibrating`",
            )
        return learnt

    @property
    def kept(self) -> list[torch.Tensor]:
        """Stored states of the devices, part by part, device by device; empty if they are drawn again."""
        names = sorted((name for name in self._buffers if name.startswith(_KEPT)), key=len)
        return [getattr(self, name) for name in names]

    def keep(self, values: torch.Tensor) -> None:
        """Store one more part."""
        self.register_buffer(f"{_KEPT}{len(self.kept)}", values)

    def forget(self) -> None:
        """Store none."""
        for name in [name for name in self._buffers if name.startswith(_KEPT)]:
            delattr(self, name)

    @property
    def _dtype(self) -> torch.dtype:
        """What products are computed in: single precision, or double where the weights are."""
        return torch.float64 if self.target.dtype == torch.float64 else torch.float32

    def _programmed(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Conductances, scale and gain.

        Raises:
            NotProgrammedError: there are none yet.
        """
        if self.seed is None or self.effective is None or self.scale is None or self.gain is None:
            raise NotProgrammedError(self.name)
        return self.effective, self.scale, self.gain

    def get_extra_state(self) -> dict[str, object]:
        """What is saved beside the tensors."""
        return {
            "draws": VERSION,
            "hardware": self.hardware.digest,
            "name": self.name,
            "seed": self.seed,
            "t_s": self.t_s,
            "vectors": self.vectors,
        }

    def set_extra_state(self, state: dict[str, object]) -> None:
        """Continue where the saved matrix was.

        Raises:
            AnalogError: it lay on other hardware, or its numbers were drawn in another way.
        """
        for what, own in (("hardware", self.hardware.digest), ("draws", VERSION)):
            if state[what] != own:
                raise AnalogError(
                    f"{self.title} was saved with other {what} ({state[what]}, not {own})",
                    "its conductances could not be continued",
                    "convert with the hardware of the saved module, or program it again",
                )
        self.name, seed = str(state["name"]), state["seed"]
        self.seed = None if seed is None else int(str(seed))
        self.t_s, self.vectors = float(str(state["t_s"])), int(str(state["vectors"]))
        self._multiplier = Multiplier(f"{self.key}@{self.t_s!r}")

    def _load_from_state_dict(self, state_dict: dict[str, object], prefix: str, *rest: object) -> None:
        """Make room for what a programmed matrix has and one that is not programmed lacks, then load."""
        self.forget()
        kept = [name for name in state_dict if name.startswith(prefix + _KEPT)]
        for name in (*_LATER, *(name.removeprefix(prefix) for name in kept)):
            saved = state_dict.get(prefix + name)
            room = (
                torch.empty_like(saved, device=self.target.device)
                if isinstance(saved, torch.Tensor)
                else None
            )
            self.register_buffer(name, room)
        super()._load_from_state_dict(state_dict, prefix, *rest)
