"""The digits example: what its sheet says is what its commands find, and training with noise helps."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.training.hwa_section import recipe_of
from factsheet.crossbar.functional.training.injection import recipe_for
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

ROOT = Path(__file__).parents[2]
SHEET = ROOT / "sheets" / "digits.yaml"


def test_the_sheet_s_recipe_is_the_one_that_is_trained_with() -> None:
    sheet, hardware = (
        load_bytes(file.read_bytes(), file.name).document
        for file in (SHEET, ROOT / "examples" / "digits" / "hardware.yaml")
    )
    assert sheet is not None
    assert hardware is not None
    assert isinstance(hardware.data, dict)
    arrays = AnalogHardware.from_dict(hardware.data)
    model, _ = read_factsheet(sheet.data)
    assert model is not None
    assert model.hwa_training is not None
    stated, used = recipe_of(model.hwa_training), recipe_for(arrays)
    for name, strength in used.strengths().items():
        own = stated.strengths()[name]
        assert (own.value, own.relative_to) == (strength.value, strength.relative_to)
    assert stated.output_bound is not None
    assert (stated.output_bound.value, stated.output_bound.relative_to) == (arrays.adc.bound, "w_max")
    assert (stated.dac_bits, stated.adc_bits) == (arrays.dac.bits, arrays.adc.bits)
    assert [question.field for question in stated.questions()] == ["drift.at_s"]
    assert not stated.open_settings()


def test_the_sheet_s_scores_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.syspath_prepend(str(ROOT))
    for name in [name for name in sys.modules if name.partition(".")[0] == "examples"]:
        monkeypatch.delitem(sys.modules, name)
    from examples.digits.make import study

    document = load_bytes(SHEET.read_bytes(), "digits.yaml").document
    assert document is not None
    sheet, misfits = read_factsheet(document.data)
    assert not misfits
    assert sheet is not None
    assert sheet.performance is not None
    assert sheet.performance.results is not None
    assert sheet.robustness is not None
    assert sheet.robustness.over_time is not None
    floating, table = sheet.performance.results

    found = {name: study(name, 0, repeats=6) for name in ("floating-point", "hardware-aware")}
    for name, one in found.items():
        stated = floating.tasks[0].scores[name].quantity
        assert stated is not None
        # Sums in another order on another machine can turn the training; 450 images are 0.22 % each.
        assert one.digital == pytest.approx(stated.value, abs=0.011)
        for row, point in zip(table.tasks, one.series.points, strict=True):
            mean = row.scores[name].quantity
            assert mean is not None
            assert point.spread is not None
            # Six chips of the sheet's twenty: three standard errors of their mean, and the same turn of training.
            assert point.mean == pytest.approx(mean.value, abs=3 * point.spread / 6**0.5 + 0.011)
    for point, later in zip(found["hardware-aware"].series.points, sheet.robustness.over_time, strict=True):
        assert later.after.quantity is not None
        assert later.after.quantity.value == point.seconds
    gains = [
        aware.mean - plain.mean
        for aware, plain in zip(
            found["hardware-aware"].series.points, found["floating-point"].series.points, strict=True
        )
    ]
    assert min(gains) > 0.015
