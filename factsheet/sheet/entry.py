"""The long form of a fact: a mapping with `value` and its provenance, or with the reason for its absence."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from factsheet.sheet.base import Provenance, Record, Text, ask
from factsheet.sheet.fact import ABSENCES, RelativeTo
from factsheet.sheet.kinds import Batch


class AtPoint(Record):
    """The operating point that a figure holds at."""

    seq_len: int | None = ask("Tokens in one sequence.", "At which sequence length?", 32, ge=1, le=10**9)
    batch: Annotated[int | Literal["not stated"], Batch()] | None = ask(
        "Sequences processed together; `not stated` where the source leaves it out.",
        "At which batch size?",
        4,
    )


class Entry(Provenance):
    """A fact with its provenance, or the reason why it has no value.

    Exactly one of `value`, `not_applicable`, `not_disclosed` and `not_evaluated` is given.
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
    relative_to: RelativeTo | None = ask(
        "What a noise figure or a bound is a fraction or multiple of; `not stated` where the source is silent.",
        "One times what?",
        "w_max",
    )

    @model_validator(mode="after")
    def _one_answer(self) -> Entry:
        given = [name for name in ("value", *ABSENCES) if getattr(self, name) is not None]
        if len(given) == 1:
            return self
        found = "neither" if not given else " and ".join(f"`{name}`" for name in given)
        raise PydanticCustomError(
            "answer",
            "{message}",
            {
                "message": f"expected `value`, or one reason for its absence; found {found}",
                "why": "a fact has one answer: a value, or the reason why there is none",
                "help": "write `value: …`, or one of `not_applicable`, `not_disclosed`, `not_evaluated` with why",
            },
        )
