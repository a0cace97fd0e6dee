"""The whole sheet, in the order of the template (Table 5 of the FactSheet study)."""

from __future__ import annotations

from factsheet.pages.parts import PARTS
from factsheet.pages.readers.view import Chapter, View

VIEW = View(
    name="full",
    headlines=("accuracy", "run", "power_and_area", "efficiency", "refresh", "data", "maturity"),
    chapters=tuple(Chapter(part.key, part.question) for part in PARTS),
    question="What is the model, what does it take of the chip, and how good is it there?",
    sentences=("network", "run", "chip", "accuracy", "refresh"),
    figures=("crossbar", "floor", "ops", "latency", "energy", "accuracy", "drift", "lifecycle"),
    tables=("chip", "comparison", "gains", "layers", "profile"),
)
