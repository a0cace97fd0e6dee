"""Chips that the tests of the cost model share, each figure with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.hardware.constants import ChipConstants, Constant

if TYPE_CHECKING:
    from factsheet.hardware.profile import Standing


def constant(value: float, standing: Standing = "published") -> Constant:
    return Constant(value, standing, "a test")


NOTHING = ChipConstants(
    profile="a chip of the tests",
    rows=512,
    cols=512,
    devices_per_weight=2,
    mvm_time=None,
    slot=None,
    transport_time=None,
    cell_energy=None,
    port_energy=None,
    output_energy=None,
    digital_energy=None,
    digital_rate=None,
    tile_power=None,
    chip_power=None,
    tile_area=None,
    tile_overhead_area=None,
    chip_area=None,
    tiles_per_chip=None,
    shares_tiles=False,
)

# Tiles of 512 x 512, 40 ns, 100 TOPS/W and 10.9 TOPS/mm²: IBM, IEDM 2023, doi:10.1109/iedm45741.2023.10413767.
# Slot and energy of a value: fitted on ResNet32 in AnalogNAS, arXiv:2305.10459, table IV.
# Area beside a tile: fitted on the 780.4 mm² of 480 tiles in the published BERT FactSheet.
IBM = NOTHING._replace(
    mvm_time=constant(40e-9, "secondary"),
    slot=constant(123.75e-9, "fitted"),
    cell_energy=constant(2 / 100e12, "secondary"),
    port_energy=constant(7.34e-12, "fitted"),
    tile_area=constant(2 * 512 * 512 / 40e-9 / 10.9e18, "inferred"),
    tile_overhead_area=constant(0.4233e-6, "fitted"),
)
# Le Gallo et al. 2023, doi:10.1038/s41928-023-01010-1: 64 cores of 256 x 256, 63.1 TOPS, 9.76 TOPS/W.
HERMES = NOTHING._replace(
    rows=256,
    cols=256,
    mvm_time=constant(64 * 2 * 65536 / 63.1e12, "inferred"),
    slot=constant(64 * 2 * 65536 / 63.1e12, "inferred"),
    cell_energy=constant(2 / 9.76e12),
    tiles_per_chip=64,
)
# Every constant at once, none of any chip.
FULL = ChipConstants(
    "a made-up chip",
    64,
    48,
    2,
    mvm_time=constant(150e-9),
    slot=constant(100e-9),
    transport_time=None,
    cell_energy=constant(30e-15),
    port_energy=constant(2e-12),
    output_energy=None,
    digital_energy=constant(0.2e-12),
    digital_rate=constant(1e12),
    tile_power=constant(1e-3),
    chip_power=constant(0.5),
    tile_area=constant(0.3e-6),
    tile_overhead_area=constant(0.1e-6),
    chip_area=constant(4e-6),
    tiles_per_chip=100,
    shares_tiles=True,
)
