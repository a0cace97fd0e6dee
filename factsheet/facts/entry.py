"""The long form of a fact: a mapping with `value` and its provenance, or with the reason for its absence."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from factsheet.facts.fact import Fact, RelativeTo
from factsheet.facts.kinds import Measure
from factsheet.facts.plain_kinds import Batch
from factsheet.facts.section import Provenance, Record, Text, ask


class AtPoint(Record):
    """The operating point that a figure holds at."""

    seq_len: int | None = ask("Tokens in one sequence.", "At which sequence length?", 32, ge=1, le=10**9)
    batch: Annotated[int | Literal["not stated"], Batch()] | None = ask(
        "Sequences processed together; `not stated` where the source leaves it out.",
        "At which batch size?",
        4,
    )


class Tolerance(Record):
    """How far a recomputed value may lie from a figure, and why."""

    within: Annotated[Fact, Measure("ratio")] = ask(
        "Relative difference that is accepted.", "How far off may it be?", "5 %", default=...
    )
    reason: Text = ask("Why.", "Why may it be off?", "The chip's clock was not settled yet.", default=...)


class Entry(Provenance):
    """A fact with its provenance, or the reason why it has no value.

    Exactly one of `value`, `not_applicable`, `not_disclosed` and `not_evaluated` is given; `Kind.read` sees to it,
    so that the rule also holds where the validator runs without this class.
    """

    value: Any = ask("The answer itself.", "What is the answer?", "3.13 W")
    not_applicable: Text | None = ask(
        "Why the question does not apply.", "Why does it not apply?", "This model has no recurrent state."
    )
    not_disclosed: Text | None = ask(
        "Why the answer is not given.", "Why is it not given?", "The published sheet does not say."
    )
    not_evaluated: Text | None = ask(
        "Why nobody has found out yet.", "Why has it not been evaluated?", "Planned for the next chip."
    )
    at: AtPoint | None = ask(
        "The operating point that the figure holds at.",
        "At which sequence length and batch?",
        {"seq_len": 32, "batch": 4},
    )
    tolerance: Tolerance | None = ask(
        "How far a recomputed value may lie from the figure, and why.",
        "How far off may a recomputation be, and why?",
        {"within": "5 %", "reason": "The chip's clock was not settled yet."},
    )
    relative_to: RelativeTo | None = ask(
        "What a noise figure or a bound is a fraction or multiple of; `not stated` where the source is silent.",
        "One times what?",
        "w_max",
    )
