"""Small PyTorch modules that are easy to count wrongly, with what counts must be.

Each function returns a module and its example inputs. `RIGHT` has the number of parameters, weights on tiles, MACs of
stored weights, MACs of products of two computed values, and why; `None` is not fixed, a set is any of its numbers.
They follow from first principles: from the shapes that are written here.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import torch
import torch.nn.functional as fn
from torch import Tensor, nn

Z = torch.zeros
Made: TypeAlias = nn.Module | tuple[nn.Module, Any]


class ColSplit(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Linear(128, 64, bias=False)

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return fn.linear(a, self.w.weight[:, :64]) + fn.linear(b, self.w.weight[:, 64:])


def colsplit() -> Made:
    return ColSplit(), (Z(1, 10, 64), Z(1, 10, 64))


class RowSplit(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Linear(64, 96, bias=False)

    def forward(self, a: Tensor) -> Tensor:
        return fn.linear(a, self.w.weight[:32]).sum() + fn.linear(a, self.w.weight[32:]).sum()


def rowsplit() -> Made:
    return RowSplit(), Z(1, 10, 64)


class Centre(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.c = nn.Conv2d(8, 16, 7, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return fn.conv2d(x, self.c.weight[:, :, 2:5, 2:5], padding=1)


def centre() -> Made:
    return Centre(), Z(1, 8, 8, 8)


class PartOfTable(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.e = nn.Embedding(1000, 64)

    def forward(self, i: Tensor) -> Tensor:
        return self.e(i) @ self.e.weight[:500].t()


def part_of_table() -> Made:
    return PartOfTable(), Z(1, 10, dtype=torch.long)


class Scaled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 96))

    def forward(self, a: Tensor) -> Tensor:
        return a @ (self.w * 0.125)


def scaled() -> Made:
    return Scaled(), Z(1, 10, 64)


class Merged(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.base = nn.Linear(64, 96)
        self.A = nn.Linear(64, 4, bias=False)
        self.B = nn.Linear(4, 96, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return x @ (self.base.weight + self.B.weight @ self.A.weight).t() + self.base.bias


def merged_adapter() -> Made:
    return Merged(), Z(1, 10, 64)


class FusedGELU(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w1 = nn.Parameter(Z(64, 128))
        self.w2 = nn.Parameter(Z(128, 64))

    def forward(self, x: Tensor) -> Tensor:
        return fn.gelu(x @ self.w1) @ self.w2


def fused_gelu() -> Made:
    return FusedGELU(), Z(1, 10, 64)


class Folded(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q = nn.Parameter(Z(5, 64))
        self.f = nn.Linear(64, 64)
        self.ln = nn.LayerNorm(64)
        self.g = nn.Linear(64, 64, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.ln(self.f(self.q)) + self.g(x)


def folded() -> Made:
    return Folded(), Z(1, 5, 64)


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.e = nn.Embedding(1000, 64)
        self.h = nn.Linear(64, 1000, bias=False)
        self.h.weight = self.e.weight

    def forward(self, i: Tensor) -> Tensor:
        return self.h(self.e(i))


def tied_on_cpu() -> Made:
    with torch.device("cpu"):
        return Tied(), Z(1, 10, dtype=torch.long)


class Rotary(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.f = nn.Linear(64, 64, bias=False)
        self.register_buffer("inv_freq", Z(32))

    def forward(self, x: Tensor, pos: Tensor) -> Tensor:
        f = (self.inv_freq[None, :, None] @ pos[:, None, :].float()).transpose(1, 2)
        return self.f(x) * torch.cat([f, f], -1).cos()


def rotary() -> Made:
    return Rotary(), (Z(1, 10, 64), Z(1, 10, dtype=torch.long))


def normed_conv() -> Made:
    return nn.utils.parametrizations.weight_norm(nn.Conv1d(16, 32, 3)), Z(1, 16, 10)


class ExpertsIf(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.g = nn.Linear(64, 8, bias=False)
        self.e = nn.ModuleList(nn.Linear(64, 64, bias=False) for _ in range(8))

    def forward(self, x: Tensor) -> Tensor:
        x = x.view(-1, 64)
        _, i = self.g(x).softmax(-1).topk(2)
        y = torch.zeros_like(x)
        for k, e in enumerate(self.e):
            m = (i == k).any(-1)
            if m.any():
                y[m] += e(x[m])
        return y


def experts_if() -> Made:
    return ExpertsIf(), Z(1, 10, 64)


def decoder() -> Made:
    return nn.TransformerDecoder(nn.TransformerDecoderLayer(64, 4, 128, batch_first=True), 2), (
        Z(1, 10, 64),
        Z(1, 20, 64),
    )


class Packed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.r = nn.LSTM(32, 48, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return nn.utils.rnn.pad_packed_sequence(
            self.r(nn.utils.rnn.pack_padded_sequence(x, [10], batch_first=True))[0], batch_first=True
        )[0]


def packed_lstm() -> Made:
    return Packed(), Z(1, 10, 32)


class Cell(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.c = nn.LSTMCell(32, 48)

    def forward(self, x: Tensor) -> Tensor:
        h = c = x.new_zeros(x.shape[0], 48)
        for t in range(x.shape[1]):
            h, c = self.c(x[:, t], (h, c))
        return h


def lstm_cell() -> Made:
    return Cell(), Z(1, 10, 32)


class Gated(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Conv1d(16, 64, 3, padding=1)
        self.b = nn.Conv1d(32, 16, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.b(fn.glu(self.a(x), 1))


def gated() -> Made:
    return Gated(), Z(1, 16, 10)


class Sampled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.o = nn.Conv2d(16, 2, 3, padding=1)
        self.c = nn.Conv2d(16, 32, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.c(fn.grid_sample(x, self.o(x).permute(0, 2, 3, 1)))


def sampled() -> Made:
    return Sampled(), Z(1, 16, 8, 8)


class Drop(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.r = [x.item() for x in torch.linspace(0, 0.1, 4)]
        self.f = nn.Linear(64, 64)

    def forward(self, x: Tensor) -> Tensor:
        return self.f(x)


def rates_in_constructor() -> Made:
    return Drop(), Z(1, 10, 64)


class Forecaster(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.p = nn.Linear(7, 64)
        self.t = nn.TransformerEncoder(nn.TransformerEncoderLayer(64, 4, 128, batch_first=True), 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.t(self.p(x))


def forecaster() -> Made:
    return Forecaster()  # no example inputs: --seq-len 10 says how many vectors


_l = 2 * (2 * (16384 + 256) + 16384 + 192 + 3 * 128)
RIGHT = {
    "colsplit": (
        8192,
        8192,
        81920,
        0,
        "both halves of the columns are on tiles; each is met by 10 vectors: 2 x 10 x 64 x 64",
    ),
    "rowsplit": (
        6144,
        6144,
        61440,
        0,
        "unequal slices of rows, 32 and 64; together the whole matrix, each of its weights used once a vector",
    ),
    "centre": (
        6272,
        None,
        73728,
        0,
        "parameters are what is stored (16 x 8 x 7 x 7), not the 3 x 3 middle that is used; 64 pixels x 16 x 72",
    ),
    "part_of_table": (
        64000,
        None,
        320000,
        0,
        "a slice of a tied table is no new parameter: 1000 x 64; 10 x 500 x 64 MACs",
    ),
    "scaled": (6144, 6144, 61440, 0, "a stored matrix times a number is still a stored matrix: on tiles"),
    "merged_adapter": (
        6880,
        6144,
        61440,
        0,
        "W + BA depends on no input: worked out once and put on tiles as one matrix of 64 x 96; 96 biases",
    ),
    "fused_gelu": (16384, 16384, 163840, 0, "what a class is called says nothing of its weights"),
    "folded": (
        8832 - 128,
        None,
        20480,
        0,
        "parameters are those of the module, each once, whatever is worked out beforehand: 320 + 4160 + 128 + 4096",
    ),
    "tied_on_cpu": (64000, 64000, 640000, 0, "a tied weight counts once wherever it was made"),
    "rotary": (
        4096,
        4096,
        40960,
        {0, 320},
        "a buffer of frequencies times positions is an outer product, no matrix on a tile",
    ),
    "normed_conv": (
        1600,
        1536,
        12288,
        0,
        "weight_norm keeps v (1536), g (32) and the bias (32); the product of them is the matrix; 8 outputs x 1536",
    ),
    "experts_if": (
        33280,
        33280,
        87040,
        0,
        "each token meets the gate (512) and 2 of 8 experts (4096 each): 10 x (512 + 8192); all experts are stored",
    ),
    "decoder": (
        _l,
        98304,
        1146880,
        76800,
        "queries from 10 vectors, keys and values from 20, out of one stored matrix in two slices",
    ),
    "packed_lstm": (
        15744,
        15360,
        153600,
        0,
        "a packed sequence of 10 is 10 vectors: 10 x 4 x 48 x 80; 384 biases",
    ),
    "lstm_cell": (
        15744,
        15360,
        {153600, 153600 - 9216},
        0,
        "the same as nn.LSTM: a loop adds no parameters; the first state is zeros",
    ),
    "gated": (64 * 48 + 64 + 512 + 16, 3584, 35840, 0, "aten::glu multiplies halves; it has no weights"),
    "sampled": (
        288 + 2 + 512 + 32,
        800,
        51200,
        0,
        "grid_sample interpolates; the convolutions on both sides count",
    ),
    "forecaster": (
        512 + 2 * 33472,
        65984,
        659840,
        25600,
        "without example inputs, a sequence of --seq-len vectors: 10 x (448 + 65,536), two blocks of 2 x 10 x 10 x 64",
    ),
    "rates_in_constructor": (
        4160,
        4096,
        40960,
        0,
        ".item() on a constant in a constructor is common (timm); the numbers are no part of the network",
    ),
}
