"""Layers of several matrices on crossbars: recurrent ones, their cells, and multi-head attention.

Each matrix is a layer of its own, analog or digital, under the name that the layer of torch gives its weights; what is
between them, gates, states and products of computed values, is digital.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - its usual name
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    State = tuple[torch.Tensor, ...]

_GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}


class HeldMatrix(NamedTuple):
    """A matrix that a layer holds itself, and the bias that follows it."""

    name: str
    """Within the layer, as torch calls the weights."""
    weight: nn.Parameter
    bias: nn.Parameter | None
    stored_as: str = ""
    """Of a part of a stored tensor, the name of the part."""


def is_composite(module: nn.Module) -> bool:
    """Return whether a layer computes with matrices that it holds itself, each of which can be on crossbars."""
    return isinstance(module, nn.RNNBase | nn.RNNCellBase | nn.MultiheadAttention)


def held_matrices(module: nn.Module, *, of_memory: bool = False) -> Iterator[HeldMatrix]:
    """Yield the matrices of a composite layer.

    Args:
        module: the layer.
        of_memory: whether queries come from elsewhere than keys and values, so that these are two products.
    """
    if isinstance(module, nn.MultiheadAttention):
        yield from _of_attention(module, of_memory=of_memory)
        return
    for name, weight in module.named_parameters(recurse=False):
        if name.startswith("weight"):
            yield HeldMatrix(name, weight, getattr(module, name.replace("weight", "bias", 1), None))


def _of_attention(module: nn.MultiheadAttention, *, of_memory: bool) -> Iterator[HeldMatrix]:
    width, bias = module.embed_dim, module.in_proj_bias
    parts = (bias[:width], bias[width : 2 * width], bias[2 * width :]) if bias is not None else (None,) * 3
    if module.in_proj_weight is None:
        names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
        for name, part in zip(names, parts, strict=True):
            yield HeldMatrix(name, getattr(module, name), _kept(part))
    elif of_memory:
        whole = module.in_proj_weight
        queries = nn.Parameter(whole.detach()[:width], requires_grad=False)
        others = nn.Parameter(whole.detach()[width:], requires_grad=False)
        rest = None if bias is None else bias[width:]
        yield HeldMatrix("in_proj_queries", queries, _kept(parts[0]), f"in_proj_weight[0:{width}]")
        yield HeldMatrix("in_proj_memory", others, _kept(rest), f"in_proj_weight[{width}:{3 * width}]")
    else:
        yield HeldMatrix("in_proj_weight", module.in_proj_weight, bias)
    out = module.out_proj
    yield HeldMatrix("out_proj", out.weight, out.bias)


def _kept(part: torch.Tensor | None) -> nn.Parameter | None:
    return None if part is None else nn.Parameter(part.detach(), requires_grad=False)


class CompositeLayer(nn.Module):
    """A layer of torch whose matrices are layers of their own.

    Args:
        products: those layers, by the name of their weights.
    """

    def __init__(self, products: dict[str, nn.Module]) -> None:
        super().__init__()
        for name, product in products.items():
            self.add_module(name, product)

    def product(self, name: str) -> nn.Module:
        """Return the layer that multiplies by these weights."""
        return self.get_submodule(name)


class AnalogAttention(CompositeLayer):
    """`nn.MultiheadAttention` with its projections on crossbars."""

    def __init__(self, products: dict[str, nn.Module], attention: nn.MultiheadAttention) -> None:
        super().__init__(products)
        self.embed_dim, self.num_heads = attention.embed_dim, attention.num_heads
        self.dropout, self.batch_first = attention.dropout, attention.batch_first
        self.bias_k, self.bias_v = attention.bias_k, attention.bias_v
        self.add_zero_attn = attention.add_zero_attn
        # Layers of torch ask for these before they take a shortcut past this one: none is to be taken.
        self._qkv_same_embed_dim, self.in_proj_bias = False, None

    def forward(  # noqa: PLR0917  the signature is torch's
        self,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        key_padding_mask: torch.Tensor | None = None,
        need_weights: bool = True,
        attn_mask: torch.Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Attend, as `nn.MultiheadAttention` does.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        batched = query.dim() == 3 and self.batch_first  # noqa: PLR2004
        queries, keys, values = self._projected(query, key, value)
        if batched:
            queries, keys, values = (one.transpose(0, 1) for one in (queries, keys, values))
        # Torch does all that is between the projections; its own multiply by one, which changes no bit.
        one = torch.eye(self.embed_dim, dtype=queries.dtype, device=queries.device)
        y, weights = F.multi_head_attention_forward(
            queries,
            keys,
            values,
            self.embed_dim,
            self.num_heads,
            None,
            None,
            self.bias_k,
            self.bias_v,
            self.add_zero_attn,
            self.dropout,
            one,
            None,
            training=self.training,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=True,
            q_proj_weight=one,
            k_proj_weight=one,
            v_proj_weight=one,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )
        y = self.product("out_proj")(y.transpose(0, 1) if batched else y)
        return y, weights

    def _projected(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> State:
        width, held = self.embed_dim, dict(self.named_children())
        if "in_proj_weight" in held:
            whole = held["in_proj_weight"]
            if query is key and key is value:
                queries, keys, values = whole(query).split(width, dim=-1)
                return queries, keys, values
            # All outputs of the tiles are there; of each product, those that are asked for are used.
            memory = whole(key)
            of_values = memory if value is key else whole(value)
            return (
                whole(query)[..., :width],
                memory[..., width : 2 * width],
                of_values[..., 2 * width :],
            )
        if "in_proj_queries" in held:
            memory = held["in_proj_memory"](key)
            of_values = memory if value is key else held["in_proj_memory"](value)
            return held["in_proj_queries"](query), memory[..., :width], of_values[..., width:]
        return (
            held["q_proj_weight"](query),
            held["k_proj_weight"](key),
            held["v_proj_weight"](value),
        )


class AnalogCell(CompositeLayer):
    """`nn.LSTMCell`, `nn.GRUCell` or `nn.RNNCell` with its weights on crossbars."""

    def __init__(self, products: dict[str, nn.Module], cell: nn.Module) -> None:
        super().__init__(products)
        self.hidden_size, self.input_size = cell.hidden_size, cell.input_size
        gated = "LSTM" if isinstance(cell, nn.LSTMCell) else "GRU" if isinstance(cell, nn.GRUCell) else ""
        self.mode = gated or ("RNN_RELU" if getattr(cell, "nonlinearity", "") == "relu" else "RNN_TANH")

    def forward(self, x: torch.Tensor, hx: torch.Tensor | State | None = None) -> torch.Tensor | State:
        """Work on one step.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        single = x.dim() == 1
        x = x[None] if single else x
        if hx is None:
            zero = x.new_zeros(len(x), self.hidden_size)
            state: State = (zero, zero) if self.mode == "LSTM" else (zero,)
        else:
            given = hx if isinstance(hx, tuple) else (hx,)
            state = tuple(one[None] if single else one for one in given)
        gates = self.product("weight_ih")(x), self.product("weight_hh")(state[0])
        state = _step(self.mode, *gates, state)
        state = tuple(one[0] for one in state) if single else state
        return state if self.mode == "LSTM" else state[0]


class AnalogRecurrent(CompositeLayer):
    """`nn.LSTM`, `nn.GRU` or `nn.RNN` with its weights on crossbars."""

    def __init__(self, products: dict[str, nn.Module], layer: nn.RNNBase) -> None:
        super().__init__(products)
        self.mode, self.num_layers, self.batch_first = layer.mode, layer.num_layers, layer.batch_first
        self.input_size, self.hidden_size, self.proj_size = (
            layer.input_size,
            layer.hidden_size,
            layer.proj_size,
        )
        self.bidirectional, self.dropout, self.bias = layer.bidirectional, layer.dropout, layer.bias

    def flatten_parameters(self) -> None:
        """Do nothing: there are no digital weights to be laid out anew."""

    def forward(
        self, x: torch.Tensor | PackedSequence, hx: torch.Tensor | State | None = None
    ) -> tuple[torch.Tensor | PackedSequence, torch.Tensor | State]:
        """Work on sequences, as the layer of torch does.

        Raises:
            NotProgrammedError: there are no conductances yet.
        """
        if isinstance(x, PackedSequence):
            return self._packed(x, hx)
        single = x.dim() == 2  # noqa: PLR2004 - one sequence without a batch
        steps = x[:, None] if single else x.transpose(0, 1) if self.batch_first else x
        given = None if hx is None else hx if isinstance(hx, tuple) else (hx,)
        if given is not None and single:
            given = tuple(one[:, None] for one in given)
        y, last = self._run(steps, given, None)
        if single:
            y, last = y[:, 0], tuple(one[:, 0] for one in last)
        elif self.batch_first:
            y = y.transpose(0, 1)
        return y, last if self.mode == "LSTM" else last[0]

    def _packed(
        self, x: PackedSequence, hx: torch.Tensor | State | None
    ) -> tuple[PackedSequence, torch.Tensor | State]:
        steps, lengths = pad_packed_sequence(PackedSequence(x.data, x.batch_sizes))
        given = None if hx is None else hx if isinstance(hx, tuple) else (hx,)
        if given is not None and x.sorted_indices is not None:
            given = tuple(one[:, x.sorted_indices] for one in given)
        here = torch.arange(len(steps))[:, None] < lengths[None]
        y, last = self._run(steps, given, here.to(steps.device)[..., None])
        packed = pack_padded_sequence(y, lengths)
        if x.unsorted_indices is not None:
            last = tuple(one[:, x.unsorted_indices] for one in last)
        result = PackedSequence(packed.data, x.batch_sizes, x.sorted_indices, x.unsorted_indices)
        return result, last if self.mode == "LSTM" else last[0]

    def _run(
        self, x: torch.Tensor, given: State | None, here: torch.Tensor | None
    ) -> tuple[torch.Tensor, State]:
        """Run all layers over steps x sequences; `here` says which steps a sequence has."""
        ways = ("", "_reverse") if self.bidirectional else ("",)
        last: list[State] = []
        for layer in range(self.num_layers):
            outputs: list[torch.Tensor] = []
            for way in ways:
                state = self._first(x, given, len(last))
                y, state = self._layer(x, f"_l{layer}{way}", state, here)
                outputs.append(y)
                last.append(state)
            x = torch.cat(outputs, dim=-1)
            if self.dropout and self.training and layer < self.num_layers - 1:
                x = F.dropout(x, self.dropout, training=True)
        return x, tuple(torch.stack(parts) for parts in zip(*last, strict=True))

    def _first(self, x: torch.Tensor, given: State | None, place: int) -> State:
        if given is not None:
            return tuple(one[place] for one in given)
        hidden = x.new_zeros(x.shape[1], self.proj_size or self.hidden_size)
        return (hidden, x.new_zeros(x.shape[1], self.hidden_size)) if self.mode == "LSTM" else (hidden,)

    def _layer(
        self, x: torch.Tensor, ending: str, state: State, here: torch.Tensor | None
    ) -> tuple[torch.Tensor, State]:
        inputs = self.product(f"weight_ih{ending}")(x)
        of_state = self.product(f"weight_hh{ending}")
        shrink: Callable[[torch.Tensor], torch.Tensor] | None = None
        if self.proj_size:
            shrink = self.product(f"weight_hr{ending}")
        order = range(len(x) - 1, -1, -1) if ending.endswith("_reverse") else range(len(x))
        outputs: dict[int, torch.Tensor] = {}
        for step in order:
            new = _step(self.mode, inputs[step], of_state(state[0]), state)
            if shrink is not None:
                new = (shrink(new[0]), *new[1:])
            if here is not None:  # a sequence that is over, or has not begun, keeps its state
                new = tuple(torch.where(here[step], one, old) for one, old in zip(new, state, strict=True))
            state = new
            outputs[step] = state[0]
        return torch.stack([outputs[step] for step in range(len(x))]), state


def _step(mode: str, inputs: torch.Tensor, of_state: torch.Tensor, state: State) -> State:
    """Return the next state; gates are in torch's order."""
    if mode == "LSTM":
        let_in, forget, cell, out = (inputs + of_state).chunk(4, dim=-1)
        kept = forget.sigmoid() * state[1] + let_in.sigmoid() * cell.tanh()
        return out.sigmoid() * kept.tanh(), kept
    if mode == "GRU":
        (reset_in, update_in, new_in), (reset, update, new) = (
            inputs.chunk(3, dim=-1),
            of_state.chunk(3, dim=-1),
        )
        old = (update_in + update).sigmoid()
        candidate = (new_in + (reset_in + reset).sigmoid() * new).tanh()
        return ((1 - old) * candidate + old * state[0],)
    total = inputs + of_state
    return (total.relu() if mode == "RNN_RELU" else total.tanh(),)
