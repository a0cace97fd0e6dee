"""The words around the facts of a page: its summary, what it rests on, how far the sheet meets the reader's needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from factsheet.sheet.needs import people, singular
from factsheet.sheet.roles import ROLES, STUDY
from factsheet.sheet.study import EVALUATORS, found_incomplete
from factsheet.views.headlines import headlines
from factsheet.views.page import Answered, FiguresBlock, Summary, TableBlock
from factsheet.views.point_table import WORKED_OUT
from factsheet.views.rows import paragraphs_of
from factsheet.views.words import legend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.views.material import Material
    from factsheet.views.page import NeedRow, SectionBlock, ViewName


def imprint(material: Material) -> tuple[str, ...]:
    """Model, organisation, date and status, as far as they are answered."""
    overview = material.sheet.overview
    asked = (overview.organisation, overview.date, overview.status)
    told = (fact.words() for fact in asked if fact is not None and fact.absence is None)
    return (f"FactSheet of {overview.model.words()}", *told)


def reader(view: ViewName) -> str | None:
    """Who the page is for; `None` for the full sheet."""
    return None if view == "full" else f"For the {singular(view)}, who {ROLES[view].description}."


def summary(material: Material, needs: tuple[NeedRow, ...], sections: tuple[SectionBlock, ...]) -> Summary:
    """The half page that stands alone, with the words for standing that it and the sections use."""
    told = material.fact("overview.summary")
    opening = headlines(material)
    standings = (*(headline.standing or "" for headline in opening), *_standings(sections))
    return Summary(
        paragraphs=() if told is None or told.absence is not None else paragraphs_of(told.words()),
        headlines=opening,
        coverage=_coverage(material.view.name, needs),
        basis=material.view.basis,
        legend=legend(standings),
    )


def _standings(sections: tuple[SectionBlock, ...]) -> Iterator[str]:
    """The phrases that tell where the figures of these sections come from."""
    for block in (block for made in sections for block in made.blocks):
        if isinstance(block, TableBlock):
            yield block.standing or ""
            yield from (note.text for note in block.notes if note.text.startswith("recomputed"))
            yield from (cell for row in block.rows for cell in row if cell.endswith(WORKED_OUT))
        elif isinstance(block, FiguresBlock):
            yield from (row.standing_text for row in block.rows)
        elif block.row.states_standing:
            yield block.row.standing_text


def _coverage(view: ViewName, needs: tuple[NeedRow, ...]) -> str:
    """How many of the reader's needs the sheet answers, in one sentence."""
    counts = [
        f"{count} {words}"
        for words in get_args(Answered)
        if (count := sum(need.answered == words for need in needs))
    ]
    if view == "full":
        who = "people asked for in the FactSheet study"
    elif ROLES[view].interviewed:
        who = f"{people(view)} asked for"
    else:
        who = f"{people(view)} need"
    return f"Of the {len(needs)} kinds of facts that {who}, this sheet answers {_listed(counts)}."


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def grounds(view: ViewName) -> str:
    """Where the needs behind the page are known from."""
    if view == "full":
        return f"Every fact is shown, in the order of the study's template (Table 5). The study: {STUDY}."
    return f"Facts that answer a need of this reader are shown in full, others short or folded. The study: {STUDY}."


def evaluation(view: ViewName) -> str | None:
    """What this role's evaluators said of the published BERT sheet (Table 6); `None` where nobody did."""
    if view == "full" or view not in EVALUATORS:
        return None
    return (
        f"Evaluating the study's BERT FactSheet in this role, {' and '.join(EVALUATORS[view])} found these parts of it "
        f"incomplete: {', '.join(found_incomplete(view))} (Table 6)."
    )
