"""More small PyTorch modules that are easy to count wrongly; see `counted_modules`."""

from __future__ import annotations

from typing import Any, TypeAlias

import torch
import torch.nn.functional as fn
from torch import Tensor, nn

Z = torch.zeros
Made: TypeAlias = nn.Module | tuple[nn.Module, Any]


class Interleaved(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 96))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.w[:, ::2] + x @ self.w[:, 1::2]


def interleaved() -> Made:
    return Interleaved(), Z(1, 10, 64)


class HalfUsed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 96))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.w[:, 32:]


def half_used() -> Made:
    return HalfUsed(), Z(1, 10, 64)


class Chunked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(64, 192)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv.weight.chunk(3)
        a, b, c = self.qkv.bias.chunk(3)
        return fn.linear(x, q, a) + fn.linear(x, k, b) + fn.linear(x, v, c)


def chunked() -> Made:
    return Chunked(), Z(1, 10, 64)


class Unbound(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(4, 64, 32))

    def forward(self, x: Tensor) -> Tensor:
        return sum(x @ w for w in self.w.unbind(0))


def unbound() -> Made:
    return Unbound(), Z(1, 10, 64)


class Selected(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(4, 64, 32))

    def forward(self, x: Tensor) -> Tensor:
        return (
            x @ self.w.index_select(0, torch.tensor([1]))[0]
            + x @ self.w.select(0, 1)
            + x @ self.w.narrow(0, 2, 1)[0]
        )


def selected() -> Made:
    return Selected(), Z(1, 10, 64)


class Overlapping(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(96, 64))

    def forward(self, x: Tensor) -> Tensor:
        return fn.linear(x, self.w[:64]) @ fn.linear(x, self.w[32:]).transpose(1, 2)


def overlapping() -> Made:
    return Overlapping(), Z(1, 10, 64)


class WholeAndPart(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Linear(64, 96, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.w(x).sum() + fn.linear(x, self.w.weight[:32]).sum()


def whole_and_part() -> Made:
    return WholeAndPart(), Z(1, 10, 64)


class Transposed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 96))

    def forward(self, x: Tensor) -> Tensor:
        return (x @ self.w) @ self.w.t().contiguous()


def transposed() -> Made:
    return Transposed(), Z(1, 10, 64)


class CopiedHalf(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 96))

    def forward(self, x: Tensor) -> Tensor:
        c = self.w.t().contiguous()
        return fn.linear(x, c[:48]) + fn.linear(x, c[48:]) + x @ self.w[:, :48]


def copied_half() -> Made:
    return CopiedHalf(), Z(1, 10, 64)


class Reshaped(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 4, 24))

    def forward(self, x: Tensor) -> Tensor:
        return torch.einsum("btd,dhe->bhte", x, self.w)


def reshaped() -> Made:
    return Reshaped(), Z(1, 10, 64)


class Absorbed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.kv = nn.Linear(32, 4 * (16 + 24), bias=False)

    def forward(self, q: Tensor, c: Tensor) -> Tensor:
        w = self.kv.weight.view(4, 40, 32)
        a = torch.einsum("bthd,hdc->bthc", q, w[:, :16])
        return torch.einsum("bshc,hdc->bshd", c, w[:, 16:]).sum() + a.sum()


def absorbed() -> Made:
    return Absorbed(), (Z(1, 10, 4, 16), Z(1, 10, 4, 32))


class Joined(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v = (nn.Parameter(Z(64, 32)) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        return x @ torch.cat([self.q, self.k, self.v], 1)


def joined() -> Made:
    return Joined(), Z(1, 10, 64)


class Stacked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.e = nn.ModuleList(nn.Linear(64, 32, bias=False) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        return torch.bmm(x.expand(4, -1, -1), torch.stack([e.weight for e in self.e]).transpose(1, 2))


def stacked() -> Made:
    return Stacked(), Z(1, 10, 64)


class JoinedAndAlone(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q = nn.Linear(64, 32)
        self.k = nn.Linear(64, 32)

    def forward(self, x: Tensor) -> Tensor:
        return fn.linear(x, torch.cat([self.q.weight, self.k.weight])).sum() + self.q(x).sum()


def joined_and_alone() -> Made:
    return JoinedAndAlone(), Z(1, 10, 64)


class Signed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(96, 64))

    def forward(self, x: Tensor) -> Tensor:
        return fn.linear(x, self.w.sign() * self.w.abs().mean())


def signed() -> Made:
    return Signed(), Z(1, 10, 64)


class Masked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.f = nn.Linear(64, 96)
        self.register_buffer("mask", Z(96, 64))

    def forward(self, x: Tensor) -> Tensor:
        return fn.linear(x, self.f.weight * self.mask, self.f.bias)


def masked() -> Made:
    return Masked(), Z(1, 10, 64)


class Causal(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 64))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.w.tril()


def made_triangular() -> Made:
    return Causal(), Z(1, 10, 64)


def pruned() -> Made:
    from torch.nn.utils import prune

    m = nn.Sequential(nn.Linear(64, 96))
    prune.random_unstructured(m[0], "weight", 0.5)
    return m, Z(1, 10, 64)


class Dequantised(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("q", Z(96, 64, dtype=torch.int8))
        self.register_buffer("s", Z(96, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x @ (self.q.float() * self.s).t()


def dequantised() -> Made:
    return Dequantised(), Z(1, 10, 64)


class Packed4(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("qweight", Z(96, 8, dtype=torch.int32))
        self.register_buffer("scales", Z(96, 1))

    def forward(self, x: Tensor) -> Tensor:
        shifts = torch.arange(0, 32, 4, dtype=torch.int32)
        w = (self.qweight[:, :, None] >> shifts).bitwise_and(15).reshape(96, 64) - 8
        return fn.linear(x, w * self.scales)


def packed_4_bits() -> Made:
    return Packed4(), Z(1, 10, 64)


class LowRank(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Linear(64, 96)
        self.A = nn.Linear(64, 4, bias=False)
        self.B = nn.Linear(4, 96, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.w(x) + self.B(self.A(x)) * 2


def adapter_apart() -> Made:
    return LowRank(), Z(1, 10, 64)


class Plain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = Z(64, 96)
        self.parts = [Z(96, 32), Z(96, 32)]

    def forward(self, x: Tensor) -> Tensor:
        h = x @ self.w
        return h @ self.parts[0] + h @ self.parts[1]


def plain_attributes() -> Made:
    return Plain(), Z(1, 10, 64)


def closure() -> Made:
    w = Z(64, 96)

    class Closed(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x @ w

    return Closed(), Z(1, 10, 64)


class MulSum(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 96))

    def forward(self, x: Tensor) -> Tensor:
        return (x[..., None] * self.w).sum(-2)


def multiply_and_sum() -> Made:
    return MulSum(), Z(1, 10, 64)


class MulMean(MulSum):
    def forward(self, x: Tensor) -> Tensor:
        return (x[..., None] * self.w).mean(-2)


def multiply_and_average() -> Made:
    return MulMean(), Z(1, 10, 64)


class Depthwise(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(16, 9))

    def forward(self, x: Tensor) -> Tensor:
        return (fn.unfold(x, 3, padding=1).view(1, 16, 9, -1) * self.w[None, :, :, None]).sum(2)


def depthwise_by_hand() -> Made:
    return Depthwise(), Z(1, 16, 8, 8)


class Unfolded(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.c = nn.Conv2d(8, 16, 3, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.c.weight.view(16, -1) @ fn.unfold(x, 3, padding=1)


def unfolded() -> Made:
    return Unfolded(), Z(1, 8, 8, 8)


class Experts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(4, 64, 32))

    def forward(self, x: Tensor) -> Tensor:
        return torch.bmm(x, self.w)


def batched_experts() -> Made:
    return Experts(), Z(4, 10, 64)


class Gathered(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.g = nn.Linear(64, 8, bias=False)
        self.w = nn.Parameter(Z(8, 64, 32))

    def forward(self, x: Tensor) -> Tensor:
        x = x.view(-1, 64)
        _p, i = self.g(x).topk(2)
        return torch.einsum("td,tkde->tke", x, self.w[i])


def gathered_experts() -> Made:
    return Gathered(), Z(1, 10, 64)


class WhereExperts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.g = nn.Linear(64, 8, bias=False)
        self.e = nn.ModuleList(
            nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 64)) for _ in range(8)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = x.view(-1, 64)
        p, i = self.g(x).softmax(-1).topk(2)
        y = torch.zeros_like(x)
        for k in range(8):
            t, j = torch.where(i == k)
            if t.numel() == 0:
                continue
            y.index_add_(0, t, self.e[k](x[t]) * p[t, j, None])
        return y


def where_experts() -> Made:
    return WhereExperts(), Z(1, 10, 64)


class HotExperts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.g = nn.Linear(64, 4, bias=False)
        self.e = nn.ModuleList(nn.Linear(64, 64, bias=False) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        x = x.view(-1, 64)
        i = self.g(x).argmax(-1)
        m = fn.one_hot(i, 4).t()
        y = torch.zeros_like(x)
        for k in range(4):
            r = m[k].nonzero().flatten()
            if m[k].sum() > 0:
                y[r] = self.e[k](x[r])
        return y


def top_one_experts() -> Made:
    return HotExperts(), Z(1, 10, 64)


class SortedExperts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.g = nn.Linear(64, 8, bias=False)
        self.e = nn.ModuleList(nn.Linear(64, 64, bias=False) for _ in range(8))

    def forward(self, x: Tensor) -> Tensor:
        x = x.view(-1, 64)
        p, i = torch.topk(self.g(x), 2, sorted=False)
        n = i.new_zeros(x.shape[0], 8).scatter_(1, i, 1).sum(0).cpu().numpy()
        order = i.view(-1).argsort()
        z = x[order // 2]
        out = []
        a = 0
        for k, c in enumerate(n):
            if c == 0:
                continue
            out.append(self.e[k](z[a : a + c]))
            a += c
        o = torch.cat(out)
        y = torch.empty_like(o)
        y[order] = o
        return (y.view(-1, 2, 64) * p[..., None]).sum(1)


def sorted_experts() -> Made:
    return SortedExperts(), Z(1, 10, 64)


class CountedExperts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.g = nn.Linear(64, 8, bias=False)
        self.e = nn.ModuleList(nn.Linear(64, 64, bias=False) for _ in range(8))

    def forward(self, x: Tensor) -> Tensor:
        x = x.view(-1, 64)
        i = self.g(x).topk(2)[1].flatten()
        order = i.argsort()
        z = x[order // 2]
        return torch.cat(
            [e(p) for e, p in zip(self.e, z.split(torch.bincount(i, minlength=8).tolist()), strict=False)]
        )


def counted_experts() -> Made:
    return CountedExperts(), Z(1, 10, 64)


class FewTokens(WhereExperts):
    pass


def one_token_of_experts() -> Made:
    return FewTokens(), Z(1, 1, 64)


class Bilin(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.b = nn.Bilinear(20, 30, 40)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.b(x, y)


def bilinear() -> Made:
    return Bilin(), (Z(10, 20), Z(10, 30))


class Bags(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.e = nn.EmbeddingBag(1000, 64, mode="sum")
        self.f = nn.Linear(64, 10)

    def forward(self, i: Tensor) -> Tensor:
        return self.f(self.e(i))


def embedding_bag() -> Made:
    return Bags(), Z(1, 10, dtype=torch.long)


class Fourier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.f = nn.Linear(64, 64, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.f(torch.fft.fft(torch.fft.fft(x, dim=-1), dim=-2).real)


def fourier() -> Made:
    return Fourier(), Z(1, 10, 64)


class ComplexWeights(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(8, 8, 5, dtype=torch.cfloat))

    def forward(self, x: Tensor) -> Tensor:
        return torch.fft.irfft(torch.einsum("bim,iom->bom", torch.fft.rfft(x)[..., :5], self.w), n=16)


def fourier_operator() -> Made:
    return ComplexWeights(), Z(1, 8, 16)


class Groups(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q = nn.Linear(64, 64, bias=False)
        self.kv = nn.Linear(64, 32, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        q = self.q(x).view(1, 10, 8, 8).transpose(1, 2)
        k, v = self.kv(x).view(1, 10, 2, 2, 8).permute(2, 0, 3, 1, 4)
        return fn.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)


def grouped_queries() -> Made:
    return Groups(), Z(1, 10, 64)


class Flex(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q = nn.Linear(64, 192, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        from torch.nn.attention.flex_attention import flex_attention

        q, k, v = self.q(x).view(1, 10, 3, 4, 16).permute(2, 0, 3, 1, 4)
        return flex_attention(q, k, v, score_mod=lambda score, b, h, i, j: score + (i - j))


def flexible_attention() -> Made:
    return Flex(), Z(1, 10, 64)


class Up(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.u = nn.ConvTranspose1d(16, 8, 4, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.u(x)


def conv_transpose() -> Made:
    return Up(), Z(1, 16, 10)


class GRUSteps(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.c = nn.GRUCell(32, 48)

    def forward(self, x: Tensor) -> Tensor:
        h = torch.zeros(1, 48)
        for t in range(10):
            h = self.c(x[:, t], h)
        return h


def gru_cell() -> Made:
    return GRUSteps(), Z(1, 10, 32)


def old_weight_norm() -> Made:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nn.utils.weight_norm(nn.Conv1d(16, 32, 3)), Z(1, 16, 10)


def spectral_norm() -> Made:
    return nn.utils.parametrizations.spectral_norm(nn.Linear(64, 96)), Z(1, 10, 64)


def orthogonal() -> Made:
    with torch.device("cpu"):
        return nn.utils.parametrizations.orthogonal(nn.Linear(16, 16)), Z(1, 10, 16)


class Symmetric(nn.Module):
    def forward(self, w: Tensor) -> Tensor:
        return w.triu() + w.triu(1).transpose(-1, -2)


def parametrised() -> Made:
    m = nn.Linear(64, 64)
    nn.utils.parametrize.register_parametrization(m, "weight", Symmetric())
    return m, Z(1, 10, 64)


class TiedAlone(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.e = nn.Embedding(1000, 64)
        self.p = nn.Linear(64, 64, bias=False)

    def forward(self, i: Tensor) -> Tensor:
        return self.p(self.e(i)) @ self.e.weight.T


def tied_by_hand() -> Made:
    return TiedAlone(), Z(1, 10, dtype=torch.long)


class Latents(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.z = nn.Parameter(Z(5, 64))
        self.q = nn.Linear(64, 64, bias=False)
        self.k = nn.Linear(64, 64, bias=False)
        self.v = nn.Linear(64, 64, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return (self.q(self.z) @ self.k(x).transpose(1, 2)).softmax(-1) @ self.v(x)


def latents() -> Made:
    return Latents(), Z(1, 10, 64)


class Counted(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.f = nn.Linear(64, 64)
        self.register_buffer("n", torch.tensor(3))

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(self.n.item()):
            x = self.f(x)
        if torch.arange(4).sum().item() == 6:
            x = self.f(x)
        return x


def numbers_in_forward() -> Made:
    return Counted(), Z(1, 10, 64)


class Unused(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.f = nn.Linear(64, 64)
        self.g = nn.Linear(64, 32)

    def forward(self, x: Tensor) -> Tensor:
        return self.f(x)


def not_reached() -> Made:
    return Unused(), Z(1, 10, 64)


class Sampled2(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.f = nn.Linear(64, 64)

    def forward(self, x: Tensor) -> Tensor:
        return self.f(x + torch.randn_like(x)) @ torch.randn(64, 8)


def noise() -> Made:
    return Sampled2(), Z(1, 10, 64)


class Cross(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.MultiheadAttention(64, 4, kdim=32, vdim=48, batch_first=True)

    def forward(self, x: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return self.a(x, k, v)[0]


def unequal_attention() -> Made:
    return Cross(), (Z(1, 10, 64), Z(1, 20, 32), Z(1, 20, 48))


def whole_transformer() -> Made:
    return nn.Transformer(64, 4, 1, 1, 128, batch_first=True), (Z(1, 10, 64), Z(1, 10, 64))


class Blocks(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Parameter(Z(32, 32))
        self.b = nn.Parameter(Z(32, 32))

    def forward(self, x: Tensor) -> Tensor:
        w = torch.zeros(64, 64)
        w[:32, :32] = self.a
        w[32:, 32:] = self.b
        return x @ w


def block_diagonal() -> Made:
    return Blocks(), Z(1, 10, 64)


class Kron(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Parameter(Z(8, 8))
        self.b = nn.Parameter(Z(8, 12))

    def forward(self, x: Tensor) -> Tensor:
        return x @ torch.kron(self.a, self.b)


def kronecker() -> Made:
    return Kron(), Z(1, 10, 64)


class Hyper(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.h = nn.Linear(8, 64 * 32)

    def forward(self, x: Tensor, c: Tensor) -> Tensor:
        return x @ self.h(c).view(64, 32)


def hypernetwork() -> Made:
    return Hyper(), (Z(1, 10, 64), Z(8))


class Bmm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(4, 16, 16))

    def forward(self, x: Tensor) -> Tensor:
        return torch.matmul(x.view(1, 10, 4, 1, 16), self.w)


def per_head() -> Made:
    return Bmm(), Z(1, 10, 64)


class Shared(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 64))
        self.g = nn.Parameter(Z(64))

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(3):
            x = x @ (self.w * self.g)
        return x


def derived_once() -> Made:
    return Shared(), Z(1, 10, 64)


class Addmm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 96))
        self.b = nn.Parameter(Z(96))

    def forward(self, x: Tensor) -> Tensor:
        return torch.addmm(self.b, x.view(10, 64), self.w) + torch.tensordot(x, self.w, 1)


def addmm_and_tensordot() -> Made:
    return Addmm(), Z(1, 10, 64)


class Where(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(Z(64, 96))
        self.register_buffer("keep", Z(64, 96, dtype=torch.bool))

    def forward(self, x: Tensor) -> Tensor:
        return x @ torch.where(self.keep, self.w, torch.zeros(()))


def where_pruned() -> Made:
    return Where(), Z(1, 10, 64)


class Codes(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("idx", Z(64, 96, dtype=torch.uint8))
        self.code = nn.Parameter(Z(16))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.code[self.idx.long()]


def code_book() -> Made:
    return Codes(), Z(1, 10, 64)


class Loop(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.ParameterList(Z(64, 64) for _ in range(3))
        self.d = nn.ParameterDict({"a": Z(64, 32)})

    def forward(self, x: Tensor) -> Tensor:
        for w in self.w:
            x = torch.relu(x @ w)
        return x @ self.d["a"]


def parameter_lists() -> Made:
    return Loop(), Z(1, 10, 64)


class OneD(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.v = nn.Parameter(Z(64))
        self.f = nn.Linear(64, 64, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.f(x) @ self.v


def vector() -> Made:
    return OneD(), Z(1, 10, 64)


class ImageNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.c = nn.Conv2d(1, 4, 3, bias=False)
        self.f = nn.Linear(4 * 26 * 26, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.f(self.c(x).flatten(1))


def image_of_28() -> Made:
    return ImageNet()


class Dct(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("basis", Z(32, 64))
        self.f = nn.Linear(32, 8, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.f(fn.linear(x, self.basis))


def fixed_basis() -> Made:
    return Dct(), Z(1, 10, 64)


class Stats(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.b = nn.BatchNorm2d(8)

    def forward(self, x: Tensor) -> Tensor:
        return self.b(self.c(x))


def statistics() -> Made:
    return Stats(), Z(1, 3, 8, 8)


_encoder = 64 * 192 + 64 * 64 + 2 * 64 * 128
RIGHT = {
    "interleaved": (6144, 6144, 61440, 0, "even and odd columns: all of 64 x 96, once"),
    "half_used": (6144, 4096, 40960, 0, "64 of 96 columns are used: 64 x 64 on tiles, all are parameters"),
    "chunked": (
        64 * 192 + 192,
        12288,
        122880,
        0,
        "three chunks of one matrix, with a chunk of the bias each",
    ),
    "unbound": (8192, 8192, 81920, 0, "four matrices of 64 x 32 out of one tensor"),
    "selected": (
        8192,
        4096,
        61440,
        0,
        "matrix 1 twice and matrix 2 once: two matrices, three products of 10 x 2048",
    ),
    "overlapping": (
        6144,
        6144,
        81920,
        6400,
        "rows 0 to 64 and 32 to 96: each of 96 rows is stored once; 2 x 10 x 64 x 64; 10 x 64 x 10",
    ),
    "whole_and_part": (6144, 6144, 61440 + 20480, 0, "a part of a matrix in use has no tiles of its own"),
    "transposed": (
        6144,
        6144,
        122880,
        0,
        "a matrix and its transpose are the same cells, read from two sides",
    ),
    "copied_half": (
        6144,
        6144,
        92160,
        0,
        "halves of a copy are halves of the matrix: 30720 MACs each, one of them twice",
    ),
    "reshaped": (6144, 6144, 61440, 0, "64 x (4 x 24)"),
    "absorbed": (5120, 5120, 10 * 4 * 16 * 32 + 10 * 4 * 24 * 32, 0, "both parts of each head's 40 x 32"),
    "joined": (6144, 6144, 61440, 0, "three matrices put together"),
    "stacked": (8192, 8192, 81920, 0, "four matrices put together, ten vectors each"),
    "joined_and_alone": (4160, 4096, 61440, 0, "a matrix that is also part of a joined one is stored once"),
    "signed": (6144, 6144, 61440, 0, "signs times a mean, worked out from one matrix"),
    "masked": (6240, 6144, 61440, 0, "a mask is no parameter"),
    "made_triangular": (4096, 4096, 40960, 0, "half of it is zero, and it is a matrix of 64 x 64"),
    "pruned": (6240, 6144, 61440, 0, "weight_orig is the parameter, weight_mask is none"),
    "dequantised": (6144, 6144, 61440, 0, "integers are the weights, scales are none"),
    "packed_4_bits": (6144, 6144, 61440, 0, "eight weights in an integer: 96 x 8 x 8"),
    "adapter_apart": (
        6144 + 96 + 256 + 384,
        6784,
        67840,
        0,
        "three matrices where the update is applied to vectors",
    ),
    "plain_attributes": (
        12288,
        12288,
        122880,
        0,
        "weights are kept as plain tensors: 64 x 96 and twice 96 x 32",
    ),
    "closure": (6144, 6144, 61440, 0, "a weight that no module holds"),
    "multiply_and_average": (6144, 6144, 61440, 0, "a mean is a sum, by a fixed factor"),
    "multiply_and_sum": (6144, 6144, 61440, 0, "a product written as a multiplication and a sum"),
    "depthwise_by_hand": (144, 144, 9216, 0, "64 places x 16 channels x 9"),
    "unfolded": (1152, 1152, 73728, 0, "64 places x 72 x 16"),
    "batched_experts": (8192, 8192, 81920, 0, "ten vectors for each of four matrices of 64 x 32"),
    "gathered_experts": (
        512 + 16384,
        512 + 16384,
        5120 + 40960,
        0,
        "each of ten vectors meets two of eight matrices of 64 x 32",
    ),
    "where_experts": (
        512 + 8 * (4096 + 96),
        512 + 32768,
        5120 + 81920,
        0,
        "two of eight experts of 64 x 32 and 32 x 64",
    ),
    "top_one_experts": (256 + 16384, 256 + 16384, 2560 + 40960, 0, "one of four experts of 64 x 64"),
    "sorted_experts": (33280, 33280, 87040, 0, "vectors are sorted by expert: two of eight each"),
    "counted_experts": (33280, 33280, 87040, 0, "vectors are split by counts: two of eight each"),
    "one_token_of_experts": (
        512 + 8 * (4096 + 96),
        512 + 32768,
        512 + 8192,
        0,
        "one vector meets two; all eight are stored",
    ),
    "bilinear": (24040, 24000, 240000, 0, "20 x 30 x 40 weights, each met once a vector"),
    "embedding_bag": (64650, 640, 640, 0, "a table of 1000 x 64, and 64 x 10"),
    "fourier": (4096, 4096, 40960, 0, "a Fourier transform has no weights"),
    "fourier_operator": (320, 320, 320, 0, "8 x 8 complex weights for each of five modes"),
    "grouped_queries": (6144, 6144, 61440, 12800, "eight heads of queries: 2 x 8 x 10 x 8 x 10"),
    "flexible_attention": (12288, 12288, 122880, 12800, "2 x 4 x 10 x 16 x 10"),
    "conv_transpose": (520, 512, 5120, 0, "each of ten places gives 8 x 4"),
    "gru_cell": (
        11808,
        11520,
        {115200, 115200 - 6912},
        0,
        "3 x 48 x 80 weights and 288 biases; the first state is zeros",
    ),
    "old_weight_norm": (1600, 1536, 12288, 0, "weight_g and weight_v are the parameters"),
    "spectral_norm": (6240, 6144, 61440, 0, "vectors of the power iteration are no parameters"),
    "orthogonal": (272, 256, 2560, 0, "worked out from 16 x 16"),
    "parametrised": (4160, 4096, 40960, 0, "worked out from 64 x 64"),
    "tied_by_hand": (68096, 68096, 40960 + 640000, 0, "the table is used as a matrix"),
    "latents": (
        320 + 3 * 4096,
        320 + 8192,
        81920 + 3200,
        3200,
        "queries depend on no input: a stored matrix of 5 x 64; 5 x 10 x 64 of each",
    ),
    "numbers_in_forward": (4160, 4096, 4 * 40960, 0, "three times, and once more"),
    "not_reached": (4160 + 2080, 4096, 40960, 0, "g is stored, and nothing reaches it"),
    "noise": (4160, 4096, 40960, 5120, "random numbers are no stored matrix"),
    "unequal_attention": (
        4096 + 2048 + 3072 + 192 + 4160,
        4096 + 2048 + 3072 + 4096,
        40960 + 40960 + 61440 + 40960,
        25600,
        "keys of 32 and values of 48",
    ),
    "whole_transformer": (
        None,
        2 * _encoder + 64 * 192 + 64 * 64,
        10 * (2 * _encoder + 64 * 192 + 64 * 64),
        3 * 12800,
        "an encoder and a decoder",
    ),
    "block_diagonal": (2048, 4096, 40960, 0, "two matrices written into one of 64 x 64"),
    "kronecker": (160, 6144, 61440, 0, "worked out from 8 x 8 and 8 x 12"),
    "hypernetwork": (18432, 16384, 16384, 20480, "the matrix is computed from the input"),
    "per_head": (1024, 1024, 10240, 0, "one matrix of 16 x 16 for each of four heads"),
    "derived_once": (4160, 4096, 122880, 0, "worked out alike three times: one matrix"),
    "addmm_and_tensordot": (6240, 6144, 122880, 0, "one matrix, used twice"),
    "where_pruned": (6144, 6144, 61440, 0, "a mask is no parameter"),
    "code_book": (6160, 6144, 61440, 0, "64 x 96 indices hold the weights, with a book of 16"),
    "parameter_lists": (3 * 4096 + 2048, 14336, 143360, 0, "parameters in lists and dictionaries"),
    "vector": (4160, 4160, 41600, 0, "a stored vector is a matrix of one column"),
    "image_of_28": (36 + 27050, 36 + 27040, 36 * 676 + 27040, 0, "the first image size that it takes"),
    "fixed_basis": (2304, 2304, 23040, 0, "a buffer that is used as a matrix"),
    "statistics": (216 + 16, 216, 216 * 64, 0, "running statistics are no parameters"),
}
