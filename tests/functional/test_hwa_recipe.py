"""The published BERT recipe, read from its sheet and written back. Its figures: appendix "BERT FactSheet" of
Dominique et al., FactSheets for Hardware-Aware AI Models (2022).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.crossbar.functional.training.hwa_section import recipe_of, section_of
from factsheet.crossbar.functional.training.recipe import MEANINGS, HwaRecipe, Strength, TrainedDrift
from factsheet.errors import StudyError
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.facts.fact import RelativeTo

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"
ANSWERS: dict[Any, RelativeTo] = {
    "weight_noise": "device_model",
    "read_noise": "w_max",
    "adc_noise": "w_max",
    "input_bound": "input_std",
    "output_bound": "w_max",
}


def published() -> tuple[HwaRecipe, dict[str, Any]]:
    document = load_bytes(BERT.read_bytes(), "bert.yaml").document
    assert document is not None
    assert isinstance(document.data, dict)
    return read(document.data["hwa_training"]), document.data["hwa_training"]


def read(section: dict[str, Any]) -> HwaRecipe:
    overview = {"name": "BERT", "model": "BERT"}
    sheet, misfits = read_factsheet({"factsheet": 1, "overview": overview, "hwa_training": section})
    assert not misfits, misfits
    assert sheet is not None
    assert sheet.hwa_training is not None
    return recipe_of(sheet.hwa_training)


def test_the_page_s_example_turns_the_sheet_into_a_noisy_model(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.training.injection import inject

    root = BERT.parents[1]
    monkeypatch.chdir(root)
    blocks = (root / "docs" / "simulate.md").read_text(encoding="utf-8").split("```python\n")
    (code,) = (block.partition("```")[0] for block in blocks if "sheets/bert.yaml" in block)
    names: dict[str, Any] = {
        "inject": inject,
        "model": torch.nn.Linear(8, 3),
        "hardware": AnalogHardware(),
    }
    exec(code, names)  # noqa: S102 - what the page tells its readers to run
    assert names["noisy"](torch.ones(2, 8)).shape == (2, 3)
    assert names["section"]["weight_noise"] == {"value": "1.0", "relative_to": "device_model"}


def test_the_published_recipe_is_read_with_nothing_added() -> None:
    recipe, _ = published()
    found = {name: (one.value, one.relative_to) for name, one in recipe.strengths().items()}
    assert found == {
        "weight_noise": (1.0, "not stated"),
        "read_noise": (0.0175, "not stated"),
        "adc_noise": (0.04, "not stated"),
        "input_bound": (3.0, "not stated"),
        "output_bound": (10.0, "not stated"),
    }
    assert recipe.drift is not None
    assert recipe.drift.device == "phase-change memory (PCM)"
    assert not recipe.noise_in_backward
    assert recipe.learning_rate == (5e-5, 1.5e-4)
    assert (recipe.epochs, recipe.batch_size, recipe.dac_bits, recipe.adc_bits) == (None, None, None, None)


def test_a_section_goes_through_a_recipe_unchanged() -> None:
    recipe, section = published()
    assert section_of(recipe, section) == section


def test_a_recipe_goes_through_a_section_unchanged() -> None:
    recipe, _ = published()
    assert read(section_of(recipe)) == recipe
    whole = HwaRecipe(
        weight_noise=Strength(0.95e-6, siemens=True, text="0.95 µS"),
        read_noise=Strength(0.02, "w_max", text="2 %"),
        dac_bits=8,
        adc_bits=6,
        drift=TrainedDrift("PCM", exponent="0.06"),
        noise_in_backward=True,
        learning_rate=(0.001, 0.001),
        epochs=20,
        batch_size=32,
        optimiser="Adam",
        seeds=5,
    )
    again = read(section_of(whole))
    assert again.weight_noise is not None
    assert again.weight_noise.value == pytest.approx(0.95e-6)
    assert section_of(again) == section_of(whole)


def test_what_is_relative_to_is_asked_for_and_not_guessed() -> None:
    recipe, _ = published()
    assert {question.field for question in recipe.questions()} == {
        *(f"{name}.relative_to" for name in ANSWERS),
        "drift.at_s",
    }
    with pytest.raises(StudyError, match=r"weight_noise\.relative_to"):
        recipe.settled()
    with pytest.raises(StudyError, match=r"drift\.at_s"):
        recipe.answered(ANSWERS).settled()
    assert recipe.answered(ANSWERS, drift_at_s=(3600.0,)).settled().questions() == ()
    assert {question.field for question in recipe.open_settings()} == {
        "learning_rate",
        "epochs",
        "batch_size",
        "optimiser",
    }


def test_answers_go_into_the_sheet_and_its_notes_stay() -> None:
    recipe, section = published()
    written = section_of(recipe.answered(ANSWERS), section)
    changed = {key for key in {**written, **section} if written.get(key) != section.get(key)}
    assert changed == set(ANSWERS)
    noise = written["weight_noise"]
    assert isinstance(noise, dict)
    assert noise["relative_to"] == "device_model"
    assert noise["value"] == section["weight_noise"]["value"]
    assert noise["note"] == section["weight_noise"]["note"]
    assert read(written).weight_noise == Strength(1.0, "device_model", text="1.0")


@pytest.mark.parametrize("name", MEANINGS)
def test_an_answer_that_makes_no_sense_is_refused(name: Any) -> None:
    meaning: RelativeTo = "weight_std" if "put" in name or name == "adc_noise" else "input_std"
    bare: dict[str, Any] = {name: Strength(1.0)}
    recipe = HwaRecipe(**bare)
    with pytest.raises(StudyError, match="cannot be relative to"):
        recipe.answered({name: meaning})
    with pytest.raises(StudyError, match="has no"):
        HwaRecipe().answered({name: MEANINGS[name][0]})
    stated: dict[str, Any] = {name: Strength(1.0, MEANINGS[name][0])}
    with pytest.raises(StudyError, match="already"):
        HwaRecipe(**stated).answered({name: MEANINGS[name][1]})


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_a_noise_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(StudyError, match="read_noise"):
        HwaRecipe(read_noise=Strength(value, "w_max")).settled()


def test_a_bound_of_zero_is_refused() -> None:
    with pytest.raises(StudyError, match="input_bound"):
        HwaRecipe(input_bound=Strength(0.0, "absolute")).settled()
    HwaRecipe(read_noise=Strength(0.0, "absolute")).settled()
