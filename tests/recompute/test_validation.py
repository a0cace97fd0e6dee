"""The model of each chip against what is published of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.crossbar.cost.estimate import estimate
from factsheet.hardware.chip import constants_of, profile_from
from factsheet.hardware.profile import profile_names, profile_of
from factsheet.networks.reference_networks import bert_base, resnet32
from factsheet.recompute.published import digital_apart, hold

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


def test_constants_beside_the_products_of_hermes_follow_from_the_step_of_an_lstm() -> None:
    # Le Gallo et al. 2023, table I: 32 cores, 504 x 2016 twice; 3.46 and 5.24 µJ, 1430 ns; a core does 10.5 TOPS/W.
    chip = constants_of(profile_of("hermes-64"))
    weights = 2 * 504 * 2016
    product = weights * 2 / 10.5e12  # J in one phase
    longer = 3 * 2 * 256 * 256 / 1.008e12  # s, three phases of a core of 1.008 TOPS
    standby = (5.24e-6 - 3.46e-6 - 3 * product) / (32 * longer)
    assert chip.tile_power is not None
    assert chip.tile_power.value == pytest.approx(standby, rel=0.005)
    took = longer / 3 + (1430e-9 - 520e-9)
    values = 2 * (504 * 8 + 2016 * 2)
    assert chip.port_energy is not None
    assert chip.port_energy.value == pytest.approx(
        (3.46e-6 - product - 32 * standby * took) / values, rel=0.005
    )
    assert (chip.uncharged, chip.untimed) == ((), ())


_NOTHING_TAKEN = {
    "bert-base",
    "princeton-cnn",
    "hermes-resnet9-layer",
    *(f"ambrogio-chip-{chip}" for chip in (1, 3, 4, 5)),
    "ambrogio-rnnt-frame",
}
"""What was measured or simulated of a whole network, layer or chip, and no constant was fitted on."""


def test_the_energy_of_a_network_is_the_sum_of_measured_parts() -> None:
    # Jia et al. 2020, figure 11, 0.7/0.85 V, pJ: 9.7 a column of 2,304 cells, 1.79 for its conversion, 8.3 in
    # the datapath for each converted column; 12 for 32 bits of inputs reshaped, 7.0 for 32 bits moved. Weights
    # and inputs of 4 bits.
    shapes = [  # positions, rows and columns of the nine layers for images of 32 x 32
        *(
            (1024, 27, 128),
            (1024, 1152, 128),
            (256, 1152, 256),
            (256, 2304, 256),
            (64, 2304, 256),
            (64, 2304, 256),
        ),
        *((1, 4096, 1024), (1, 1024, 1024), (1, 1024, 10)),
    ]
    cells = sum(vectors * rows * cols for vectors, rows, cols in shapes) * 16 / 2304 * 9.7
    into = sum(vectors * rows * -(-cols // 64) for vectors, rows, cols in shapes) * 4 / 32 * (12 + 7.0)
    out = sum(vectors * cols * -(-rows // 2304) for vectors, rows, cols in shapes) * (
        16 * (1.79 + 8.3) + 4 / 32 * 7.0
    )
    found = next(one for one in hold(profile_of("princeton-65nm")) if one.what == "energy")
    assert found.model == pytest.approx((cells + into + out) * 1e-12, rel=1e-4)
    assert (found.bound, found.fitted) == ("at least", False)


def test_layers_are_copied_onto_the_tiles_that_a_result_is_of() -> None:
    # Bruschi et al. 2023: 322 arrays and 130 ns. The stem's 16,384 positions alone take 2.1 ms without copies.
    (rate,) = (one for one in hold(profile_of("bruschi-512")) if one.what == "throughput")
    assert rate.model is not None
    assert rate.model > 10 / (16_384 * 130e-9)
    assert rate.bound == "at most"


def test_what_is_beside_the_tiles_of_a_chip_follows_from_one_of_five() -> None:
    # Ambrogio et al. 2023, figure 6a: 1.20 W for chip 2, whose 8,388,608 weights are on 32 tiles, a frame every 2.1 µs.
    chip = constants_of(profile_of("ambrogio-34"))
    assert chip.cell_energy is not None
    assert chip.chip_power is not None
    tiles = 8_388_608 / (512 * 512)
    assert chip.chip_power.value == pytest.approx(
        1.20 - tiles * chip.cell_energy.value * 512 * 512 / 2.1e-6, rel=0.01
    )


def test_a_time_that_nothing_of_a_profile_covers_is_said_to_be_a_bound() -> None:
    found = next(
        one for one in hold(profile_of("ambrogio-34")) if (one.what, one.of) == ("time", "ambrogio-chip-1")
    )
    assert found.error is not None
    assert found.error < 0
    assert found.note.startswith("at least this: time is a lower bound")


def test_energy_drawn_over_a_time_that_is_a_bound_is_one_too() -> None:
    # 0.403 W over a longer run are more joules, and fewer watts on average: nothing of the power grows with time.
    chip = constants_of(profile_of("ambrogio-34"))
    assert (chip.uncharged, chip.untimed) == ((), ("digital",))
    bounds = {name: total.bound for name, total in estimate(resnet32(), chip).totals.items()}
    assert bounds["energy"] == "at least"
    assert bounds["efficiency"] == "at most"
    assert bounds["power"] == "at most"
    assert bounds["latency"] == "at least"


def test_what_nothing_was_taken_from_is_within_thirty_percent() -> None:
    checked = [
        found
        for name in profile_names()
        for found in hold(profile_of(name))
        if found.of.partition(",")[0] in _NOTHING_TAKEN
        and not found.fitted
        and "time is a lower bound" not in found.note
    ]
    assert len(checked) == 19
    assert all(found.error is not None and abs(found.error) < 0.3 for found in checked)


def test_a_profile_without_a_part_gives_bounds(tmp_path: Path) -> None:
    text = PROFILE.partition("validation:")[0]
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    chip = constants_of(profile_from(str(tmp_path / "own.yaml")))
    assert chip.uncharged == ("movement", "digital", "standby")
    assert chip.untimed == ("movement", "digital")
    found = estimate(resnet32(), chip).totals
    bounds = {name: total.bound for name, total in found.items()}
    assert bounds == {
        "latency": "at least",
        "interval": "at least",
        "energy": "at least",
        "power": "of the parts known",
        "throughput": "at most",
        "efficiency": "at most",
        "tops_per_watt": "at most",
        "area_tiles": None,
        "area": None,
        "area_chips": None,
    }


@pytest.mark.parametrize(
    ("covers", "uncharged", "untimed"),
    [
        ("{energy: [movement, digital, standby], time: [movement, digital]", (), ()),
        ("{energy: [digital]", ("movement", "standby"), ("movement", "digital")),
    ],
)
def test_a_profile_says_what_its_figures_cover(
    tmp_path: Path, covers: str, uncharged: tuple[str, ...], untimed: tuple[str, ...]
) -> None:
    text = PROFILE.replace("validation:", f"covers: {covers}, source: a test}}\nvalidation:").partition(
        "validation:"
    )[0]
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    chip = constants_of(profile_from(str(tmp_path / "own.yaml")))
    assert (chip.uncharged, chip.untimed) == (uncharged, untimed)
