"""One stored matrix on its tiles: programmed, drifting, read, and multiplied by vectors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn

from factsheet.crossbar.analog.calibration import Observation
from factsheet.crossbar.analog.cells import conductances_at
from factsheet.crossbar.analog.draws import VERSION, Draws
from factsheet.crossbar.analog.errors import AnalogError, NotProgrammedError
from factsheet.crossbar.analog.product import Multiplier
from factsheet.crossbar.mapping import map_matrix
from factsheet.workload.operators import StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.analog.hardware import AnalogHardware
    from factsheet.crossbar.mapping import MappedMatrix

Block = tuple[int, slice, slice]
"""A tile: which one of those below each other, the outputs that it holds and the inputs."""


class AnalogMatrix(nn.Module):
    """The conductances of one stored matrix; layers that share weights share this.

    What is kept is the digital weight, one number for each weight that products are computed with, and the seed: a
    later point in time programs the same devices again, in thought, tile by tile.

    Args:
        target: the digital weights, with outputs first; shared, not copied.
        hardware: what they lie on.
        name: names the matrix within its network; with the seed it determines all noise.
        groups: matrices below each other in `target`, such as the groups of a convolution.
        transposed: whether inputs come first in `target`.

    Raises:
        AnalogError: a weight is NaN or infinite, or there are none.
    """

    effective: torch.Tensor | None
    scale: torch.Tensor | None
    gain: torch.Tensor | None
    baseline: torch.Tensor | None
    reading: torch.Tensor | None
    input_bound: torch.Tensor
    output_bound: torch.Tensor

    def __init__(
        self,
        target: nn.Parameter,
        hardware: AnalogHardware,
        name: str = "",
        *,
        groups: int = 1,
        transposed: bool = False,
    ) -> None:
        super().__init__()
        self.target = target
        self.hardware, self.name, self.groups, self.transposed = hardware, name, groups, transposed
        if not target.numel():
            raise AnalogError(f"{name or 'the layer'} has no weights", "there is nothing to program", "leave it digital")
        self.check()
        outputs, inputs = self.weights.shape
        columns = outputs // groups
        matrix = StaticMatmul(name, "", inputs, columns, 1, matrices=groups)
        self.mapped: MappedMatrix = map_matrix(matrix, hardware.tile)
        self.row_splits = [
            slice(at, min(at + hardware.tile.rows, inputs)) for at in range(0, inputs, hardware.tile.rows)
        ]
        self.col_splits = [
            slice(group + at, group + min(at + hardware.tile.cols, columns))
            for group in range(0, outputs, columns)
            for at in range(0, columns, hardware.tile.cols)
        ]
        for buffer in ("effective", "scale", "gain", "baseline", "reading"):
            self.register_buffer(buffer, None)
        self.register_buffer("input_bound", torch.tensor(math.nan))
        self.register_buffer("output_bound", torch.tensor(math.nan))
        self.seed: int | None = None
        self.t_s = 0.0
        self.vectors = 0
        self._multiplier = Multiplier("")
        self._observation: Observation | None = None

    @property
    def weights(self) -> torch.Tensor:
        """The digital weights as a matrix, outputs down, inputs across."""
        flat = self.target.detach().flatten(1)
        return flat.t() if self.transposed else flat

    @property
    def is_programmed(self) -> bool:
        """Whether there are conductances."""
        return self.seed is not None

    def check(self) -> None:
        """Look for weights that no conductance can stand for.

        Raises:
            AnalogError: a weight is NaN or infinite.
        """
        # The sum is NaN or infinite if one of them is; no mask of the size of the weights is needed.
        if not math.isfinite(float(self.target.detach().sum(dtype=torch.float64))):
            raise AnalogError(
                f"{self.name or 'the layer'} holds weights that are NaN or infinite",
                "no conductance stands for those",
                "look for where training diverged, or for a file that was cut off",
            )

    def blocks(self) -> Iterator[Block]:
        """The tiles, in no order that matters."""
        for k, inputs in enumerate(self.row_splits):
            for outputs in self.col_splits:
                yield k, outputs, inputs

    def scales(self) -> torch.Tensor:
        """The weight that is given g_max, for each column of each tile: one row for each tile below another."""
        weights, dtype = self.weights, self._dtype
        limit = math.inf
        if self.hardware.clip_sigma is not None:
            mean = weights.mean(dtype=dtype)
            limit = self.hardware.clip_sigma * float((weights - mean).square_().mean(dtype=dtype).sqrt_())
        scale = torch.ones((len(self.row_splits), len(weights)), dtype=dtype, device=weights.device)
        for k, columns, rows in self.blocks():
            largest = weights[columns, rows].abs().to(dtype)
            largest = largest.amax(1) if self.hardware.scale == "column" else largest.amax()
            # A column of zeros has nothing to be scaled to.
            scale[k, columns] = largest.clamp_(max=limit).masked_fill(largest == 0, 1.0)
        return scale

    @property
    def _dtype(self) -> torch.dtype:
        return torch.float64 if self.target.dtype == torch.float64 else torch.float32

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def program(self, seed: int) -> None:
        """Program all devices, and read them at once: the matrix is at time 0 afterwards.

        Raises:
            AnalogError: a weight is NaN or infinite.
        """
        self.check()
        weights = self.weights
        self.effective = torch.empty_like(weights, dtype=self._dtype, memory_format=torch.contiguous_format)
        self.scale = self.scales()
        self.seed = seed
        self.baseline = None
        self.at(0.0)
        self.baseline = self.reading.clone() if self.reading is not None else None

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def at(self, t_s: float) -> None:
        """Let so many seconds pass since programming, read, and compensate as the hardware says.

        Raises:
            NotProgrammedError: there are no conductances yet.
            AnalogError: the time is before programming, or no time.
        """
        if not 0 <= t_s < math.inf:
            raise AnalogError(
                f"{t_s} s after programming", "conductances exist from programming on", "give 0 seconds or more"
            )
        effective, scale = self._programmed()
        weights = self.weights
        self.reading = torch.zeros_like(scale)
        for k, columns, rows in self.blocks():
            relative = weights[columns, rows].to(effective.dtype) / scale[k, columns, None]
            draws = self._draws(k, columns, relative)
            tile = effective[columns, rows]
            tile.copy_(conductances_at(relative.clamp_(-1.0, 1.0), self.hardware, t_s, draws))
            self.reading[k, columns] = self._read_out(tile, draws, t_s)
        self.t_s, self.vectors = t_s, 0
        self.gain = scale.clone()
        self._multiplier = Multiplier(f"{self._key}@{t_s!r}")
        if self.baseline is not None and self.hardware.compensation != "none":
            self.compensate(self.hardware.compensation)

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def compensate(self, kind: str) -> None:
        """Correct for drift up to now: outputs are scaled by the read-out at programming over the one of now.

        Args:
            kind: `global`, one factor a tile, or `column`, one a column.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        _, scale = self._programmed()
        if self.baseline is None or self.reading is None:
            raise NotProgrammedError(self.name)
        before, now = self.baseline, self.reading
        if kind == "global":
            before, now = before.clone(), now.clone()
            for k, columns, _ in self.blocks():
                before[k, columns], now[k, columns] = before[k, columns].sum(), now[k, columns].sum()
        factor = torch.where((before > 0) & (now > 0), before / now, torch.ones_like(now))
        self.gain = scale * factor

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def forward(self, x: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
        """Multiply vectors.

        Args:
            x: one vector a row, of the inputs of all groups.
            bias: added digitally.

        Raises:
            NotProgrammedError: there are no conductances yet.
            AnalogError: a bound that was to be learnt was not.
        """
        if self._observation is not None:
            y = self._observation.product(x, self)
            return y if bias is None else y + bias
        effective, _ = self._programmed()
        if self.gain is None:
            raise NotProgrammedError(self.name)
        # Under autocast the products would be rounded to bfloat16, which no hardware asked for.
        with torch.autocast(x.device.type, enabled=False):
            y = self._multiplier(x.to(effective.dtype), effective, self.gain, bias, self)
        self.vectors += len(x)
        return y

    def observe(self, on: bool) -> None:
        """Start to take note of the largest values, or stop and make them the learnt bounds."""
        if on:
            self._observation = Observation()
        elif self._observation is not None:
            if self._observation.largest_input:
                self.input_bound.fill_(self._observation.largest_input)
                self.output_bound.fill_(self._observation.largest_output(self))
            self._observation = None

    def acting(self) -> torch.Tensor:
        """The weights as products see them now, outputs down, inputs across, before any converter.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        effective, _ = self._programmed()
        if self.gain is None:
            raise NotProgrammedError(self.name)
        out = effective.clone()
        for k, rows in enumerate(self.row_splits):
            out[:, rows] *= self.gain[k, :, None]
        return out

    def bound_of(self, converter: str) -> torch.Tensor | float | None:
        """The fixed or learnt bound of `dac` or `adc`; None if it has none or follows each vector.

        Raises:
            AnalogError: it was to be learnt and was not.
        """
        bound = (self.hardware.dac if converter == "dac" else self.hardware.adc).bound
        if bound != "learnt":
            return None if bound == "dynamic" else bound
        learnt = float(self.input_bound if converter == "dac" else self.output_bound)
        if not 0 < learnt < math.inf:
            raise AnalogError(
                f"the bound of the {converter.upper()} of {self.name or 'the layer'} has not been learnt",
                "the steps of the converter are unknown",
                "train with learnt bounds, or call `calibrate`",
            )
        return learnt

    def _programmed(self) -> tuple[torch.Tensor, torch.Tensor]:
        if self.seed is None or self.effective is None or self.scale is None:
            raise NotProgrammedError(self.name)
        return self.effective, self.scale

    @property
    def _key(self) -> str:
        return f"{self.seed}/{self.name}"

    def _draws(self, k: int, columns: slice, tile: torch.Tensor) -> Draws:
        outputs, inputs = tile.shape
        return Draws(f"{self._key}/{k}.{columns.start}", (outputs, inputs), tile.device)

    def _read_out(self, tile: torch.Tensor, draws: Draws, t_s: float) -> torch.Tensor:
        """The sum of each column's absolute conductances; following aihwkit, as its ADC shows them one by one."""
        if self.hardware.follow == "aihwkit":
            shown = tile
            if self.hardware.output_noise:
                noise = draws.normal(f"read-out@{t_s!r}")
                shown = noise.mul_(self.hardware.output_noise).add_(tile)
            if not self.hardware.adc.is_exact:
                shown = self.hardware.adc.convert(shown, self.bound_of("adc"))
            # Of an empty read-out it takes 10⁻⁴ on average.
            return shown.abs().mean(1).clamp_(min=1e-4)
        return tile.abs().sum(1)

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
                    f"{self.name or 'the layer'} was saved with other {what} ({state[what]}, not {own})",
                    "its conductances could not be continued",
                    "convert with the hardware of the saved module, or program it again",
                )
        self.name, self.t_s, self.vectors = str(state["name"]), float(str(state["t_s"])), int(str(state["vectors"]))
        self.seed = None if state["seed"] is None else int(str(state["seed"]))
        self._multiplier = Multiplier(f"{self._key}@{self.t_s!r}")

    def _load_from_state_dict(self, state_dict: dict[str, object], prefix: str, *rest: object) -> None:
        for buffer in ("effective", "scale", "gain", "baseline", "reading"):
            saved = state_dict.get(prefix + buffer)
            own = getattr(self, buffer)
            if not isinstance(saved, torch.Tensor):
                setattr(self, buffer, None)
            elif own is None or own.shape != saved.shape:
                setattr(self, buffer, torch.empty_like(saved, device=self.target.device))
        super()._load_from_state_dict(state_dict, prefix, *rest)
