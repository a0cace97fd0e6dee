"""Modules whose matrices are made of parameters that indices choose, or that sum in other ways than products do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import torch
import torch.nn.functional as fn
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable

Z = torch.zeros
Made: TypeAlias = nn.Module | tuple[nn.Module, Any]


class Weighted(nn.Module):
    """Holds tensors, and does with them and its input what it is told."""

    def __init__(self, work: Callable[..., Tensor], **tensors: Tensor | nn.Module) -> None:
        super().__init__()
        self.work = work
        for name, tensor in tensors.items():
            if isinstance(tensor, (nn.Parameter, nn.Module)):
                setattr(self, name, tensor)
            else:
                self.register_buffer(name, tensor)

    def forward(self, x: Tensor) -> Tensor:
        return self.work(self, x)


def on_vectors(work: Callable[..., Tensor], **tensors: Tensor | nn.Module) -> Made:
    return Weighted(work, **tensors), Z(1, 10, 64)


def stored(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape))


def distances() -> Tensor:
    return torch.arange(10)[:, None] - torch.arange(10) + 9


def rows_in_a_list() -> Made:
    return on_vectors(lambda s, x: fn.linear(x, s.w[[0, 3, 4, 9, 30]]), w=stored(100, 64))


def rows_of_a_table() -> Made:
    return on_vectors(lambda s, x: x @ s.e(s.i).t(), e=nn.Embedding(100, 64), i=torch.tensor([7, 1, 50, 2]))


def rows_then_projected() -> Made:
    return on_vectors(
        lambda s, x: x @ s.p(s.e(s.i)).t(),
        e=nn.Embedding(100, 64),
        p=nn.Linear(64, 64, bias=False),
        i=torch.arange(10),
    )


def experts_in_a_list() -> Made:
    return on_vectors(lambda s, x: torch.einsum("btd,edo->bteo", x, s.w[[3, 1]]), w=stored(16, 64, 96))


def rows_by_place() -> Made:
    return on_vectors(
        lambda s, x: torch.einsum("btd,ijd->btij", x, s.e[s.i]), e=stored(19, 64), i=distances()
    )


def diagonals() -> Made:
    return on_vectors(lambda s, x: s.t[s.i] @ x, t=stored(19), i=distances())


def taken() -> Made:
    return on_vectors(lambda s, x: x @ s.w.take(s.i), w=stored(19), i=torch.arange(64 * 96).view(64, 96) % 19)


def hashed_with_signs() -> Made:
    return on_vectors(
        lambda s, x: fn.linear(x, s.w[s.i] * s.g),
        w=stored(100),
        i=torch.arange(96 * 64).view(96, 64) * 7 % 100,
        g=torch.ones(96, 64),
    )


def part_with_a_mask() -> Made:
    return on_vectors(lambda s, x: fn.linear(x, s.w[:10] * s.g), w=stored(100, 64), g=torch.ones(10, 64))


def codes_of_bytes() -> Made:
    return on_vectors(
        lambda s, x: fn.linear(x, s.b[s.c.long()]), b=stored(16), c=Z(96, 64, dtype=torch.uint8)
    )


def mean_of_a_product() -> Made:
    return on_vectors(lambda s, x: (x[..., None] * s.w).mean(-2), w=stored(64, 96))


def mean_along_the_last() -> Made:
    return on_vectors(lambda s, x: (x[0][:, None] * s.w[None]).mean(-1), w=stored(96, 64))


def one_matrix_stacked() -> Made:
    return on_vectors(
        lambda s, x: torch.bmm(x.transpose(0, 1).contiguous(), torch.stack([s.w] * 10)), w=stored(64, 12)
    )


def euclidean() -> Made:
    return on_vectors(lambda s, x: torch.cdist(x[0], s.w), w=stored(96, 64))


def bytes_by_bytes() -> Made:
    return Weighted(
        lambda s, x: torch._int_mm(x[0].to(torch.int8), s.q.t()),  # noqa: SLF001 - no public name
        q=Z(96, 64, dtype=torch.int8),
    ), Z(1, 17, 64)


def rows_of_bytes() -> Made:
    return on_vectors(
        lambda s, x: torch._weight_int8pack_mm(x[0].bfloat16(), s.q, s.c),  # noqa: SLF001 - no public name
        q=Z(96, 64, dtype=torch.int8),
        c=torch.ones(96, dtype=torch.bfloat16),
    )


RIGHT: dict[str, tuple[int | None, int, int, int, str]] = {
    "rows_in_a_list": (6400, 320, 3200, 0, "100 x 64 are stored, 5 x 64 multiplied"),
    "rows_of_a_table": (6400, 256, 2560, 0, "100 x 64 are stored, 4 x 64 multiplied"),
    "rows_then_projected": (6400 + 4096, 640, 6400, 0, "a table and a layer; ten rows are multiplied"),
    "experts_in_a_list": (16 * 6144, 2 * 6144, 20 * 6144, 0, "2 of 16 matrices of 64 x 96"),
    "rows_by_place": (1216, 6400, 64000, 0, "19 x 64 are stored; 10 x 10 x 64 numbers are multiplied"),
    "diagonals": (19, 100, 6400, 0, "a matrix of 10 x 10 from 19 numbers"),
    "taken": (19, 6144, 61440, 0, "a matrix of 64 x 96 from 19 numbers"),
    "hashed_with_signs": (
        100,
        6144,
        61440,
        0,
        "a matrix of 96 x 64 from 100 numbers; signs are no parameters",
    ),
    "part_with_a_mask": (
        6400,
        640,
        6400,
        0,
        "100 x 64 are stored, 10 x 64 multiplied; a mask is no parameter",
    ),
    "codes_of_bytes": (6144 + 16, 6144, 61440, 0, "96 x 64 bytes hold the weights, with a book of 16"),
    "mean_of_a_product": (6144, 6144, 61440, 0, "a mean is a sum and a factor: ten vectors by 64 x 96"),
    "mean_along_the_last": (6144, 6144, 61440, 0, "the same, of the transposed matrix"),
    "one_matrix_stacked": (768, 768, 7680, 0, "one matrix of 64 x 12, ten times in a stack"),
    "euclidean": (6144, 6144, 61440, 0, "|x - w|^2 = |x|^2 - 2 x w + |w|^2"),
    "bytes_by_bytes": (6144, 6144, 17 * 6144, 0, "96 x 64 bytes, 17 vectors"),
    "rows_of_bytes": (6144, 6144, 61440, 0, "96 x 64 bytes, 10 vectors; a scale is no weight"),
}
