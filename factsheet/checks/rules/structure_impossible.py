"""The declared dimensions make no network.

What it does: looks whether `heads` divides `hidden_size` under `model_architecture.transformer_encoder`, and whether
the number of layers is one that a network can have.

Why it matters: nothing can be recomputed from dimensions that do not fit each other, so that no figure is checked.

Fails:
    transformer_encoder: {layers: 12, hidden_size: 768, heads: 10, intermediate_size: 3072}

Passes:
    transformer_encoder: {layers: 12, hidden_size: 768, heads: 12, intermediate_size: 3072}

How to fix: correct the dimension that was mistyped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.recomputed import STRUCTURE
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.context import Context

_SURELY_FEW = 1000
"""Layers up to which there is no need to ask what a network can have."""


def _check(context: Context) -> Iterator[Finding]:
    architecture = context.sheet.model_architecture
    encoder = None if architecture is None else architecture.transformer_encoder
    if encoder is None:
        return
    dimensions = (encoder.layers, encoder.hidden_size, encoder.heads, encoder.intermediate_size)
    layers, hidden, heads, _ = known = tuple(fact.whole for fact in dimensions)
    if not layers or not hidden or not heads or None in known:
        return  # what is not disclosed is no contradiction
    if hidden % heads == 0 and layers <= _SURELY_FEW:
        return
    from factsheet.workload.declared import read_encoder  # start-up: the message is its own
    from factsheet.workload.errors import WorkloadError

    try:
        read_encoder(encoder)
    except WorkloadError as error:
        field = error.path.rpartition(".")[2]
        related = (((*STRUCTURE, "hidden_size"), f"{hidden} wide"),) if field == "heads" else ()
        yield Finding((*STRUCTURE, field), error.message, error.help, related=related)


STRUCTURE_IMPOSSIBLE = Rule(
    "FS307",
    "structure-impossible",
    "error",
    "nothing can be recomputed from dimensions that do not fit each other, so that no figure is checked",
    _check,
)
