"""Read the operators of an exported program (`.pt2`) from the text of its graph; nothing in it is run or unpickled.

The archive (torch.export's `pt2_archive`) holds the graph as JSON beside weights, constants and pickled example inputs.
Its operators are PyTorch's own, called here on tensors without data; weights are known by shape and name alone.
"""

from __future__ import annotations

import math
import operator as python_operator
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.exported_archive import graph_of, unusable
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.operator_record import OperatorRecord
from factsheet.networks.from_models.tracing.aten_operators import AtenOperators
from factsheet.networks.from_models.tracing.modes import without_data
from factsheet.networks.from_models.tracing.tracer import Tracer, cannot_trace
from factsheet.networks.operators import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from torch import Tensor

    from factsheet.networks.operators import Network

_DTYPES = (
    *(
        "",
        "uint8",
        "int8",
        "int16",
        "int32",
        "int64",
        "float16",
        "float32",
        "float64",
        "complex32",
        "complex64",
    ),
    *("complex128", "bool", "bfloat16"),
)
"""The archive's numbers of types (`torch._export.serde.schema.ScalarType`)."""
_LATER_DTYPES = {
    28: "uint16",
    29: "float8_e4m3fn",
    30: "float8_e5m2",
    31: "float8_e4m3fnuz",
    32: "float8_e5m2fnuz",
}
_AS_WRITTEN = frozenset(
    {
        "as_int",
        "as_float",
        "as_bool",
        "as_string",
        "as_ints",
        "as_floats",
        "as_bools",
        "as_strings",
        "as_int_lists",
    }
)
_FORMATS = {1: "contiguous_format", 2: "channels_last", 3: "channels_last_3d", 4: "preserve_format"}
_PLAIN = frozenset(
    {
        "add",
        "sub",
        "mul",
        "floordiv",
        "truediv",
        "mod",
        "pow",
        "neg",
        "pos",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
    }
    | {"and_", "or_", "not_", "getitem"}
)
_MATHS = frozenset(["ceil", "floor", "trunc", "sqrt"])
_BLOCKS = {
    "cond": 2,
    "while_loop": 2,
    "tag_activation_checkpoint": 1,
    "hints_wrapper": 1,
    "invoke_subgraph": 1,
    "strict_mode": 1,
}
"""How many blocks operators run that run some; those whose names begin with `wrap` run one."""
_TARGET = re.compile(r"torch\.ops\.(\w+)\.(\w+)\.(\w+)")
_MAX_POWER = 2**40


def read(source: str | Path, sequences: int = 1) -> Network:
    """Read the operators of an exported program.

    Args:
        source: the `.pt2` file.
        sequences: sequences in the inputs that it was exported with; operators are counted for one.

    Raises:
        WorkloadError: torch is missing, or the file is no exported program that can be read.
    """
    path = Path(source)
    torch = need("torch", "torch", "reading an exported program")
    graph, shared = graph_of(path)
    program = _Program(path, graph, shared, torch)
    try:
        return program.network(path.stem, sequences)
    except WorkloadError:
        raise
    except Exception as error:
        raise cannot_trace(error, program.tracer, str(path)) from error


class _Program:
    """Runs the nodes of one graph."""

    def __init__(
        self, path: Path, program: dict[str, Any], shared: Mapping[str, str], torch: ModuleType
    ) -> None:
        self._path = path
        self._torch = torch
        self._shared = shared
        try:
            module = program["graph_module"]
            self._graph: dict[str, Any] = module["graph"]
            self._signature: dict[str, Any] = module["signature"]
        except (KeyError, TypeError):
            raise unusable(path, "it has no graph") from None
        self.tracer = Tracer(torch.nn.Module())
        self._sizes: list[Size] = []

    def network(self, name: str, sequences: int) -> Network:
        """Run the graph, and return what was recorded."""
        operators = AtenOperators(self.tracer.state)
        with self._torch.inference_mode():
            values = self._inputs()
            with without_data(self.tracer.state.values, operators.operator):
                self._run(self._graph, values)
        return self.tracer.network(name, sequences, sizes=tuple(self._sizes))

    def _inputs(self) -> dict[str, Any]:
        origins = self.tracer.state.origins
        values: dict[str, Any] = {}
        known: dict[str, Tensor] = {}
        for spec in self._signature["input_specs"]:
            ((kind, held),) = spec.items()
            if kind == "user_input":
                self._given(held["arg"], values)
                continue
            name = held.get("arg", {}).get("name")
            if kind not in {"parameter", "buffer", "tensor_constant"} or not isinstance(name, str):
                if isinstance(name, str):
                    values[name] = None
                continue
            full = str(held[f"{kind}_name"] if kind != "tensor_constant" else held["tensor_constant_name"])
            stored = self._shared.get(full, full)
            tensor = known.setdefault(stored, self._tensor(self._graph["tensor_values"][name]))
            origins.add(full, tensor, learned=kind == "parameter")
            values[name] = tensor
        return values

    def _given(self, argument: dict[str, Any], values: dict[str, Any]) -> None:
        ((kind, held),) = argument.items()
        if kind != "as_tensor":
            name = held.get("name", held.get("as_name")) if isinstance(held, dict) else None
            if isinstance(name, str):
                values[name] = None
            return
        tensor = self._tensor(self._graph["tensor_values"][held["name"]])
        self.tracer.state.origins.see(tensor)
        values[held["name"]] = tensor
        self._sizes.append(
            Size(held["name"], " x ".join(map(str, tensor.shape)) or "a number", "fixed in the file")
        )

    def _tensor(self, meta: dict[str, Any]) -> Tensor:
        sizes = [self._whole(size) for size in meta["sizes"]]
        steps = [self._whole(step) for step in meta["strides"]]
        return cast(
            "Tensor", self._torch.empty_strided(sizes, steps, dtype=self._dtype(meta["dtype"]), device="meta")
        )

    def _whole(self, number: Any) -> int:
        """Return a size, or the one that a symbol stood for when the program was exported."""
        if isinstance(number, dict) and "as_int" in number:
            return int(number["as_int"])
        if isinstance(number, dict) and "as_expr" in number:
            hint = (number["as_expr"].get("hint") or {}).get("as_int")
            if hint is not None:
                return int(hint)
        raise unusable(self._path, "a size is not given")

    def _dtype(self, number: object) -> object:
        name = (
            _DTYPES[number]
            if isinstance(number, int) and 0 < number < len(_DTYPES)
            else _LATER_DTYPES.get(cast("int", number))
        )
        if not name:
            raise unusable(self._path, f"the type {number} of a tensor is not known")
        return getattr(self._torch, name)

    def _run(self, graph: dict[str, Any], values: dict[str, Any]) -> list[Any]:
        state = self.tracer.state
        for node in graph["nodes"]:
            path = _module_of(node)
            state.enter(path.partition("@")[0], None, again=path)
            try:
                outputs = self._node(node, values)
            finally:
                state.leave()
            self._name(node["outputs"], outputs, values)
        return [self._argument(one, values) for one in graph["outputs"]]

    def _node(self, node: dict[str, Any], values: dict[str, Any]) -> Any:
        target = str(node["target"])
        if target.startswith("torch.ops.higher_order."):
            return self._higher_order(target, node, values)
        function, names = self._function(target)
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        for given in node["inputs"]:
            value = self._argument(given["arg"], values)
            if given.get("kind") == 2 or given["name"] in names:  # noqa: PLR2004 - by keyword
                kwargs[given["name"]] = value
            else:
                args.append(value)
        return function(*args, **kwargs)

    def _function(self, target: str) -> tuple[Callable[..., Any], frozenset[str]]:
        """Return the operator of a node: one of PyTorch's, or plain arithmetic on sizes.

        Raises:
            WorkloadError: it is anything else; a file does not choose which code runs.
        """
        library, _, name = target.rpartition(".")
        if library in {"_operator", "operator"} and name in _PLAIN:
            return _guarded(getattr(python_operator, name), name), frozenset()
        if library == "math" and name in _MATHS:
            return getattr(math, name), frozenset()
        if target in {"torch.sym_int", "torch.sym_float", "torch.sym_max", "torch.sym_min", "torch.sym_not"}:
            return getattr(self._torch, target.partition(".")[2]), frozenset()
        found = _TARGET.fullmatch(target)
        if found is None or found[1] not in {"aten", "prims", "quantized_decomposed", "torchvision"}:
            raise WorkloadError(
                f"{self._path}: the operator {target[:100]} is not one of PyTorch's",
                "only PyTorch's own operators are called for a file",
                "export the program with operators of PyTorch, or name a package.module:callable",
            )
        try:
            packet = getattr(getattr(self._torch.ops, found[1]), found[2])
            function = getattr(packet, found[3])
            keywords = frozenset(one.name for one in function._schema.arguments if one.kwarg_only)  # noqa: SLF001
        except AttributeError:
            raise unusable(self._path, f"this version of torch has no operator {target[:100]}") from None
        if any(one.name in {"filename", "file_name", "path"} for one in function._schema.arguments):  # noqa: SLF001
            raise unusable(self._path, f"the operator {target[:100]} opens a file")
        return function, keywords

    def _higher_order(self, target: str, node: dict[str, Any], values: dict[str, Any]) -> Any:
        """Run what is in a block; of two branches both, and count the larger; the body of a loop once."""
        kind = target.rpartition(".")[2]
        graphs = [one["arg"]["as_graph"]["graph"] for one in node["inputs"] if "as_graph" in one["arg"]]
        if len(graphs) != _BLOCKS.get(kind, 1 if kind.startswith("wrap") else -1):
            raise unusable(self._path, f"the operator {target[:100]} is not known")
        given = [
            value
            for one in node["inputs"]
            if "as_graph" not in one["arg"]
            for value in _flat(self._argument(one["arg"], values))
            if isinstance(value, self._torch.Tensor)
        ]
        state = self.tracer.state
        if kind == "while_loop":
            state.stub("how often a loop turns", "once")
            state.record.unknown(state.frame.call, state.frame.name, "higher_order::while_loop", 0)
        if kind == "cond":
            found = self._larger([(graph, given, values) for graph in graphs])
        else:
            found = self._block(graphs[-1], given, values)
        return (
            found[0]
            if len(found) == 1 and len(node["outputs"]) == 1 and "as_tensor" in node["outputs"][0]
            else found
        )

    def _block(self, inner: dict[str, Any], given: list[Any], values: dict[str, Any]) -> list[Any]:
        names = [one["as_tensor"]["name"] for one in inner["inputs"] if "as_tensor" in one]
        skipped = max(0, len(given) - len(names))
        return self._run(inner, values | dict(zip(names, given[skipped:], strict=False)))

    def _larger(self, branches: list[tuple[dict[str, Any], list[Any], dict[str, Any]]]) -> list[Any]:
        """Run both branches, count the larger one, and list the other one with no input vectors."""
        state, sides = self.tracer.state, []
        kept = state.record
        try:
            for one in branches:
                state.record = OperatorRecord()
                sides.append((self._block(*one), state.record))
        finally:
            state.record = kept
        works = [record.work() for _, record in sides]
        larger = 0 if works[0] >= works[1] else 1
        for place, (_, record) in enumerate(sides):
            kept.include(record, 1 if place == larger else 0)
        names, where = ("true", "false"), f" in {state.frame.name}" if state.frame.name else ""
        kept.notes[
            f"a condition{where}: the {names[larger]} branch ({works[larger][0]:,} MACs) is counted, the"
            f" {names[1 - larger]} branch ({works[1 - larger][0]:,} MACs) is listed with no input vectors"
        ] += 1
        return sides[larger][0]

    def _argument(self, argument: dict[str, Any], values: dict[str, Any]) -> Any:
        ((kind, held),) = argument.items()
        torch = self._torch
        if kind in {"as_tensor", "as_sym_int", "as_sym_bool", "as_sym_float", "as_optional_tensor"}:
            return self._value(held, values)
        if kind in {"as_tensors", "as_sym_ints", "as_optional_tensors", "as_sym_bools", "as_sym_floats"}:
            return [self._value(one, values) for one in held]
        if kind in _AS_WRITTEN:
            return list(held) if isinstance(held, list) else held
        read: dict[str, Callable[[], Any]] = {
            "as_none": lambda: None,
            "as_scalar_type": lambda: self._dtype(held),
            "as_device": lambda: torch.device("meta"),
            "as_layout": lambda: torch.strided,
            "as_memory_format": lambda: getattr(torch, _FORMATS.get(held, "preserve_format")),
            "as_complex": lambda: complex(held["real"], held["imag"]),
        }
        if kind in read:
            return read[kind]()
        raise unusable(self._path, f"an argument of the kind {kind[:40]} is not known")

    def _value(self, held: Any, values: dict[str, Any]) -> Any:
        if isinstance(held, dict) and "as_none" in held:
            return None
        if isinstance(held, dict) and "as_tensor" in held:
            held = held["as_tensor"]
        name = held.get("name", held.get("as_name"))
        if name is not None:
            return values[name]
        return held.get("as_int", held.get("as_bool", held.get("as_float")))

    def _name(self, outputs: list[dict[str, Any]], found: Any, values: dict[str, Any]) -> None:
        several = found if isinstance(found, (list, tuple)) else (found,)
        if len(outputs) == 1 and "as_tensors" in outputs[0]:
            several = (several,)
        for output, value in zip(outputs, several, strict=False):
            ((_, held),) = output.items()
            if isinstance(held, list):
                for one, part in zip(held, value, strict=False):
                    values[one.get("name", one.get("as_name"))] = part
            elif isinstance(held, dict):
                values[str(held.get("name", held.get("as_name")))] = value


def _flat(value: Any) -> list[Any]:
    return [one for item in value for one in _flat(item)] if isinstance(value, (list, tuple)) else [value]


def _guarded(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Keep powers of numbers in a file from taking all memory."""
    if name != "pow":
        return function

    def power(base: Any, exponent: Any) -> Any:
        if abs(exponent) > 64 or abs(base) > _MAX_POWER:  # noqa: PLR2004 - sizes are squares at most
            raise ValueError("a size is a power too high")
        return base**exponent

    return power


def _module_of(node: dict[str, Any]) -> str:
    """Return the module that a node was in when the program was exported: the last of `id,path,class;…`."""
    stack = str((node.get("metadata") or {}).get("nn_module_stack") or "")
    last = stack.rpartition(";")[2].split(",")
    return last[1] if len(last) > 1 else ""
