"""List the sizes with two sides that texts repeat: `tiles of 512 x 512`, `8 x 8 pixels`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath


class PairSubject(NamedTuple):
    """What a pair of figures in a text may repeat: `8 x 8 pixels`.

    Attributes:
        path: the field that states it.
        stated: what it says, for people.
        pairs: the pairs that it may be.
        products: products that it may have, where the two numbers are not stated by themselves.
        nouns: what the pair counts.
        openings: words that the pair follows.
    """

    path: KeyPath
    stated: str
    pairs: frozenset[tuple[int, ...]]
    nouns: tuple[str, ...]
    openings: tuple[str, ...] = ()
    products: frozenset[int] = frozenset()


def pair_subjects(sheet: SheetFields) -> Iterator[PairSubject]:
    """Yield every pair of figures that texts may repeat, of what the sheet states."""
    tile = sheet.parameters.tile if sheet.parameters is not None else None
    if tile is not None and tile.rows.whole and tile.cols.whole:
        pair = (tile.rows.whole, tile.cols.whole)
        yield PairSubject(
            ("parameters", "tile"),
            f"tiles of {pair[0]} x {pair[1]}",
            frozenset({pair, pair[::-1]}),
            ("tiles", "tile", "crossbars", "crossbar", "arrays", "weights of every", "weights of each"),
            ("tiles of", "crossbars of", "arrays of", "a tile of", "tile size of"),
        )
    yield from _images(sheet)


def _images(sheet: SheetFields) -> Iterator[PairSubject]:
    architecture = sheet.model_architecture
    if architecture is None:
        return
    nouns = (
        "pixels",
        "images",
        "image",
        "inputs",
        "colour images",
        "color images",
        "greyscale images",
        "grayscale images",
    )
    for family in ("convolutional", "vision_transformer"):
        network = getattr(architecture, family)
        if network is not None and network.image_size.wholes:
            size = network.image_size.wholes
            pair = (size[0], size[-1])
            path = ("model_architecture", family, "image_size")
            stated = f"images of {pair[0]} x {pair[1]}"
            yield PairSubject(
                path, stated, frozenset({pair, pair[::-1]}), nouns, ("images of", "resolution of")
            )
    if architecture.mlp is not None and architecture.mlp.sizes.wholes:
        inputs = architecture.mlp.sizes.wholes[0]
        products = frozenset({inputs, inputs // 3} if inputs % 3 == 0 else {inputs})  # one colour, or three
        path = ("model_architecture", "mlp", "sizes")
        yield PairSubject(path, f"{inputs} inputs", frozenset(), ("pixels",), products=products)
