"""Read the operators of an ONNX graph from its nodes and the shapes between them; weights are never loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from factsheet.errors import WorkloadError
from factsheet.networks.family import USUAL
from factsheet.networks.from_models.graph.axes import axes_of
from factsheet.networks.from_models.graph.interpreter import Interpreter
from factsheet.networks.from_models.graph.per_inference import per_inference
from factsheet.networks.from_models.graph.recorder import Recorder
from factsheet.networks.from_models.graph.scope import Scope
from factsheet.networks.from_models.graph.shapes import ShapeInference
from factsheet.networks.from_models.graph.sizes import fix
from factsheet.networks.from_models.graph.stored import BrokenTensorError, StoredTensors
from factsheet.networks.from_models.graph.values import UnknownShapeError, Value
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.routers import with_digital_routers
from factsheet.networks.operators import Network

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from onnx import ModelProto, ValueInfoProto

    from factsheet.networks.family import Run

MAX_FILE_BYTES = 2 * 2**30
"""What protobuf can hold in one message."""


def read(source: str | Path, run: Run = USUAL) -> Network:
    """Read the operators of an ONNX graph, for one inference.

    Axes that the file leaves open are fixed by their names and by what reads them: a batch to 1, a sequence to
    `run.seq_len`, an image to `run.image_size` (224 x 224 unless given), an axis of `run.dims` to what was asked for.
    `Network.sizes` says which were taken.

    Args:
        source: the .onnx file; external data beside it is not read.
        run: what an inference runs on.

    Raises:
        WorkloadError: onnx is missing, the file is no whole ONNX graph, its nodes are in no order of execution, or it
            does not take inputs of these sizes.
    """
    onnx = need("onnx", "onnx", "reading an ONNX graph")
    path = Path(source)
    model = _load(path, onnx)
    graph, stored = model.graph, StoredTensors()
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    inputs = fix(str(path), axes_of(graph, shapes), run)
    recorder = Recorder(stored)
    declared = {
        value.name: _declared(value, inputs.names)
        for part in (graph.value_info, graph.output)
        for value in part
    }
    interpreter = Interpreter(str(path), model, recorder, declared)
    values = {
        value.name: Value(inputs.dims.get(value.name, ()), value.type.tensor_type.elem_type)
        for value in graph.input
        if value.name not in shapes
    }
    opsets = {one.domain: one.version for one in model.opset_import}
    try:
        interpreter.graph(graph, Scope(values, inference=ShapeInference(opsets)))
    except BrokenTensorError as error:
        raise interpreter.wrong(str(error)) from None
    except WorkloadError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, UnknownShapeError) as error:
        raise interpreter.wrong(
            f"it cannot be run on shapes: {' '.join(str(error).split())[:200]}"
        ) from error
    unreached = {name: count for name, count in stored.learnable().items() if name not in stored.used}
    operators, notes = per_inference(recorder.record.operators(), inputs.batch)
    network = Network(
        path.stem,
        operators,
        tensors={**recorder.learned, **unreached},
        unreached=unreached,
        sizes=inputs.sizes,
        notes=(*inputs.notes, *interpreter.notes, *notes),
    )
    return with_digital_routers(network)


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


def _declared(value: ValueInfoProto, names: Mapping[str, int]) -> Value:
    """Return what the file says of a value, for nodes that nothing else is known of."""
    tensor = value.type.tensor_type
    if not tensor.HasField("shape"):
        return Value(None, tensor.elem_type)
    dims = tuple(
        dim.dim_value if dim.HasField("dim_value") else names.get(dim.dim_param) for dim in tensor.shape.dim
    )
    return Value(dims, tensor.elem_type)


def _wrong(path: Path, what: str) -> WorkloadError:
    return WorkloadError(
        f"{path}: {what}",
        "operators are read from the nodes of a graph and the shapes between them",
        "check that the file is a whole ONNX model (onnx.checker says more), or export it again",
    )
