"""The number of parameters is not that of the declared network.

What it does: adds up the stored numbers of the network that is declared under `model_architecture` and compares the sum
with `parameters.parameters`, to the digits written. For an encoder, an output layer for one of the sheet's tasks may be
counted or not, and so may whatever the declaration leaves open (a pooler, biases, a tied output layer).

Why it matters: either the figure or the structure belongs to another model.

Fails:
    model_architecture:
      transformer_encoder: {layers: 12, hidden_size: 768, heads: 12, intermediate_size: 3072,
                            vocabulary: 30522, positions: 512, token_types: 2, pooler: true}
    parameters: {parameters: 340 million}      # of BERT-large; these dimensions make 109,482,240

Passes:
    parameters: {parameters: 110 million}

How to fix: correct the figure or the dimensions. Where the figure counts something that the dimensions do not, say so
with `tolerance: {within: 1 %, reason: …}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.rule import Rule
from factsheet.checks.rules.recomputation.differing_counts import differing_counts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.diagnostic import Finding
    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    return differing_counts(
        context,
        "parameters",
        "parameters",
        "correct the figure or the dimensions, or name a `tolerance` and what it is for",
    )


RULE = Rule(
    "FS301",
    "parameters-differ",
    "error",
    "either the number of parameters or the declared structure belongs to another model",
    _check,
)
