"""What the FactSheet study found out from people: its Tables 3 and 6 as data.

Source: Dominique, El Maghraoui, Piorkowski, Herger, "FactSheets for Hardware-Aware AI Models". Table 3 holds the
facts that ten participants of the first phase asked for, Table 6 the low and medium scores that four participants of
the last phase gave to the finished BERT FactSheet. Participants bear the study's codes; the ending names the role.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from factsheet.readers.roles import RoleName

Dimension = Literal["understandability", "relevance", "presentability", "completeness"]
Grade = Literal["low", "medium"]

INTERVIEWED = (
    "P1-hw",
    "P2-hw",
    "P5-hw",
    "P3-alg",
    "P4-alg",
    "P6-data",
    "P8-data",
    "P9-data",
    "P10-dev",
    "P12-dev",
)
"""The columns of Table 3, in its order."""

# One string a row, one letter a column: `x` where Table 3 has a tick.
_TICKS = {
    "overview": "x.x.x..x..",
    "purpose": "xxx.xxxx.x",
    "setup": "xx......xx",
    "architecture": "xx.xx.x.xx",
    "parameters": "xxxxxxxx.x",
    "training": "xxxxxxxxxx",
    "inference": "xx........",
    "accuracy": "..x.xx.x..",
    "prediction_time": "x.x.x...xx",
    "hardware_performance": "xxx.xx.x..",
    "robustness": ".x....xx..",
    "limitations": "..x...x...",
}

VOTES: dict[str, tuple[str, ...]] = {
    fact: tuple(who for who, tick in zip(INTERVIEWED, ticks, strict=True) if tick == "x")
    for fact, ticks in _TICKS.items()
}
"""Table 3: who asked for each fact, by our key for it (`factsheet.readers.needs` gives the words)."""

EVALUATORS: dict[RoleName, tuple[str, ...]] = {
    "hardware-researcher": ("P1-hw", "P5-hw"),
    "data-scientist": ("P7-data",),
    # Section 4 names a software developer; Tables 2 and 6 and section 5.3 call P11 an AI engineer.
    "ai-engineer": ("P11-eng",),
}
"""Who scored the finished sheet, by role (Tables 2 and 6)."""

_JUDGES = ("P1-hw", "P5-hw", "P7-data", "P11-eng")
CRITERIA: dict[Dimension, str] = {
    "understandability": "it is comprehensible, unambiguous and in words that you use",
    "relevance": "it is on topic for what you do",
    "presentability": "it is shown, in words, tables and figures, as you expect",
    "completeness": "it has all that you need",
}
"""The dimensions in the order of Table 6, each with what holds of a fact that is high on it (section 5.3)."""

# One string a row, four letters a dimension: `l` low, `m` medium, `.` for the high scores that Table 6 leaves out.
_SCORES = {
    "Overview": ".m.. .m.. ...m .mmm",
    "Purpose": ".m.. .... .m.. ....",
    "Model Architecture": "...m ...m .... m..m",
    "Parameters and Inference Attributes": "...m ..l. .m.m m..m",
    "Training Methodology": "...m ..l. .... .mlm",
    "Inference Methodology": "..lm ..lm ..lm mmlm",
    "Training Data": "...l ...m ...l .mll",
    "Hardware Characteristics": "...l ...l ...l m.ml",
    "Test Data": "...l ...m ...l .mll",
    "Performance Metrics": "...l .... .m.l m.ml",
}


@dataclass(frozen=True, slots=True)
class Score:
    """One filled cell of Table 6: a fact of the published BERT FactSheet, judged low or medium."""

    fact: str
    dimension: Dimension
    participant: str
    grade: Grade


SCORES: tuple[Score, ...] = tuple(
    Score(fact, dimension, who, "low" if letter == "l" else "medium")
    for fact, row in _SCORES.items()
    for dimension, letters in zip(CRITERIA, row.split(" "), strict=True)
    for who, letter in zip(_JUDGES, letters, strict=True)
    if letter != "."
)
"""Table 6, row by row."""


def incomplete_facts(role: RoleName) -> tuple[str, ...]:
    """Return the facts of the published BERT FactSheet whose completeness this role's evaluators scored below high."""
    judges = EVALUATORS.get(role, ())
    facts = (
        score.fact for score in SCORES if score.dimension == "completeness" and score.participant in judges
    )
    return tuple(dict.fromkeys(facts))
