"""Open a page: what the model is to this reader, a question with its answer, figures, and what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.authoring.todo import owed_facts
from factsheet.checks.completeness import stage_of
from factsheet.pages.content.answers import answer, what_it_is_for
from factsheet.pages.content.glance import glance, snippet
from factsheet.pages.content.key_figures import key_figures, unknown_facts, wanted_figures
from factsheet.pages.first_screen import NextStep, Opening
from factsheet.readers.roles import ROLE_NAMES

if TYPE_CHECKING:
    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.model import SectionBlock

_MOST_STEPS = 5
_BEGUN = 3
"""With fewer figures than this, a sheet that names no stage is taken for a draft."""


def opening(inputs: PageInputs, sections: tuple[SectionBlock, ...]) -> Opening:
    """Return the first screen of the page."""
    wanted = wanted_figures(inputs)
    figures = key_figures(inputs, wanted)
    stage = stage_of(inputs.sheet)
    is_draft = stage == "draft" or (stage is None and len(figures) < _BEGUN)
    steps = _next_steps(inputs) if is_draft else ()
    return Opening(
        sentence=what_it_is_for(inputs),
        question=inputs.view.question,
        answer=answer(inputs, sections, figures),
        figures=figures,
        glance=glance(inputs, figures),
        snippet=snippet(inputs),
        unknown=() if steps else unknown_facts(inputs, wanted, figures),
        next_steps=steps[:_MOST_STEPS],
        steps_left=max(0, len(steps) - _MOST_STEPS),
    )


def _next_steps(inputs: PageInputs) -> tuple[NextStep, ...]:
    """Return what `factsheet todo` lists for this reader, up to the stage of a review."""
    view = inputs.view.name
    roles = ROLE_NAMES if view == "full" else (view,)
    return tuple(
        NextStep(owed.path, owed.question, owed.example, owed.owed_by)
        for owed in owed_facts(inputs.sheet, roles=roles, stage="review")
    )
