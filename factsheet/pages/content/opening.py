"""Open a page: what the model is to this reader, a question with its answer, figures, and what is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.authoring.todo import owed_facts
from factsheet.checks.completeness import stage_of
from factsheet.pages.content.answers import answer, what_it_is_for, words_of
from factsheet.pages.content.glance import glance
from factsheet.pages.content.key_figures import key_figures, unknown_facts, wanted_figures
from factsheet.pages.first_screen import ROOM, NextStep, Opening
from factsheet.pages.key_figure import stated
from factsheet.pages.rich_text import read_prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.model import SectionBlock
    from factsheet.pages.rich_text import TextBlock, TextSpan

_MOST_STEPS = 5
_MOST_LINES = 12
"""Lines of a snippet."""
_ROOM_OF_ALL = 190
"""The whole sheet says more of itself above its figures."""
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
        room=_ROOM_OF_ALL if inputs.view.name == "full" else ROOM,
    )


def _next_steps(inputs: PageInputs) -> tuple[NextStep, ...]:
    """Return what `factsheet todo` lists for this reader, up to the stage of a review."""
    view = inputs.view.name
    roles = None if view == "full" else (view,)
    return tuple(
        NextStep(owed.path, owed.question, owed.example, owed.owed_by)
        for owed in owed_facts(inputs.sheet, roles=roles, stage="review")
    )


def snippet(inputs: PageInputs) -> str:
    """Return the code with which the sheet says to run the model; empty where it gives none, or none is wanted.

    Only what the author marked as code is taken: words are no commands.
    """
    if "setup" not in inputs.view.glance:
        return ""
    fact = stated(inputs, "setup.instructions")
    if fact is None or fact.text is None:
        return ""
    blocks, words = read_prose(fact.text), words_of(inputs, "setup.instructions") or ""
    lines = [line for text in _fences(blocks) for line in text.splitlines()] or list(_commands(blocks))
    if all(line in words for line in lines):
        return ""  # the row has all of it
    shown = lines[:_MOST_LINES]
    return "\n".join((*shown, "…") if len(lines) > len(shown) else shown)


def _fences(blocks: Iterable[TextBlock]) -> Iterator[str]:
    for block in blocks:
        if block.kind == "code":
            yield block.text
        yield from _fences(block.blocks)


def _commands(blocks: Iterable[TextBlock]) -> Iterator[str]:
    """Yield code in a line of its own words: `python run.py`; a single word names something and runs nothing."""
    for block in blocks:
        yield from (span.text for span in _code(block.spans) if " " in span.text.strip())
        yield from _commands(block.blocks)


def _code(spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
    for span in spans:
        if span.kind == "code":
            yield span
        yield from _code(span.spans)
