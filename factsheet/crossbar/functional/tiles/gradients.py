"""Gradients through a programmed matrix: those of the conductances as they are, or an error that says how.

Method of training beside fixed analog weights, such as low-rank adapters (AHWA-LoRA, C. Li et al., arXiv:2411.17367):
errors pass back through the weights in effect, converters pass them straight through, and these weights get none.
"""

from __future__ import annotations

from typing import Any, Protocol

import torch

from factsheet.errors import AnalogError


class ProgrammedMatrix(Protocol):
    """What gradients need to know of a matrix."""

    passes_gradients: bool
    groups: int

    @property
    def title(self) -> str:
        """The name for messages."""

    def acting(self) -> torch.Tensor:
        """Return the weights as products see them now."""

    def multiplied(self, x: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        """Multiply vectors without regard to gradients."""


class ThroughTiles(torch.autograd.Function):
    """A product with a programmed matrix, as autograd sees it."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, bias: torch.Tensor | None, matrix: ProgrammedMatrix
    ) -> torch.Tensor:
        """Multiply as without gradients, and keep the matrix."""
        ctx.matrix, ctx.dtype = matrix, x.dtype
        ctx.with_bias = bias is not None and bias.requires_grad
        if matrix.passes_gradients:
            ctx.weights = (
                matrix.acting()
            )  # of this point in time, wherever the matrix is moved to before backward
        return matrix.multiplied(x, bias)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None, None]:
        """Pass errors back through the weights in effect.

        Raises:
            AnalogError: the matrix was not asked to.
        """
        (gradient,) = gradients
        matrix = ctx.matrix
        if not matrix.passes_gradients:
            raise AnalogError(
                f"gradients through {matrix.title}, which is programmed",
                "a chip computes none, and layers before it would not be trained without a word",
                "train with `inject` before programming, or `pass_gradients(analog)` to have those of its conductances",
            )
        weights = ctx.weights.to(gradient.dtype)
        columns = len(weights) // matrix.groups
        parts = zip(gradient.split(columns, 1), weights.split(columns), strict=True)
        to_inputs = torch.cat([part @ own for part, own in parts], 1).to(ctx.dtype)
        return to_inputs, gradient.sum(0) if ctx.with_bias else None, None
