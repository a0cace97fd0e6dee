"""One function opens every kind of source."""

from __future__ import annotations

from pathlib import Path

import pytest

from factsheet.errors import WorkloadError
from factsheet.networks.family import Run
from factsheet.recompute.network_source import open_source, source_kind

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("a/sheet.yaml", "sheet"),
        ("sheet.YML", "sheet"),
        ("config.json", "huggingface"),
        ("model.safetensors", "safetensors"),
        ("model.onnx", "onnx"),
        ("model.pt2", "module"),
        ("package.module:make", "module"),
    ],
)
def test_a_source_is_told_by_its_name(source: str, kind: str) -> None:
    assert source_kind(source) == kind


@pytest.mark.parametrize(
    ("file", "kind"), [("config.json", "huggingface"), ("model-00001.safetensors", "safetensors")]
)
def test_a_folder_is_told_by_what_it_holds(tmp_path: Path, file: str, kind: str) -> None:
    (tmp_path / file).write_text("")
    assert source_kind(str(tmp_path)) == kind


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match=r"neither a config\.json nor"):
        source_kind(str(tmp_path))


@pytest.mark.parametrize(
    "source", ["", "model.bin", "meta-llama/Llama-2-7b-hf", "os.system:", "a b:c", "c:\\x"]
)
def test_anything_else_is_refused_with_what_there_is(source: str) -> None:
    with pytest.raises(WorkloadError, match="is not a source that a network can be read from") as raised:
        source_kind(source)
    assert "config.json" in raised.value.help


def test_a_sheet_gives_what_it_declares() -> None:
    # Hugging Face's BertModel, bert-base-uncased.
    assert open_source(str(BERT), Run(32)).parameters == 109_482_240


@pytest.mark.parametrize("text", [None, "a: [", "factsheet: 1\nunknown: 2\n"])
def test_a_sheet_that_can_not_be_read_is_refused(tmp_path: Path, text: str | None) -> None:
    sheet = tmp_path / "sheet.yaml"
    if text is not None:
        sheet.write_text(text)
    with pytest.raises(WorkloadError, match=r"sheet\.yaml"):
        open_source(str(sheet))


def test_a_cache_is_no_part_of_a_graph() -> None:
    with pytest.raises(WorkloadError, match="a cache of keys and values"):
        open_source("model.onnx", Run(1, cache_length=4))


def test_an_image_for_a_traced_model_has_two_sides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sided.py").write_text(
        "import torch\ndef net():\n    return torch.nn.Conv2d(3, 8, 1)\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    (convolution,) = open_source("sided:net", Run(1, image_size=(48, 320))).static
    assert convolution.calls == 48 * 320  # a kernel of 1 x 1 meets each pixel
