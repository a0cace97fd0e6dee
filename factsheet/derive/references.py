"""Networks that published results of chips speak of, from their papers: what a chip's model is held against them with.

Nothing here is a result: only the dimensions that the networks' own papers give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.workload import EncoderShape, Network, transformer_encoder
from factsheet.workload.convolutional import ConvolutionalLayerShape, convolutional_operators

if TYPE_CHECKING:
    from collections.abc import Callable

_BERT_BASE = EncoderShape(12, 768, 12, 3072, vocabulary=30522, positions=512, token_types=2, pooler=True)


def bert_base(seq_len: int) -> Network:
    """The encoder of BERT-base (Devlin et al. 2019, arXiv:1810.04805)."""
    return transformer_encoder(_BERT_BASE, seq_len)


def resnet32(_: int = 1) -> Network:
    """ResNet32 for CIFAR-10 (He et al. 2016, arXiv:1512.03385, section 4.2), with projections where stages change.

    The paper's plain shortcuts (option A) have no weights; with option B the network takes the 43 tiles that
    AnalogNAS prints for it.
    """
    layers = [_convolution("stem", "input", 16)]
    for stage, channels in enumerate((16, 32, 64)):
        for block in range(5):
            name, before = f"stage.{stage}.{block}", layers[-1].name
            stride = 2 if stage and not block else 1
            around = before
            if stride == 2:  # noqa: PLR2004  the stage's first block halves the image
                around = f"{name}.shortcut"
                layers.append(_convolution(around, before, channels, kernel=1, stride=2))
            layers.append(_convolution(f"{name}.first", before, channels, stride=stride))
            layers.append(_convolution(f"{name}.second", f"{name}.first", channels, adds=around))
    layers.append(ConvolutionalLayerShape("global_pool", name="pool"))
    layers.append(ConvolutionalLayerShape("linear", 10, name="classes"))
    return Network("ResNet32", convolutional_operators(layers, 3, (32, 32)))


def _convolution(
    name: str, taken: str, channels: int, *, kernel: int = 3, stride: int = 1, adds: str = ""
) -> ConvolutionalLayerShape:
    sides, around = (kernel, kernel), (kernel // 2, kernel // 2)
    return ConvolutionalLayerShape(
        "conv", channels, sides, (stride, stride), around, name=name, input=taken, adds=adds
    )


REFERENCES: dict[str, Callable[[int], Network]] = {"bert-base": bert_base, "resnet32": resnet32}
"""By the name that a profile's `validation` uses."""
