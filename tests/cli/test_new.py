"""`factsheet new`: what it writes is a valid draft whose gaps are questions, its figures those of the model."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import factsheet
from factsheet.checks.completeness import is_given
from factsheet.cli.app import main
from factsheet.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Iterator

MLP = """\
factsheet: 1
overview: {name: Digits, model: digits}
model_architecture: {mlp: {sizes: [784, 256, 10]}}
"""


def _errors(path: Path) -> list[str]:
    return [one.message for one in factsheet.check(path) if one.severity == "error"]


def test_a_skeleton_is_a_valid_draft_of_questions(tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    assert main(["new", "-o", str(path)]) == 0
    assert _errors(path) == []
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=")
    assert "# A data scientist: " in text
    sheet = factsheet.load(path)
    assert not is_given(sheet, "overview.summary")
    assert not is_given(sheet, "training_data")


def test_what_can_be_computed_is_and_says_on_which_chip(tmp_path: Path) -> None:
    source, path = tmp_path / "digits.yaml", tmp_path / "new.yaml"
    source.write_text(MLP, encoding="utf-8")
    arguments = ["new", "--from", str(source), "--hardware", "ibm-2022", "--batch", "1", "-o", str(path)]
    assert main(arguments) == 0
    assert _errors(path) == []
    found = yaml.safe_load(path.read_text(encoding="utf-8"))["parameters"]
    # By hand: 784 * 256 + 256 * 10 weights and 256 + 10 biases; tiles of 512 x 512: two for the first matrix, one more.
    assert found["parameters"]["value"] == 784 * 256 + 256 * 10 + 266
    assert found["analog_weights"]["value"] == 784 * 256 + 256 * 10
    assert found["tiles"]["value"] == 3
    assert found["parameters"]["source"] == found["power"]["source"] == "derived"
    assert "ibm-2022" in found["power"]["note"]
    assert found["power"]["at"] == {"batch": 1}
    # Two ops a multiply-accumulate, on tiles.
    assert found["operating_points"][0]["analog_ops"]["value"] == 2 * (784 * 256 + 256 * 10)


def test_answers_go_before_sources_and_placeholders_are_no_answers(tmp_path: Path) -> None:
    source, answers, path = (tmp_path / name for name in ("digits.yaml", "answers.json", "new.yaml"))
    source.write_text(MLP, encoding="utf-8")
    said = {"overview.licence": "MIT", "overview": {"model": "digits-2"}, "purpose.summary": "TODO"}
    answers.write_text(json.dumps(said), encoding="utf-8")
    report = tmp_path / "report.json"
    arguments = ["new", "--from", str(source), "--answers", str(answers), "--report", str(report)]
    assert main([*arguments, "-o", str(path)]) == 0
    assert _errors(path) == []
    overview = yaml.safe_load(path.read_text(encoding="utf-8"))["overview"]
    assert (overview["licence"], overview["model"]) == ("MIT", "digits-2")
    assert not is_given(factsheet.load(path), "purpose.summary")
    found = json.loads(report.read_text(encoding="utf-8"))
    assert [(one["what"], one["from"]) for one in found["left_out"]] == [("TODO", "answers.json")]
    assert [(one["path"], one["kept"], one["other"]) for one in found["conflicts"]] == [
        ("overview.model", "digits-2", "digits")
    ]
    assert "# answers.json says digits-2, digits.yaml says digits" in path.read_text(encoding="utf-8")


def test_what_does_not_fit_is_left_out_by_name(tmp_path: Path) -> None:
    source, path = tmp_path / "old.yaml", tmp_path / "new.yaml"
    source.write_text(MLP + "parameters: {power: 3 bananas}\n", encoding="utf-8")
    report = tmp_path / "report.json"
    assert main(["new", "--from", str(source), "--report", str(report), "-o", str(path)]) == 0
    assert _errors(path) == []
    (left,) = json.loads(report.read_text(encoding="utf-8"))["left_out"]
    assert left["what"] == "parameters.power"


def test_nothing_is_replaced_without_being_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(factsheet.errors.UsageError, match="was left as it is"):
        main(["new", "-o", str(path)])
    assert path.read_text(encoding="utf-8") == "mine"
    assert main(["new", "--force", "-o", str(path)]) == 0
    assert "questions left" in capsys.readouterr().err


def test_a_model_that_nothing_names_is_a_question(tmp_path: Path) -> None:
    source, path = tmp_path / "config.json", tmp_path / "plain.yaml"
    source.write_text(json.dumps({"model_type": "bert"}), encoding="utf-8")
    assert main(["new", "--from", str(source), "-o", str(path)]) == 0
    sheet = factsheet.load(path)
    assert not is_given(sheet, "overview.model")
    assert not is_given(sheet, "overview.name")
    assert main(["new", "--from", str(source), "--name", "BERT-base", "--force", "-o", str(path)]) == 0
    assert is_given(factsheet.load(path), "overview.name")


def test_sizes_that_a_configuration_leaves_to_its_library_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("transformers")
    source, path = tmp_path / "config.json", tmp_path / "plain.yaml"
    source.write_text(json.dumps({"model_type": "bert", "hidden_size": 192, "mine": 1}), encoding="utf-8")
    report = tmp_path / "report.json"
    assert main(["new", "--from", str(source), "-o", str(path), "--report", str(report)]) == 0
    assert "does not state" in capsys.readouterr().err
    found = json.loads(report.read_text(encoding="utf-8"))
    (assumed,) = found["assumed"]
    # 12 blocks are the default of BertConfig, as its documentation says; the width is stated.
    assert "num_hidden_layers (12)" in assumed["what"]
    assert "hidden_size" not in assumed["what"]
    assert [one["where"] for one in found["left_out"]] == ["config.json mine"]
    note = yaml.safe_load(path.read_text(encoding="utf-8"))["model_architecture"]["provenance"]["note"]
    assert "num_hidden_layers (12)" in note


def test_sizes_asked_for_hold_for_what_is_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "patchwork_net.py").write_text(
        "from torch import nn\n\n\ndef make():\n    return nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(),"
        " nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))\n",
        encoding="utf-8",
    )
    source = [
        "new",
        "--from",
        "patchwork_net:make",
        "--name",
        "net",
        "--hardware",
        "ibm-2022",
        "--batch",
        "1",
    ]
    for number, asked in enumerate((["--image-size", "8"], ["--dim", "height=8", "--dim", "width=8"])):
        path = tmp_path / f"{number}.yaml"
        assert main([*source, *asked, "-o", str(path)]) == 0
        found = yaml.safe_load(path.read_text(encoding="utf-8"))["parameters"]
        # By hand: 3 * 3 * 3 * 4 weights and 4 biases, 4 * 2 weights and 2 biases; 64 places and one vector.
        assert found["parameters"]["value"] == 108 + 4 + 8 + 2
        assert found["operating_points"][0]["analog_ops"]["value"] == 2 * (64 * 108 + 8)
    with pytest.raises(factsheet.errors.WorkloadError, match="no axis can be given as `foo`"):
        main([*source, "--dim", "foo=8", "-o", str(tmp_path / "other.yaml")])


def test_a_source_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_text("roses are red", encoding="utf-8")
    with pytest.raises(factsheet.errors.UsageError, match="nothing that facts are read from"):
        main(["new", "--from", str(path)])


@pytest.mark.parametrize("word", ["TODO", "n/a", "[More Information Needed]", "???", "-", "TBD."])
def test_words_in_place_of_an_answer_are_not_counted(word: str) -> None:
    sheet = factsheet.FactSheet.from_data(
        {"factsheet": 1, "overview": {"name": "a", "model": "b", "summary": word, "licence": word}}
    )
    assert not is_given(sheet, "overview.summary")
    assert not is_given(sheet, "overview.licence")
    assert is_given(sheet, "overview.model")


@pytest.mark.parametrize("name", ["bert", "albert", "digits"])
def test_a_published_sheet_is_a_source(name: str, tmp_path: Path) -> None:
    source, path = Path(__file__).parents[2] / "sheets" / f"{name}.yaml", tmp_path / "new.yaml"
    assert main(["new", "--from", str(source), "-o", str(path)]) == 0
    assert _errors(path) == []
    before, after = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in (source, path))
    assert after["provenance"] == before["provenance"]
    stated = dict(_leaves(before, ()))
    begun = {("overview", "status"), ("overview", "date")}
    assert {path: value for path, value in _leaves(after, ()) if path in stated and path not in begun} == {
        path: value for path, value in stated.items() if path not in begun
    }


def _leaves(value: Any, path: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], Any]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*path, key))
    else:
        yield path, value


def test_a_list_of_operators_without_tokens_has_an_operating_point_of_a_batch_alone(tmp_path: Path) -> None:
    source, path = tmp_path / "net.yaml", tmp_path / "new.yaml"
    rows = (
        "[{name: conv, kind: convolution, rows: 27, cols: 64, calls: 1024}, {name: fc, rows: 64, cols: 10}]"
    )
    text = f"factsheet: 1\noverview: {{name: a, model: a}}\nmodel_architecture: {{operators: {rows}}}\n"
    source.write_text(text, encoding="utf-8")
    arguments = ["new", "--from", str(source), "--hardware", "ibm-2022", "--batch", "4", "-o", str(path)]
    assert main(arguments) == 0
    assert _errors(path) == []
    (point,) = yaml.safe_load(path.read_text(encoding="utf-8"))["parameters"]["operating_points"]
    assert point["batch"] == 4
    assert "seq_len" not in point
    assert point["analog_ops"]["value"] == 4 * 2 * (27 * 64 * 1024 + 64 * 10)
    assert "execution_time" in point


def test_every_question_is_asked_where_no_role_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("Sorts mails.\nquit\n"))
    sheet = tmp_path / "sheet.yaml"
    assert main(["new", "--name", "Sorter", "--ask", "-o", str(sheet)]) == 0
    assert "1 answer saved" in capsys.readouterr().out
    assert "summary: Sorts mails." in sheet.read_text(encoding="utf-8")


def test_all_else_is_written_and_said_where_there_is_no_hardware_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, report = tmp_path / "sheet.yaml", tmp_path / "report.json"
    outputs = ["-o", str(sheet), "--report", str(report), "--hardware-file", str(tmp_path / "hardware.yaml")]
    assert run(["new", "--name", "Sorter", *outputs]) == 2
    said = capsys.readouterr().err
    assert "questions left" in said
    assert "no source describes hardware" in said
    assert sheet.exists()
    assert report.exists()


def test_what_an_error_quotes_moves_no_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "--from", f"{tmp_path}/card\x1b[31m.md"]) == 2
    assert "\x1b" not in capsys.readouterr().err
