"""Find the weights that packed and quantised tensors stand for: GPTQ, AWQ, bitsandbytes, fp8, MXFP4 and others.

Each format keeps a matrix as several tensors. The shape of the matrix follows from theirs, from a few bytes that the
format keeps beside them, or from the config; scales, zero points and orders of rows are no weights.
"""

from __future__ import annotations

import re
from collections import Counter
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from factsheet.source.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from factsheet.networks.from_models.stored.header import StoredTensor

_WORD = 32
"""Bits of the integers that GPTQ, AWQ, compressed-tensors and MLX pack weights into."""
_MOST_BITS = 16
_TERNARY = 4
"""Weights of -1, 0 and 1 in a byte."""
_QUANTO_GROUP = 128
_NIBBLES = 2
"""Weights of 4 bits in a byte."""
_MAX_STATE_BYTES = 1 << 16
_MATRIX = 2
_MAX_WIDTHS = 64
_SCALE = re.compile(
    r"(weight|input|output|act|activation)_(scale|scale_inv|scale_2|global_scale|zero_point|shape|g_idx|scales)"
    r"|SCB|weight_format|scale_weight|scale_input|scaled_fp8|quant_state|_scale|_shift|_packing_format"
)
"""What formats call a scale or what goes with it, beside the weights."""
_OF_NARROW = re.compile(r"scales?|zeros?|zero_points?|biases")
"""The same, only beside weights of 8 bits or fewer: elsewhere `scale` is the gain of a normalisation."""


class Packed(NamedTuple):
    """A matrix that is stored as something else; of several matrices of one shape, the experts of a layer."""

    node: str
    rows: int
    """Inputs."""
    cols: int
    """Outputs."""
    format: str
    """The name of the format, and bits of a weight."""
    matrices: int = 1
    guess: str = ""
    """What was assumed of its shape."""

    @property
    def numbers(self) -> int:
        """Weights that it stands for."""
        return self.matrices * self.rows * self.cols


class Unpacked(NamedTuple):
    """A set of tensors, with those that are packed told apart."""

    packed: Mapping[str, Packed]
    """By the name of the tensor that holds the packed weights."""
    plain: Mapping[str, StoredTensor]
    """Stored as they are."""
    beside: tuple[str, ...]
    """Scales, zero points and orders of rows."""
    strange: tuple[str, ...]
    """Packed in a way that is not known: their weights are missing."""


class _Group(NamedTuple):
    """The tensors around a packed one, and the quantisation that the config states."""

    main: StoredTensor
    parts: Mapping[str, StoredTensor]
    """By what follows the node's name."""
    settings: Mapping[str, object]
    widths: tuple[int, ...]
    """Lengths of the vectors nearby, such as gains of a normalisation: one of them is a side of most matrices."""


def unpack(tensors: Mapping[str, StoredTensor], settings: Mapping[str, object]) -> Unpacked:
    """Tell packed tensors, what belongs to them, and plain ones apart.

    Args:
        tensors: all of a model.
        settings: `quantization_config` of its config, where there is one.
    """
    parts: dict[str, dict[str, StoredTensor]] = {}
    for name, tensor in tensors.items():
        for node, rest in _splits(name):
            parts.setdefault(node, {})[rest] = tensor
    lengths = Counter(t.numbers for n, t in tensors.items() if n.endswith(".weight") and len(t.shape) == 1)
    widths = tuple(sorted((length for length, _ in lengths.most_common(_MAX_WIDTHS)), reverse=True))
    packed: dict[str, Packed] = {}
    strange: list[str] = []
    used: set[str] = set()
    for name, found, beside in _found(tensors, parts, widths, settings):
        if name not in used:
            used |= {name, *beside}
            if found.numbers:
                packed[name] = found
            else:
                strange.append(name)
    used |= {name for name in tensors if name not in used and _is_beside(name, parts)}
    plain = {name: tensor for name, tensor in tensors.items() if name not in used}
    companions = tuple(
        name for name in tensors if name in used and name not in packed and name not in strange
    )
    return Unpacked(packed, plain, companions, tuple(strange))


def _found(
    tensors: Mapping[str, StoredTensor],
    parts: Mapping[str, Mapping[str, StoredTensor]],
    widths: tuple[int, ...],
    settings: Mapping[str, object],
) -> Iterator[tuple[str, Packed, list[str]]]:
    """Yield each packed tensor by its name, with what it stands for and the names of what is beside it."""
    for ending, companions, read in _FORMATS:
        for name, tensor in tensors.items():
            if not name.endswith(ending):
                continue
            node = name.removesuffix(ending)
            near = parts.get(node, {})
            beside = {rest: one for rest, one in near.items() if re.fullmatch(companions, rest)}
            found = read(node, _Group(tensor, beside, settings, widths)) if beside else None
            if found is not None:
                yield name, found, [one.name for one in beside.values()]


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """Yield the nodes that a name may belong to, with what follows: after a dot, and of the last word `_blocks`."""
    pieces = name.split(".")
    for kept in range(max(1, len(pieces) - 4), len(pieces)):
        yield ".".join(pieces[:kept]), "." + ".".join(pieces[kept:])
    for ending in ("_blocks", "_scales"):
        if name.endswith(ending):
            yield name.removesuffix(ending), ending


def _is_beside(name: str, parts: Mapping[str, Mapping[str, StoredTensor]]) -> bool:
    node, _, last = name.rpartition(".")
    if _SCALE.fullmatch(last):
        return True
    weight = parts.get(node, {}).get(".weight")
    if last in {"k_scale", "v_scale", "q_scale", "prob_scale"}:
        return parts[node][f".{last}"].numbers == 1
    narrow = weight is not None and weight.size <= weight.numbers
    return narrow and _OF_NARROW.fullmatch(last) is not None


def _of_words(node: str, group: _Group) -> Packed | None:
    """GPTQ: rows packed into integers; AWQ: columns. The scales have a column for each output."""
    words, scales = group.main, group.parts.get(".scales")
    if len(words.shape) != _MATRIX or 0 in words.shape:
        return None
    order, bits = group.parts.get(".g_idx"), _whole(group.settings.get("bits"))
    outputs = scales.shape[-1] if scales is not None and len(scales.shape) == _MATRIX else 0
    zeros = group.parts.get(".qzeros")
    if outputs == words.shape[1]:
        if zeros is not None and len(zeros.shape) == _MATRIX:
            bits = bits or _WORD * zeros.shape[-1] // outputs
        inputs = order.numbers if order is not None else words.shape[0] * _WORD // (bits or 4)
        bits = words.shape[0] * _WORD // max(1, inputs)
        return Packed(node, inputs if 0 < bits <= _MOST_BITS else 0, outputs, f"GPTQ, {bits} bits")
    if outputs and outputs % words.shape[1] == 0:
        return Packed(node, words.shape[0], outputs, f"AWQ, {_WORD * words.shape[1] // outputs} bits")
    if bits and order is not None:
        return Packed(node, order.numbers, words.shape[1], f"GPTQ, {bits} bits")
    return Packed(node, 0, 0, "integers")


def _exl2(node: str, group: _Group) -> Packed | None:
    order = group.parts.get(".q_invperm") or group.parts.get(".q_perm")
    if order is None or len(group.main.shape) != _MATRIX:
        return Packed(node, 0, 0, "EXL2")
    return Packed(node, order.numbers, group.main.shape[1], "EXL2")


def _compressed(node: str, group: _Group) -> Packed | None:
    """compressed-tensors: outputs x packed inputs, and the shape as two numbers of 64 bits."""
    words = group.main
    if len(words.shape) != _MATRIX:
        return None
    shape = _stated_shape(group.parts.get(".weight_shape"))
    per_byte = words.dtype in {"U8", "I8"}
    if shape is not None and shape[0] == words.shape[0]:
        bits = 8 * words.size // max(1, prod(shape))
        return Packed(
            node, shape[1] if 0 < bits <= _MOST_BITS else 0, shape[0], f"compressed-tensors, {bits} bits"
        )
    if per_byte:
        return Packed(node, words.shape[1] * _NIBBLES, words.shape[0], "compressed-tensors, 4 bits")
    stated = _bits_of(group.settings)
    return Packed(
        node,
        words.shape[1] * _WORD // (stated or 4),
        words.shape[0],
        f"compressed-tensors, {stated or 4} bits",
        guess="" if stated else "4 bits a weight, which neither the file nor a config says",
    )


def _bytes_4bit(node: str, group: _Group) -> Packed | None:
    """bitsandbytes: pairs of weights in bytes, without a shape; its state, a text as bytes, has it."""
    if group.main.dtype not in {"U8", "I8", "F16", "BF16", "F32"} or group.main.shape[-1:] != (1,):
        return None
    numbers = group.main.size * _NIBBLES  # the bytes may be stored as numbers of any type
    for rest, part in group.parts.items():
        if ".quant_state." in rest:
            shape = _state_shape(part)
            if shape is not None and abs(prod(shape) - numbers) <= 1:
                return Packed(node, prod(shape[1:]), shape[0], "bitsandbytes, 4 bits")
    return _any_shape(node, numbers, group, "bitsandbytes, 4 bits")


def _nvfp4(node: str, group: _Group) -> Packed | None:
    """Pairs of 4-bit weights in bytes, outputs x packed inputs, with a scale for every 16."""
    main, scale = group.main, group.parts.get(".weight_scale")
    if main.dtype != "U8" or len(main.shape) != _MATRIX or scale is None or len(scale.shape) != _MATRIX:
        return None
    if scale.numbers == 1:
        return None
    return Packed(node, main.shape[1] * _NIBBLES, main.shape[0], "4 bits in bytes, with scales")


def _mxfp4(node: str, group: _Group) -> Packed | None:
    """Blocks of 32 weights in 16 bytes, for each output of each expert."""
    main = group.main
    if main.dtype != "U8" or len(main.shape) < 3 or main.shape[-1] == 0:  # noqa: PLR2004 - outputs, blocks, bytes
        return None
    *lead, outputs, blocks, each = main.shape
    return Packed(node, blocks * each * _NIBBLES, outputs, "MXFP4, 4 bits", matrices=prod(lead))


def _mlx(node: str, group: _Group) -> Packed | None:
    """MLX: inputs packed into integers of 32 bits, and a scale for each group of 64 of them."""
    main, scales = group.main, group.parts[".scales"]
    if main.dtype not in {"U32", "I32"} or len(main.shape) < _MATRIX or len(scales.shape) != len(main.shape):
        return None
    stated = _whole(group.settings.get("group_size"))
    inputs = scales.shape[-1] * (stated or 64)
    bits = main.shape[-1] * _WORD // max(1, inputs)
    return Packed(
        node,
        inputs if 0 < bits <= _MOST_BITS else 0,
        main.shape[-2],
        f"MLX, {bits} bits",
        matrices=prod(main.shape[:-2]),
        guess="" if stated else "groups of 64 weights, which no config states",
    )


def _additive(node: str, group: _Group) -> Packed | None:
    """AQLM: numbers of code words, each for several weights of several outputs."""
    words = group.parts.get(".codebooks")
    if words is None or len(words.shape) != 4 or len(group.main.shape) < _MATRIX:  # noqa: PLR2004
        return Packed(node, 0, 0, "codes")
    return Packed(node, group.main.shape[1] * words.shape[3], group.main.shape[0] * words.shape[2], "AQLM")


def _ternary(node: str, group: _Group) -> Packed | None:
    """BitNet: four weights of -1, 0 and 1 in a byte, of outputs that follow each other, and one scale for all."""
    main, scale = group.main, group.parts[".weight_scale"]
    if main.dtype != "U8" or len(main.shape) != _MATRIX or scale.numbers != 1:
        return None
    stated = group.settings.get("quant_method") == "bitnet"
    return Packed(
        node,
        main.shape[1],
        main.shape[0] * _TERNARY,
        "BitNet, ternary",
        guess="" if stated else "four weights in a byte, as of BitNet, which no config states",
    )


def _hqq(node: str, group: _Group) -> Packed | None:
    """HQQ: weights packed into bytes or words; the shape and the bits are stored beside them."""
    main, width = group.main, group.parts.get(".nbits")
    shape = _stated_shape(group.parts.get(".shape"))
    if shape is not None:
        bits = 8 * main.size // max(1, prod(shape))
        return Packed(node, shape[1] if 0 < bits <= _MOST_BITS else 0, shape[0], f"HQQ, {bits} bits")
    stated = _one_number(width) or _whole(group.settings.get("nbits")) or _bits_of(group.settings)
    bits = stated if 0 < stated <= _MOST_BITS else 4
    found = _any_shape(node, main.size * 8 // bits, group, f"HQQ, {bits} bits")
    return found if stated else found._replace(guess=f"{bits} bits a weight, and {found.guess}")


def _marlin(node: str, group: _Group) -> Packed | None:
    """Marlin: tiles of 16 inputs in words of 32 bits, and scales with a column for each output."""
    words, scales = group.main, group.parts.get(".s")
    if words.dtype not in {"I32", "U32"} or len(words.shape) != _MATRIX:
        return None
    if scales is None or len(scales.shape) != _MATRIX or not scales.shape[-1]:
        return Packed(node, 0, 0, "Marlin")
    bits, outputs = _whole(group.settings.get("bits")) or 4, scales.shape[-1]
    inputs, uneven = divmod(words.numbers * _WORD, bits * outputs)
    return Packed(node, 0 if uneven else inputs, outputs, f"Marlin, {bits} bits")


def _quanto_in_bytes(node: str, group: _Group) -> Packed | None:
    """optimum-quanto below 8 bits: two or four weights in a byte, and a scale for each group of 128 of them."""
    main, scale = group.main, group.parts.get(".weight._scale")
    if main.dtype != "U8":
        return None
    each = main.numbers // max(1, scale.numbers) if scale is not None else 0
    bits = 2 if each * 4 == _QUANTO_GROUP else 4
    return _any_shape(node, main.numbers * 8 // bits, group, f"quanto, {bits} bits")


def _quanto(node: str, group: _Group) -> Packed | None:
    if len(group.main.shape) < _MATRIX:
        return None
    if group.main.dtype != "U8":
        return Packed(node, prod(group.main.shape[1:]), group.main.shape[0], "quanto, 8 bits")
    return _any_shape(node, group.main.numbers * _NIBBLES, group, "quanto, 4 bits")


_FORMATS: tuple[tuple[str, str, Callable[[str, _Group], Packed | None]], ...] = (
    (".qweight", r"\.(qzeros|scales|g_idx|perm|wf|zeros)", _of_words),
    (".q_weight", r"\.q_\w+", _exl2),
    (".weight_packed", r"\.(weight|input)_(scale|shape|zero_point|g_idx|global_scale)", _compressed),
    (".weight", r"\.weight\.(absmax|quant_map|nested_\w+|quant_state\..+)", _bytes_4bit),
    (".weight", r"\.(weight_scale|weight_scale_2|input_scale)", _nvfp4),
    ("_blocks", r"_scales", _mxfp4),
    (".blocks", r"\.scales", _mxfp4),
    (".weight", r"\.weight_scale", _ternary),
    (".W_q", r"\.(?!bias$)\w+", _hqq),
    (".B", r"\.(s|workspace)", _marlin),
    (".weight", r"\.(scales|biases)", _mlx),
    (".codes", r"\.(codebooks|scales)", _additive),
    (".weight._data", r"\.weight\._(scale|shift)", _quanto),
    (".weight._data._data", r"\.weight\._(scale|shift)", _quanto_in_bytes),
)
"""The end of the packed tensor's name, what the tensors beside it are called, and who reads it: AutoGPTQ and AutoAWQ,
ExLlamaV2, compressed-tensors, bitsandbytes, ModelOpt, gpt-oss, BitNet, HQQ, Marlin, MLX, AQLM and optimum-quanto, as
their code has them."""


def _whole(value: object) -> int:
    return value if type(value) is int and 0 < value <= _WORD * 64 else 0


def _bits_of(settings: Mapping[str, object]) -> int:
    """Bits of a weight, as a config of compressed-tensors states them by group."""
    groups = settings.get("config_groups")
    for group in groups.values() if isinstance(groups, dict) else ():
        weights = group.get("weights") if isinstance(group, dict) else None
        if isinstance(weights, dict) and _whole(weights.get("num_bits")):
            return _whole(weights["num_bits"])
    return _whole(settings.get("bits"))


def _one_number(tensor: StoredTensor | None) -> int:
    if tensor is None or tensor.numbers != 1 or tensor.is_float:
        return 0
    return max(0, int.from_bytes(tensor.data(_MAX_STATE_BYTES), "little", signed=True))


def _stated_shape(tensor: StoredTensor | None) -> tuple[int, int] | None:
    """Return the shape that a tensor of two numbers holds."""
    if tensor is None or tensor.numbers != _MATRIX or tensor.dtype not in {"I64", "I32"}:
        return None
    data, each = tensor.data(_MAX_STATE_BYTES), tensor.size // _MATRIX
    outputs, inputs = (int.from_bytes(data[at : at + each], "little", signed=True) for at in (0, each))
    return (outputs, inputs) if outputs > 0 and inputs > 0 else None


def _state_shape(tensor: StoredTensor) -> tuple[int, ...] | None:
    """Return the shape in the state of a matrix that bitsandbytes packed."""
    try:
        state = parse_json(tensor.data(_MAX_STATE_BYTES))
    except ValueError:
        return None
    shape = state.get("shape") if isinstance(state, dict) else None
    usable = isinstance(shape, list) and shape and all(type(n) is int and 0 < n < 2**40 for n in shape)
    return tuple(shape) if isinstance(shape, list) and usable else None


def _any_shape(node: str, numbers: int, group: _Group, form: str) -> Packed:
    """Return a matrix of as many weights, whose inputs are a width that occurs nearby."""
    rows = next((width for width in group.widths if 1 < width < numbers and numbers % width == 0), numbers)
    guess = f"{rows:,} inputs, since no shape is stored with its {numbers:,} weights"
    return Packed(node, rows, numbers // max(1, rows), form, guess=guess)
