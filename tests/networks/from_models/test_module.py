"""Modules of plain torch: layers that need care, and what cannot be traced."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from torch import Tensor, nn

from factsheet.errors import WorkloadError
from factsheet.networks.from_models import module as modules
from factsheet.networks.from_models.module import trace
from factsheet.networks.operators import Elementwise

if TYPE_CHECKING:
    from factsheet.networks.operators import Network


def matrices(network: Network) -> list[tuple[int, ...]]:
    return [(m.matrices, m.rows, m.cols, m.calls) for m in network.static]


def test_grouped_strided_and_transposed_convolutions() -> None:
    layers = nn.Sequential(
        nn.Conv2d(4, 8, 3, groups=2, padding=1, stride=2),  # 8 x 8 to 4 x 4; 2 groups of 2 x 9 by 4
        nn.Conv2d(8, 8, 3, groups=8, dilation=2, padding=2),  # depthwise, 4 x 4 stays
        nn.ConvTranspose2d(8, 5, 2, stride=2),  # every one of 4 x 4 places gives 5 x 2 x 2 numbers
    )
    network = trace(layers, torch.zeros(2, 4, 8, 8), sequences=2)
    assert matrices(network) == [(2, 18, 4, 16), (8, 9, 1, 16), (1, 8, 20, 16)]
    assert network.parameters == (18 * 8 + 8) + (9 * 8 + 8) + (8 * 20 + 5)


@pytest.mark.parametrize(("kind", "gates"), [(nn.LSTM, 4), (nn.GRU, 3), (nn.RNN, 1)])
def test_recurrent_layers_in_both_directions(kind: type[nn.RNNBase], gates: int) -> None:
    layer = kind(10, 20, num_layers=2, bidirectional=True, batch_first=True)
    network = trace(layer, torch.zeros(1, 7, 10))
    high = 20 * gates
    each = [(1, 10, high, 7), (1, 20, high, 7)] * 2 + [(1, 40, high, 7), (1, 20, high, 7)] * 2
    assert matrices(network) == each
    assert network.parameters == sum(parameter.numel() for parameter in layer.parameters())


def test_the_fused_path_of_an_encoder_layer_is_taken_apart() -> None:
    encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, 32, batch_first=True), 2)
    network = trace(encoder, torch.zeros(1, 7, 16))
    assert matrices(network) == [(1, 16, 48, 7), (1, 16, 16, 7), (1, 16, 32, 7), (1, 32, 16, 7)] * 2
    assert [(p.count, p.m, p.k, p.n) for p in network.dynamic] == [(4, 7, 4, 7), (4, 7, 7, 4)] * 2


class Products(nn.Module):  # type: ignore[misc]  # torch is not typed here
    def __init__(self) -> None:
        super().__init__()
        self.left = nn.Parameter(torch.empty(6, 5))
        self.experts = nn.Parameter(torch.empty(3, 6, 2))

    def forward(self, x: Tensor) -> Tensor:
        seen = self.left @ x  # a stored matrix on the left
        apart = torch.einsum("bk,ekn->ebn", seen.t(), self.experts)
        return apart @ apart.transpose(1, 2)


def test_raw_parameters_and_einsum() -> None:
    network = trace(Products(), torch.zeros(5, 4))
    assert matrices(network) == [(1, 5, 6, 4), (1, 6, 6, 4)]  # three matrices that read the same vector
    assert [(p.count, p.m, p.k, p.n) for p in network.dynamic] == [(3, 4, 2, 4)]


class Repeated(nn.Module):  # type: ignore[misc]  # torch is not typed here
    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.cell(self.cell(self.cell(x))).cumsum(0)


def test_a_layer_called_thrice_is_stored_once() -> None:
    network = trace(Repeated(), torch.zeros(1, 4))
    assert sum(matrix.products for matrix in network.static) == 3
    assert {matrix.storage for matrix in network.static} == {"cell"}
    assert network.parameters == 20


class Exponential(nn.Module):  # type: ignore[misc]  # torch is not typed here
    def forward(self, x: Tensor) -> Tensor:
        return torch.linalg.matrix_exp(x)


def test_what_is_not_known_is_listed() -> None:
    network = trace(Exponential(), torch.zeros(8, 8))
    assert [(one.what, one.elements) for one in network.unknown] == [("aten::linalg_matrix_exp", 64)]


class Transformed(nn.Module):  # type: ignore[misc]  # torch is not typed here
    def forward(self, x: Tensor) -> Tensor:
        return torch.fft.fft(x)


def test_a_fourier_transform_is_counted_as_a_fast_one() -> None:
    network = trace(Transformed(), torch.zeros(4, 8, dtype=torch.cfloat))
    assert sum(one.elements for one in network.operators if isinstance(one, Elementwise)) == 5 * 4 * 8 * 3


class Branching(nn.Module):  # type: ignore[misc]  # torch is not typed here
    def forward(self, x: Tensor) -> Tensor:
        return x * 2 if (x.sum() > 0).item() else x


def test_a_guessed_branch_is_noted() -> None:
    network = trace(Branching(), torch.zeros(1, 8))
    assert "depends on data" in " ".join(network.assumed.values())


class Numpy(nn.Module):  # type: ignore[misc]  # torch is not typed here
    def forward(self, x: Tensor) -> Tensor:
        return torch.from_numpy(x.numpy())


def test_what_can_not_be_traced_says_so_and_the_ways_on() -> None:
    with pytest.raises(WorkloadError, match="cannot be traced") as caught:
        trace(nn.Sequential(Numpy()), torch.zeros(1, 8))
    assert "in 0" in caught.value.message
    assert "declare" in caught.value.help


def test_work_that_the_sequences_do_not_divide_is_an_error() -> None:
    with pytest.raises(WorkloadError, match="do not divide"):
        trace(nn.Linear(4, 4), torch.zeros(3, 4), sequences=2)


def test_a_callable_of_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_model.py").write_text(
        "import torch\n\ndef make():\n    return torch.nn.Linear(3, 2), torch.zeros(4, 3)\n\ndef no():\n    return 5\n",
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    assert matrices(modules.read("own_model:make", batch=4)) == [(1, 3, 2, 1)]
    with pytest.raises(WorkloadError, match="returned int"):
        modules.read("own_model:no")
    for wrong in ("own_model", "own_model:missing", "nowhere_at_all:make"):
        with pytest.raises(WorkloadError):
            modules.read(wrong)


@pytest.mark.filterwarnings("ignore")
def test_an_exported_program(tmp_path: Path) -> None:
    layers = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2))
    torch.export.save(torch.export.export(layers, (torch.zeros(4, 3),)), tmp_path / "net.pt2")
    assert matrices(modules.read(tmp_path / "net.pt2", batch=4)) == [(1, 3, 5, 1), (1, 5, 2, 1)]
    (tmp_path / "cut.pt2").write_bytes((tmp_path / "net.pt2").read_bytes()[:100])
    with pytest.raises(WorkloadError, match="cannot be read"):
        modules.read(tmp_path / "cut.pt2")


class _Exploit:
    """What a doctored archive holds: unpickling it creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "member",
    [
        "data/sample_inputs/model.pt",
        "data/weights/weight_0",
        "data/weights/weight_1",
        "data/constants/custom_obj_0",
        "data/constants/tensor_0",
    ],
)
def test_reading_an_exported_program_unpickles_nothing(tmp_path: Path, member: str) -> None:
    layers = nn.Sequential(nn.Linear(3, 5), nn.Linear(5, 2))
    torch.export.save(torch.export.export(layers, (torch.zeros(1, 3),)), tmp_path / "net.pt2")
    created, doctored = tmp_path / "created", io.BytesIO()
    torch.save(_Exploit(created), doctored)
    with zipfile.ZipFile(tmp_path / "net.pt2") as good, zipfile.ZipFile(tmp_path / "bad.pt2", "w") as bad:
        for name in good.namelist():
            if not name.endswith(member):
                bad.writestr(name, good.read(name))
        bad.writestr(f"net/{member}", doctored.getvalue())
    torch.load(io.BytesIO(doctored.getvalue()), weights_only=False)
    assert created.exists()  # the exploit works where a file is unpickled
    created.unlink()
    network = modules.read(tmp_path / "bad.pt2")
    assert matrices(network) == [(1, 3, 5, 1), (1, 5, 2, 1)]
    assert not created.exists()


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_lazy_layers_take_their_sizes_from_the_inputs(device: str) -> None:
    with torch.device(device):
        lazy = nn.Sequential(nn.LazyConv1d(8, 3), nn.LazyBatchNorm1d(), nn.Flatten(), nn.LazyLinear(4))
    network = trace(lazy, torch.zeros(1, 6, 10))
    assert [(m.rows, m.cols, m.calls) for m in network.static] == [(18, 8, 8), (64, 4, 1)]
    assert network.parameters == 18 * 8 + 8 + 2 * 8 + 64 * 4 + 4
