"""A noise or a bound is a plain number, and nothing says what it is a fraction or a multiple of.

What it does: looks at every standard deviation and every bound that is stated without a unit, for one that has no
`relative_to`. `relative_to: not stated` is an answer, for a figure whose source is silent. A conductance, such as 1 µS,
needs none.

Why it matters: 0.04 of the largest weight, of the spread of the outputs and of the largest output are different noise,
by an order of magnitude; nobody can train against it again without knowing which.

Fails:
    hwa_training: {weight_noise: 0.038}

Passes:
    hwa_training: {weight_noise: {value: 0.038, relative_to: w_max}}

How to fix: add `relative_to`: `w_max` for the largest weight of a tile, `weight_std`, `input_std` or `output_std` for a
spread, `input_bound` or `output_bound` for a full scale, `g_max` for the largest conductance, `device_model` for a
multiple of a published model's noise, `absolute` for the units of the values themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.sheet.walk import ranged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for path, answer, within in ranged(context.sheet):
        if isinstance(answer, int) or not within.relative:
            continue
        quantity = answer.quantity
        if quantity is None or quantity.dimension == "conductance" or answer.relative_to is not None:
            continue
        yield Finding(
            path,
            f"`{quantity.text}` of what? No `relative_to` says what it is a fraction or a multiple of",
            f"write `{{value: {quantity.text}, relative_to: w_max}}`, or what it is relative to; "
            "`relative_to: not stated` where the source is silent",
        )


RULE = Rule(
    "FS251",
    "noise-without-reference",
    "warning",
    "the same number is weak or strong noise, depending on what it is relative to",
    _check,
)
