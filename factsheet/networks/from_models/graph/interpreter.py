"""Run a graph on shapes: each node in order, with what is known of its inputs, into operators.

Functions are run where they are called, branches and loops by `control_flow`. Whatever depends on no input is worked
out once and costs nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.graph.arithmetic import MOST_NUMBERS, evaluate
from factsheet.networks.from_models.graph.control_flow import FLOWS, Call
from factsheet.networks.from_models.graph.folding import folded_views
from factsheet.networks.from_models.graph.nodes import classify
from factsheet.networks.from_models.graph.scope import Scope
from factsheet.networks.from_models.graph.sequences import SEQUENCES
from factsheet.networks.from_models.graph.shapes import MisfitError
from factsheet.networks.from_models.graph.values import INT64, NOTHING, OnnxNode, UnknownShapeError, Value
from factsheet.networks.from_models.graph.weighted_sums import weighted
from factsheet.networks.limits import MOST_NODES, MOST_REPEATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from onnx import AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto

    from factsheet.networks.from_models.graph.recorder import Recorder

_DEEPEST = 60
_RANDOM = frozenset(
    {"RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial"}
)
_FREQUENCIES = frozenset({"Sin", "Cos"})
_PASSED_ON = frozenset(
    {
        "Concat",
        "Reshape",
        "Transpose",
        "Cast",
        "Unsqueeze",
        "Squeeze",
        "Identity",
        "Expand",
        "Flatten",
        "Slice",
        "Tile",
    }
)


class _Use(NamedTuple):
    """What is made of the outputs of a node."""

    angle: bool
    """Nothing but sines and cosines are taken of them."""
    read_once: bool
    """No more than one node reads each."""


class Interpreter:
    """Runs the graphs of one model.

    Attributes:
        recorder: what nodes do.
        notes: what is to be said of branches and loops.
        model: the file.
        where: its name, for messages.
    """

    def __init__(
        self, where: str, model: ModelProto, recorder: Recorder, declared: Mapping[str, Value]
    ) -> None:
        self.where, self.model, self.recorder = where, model, recorder
        self.notes: dict[str, None] = {}
        self._functions = {(one.domain, one.name): one for one in model.functions}
        self._declared = declared
        once = dict.fromkeys(self._functions, 0)
        own = sum(self._count(one.node, once) for one in (model.graph, *model.functions))
        if own > MOST_NODES:
            raise self.wrong(f"it has more than {MOST_NODES:,} nodes")
        self._left = own + MOST_REPEATED
        if self._count(model.graph.node, {}) > self._left:
            raise self._endless()

    def graph(self, graph: GraphProto, scope: Scope) -> list[Value]:
        """Run the nodes of a graph and return its outputs.

        Raises:
            WorkloadError: it is no graph that can run.
        """
        self._deeper(scope.depth)
        for tensor in graph.initializer:
            scope.values[tensor.name] = self.recorder.stored.value(tensor, f"{scope.path}{tensor.name}")
        for sparse in graph.sparse_initializer:
            name = sparse.values.name
            scope.values[name] = self.recorder.stored.sparse(sparse, f"{scope.path}{name}")
        self.nodes(graph.node, scope)
        return [scope.values.get(output.name, NOTHING) for output in graph.output]

    def nodes(self, nodes: Sequence[NodeProto], scope: Scope) -> None:
        """Run nodes in their order."""
        angles, reads = _angles(nodes), Counter(name for node in nodes for name in node.input)
        for place, proto in enumerate(nodes, 1):
            use = _Use(
                any(name in angles for name in proto.output), all(reads[name] <= 1 for name in proto.output)
            )
            self._node(proto, place, scope, use)

    def _count(self, nodes: Iterable[NodeProto], known: dict[tuple[str, str], int], depth: int = 0) -> int:
        """Return how many nodes run: those of functions wherever they are called, those of loops and branches once.

        Args:
            nodes: of a graph, or of a function.
            known: the nodes of functions; takes those that are counted on the way.
            depth: of the calls so far.
        """
        self._deeper(depth)
        total = 0
        for node in nodes:
            key = (node.domain, node.op_type)
            function = self._functions.get(key)
            if function is not None and key not in known:
                known[key] = 0  # one that calls itself is found where it runs
                known[key] = self._count(function.node, known, depth + 1)
            inner = [one.g for one in node.attribute if one.HasField("g")]
            inner += [graph for one in node.attribute for graph in one.graphs]
            total += 1 + known.get(key, 0) + sum(self._count(one.node, known, depth + 1) for one in inner)
        return total

    def _endless(self) -> WorkloadError:
        return self.wrong(f"it runs more than {MOST_REPEATED:,} nodes again and again, in functions or loops")

    def _deeper(self, depth: int) -> None:
        if depth > _DEEPEST:
            raise self.wrong(f"its graphs and functions are nested more than {_DEEPEST} deep")

    def _node(self, proto: NodeProto, place: int, scope: Scope, use: _Use) -> None:
        self._left -= 1
        if self._left < 0:
            raise self._endless()
        inputs: list[Value | None] = []
        for name in proto.input:
            if name and name not in scope.values:
                raise self.wrong(
                    f"the node {(proto.name or proto.op_type)[:80]!r} uses {name[:80]!r} before anything computes it:"
                    " the graph is cyclic, or cut"
                )
            inputs.append(scope.values[name] if name else None)
            if inputs[-1] is not None and inputs[-1].view is not None:
                self.recorder.stored.used |= inputs[-1].view.tensors
        if scope.attributes and any(one.ref_attr_name for one in proto.attribute):
            proto = _bound(proto, scope.attributes)
        where = _module(proto.name)
        where = f"{scope.path}{where}" if where else f"{scope.path}{proto.op_type.lower()}.{place}"
        function = self._functions.get((proto.domain, proto.op_type))
        if function is not None:
            outputs: Sequence[Value] = self._call(function, proto, inputs, scope._replace(path=f"{where}."))
        else:
            outputs = self._outputs(proto, tuple(inputs), scope, where, use=use)
        for name, value in zip(proto.output, outputs, strict=False):
            if name:
                scope.values[name] = value

    def _outputs(
        self, proto: NodeProto, inputs: tuple[Value | None, ...], scope: Scope, where: str, *, use: _Use
    ) -> Sequence[Value]:
        if proto.op_type in FLOWS and not proto.domain:
            return FLOWS[proto.op_type](self, Call(proto, inputs, scope, where))
        if proto.op_type == "Constant":
            return [self._constant(proto, scope)]
        node = OnnxNode(
            proto.op_type,
            proto.domain,
            where,
            inputs,
            (NOTHING,) * len(proto.output),
            _read(proto.attribute),
            use.angle,
            use.read_once,
        )
        sequence = SEQUENCES.get(proto.op_type)
        if sequence is not None:
            try:
                return sequence(node)
            except UnknownShapeError:
                return node.outputs
        if proto.op_type in {"Shape", "Size"}:
            measured = _measured(node)
            if measured is not None:
                return [measured]
        try:
            outputs = scope.inference.outputs(node, proto)
        except MisfitError:
            raise self._misfit(node) from None
        if all(one == NOTHING for one in outputs):
            outputs = [self._declared.get(name, NOTHING) for name in proto.output]
        node = node._replace(outputs=tuple(outputs))
        self._in_range(node)
        given = [one for one in inputs if one is not None]
        if proto.op_type not in _RANDOM and all(one.constant for one in given):
            return self._folded(node, inputs)
        classify(self.recorder, node)
        product = weighted(node)
        return [node.outputs[0]._replace(weighted=product), *node.outputs[1:]] if product else node.outputs

    def _folded(self, node: OnnxNode, inputs: Sequence[Value | None]) -> list[Value]:
        arrays = [None if one is None else one.data for one in inputs]
        known = all(one is None or one.data is not None for one in inputs)
        small = all(_few(value) for value in node.outputs)
        data = evaluate(node, arrays, len(node.outputs)) if known and small else None
        views = folded_views(node)
        values = []
        for place, (value, view) in enumerate(zip(node.outputs, views, strict=True)):
            array: Any = data[place] if data is not None and place < len(data) else None
            dims = value.dims if array is None else tuple(array.shape)
            values.append(Value(dims, value.type, array, constant=True, view=view))
        return values

    def _constant(self, proto: NodeProto, scope: Scope) -> Value:
        import numpy as np  # a dependency of onnx
        from onnx import numpy_helper

        name = f"{scope.path}{proto.output[0] if proto.output else 'constant'}"
        for one in proto.attribute:
            if one.name == "value":
                return self.recorder.stored.value(one.t, name)
            if one.name == "sparse_value":
                return self.recorder.stored.sparse(one.sparse_tensor, name)
            if one.name in {"value_ints", "value_int", "value_float", "value_floats"}:
                numbers: Any = (
                    one.i if one.name == "value_int" else one.f if one.name == "value_float" else None
                )
                numbers = list(one.ints or one.floats) if numbers is None else numbers
                array = np.array(numbers, np.int64 if "int" in one.name else np.float32)
                return self.recorder.stored.value(numpy_helper.from_array(array), name)
        return Value(constant=True)

    def _call(
        self, function: FunctionProto, proto: NodeProto, inputs: Sequence[Value | None], scope: Scope
    ) -> list[Value]:
        bound = {one.name: one for one in function.attribute_proto} | {
            one.name: one for one in proto.attribute
        }
        missing = Value(constant=True)
        values = dict.fromkeys(function.input, missing)
        values |= {name: one for name, one in zip(function.input, inputs, strict=False) if one is not None}
        opsets = {one.domain: one.version for one in function.opset_import}
        inner = Scope(values, scope.path, scope.inference.with_opsets(opsets), bound, scope.depth + 1)
        self._deeper(inner.depth)
        self.nodes(function.node, inner)
        return [values.get(name, NOTHING) for name in function.output]

    def _in_range(self, node: OnnxNode) -> None:
        """Refuse places in a table that it does not have: more tokens than positions."""
        if node.kind != "Gather":
            return
        table, places = node.input(0), node.input(1)
        if table.dims is None or places.data is None or not places.data.size:
            return
        size = table.dims[node.whole("axis", 0) % max(1, len(table.dims))]
        highest = int(places.data.max())
        if size is not None and highest >= size:
            raise self.wrong(
                f"the node {node.where[:80]!r} reads row {highest:,} of a table of {size:,}: the input is longer than"
                " the graph takes"
            )

    def _misfit(self, node: OnnxNode) -> WorkloadError:
        shapes = [
            "?" if one is None or one.dims is None else " x ".join(str(size) for size in one.dims) or "1"
            for one in node.inputs[:4]
        ]
        return WorkloadError(
            f"{self.where}: the node {node.where[:80]!r} ({node.kind[:40]}) cannot run on {' and '.join(shapes)[:200]}",
            "shapes do not fit: the file is broken, or the graph does not take inputs of these sizes",
            "give the sizes that it takes with --seq-len, --image-size or --dim NAME=SIZE",
        )

    def wrong(self, what: str) -> WorkloadError:
        """Return the error of a graph that cannot be run."""
        return WorkloadError(
            f"{self.where}: {what}",
            "operators are read from the nodes of a graph and the shapes between them",
            "check that the file is a whole ONNX model (onnx.checker says more), or export it again",
        )


def _read(attributes: Iterable[AttributeProto]) -> dict[str, object]:
    """Return attributes as values of Python; graphs are left where they are."""
    from onnx import helper

    values: dict[str, object] = {}
    for one in attributes:
        if one.type and not one.HasField("g") and not one.graphs:
            try:
                found: object = helper.get_attribute_value(one)
            except ValueError:
                continue
            values[one.name] = (
                list(found)
                if hasattr(found, "__iter__")
                and not isinstance(found, bytes | str)
                and not hasattr(found, "dims")
                else found
            )
    return values


def _bound(proto: NodeProto, attributes: Mapping[str, AttributeProto]) -> NodeProto:
    """Return a node of a function with the attributes of the call."""
    node = type(proto)()
    node.CopyFrom(proto)
    del node.attribute[:]
    for one in proto.attribute:
        if not one.ref_attr_name:
            node.attribute.add().CopyFrom(one)
        elif one.ref_attr_name in attributes:
            added = node.attribute.add()
            added.CopyFrom(attributes[one.ref_attr_name])
            added.name = one.name
    return node


def _measured(node: OnnxNode) -> Value | None:
    """Return the shape of a value as a constant; `None` where a size is unknown."""
    import numpy as np  # a dependency of onnx

    given = node.given(0)
    dims = given.dims if given is not None else None
    if dims is None or None in dims:
        return None if dims is None else Value((len(dims),), INT64) if node.kind == "Shape" else None
    if node.kind == "Size":
        total = 1
        for size in dims:
            total *= size or 0
        return Value((), INT64, np.array(min(total, 2**62)), constant=True)
    start, end = node.whole("start", 0), node.whole("end", len(dims))
    sizes = dims[start:end]
    return Value((len(sizes),), INT64, np.array(sizes, np.int64), constant=True)


def _few(value: Value) -> bool:
    try:
        return value.elements <= MOST_NUMBERS
    except UnknownShapeError:
        return True


def _angles(nodes: Sequence[NodeProto]) -> set[str]:
    """Return the values that nothing but sines and cosines are taken of."""
    angles: set[str] = set()
    if not any(node.op_type in _FREQUENCIES for node in nodes):
        return angles
    others: set[str] = set()
    for node in reversed(nodes):
        passed = node.op_type in _FREQUENCIES or (
            node.op_type in _PASSED_ON and all(name in angles for name in node.output)
        )
        (angles if passed else others).update(node.input)
    return angles - others


def _module(name: str) -> str:
    """Return the node of a name: `/encoder/layer.0/query/MatMul` is `encoder.layer.0.query.MatMul`."""
    return ".".join(part for part in name.split("/") if part)
