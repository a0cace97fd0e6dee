"""A vision transformer, by its dimensions."""

from __future__ import annotations

from typing import Annotated

from factsheet.sheet.base import Record, ask
from factsheet.sheet.fact import Fact
from factsheet.sheet.kinds import Flag, Wholes
from factsheet.sheet.networks.encoder import Dimension


class VisionTransformer(Record):
    """A transformer encoder over patches of an image, after Dosovitskiy et al. 2021."""

    image_size: Annotated[Fact, Wholes(2)] = ask(
        "Height and width of the image in pixels; one number where it is square.",
        "How large is the image?",
        224,
        default=...,
    )
    patch_size: Annotated[Fact, Wholes(2)] = ask(
        "Height and width of a patch in pixels; one number where it is square.",
        "How large is a patch?",
        16,
        default=...,
    )
    layers: Dimension = ask("Encoder blocks.", "How many layers?", 12, default=...)
    hidden_size: Dimension = ask("Width of the residual stream.", "How wide is it?", 768, default=...)
    heads: Dimension = ask("Attention heads of one layer.", "How many attention heads?", 12, default=...)
    intermediate_size: Dimension = ask(
        "Width inside the feed-forward block.", "How wide is the feed-forward block?", 3072, default=...
    )
    channels: Dimension | None = ask("Channels of the image.", "How many colours has a pixel?", 3)
    classes: Dimension | None = ask("Outputs of the classification head.", "How many classes?", 1000)
    class_token: Annotated[Fact, Flag()] | None = ask(
        "Whether a learned token precedes the patches, which the head reads.",
        "Is there a class token?",
        example=True,
    )
    fused_qkv: Annotated[Fact, Flag()] | None = ask(
        "Whether query, key and value weights are mapped as one matrix instead of three.",
        "Are Q, K and V one matrix on the chip?",
        example=False,
    )
