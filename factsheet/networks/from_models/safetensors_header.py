"""Read parameters and matrices from the headers of safetensors files, and nothing of their data but shapes.

How often a matrix is used is not in a header.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.networks.from_models.operator_record import block_of
from factsheet.networks.from_models.routers import with_digital_routers
from factsheet.networks.from_models.stored.packing import Packed, unpack
from factsheet.networks.from_models.stored.roles import is_average, is_table, layout, of_optimizer, role_of
from factsheet.networks.from_models.stored.shards import checkpoint_at, read_json, size_of_files
from factsheet.networks.operators import Elementwise, Lookup, Network, StaticMatmul, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.networks.from_models.stored.header import StoredTensor
    from factsheet.networks.from_models.stored.packing import Unpacked
    from factsheet.networks.from_models.stored.shards import Checkpoint
    from factsheet.networks.operators import Operator
    from factsheet.networks.sizes import StoredSize

_CALLS = (
    "a header does not say how often a matrix is used: calls, MACs, ops and reuse are not known; matrices are read"
    " as [outputs, inputs], and heads tied to a table are not stored"
)
_SHOWN = 3


def read(source: str | Path) -> Network:
    """Read the parameters and matrices of a safetensors file, of all in a folder, or of an index's; calls are 0.

    Args:
        source: the file, the folder, or the index of shards.

    Raises:
        WorkloadError: there is no such file, its header is not one, or a shard is missing.
    """
    path = Path(source)
    return network_of(checkpoint_at(path), _settings(path if path.is_dir() else path.parent))


def network_of(checkpoint: Checkpoint, settings: Mapping[str, object]) -> Network:
    """Return a set of stored tensors as a network without calls.

    Args:
        checkpoint: the tensors.
        settings: what the config beside them states: `quantization_config` and `tie_word_embeddings`.
    """
    quantisation = settings.get("quantization_config") or settings.get("quantization")
    unpacked = unpack(checkpoint.tensors, quantisation if isinstance(quantisation, dict) else {})
    roles = {name: role_of(tensor, unpacked.plain) for name, tensor in unpacked.plain.items()}
    buffers = [name for name, role in roles.items() if role == "buffer"]
    strange = (*unpacked.strange, *(name for name, role in roles.items() if role == "packed"))
    unpacked = unpacked._replace(strange=strange)
    learned = {
        name: tensor for name, tensor in unpacked.plain.items() if roles[name] not in {"buffer", "packed"}
    }
    twice = _tied(learned, settings)
    if twice:
        learned.pop(twice)
    operators: dict[str, Operator] = {}
    used: set[str] = set()
    for name, packed in unpacked.packed.items():
        _add(operators, _of_packed(packed, learned, used), name)
    for name, tensor in learned.items():
        if roles[name] == "table":
            node = name.removesuffix(".weight")
            _add(operators, Lookup(node, block_of(node), tensor.shape[0], tensor.shape[1], lookups=0), name)
        elif roles[name] == "matrix":
            _add(operators, _matrix(tensor, learned, used), name)
    for name, tensor in learned.items():
        if roles[name] == "number" and name not in used and tensor.numbers:
            plain = Elementwise(name or "tensor", block_of(name), "other", 0, parameters=tensor.numbers)
            _add(operators, plain, name)
    for name in unpacked.strange:
        _add(operators, Unknown(name, block_of(name), "stored::packed", packed=True), name)
    counts = {name: tensor.numbers for name, tensor in learned.items()}
    counts |= {name: packed.numbers for name, packed in unpacked.packed.items()}
    network = Network(
        checkpoint.name,
        tuple(operators.values()),
        assumed={"calls": _CALLS},
        tensors=counts,
        notes=(*checkpoint.notes, *_notes(unpacked, buffers, twice)),
        uses_known=False,
        stored_size=_size_of(checkpoint),
    )
    return with_digital_routers(network)


def _size_of(checkpoint: Checkpoint) -> StoredSize:
    """Return the bytes of the files, with the types of most of their numbers."""
    types: Counter[str] = Counter()
    for tensor in checkpoint.tensors.values():
        types[tensor.dtype] += tensor.size
    return size_of_files(
        checkpoint.files, " and ".join(name for name, _ in types.most_common(2)) or "no numbers"
    )


def _settings(folder: Path) -> dict[str, object]:
    """Return the config beside the weights; empty where there is none."""
    for name in ("config.json", "quantize_config.json"):
        if (folder / name).is_file():
            values = read_json(folder / name)
            return values if name == "config.json" else {"quantization_config": values}
    return {}


def _tied(learned: Mapping[str, StoredTensor], settings: Mapping[str, object]) -> str:
    """Return an output layer that repeats the table of tokens, as the config says; empty if there is none."""
    if settings.get("tie_word_embeddings") is not True:
        return ""
    heads = [
        name
        for name in learned
        if name.rpartition(".")[0].rpartition(".")[2] in {"lm_head", "embed_out", "output"}
    ]
    tables = [t for t in learned.values() if "embed" in t.name or "wte" in t.name or "shared" in t.name]
    return next((name for name in heads if any(t.shape == learned[name].shape for t in tables)), "")


def _of_packed(packed: Packed, tensors: Mapping[str, StoredTensor], used: set[str]) -> Operator:
    node = packed.node.removesuffix(".weight")
    if packed.matrices == 1 and is_table(node, tensors):
        return Lookup(node, block_of(node), packed.cols, packed.rows, lookups=0)
    bias = _bias(node, packed.cols, tensors) if packed.matrices == 1 else ""
    used.add(bias)
    return StaticMatmul(
        node,
        block_of(node),
        rows=packed.rows,
        cols=packed.cols,
        calls=0,
        bias=bool(bias),
        matrices=packed.matrices,
        kind="experts" if packed.matrices > 1 else "linear",
    )


def _matrix(tensor: StoredTensor, tensors: Mapping[str, StoredTensor], used: set[str]) -> StaticMatmul:
    node = tensor.name.removesuffix(".weight")
    matrices, rows, cols, kind = layout(tensor, tensors)
    bias = _bias(node, cols, tensors) if matrices == 1 else ""
    used.add(bias)
    return StaticMatmul(
        node, block_of(node), rows=rows, cols=cols, calls=0, bias=bool(bias), matrices=matrices, kind=kind
    )


def _bias(node: str, cols: int, tensors: Mapping[str, StoredTensor]) -> str:
    """Return the name of the bias that goes with a matrix, where it has one value an output."""
    name = f"{node}.bias"
    return name if name in tensors and tensors[name].shape == (cols,) else ""


def _add(operators: dict[str, Operator], operator: Operator, tensor: str) -> None:
    free = operator.name if operator.name not in operators else tensor
    while free in operators:
        free += "@2"
    operators[free] = operator._replace(name=free)


def _notes(unpacked: Unpacked, buffers: Sequence[str], twice: str) -> Iterator[str]:
    for form, count in Counter(packed.format for packed in unpacked.packed.values()).items():
        many = "1 matrix is" if count == 1 else f"{count:,} matrices are"
        yield f"{many} packed ({form}): counted as the weights that stand in it, without scales and zero points"
    guesses = {packed.node: packed.guess for packed in unpacked.packed.values() if packed.guess}
    if guesses:
        node = min(guesses)
        yield f"assumed of {len(guesses):,} packed matrices, as of {node}: {guesses[node]}"
    if unpacked.beside and not unpacked.packed:
        yield f"{len(unpacked.beside):,} scales and zero points are no weights: {_list(unpacked.beside)}"
    states = [name for name in buffers if of_optimizer(name)]
    others = [name for name in buffers if not of_optimizer(name)]
    if others:
        yield f"{len(others):,} tensors are masks, statistics or indices, no weights: {_list(others)}"
    if states:
        yield f"{len(states):,} tensors are the state of an optimizer, no weights: {_list(states)}"
    means = [name for name in unpacked.plain if name not in buffers and is_average(name)]
    if means:
        yield (
            f"{len(means):,} tensors are running means of weights by their names (ema), and counted beside them:"
            f" {_list(means)}"
        )
    if twice:
        yield f"{twice} is the table of tokens once more, as the config says (tie_word_embeddings): counted once"
    if unpacked.strange:
        yield f"{len(unpacked.strange):,} tensors are packed in a way that is not known: {_list(unpacked.strange)}"


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
