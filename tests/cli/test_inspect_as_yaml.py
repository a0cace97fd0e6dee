"""`factsheet inspect --as-yaml` as a process: the section that it writes derives to the same totals as its source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import factsheet
from factsheet.authoring.network_section import section_of
from factsheet.crossbar.mapping import TileShape
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    from factsheet.recompute.derivation import Layer

    Run = Callable[..., CompletedProcess[bytes]]

MODULES = """
import torch
from torch import nn

def blocks():
    layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True)
    return nn.Sequential(nn.Embedding(100, 32), nn.TransformerEncoder(layer, 3), nn.Linear(32, 5))

def perceptron():
    return nn.Sequential(nn.Linear(20, 30), nn.ReLU(), nn.Linear(30, 5)), torch.zeros(1, 20)

def cells():
    return nn.LSTM(8, 16, 2)

def image():
    return nn.Sequential(nn.Conv2d(3, 8, 3, groups=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3, groups=8))

def unknown():
    class Spectrum(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear, self.unused = nn.Linear(16, 16), nn.Linear(7, 9)
        def forward(self, x):
            return torch.linalg.matrix_exp(self.linear(x))
    return Spectrum(), torch.zeros(16, 16)
"""


@pytest.fixture(name="factsheet_process")
def _process(request: pytest.FixtureRequest) -> Run:
    process: Run = request.getfixturevalue("factsheet")
    return process


@pytest.mark.parametrize("name", ["blocks", "perceptron", "cells", "image", "unknown"])
@pytest.mark.parametrize("length", [128, 9])
def test_a_module_is_declared_with_the_same_totals(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, length: int
) -> None:
    (tmp_path / "nets.py").write_text(MODULES, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    source = f"nets:{name}"
    text = section_of(source, Request(seq_len=length)).yaml
    sheet = factsheet.loads(f"factsheet: 1\noverview: {{name: a sheet, model: a model}}\n{text}")
    for at in (16, length):
        request = Request(seq_len=at, batch=2, tile=TileShape(64, 48))
        declared, traced = sheet.derive(request), sheet.derive(replace(request, model=source))
        assert declared.totals == traced.totals
        assert list(map(uses, declared.layers)) == list(map(uses, traced.layers))


@pytest.mark.parametrize(
    ("name", "key"), [("perceptron", "mlp"), ("cells", "recurrent"), ("image", "operators")]
)
def test_a_family_is_written_where_it_gives_exactly_the_operators(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, key: str
) -> None:
    (tmp_path / "nets.py").write_text(MODULES, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert section_of(f"nets:{name}", Request()).key == key


def uses(layer: Layer) -> tuple[object, ...]:
    same = (layer.rows, layer.cols, layer.calls, layer.tiles, layer.reuse)
    return (*same, layer.matrices, layer.active, layer.on, layer.kind)


def test_it_is_the_whole_network(factsheet_process: Run, tmp_path: Path) -> None:
    done = factsheet_process("inspect", "x.onnx", "--as-yaml", "--depth", "1", cwd=tmp_path)
    assert done.returncode == 2
    assert b"--as-yaml writes the whole network" in done.stderr
