"""Networks that chips were measured or simulated with, as papers describe them: the cost model is held against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.networks.families.convolutional import ConvolutionalLayerShape, convolutional_operators
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.families.recurrent import RecurrentShape, recurrent_operators
from factsheet.networks.operators import Network, StaticMatmul

if TYPE_CHECKING:
    from collections.abc import Callable

_BERT_BASE = EncoderShape(12, 768, 12, 3072, vocabulary=30522, positions=512, token_types=2, pooler=True)


def bert_base(seq_len: int) -> Network:
    """Return the encoder of BERT-base (Devlin et al. 2019, arXiv:1810.04805)."""
    return ENCODER.network(_BERT_BASE, seq_len)


_BERT_LARGE = EncoderShape(24, 1024, 16, 4096, vocabulary=30522, positions=512, token_types=2, pooler=True)


def bert_large(seq_len: int) -> Network:
    """Return the encoder of BERT-large (Devlin et al. 2019, arXiv:1810.04805)."""
    return ENCODER.network(_BERT_LARGE, seq_len)


def resnet32(_: int = 1) -> Network:
    """ResNet32 for CIFAR-10 (He et al. 2016, arXiv:1512.03385, section 4.2), with projections where stages change.

    The paper's plain shortcuts (option A) have no weights; with option B the network takes the 43 tiles that
    AnalogNAS prints for it.
    """
    layers = [_convolution("stem", "input", 16)]
    for stage, channels in enumerate((16, 32, 64)):
        for block in range(5):
            stride = 2 if stage and not block else 1
            layers += _basic_block(f"stage.{stage}.{block}", layers[-1].name, channels, stride)
    layers.append(ConvolutionalLayerShape("global_pool", name="pool"))
    layers.append(ConvolutionalLayerShape("linear", 10, name="classes"))
    return Network("ResNet32", convolutional_operators(layers, 3, (32, 32)))


def _basic_block(name: str, before: str, channels: int, stride: int) -> list[ConvolutionalLayerShape]:
    """Return two convolutions of 3 x 3 with a shortcut around them: a projection where the block halves the image."""
    around, layers = before, []
    if stride != 1:
        around = f"{name}.shortcut"
        layers.append(_convolution(around, before, channels, kernel=1, stride=stride))
    layers.append(_convolution(f"{name}.first", before, channels, stride=stride))
    layers.append(_convolution(f"{name}.second", f"{name}.first", channels, adds=around))
    return layers


def _convolution(
    name: str, taken: str, channels: int, *, kernel: int = 3, stride: int = 1, adds: str = ""
) -> ConvolutionalLayerShape:
    sides, around = (kernel, kernel), (kernel // 2, kernel // 2)
    return ConvolutionalLayerShape(
        "conv", channels, sides, (stride, stride), around, name=name, input=taken, adds=adds
    )


def resnet18(_: int = 1) -> Network:
    """ResNet-18 (He et al. 2016, arXiv:1512.03385, table 1) for images of 256 x 256, as Bruschi et al. 2023 ran it."""
    layers = [
        ConvolutionalLayerShape("conv", 64, (7, 7), (2, 2), (3, 3), name="stem", input="input"),
        ConvolutionalLayerShape("max_pool", kernel=(3, 3), stride=(2, 2), padding=(1, 1), name="stem_pool"),
    ]
    for stage, channels in enumerate((64, 128, 256, 512)):
        for block in range(2):
            stride = 2 if stage and not block else 1
            layers += _basic_block(f"stage.{stage}.{block}", layers[-1].name, channels, stride)
    layers.append(ConvolutionalLayerShape("global_pool", name="pool"))
    layers.append(ConvolutionalLayerShape("linear", 1000, name="classes"))
    return Network("ResNet-18", convolutional_operators(layers, 3, (256, 256)))


def resnet50(_: int = 1) -> Network:
    """ResNet-50 v1.5 for images of 224 x 224: He et al. 2016, table 1, with the stride in the middle convolution."""
    layers = [
        ConvolutionalLayerShape("conv", 64, (7, 7), (2, 2), (3, 3), name="stem", input="input"),
        ConvolutionalLayerShape("max_pool", kernel=(3, 3), stride=(2, 2), padding=(1, 1), name="stem_pool"),
    ]
    for stage, (channels, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for block in range(blocks):
            stride, name, before = 2 if stage and not block else 1, f"stage.{stage}.{block}", layers[-1].name
            around = before if block else f"{name}.shortcut"
            if not block:
                layers.append(_convolution(around, before, 4 * channels, kernel=1, stride=stride))
            layers.append(_convolution(f"{name}.first", before, channels, kernel=1))
            layers.append(_convolution(f"{name}.second", f"{name}.first", channels, stride=stride))
            layers.append(
                _convolution(f"{name}.third", f"{name}.second", 4 * channels, kernel=1, adds=around)
            )
    layers.append(ConvolutionalLayerShape("global_pool", name="pool"))
    layers.append(ConvolutionalLayerShape("linear", 1000, name="classes"))
    return Network("ResNet-50", convolutional_operators(layers, 3, (224, 224)))


def hermes_lstm_step(_: int = 1) -> Network:
    """One step of the image-captioning LSTM of Le Gallo et al. 2023, table I (doi:10.1038/s41928-023-01010-1).

    Gates of 504 x 2016 for the input and for the state, on 32 cores of 256 x 256.
    """
    return Network("captioning LSTM, one step", recurrent_operators(RecurrentShape("lstm", 504, 504, 1), 1))


def hermes_resnet9_layer(_: int = 1) -> Network:
    """One input of a deep layer of ResNet-9 in Le Gallo et al. 2023 (table I): 2016 x 224, on 8 cores of 256 x 256."""
    layer = StaticMatmul("layer", "layer", rows=2016, cols=224, calls=1, kind="linear")
    return Network("ResNet-9, one input of a deep layer", (layer,))


_AMBROGIO_ROWS = {"1": 316, "2": 512, "3": 768}
"""Rows that each tile of a chip holds: a layer's rows in four equal parts. So it takes 32 tiles, which is inferred: of
the 142 tiles of all five chips, 33 and 13 on the last two leave so many on average."""


def _ambrogio_layer(chip: str) -> Network:
    """One frame of one layer of RNN-T on one chip of Ambrogio et al. 2023 (doi:10.1038/s41586-023-06337-5, figure 4).

    The LSTM of 1,024 states takes 4,096 columns, and rows of its inputs and states: 240 + 1,024 of the first layer,
    1,024 + 1,024 of the second, 2,048 + 1,024 of the third.
    """
    rows = _AMBROGIO_ROWS[chip]
    layer = StaticMatmul("lstm", "lstm", rows=rows, cols=4096, calls=1, matrices=4, kind="linear")
    return Network(f"RNN-T, one frame on chip {chip}", (layer,))


def _ambrogio_chip_4(_: int = 1) -> Network:
    """One frame of the last two LSTM layers of the encoder and of what follows them."""
    layers = [
        StaticMatmul("lstm.3", "lstm.3", rows=2048, cols=4096, calls=1, kind="linear"),
        StaticMatmul("lstm.4", "lstm.4", rows=2048, cols=4096, calls=1, kind="linear"),
        StaticMatmul("joint", "joint", rows=1024, cols=512, calls=1, kind="linear"),
    ]
    return Network("RNN-T, one frame on chip 4", tuple(layers))


def _ambrogio_chip_5(_: int = 1) -> Network:
    """One frame of the decoder; its table of 28 x 320 is in places that the other layers leave free."""
    layers = [
        StaticMatmul("lstm.0", "lstm.0", rows=640, cols=1280, calls=1, kind="linear"),
        StaticMatmul("lstm.1", "lstm.1", rows=640, cols=1280, calls=1, kind="linear"),
        StaticMatmul("joint", "joint", rows=320, cols=512, calls=1, kind="linear"),
    ]
    return Network("RNN-T, one frame on chip 5", tuple(layers))


def ambrogio_rnnt_frame(_: int = 1) -> Network:
    """One frame of the whole RNN-T, each matrix cut into tiles as this program cuts it: 45.25 M weights on tiles."""
    shapes = {
        "encoder.0": (1264, 4096),
        "encoder.1": (2048, 4096),
        "encoder.2": (3072, 4096),
        "encoder.3": (2048, 4096),
        "encoder.4": (2048, 4096),
        "encoder.joint": (1024, 512),
        "decoder.table": (28, 320),
        "decoder.0": (640, 1280),
        "decoder.1": (640, 1280),
        "decoder.joint": (320, 512),
    }
    layers = (
        StaticMatmul(name, name, rows=rows, cols=cols, calls=1, kind="linear")
        for name, (rows, cols) in shapes.items()
    )
    return Network("RNN-T, one frame", tuple(layers))


def ambrogio_keyword_frame(_: int = 1) -> Network:
    """One input of the keyword network of Ambrogio et al. 2023, figure 3: 792,576 weights on 4 tiles.

    1,024 x 512, 512 x 512 and 512 x 12 are the layers of that many weights on that many tiles of 512 x 512.
    """
    shapes = ((1024, 512), (512, 512), (512, 12))
    layers = (
        StaticMatmul(f"layer.{place}", f"layer.{place}", rows=rows, cols=cols, calls=1, kind="linear")
        for place, (rows, cols) in enumerate(shapes)
    )
    return Network("keyword spotting, one input", tuple(layers))


def princeton_cnn(_: int = 1) -> Network:
    """Return the network that Jia et al. 2020 (doi:10.1109/jssc.2020.2987714, figure 11) classify CIFAR-10 with.

    Six convolutions of 3 x 3, a pool after each second one, and three linear layers.
    """
    layers: list[ConvolutionalLayerShape] = []
    for stage, channels in enumerate((128, 256, 256)):
        first = f"conv.{stage}.0"
        layers.append(_convolution(first, layers[-1].name if layers else "input", channels))
        layers.append(_convolution(f"conv.{stage}.1", first, channels))
        layers.append(ConvolutionalLayerShape("max_pool", kernel=(2, 2), name=f"pool.{stage}"))
    layers += [
        ConvolutionalLayerShape("linear", outputs, name=f"linear.{place}")
        for place, outputs in enumerate((1024, 1024, 10))
    ]
    return Network("CNN of nine layers", convolutional_operators(layers, 3, (32, 32)))


REFERENCES: dict[str, Callable[[int], Network]] = {
    "bert-base": bert_base,
    "bert-large": bert_large,
    "resnet32": resnet32,
    "resnet18": resnet18,
    "resnet-50": resnet50,
    "hermes-lstm-step": hermes_lstm_step,
    "hermes-resnet9-layer": hermes_resnet9_layer,
    "ambrogio-chip-1": lambda _: _ambrogio_layer("1"),
    "ambrogio-chip-2": lambda _: _ambrogio_layer("2"),
    "ambrogio-chip-3": lambda _: _ambrogio_layer("3"),
    "ambrogio-chip-4": _ambrogio_chip_4,
    "ambrogio-chip-5": _ambrogio_chip_5,
    "ambrogio-rnnt-frame": ambrogio_rnnt_frame,
    "ambrogio-keyword-frame": ambrogio_keyword_frame,
    "princeton-cnn": princeton_cnn,
}
"""By the name that a profile's `validation` uses."""
