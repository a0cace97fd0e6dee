"""What a source of a network is, by its name and by what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.errors import WorkloadError
from factsheet.networks.family import Run
from factsheet.networks.operators import Network
from factsheet.recompute.network_source import open_source, sheet_at, source_kind

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.yaml", "sheet"),
        ("a.YML", "sheet"),
        ("a/config.json", "huggingface"),
        ("a.safetensors", "safetensors"),
        ("model.safetensors.index.json", "safetensors"),
        ("a.onnx", "onnx"),
        ("a.pt2", "module"),
        ("package.module:make", "module"),
        ("module:Class.method", "module"),
        ("torchscript:a.pt", "torchscript"),
    ],
)
def test_by_its_name(name: str, kind: str) -> None:
    assert source_kind(name) == kind


@pytest.mark.parametrize("name", ["", "a.txt", "a.pt", "1module:make", "module:", ":make", "a b:c"])
def test_what_is_no_source(name: str) -> None:
    with pytest.raises(WorkloadError, match="is not a source that a network can be read from"):
        source_kind(name)


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (("config.json",), "huggingface"),
        (("params.json",), "huggingface"),
        (("model_index.json", "a.safetensors"), "huggingface"),
        (("a.safetensors",), "safetensors"),
        (("model.safetensors.index.json",), "safetensors"),
    ],
)
def test_a_folder_by_what_it_holds(files: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert source_kind(str(tmp_path)) == kind


def test_a_folder_without_any_of_them_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no model", encoding="utf-8")
    with pytest.raises(
        WorkloadError, match=r"holds neither a config\.json nor \.safetensors files"
    ) as raised:
        source_kind(str(tmp_path))
    assert raised.value.help == "name the file that is meant"
    # A file of another format is named, with what to do about it.
    (tmp_path / "model.gguf").write_bytes(b"GGUF\x03\x00\x00\x00")
    with pytest.raises(WorkloadError, match="holds neither") as raised:
        source_kind(str(tmp_path))
    assert raised.value.why.startswith("'model.gguf' in it is ")


def test_a_sheet_is_read_and_nothing_else_is(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("factsheet: 1\noverview: {name: A, model: M}\n", encoding="utf-8")
    sheet = sheet_at(str(file))
    assert sheet is not None
    assert sheet.overview.name is not None
    assert sheet_at("a.onnx") is None
    file.write_text("factsheet: 1\noverview: {name: A, model: M}\nno_such_section: 1\n", encoding="utf-8")
    with pytest.raises(WorkloadError, match="does not fit the schema"):
        sheet_at(str(file))
    with pytest.raises(WorkloadError, match="cannot be read as a sheet"):
        sheet_at(str(tmp_path / "missing.yaml"))


@pytest.mark.parametrize(
    ("dims", "words"),
    [
        ((("depth", 8),), "no axis can be given as `depth`"),
        ((("height", 8),), "no axis can be given as `height`"),
        ((("height", 8), ("width", 8), ("depth", 8)), "no axis can be given as `depth`"),
    ],
)
def test_only_a_graph_names_its_axes(dims: tuple[tuple[str, int], ...], words: str) -> None:
    with pytest.raises(WorkloadError, match=words):
        open_source("config.json", Run(8, dims=dims))


def test_sides_of_an_image_by_name_go_together(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text('{"model_type": "resnet"}', encoding="utf-8")

    def refused(**dims: int) -> str:
        with pytest.raises(WorkloadError) as caught:
            open_source(str(config), Run(dims=tuple(dims.items())))
        return caught.value.message

    assert refused(height=8).endswith("no axis can be given as `height`")
    assert refused(width=8).endswith("no axis can be given as `width`")
    assert refused(height=8, frames=2).endswith("no axis can be given as `frames`")
    assert refused(**{"x" * 90: 2}).endswith(f"`{'x' * 60}`")


@pytest.mark.parametrize("name", ["a.safetensors", "a.onnx", "package.module:make"])
def test_a_cache_is_of_a_config_or_a_sheet_alone(name: str) -> None:
    with pytest.raises(WorkloadError, match="a cache of keys and values cannot be told"):
        open_source(name, Run(cache_length=0))


def test_sides_of_an_image_by_name_are_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Run] = []

    def read(_: str, run: Run) -> Network:
        asked.append(run)
        return Network("n", ())

    monkeypatch.setattr("factsheet.networks.from_models.huggingface.read", read)
    open_source("config.json", Run(dims=(("height", 8), ("width", 6)), asked=frozenset({"batch"})))
    (run,) = asked
    assert (run.image_size, run.dims, run.asked) == ((8, 6), (), frozenset({"batch", "image_size"}))


def test_axes_of_a_graph_keep_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = Network("graph", ())
    asked: list[Run] = []

    def read(_: str, run: Run) -> Network:
        asked.append(run)
        return graph

    monkeypatch.setattr("factsheet.networks.from_models.onnx_graph.read", read)
    given = Run(dims=(("height", 8),))
    assert open_source("model.onnx", given) is graph
    assert asked == [given]
