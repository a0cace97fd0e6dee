"""An operating point of a network that works on sequences states no sequence length.

What it does: looks at each operating point without `seq_len`, and reports it where the declared network works on tokens
or steps. A network of images needs none. Where no network is declared, it
cannot be told, and the finding says so; unless `inference_unit` or `family` says that it takes images.

Why it matters: operations, time and energy grow with the length of a sequence, and mean nothing without it.

Fails:
    model_architecture: {transformer_encoder: {layers: 2, hidden_size: 64, heads: 4, intermediate_size: 256}}
    parameters: {operating_points: [{batch: 4, execution_time: 1 ms}]}

Passes:
    model_architecture: {mlp: {sizes: [64, 32, 10]}}
    parameters: {operating_points: [{batch: 4, execution_time: 1 ms}]}

How to fix: add `seq_len`, the tokens in one sequence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.errors import WorkloadError
from factsheet.networks.declared import declared_family, grows_with_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields


def _check(context: RuleContext) -> Iterator[Finding]:
    parameters = context.sheet.parameters
    points = () if parameters is None else parameters.operating_points or ()
    silent = [index for index, point in enumerate(points) if "seq_len" not in point.model_fields_set]
    if not silent:
        return
    try:
        family = declared_family(context.sheet.model_architecture)
    except WorkloadError:  # more than one: another rule has that
        return
    if family is None and _of_images(context.sheet):
        return
    if family is not None and not grows_with_tokens(context.sheet.model_architecture, family):
        return
    for index in silent:
        yield Finding(
            ("parameters", "operating_points", index),
            "the operating point has no `seq_len`"
            + ("; a network of images needs none, but none is declared" if family is None else ""),
            "add `seq_len: 32`, or as many tokens as the figures hold at",
            severity="warning" if family is None else "error",
            confidence="medium" if family is None else "high",
        )


def _of_images(sheet: SheetFields) -> bool:
    """Return whether the sheet says of a network that it does not declare that it takes images."""
    architecture, performance = sheet.model_architecture, sheet.performance
    family = None if architecture is None else architecture.family
    unit = None if performance is None else performance.inference_unit
    return (unit is not None and unit.text == "image") or (
        family is not None
        and re.search(r"(?i)\b(?:convolution|vision|perceptron)", family.text or "") is not None
    )


RULE = Rule(
    "FS403",
    "length-left-out",
    "error",
    "readers ask: At which sequence length?",
    _check,
)
