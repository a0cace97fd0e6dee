"""Chips and networks that the tests of the cost model share, each figure with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.hardware.constants import ChipConstants, Constant
from factsheet.workload import EncoderShape, Network, transformer_encoder
from factsheet.workload.convolutional import ConvolutionalLayerShape, convolutional_operators

if TYPE_CHECKING:
    from factsheet.hardware import Standing


def constant(value: float, standing: Standing = "published") -> Constant:
    return Constant(value, standing, "a test")


NOTHING = ChipConstants(
    profile="a chip of the tests",
    rows=512,
    cols=512,
    devices_per_weight=2,
    mvm_time=None,
    slot=None,
    cell_energy=None,
    port_energy=None,
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
    cell_energy=constant(30e-15),
    port_energy=constant(2e-12),
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

BASE = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True)


def bert(seq_len: int) -> Network:
    """BERT-base (Devlin et al. 2019)."""
    return transformer_encoder(BASE, seq_len)


def resnet32() -> Network:
    """ResNet32 of He et al. 2016, section 4.2, on CIFAR-10, with projections (option B) where stages change."""
    layers = [_conv("stem", "input", 16)]
    for stage, channels in enumerate((16, 32, 64)):
        for block in range(5):
            stride = 2 if stage and not block else 1
            name, before = f"stage.{stage}.{block}", layers[-1].name
            if stride > 1:
                layers.append(_conv(f"{name}.shortcut", before, channels, kernel=1, stride=2))
            layers.append(_conv(f"{name}.first", before, channels, stride=stride))
            around = f"{name}.shortcut" if stride > 1 else before
            layers.append(_conv(f"{name}.second", f"{name}.first", channels, adds=around))
    layers.append(ConvolutionalLayerShape("global_pool", name="pool"))
    layers.append(ConvolutionalLayerShape("linear", 10, name="classes"))
    return Network("ResNet32", convolutional_operators(layers, 3, (32, 32)))


def _conv(
    name: str, taken: str, channels: int, *, kernel: int = 3, stride: int = 1, adds: str = ""
) -> ConvolutionalLayerShape:
    sides, around = (kernel, kernel), (kernel // 2, kernel // 2)
    return ConvolutionalLayerShape(
        "conv", channels, sides, (stride, stride), around, name=name, input=taken, adds=adds
    )
