"""Recipes of sheets as configurations of IBM's analog toolkits, built by aihwkit-lightning itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

import factsheet
from factsheet.cli import run as cli
from factsheet.crossbar.functional.rpu_objects import object_of
from factsheet.errors import AnalogError, UsageError
from factsheet.exchange.formats import export_sheet
from factsheet.exchange.request import ExportRequest

if TYPE_CHECKING:
    from factsheet.exchange.exported import Exported

HEAD = "factsheet: 1\noverview: {name: A sheet, model: tiny}\n"
RECIPE = f"""{HEAD}\
hwa_training:
  summary: Trained with noise.
  noise_applied_in: forward pass
  weight_noise: {{value: 3.5 %, relative_to: w_max, per: channel}}
  read_noise: {{value: 1 %, relative_to: w_max}}
  adc_noise: {{value: 0.04, relative_to: w_max}}
  input_bound: {{value: 3, relative_to: input_std}}
  output_bound: {{value: 12, relative_to: w_max}}
  input_range: {{learnt: true, batches: 500, decay: 0.01}}
  weight_clip: {{value: {{value: 2.5, relative_to: weight_std, per: channel}}}}
  dac_bits: 7
  adc_bits: 9
  weight_bits: 8
  drop_connect: 1 %
  epochs: 3
"""


def exported(text: str, **options: str) -> Exported:
    request = ExportRequest(
        sheet=factsheet.loads(text), name="s.yaml", moment=datetime(2026, 11, 30, tzinfo=UTC), options=options
    )
    return export_sheet(request, "rpu-config")


def values_of(made: Exported) -> dict[str, Any]:
    (file,) = made.files
    assert file.name == "s.rpu.json"
    found: dict[str, Any] = json.loads(file.content)
    return found


def without(made: Exported) -> dict[str, str]:
    return {".".join(map(str, one.path)): one.reason for one in made.unsaid}


def test_lightning_builds_a_layer_that_is_trained_as_the_sheet_says() -> None:
    pytest.importorskip(
        "aihwkit_lightning", reason="aihwkit-lightning, of the dependency group `tests`, is not installed"
    )
    config: Any = object_of(values_of(exported(RECIPE)), "aihwkit-lightning")
    assert config.modifier.std_dev == pytest.approx(0.035)
    assert config.modifier.noise_type.name == "ADD_NORMAL_PER_CHANNEL"
    assert (config.clip.sigma, config.clip.type.name) == (2.5, "LAYER_GAUSSIAN_PER_CHANNEL")
    assert (config.forward.out_noise, config.forward.out_bound) == (0.04, 12.0)
    # Steps from end to end: 2 to the number of bits, less 2 (aihwkit-lightning, `inp_res`).
    assert (config.forward.inp_res, config.forward.out_res) == (126.0, 510.0)
    learning = config.pre_post.input_range
    assert (learning.init_std_alpha, learning.init_from_data, learning.decay) == (3.0, 500, 0.01)
    theirs: Any = import_module("aihwkit_lightning.nn")
    layer = theirs.AnalogLinear.from_digital(nn.Linear(8, 4), config).train()
    assert layer(torch.ones(2, 8)).shape == (2, 4)


def test_what_a_toolkit_does_not_train_with_is_listed_with_its_reason() -> None:
    left = without(exported(RECIPE))
    assert left["hwa_training.drop_connect"] == "aihwkit-lightning leaves no weights out"
    assert left["hwa_training.read_noise.value"] == "the toolkit's modifier has one kind of noise"
    assert "hwa_training.epochs" in left
    assert "overview.name" in left
    kept = (
        "weight_noise.value",
        "weight_noise.relative_to",
        "dac_bits",
        "adc_bits",
        "weight_bits",
        "input_range.decay",
    )
    assert not [path for path in kept if f"hwa_training.{path}" in left]
    # aihwkit has drop-connect, but rounds weights or adds noise to them.
    left = without(exported(RECIPE, toolkit="aihwkit"))
    assert "hwa_training.drop_connect" not in left
    assert left["hwa_training.weight_bits"] == "aihwkit's modifier rounds weights or adds noise to them"


def test_an_answer_counts_as_carried_only_where_the_configuration_depends_on_it() -> None:
    made = exported(RECIPE)
    changed = exported(RECIPE.replace("dac_bits: 7", "dac_bits: 6"))
    assert values_of(made)["forward"]["inp_res"] != values_of(changed)["forward"]["inp_res"]
    assert "hwa_training.dac_bits" not in without(made)


def test_less_exact_is_said_to_be_so() -> None:
    made = exported(RECIPE)
    lost = {".".join(map(str, one.path)): one.reason for one in made.approximated}
    # `out_noise` in aihwkit-lightning's README: of the whole output, and in training alone.
    assert "by the root of the number of tiles below each other" in lost["hwa_training.adc_noise.value"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "has no `hwa_training`"),
        (f"{HEAD}hwa_training: {{weight_noise: 3 %}}\n", r"leaves open weight_noise\.relative_to"),
    ],
)
def test_a_sheet_without_a_whole_recipe_is_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        exported(text)


def test_hardware_is_a_name_or_a_file_and_no_code() -> None:
    assert values_of(exported(RECIPE, toolkit="aihwkit", hardware="pcm"))["noise_model"] is not None
    with pytest.raises(UsageError, match="exports run no code"):
        exported(RECIPE, hardware="os:getcwd")
    with pytest.raises(AnalogError, match="no hardware that is known"):
        exported(RECIPE, hardware="nothing")


def test_the_command_and_the_export_write_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(RECIPE, encoding="utf-8")
    for toolkit in ("aihwkit", "aihwkit-lightning"):
        assert (
            cli.run(["rpu-config", "pcm", "--training", "s.yaml", "--toolkit", toolkit, "-o", "a.json"]) == 0
        )
        to = [
            "export",
            "s.yaml",
            "--to",
            "rpu-config",
            "--option",
            "hardware=pcm",
            "--option",
            f"toolkit={toolkit}",
        ]
        assert cli.run([*to, "-o", "b.json"]) == 0
        assert Path("a.json").read_bytes() == Path("b.json").read_bytes()
