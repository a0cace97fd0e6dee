"""Networks in files: ONNX graphs, configurations, headers of safetensors, exported programs, checkpoints."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

from fuzz_cases import ROOT, Case, Target, refused, run_command
from mutations import NUMBERS, as_json, mutated_json, mutated_text, mutated_tree

from factsheet.networks.family import Run
from factsheet.recompute.network_source import open_source

if str(ROOT / "tests" / "networks" / "from_models") not in sys.path:
    sys.path.append(str(ROOT / "tests" / "networks" / "from_models"))

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path


def _read(name: str, kind: Run) -> None:
    refused(lambda: open_source(name, kind))


@cache
def _graphs() -> tuple[bytes, ...]:
    from onnx_cases import CASES
    from onnx_weight_cases import WEIGHT_CASES, long_loop

    made = [case().SerializeToString() for case in CASES | WEIGHT_CASES if case is not long_loop]
    return tuple(raw for raw in made if len(raw) < 200_000)


def _fields(message: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each field that is set, with the message that it is in."""
    for field, value in message.ListFields():
        if field.message_type is not None:
            yield message, field
            for one in value if hasattr(value, "add") else [value]:
                yield from _fields(one)
        else:
            yield message, field


_WORDS = (
    "",
    "x",
    "w",
    "y",
    "\x1b[31m",
    "\u202eab",
    "a\nb",
    "a" * 3000,
    "MatMul",
    "Conv",
    "Gemm",
    "LSTM",
    "Loop",
    "If",
)


def _change(message: Any, field: Any, other: Any, dice: random.Random) -> None:
    """Clear, repeat, exchange or overwrite a field."""
    held = getattr(message, field.name)
    many = hasattr(held, "append")
    if dice.random() < 0.15:
        message.ClearField(field.name)
    elif field.message_type is not None:
        if many and len(held):
            one = dice.choice(list(held))
            if dice.random() < 0.5:
                held.append(one)
            elif isinstance(other, type(one)):
                held.append(other)
            else:
                del held[dice.randrange(len(held))]
    elif field.cpp_type in {1, 2, 3, 4, 8}:  # whole numbers and enumerations, as protobuf counts its types
        number = dice.choice([one for one in NUMBERS if isinstance(one, int)])
        _put(message, field, dice.choice((0, -1, 1, 2, 3, 999, number)), dice)
    elif field.cpp_type in {5, 6}:
        _put(message, field, dice.choice((0.0, -1.0, float("nan"), float("inf"), 1e38)), dice)
    elif isinstance(held, bytes) or (many and len(held) and isinstance(held[0], bytes)):
        _put(message, field, dice.choice((b"", b"x", b"\xff\xfe", b"0" * 1000)), dice)
    else:
        _put(message, field, dice.choice(_WORDS), dice)


def _put(message: Any, field: Any, value: Any, dice: random.Random) -> None:
    held = getattr(message, field.name)
    if not hasattr(held, "append"):
        setattr(message, field.name, value)
    elif len(held) and dice.random() < 0.7:
        held[dice.randrange(len(held))] = value
    else:
        held.append(value)


def _make_graph(dice: random.Random) -> Case:
    import onnx

    raw = dice.choice(_graphs())
    made = onnx.ModelProto.FromString(raw)
    for _ in range(dice.randint(1, 4)):
        found = list(_fields(made))
        if not found:  # the change before took all that there was
            break
        message, field = dice.choice(found)
        other = dice.choice(found)[0]
        try:
            _change(message, field, other, dice)
        except (ValueError, TypeError, OverflowError):  # protobuf does not take it
            continue
    try:
        content = made.SerializeToString()
    except Exception:  # noqa: BLE001  protobuf's own kinds of error: the original is as good
        content = raw
    if dice.random() < 0.1:
        content = mutated_text(content, _graphs()[:5], dice)
    return Case({"net.onnx": content})


def _read_graph(_: Path, case: Case) -> None:
    _read("net.onnx", Run(16))
    if sum(case.files["net.onnx"]) % 10 == 0:
        run_command("inspect", "net.onnx", "--format", "json")


@cache
def _configs() -> dict[str, dict[str, Any]]:
    from configs import CONFIGS
    from test_hub import MULTIMODAL, SIDE_BY_SIDE

    return CONFIGS | {name: values[0] for name, values in MULTIMODAL.items()} | SIDE_BY_SIDE


@cache
def _filled(name: str) -> dict[str, Any]:
    """Return a configuration with all that its type has by default, too."""
    import transformers

    values = _configs()[name]
    if values.get("model_type") not in transformers.CONFIG_MAPPING:
        return values
    kind = transformers.CONFIG_MAPPING[values["model_type"]]
    filled: dict[str, Any] = json.loads(json.dumps(kind.from_dict(values).to_dict(), default=str))
    return filled | values


_MODEL_S = 20.0
"""Work that a configuration may take: its model is built and run by torch, up to 256 layers of it."""


def _make_config(dice: random.Random) -> Case:
    name = dice.choice(list(_configs()))
    values = _filled(name) if dice.random() < 0.5 else _configs()[name]
    return Case({"config.json": mutated_json(values, [b'{"model_type": "bert"}'], dice)})


def _read_config(_: Path, case: Case) -> None:
    _read("config.json", Run(8))
    if sum(case.files["config.json"]) % 10 == 0:
        run_command("inspect", "config.json", "--format", "csv")


HEADER: dict[str, Any] = {
    "__metadata__": {"format": "pt"},
    "a.weight": {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 48]},
    "q.qweight": {"dtype": "I32", "shape": [2, 8], "data_offsets": [48, 112]},
    "q.scales": {"dtype": "F16", "shape": [1, 8], "data_offsets": [112, 128]},
    "q.qzeros": {"dtype": "I32", "shape": [1, 1], "data_offsets": [128, 132]},
    "layer.0.attention.query.weight": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [132, 140]},
    "conv.weight": {"dtype": "F8_E4M3", "shape": [1, 1, 2, 2], "data_offsets": [140, 144]},
}
_DATA = 144


def _make_header(dice: random.Random) -> Case:
    header = mutated_json(HEADER, [b'{"a": 1e999}', b"[" * 500], dice)
    length = len(header) if dice.random() < 0.9 else dice.choice((0, 1, 7, 2**31, 2**63, 2**64 - 1))
    return Case({"m.safetensors": length.to_bytes(8, "little") + header + bytes(_DATA)})


def _make_index(dice: random.Random) -> Case:
    index = {"metadata": {"total_size": 144}, "weight_map": dict.fromkeys(HEADER, "m.safetensors")}
    return Case(
        {**_make_header(dice).files, "model.safetensors.index.json": mutated_json(index, [b"{}"], dice)},
        ("model.safetensors.index.json",),
    )


def _make_stored(dice: random.Random) -> Case:
    return (
        _make_index(dice)
        if dice.random() < 0.2
        else _make_header(dice)._replace(arguments=("m.safetensors",))
    )


def _read_stored(_: Path, case: Case) -> None:
    _read(case.arguments[0], Run())


@cache
def _program() -> tuple[tuple[str, bytes], ...]:
    """Return the members of an exported program's archive, as torch writes them."""
    import torch
    from torch import nn

    class Small(nn.Module):  # type: ignore[misc]  # torch is not typed here
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = nn.Conv2d(3, 4, 3), nn.Linear(4, 2)

        def forward(self, given: Any) -> Any:
            return self.two(torch.relu(self.one(given)).mean((2, 3)))

    held = io.BytesIO()
    torch.export.save(torch.export.export(Small(), (torch.zeros(1, 3, 8, 8),)), held)
    with zipfile.ZipFile(held) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())


def _make_program(dice: random.Random) -> Case:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in _program():
            changes = name.endswith(".json") and dice.random() < 0.8
            changed = as_json(mutated_tree(json.loads(content), dice, most=2)) if changes else content
            archive.writestr(name, changed)
    raw = held.getvalue()
    return Case({"net.pt2": mutated_text(raw, [raw], dice, most=1) if dice.random() < 0.05 else raw})


def _read_program(_: Path, __: Case) -> None:
    _read("net.pt2", Run())


@cache
def _checkpoints() -> tuple[bytes, ...]:
    import torch
    from torch import nn

    state = nn.ModuleDict({"embed": nn.Embedding(9, 4), "dense": nn.Linear(4, 3)}).state_dict()
    made = []
    for zipped in (True, False):
        held = io.BytesIO()
        torch.save({"state_dict": state, "epoch": 3}, held, _use_new_zipfile_serialization=zipped)
        made.append(held.getvalue())
    return tuple(made)


def _make_checkpoint(dice: random.Random) -> Case:
    return Case({"net.pt": mutated_text(dice.choice(_checkpoints()), _checkpoints(), dice)})


def _read_checkpoint(_: Path, __: Case) -> None:
    _read("net.pt", Run())


TARGETS = (
    Target("onnx", _make_graph, _read_graph),
    Target("configs", _make_config, _read_config, _MODEL_S),
    Target("headers", _make_stored, _read_stored),
    Target("programs", _make_program, _read_program),
    Target("checkpoints", _make_checkpoint, _read_checkpoint),
)
