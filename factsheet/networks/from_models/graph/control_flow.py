"""Branches and loops: both sides of an If are run and the larger one counted; a loop is run as often as it turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.graph.values import INT64, NOTHING, Value
from factsheet.networks.from_models.operator_record import OperatorRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from onnx import AttributeProto, GraphProto, NodeProto

    from factsheet.networks.from_models.graph.scope import GraphRunner, Scope

_UNROLLED = 30_000
"""Nodes that a loop may run one by one; of a longer one, the body is run once and multiplied."""
_ENDLESS = 10**7
"""A loop of more turns is one whose end the data decide."""


class Call(NamedTuple):
    """A node with graphs of its own."""

    proto: NodeProto
    inputs: Sequence[Value | None]
    scope: Scope
    where: str
    """The name that its work is listed under."""


def branch(run: GraphRunner, call: Call) -> list[Value]:
    """Run an If: the branch that is taken, where that is known; otherwise both, and count the larger."""
    proto, inputs, scope, where = call
    graphs = {one.name: one.g for one in proto.attribute if one.HasField("g")}
    if not {"then_branch", "else_branch"} <= graphs.keys():
        raise run.wrong(f"the node {where[:80]!r} is an If without two branches")
    condition = inputs[0] if inputs else None
    if condition is not None and condition.data is not None and condition.data.size:
        taken = "then_branch" if condition.data.reshape(-1)[0] else "else_branch"
        return run.graph(graphs[taken], scope.inner(f"{where}.", {}))
    names = ("then_branch", "else_branch")
    impossible: list[tuple[str, WorkloadError]] = []
    sides = []
    for name in names:
        inner = scope.inner(f"{where}.{name[:4]}.", {})
        try:
            sides.append(_aside(run, graphs[name], inner))
        except WorkloadError as error:
            impossible.append((name, error))
    if impossible and not sides:
        raise impossible[0][1]
    if impossible:
        run.notes[
            f"the If node {where[:80]!r}: the {impossible[0][0][:4]} branch cannot run on inputs of these sizes:"
            " the other one is counted"
        ] = None
        run.recorder.record.include(sides[0][0], 1)
        return sides[0][1]
    larger = 0 if sides[0][0].work() >= sides[1][0].work() else 1
    smaller = 1 - larger
    for place in (0, 1):
        run.recorder.record.include(sides[place][0], 1 if place == larger else 0)
    macs = [side[0].work()[0] for side in sides]
    if macs[0] != macs[1] or any(side[0].operators() for side in sides):
        run.notes[
            f"the If node {where[:80]!r}: the {names[larger][:4]} branch ({macs[larger]:,} MACs) is counted, the"
            f" {names[smaller][:4]} branch ({macs[smaller]:,} MACs) is listed with no input vectors"
        ] = None
    return [
        one if one == other else one._replace(view=None, data=None, constant=False)
        for one, other in zip(sides[larger][1], sides[smaller][1], strict=False)
    ]


def _aside(run: GraphRunner, graph: GraphProto, scope: Scope) -> tuple[OperatorRecord, list[Value]]:
    """Run a graph into a record of its own."""
    kept, run.recorder.record = run.recorder.record, OperatorRecord()
    try:
        outputs = run.graph(graph, scope)
        return run.recorder.record, outputs
    finally:
        run.recorder.record = kept


class _Loop(NamedTuple):
    """A body that is run several times."""

    body: GraphProto
    scope: Scope
    where: str
    turns: int | None
    """How often; `None` where its condition decides."""
    states: list[Value]
    fixed: Callable[[int | None], list[Value]]
    """Values of the body's other inputs in a turn; in any, where none is named."""
    leads: int
    """Whether those come before the states, as of a Loop, and how many outputs precede the states."""


class _Turned(NamedTuple):
    """What a loop leaves."""

    states: list[Value]
    made: list[Value]
    """Values that one turn hands out beside its states."""
    condition: Value | None
    turns: int | None
    """How often it was run; `None` where nobody knows."""


def loop(run: GraphRunner, call: Call) -> list[Value]:
    """Run a Loop as often as it says; where only the data decide, once, and say so."""
    proto, inputs, scope, where = call
    body = _body(run, proto, where)
    limit, condition = (inputs[0] if inputs else None), (inputs[1] if len(inputs) > 1 else None)
    most = _number(limit)
    if condition is not None and _number(condition) == 0:
        most = 0
    turns = most if most is not None and most <= _ENDLESS else None
    states = [one or NOTHING for one in inputs[2:]]

    def fixed(turn: int | None) -> list[Value]:
        import numpy as np  # a dependency of onnx

        number = None if turn is None else np.array(turn, np.int64)
        count = Value((), INT64, number, constant=turn is not None)
        return [count, condition if condition is not None else Value((), 9, np.array(True), constant=True)]

    turned = _turn(run, _Loop(body, scope, where, turns, states, fixed, 1))
    ends = turned.condition is not None and _number(turned.condition) is None and not _passes(body)
    if turned.turns is None:
        run.notes[
            f"the Loop node {where[:80]!r} runs until the data end it: one turn is counted, so that totals are at least"
        ] = None
        run.recorder.unknown(where, "Loop", [])
    elif ends and turned.turns > 1:
        run.notes[
            f"the Loop node {where[:80]!r} may end early: all of its {turned.turns:,} turns are counted"
        ] = None
    count = None if ends else turned.turns
    return [*turned.states, *(_stacked(one, count, 0) for one in turned.made)]


def _passes(body: GraphProto) -> bool:
    """Return whether a body hands on the condition that it is given."""
    if len(body.output) < 1 or len(body.input) < 2:  # noqa: PLR2004 - turn and condition
        return False
    given, handed = body.input[1].name, body.output[0].name
    same = {given}
    for node in body.node:
        if node.op_type in {"Identity", "Cast"} and node.input and node.input[0] in same:
            same.update(node.output)
    return handed in same


def scan(run: GraphRunner, call: Call) -> list[Value]:
    """Run a Scan once for each slice of its inputs."""
    proto, inputs, scope, where = call
    body, attributes = _body(run, proto, where), {one.name: one for one in proto.attribute}
    scanned = int(attributes["num_scan_inputs"].i) if "num_scan_inputs" in attributes else 1
    values = [one or NOTHING for one in inputs]
    if not 1 <= scanned <= len(values):
        raise run.wrong(f"the node {where[:80]!r} is a Scan of {scanned} inputs")
    states, over = values[: len(values) - scanned], values[len(values) - scanned :]
    axes = _ints(attributes, "scan_input_axes", scanned)
    backwards = _ints(attributes, "scan_input_directions", scanned)
    turns: int | None = None
    for one, axis in zip(over, axes, strict=False):
        if one.dims and one.dims[axis % len(one.dims)] is not None:
            turns = one.dims[axis % len(one.dims)]

    def fixed(turn: int | None) -> list[Value]:
        return [
            _sliced(one, axis, None if turn is None else (turns or 1) - 1 - turn if back else turn)
            for one, axis, back in zip(over, axes, backwards, strict=False)
        ]

    turned = _turn(run, _Loop(body, scope, where, turns, states, fixed, 0))
    if turns is None:
        run.notes[
            f"the Scan node {where[:80]!r} runs over an axis of unknown length: one turn is counted, so that totals are"
            " at least"
        ] = None
        run.recorder.unknown(where, "Scan", [])
    made_axes = _ints(attributes, "scan_output_axes", len(turned.made))
    return [
        *turned.states,
        *(_stacked(one, turns, axis) for one, axis in zip(turned.made, made_axes, strict=False)),
    ]


def _turn(run: GraphRunner, one: _Loop) -> _Turned:
    """Run the body of a loop: turn by turn where that is short, otherwise once, and multiply."""
    if one.turns is None or one.turns * _size(one.body) <= _UNROLLED:
        return _turn_by_turn(run, one)
    states = one.states
    for _ in range(3):  # until the states look the same before and after
        kept, run.recorder.record = run.recorder.record, OperatorRecord()
        try:
            after, made, condition = _once(run, one, states, None)
            body = run.recorder.record
        finally:
            run.recorder.record = kept
        same = [
            before if before == later else _either(before, later)
            for before, later in zip(states, after, strict=False)
        ]
        if same == states:
            break
        states = same
    run.recorder.record.include(body, one.turns)
    return _Turned(after, made, condition, one.turns)


def _turn_by_turn(run: GraphRunner, one: _Loop) -> _Turned:
    """Run each turn; a loop without a number of turns ends where its condition, worked out, says so."""
    most = 1 if one.turns is None else one.turns
    if one.turns is None and not _passes(one.body):
        most = max(1, _UNROLLED // max(1, _size(one.body)))
    states, made, condition = one.states, [NOTHING] * len(one.body.output), None
    for turn in range(most):
        states, made, condition = _once(run, one, states, turn)
        ended = _number(condition)
        if one.leads and ended == 0:
            return _Turned(states, made, None, turn + 1)
        if one.turns is None and ended is None:
            return _Turned(states, made, condition, None)
    if one.turns is None:
        return _Turned(states, made, condition, None)
    if not most:
        made = made[len(states) + one.leads :]
    return _Turned(states, made, condition, one.turns)


def _once(
    run: GraphRunner, one: _Loop, states: Sequence[Value], turn: int | None
) -> tuple[list[Value], list[Value], Value | None]:
    names = [value.name for value in one.body.input]
    fixed = one.fixed(turn)
    given = [*fixed, *states] if one.leads else [*states, *fixed]
    outputs = run.graph(one.body, one.scope.inner(f"{one.where}.", dict(zip(names, given, strict=False))))
    condition = outputs[0] if one.leads and outputs else None
    rest = outputs[one.leads :]
    return rest[: len(states)], rest[len(states) :], condition


def _either(first: Value, second: Value) -> Value:
    """Return what is known of a value that is one or the other."""
    dims = None
    if first.dims is not None and second.dims is not None and len(first.dims) == len(second.dims):
        dims = tuple(a if a == b else None for a, b in zip(first.dims, second.dims, strict=True))
    return Value(dims, first.type, view=first.view if first.view == second.view else None)


def _sliced(value: Value, axis: int, turn: int | None) -> Value:
    if value.dims is None:
        return Value(None, value.type)
    axis %= len(value.dims)
    dims = (*value.dims[:axis], *value.dims[axis + 1 :])
    view = None
    if value.view is not None and turn is not None:
        view = value.view.sliced(axis, turn, 1).reshaped(tuple(size or 0 for size in dims))
    return Value(dims, value.type, constant=value.constant and view is not None, view=view)


def _stacked(value: Value, turns: int | None, axis: int) -> Value:
    if value.dims is None:
        return NOTHING
    axis %= len(value.dims) + 1
    return Value((*value.dims[:axis], turns, *value.dims[axis:]), value.type)


def _body(run: GraphRunner, proto: NodeProto, where: str) -> GraphProto:
    for one in proto.attribute:
        if one.name == "body" and one.HasField("g"):
            found: GraphProto = one.g
            return found
    raise run.wrong(f"the node {where[:80]!r} is a {proto.op_type} without a body")


def _ints(attributes: Mapping[str, AttributeProto], name: str, count: int) -> list[int]:
    return [*(attributes[name].ints if name in attributes else []), *[0] * count][:count]


def _number(value: Value | None) -> int | None:
    if value is None or value.data is None or not value.data.size:
        return None
    return int(value.data.reshape(-1)[0])


def _size(graph: GraphProto) -> int:
    """Return how many nodes a graph holds, with those of its subgraphs."""
    inner = (one.g for node in graph.node for one in node.attribute if one.HasField("g"))
    return len(graph.node) + sum(_size(one) for one in inner)


FLOWS: Mapping[str, Callable[[GraphRunner, Call], list[Value]]] = {
    "If": branch,
    "Loop": loop,
    "Scan": scan,
}
