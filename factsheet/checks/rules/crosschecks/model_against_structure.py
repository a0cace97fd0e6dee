"""The declared network is not the one that the model is called after.

What it does: compares the layers, widths and heads of a declared transformer with the published ones where
`overview.model` is the name of a well-known one and nothing else (`BERT-base`, `bert-base-uncased`), and the number of
parameters with one that is part of the name (`TinyLlama-1.1B`), give or take a quarter. Also compares the words of
`family` with the key that the network is declared under.

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
    yield from _family(sheet)


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


_KINDS: dict[str, tuple[str, ...]] = {
    "transformer_encoder": ("encoder",),
    "transformer_decoder": ("decoder", "autoregressive", "causal"),
    "encoder_decoder": ("encoder", "decoder"),
    "vision_transformer": ("vision", "vit", "transformer"),
    "convolutional": ("convolution", "cnn", "resnet", "convnet"),
    "recurrent": ("recurrent", "lstm", "gru", "rnn"),
    "mlp": ("perceptron", "mlp", "dense", "fully connected", "feed-forward"),
}
"""Words for the families of networks that a sheet can declare."""


def _family(sheet: SheetFields) -> Iterator[Finding]:
    """Compare the family that a sheet names with the one that it declares."""
    architecture = sheet.model_architecture
    declared = [key for key in _KINDS if getattr(architecture, key, None) is not None]
    fact = architecture.family if architecture is not None else None
    text = ((fact.text or "") if fact is not None else "").casefold()
    if len(declared) != 1 or not text or any(word in text for word in _KINDS[declared[0]]):
        return
    others = [word for words in _KINDS.values() for word in words if word in text]
    if others:
        path = ("model_architecture", declared[0])
        yield Finding(
            ("model_architecture", "family"),
            f"the network is called a {text} here, and is declared as `{declared[0]}`",
            "correct the family, or declare the network under the key of its own",
            related=((path, f"declared as `{declared[0]}`"),),
        )


RULE = Rule(
    "FS227",
    "model-against-structure",
    "warning",
    "readers take the figures for those of the model that they know by that name",
    _check,
)
