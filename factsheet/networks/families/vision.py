"""A vision transformer: its dimensions on a sheet, and the operators that follow from them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

from factsheet.errors import WorkloadError
from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Flag, Wholes
from factsheet.facts.section import Record, ask
from factsheet.networks.answers import Answers
from factsheet.networks.dimension_kinds import SIDES, Channels, Classes, Heads, Layers, Width
from factsheet.networks.family import YES_OR_NO, Family, Run, check_layers
from factsheet.networks.operators import Elementwise, Operator, StaticMatmul
from factsheet.networks.transformer import (
    THREE_MATRICES,
    Attention,
    FeedForward,
    attention,
    check_heads,
    feed_forward,
    norm,
    residual,
)


class VisionTransformer(Record):
    """A transformer encoder over patches of an image, after Dosovitskiy et al. 2021."""

    image_size: Annotated[Fact, Wholes(2, within=SIDES)] = ask(
        "Height and width of the image in pixels; one number where it is square.",
        "How high and wide is the image that the vision transformer takes, in pixels?",
        224,
        default=...,
    )
    patch_size: Annotated[Fact, Wholes(2, within=SIDES)] = ask(
        "Height and width of a patch in pixels; one number where it is square.",
        "How high and wide is a patch of the vision transformer, in pixels?",
        16,
        default=...,
    )
    layers: Layers = ask(
        "Encoder blocks.", "How many encoder blocks has the vision transformer?", 12, default=...
    )
    hidden_size: Width = ask(
        "Width of the residual stream.",
        "How wide is the residual stream of the vision transformer?",
        768,
        default=...,
    )
    heads: Heads = ask(
        "Attention heads of one layer.",
        "How many attention heads has a layer of the vision transformer?",
        12,
        default=...,
    )
    intermediate_size: Width = ask(
        "Width inside the feed-forward block.",
        "How wide is the feed-forward block of the vision transformer?",
        3072,
        default=...,
    )
    channels: Channels | None = ask(
        "Channels of the image.", "How many channels has the image that the vision transformer takes?", 3
    )
    classes: Classes | None = ask(
        "Outputs of the classification head.",
        "How many classes does the vision transformer tell apart?",
        1000,
    )
    class_token: Annotated[Fact, Flag()] | None = ask(
        "Whether a learned token precedes the patches, which the head reads.",
        "Does a learned class token precede the patches of the vision transformer?",
        example=True,
    )
    fused_qkv: Annotated[Fact, Flag()] | None = ask(
        "Whether query, key and value weights are mapped as one matrix instead of three.",
        "Are the vision transformer's query, key and value weights mapped as one matrix on the chip?",
        example=False,
    )


@dataclass(frozen=True, slots=True)
class VisionShape:
    """Dimensions of a vision transformer.

    Raises:
        WorkloadError: the heads do not divide the hidden size, there are too many layers, or no patch fits.
    """

    image_size: tuple[int, int]
    patch_size: tuple[int, int]
    layers: int
    hidden_size: int
    heads: int
    intermediate_size: int
    channels: int = 3
    classes: int = 0
    """Outputs of the head; 0 leaves it out."""
    class_token: bool = True
    fused_qkv: bool = False

    def __post_init__(self) -> None:
        check_layers(self.layers)
        check_heads(self.heads, self.hidden_size)
        if not self.patches:
            raise WorkloadError(
                "not one patch fits into the image",
                "the image is cut into whole patches",
                "correct `image_size` or `patch_size`",
                place="patch_size",
            )

    @property
    def patches(self) -> int:
        """Whole patches of the image."""
        (height, width), (down, across) = self.image_size, self.patch_size
        return (height // down) * (width // across)

    @property
    def tokens(self) -> int:
        """Patches, and the class token."""
        return self.patches + self.class_token


def vision_operators(shape: VisionShape) -> tuple[Operator, ...]:
    """Return the operators of a vision transformer, in order of execution."""
    return (
        *_embeddings(shape),
        *(operator for layer in range(shape.layers) for operator in _block(shape, f"layer.{layer}")),
        norm("final.norm", "final", shape.hidden_size, shape.tokens),
        *_head(shape),
    )


def _embeddings(shape: VisionShape) -> Iterator[Operator]:
    block, hidden = "embeddings", shape.hidden_size
    rows = shape.channels * shape.patch_size[0] * shape.patch_size[1]
    yield StaticMatmul(
        f"{block}.patch", block, rows=rows, cols=hidden, calls=shape.patches, bias=True, kind="convolution"
    )
    if shape.class_token:
        yield Elementwise(f"{block}.class_token", block, "embedding", 0, parameters=hidden)
    yield Elementwise(
        f"{block}.position", block, "embedding", hidden * shape.tokens, parameters=hidden * shape.tokens
    )


def _block(shape: VisionShape, block: str) -> Iterator[Operator]:
    hidden, tokens, heads = shape.hidden_size, shape.tokens, shape.heads
    each = Attention(
        hidden,
        heads=heads,
        kv_heads=heads,
        head_dim=hidden // heads,
        qkv_bias=True,
        output_bias=True,
        fused_qkv=shape.fused_qkv,
    )
    yield norm(f"{block}.attention_norm", block, hidden, tokens)
    yield from attention(each, block, tokens, tokens)
    yield residual(f"{block}.attention_residual", block, hidden, tokens)
    yield norm(f"{block}.feed_forward_norm", block, hidden, tokens)
    yield from feed_forward(FeedForward(hidden, shape.intermediate_size, bias=True), block, tokens)
    yield residual(f"{block}.output_residual", block, hidden, tokens)


def _head(shape: VisionShape) -> Iterator[Operator]:
    if shape.classes:
        if not shape.class_token:
            yield Elementwise("head.average", "head", "pooling", shape.hidden_size * shape.tokens)
        yield StaticMatmul(
            "head.dense", "head", rows=shape.hidden_size, cols=shape.classes, calls=1, bias=True
        )


def _read(known: Answers) -> VisionShape:
    return VisionShape(
        image_size=known.pair("image_size"),
        patch_size=known.pair("patch_size"),
        layers=known.dimension("layers"),
        hidden_size=known.dimension("hidden_size"),
        heads=known.dimension("heads"),
        intermediate_size=known.dimension("intermediate_size"),
        channels=known.number("channels", 3, "three channels are counted"),
        classes=known.table("classes", "the classification head"),
        class_token=known.flag("class_token", "a class token is counted", default=True),
        fused_qkv=known.flag("fused_qkv", THREE_MATRICES),
    )


def _operators(shape: VisionShape, run: Run) -> tuple[Operator, ...]:
    return vision_operators(replace(shape, image_size=run.image_size or shape.image_size))


FAMILY = Family(
    key="vision_transformer",
    name="vision transformer",
    meaning="Dimensions of a transformer over patches of an image.",
    question="What are the dimensions of the vision transformer?",
    example={
        "image_size": 224,
        "patch_size": 16,
        "layers": 12,
        "hidden_size": 768,
        "heads": 12,
        "intermediate_size": 3072,
    },
    images=True,
    read=_read,
    operators=_operators,
    left_open={"fused_qkv": YES_OR_NO, "class_token": YES_OR_NO},
)
