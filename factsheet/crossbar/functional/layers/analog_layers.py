"""Layers whose weights are on crossbars: dense ones, and convolutions laid out by im2col."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - its usual name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.crossbar.functional.tiles.analog_matrix import AnalogMatrix

_UNFOLDED_BYTES = 64 * 2**20


class AnalogLayer(nn.Module):
    """A layer that multiplies with a matrix on crossbars and adds its bias digitally.

    Gradients do not pass unless `pass_gradients` says so: this is the network as it would run, after training.

    Args:
        matrix: the conductances; may be shared.
        bias: digital.
    """

    def __init__(self, matrix: AnalogMatrix, bias: nn.Parameter | None) -> None:
        super().__init__()
        self.matrix = matrix
        self.bias = bias

    @property
    def weight(self) -> torch.Tensor:
        """The weights as products see them now; code that looks at a layer's weight finds no digital one.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        return self._shaped(self.matrix.acting())

    def _shaped(self, weights: torch.Tensor) -> torch.Tensor:
        return weights

    def extra_repr(self) -> str:
        """Shape, tiles and state, for `print(module)`."""
        inputs, outputs = self.matrix.mapped.matrix.rows, self.matrix.mapped.matrix.cols
        state = f"{self.matrix.t_s:g} s after programming" if self.matrix.is_programmed else "not programmed"
        return f"{inputs}×{outputs}, {self.matrix.mapped.tiles} tiles, {state}"


class AnalogLinear(AnalogLayer):
    """`nn.Linear` on crossbars."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Multiply, tile by tile, and add the bias.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        y = self.matrix(x.reshape(-1, self.matrix.mapped.matrix.rows), self.bias)
        return y.view(*x.shape[:-1], y.shape[-1]).to(x.dtype)


class AnalogConvolution(AnalogLayer):
    """A convolution on crossbars: its kernel's shape, steps and padding.

    Args:
        matrix: the conductances, one output channel a column.
        convolution: whose shape and padding to take.
        bias: digital.
    """

    def __init__(
        self, matrix: AnalogMatrix, convolution: nn.Conv2d | nn.Conv3d, bias: nn.Parameter | None
    ) -> None:
        super().__init__(matrix, bias)
        self.kernel_size: tuple[int, ...] = convolution.kernel_size
        self.stride: tuple[int, ...] = convolution.stride
        self.dilation: tuple[int, ...] = convolution.dilation
        self.padding_mode = convolution.padding_mode
        # What `F.pad` takes, worked out by torch from numbers, `same` or `valid`.
        self.padding = tuple(convolution._reversed_padding_repeated_twice)  # noqa: SLF001 - has no public name

    def _padded(self, x: torch.Tensor) -> torch.Tensor:
        if not any(self.padding):
            return x
        return F.pad(x, self.padding, "constant" if self.padding_mode == "zeros" else self.padding_mode)


class AnalogConv2d(AnalogConvolution):
    """`nn.Conv2d` on crossbars: every position of the kernel is one vector.

    Args:
        matrix: the conductances, one output channel a column.
        convolution: whose shape and padding to take.
        bias: digital.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Convolve.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        if x.dim() == 3:  # noqa: PLR2004 - one image without a batch
            return AnalogConv2d.forward(self, x[None])[0]
        x = self._padded(x)
        spans = [
            (size - dilation * (kernel - 1) - 1) // stride + 1
            for size, kernel, stride, dilation in zip(
                x.shape[2:], self.kernel_size, self.stride, self.dilation, strict=True
            )
        ]
        positions = spans[0] * spans[1]
        per_image = 4 * positions * x.shape[1] * self.kernel_size[0] * self.kernel_size[1]
        images = max(1, _UNFOLDED_BYTES // per_image)
        parts = [self._convolve(part, positions) for part in x.split(images)]
        y = torch.cat(parts) if len(parts) > 1 else parts[0]
        return y.unflatten(2, spans).to(x.dtype)

    def _convolve(self, x: torch.Tensor, positions: int) -> torch.Tensor:
        vectors = F.unfold(x, self.kernel_size, self.dilation, 0, self.stride).transpose(1, 2)
        y = self.matrix(vectors.reshape(len(x) * positions, -1), self.bias)
        return y.view(len(x), positions, -1).transpose(1, 2)

    def _shaped(self, weights: torch.Tensor) -> torch.Tensor:
        return weights.reshape(self.matrix.target.shape)


class AnalogConv1d(AnalogConv2d):
    """`nn.Conv1d` on crossbars: an image of height 1."""

    def __init__(self, matrix: AnalogMatrix, convolution: nn.Conv1d, bias: nn.Parameter | None) -> None:
        AnalogLayer.__init__(self, matrix, bias)
        self.kernel_size, self.stride = (1, *convolution.kernel_size), (1, *convolution.stride)
        self.dilation, self.padding_mode = (1, *convolution.dilation), "zeros"
        self._own_mode = convolution.padding_mode
        self._own_padding = tuple(convolution._reversed_padding_repeated_twice)  # noqa: SLF001 - has no public name
        self.padding = ()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Convolve.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        if any(self._own_padding):
            x = F.pad(x, self._own_padding, "constant" if self._own_mode == "zeros" else self._own_mode)
        return super().forward(x.unsqueeze(-2)).squeeze(-2)


class AnalogConv3d(AnalogConvolution):
    """`nn.Conv3d` on crossbars: every position of the kernel is one vector.

    Args:
        matrix: the conductances, one output channel a column.
        convolution: whose shape and padding to take.
        bias: digital.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Convolve.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        if x.dim() == 4:  # noqa: PLR2004 - one volume without a batch
            return self.forward(x[None])[0]
        x = self._padded(x)
        windows = x
        for axis, (size, stride, dilation) in enumerate(
            zip(self.kernel_size, self.stride, self.dilation, strict=True), start=2
        ):
            windows = windows.unfold(axis, dilation * (size - 1) + 1, stride)[..., ::dilation]
        # Batch, channels, positions, kernel: all of a position's values are beside each other in a vector.
        windows = windows.permute(0, 2, 3, 4, 1, 5, 6, 7)
        per_volume = 4 * windows[:1].numel()
        volumes = max(1, _UNFOLDED_BYTES // max(1, per_volume))
        parts = [self.matrix(part.flatten(4).flatten(0, 3), self.bias) for part in windows.split(volumes)]
        y = torch.cat(parts) if len(parts) > 1 else parts[0]
        return y.view(*windows.shape[:4], -1).permute(0, 4, 1, 2, 3).to(x.dtype)

    def _shaped(self, weights: torch.Tensor) -> torch.Tensor:
        return weights.reshape(self.matrix.target.shape)


class AnalogConvTranspose(AnalogLayer):
    """A transposed convolution on crossbars: the channels of every position of the input are one vector.

    Products give what each position adds to its surroundings; these are added up digitally.

    Args:
        matrix: the conductances, one output channel and place of the kernel a column.
        convolution: whose shape and padding to take.
        bias: digital.
    """

    def __init__(
        self,
        matrix: AnalogMatrix,
        convolution: nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d,
        bias: nn.Parameter | None,
    ) -> None:
        super().__init__(matrix, bias)
        self.kernel_size, self.stride = convolution.kernel_size, convolution.stride
        self.dilation, self.padding = convolution.dilation, convolution.padding
        self.output_padding, self.out_channels = convolution.output_padding, convolution.out_channels

    def forward(self, x: torch.Tensor, output_size: Sequence[int] | None = None) -> torch.Tensor:
        """Convolve; `output_size` as in torch, for strides that leave the size open.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        axes = len(self.kernel_size)
        if x.dim() == axes + 1:  # without a batch
            return self.forward(x[None], output_size)[0]
        sides = list(
            zip(x.shape[2:], self.kernel_size, self.stride, self.dilation, self.padding, strict=True)
        )
        full = [(side - 1) * stride + dilation * (size - 1) + 1 for side, size, stride, dilation, _ in sides]
        wanted = [
            size - 2 * padding + more
            for size, padding, more in zip(full, self.padding, self.output_padding, strict=True)
        ]
        if output_size is not None:
            wanted = list(output_size)[-axes:]
        vectors = x.movedim(1, -1)
        added = self.matrix(vectors.flatten(0, -2), None)
        added = added.view(*vectors.shape[:-1], self.out_channels, -1).movedim(-2, 1)
        room = [
            max(size, want + padding) for size, want, padding in zip(full, wanted, self.padding, strict=True)
        ]
        y = added.new_zeros(len(x), self.out_channels, *room)
        for place, at in enumerate(
            torch.cartesian_prod(*map(torch.arange, self.kernel_size)).view(-1, axes).tolist()
        ):
            spans = tuple(
                slice(one * dilation, one * dilation + (side - 1) * stride + 1, stride)
                for one, (side, _, stride, dilation, _) in zip(at, sides, strict=True)
            )
            y[(slice(None), slice(None), *spans)] += added[..., place]
        cropped = tuple(
            slice(padding, padding + want) for padding, want in zip(self.padding, wanted, strict=True)
        )
        y = y[(slice(None), slice(None), *cropped)]
        if self.bias is not None:
            y = y + self.bias.detach().view(-1, *(1,) * axes)
        return y.to(x.dtype)

    def _shaped(self, weights: torch.Tensor) -> torch.Tensor:
        """Return the weights with inputs first, as torch has them."""
        groups = self.matrix.groups
        each = weights.unflatten(0, (groups, -1)).transpose(1, 2).flatten(0, 1)
        return each.unflatten(1, (self.out_channels // groups, *self.kernel_size))
