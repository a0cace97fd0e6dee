"""The sheet declares more than one network.

What it does: reports every declaration under `model_architecture` after the first (`transformer_encoder`,
`convolutional`, `operators`, …).

Why it matters: figures are recomputed from one network, and a reader cannot know which of them is meant.

Fails:
    model_architecture:
      mlp: {sizes: [64, 128, 10]}
      operators: [{name: dense, rows: 64, cols: 128}]

Passes:
    model_architecture:
      mlp: {sizes: [64, 128, 10]}

How to fix: keep the declaration that is meant; a network that fits no family goes into one list of `operators`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.networks.declared import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext

_SECTION = "model_architecture"


def _check(context: RuleContext) -> Iterator[Finding]:
    architecture = context.sheet.model_architecture
    declared = [key for key in FAMILIES if getattr(architecture, key, None) is not None]
    for further in declared[1:]:
        yield Finding(
            (_SECTION, further),
            f"a second network is declared here: `{further}` beside `{declared[0]}`",
            "keep the one that is meant; a network that fits no family goes into one list of `operators`",
            related=(((_SECTION, declared[0]), "the first is here"),),
            on_key=True,
        )


RULE = Rule(
    "FS308",
    "several-networks",
    "error",
    "figures are recomputed from one network, and a reader cannot know which of them is meant",
    _check,
)
