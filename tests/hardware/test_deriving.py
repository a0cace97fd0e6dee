"""The ways from a profile's figures to constants, worked out by hand for a tile of 100 × 50 weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_profiles import figure, own

from factsheet.hardware.chip import constants_of

if TYPE_CHECKING:
    from factsheet.hardware.constants import Constant


def value(constant: Constant | None) -> float:
    assert constant is not None
    return constant.value


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        (f"times: {{mvm: {figure(7, 'ns')}}}", 7e-9),
        # 2 · 100 · 50 operations at 1 TOPS.
        (f"tile: {{rate: {figure(1, 'TOPS')}}}", 10_000 / 1e12),
        # A figure of its own goes before a quotient.
        (f"times: {{mvm: {figure(7, 'ns')}}}\ntile: {{rate: {figure(1, 'TOPS')}}}", 7e-9),
        # 8 bits by 3 are 3 cycles.
        (
            f"""
input: {{coding: bit-serial, bits: {figure(8, "bits")}, dac_bits: {figure(3, "bits")}}}
times: {{cycle: {figure(100, "ns")}}}
""",
            300e-9,
        ),
        (f"times: {{integration: {figure(40, 'ns')}}}", 40e-9),
        # Four phases of 40 ns, and 10 columns after one another at 1 GHz.
        (
            f"""
input: {{coding: pulse-duration, phases: {figure(4, "times")}}}
converter: {{columns_each: {figure(10, "columns")}, rate: {figure(1, "GHz")}}}
times: {{integration: {figure(40, "ns")}}}
""",
            4 * (40e-9 + 10e-9),
        ),
        # 8 bits one by one, each as long as 16 columns take at 1 GHz.
        (
            f"""
input: {{coding: bit-serial, bits: {figure(8, "bits")}, dac_bits: {figure(1, "bit")}}}
converter: {{columns_each: {figure(16, "columns")}, rate: {figure(1, "GHz")}}}
""",
            8 * 16e-9,
        ),
        (
            f"converter: {{conversion_time: {figure(2, 'ns')}}}\ntimes: {{integration: {figure(40, 'ns')}}}",
            42e-9,
        ),
    ],
)
def test_the_time_of_a_product(more: str, seconds: float) -> None:
    constants = constants_of(own(more))
    assert value(constants.mvm_time) == pytest.approx(seconds)
    assert value(constants.slot) == pytest.approx(seconds)
    assert constants.slot is not None
    assert constants.slot.standing == "inferred"  # no source says that products do not overlap


def test_a_slot_of_its_own_goes_before_the_time_of_a_product() -> None:
    constants = constants_of(own(f"times: {{mvm: {figure(7, 'ns')}, slot: {figure(9, 'ns')}}}"))
    assert value(constants.slot) == pytest.approx(9e-9)
    assert constants.slot is not None
    assert constants.slot.standing == "published"


@pytest.mark.parametrize(
    ("tile", "joules"),
    [
        (f"mvm_energy: {figure(5, 'nJ')}", 5e-9 / 5000),
        (f"efficiency: {figure(20, 'TOPS/W')}", 2 / 20e12),
        (f"power: {figure(10, 'mW')}", 0.01 * 7e-9 / 5000),
        (f"mvm_energy: {figure(5, 'nJ')}, efficiency: {figure(2, 'TOPS/W')}", 5e-9 / 5000),
    ],
)
def test_the_energy_of_a_weight(tile: str, joules: float) -> None:
    constants = constants_of(own(f"times: {{mvm: {figure(7, 'ns')}}}\ntile: {{{tile}}}"))
    assert value(constants.cell_energy) == pytest.approx(joules)


@pytest.mark.parametrize(
    ("tile", "square_metres"),
    [
        (f"area: {figure(0.5, 'mm²')}", 0.5e-6),
        (f"density: {figure(2, 'TOPS/mm²')}, rate: {figure(1, 'TOPS')}", 0.5e-6),
        # 10,000 operations in 10 ns are 1 TOPS.
        (f"density: {figure(2, 'TOPS/mm²')}", 0.5e-6),
    ],
)
def test_the_area_of_a_tile(tile: str, square_metres: float) -> None:
    constants = constants_of(own(f"times: {{integration: {figure(10, 'ns')}}}\ntile: {{{tile}}}"))
    assert value(constants.tile_area) == pytest.approx(square_metres)


LEVELS = f"""
hierarchy:
  levels:
    - name: array
    - {{name: unit, holds: {figure(4, "arrays")}}}
    - {{name: block, holds: {figure(5, "units")}}}
    - {{name: chip, holds: {figure(6, "units")}}}
  tile: unit
components:
  - {{name: cells, per: array, power: {figure(1, "mW")}, area: {figure(10, "µm²")}}}
  - {{name: register, per: unit, count: {figure(3, "units")}, power: {figure(2, "mW")}}}
  - {{name: buffer, per: block, power: {figure(50, "mW")}, area: {figure(100, "µm²")}}}
  - {{name: link, per: chip, power: {figure(1, "W")}, area: {figure(2, "mm²")}}}
"""


def test_components_are_summed_and_shared_out_to_tiles() -> None:
    constants = constants_of(own(LEVELS))
    # A unit: 4 arrays of 1 mW, 3 registers of 2 mW, a fifth of a buffer of 50 mW.
    assert value(constants.tile_power) == pytest.approx(4e-3 + 6e-3 + 10e-3)
    assert value(constants.chip_power) == pytest.approx(1.0)
    assert value(constants.tile_area) == pytest.approx(40e-12)
    assert value(constants.tile_overhead_area) == pytest.approx(20e-12)
    assert value(constants.chip_area) == pytest.approx(2e-6)
    assert constants.tiles_per_chip == 30


def test_power_is_not_charged_where_energy_is() -> None:
    constants = constants_of(own(f"{LEVELS}tile: {{efficiency: {figure(20, 'TOPS/W')}}}"))
    assert constants.cell_energy is not None
    assert constants.tile_power is None


def test_digital_energy_is_charged_once() -> None:
    alone = constants_of(own(f"digital: {{efficiency: {figure('5 to 7', 'TOPS/W')}}}"))
    assert value(alone.digital_energy) == pytest.approx(1 / 6e12)
    within = constants_of(own(f"digital: {{efficiency: {figure(6, 'TOPS/W')}, energy_within: tile}}"))
    assert within.digital_energy is None


def test_what_is_not_said_is_not_made_up() -> None:
    constants = constants_of(own(""))
    assert constants[4:15] == (None,) * 11
    assert constants.tiles_per_chip is None
    assert not constants.shares_tiles


def test_a_constant_is_as_weak_as_the_weakest_figure() -> None:
    rate = figure(1, "TOPS", "secondary")
    constants = constants_of(own(f"tile: {{rate: {rate}, density: {figure(2, 'TOPS/mm²')}}}"))
    assert constants.tile_area is not None
    assert constants.tile_area.standing == "secondary"
    fitted = figure(1, "TOPS", "fitted", fitted_to="a time")
    constants = constants_of(own(f"tile: {{rate: {fitted}, density: {figure(2, 'TOPS/mm²')}}}"))
    assert constants.tile_area is not None
    assert constants.tile_area.standing == "fitted"


def test_a_part_of_a_tile_takes_its_part_of_power_area_and_count() -> None:
    # Half of the columns, with as many devices a weight: each unit gives two such tiles.
    profile = own(f"{LEVELS}also: [{{cols: {figure(25, 'weights')}}}]\n")
    whole, half = constants_of(profile), constants_of(profile, profile.also[0])
    assert half.cols == 25
    assert value(half.tile_power) == pytest.approx(value(whole.tile_power) / 2)
    assert value(half.tile_area) == pytest.approx(value(whole.tile_area) / 2)
    assert value(half.chip_area) == pytest.approx(value(whole.chip_area))
    assert half.tiles_per_chip == 60


def test_weights_of_fewer_devices_fill_the_same_tile() -> None:
    more = f"also: [{{cols: {figure(100, 'weights')}, devices_per_weight: {figure(1, 'device')}}}]"
    profile = own(f"{more}\ntile: {{efficiency: {figure(20, 'TOPS/W')}, area: {figure(1, 'mm²')}}}\n")
    usual, dense = constants_of(profile), constants_of(profile, profile.also[0])
    assert value(dense.tile_area) == value(usual.tile_area)
    assert value(dense.cell_energy) == value(usual.cell_energy)


@given(st.integers(1, 10**6), st.integers(2, 1000))
def test_energy_falls_as_efficiency_rises(efficiency: int, factor: int) -> None:
    def energy(gops_per_watt: int) -> float:
        profile = own(f"tile: {{efficiency: {figure(gops_per_watt, 'GOPS/W')}}}")
        return value(constants_of(profile).cell_energy)

    assert energy(efficiency) == pytest.approx(factor * energy(efficiency * factor))


def test_a_geometry_larger_than_a_chip_is_one_tile_and_never_none() -> None:
    # Ten tiles of 100 x 50 weights have no room for one of 60,000 x 50, which is then a chip of its own.
    profile = own(f"tiles_per_chip: {figure(10, 'tiles')}\nalso: [{{rows: {figure(60_000, 'weights')}}}]\n")
    assert constants_of(profile, profile.also[0]).tiles_per_chip == 1


def test_several_reads_of_a_geometry_take_their_time_one_after_the_other() -> None:
    times = f"times: {{mvm: {figure(100, 'ns')}, slot: {figure(80, 'ns', 'secondary')}}}\n"
    profile = own(f"{times}also: [{{rows: {figure(200, 'weights')}, reads: {figure(2, 'times')}}}]\n")
    twice = constants_of(profile, profile.also[0])
    assert twice.mvm_time is not None
    assert twice.slot is not None
    assert twice.mvm_time.value == pytest.approx(200e-9)
    assert twice.slot.value == pytest.approx(160e-9)
    assert twice.slot.formula == "2 reads × (the usual time)"
