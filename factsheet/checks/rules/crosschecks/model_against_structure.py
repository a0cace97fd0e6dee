"""The declared network is not the one that the model is called after.

What it does: compares the layers, widths and heads of a declared transformer with the published ones where
`overview.model` is the name of a well-known one and nothing else (`BERT-base`, `bert-base-uncased`), and the number of
parameters with one that is part of the name (`TinyLlama-1.1B`), give or take a quarter.

Why it matters: readers take the figures for those of the model that they know by that name.

Fails:
    overview: {name: Example, model: BERT-large}
    model_architecture:
      transformer_encoder: {layers: 12, hidden_size: 1024, heads: 16, intermediate_size: 4096}      # it has 24

Passes:
    overview: {name: Example, model: BERT-large}
    model_architecture:
      transformer_encoder: {layers: 24, hidden_size: 1024, heads: 16, intermediate_size: 4096}

How to fix: correct the dimension or the name; call a changed network by a name of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.claims import claim_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields

_MODEL = ("overview", "model")
_DIMENSIONS = ("layers", "hidden_size", "heads", "intermediate_size")
_FAMILIES = ("transformer_encoder", "transformer_decoder", "vision_transformer")
_NUMBER = r"(?<![\w.])(\d+(?:\.\d+)?)\s?([BbMm])(?![\w])"
_SCALES = {"b": 1e9, "m": 1e6}
_SHARE = 0.25
"""How far a number in a name may be from the parameters: names round, and some leave the embeddings out."""


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    name = sheet.overview.model.text or ""
    yield from _dimensions(sheet, name)
    yield from _number(sheet, name)


def _dimensions(sheet: SheetFields, name: str) -> Iterator[Finding]:
    architecture = sheet.model_architecture
    for family in _FAMILIES if architecture is not None else ():
        declared = getattr(architecture, family, None)
        if declared is None:
            continue
        from factsheet.networks.known_models import known_model  # start-up: few sheets declare a transformer

        known = known_model(name)
        for field in _DIMENSIONS if known is not None else ():
            fact = getattr(declared, field, None)
            expected = getattr(known, field)
            if fact is not None and fact.whole is not None and fact.whole != expected:
                yield Finding(
                    ("model_architecture", family, field),
                    f"`{field}` is {fact.whole}, and {name} has {expected}",
                    "correct the dimension or the name; call a changed network by a name of its own",
                    related=((_MODEL, "the model is named here"),),
                )


def _number(sheet: SheetFields, name: str) -> Iterator[Finding]:
    match = re.search(_NUMBER, name)
    claim = claim_at(sheet, "parameters", "parameters")
    if match is None or claim is None:
        return
    named = float(match[1]) * _SCALES[match[2].casefold()]
    meant = claim.quantity.meant
    if meant.high < named * (1 - _SHARE) or meant.low > named * (1 + _SHARE):
        yield Finding(
            claim.path,
            f"{claim.quantity.text} parameters here, and {match[0]} in the name of the model",
            "correct the one that was mistyped",
            related=((_MODEL, "the model is named here"),),
        )


RULE = Rule(
    "FS227",
    "model-against-structure",
    "warning",
    "readers take the figures for those of the model that they know by that name",
    _check,
)
