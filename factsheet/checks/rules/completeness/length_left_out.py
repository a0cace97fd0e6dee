"""An operating point of a network that works on sequences states no sequence length.

What it does: looks at each operating point without `seq_len`, and reports it where the declared network works on tokens
or steps. A network of images needs none. Where no network is declared, it cannot be told, and the finding says so.

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

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.errors import WorkloadError
from factsheet.networks.declared import declared_family

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.architecture import ModelArchitecture


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
    if family is not None and not (family.tokens and _grows(context.sheet.model_architecture)):
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


def _grows(architecture: ModelArchitecture | None) -> bool:
    """Return whether a network does more for a longer sequence; a list of operators may have none that does."""
    rows = None if architecture is None else architecture.operators
    if not rows:
        return True
    within = [inner for row in rows for inner in (row, *(row.operators or ()))]
    return any(row.each not in {None, "inference"} or row.per_token is not None for row in within)


RULE = Rule(
    "FS403",
    "length-left-out",
    "error",
    "readers ask: At which sequence length?",
    _check,
)
