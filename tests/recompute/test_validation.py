"""The model of each chip against what is published of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.hardware.chip import profile_from
from factsheet.hardware.profile import profile_names, profile_of
from factsheet.recompute.published import bert_base, digital_apart, hold, resnet32

if TYPE_CHECKING:
    from factsheet.recompute.published import Held

PROFILE = """\
profile: 1
name: own
title: A chip of the tests
rows: {value: 100, unit: weights, standing: published, source: a test}
cols: {value: 100, unit: weights, standing: published, source: a test}
devices_per_weight: {value: 2, unit: devices, standing: published, source: a test}
times:
  mvm: {value: 100, unit: ns, standing: published, source: a test}
tile:
  mvm_energy: {value: 2, unit: nJ, standing: published, source: a test}
  area: {value: 0.5, unit: mm², standing: published, source: a test}
tiles_per_chip: {value: 10, unit: tiles, standing: published, source: a test}
validation:
  - {what: WHAT, of: OF, value: VALUE, unit: UNIT, standing: published, source: a test}
"""


def held(folder: Path, what: str, of: str, value: str, unit: str) -> Held:
    text = PROFILE.replace("WHAT", what).replace("OF", of).replace("VALUE", value).replace("UNIT", unit)
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    (found,) = hold(profile_from(str(folder / "own.yaml")))
    return found


# A full tile does 2 · 100 · 100 operations in 100 ns with 2 nJ: 0.2 TOPS at 20 mW, 10 TOPS/W; ten of them are a chip.
@pytest.mark.parametrize(
    ("what", "of", "value", "unit"),
    [
        ("mvm_time", "tile", "100", "ns"),
        ("mvm_energy", "tile", "2", "nJ"),
        ("rate", "tile", "0.2", "TOPS"),
        ("rate", "chip", "2", "TOPS"),
        ("power", "chip", "0.2", "W"),
        ("efficiency", "chip", "10", "TOPS/W"),
        ("area", "chip", "5", "mm²"),
        ("density", "chip", "0.4", "TOPS/mm²"),
    ],
)
def test_peaks_follow_from_a_tile(tmp_path: Path, what: str, of: str, value: str, unit: str) -> None:
    assert held(tmp_path, what, of, value, unit).error == pytest.approx(0, abs=1e-12)


def test_an_error_is_relative_to_what_is_published(tmp_path: Path) -> None:
    assert held(tmp_path, "rate", "chip", "1.6", "TOPS").error == pytest.approx(0.25)


def test_what_the_model_has_no_figure_for_is_said(tmp_path: Path) -> None:
    found = held(tmp_path, "throughput", "chip", "5", "inferences/s")
    assert (found.model, found.error) == (None, None)
    assert found.note == "the model has no `throughput` of a chip"


def test_every_profile_is_held_against_something() -> None:
    for name in profile_names():
        assert any(not found.fitted for found in hold(profile_of(name))), name


def test_what_bert_was_not_fitted_on_is_predicted() -> None:
    """From tile figures and what was fitted on ResNet32: the published FactSheet's time, power and efficiency."""
    free = {(f.what, f.of.partition(",")[0]): f for f in hold(profile_of("ibm-2022")) if not f.fitted}
    assert abs(free["time", "bert-base"].error or 1) < 0.03
    assert abs(free["power", "bert-base"].error or 1) < 0.02
    assert abs(free["inference_efficiency", "bert-base"].error or 1) < 0.02
    assert free["tiles", "resnet32"].error == 0  # AnalogNAS, table IV: 43 tiles


def test_charging_digital_operations_apart_costs_a_few_per_cent() -> None:
    (apart,) = digital_apart(profile_of("ibm-2022"))
    low, high = sorted(apart.values)
    assert apart.held.model is not None
    assert 0.9 * apart.held.model < low < high < apart.held.model


def test_reference_networks_are_those_of_their_papers() -> None:
    # Devlin et al. 2019, table 1 and appendix A.2: 12 blocks of width 768 with 3072 between.
    assert bert_base(32).analog_weights == 12 * (4 * 768**2 + 2 * 768 * 3072)
    # He et al. 2016, table 6: ResNet-32 has 0.46 M parameters; projections at two stage changes add 2,560 weights.
    assert 0.455e6 < resnet32().parameters < 0.475e6


def test_the_page_is_that_of_today(capsys: pytest.CaptureFixture[str]) -> None:
    from factsheet.cli.hardware.hardware_compare import compare

    assert compare((), "markdown", None) == 0
    page = Path(__file__).parents[2] / "docs" / "validation.md"
    assert capsys.readouterr().out == page.read_text(encoding="utf-8")


def of_network(folder: Path, what: str, value: str, unit: str, network: str) -> Held:
    text = PROFILE.replace("WHAT", what).replace(
        "of: OF", f"of: network, at: {{network: {network}, batch: 2}}"
    )
    (folder / "own.yaml").write_text(text.replace("VALUE", value).replace("UNIT", unit), encoding="utf-8")
    (found,) = hold(profile_from(str(folder / "own.yaml")))
    return found


def test_a_network_takes_what_its_estimate_says(tmp_path: Path) -> None:
    # 2 nJ / (100 · 100) a weight and vector: the power of a run is its energy over its time, whatever the batch.
    time = of_network(tmp_path, "time", "1", "ms", "resnet32").model
    throughput = of_network(tmp_path, "throughput", "1", "inferences/s", "resnet32").model
    assert time is not None
    assert throughput == pytest.approx(2 / time)


def test_a_network_that_is_not_known_here_is_said(tmp_path: Path) -> None:
    found = of_network(tmp_path, "time", "1", "ms", "t500")
    assert (found.model, found.error) == (None, None)
    assert found.note == "the layers of t500 are not known here"
    assert found.of == "t500, batch 2"


def test_a_figure_that_no_network_has_is_said(tmp_path: Path) -> None:
    assert of_network(tmp_path, "density", "1", "TOPS/mm²", "resnet32").note == "no figure of a network"


def test_a_chip_of_an_unknown_number_of_tiles_has_no_peak(tmp_path: Path) -> None:
    lines = [line for line in PROFILE.splitlines() if not line.startswith("tiles_per_chip")]
    text = "\n".join(lines).replace("WHAT", "rate").replace("OF", "chip").replace("VALUE", "1")
    (tmp_path / "own.yaml").write_text(text.replace("UNIT", "TOPS"), encoding="utf-8")
    (found,) = hold(profile_from(str(tmp_path / "own.yaml")))
    assert (found.model, found.note) == (None, "the profile does not say how many tiles a chip has")
