"""ONNX files that are wrong in one field, cut short, or far too long: one clear message, soon."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import onnx
import pytest
from google.protobuf.descriptor import FieldDescriptor
from onnx import TensorProto, helper
from onnx_cases import CASES, X, const_matmul, given, ints, model, node, zeros
from onnx_weight_cases import GO, TURN, WEIGHT_CASES, body, long_loop

from factsheet.errors import WorkloadError
from factsheet.networks.family import Run
from factsheet.networks.from_models import onnx_graph
from factsheet.networks.from_models.graph import interpreter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOLE = (0, -1, 3, 10**18, 2**63 - 1)
VALUES: dict[int, tuple[Any, ...]] = {
    FieldDescriptor.TYPE_INT64: WHOLE,
    FieldDescriptor.TYPE_INT32: (0, -1, 3, 999),
    FieldDescriptor.TYPE_ENUM: (0, 1, 7),
    FieldDescriptor.TYPE_FLOAT: (0.0, float("nan"), 1e38),
    FieldDescriptor.TYPE_STRING: ("", "x", "w", "\x1b[31m", "a" * 10_000),
    FieldDescriptor.TYPE_BYTES: (b"", b"x", b"0" * 10_000),
}


def fields(message: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each field that is set, with the message that it is in."""
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            for one in value if hasattr(value, "add") else [value]:
                yield from fields(one)
        else:
            yield message, field


def broken(made: onnx.ModelProto, rng: random.Random) -> None:
    """Change one field."""
    message, field = rng.choice(list(fields(made)))
    value = rng.choice((None, *VALUES.get(field.type, ())))
    held = getattr(message, field.name)
    if value is None:
        message.ClearField(field.name)
    elif hasattr(held, "append"):
        held[0] = value
    else:
        setattr(message, field.name, value)


@pytest.mark.parametrize("seed", range(20))
def test_one_field_is_wrong(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    for _ in range(25):
        made = rng.choice([case for case in CASES | WEIGHT_CASES if case is not long_loop])()
        try:
            broken(made, rng)
        except (ValueError, TypeError):  # protobuf does not take it
            continue
        (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
        said = message(tmp_path / "net.onnx")
        assert len(said) < 1500


def message(path: Path) -> str:
    """Return the message that a file is refused with; empty where it is read."""
    try:
        onnx_graph.read(path, Run(16))
    except WorkloadError as error:
        return error.diagnostics()
    return ""


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_is_cut_short(share: float, tmp_path: Path) -> None:
    whole = const_matmul().SerializeToString()
    (tmp_path / "net.onnx").write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(WorkloadError, match=r"net\.onnx"):
        onnx_graph.read(tmp_path / "net.onnx")


def refused(made: onnx.ModelProto, folder: Path) -> str:
    onnx.save(made, folder / "net.onnx")
    with pytest.raises(WorkloadError) as caught:
        onnx_graph.read(folder / "net.onnx", Run(16))
    return caught.value.diagnostics()


def test_a_tensor_that_holds_less_than_it_says(tmp_path: Path) -> None:
    made = model([node("MatMul", "x w")], [X], [zeros("w", 64, 96)])
    made.graph.initializer[0].dims[0] = 10**9
    assert "should hold 96,000,000,000 numbers by its sizes, and holds 6,144" in refused(made, tmp_path)


def test_an_input_that_nothing_could_hold(tmp_path: Path) -> None:
    made = model([node("Relu", "x")], [given("x", 1, 10**18)])
    assert "1,000,000,000,000,000,000 long" in refused(made, tmp_path)


def test_functions_that_call_each_other(tmp_path: Path) -> None:
    opsets = [helper.make_opsetid("own", 1)]
    functions = [
        helper.make_function(
            "own", f"F{place}", ["a"], ["b"], [node(f"F{1 - place}", "a", "b", domain="own")], opsets
        )
        for place in range(2)
    ]
    assert "nested more than" in refused(
        model([node("F0", "x", domain="own")], [X], functions=functions), tmp_path
    )


def test_functions_that_double_at_each_level(tmp_path: Path) -> None:
    opsets = [helper.make_opsetid("own", 1), helper.make_opsetid("", 21)]
    functions = [helper.make_function("own", "F0", ["a"], ["b"], [node("Relu", "a", "b")], opsets)]
    for level in range(1, 40):
        twice = [node(f"F{level - 1}", "a", "h", domain="own"), node(f"F{level - 1}", "h", "b", domain="own")]
        functions.append(helper.make_function("own", f"F{level}", ["a"], ["b"], twice, opsets))
    made = model([node("F39", "x", domain="own")], [X], functions=functions)
    with patch.object(interpreter.Interpreter, "graph", side_effect=AssertionError("it was run")):
        assert "runs more than" in refused(made, tmp_path)


def test_loops_within_loops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "MOST_REPEATED", 200)
    inner = node("Relu", "h", "g")
    for level in range(6):
        inside = body([node("Identity", "go", "on"), inner], [TURN, GO, given("h")], "on g")
        inner = node("Loop", f"n _ {'h' if level < 5 else 'x'}", "g" if level < 5 else "y", body=inside)
    made = model([inner], [X], [ints("n", 100)])
    assert "runs more than" in refused(made, tmp_path)


def test_a_hundred_thousand_nodes(tmp_path: Path) -> None:
    nodes = [node(("Relu", "Sigmoid")[place % 2], f"v{place}", f"v{place + 1}") for place in range(100_000)]
    made = model([node("MatMul", "x w", "v0"), *nodes], [X], [zeros("w", 64, 96)])
    onnx.save(made, tmp_path / "net.onnx")
    start = time.process_time()
    network = onnx_graph.read(tmp_path / "net.onnx")
    assert time.process_time() - start < 20  # 6 s, and machines differ
    assert network.parameters == 64 * 96


def test_a_loop_without_an_end(tmp_path: Path) -> None:
    inside = helper.make_graph(
        [node("Identity", "go", "on"), node("MatMul", "h w", "g")],
        "body",
        [given("i", kind=TensorProto.INT64), given("go", kind=TensorProto.BOOL), given("h")],
        [helper.make_empty_tensor_value_info(name) for name in ("on", "g")],
    )
    onnx.save(model([node("Loop", "_ _ x", body=inside)], [X], [zeros("w", 64, 64)]), tmp_path / "net.onnx")
    network = onnx_graph.read(tmp_path / "net.onnx")
    assert [one.what for one in network.unknown] == ["onnx::Loop"]
    assert "until the data end it" in network.notes[0]


@pytest.mark.parametrize("equation", [b"i.j,jk", b"..ij,jk", b"i\nj,jk->ik", b"\xff\xfe", b"ij,jk->i->k"])
def test_an_equation_that_is_none_is_refused(equation: bytes, tmp_path: Path) -> None:
    """ONNX's own inference never comes back from some of these."""
    made = model([node("Einsum", "x w", equation=equation)], [given("x", 3, 64)], [zeros("w", 64, 96)])
    (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
    assert "(Einsum) cannot run on 3 x 64 and 64 x 96" in message(tmp_path / "net.onnx")


@pytest.mark.parametrize("equation", ["ij,jk", "ij,jk->ik", " i j , j k -> i k ", "...J,Jk->...k"])
def test_an_equation_as_onnx_writes_it_is_read(equation: str, tmp_path: Path) -> None:
    made = model([node("Einsum", "x w", equation=equation)], [given("x", 3, 64)], [zeros("w", 64, 96)])
    (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
    assert message(tmp_path / "net.onnx") == ""
