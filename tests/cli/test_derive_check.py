"""`factsheet derive --check`: a sheet that its model has left behind fails, at the line that is no longer so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
BERT = ROOT / "sheets" / "bert.yaml"
# The published sizes of BERT-base: Devlin et al. 2019, section 3; the tables as its config.json on the Hub has them.
BASE: Mapping[str, Any] = {
    "architectures": ["BertForSequenceClassification"],
    "model_type": "bert",
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
    "vocab_size": 30522,
}


def config(folder: Path, **changed: object) -> str:
    file = folder / "config.json"
    file.write_text(json.dumps({**BASE, **changed}), "utf-8")
    return str(file)


def sheet(folder: Path, text: str) -> str:
    file = folder / "sheet.yaml"
    file.write_text(text, "utf-8")
    return str(file)


def test_the_model_that_a_sheet_describes_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # The sheet leaves open what its output layer is, and says nothing of where the pooler is: neither is a fault.
    assert run(["derive", str(BERT), "--model", config(tmp_path), "--check"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("num_hidden_layers", 13, "layers"),
        ("num_attention_heads", 16, "heads"),
        ("intermediate_size", 4096, "intermediate_size"),
        ("vocab_size", 28996, "vocabulary"),
    ],
)
def test_a_changed_network_fails_at_the_line_of_the_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: int, field: str
) -> None:
    assert run(["derive", str(BERT), "--model", config(tmp_path, **{key: value}), "--check"]) == 1
    first, *rest = capsys.readouterr().err.splitlines()
    line = next(
        n
        for n, text in enumerate(BERT.read_text("utf-8").splitlines(), 1)
        if text.startswith(f"    {field}: ")
    )
    assert first.startswith(f"{BERT}:{line}:")
    assert f"model_architecture.transformer_encoder.{field}: the sheet says {BASE[key]}," in first
    assert first.endswith(f"gives {value}")
    assert any(text.startswith("  = help: ") for text in rest)


def test_the_figures_of_a_sheet_without_a_network_are_held_against_the_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "factsheet: 1\noverview: {name: Example, model: BERT-base}\nparameters: {parameters: 110 million}\n"
    )
    named = sheet(tmp_path, text)
    assert run(["derive", named, "--model", config(tmp_path), "--check"]) == 0
    capsys.readouterr()
    # Half of the blocks: 7,087,872 parameters less for each (Devlin et al. 2019: 110 M in 12 of them).
    assert run(["derive", named, "--model", config(tmp_path, num_hidden_layers=6), "--check"]) == 1
    assert f"{named}:3:26: parameters.parameters: the sheet says 110 million" in capsys.readouterr().err


@pytest.mark.parametrize(("listed", "status"), [([64, 32, 10], 0), ([64, 48, 10], 1)])
def test_networks_of_other_kinds_are_compared_by_their_matrices(
    tmp_path: Path, listed: list[int], status: int
) -> None:
    rows = "".join(
        f"    - {{name: {name}, kind: linear, rows: {rows}, cols: {cols}, calls: 1}}\n"
        for name, rows, cols in zip("ab", listed, listed[1:], strict=False)
    )
    named = sheet(
        tmp_path,
        "factsheet: 1\noverview: {name: Example, model: digits}\nmodel_architecture:\n  operators:\n" + rows,
    )
    # 64 inputs, 32 hidden units, 10 classes: the network that sheets/digits.yaml declares.
    assert run(["derive", named, "--model", str(ROOT / "sheets" / "digits.yaml"), "--check"]) == status


def test_a_check_needs_a_sheet_and_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["derive", str(BERT), "--check"]) == 2
    assert run(["derive", "--model", config(tmp_path), "--check"]) == 2
    assert "name both" in capsys.readouterr().err
