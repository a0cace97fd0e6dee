"""Constants of the bundled profiles, against what their sources publish of tiles and whole chips."""

from __future__ import annotations

import pytest

from factsheet.hardware.chip import constants_of, description_of
from factsheet.hardware.constants import CONSTANT_DIMENSIONS, ChipConstants, Constant, weakest
from factsheet.hardware.description import figures_of
from factsheet.hardware.profile import profile_names, profile_of


def constants(name: str) -> ChipConstants:
    return constants_of(profile_of(name))


def known(constant: Constant | None) -> float:
    assert constant is not None
    return constant.value


def test_ibm_2022_is_that_of_its_sources() -> None:
    chip = constants("ibm-2022")
    assert (chip.rows, chip.cols, chip.devices_per_weight) == (512, 512, 2)
    assert known(chip.mvm_time) == pytest.approx(40e-9)  # IBM/3D-CiM-LLM-Inference-Simulator, mvm_latency=40
    assert known(chip.cell_energy) * 512 * 512 == pytest.approx(2 * 512 * 512 / 100e12)  # 100 TOPS/W
    assert known(chip.tile_area) == pytest.approx(2 * 512 * 512 / 40e-9 / 10.9e12 * 1e-6)  # 10.9 TOPS/mm²
    assert chip.tiles_per_chip is None
    assert (
        not chip.shares_tiles
    )  # 43 tiles for ResNet32 (AnalogNAS, table IV) leave every matrix alone on its tiles


def test_ibm_2022_names_what_was_fitted_and_charges_digital_work_once() -> None:
    chip = constants("ibm-2022")
    fitted = {
        name for name, _ in CONSTANT_DIMENSIONS if (it := getattr(chip, name)) and it.standing == "fitted"
    }
    assert fitted == {"slot", "port_energy", "tile_overhead_area"}
    # The energy of a port was fitted on a whole chip's, whose digital circuits are in it.
    assert chip.digital_energy is None
    digital = description_of(profile_of("ibm-2022")).digital
    assert digital is not None
    assert digital.energy_within == "ports"
    assert digital.efficiency is not None
    assert (digital.efficiency.quantity.low, digital.efficiency.quantity.high) == (5e12, 7e12)


def test_fitted_overhead_is_what_the_area_of_bert_leaves_over_its_tiles() -> None:
    # BERT FactSheet: 780.4 mm² for 480 tiles.
    chip = constants("ibm-2022")
    area = 480 * (known(chip.tile_area) + known(chip.tile_overhead_area))
    assert area == pytest.approx(780.4e-6, rel=1e-4)


def test_components_of_isaac_add_up_to_its_published_totals() -> None:
    # ISCA 2016, table I: 65.8 W and 85.4 mm² for a chip of 168 tiles of 12 units.
    chip = constants("isaac-ce")
    assert chip.tiles_per_chip == 168 * 12
    power = chip.tiles_per_chip * known(chip.tile_power) + known(chip.chip_power)
    area = chip.tiles_per_chip * (known(chip.tile_area) + known(chip.tile_overhead_area)) + known(
        chip.chip_area
    )
    assert power == pytest.approx(65.8, abs=0.05)
    assert area == pytest.approx(85.4e-6, abs=0.05e-6)


def test_twelve_units_of_isaac_are_those_of_the_table() -> None:
    # 0.157 mm² for 12 units, as Aayush-Ankit/puma-simulator, src/ima_metrics.py, takes it from the paper.
    assert 12 * known(constants("isaac-ce").tile_area) == pytest.approx(0.157e-6, abs=0.0005e-6)


def test_a_chip_of_isaac_is_the_same_counted_in_arrays() -> None:
    # 8 arrays in a unit: 16,128 of them draw what 2,016 units do.
    profile = profile_of("isaac-ce")
    units, arrays = constants_of(profile), constants_of(profile, profile.also[0])
    assert (arrays.rows, arrays.cols) == (128, 16)
    assert arrays.tiles_per_chip == 8 * 2016
    assert 8 * known(arrays.tile_power) == pytest.approx(known(units.tile_power))
    assert 8 * known(arrays.tile_area) == pytest.approx(known(units.tile_area))


def test_isaac_takes_sixteen_cycles_of_100_ns_for_inputs_of_sixteen_bits() -> None:
    assert known(constants("isaac-ce").mvm_time) == pytest.approx(16 * 100e-9)


def test_a_core_of_hermes_predicts_the_chip() -> None:
    # The abstract of doi:10.1038/s41928-023-01010-1: 63.1 TOPS at 9.76 TOPS/W in one phase; 1.55 TOPS/mm².
    chip = constants("hermes-64")
    assert chip.tiles_per_chip == 64
    ops = 2 * 256 * 256
    assert 64 * ops / known(chip.mvm_time) == pytest.approx(63.1e12, rel=0.03)
    assert ops / (known(chip.cell_energy) * 256 * 256) == pytest.approx(9.76e12, rel=0.08)
    assert ops / known(chip.mvm_time) / known(chip.tile_area) == pytest.approx(1.55e18, rel=0.03)
    # arXiv:2211.12877 takes 130 ns for a product on the same core.
    assert known(chip.mvm_time) == pytest.approx(130e-9, abs=0.5e-9)


def test_a_tile_of_ambrogio_in_both_its_geometries() -> None:
    profile = profile_of("ambrogio-34")
    usual, double = constants_of(profile), constants_of(profile, profile.also[0])
    # Caption of figure 1h: with two devices a weight, a tile maps a layer of 1,024 x 512, in two reads.
    assert (double.rows, double.cols, double.devices_per_weight) == (1024, 512, 2)
    assert known(double.mvm_time) == known(double.slot) == pytest.approx(600e-9)
    assert double.mvm_time is not None
    assert double.mvm_time.formula.startswith("2 reads × ")
    assert double.mvm_time.standing == "inferred"
    # The same devices: as many tiles.
    assert double.tiles_per_chip == usual.tiles_per_chip
    # Figures 4g and 6c: 17,301,504 weights on the 33 tiles of chip 4 take 20.0 TOPS/W, the tiles alone.
    product = 2 * 17_301_504 / 20.0e12 / 33
    assert known(double.cell_energy) * 1024 * 512 == pytest.approx(product, rel=1e-3)
    # Figure 6c: the tiles of all five chips take 12.2 TOPS/W for 45,261,568 weights, so the 109 tiles of the other four
    # take as much each, though they hold 139 k to 393 k weights instead of 524 k.
    others = (2 * 45_261_568 / 12.2e12 - 33 * product) / 109
    assert known(usual.cell_energy) * 512 * 512 == pytest.approx(others, rel=0.01)
    assert usual.charged_whole
    assert double.charged_whole
    assert known(usual.mvm_time) == pytest.approx(300e-9)  # caption of extended data figure 7
    assert usual.tiles_per_chip == 34
    assert known(usual.digital_energy) == pytest.approx(1 / 6e12)  # the middle of 5 to 7 TOPS/W


def test_the_times_of_neurram_come_near_its_throughput() -> None:
    # mit-emze/cimloop, wan_nature_2022/_tests.py, inputs of 4 and outputs of 6 bits: 0.7438677864 TOPS of 48 cores at
    # 15.95409517 TOPS/W.
    chip = constants("neurram")
    ops = 2 * 256 * 128
    assert 48 * ops / known(chip.mvm_time) == pytest.approx(0.7438677864e12, rel=0.07)
    assert 2 / known(chip.cell_energy) == pytest.approx(15.95409517e12, rel=0.01)


def test_a_unit_of_puma() -> None:
    chip = constants("puma")
    # (16 + 2) · 128 cycles of 1 ns: Aayush-Ankit/puma-simulator, wiki page PUMA Core.
    assert known(chip.mvm_time) == pytest.approx((16 + 2) * 128 * 1e-9)
    # arXiv:1901.10351, abstract: 837 GOPS/s/W for a chip at its peak. A unit alone, at its latency, comes within 12 %.
    assert 2 / known(chip.cell_energy) == pytest.approx(837e9, rel=0.12)


@pytest.mark.parametrize("name", profile_names())
def test_no_published_result_is_among_the_figures_that_predict_it(name: str) -> None:
    chip = description_of(profile_of(name))
    figures = {(figure.measured_in(), figure.si) for _, figure in figures_of(chip)}
    assert chip.validation
    for result in chip.validation:
        assert result.fitted or (result.measured_in(), result.si) not in figures


@pytest.mark.parametrize("name", profile_names())
def test_every_figure_can_be_looked_up(name: str) -> None:
    for path, figure in figures_of(description_of(profile_of(name))):
        assert len(figure.source) > 20, path
        assert any(mark in figure.source for mark in ("doi:", "arXiv:", "/", "FactSheet")), path


@pytest.mark.parametrize("name", profile_names())
def test_time_and_energy_of_every_bundled_chip_are_known(name: str) -> None:
    chip = constants(name)
    assert chip.mvm_time is not None
    assert chip.slot is not None
    # By use or by the watt, and not both: the same energy would count twice. What a profile calls standby is beside.
    tile = description_of(profile_of(name)).tile
    beside = tile is not None and tile.standby is not None
    assert (chip.cell_energy is None) != (chip.tile_power is None) or beside


def test_a_result_is_as_weak_as_the_weakest_of_its_figures() -> None:
    assert weakest(["published", "fitted", "secondary"]) == "fitted"
    assert weakest(["secondary", "inferred", "published"]) == "inferred"
    assert weakest([]) == "published"


def test_a_chip_that_loads_layers_in_turn_leaves_that_out_of_time_and_energy() -> None:
    # Princeton's chip has one array; other profiles keep every weight where it is.
    for name in profile_names():
        found = constants_of(profile_of(name))
        loads = name.startswith("princeton-65nm")
        assert ("loading" in found.uncharged, "loading" in found.untimed) == (loads, loads)
