"""Decide what a stored tensor is in a network: a matrix, a table, another learned number, or no weight at all.

A header has names and shapes only. Names are those that transformers, diffusers, timm, torchvision and torch itself
give to buffers and tables; where the shape decides, it is asked first.
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.networks.from_models.stored.header import StoredTensor

Role = Literal["buffer", "table", "matrix", "number", "packed"]

_MATRIX = 2
_LONGEST_KERNEL = 31
"""Of a convolution over a sequence; three axes of which the last is longer are matrices of experts."""
_BUFFERS = re.compile(
    r"running_mean|running_var|num_batches_tracked"  # torch.nn.BatchNorm
    r"|position_ids|masked_bias|causal_mask|attn_mask|attention_mask|tril|mask"  # masks and orders of positions
    r"|relative_position_index|relative_coords_table|_float_tensor|pe"  # Swin; positions by sine and cosine
    r"|inv_freq|original_inv_freq|freqs|freqs_cis|cos_cached|sin_cached|cos|sin"  # rotary positions
    r"|cluster_size|embed_avg|inited"  # codebooks that follow running means
    r"|fake_quant_enabled|observer_enabled|min_val|max_val|activation_post_process\.\w+"  # torch.ao.quantization
    r"|betas|alphas_cumprod|alphas_cumprod_prev|posterior_\w+|logvar"  # steps of diffusion (CompVis)
    r"|(sqrt|log|one)_(one_minus_|recip_|recipm1_)?(minus_)?alphas_cumprod"
    r"|_u|_v"  # torch.nn.utils.parametrizations.spectral_norm
)
_OBSERVERS = re.compile(r"\.(\w*activation_post_process|\w*fake_quant|\w*observer)\.")
"""Modules that watch or imitate quantisation (torch.ao.quantization): they hold scales and ranges."""
_OPTIMIZER = re.compile(
    r"(.+\.)?(exp_avg|exp_avg_sq|max_exp_avg_sq|exp_inf|momentum_buffer|square_avg|grad_avg|acc_delta"
    r"|exp_avg_sq_row|exp_avg_sq_col)|(optimizer|optimizers|optim|optimizer_states?)\..+"
)
"""What torch's optimizers keep of each weight, and where training scripts put it."""
_STATES = ("I64", "U64", "I32", "U32", "I16", "U16", "BOOL")
"""Types of indices, counts and masks. Weights of few bits in such integers have been told apart before."""
_PACKING = ("I32", "U32", "I16", "U16", "U8", "I8", "I64", "U64")
"""Types that several weights of few bits are packed into."""
_PLACES = frozenset(
    [
        "id",
        "ids",
        "idx",
        "index",
        "indices",
        "position",
        "positions",
        "pos",
        "mask",
        "masks",
        "perm",
        "order",
        "map",
        "lut",
        "coords",
        "table",
        "types",
        "type",
        "anchors",
        "offsets",
        "steps",
        "lengths",
        "shape",
        "workspace",
        "zeros",
        "zero",
        "qzeros",
        "scales",
        "scale",
        "groups",
        "invperm",
    ]
)
"""Words in names of whole numbers that are places, orders or sizes, or belong to a packing."""
_TABLE_WORDS = frozenset(
    (
        "embed",
        "embeds",
        "embedding",
        "embeddings",
        "emb",
        "embs",
        "embd",
        "wte",
        "wpe",
        "shared",
        "lookup",
        "codebook",
    )
)
_TABLE_NAMES = re.compile(
    r"relative_attention_bias|relative_position_bias_table|\w*_bias_table|\w*positional?_emb\w*|\w*pos_emb\w*"
    r"|embed_(?!out\b|in_proj)\w+|\w*_embed_tokens\w*|(cls|mask|dist|register|query|class|distillation)_tokens?"
    r"|codevectors|latents|scale_shift_table|queries|prompts?_\w*"
)
_ELEMENTWISE = re.compile(
    r"(A_log|D|dt_bias|gammas?|betas?|time_\w+|logit_\w+|layer_scale\w*|scale|temperature)(_\d+)?"
)
"""What is multiplied or added element by element, whatever its shape: of Mamba, RWKV, ConvNeXt, Swin."""


class Shape(NamedTuple):
    """A tensor laid out as matrices."""

    matrices: int
    rows: int
    cols: int
    kind: Literal["linear", "convolution", "experts", "recurrent"]


def role_of(tensor: StoredTensor, tensors: Mapping[str, StoredTensor]) -> Role:
    """Return what a tensor is, by its name, its shape, its type and its neighbours."""
    node, _, last = tensor.name.rpartition(".")
    if _is_buffer(tensor, node, last, tensors):
        return "packed" if _may_be_packed(tensor, last) else "buffer"
    shape = tensor.shape
    if len(shape) < _MATRIX or 0 in shape or _is_gain(node, last, tensors):
        return "number"
    named = last.startswith("weight") or last.endswith("weight")
    if not named and (_ELEMENTWISE.fullmatch(last) or max(shape) == prod(shape)):
        return "number"
    if len(shape) == _MATRIX and is_table(node if named else tensor.name, tensors):
        return "table"
    if not named and shape[0] == 1:
        return "number"  # one for every input: tokens and positions that are added or put in front
    if not named and _TABLE_NAMES.fullmatch(last):
        return "number"
    return "matrix"


def layout(tensor: StoredTensor, tensors: Mapping[str, StoredTensor]) -> Shape:
    """Return a tensor as matrices: [outputs, inputs, kernel…], unless its bias shows that it is [inputs, outputs]."""
    shape, name = tensor.shape, tensor.name.lower()
    expert = "expert" in name or ("conv" not in name and shape[-1] > _LONGEST_KERNEL)
    if len(shape) == 3 and expert:  # noqa: PLR2004
        return Shape(shape[0], shape[2], shape[1], "experts")
    if len(shape) > _MATRIX:
        return Shape(1, prod(shape[1:]), shape[0], "convolution")
    recurrent = re.search(r"weight_(ih|hh)(_l\d+(_reverse)?)?$", name) is not None
    kind: Literal["linear", "recurrent"] = "recurrent" if recurrent else "linear"
    bias = tensors.get(f"{tensor.name.rpartition('.')[0]}.bias")
    if bias is not None and bias.shape == (shape[1],) and shape[0] != shape[1]:
        return Shape(1, shape[0], shape[1], kind)
    return Shape(1, shape[1], shape[0], kind)


def _is_buffer(tensor: StoredTensor, node: str, last: str, tensors: Mapping[str, StoredTensor]) -> bool:
    shape = tensor.shape
    if last.endswith("_mask") and f"{node}.{last.removesuffix('_mask')}_orig" in tensors:
        return True  # which weights are pruned (torch.nn.utils.prune)
    if of_optimizer(tensor.name):
        return True
    if _OBSERVERS.search(f".{node}."):
        return True
    if _BUFFERS.fullmatch(last):
        return last not in {"mask", "cos", "sin", "pe", "freqs"} or f"{node}.weight" not in tensors
    if last in {
        "weight_u",
        "weight_v",
    }:  # of torch.nn.utils.spectral_norm; of weight_norm, weight_v is the matrix
        return f"{node}.weight_orig" in tensors
    square = len(shape) >= _MATRIX and shape[-1] == shape[-2] and prod(shape[:-2]) == 1
    if last == "bias" and square:
        return True  # which token may attend to which
    if tensor.dtype in _STATES or (tensor.dtype == "U8" and last != "weight"):
        return not (last == "bias" and len(shape) == 1)  # a quantised bias is whole numbers too
    return tensor.name.startswith("model_ema.") and not tensor.name.endswith(".weight")


def of_optimizer(name: str) -> bool:
    """Return whether a tensor is what an optimizer keeps of a weight, and not a weight of the network."""
    return _OPTIMIZER.fullmatch(name) is not None


def is_average(name: str) -> bool:
    """Return whether a tensor is called a running mean of a weight: `l_ema.weight`, `ema.l.weight`."""
    return "ema" in _words(name)


def _may_be_packed(tensor: StoredTensor, last: str) -> bool:
    """Return whether whole numbers can be weights in a packing that is not known: many, and not named as places."""
    if tensor.dtype not in _PACKING or _BUFFERS.fullmatch(last) or _PLACES & set(_words(last)):
        return False
    shape = tensor.shape
    square = len(shape) >= _MATRIX and shape[-1] == shape[-2] and prod(shape[:-2]) == 1
    flat = max(shape, default=0) == tensor.numbers
    named = "weight" in last or "packed" in last
    return tensor.numbers > 1 and ((named and last != "bias") or not (flat or (square and last == "bias")))


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()) if word]


def _is_gain(node: str, last: str, tensors: Mapping[str, StoredTensor]) -> bool:
    """Return whether it is the length of each row in a weight that is kept as length and direction."""
    other = {"weight_g": "weight_v", "original0": "original1"}.get(last)
    own = tensors[f"{node}.{last}"] if other else None
    whole = tensors.get(f"{node}.{other}")
    return own is not None and whole is not None and own.numbers < whole.numbers


def is_table(node: str, tensors: Mapping[str, StoredTensor]) -> bool:
    """Return whether rows are looked up in a node's matrix: by its own name, and because a table has no bias."""
    last = node.rpartition(".")[2]
    if f"{node}.bias" in tensors:
        return False
    words = re.split(r"[_\d]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", last).lower())
    ends = [word for word in words if word]
    return bool(ends) and (ends[-1] in _TABLE_WORDS or _TABLE_NAMES.fullmatch(last) is not None)
