"""The plan of each reader's page: one `View` for each of the six roles, and one for the whole sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.readers.parts import PARTS
from factsheet.readers.production_plans import AI_ENGINEER, BUSINESS_EXPERT, SOFTWARE_DEVELOPER
from factsheet.readers.research_plans import ALGORITHM_DESIGNER, DATA_SCIENTIST, HARDWARE_RESEARCHER
from factsheet.readers.views import Chapter, View

if TYPE_CHECKING:
    from factsheet.readers.roles import ViewName


# The whole sheet, in the order of the template (Table 5 of the FactSheet study).
_FULL = View(
    name="full",
    what="network",
    key_figures=("score", "gap", "time", "power", "efficiency", "refresh"),
    wanted=("overview.licence",),
    chapters=tuple(Chapter(part.key, part.question) for part in PARTS),
    question="What is the model, how good is it, and what does it take of the chip?",
    sentences=("scores", "runs", "tested_where", "excess", "figures"),
    glance=("operations", "design", "maturity", "noise", "test_data", "responsible", "licence"),
    figures=(
        "crossbar",
        "field",
        "floor",
        "ops",
        "latency",
        "energy",
        "accuracy",
        "drift",
        "sensitivity",
        "lifecycle",
    ),
    tables=("chip", "comparison", "gains", "layers", "profile"),
)

VIEWS: dict[ViewName, View] = {
    view.name: view
    for view in (
        HARDWARE_RESEARCHER,
        ALGORITHM_DESIGNER,
        DATA_SCIENTIST,
        AI_ENGINEER,
        SOFTWARE_DEVELOPER,
        BUSINESS_EXPERT,
        _FULL,
    )
}
"""Every view by its name, roles first."""
