"""Read the operators of an ONNX graph from its nodes and the shapes that ONNX infers; weights are never loaded."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, cast

from factsheet.errors import WorkloadError
from factsheet.networks.family import USUAL
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.onnx_nodes import Nodes, OnnxNode
from factsheet.networks.from_models.operator_record import block_of
from factsheet.networks.operators import Elementwise, Network

if TYPE_CHECKING:
    from types import ModuleType

    from onnx import GraphProto, ModelProto, ValueInfoProto

    from factsheet.networks.family import Run

MAX_FILE_BYTES = 2 * 2**30
"""What protobuf can hold in one message."""
_KEPT_NUMBERS = 1024
"""Initialisers up to this size keep their values: shapes and axes, which shape inference reads."""
_IMAGE_DIMENSIONS = 4


def read(source: str | Path, run: Run = USUAL) -> Network:
    """Read the operators of an ONNX graph, for one sequence.

    Axes of variable length are fixed: the first to 1, those of an image after its channels to its height and width, all
    others to the length of the sequence.

    Args:
        source: the .onnx file; external data beside it is not read.
        run: what an inference runs on; an image has 224 x 224 pixels unless given.

    Raises:
        WorkloadError: onnx is missing, the file is no whole ONNX graph, or its nodes are in no order of execution.
    """
    onnx = need("onnx", "onnx", "reading an ONNX graph")
    path = Path(source)
    model = _load(path, onnx)
    _fix(model.graph, run.seq_len, run.image_size or (224, 224))
    try:
        if model.functions:
            model = cast(
                "ModelProto",
                need("onnx.inliner", "onnx", "reading an ONNX graph").inline_local_functions(model),
            )
        _in_order(path, model.graph)
        _drop_values(model.graph)
        model = cast("ModelProto", onnx.shape_inference.infer_shapes(model, data_prop=True))
    except WorkloadError:
        raise
    except Exception as error:
        raise _wrong(path, f"shapes cannot be inferred: {' '.join(str(error).split())[:300]}") from error
    graph = model.graph
    shapes = {
        value.name: _shape(value) for part in (graph.input, graph.value_info, graph.output) for value in part
    }
    shapes |= {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    nodes = Nodes(shapes, {tensor.name: _is_float(tensor.data_type) for tensor in graph.initializer})
    for node in graph.node:
        attributes = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
        nodes.add(
            OnnxNode(
                kind=node.op_type,
                name=node.name,
                inputs=tuple(node.input),
                outputs=tuple(node.output),
                attributes=attributes,
            )
        )
    operators = list(nodes.record.operators())
    names = {operator.name for operator in operators}
    for tensor in graph.initializer:
        if _is_float(tensor.data_type) and tensor.name not in nodes.covered and prod(tensor.dims) > 1:
            free = tensor.name if tensor.name not in names else f"{tensor.name}@stored"
            operators.append(
                Elementwise(free, block_of(tensor.name), "other", 0, parameters=prod(tensor.dims))
            )
    return Network(path.stem, tuple(operators))


def _load(path: Path, onnx: ModuleType) -> ModelProto:
    try:
        size = path.stat().st_size
        model = onnx.load(path, load_external_data=False) if size <= MAX_FILE_BYTES else None
    except Exception as error:  # noqa: BLE001 - protobuf raises kinds of its own
        raise _wrong(path, f"it cannot be read: {' '.join(str(error).split())[:200]}") from None
    if model is None:
        raise _wrong(path, f"it is larger than {MAX_FILE_BYTES:,} bytes")
    if not model.graph.node or not model.ir_version:
        raise _wrong(path, "it holds no graph")
    return cast("ModelProto", model)


def _fix(graph: GraphProto, seq_len: int, image_size: tuple[int, int]) -> None:
    stored = {tensor.name for tensor in graph.initializer}
    for value in graph.input:
        if value.name in stored:
            continue
        dimensions = value.type.tensor_type.shape.dim
        for place, dimension in enumerate(dimensions):
            if not dimension.dim_value:
                image = len(dimensions) == _IMAGE_DIMENSIONS and place > 1
                dimension.dim_value = 1 if place == 0 else image_size[place - 2] if image else seq_len


def _drop_values(graph: GraphProto) -> None:
    """Drop shapes of other lengths, and data that shape inference does not need."""
    del graph.value_info[:]
    for value in graph.output:
        value.type.tensor_type.ClearField("shape")
    for tensor in graph.initializer:
        if prod(tensor.dims) > _KEPT_NUMBERS:
            for field in ("raw_data", "float_data", "int32_data", "int64_data", "double_data", "uint64_data"):
                tensor.ClearField(field)


def _in_order(path: Path, graph: GraphProto) -> None:
    known = {"", *(value.name for value in graph.input), *(tensor.name for tensor in graph.initializer)}
    known |= {tensor.values.name for tensor in graph.sparse_initializer}
    for node in graph.node:
        missing = next((name for name in node.input if name not in known), None)
        if missing is not None:
            raise _wrong(
                path,
                f"the node {node.name or node.op_type!r} uses {missing!r} before anything computes it: the graph is"
                " cyclic, or cut",
            )
        known.update(node.output)


def _shape(value: ValueInfoProto) -> tuple[int, ...] | None:
    if not value.type.tensor_type.HasField("shape"):
        return None
    sizes = [d.dim_value if d.HasField("dim_value") else -1 for d in value.type.tensor_type.shape.dim]
    return None if -1 in sizes else tuple(sizes)


def _is_float(data_type: int) -> bool:
    # TensorProto: FLOAT 1, UINT8 2, INT8 3, FLOAT16 10, DOUBLE 11, BFLOAT16 16, 8-bit floats 17 to 20, 4-bit 21, 22
    return data_type in {1, 2, 3, 10, 11, 16, 17, 18, 19, 20, 21, 22}


def _wrong(path: Path, what: str) -> WorkloadError:
    return WorkloadError(
        f"{path}: {what}",
        "operators are read from the nodes of a graph and the shapes between them",
        "check that the file is a whole ONNX model (onnx.checker says more), or export it again",
    )
