"""A matrix between two uses: its cut into tiles, its tensors, seed and time; saved and loaded."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING

import torch
from torch import nn

from factsheet.crossbar.functional.draws import VERSION
from factsheet.crossbar.mapping import map_matrix
from factsheet.errors import AnalogError, NotProgrammedError
from factsheet.networks.operators import StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.mapping import MappedMatrix

_LATER = ("effective", "scale", "gain", "baseline")
_KEPT = "kept_"


_STRIP = 1024
"""Columns of tiles beside each other that a product takes at once: with 128 vectors, half a megabyte."""
Block = tuple[int, slice, slice]
"""A tile: which one of those below each other, the outputs that it holds and the inputs."""


class MatrixState(nn.Module):
    """A matrix cut into tiles, and its state; `state_dict` holds all of it, so that a loaded simulation goes on.

    Args:
        target: the digital weights, with outputs first; shared, not copied.
        hardware: the tiles that they are on.
        name: names the matrix within its network; with the seed it determines all noise.
        groups: matrices below each other in `target`, such as the groups of a convolution.
        transposed: whether inputs come first in `target`.

    Raises:
        AnalogError: a weight is NaN or infinite, or there are none.
    """

    effective: torch.Tensor | None
    """Net conductances over g_max, tile after tile."""
    scale: torch.Tensor | None
    """The weight that g_max represents, for each row of tiles and each column."""
    gain: torch.Tensor | None
    """That, times the factor that compensates for drift."""
    baseline: torch.Tensor | None
    """Read-out of each column at programming."""
    input_bound: torch.Tensor
    """Learnt bounds of the DACs, one for each row of tiles, in units of the layer's input; NaN until learnt."""
    output_bound: torch.Tensor
    """Learnt bound of the ADC, in full inputs on full weights; NaN until it is learnt."""

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
        self.hardware, self.name = hardware, name
        for buffer in _LATER:
            self.register_buffer(buffer, None)
        self.register_buffer("output_bound", torch.tensor(math.nan))
        self.seed: int | None = None
        self.t_s = 0.0
        self.vectors = 0
        """Vectors multiplied at this point in time: the noise of the next one is keyed by it."""
        self.groups, self.transposed = groups, transposed
        if not target.numel():
            raise AnalogError(
                f"{self.title} has no weights", "there is nothing to program", "leave it digital"
            )
        self.check()
        outputs, inputs = self.weights.shape
        columns = outputs // groups
        matrix = StaticMatmul(name, "", inputs, columns, 1, matrices=groups)
        self.mapped: MappedMatrix = map_matrix(matrix, hardware.tile_for(inputs, columns))
        self.row_splits, parts = hardware.row_parts(inputs), hardware.col_parts(columns)
        self.col_splits = [
            slice(group + part.start, group + part.stop)
            for group in range(0, outputs, columns)
            for part in parts
        ]
        # What takes its bound from what it sees, or repeats what reaches one, has to see one tile at a time.
        self.register_buffer("input_bound", torch.full((len(self.row_splits),), math.nan))
        widest = max(part.stop - part.start for part in parts)
        alone = hardware.adc.bound == "dynamic" or hardware.bound_management != "none"
        together = 1 if alone else max(1, _STRIP // widest)
        self.strips = [
            slice(group + beside[0].start, group + beside[-1].stop)
            for group in range(0, outputs, columns)
            for beside in (parts[at : at + together] for at in range(0, len(parts), together))
        ]
        stored = [(k, r, strip) for k, r in enumerate(self.row_splits) for strip in self.strips]
        ends = accumulate((r.stop - r.start) * (strip.stop - strip.start) for _, r, strip in stored)
        self._ends = {(k, strip.start): end for (k, _, strip), end in zip(stored, ends, strict=True)}

    @property
    def title(self) -> str:
        """The name for messages."""
        return self.name or "the layer"

    @property
    def weights(self) -> torch.Tensor:
        """The digital weights as a matrix, outputs down, inputs across."""
        flat = self.target.detach().flatten(1)
        return flat.t() if self.transposed else flat

    def check(self) -> None:
        """Look for weights that no conductance can represent.

        Raises:
            AnalogError: a weight is NaN or infinite, or there are no values on the meta device.
        """
        if self.target.is_meta:
            raise AnalogError(
                f"{self.title} is on the meta device",
                "its weights have no values",
                "load the network's weights",
            )
        # The sum is NaN or infinite if one of them is, or if it is too large: then a mask of their size is worth it.
        weights = self.target.detach()
        if not math.isfinite(float(weights.sum())) and not bool(weights.isfinite().all()):
            raise AnalogError(
                f"{self.title} holds weights that are NaN or infinite",
                "no conductance represents those",
                "look for where training diverged, or for a file that was cut off",
            )

    def blocks(self) -> Iterator[Block]:
        """Return the tiles, in no order that matters."""
        for k, inputs in enumerate(self.row_splits):
            for outputs in self.col_splits:
                yield k, outputs, inputs

    def tile(self, k: int, columns: slice) -> torch.Tensor:
        """Net conductances of a tile over g_max, inputs down, outputs across.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        strip = next(one for one in self.strips if one.start <= columns.start < one.stop)
        return self.strip(k, strip)[:, columns.start - strip.start : columns.stop - strip.start]

    def strip(self, k: int, columns: slice) -> torch.Tensor:
        """Return `tile` for all tiles of a strip side by side.

        Each strip is in memory by itself: a product with a part of a larger matrix takes a third longer.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        effective, _, _ = self._programmed()
        rows, count = self.row_splits[k], columns.stop - columns.start
        end = self._ends[k, columns.start]
        return effective[end - (rows.stop - rows.start) * count : end].view(-1, count)

    @torch.no_grad()
    def scales(self) -> torch.Tensor:
        """Return the weight that is given g_max, for each column of each tile: one row for each tile below another."""
        weights, dtype = self.weights, self._dtype
        limit = math.inf
        if self.hardware.clip_sigma is not None:
            limit = self.hardware.clip_sigma * float(weights.to(dtype).std(correction=0))
        scale = torch.ones((len(self.row_splits), len(weights)), dtype=dtype, device=weights.device)
        for k, columns, rows in self.blocks():
            largest = weights[columns, rows].abs().amax(1).to(dtype)
            if self.hardware.scale == "tile":
                largest = largest.amax()
            # A column of zeros has nothing to be scaled to.
            scale[k, columns] = largest.masked_fill(largest == 0, 1.0).clamp_(max=limit or 1.0)
        return scale

    @property
    def is_programmed(self) -> bool:
        """True if there are conductances."""
        return self.seed is not None

    @property
    def key(self) -> str:
        """What all noise of the matrix is keyed by."""
        return f"{self.seed}/{self.name}"

    def input_bounds(self) -> list[float] | None:
        """Return the fixed or learnt bounds of the DACs, one for each row of tiles; None if they have none.

        Raises:
            AnalogError: they were to be learnt and were not.
        """
        bound = self.hardware.dac.bound
        if bound is None or bound == "dynamic":
            return None
        if not isinstance(bound, str):
            return [bound] * len(self.row_splits)
        return [self._learnt(float(one), "DAC") for one in self.input_bound]

    def adc_bound(self) -> float | None:
        """Return the fixed or learnt bound of the ADCs; None if they have none or follow each vector.

        Raises:
            AnalogError: it was to be learnt and was not.
        """
        bound = self.hardware.adc.bound
        if bound is None or bound == "dynamic":
            return None
        return self._learnt(float(self.output_bound), "ADC") if isinstance(bound, str) else bound

    def take_input_bounds(self, learnt: float | Sequence[float] | torch.Tensor) -> None:
        """Take learnt bounds of the DACs: one for all, or one for each row of tiles.

        Raises:
            AnalogError: there are others than rows of tiles.
        """
        values = torch.as_tensor(
            learnt, dtype=self.input_bound.dtype, device=self.input_bound.device
        ).flatten()
        if len(values) not in {1, len(self.row_splits)}:
            raise AnalogError(
                f"{self.title} has {len(values)} learnt bounds of inputs, and {len(self.row_splits)} tiles below each "
                "other",
                "each row of tiles has one",
                "use the tiles that it was trained with",
            )
        self.input_bound.copy_(values.expand(len(self.row_splits)))

    def _learnt(self, bound: float, converter: str) -> float:
        if not 0 < bound < math.inf:
            raise AnalogError(
                f"the bound of the {converter} of {self.title} has not been learnt",
                "the steps of the converter are unknown",
                "train with learnt bounds, or run data through the network within `calibrating` (`--calibrate`)",
            )
        return bound

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
        """Return what is saved beside the tensors."""
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
            AnalogError: it was on other hardware, or its numbers were drawn in another way.
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
