"""Which ATen operators multiply matrices, and how each is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.networks.tables import each, unique_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

    from factsheet.networks.from_models.tracing.products import Arguments, Products

_GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


class ProductOperator(NamedTuple):
    """One way of calling for products."""

    write: Callable[[Products, Arguments], None]
    stand_in: Callable[..., object] | None = None
    """Makes the output where the operator has no kernel for tensors without data."""


def _linear(to: Products, call: Arguments) -> None:
    to.dense(call.tensor(0), call.tensor(1), call.optional(2, "bias"), transposed=True)


def _by_rows(to: Products, call: Arguments) -> None:
    to.dense(call.tensor(0), call.tensor(1), None, transposed=True)


def _matmul(to: Products, call: Arguments) -> None:
    to.dense(call.tensor(0), call.tensor(1), None)


def _added(to: Products, call: Arguments) -> None:
    to.dense(call.tensor(1), call.tensor(2), call.tensor(0))


def _convolution(to: Products, call: Arguments) -> None:
    # conv1d, conv2d, conv3d: input, weight, bias, stride, padding, dilation, groups
    groups = call.args[6] if len(call.args) > 6 else call.kwargs.get("groups", 1)  # noqa: PLR2004
    to.convolution(call, transposed=False, groups=int(cast("int", groups)))


def _transposed(to: Products, call: Arguments) -> None:
    # conv_transpose: input, weight, bias, stride, padding, output_padding, groups, dilation
    groups = call.args[6] if len(call.args) > 6 else call.kwargs.get("groups", 1)  # noqa: PLR2004
    to.convolution(call, transposed=True, groups=int(cast("int", groups)), dilation=(7, "dilation"))


def _any_convolution(to: Products, call: Arguments) -> None:
    # convolution: input, weight, bias, stride, padding, dilation, transposed, output_padding, groups
    to.convolution(call, transposed=bool(call.args[6]), groups=int(cast("int", call.args[8])))


def _bilinear(to: Products, call: Arguments) -> None:
    to.bilinear(call)


def _attention(to: Products, call: Arguments) -> None:
    to.attention(call)


def _experts(to: Products, call: Arguments) -> None:
    to.experts(call)


def _rows_of_experts(given: Tensor, weight: Tensor, *_args: object, **_kwargs: object) -> Tensor:
    return given.new_empty((given.shape[0], weight.shape[-1]))


def _cell(gates: int) -> Callable[[Products, Arguments], None]:
    return lambda to, call: to.cell(call, gates)


def _recurrent(gates: int) -> Callable[[Products, Arguments], None]:
    return lambda to, call: to.recurrent(call, gates)


PRODUCT_OPERATORS: Mapping[str, ProductOperator] = unique_table(
    "an ATen operator that multiplies matrices",
    each(("linear",), ProductOperator(_linear)),
    each(
        ("matmul", "mm", "bmm", "mv", "dot", "vdot", "inner", "_int_mm", "_scaled_mm"),
        ProductOperator(_matmul),
    ),
    each(("_weight_int8pack_mm", "_euclidean_dist"), ProductOperator(_by_rows)),
    each(("addmm", "baddbmm", "addmv"), ProductOperator(_added)),
    each(("conv1d", "conv2d", "conv3d"), ProductOperator(_convolution)),
    each(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), ProductOperator(_transposed)),
    each(("convolution", "_convolution"), ProductOperator(_any_convolution)),
    each(
        (
            "scaled_dot_product_attention",
            "_scaled_dot_product_flash_attention",
            "_scaled_dot_product_flash_attention_for_cpu",
            "_scaled_dot_product_efficient_attention",
            "_scaled_dot_product_cudnn_attention",
            "_scaled_dot_product_attention_math",
        ),
        ProductOperator(_attention),
    ),
    each(("bilinear",), ProductOperator(_bilinear)),
    each(("_grouped_mm", "grouped_mm_fallback"), ProductOperator(_experts, _rows_of_experts)),
    ((name, ProductOperator(_recurrent(gates))) for name, gates in _GATES.items()),
    ((f"{name}_cell", ProductOperator(_cell(gates))) for name, gates in _GATES.items()),
)
"""How to read each operator that multiplies matrices, by its name."""
