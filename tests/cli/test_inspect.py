"""`factsheet inspect`, and `factsheet derive` on every family, as processes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

    Run = Callable[..., CompletedProcess[bytes]]

BERT = str(Path(__file__).parents[2] / "sheets" / "bert.yaml")
MISTRAL = {
    "transformer_decoder": {
        "layers": 32,
        "hidden_size": 4096,
        "heads": 32,
        "kv_heads": 8,
        "intermediate_size": 14336,
        "gated_mlp": True,
        "vocabulary": 32000,
        "tied_head": False,
        "normalisation": "rms_norm",
        "position_encoding": "rotary",
        "biases": "none",
    }
}
FAMILIES: dict[str, dict[str, Any]] = {
    "transformer_decoder": MISTRAL,
    "encoder_decoder": {
        "encoder_decoder": {
            "encoder_layers": 2,
            "decoder_layers": 2,
            "hidden_size": 8,
            "heads": 2,
            "intermediate_size": 16,
        }
    },
    "vision_transformer": {
        "vision_transformer": {
            "image_size": 224,
            "patch_size": 16,
            "layers": 12,
            "hidden_size": 768,
            "heads": 12,
            "intermediate_size": 3072,
            "classes": 1000,
        }
    },
    "convolutional": {
        "convolutional": {
            "image_size": [32, 48],
            "layers": [
                {
                    "kind": "conv",
                    "channels": 16,
                    "kernel": 3,
                    "padding": 1,
                    "name": "stem",
                    "activation": True,
                },
                {
                    "kind": "conv",
                    "channels": 16,
                    "kernel": [3, 1],
                    "padding": [1, 0],
                    "groups": 16,
                    "adds": "stem",
                },
                {"kind": "max_pool", "kernel": 2},
                {"kind": "linear", "channels": 10, "bias": True},
            ],
        }
    },
    "recurrent": {
        "recurrent": {"cell": "gru", "input_size": 40, "hidden_size": 64, "layers": 2, "outputs": 12}
    },
    "mlp": {"mlp": {"sizes": [784, 300, 10]}},
    "operators": {"operators": [{"name": "a.up", "rows": 4, "cols": 6, "calls": 2, "each": "token"}]},
}


def sheet_of(folder: Path, architecture: dict[str, Any]) -> str:
    path = folder / "sheet.yaml"
    data = {
        "factsheet": 1,
        "overview": {"name": "a sheet", "model": "a model"},
        "model_architecture": architecture,
    }
    path.write_text(json.dumps(data))  # JSON is YAML
    return str(path)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_derived_and_inspected(factsheet: Run, tmp_path: Path, family: str) -> None:
    sheet = sheet_of(tmp_path, FAMILIES[family])
    point = ("--seq-len", "16", "--batch", "2", "--tile", "512")
    derived = factsheet("derive", sheet, *point, "--format", "json")
    assert derived.returncode == 0, derived.stderr
    shape = json.loads(derived.stdout)
    assert shape["problem"] is None
    inspected = factsheet("inspect", sheet, *point, "--format", "json")
    assert inspected.returncode == 0, inspected.stderr
    operators = json.loads(inspected.stdout)["operators"]
    assert sum(row["ops"] for row in operators) == shape["totals"]["total_ops"] > 0
    assert sum(row["tiles"] or 0 for row in operators) == shape["totals"]["tiles"] > 0
    assert factsheet("derive", sheet, *point).returncode == 0


@pytest.mark.parametrize("family", ["vision_transformer", "convolutional", "mlp"])
def test_an_image_or_a_vector_needs_no_sequence_length(factsheet: Run, tmp_path: Path, family: str) -> None:
    done = factsheet("derive", sheet_of(tmp_path, FAMILIES[family]), "--batch", "1", "--format", "json")
    assert json.loads(done.stdout)["totals"]["total_ops"] > 0


def test_the_tiles_and_parameters_of_bert(factsheet: Run) -> None:
    done = factsheet("inspect", BERT, "--depth", "0", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(done.stdout.decode()))
    # 480 tiles: IBM's 3D-CiM-LLM-Inference-Simulator; parameters of Hugging Face's BertModel.
    assert (row["tiles"], row["parameters"]) == ("480", "109482240")


def test_blocks_that_repeat_are_one_row(factsheet: Run) -> None:
    rows = json.loads(factsheet("inspect", BERT, "--format", "json").stdout)["operators"]
    (query,) = [row for row in rows if row["name"] == "layer.*.query"]
    assert (query["count"], query["rows"], query["cols"], query["calls"], query["uses"]) == (
        12,
        768,
        768,
        4 * 32,  # of the sheet's operating point, as in `derive`
        32,
    )
    blocks = json.loads(factsheet("inspect", BERT, "--depth", "1", "--format", "json").stdout)["operators"]
    assert [row["name"] for row in blocks] == ["embeddings", "layer.*", "pooler"]
    assert sum(row["ops"] for row in blocks) == sum(row["ops"] for row in rows)


def test_the_policy_is_recorded_with_the_result(factsheet: Run) -> None:
    done = factsheet(
        "derive", BERT, "--digital", "layer.0.query,layer.1.query", "--analog", "pooler", "--format", "json"
    )
    shape = json.loads(done.stdout)
    assert shape["policy"]["digital"] == ["layer.0.query", "layer.1.query"]
    assert shape["policy"]["analog"] == ["pooler"]
    # 480, less four tiles of each query matrix, and four of the pooler's: all are 768 by 768.
    assert shape["totals"]["tiles"] == 480 - 8 + 4
    assert any("`pooler` on tiles" in note for note in shape["notes"])


def test_a_decode_step_is_not_held_against_the_sheet(factsheet: Run, tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, MISTRAL)
    by_length = factsheet("derive", sheet, "--batch", "1", "--seq-len", "64", "--decode", "--format", "json")
    by_cache = factsheet(
        "derive", sheet, "--batch", "1", "--seq-len", "1", "--cache-length", "64", "--format", "json"
    )
    first, second = json.loads(by_length.stdout), json.loads(by_cache.stdout)
    assert first["run"]["cache_length"] == second["run"]["cache_length"] == 64
    assert first["totals"] == second["totals"]
    # Scores and context of 32 layers, 32 heads of 128, over 64 cached keys and the token's own.
    assert first["totals"]["dynamic_macs"] == 32 * 2 * 32 * 128 * 65


def test_an_image_of_another_size(factsheet: Run, tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, FAMILIES["vision_transformer"])
    done = factsheet("inspect", sheet, "--image-size", "384", "--format", "json")
    rows = json.loads(done.stdout)["operators"]
    (patch,) = [row for row in rows if row["name"] == "embeddings.patch"]
    assert patch["calls"] == (384 // 16) ** 2


def test_the_heading_states_what_was_run_and_where_each_size_comes_from(
    factsheet: Run, tmp_path: Path
) -> None:
    def sizes(command: str, *arguments: str) -> list[tuple[str, str, str]]:
        shown = json.loads(factsheet(command, *arguments, "--format", "json").stdout)["sizes"]
        return [(size["name"], size["value"], size["origin"]) for size in shown]

    for command in ("inspect", "derive"):
        assert sizes(command, BERT) == [("sequence length", "32", "declared"), ("batch", "4", "declared")]
        assert sizes(command, BERT, "--seq-len", "64")[0] == ("sequence length", "64", "asked")
        image = sheet_of(tmp_path, FAMILIES["convolutional"])
        assert sizes(command, image) == [("image", "32 x 48", "declared"), ("batch", "1", "assumed")]
        wide = sizes(command, image, "--image-size", "48x320", "--batch", "2")
        assert wide == [("image", "48 x 320", "asked"), ("batch", "2", "asked")]
        assert b"sequence" not in factsheet(command, image).stdout
        assert b"image 32 x 48 (declared), batch 1 (assumed)" in factsheet(command, image).stdout


def test_a_matrix_that_occurs_once_has_its_own_name(factsheet: Run) -> None:
    rows = json.loads(factsheet("inspect", BERT, "--format", "json").stdout)["operators"]
    assert {row["name"] for row in rows if row["count"] == 1}.isdisjoint(
        {row["name"] for row in rows if "*" in row["name"]}
    )


@pytest.mark.parametrize(
    "dim", ["height", "height=", "=4", "height=0", "height=1e3", "h=1=x", "h=9999999999999"]
)
def test_an_axis_has_a_name_and_a_size(factsheet: Run, dim: str) -> None:
    done = factsheet("inspect", BERT, "--dim", dim)
    assert done.returncode == 2
    assert b"expected NAME=SIZE" in done.stderr


def test_an_axis_that_a_network_has_not_is_refused(factsheet: Run) -> None:
    for arguments in (("inspect", BERT), ("derive", BERT), ("sweep", BERT)):
        done = factsheet(*arguments, "--dim", "height=48")
        assert done.returncode == 2
        assert b"has no axis `height`" in done.stderr


@pytest.mark.parametrize("output_format", ["table", "markdown"])
def test_forms_for_people_name_the_policy_and_the_total(factsheet: Run, output_format: str) -> None:
    text = factsheet("inspect", BERT, "--format", output_format).stdout.decode()
    assert "policy: matrices with stored weights on tiles" in text
    assert "109,482,240 parameters, 480 tiles" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("inspect", "no-such.yaml"),
        ("inspect", "model.bin"),
        ("inspect", BERT, "--digital", "quary"),
        ("inspect", BERT, "--cache-length", "3"),
        ("inspect", BERT, "--image-size", "big"),
        ("inspect", BERT, "--seq-len", "513"),
        ("derive", BERT, "--digital", "quary"),
        ("derive", "--model", "model.bin"),
    ],
)
def test_wrong_use_is_a_message_and_exit_status_2(factsheet: Run, arguments: tuple[str, ...]) -> None:
    done = factsheet(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(b"factsheet: ")
    assert not done.stdout
