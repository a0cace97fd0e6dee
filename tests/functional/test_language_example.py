"""The language example: parts that share nothing, the published recipe, the sheet's network, and a short training."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import factsheet
from factsheet.crossbar.functional.training.hwa_section import recipe_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).parents[2]
SHEET = ROOT / "sheets" / "language.yaml"
FEWEST_LANGUAGES = 15
"""Confusable ones, which the example is to have at least."""


@pytest.fixture(scope="module")
def language() -> Iterator[ModuleType]:
    for package in ("django", "polib", "tokenizers", "transformers"):
        pytest.importorskip(package)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        for name in [name for name in sys.modules if name.partition(".")[0] == "examples"]:
            patch.delitem(sys.modules, name)
        from examples.language import networks

        yield networks


def stated() -> factsheet.FactSheet:
    return factsheet.load(SHEET)


def test_a_part_holds_sentences_of_its_own_messages_alone(language: ModuleType) -> None:
    from examples.language import data

    parts = data.parts()
    sentences = [set(part.sentences) for part in parts]
    for first, second in ((0, 1), (0, 2), (1, 2)):
        assert not sentences[first] & sentences[second]
    said: dict[str, set[str]] = {"train": set(), "validation": set(), "test": set()}
    for (message, _), sentence in data.translations().items():
        said[data.part_of(message)].add(sentence)
    # What a part holds is said by its own messages, each of which is of this part in every language.
    for name, own in zip(said, sentences, strict=True):
        assert own <= said[name]
    assert len(data.LANGUAGES) >= FEWEST_LANGUAGES
    for part in parts:
        assert set(part.labels) == set(range(len(data.LANGUAGES)))


def test_the_sizes_of_the_parts_are_those_of_the_sheet(language: ModuleType) -> None:
    train, _, test = language.parts()
    sheet = stated()
    for section, part in ((sheet.training_data, train), (sheet.test_data, test)):
        assert section is not None
        assert section.size is not None
        assert section.size.quantity is not None
        # A later release of Django 5.2 may correct some of its translations.
        assert len(part.labels) == pytest.approx(section.size.quantity.value, rel=0.02)


def test_it_is_trained_by_the_published_recipe(language: ModuleType) -> None:
    published, own = factsheet.load(ROOT / "sheets" / "bert.yaml").hwa_training, stated().hwa_training
    assert published is not None
    assert own is not None
    used = language.recipe()
    assert not used.questions()
    for name, strength in recipe_of(published).strengths().items():
        assert used.strengths()[name].value == strength.value
        shown = recipe_of(own).strengths()[name]
        assert (shown.value, shown.relative_to) == (strength.value, used.strengths()[name].relative_to)
    arrays = language.hardware()
    assert (recipe_of(own).dac_bits, recipe_of(own).adc_bits) == (arrays.dac.bits, arrays.adc.bits)
    assert arrays.adc.bound == recipe_of(published).strengths()["output_bound"].value
    assert arrays.output_noise == recipe_of(published).strengths()["adc_noise"].value


def test_a_short_training_learns_and_runs_on_tiles_as_the_sheet_counts_them(language: ModuleType) -> None:
    from torch import nn

    network = language.trained(0, epochs=1)
    score = language.validation_accuracy()
    digital = score(network)
    assert digital > 0.15  # by chance it would be 1 in 28
    sheet = stated()
    counted: Any = sheet.parameters
    assert sum(one.numel() for one in network.parameters()) == counted.parameters.quantity.value
    blocks = [layer for layer in network.bert.encoder.modules() if isinstance(layer, nn.Linear)]
    assert sum(layer.weight.numel() for layer in blocks) == counted.analog_weights.quantity.value
    assert len(blocks) == counted.tiles.quantity.value
    study = factsheet.simulate(
        network, score, times=("1 h",), repeats=1, hardware=language.hardware(), digital=language.DIGITAL
    )
    assert study.series.points[0].mean == pytest.approx(digital, abs=0.03)


def test_the_sheet_says_that_there_is_something_to_lose() -> None:
    training = stated().hwa_training
    assert training is not None
    assert training.baseline_accuracy is not None
    assert training.baseline_accuracy.quantity is not None
    assert training.baseline_accuracy.quantity.value < 0.98
