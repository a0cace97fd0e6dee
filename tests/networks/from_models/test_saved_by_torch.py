"""Files that `torch.save` and `torch.jit.save` write: weights are read, code is run only where a user asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from factsheet.errors import WorkloadError
from factsheet.networks.family import Run
from factsheet.recompute.network_source import open_source, source_kind


class Exploit:
    """What a doctored checkpoint holds: unpickling it creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def layers() -> nn.ModuleDict:
    return nn.ModuleDict({"embed": nn.Embedding(100, 8), "dense": nn.Linear(8, 16), "bn": nn.BatchNorm1d(16)})


@pytest.mark.parametrize("ending", ["pt", "pth", "bin", "ckpt"])
@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("inside", ["", "state_dict"])
def test_weights_of_a_checkpoint(tmp_path: Path, ending: str, zipped: bool, inside: str) -> None:
    state: dict[str, object] = layers().state_dict()
    path = tmp_path / f"net.{ending}"
    saved = {inside: state, "epoch": 3, "optimizer": {"m": torch.zeros(7, 7)}} if inside else state
    torch.save(saved, path, _use_new_zipfile_serialization=zipped)
    network = open_source(str(path))
    assert network.parameters == 100 * 8 + 8 * 16 + 16 + 16 + 16  # running statistics are no parameters
    assert network.analog_weights == 8 * 16
    assert "without running" in " ".join(network.notes)


def test_a_tensor_under_two_names_is_stored_once(tmp_path: Path) -> None:
    weight = torch.zeros(100, 8)
    torch.save({"embed.weight": weight, "head.weight": weight}, tmp_path / "net.pt")
    assert open_source(str(tmp_path / "net.pt")).parameters == 800


@pytest.mark.parametrize("zipped", [True, False])
def test_a_doctored_checkpoint_runs_nothing(tmp_path: Path, zipped: bool) -> None:
    created, path = tmp_path / "created", tmp_path / "net.pt"
    torch.save({"w": torch.zeros(3, 3), "x": Exploit(created)}, path, _use_new_zipfile_serialization=zipped)
    torch.load(path, weights_only=False)
    assert created.exists()  # the exploit works where a file is unpickled
    created.unlink()
    with pytest.raises(WorkloadError, match="other objects than tensors"):
        open_source(str(path))
    assert not created.exists()


@pytest.mark.filterwarnings("ignore")
def test_torchscript_runs_only_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    scripted = torch.jit.script(nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.ReLU(), nn.Conv2d(8, 4, 3)))
    torch.jit.save(scripted, path)
    with pytest.raises(WorkloadError, match="TorchScript archive, which is code") as caught:
        open_source(str(path))
    assert "torchscript:" in caught.value.help
    assert source_kind(f"torchscript:{path}") == "torchscript"
    network = open_source(f"torchscript:{path}", Run(image_size=(10, 12)))
    assert [(m.rows, m.cols, m.calls) for m in network.static] == [(27, 8, 8 * 10), (72, 4, 6 * 8)]
    assert network.parameters == 27 * 8 + 72 * 4 + 4


@pytest.mark.filterwarnings("ignore")
def test_traced_torchscript(tmp_path: Path) -> None:
    class Tied(nn.Module):  # type: ignore[misc]  # torch is not typed here
        def __init__(self) -> None:
            super().__init__()
            self.table, self.inner = nn.Embedding(100, 8), nn.LSTM(8, 8, batch_first=True)

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return self.inner(self.table(tokens))[0] @ self.table.weight.t()

    path = tmp_path / "net.pt"
    torch.jit.save(torch.jit.trace(Tied(), torch.zeros(1, 10, dtype=torch.long)), path)
    network = open_source(f"torchscript:{path}", Run(seq_len=10))
    assert network.parameters == 800 + 4 * 8 * 16 + 64
    assert sum(matrix.macs for matrix in network.static) == 10 * (4 * 8 * 16 + 800)


def test_what_is_no_archive_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    path.write_bytes(b"\x80\x02 not a pickle")
    for source in (str(path), f"torchscript:{path}", f"torchscript:{tmp_path / 'missing.pt'}"):
        with pytest.raises(WorkloadError):
            open_source(source)


class Chosen(nn.Module):  # type: ignore[misc]  # torch is not typed here
    """Runs one of two branches, by what its input holds."""

    def __init__(self) -> None:
        super().__init__()
        self.short, self.long, self.head = nn.Linear(16, 16), nn.Linear(16, 16), nn.Linear(16, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.cond(x.sum() > 0, self.short, lambda x: self.long(torch.relu(self.long(x))), (x,))
        return self.head(y)


class Turning(nn.Module):  # type: ignore[misc]  # torch is not typed here
    """Runs a layer three times in a loop."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(16, 16)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        loop = torch._higher_order_ops.while_loop  # noqa: SLF001 - it has no other name
        return loop(
            lambda turn, _: turn < 3,
            lambda turn, x: (turn + 1, self.dense(x)),
            (torch.zeros((), dtype=torch.long), x),
        )[1]


def exported(module: nn.Module, path: Path) -> str:
    torch.export.save(torch.export.export(module.eval(), (torch.zeros(3, 16),)), path)
    return str(path)


def test_both_branches_of_an_exported_condition_are_listed(tmp_path: Path) -> None:
    network = open_source(exported(Chosen(), tmp_path / "net.pt2"))
    # the longer branch uses its matrix twice for each of 3 vectors
    assert {m.name: m.calls for m in network.static} == {"short": 0, "long": 6, "head": 3}
    assert network.parameters == 2 * (16 * 16 + 16) + 16 * 4 + 4
    assert network.work_missing
    said = "a condition: the false branch (1,536 MACs) is counted, the true branch (768 MACs) is listed"
    assert said in " ".join((*network.notes, *network.assumed.values()))


def test_a_loop_of_an_exported_program_is_counted_once_and_said(tmp_path: Path) -> None:
    network = open_source(exported(Turning(), tmp_path / "net.pt2"))
    assert [(m.name, m.calls) for m in network.static] == [("dense", 3)]
    assert [one.what for one in network.unknown] == ["higher_order::while_loop"]


@pytest.mark.parametrize("zipped", [True, False])
def test_weights_that_are_stored_once_count_once_and_parts_of_a_tensor_each(
    tmp_path: Path, zipped: bool
) -> None:
    # A head of 50 x 8 tied to its table, as `state_dict` gives it: two tensors over the same numbers.
    table = nn.Embedding(50, 8)
    head = nn.Linear(8, 50, bias=False)
    head.weight = table.weight
    both = torch.randn(16, 8)
    tied = nn.ModuleDict({"embed": table, "head": head}).state_dict()
    held = {**tied, "q.weight": both[:8], "k.weight": both[8:]}
    torch.save(held, tmp_path / "m.pt", _use_new_zipfile_serialization=zipped)
    network = open_source(str(tmp_path / "m.pt"))
    assert network.parameters == 50 * 8 + 2 * 64
    assert any("1 further names are of tensors that are stored once" in note for note in network.notes)
