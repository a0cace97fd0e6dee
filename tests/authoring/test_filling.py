"""`factsheet fill`: what is missing is added with its provenance; what somebody stated stays and is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from factsheet.api.fact_sheet import load
from factsheet.authoring.filling import check_replacements, fill
from factsheet.authoring.found import Found
from factsheet.authoring.importing.imported import NEW_ROW
from factsheet.cli.run import run
from factsheet.errors import UsageError
from factsheet.source.loader import load_bytes

SHEETS = Path(__file__).parents[2] / "sheets"
TEXT = """\
factsheet: 1
overview: {name: Small, model: mlp}   # both

model_architecture:
  mlp: {sizes: [64, 32, 10]}  # three layers
parameters:
  tile: {rows: 64, cols: 64, devices_per_weight: 2}
  parameters: 3000   # counted by hand, wrongly
  tiles: {value: 5, source: derived}
  devices: {not_disclosed: A reason.}
  analog_weights:
"""


def sheet_in(folder: Path, text: str = TEXT) -> Path:
    sheet = folder / "sheet.yaml"
    sheet.write_text(text)
    return sheet


def data_of(text: str) -> object:
    document = load_bytes(text.encode(), "sheet").document
    assert document is not None
    return document.data


def test_what_is_missing_is_added_and_what_is_stated_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = sheet_in(tmp_path)
    assert run(["fill", str(sheet), "--yes"]) == 0
    said = capsys.readouterr()
    filled = load(sheet).parameters
    assert filled is not None
    assert filled.parameters is not None
    assert filled.parameters.words() == "3000"
    assert filled.devices is not None
    assert filled.devices.words() == "not disclosed: A reason."
    assert "parameters.parameters: 3000 stays; factsheet derive gives 2410: differs" in said.err
    assert "parameters.devices: not disclosed: A reason. stays" in said.err
    # A derived figure that has become wrong is brought up to date, and a key without a value gets one.
    assert filled.tiles is not None
    assert (filled.tiles.whole or 0, filled.tiles.source) == (0, "derived")
    assert filled.tiles.words() == "2"
    assert filled.analog_weights is not None
    assert filled.analog_weights.source == "derived"
    text = sheet.read_text()
    for line in (
        "overview: {name: Small, model: mlp}   # both",
        "  parameters: 3000   # counted by hand, wrongly",
    ):
        assert line in text.splitlines()
    assert run(["fill", str(sheet), "--check"]) == 0


def test_what_is_to_be_replaced_is_named(tmp_path: Path) -> None:
    sheet = sheet_in(tmp_path)
    assert run(["fill", str(sheet), "--yes", "--replace", "parameters.parameters"]) == 0
    filled = load(sheet).parameters
    assert filled is not None
    assert filled.parameters is not None
    assert (filled.parameters.words(), filled.parameters.source) == ("2410", "derived")
    assert filled.devices is not None
    assert filled.devices.absence is not None
    assert run(["fill", str(sheet), "--yes", "--replace", "parameters.powr"]) == 2


def test_check_and_diff_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = sheet_in(tmp_path)
    assert run(["fill", str(sheet), "--check"]) == 1
    assert capsys.readouterr().out == ""
    assert run(["fill", str(sheet), "--diff"]) == 0
    assert "+  reuse_factor:" in capsys.readouterr().out
    assert run(["fill", str(sheet), "--diff", "--check"]) == 1
    assert sheet.read_text() == TEXT


def test_nobody_is_asked_where_there_is_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = sheet_in(tmp_path)
    assert run(["fill", str(sheet)]) == 2
    assert "--yes" in capsys.readouterr().err
    assert sheet.read_text() == TEXT


def test_the_chip_that_is_named_is_written_with_its_estimates(tmp_path: Path) -> None:
    text = TEXT.replace("rows: 64, cols: 64", "rows: 512, cols: 512")
    sheet = sheet_in(tmp_path, text)
    assert run(["fill", str(sheet), "--yes", "--hardware", "ibm-2022", "--batch", "1"]) == 0
    filled = load(sheet)
    assert filled.hardware is not None
    assert filled.hardware.inference is not None
    assert filled.hardware.inference.profile is not None
    assert filled.hardware.inference.profile.words() == "ibm-2022"
    assert filled.parameters is not None
    assert filled.parameters.operating_points is not None
    time = filled.parameters.operating_points[0].execution_time
    assert time is not None
    assert (time.note or "").startswith("Estimated by the cost model on ibm-2022")
    assert run(["validate", str(sheet), "--fail-on", "error"]) in {0, 1}


def test_estimates_follow_a_layer_that_moves_at_one_go(tmp_path: Path) -> None:
    text = TEXT.replace("rows: 64, cols: 64", "rows: 512, cols: 512").replace("3000", "2410")
    sheet = sheet_in(tmp_path, text)
    assert run(["fill", str(sheet), "--yes", "--hardware", "ibm-2022", "--batch", "1"]) == 0
    assert run(["set", str(sheet), "model_architecture.layout={digital: [layer.1.dense]}"]) == 0
    assert run(["fill", str(sheet), "--yes", "--batch", "1"]) == 0
    filled = load(sheet)
    assert [one.message for one in filled.check() if one.severity == "error"] == []
    assert filled.performance is not None
    energy = filled.performance.energy_per_inference
    assert energy is not None
    assert (energy.note or "").startswith("Estimated by the cost model on ibm-2022")
    assert run(["fill", str(sheet), "--check", "--batch", "1"]) == 0


@pytest.mark.parametrize("name", ["bert.yaml", "albert.yaml", "digits.yaml"])
def test_a_filled_sheet_has_no_new_errors_and_nothing_left_to_fill(tmp_path: Path, name: str) -> None:
    sheet = tmp_path / name
    sheet.write_bytes((SHEETS / name).read_bytes())
    before = {(one.rule_id, one.message) for one in load(sheet).check() if one.severity == "error"}
    lines = sheet.read_text().splitlines()
    assert run(["fill", str(sheet), "--yes"]) == 0
    after = {(one.rule_id, one.message) for one in load(sheet).check() if one.severity == "error"}
    assert after <= before
    rest = iter(sheet.read_text().splitlines())
    assert all(line in rest for line in lines), "every line that was there is there, in its order"
    assert run(["fill", str(sheet), "--check"]) == 0


def test_facts_of_another_source_are_compared_by_their_digits() -> None:
    text = TEXT + "  power: {value: 3.1 W, source: measured}\n  area: 780 mm²\n"
    facts = [
        Found(("parameters", "power"), "3.13 W", "card.md:3", "declared"),
        Found(("parameters", "area"), "801 mm²", "card.md:4", "declared"),
        Found(("parameters", "reuse_factor"), "many", "card.md:5"),
        Found(("overview", "licence"), "MIT", "card.md:6"),
    ]
    filled = fill(text, "sheet.yaml", facts)
    assert [(one.path[-1], one.agrees, one.source) for one in filled.kept] == [
        ("power", True, "measured"),
        ("area", False, ""),
    ]
    assert [one.path for one in filled.added] == [("overview", "licence")]
    assert [found.path[-1] for found, _ in filled.refused] == ["reuse_factor"]
    assert filled.text == text.replace("model: mlp}", "model: mlp, licence: MIT}")


def test_a_path_that_nothing_was_found_for_is_not_replaced() -> None:
    with pytest.raises(UsageError, match="nothing was found"):
        check_replacements(["parameters.power"], [])


def test_what_a_source_states_comes_first_and_what_follows_from_it_after(tmp_path: Path) -> None:
    """BERT-base's own configuration, and the numbers that follow from it: 109,482,240 parameters are those of the
    checkpoint `bert-base-uncased` without its heads (Devlin et al. 2019 round to 110 M)."""
    config = tmp_path / "config.json"
    config.write_text(
        '{"model_type": "bert", "architectures": ["BertModel"], "vocab_size": 30522, "hidden_size": 768,'
        ' "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072,'
        ' "max_position_embeddings": 512, "type_vocab_size": 2}'
    )
    sheet = sheet_in(tmp_path, "# mine\nfactsheet: 1\noverview: {name: A, model: B}\n")
    assert run(["fill", str(sheet), "--from", str(config), "--yes"]) == 0
    filled = load(sheet)
    assert filled.model_architecture is not None
    assert filled.parameters is not None
    assert filled.parameters.parameters is not None
    assert filled.parameters.parameters.quantity is not None
    assert filled.parameters.parameters.quantity.value == 109_482_240
    assert sheet.read_text().startswith("# mine\nfactsheet: 1\noverview: {name: A, model: B}\n")
    assert run(["fill", str(sheet), "--from", str(config), "--check"]) == 0


def test_rows_of_a_source_are_added_whole_unless_the_sheet_has_them() -> None:
    glue = "{name: GLUE, systems: [{id: a, name: A}], tasks: [{task: RTE, scores: {a: 64 %}}]}"
    text = f"{TEXT}performance:\n  results:\n    - {glue}\n"
    row = {"systems": [{"id": "b", "name": "B"}], "tasks": [{"task": "RTE", "scores": {"b": "60 %"}}]}
    facts = [
        Found(("performance", "results", NEW_ROW), {"name": name, **row}, "card.md:3")
        for name in ("GLUE", "SuperGLUE")
    ]
    filled = fill(text, "sheet.yaml", facts)
    assert [one.found.value["name"] for one in filled.kept if isinstance(one.found.value, dict)] == ["GLUE"]
    assert [one.value["name"] for one in filled.added if isinstance(one.value, dict)] == ["SuperGLUE"]
    assert filled.text.startswith(text)


def test_a_figure_that_is_replaced_keeps_the_point_that_it_holds_at() -> None:
    text = (
        "factsheet: 1\noverview: {name: A, model: B}\nparameters:\n"
        "  power: {value: 3 W, at: {seq_len: 32, batch: 4}, source: declared}\n"
    )
    found = Found(("parameters", "power"), "4 W", "here", "derived", "Computed.")
    after = load_bytes(
        fill(text, "s.yaml", [found], replace=["parameters.power"]).text.encode(), "s"
    ).document
    assert after is not None
    assert isinstance(after.data, dict)
    power = after.data["parameters"]["power"]
    assert power == {
        "value": "4 W",
        "at": {"seq_len": 32, "batch": 4},
        "source": "derived",
        "note": "Computed.",
    }


def test_facts_that_a_record_needs_together_are_put_together() -> None:
    text = "factsheet: 1\noverview: {name: A, model: B}\nparameters:\n  power: 3 W\n"
    sides = [
        Found(("parameters", "tile", key), 256, "here", "derived")
        for key in ("devices_per_weight", "cols", "rows")
    ]
    filled = fill(text, "s.yaml", sides)
    assert (len(filled.added), filled.refused) == (3, ())
    one = fill(text, "s.yaml", sides[:1])
    assert one.text == text
    assert "has no `rows`" in one.refused[0][1]


def test_stale_figures_are_brought_up_to_date_in_one_call(tmp_path: Path) -> None:
    text = TEXT.replace("rows: 64, cols: 64", "rows: 512, cols: 512")
    sheet = sheet_in(tmp_path, text)
    assert run(["fill", str(sheet), "--yes", "--hardware", "ibm-2022", "--batch", "1"]) == 0
    assert run(["set", str(sheet), "model_architecture.mlp.sizes=[64, 900, 10]"]) == 0
    assert run(["fill", str(sheet), "--yes"]) == 0
    assert run(["fill", str(sheet), "--check"]) == 0
    assert not [one for one in load(sheet).check() if one.rule_id in {"FS309", "FS310"}]
    parameters = 64 * 900 + 900 + 900 * 10 + 10
    assert f'summary: {{value: "{parameters:,} parameters, ' in sheet.read_text()
    assert "batch / (execution time" not in sheet.read_text(), (
        "what the chip model estimated, it estimates anew"
    )
