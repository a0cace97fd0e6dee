"""What the rules on scores say of a score that cannot be: the range of its metric, by the metric's definition."""

from __future__ import annotations

import pytest

from factsheet.checks.engine import check_document
from factsheet.source.loader import load_bytes


@pytest.mark.parametrize(
    ("metric", "score", "said"),
    [
        # Shares of all answers, a correlation, an exponential of an entropy: 0 to 1, -1 to 1, 0 and above.
        ("accuracy", "150 %", "150 % is outside the range of accuracy: 0 % to 100 %"),
        (
            "Matthews correlation",
            "-150 %",
            "-150 % is outside the range of Matthews correlation: -100 % to 100 %",
        ),
        ("perplexity", "-3.0", "-3.0 is outside the range of perplexity: 1 to any value"),
        ("accuracy", "100 %", None),
        ("Matthews correlation", "-100 %", None),
    ],
)
def test_the_range_is_named(metric: str, score: str, said: str | None) -> None:
    text = (
        "factsheet: 1\noverview: {name: Example, model: BERT-base}\nperformance:\n  results:\n"
        f"    - {{name: T, metric: {metric}, systems: [{{id: chip, name: Chip, kind: analog}}],\n"
        f"       tasks: [{{task: A, scores: {{chip: {score}}}}}]}}\n"
    )
    messages = [item.message for item in check_document(load_bytes(text.encode(), "x"), "x").diagnostics]
    outside = [message for message in messages if "is outside the range" in message]
    assert outside == ([] if said is None else [said])
