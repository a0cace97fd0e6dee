"""Tables of elementwise ATen operators: a kind of work, a movement of data, or nothing that is counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.networks.tables import each, unique_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.networks.operators import ElementKind

ADDITIONS = frozenset({"add", "sub", "rsub", "subtract", "__radd__", "__iadd__"})
PRODUCTS = frozenset({"mul", "div", "multiply", "divide", "true_divide", "reciprocal_mul"})

KIND_OF: Mapping[str, ElementKind] = unique_table(
    "an elementwise ATen operator",
    each(
        (
            *(
                "gelu",
                "silu",
                "relu",
                "relu6",
                "tanh",
                "sigmoid",
                "hardswish",
                "hardsigmoid",
                "hardtanh",
                "mish",
            ),
            *(
                "elu",
                "selu",
                "celu",
                "leaky_relu",
                "softplus",
                "log_sigmoid",
                "prelu",
                "softsign",
                "threshold",
            ),
            "swish",
            "glu",
        ),
        "activation",
    ),
    each(("softmax", "_softmax", "log_softmax", "_log_softmax", "_safe_softmax"), "softmax"),
    each(
        ("layer_norm", "native_layer_norm", "group_norm", "native_group_norm", "instance_norm"), "layer_norm"
    ),
    each(("rms_norm", "_fused_rms_norm"), "rms_norm"),
    each(
        ("batch_norm", "native_batch_norm", "_native_batch_norm_legit_no_training", "cudnn_batch_norm"),
        "batch_norm",
    ),
    each(("topk", "sort", "argsort", "argmax", "argmin", "max", "min", "amax", "amin"), "routing"),
    each(("bincount", "histc", "unique", "_unique2"), "routing"),
)
"""Kind of work by operator, elements being those of the input."""

POOLING = re.compile(
    r"grid_sampler\w*|(adaptive_)?(avg|max)_pool\dd|(adaptive_)?max_pool\dd_with_indices|mean|upsample_\w+|interpolate"
)
REDUCTIONS = frozenset(
    {
        "sum",
        "prod",
        "var",
        "std",
        "var_mean",
        "norm",
        "linalg_vector_norm",
        "logsumexp",
        "cumsum",
        "cumprod",
        "any",
        "all",
    }
    | {"nansum", "logcumsumexp", "index_add", "scatter_add", "scatter_reduce", "index_reduce"}
)
"""One operation for each element of the input."""

COPIES = frozenset(
    {"clone", "contiguous", "_to_copy", "to", "cat", "concat", "concatenate", "stack", "hstack", "vstack"}
    | {
        "repeat",
        "repeat_interleave",
        "reshape",
        "_unsafe_view",
        "_reshape_alias",
        "flatten",
        "copy",
        "tile",
        "roll",
    }
    | {
        "flip",
        "pad",
        "constant_pad_nd",
        "expand_copy",
        "type_as",
        "float",
        "half",
        "lift_fresh",
        "reflection_pad1d",
    }
    | {
        "reflection_pad2d",
        "replication_pad1d",
        "replication_pad2d",
        "block_diag",
        "detach",
        "im2col",
        "pixel_shuffle",
    }
    | {
        "pixel_unshuffle",
        "channel_shuffle",
        "view_as_real",
        "view_as_complex",
        "complex",
        "unflatten",
        "rot90",
    }
    | {
        "meshgrid",
        "tril",
        "triu",
        "dropout",
        "native_dropout",
        "alpha_dropout",
        "feature_dropout",
        "movedim",
        "unfold",
        "_pack_padded_sequence",
        "_pad_packed_sequence",
    }
)
SELECTIONS = frozenset(
    {"index", "index_select", "gather", "take", "take_along_dim", "embedding", "masked_select", "nonzero"}
)
UNCOUNTED = frozenset(
    {
        "where",
        "masked_fill",
        "masked_scatter",
        "index_put",
        "_index_put_impl",
        "index_copy",
        "index_fill",
        "scatter",
    }
    | {
        "copy_",
        "fill",
        "zero",
        "neg",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "isin",
        "isnan",
        "isinf",
        "isfinite",
    }
    | {"logical_and", "logical_or", "logical_not", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_not"}
    | {"bitwise_xor", "__and__", "__or__", "nan_to_num", "floor_divide", "remainder", "fmod", "slice_scatter"}
    | {
        "select_scatter",
        "diagonal_scatter",
        "searchsorted",
        "bucketize",
        "one_hot",
        "_local_scalar_dense",
        "item",
    }
    | {
        "equal",
        "allclose",
        "is_nonzero",
        "_assert_async",
        "_assert_scalar",
        "_assert_tensor_metadata",
        "sym_size",
    }
    | {"_shape_as_tensor", "numel", "size", "stride", "is_same_size", "resize", "set", "col2im", "fold"}
)
"""Masks, comparisons and moved data: no arithmetic of the network's own. A sign is folded into weights."""

COLLAPSED: tuple[tuple[re.Pattern[str], ElementKind], ...] = (
    (re.compile(r"RMSNorm|RmsNorm|T5\w*LayerNorm|LayerNormRMS"), "rms_norm"),
    (re.compile(r"LayerNorm$|GroupNorm$"), "layer_norm"),
    (re.compile(r"BatchNorm\w*$|^NoNorm$|FrozenBatchNorm"), "batch_norm"),
    (re.compile(r"(?i)gelu|silu|swish|mish$|relu|squareplus|activation$"), "activation"),
    (re.compile(r"AdaptiveAvgPool|GlobalAvgPool"), "pooling"),
)
"""Modules of these classes are one kind of work, whichever way they compute it."""


def collapsed_kind(class_name: str, *, leaf: bool) -> ElementKind | None:
    """Return the one kind of work that a module of this class does, if it holds no other modules."""
    if not leaf:
        return None
    return next((kind for pattern, kind in COLLAPSED if pattern.search(class_name)), None)
