"""The tiles, weights on tiles or devices are not those that the declared network takes.

What it does: cuts each stored matrix of the declared network into tiles of `parameters.tile`, with no tile shared
between matrices, and compares `parameters.tiles`, `parameters.analog_weights`, `parameters.devices` and a
`performance.size_on_chip` that counts tiles with the result. Where the sheet does not say whether query, key and value
are one matrix, tries both.

Why it matters: area, energy and the number of chips follow from the tiles.

Fails:
    parameters: {tile: {rows: 512, cols: 512}, tiles: 324}      # BERT-base takes 480, or 456 with fused_qkv

Passes:
    parameters: {tile: {rows: 512, cols: 512}, tiles: 480}

How to fix: correct the figure, the tile or the dimensions. Where several matrices share a tile, or one is on several,
allow for it with `tolerance: {within: 35 %, reason: …}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.rule import Rule
from factsheet.checks.rules.recomputation.differing_counts import differing_counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.diagnostic import Finding
    from factsheet.checks.rule import RuleContext


_FACTS = {
    "analog_weights": ("weights on tiles", "biases, embeddings and a digital pooler are not on tiles"),
    "tiles": ("tiles", "correct it, or name a `tolerance` if matrices are packed together or replicated"),
    "devices": ("devices", "it counts the devices of weights, not those of spare cells"),
    "size_on_chip": (
        "tiles",
        "correct it, or name a `tolerance` if matrices are packed together or replicated",
    ),
}


def _check(context: RuleContext) -> Iterator[Finding]:
    for name, (what, fix) in _FACTS.items():
        yield from differing_counts(context, name, what, fix)


RULE = Rule(
    "FS303", "tiles-differ", "error", "area, energy and the number of chips follow from the tiles", _check
)
