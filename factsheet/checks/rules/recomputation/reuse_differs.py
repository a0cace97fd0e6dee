"""The reuse factor is not that of the declared network.

What it does: counts how many nodes of the declared network multiply by the same stored matrix, at most, and compares
the count with `parameters.reuse_factor`.

Why it matters: a weight that several layers share is programmed once and read several times as often.

Fails:
    parameters: {reuse_factor: 32}      # the number of tokens, not of nodes

Passes:
    parameters: {reuse_factor: 1}

How to fix: give the number of nodes that share a matrix. `seq_len` already says that one node uses its weights once for
each token.
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
        "reuse_factor",
        "as the most nodes that share one matrix",
        "count the nodes that share stored weights; tokens are counted by `seq_len`",
    )


RULE = Rule(
    "FS304",
    "reuse-differs",
    "error",
    "a weight that several layers share is programmed once and read several times as often",
    _check,
)
