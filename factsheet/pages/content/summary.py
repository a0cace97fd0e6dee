"""Write the text around the facts of a page: its summary, its basis, how far the sheet meets the reader's needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.completeness import STANDINGS
from factsheet.pages.back_matter import GlossaryTerm
from factsheet.pages.content.chip import largest_difference
from factsheet.pages.content.glossary import legend
from factsheet.pages.content.performance import WORKED_OUT
from factsheet.pages.marks import CHECK_WORDS, PROVENANCE_KINDS, SYMBOLS, agreement, mark_of
from factsheet.pages.model import FigureBlock, FiguresBlock, PageIdentity, Summary, TableBlock, shown_paths
from factsheet.pages.rich_text import TextSpan, block_text, cut
from factsheet.pages.rows import is_figure, prose_of, provenance_of, sentences_of
from factsheet.pages.score_tables import tables_of
from factsheet.readers.audience import STUDY
from factsheet.readers.study import EVALUATORS, incomplete_facts
from factsheet.recompute.verdict import MARKS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from factsheet.pages.back_matter import NeedRow
    from factsheet.pages.first_screen import KeyFigure, Opening
    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.marks import FactMark, ProvenanceKind
    from factsheet.pages.model import SectionBlock
    from factsheet.pages.rich_text import TextBlock

_MOST_CHARACTERS = 400


def imprint(inputs: PageInputs) -> tuple[str, ...]:
    """Return model, organisation, date and status, as far as they are answered."""
    overview = inputs.sheet.overview
    organisation, date, status = (
        None if fact is None or fact.absence is not None else fact.shown()
        for fact in (overview.organisation, overview.date, overview.status)
    )
    # A date by itself could be that of the model, or of the page.
    of_sheet = ", ".join(
        words
        for words in (None if date is None else f"sheet of {date}", _STATUS.get(status or "", status))
        if words
    )
    return tuple(
        words for words in (f"FactSheet of {overview.model.shown()}", organisation, of_sheet) if words
    )


_STATUS = {"review": "in review"}


def identity(inputs: PageInputs, digest: str | None) -> PageIdentity:
    """Return what identifies this sheet."""
    overview = inputs.sheet.overview
    asked = (overview.version, overview.date, overview.status, overview.organisation, overview.licence)
    version, date, status, organisation, licence = (
        None if fact is None or fact.absence is not None else fact.shown() for fact in asked
    )
    return PageIdentity(
        overview.model.shown(), version, date, status, organisation, digest, licence, inputs.language
    )


def reader(inputs: PageInputs) -> str | None:
    """Return who the page is for; `None` for the full sheet."""
    audience, view = inputs.sheet.audience, inputs.view.name
    if view == "full":
        return None
    return f"For the {audience.singular(view)}, who {audience.roles[view].description}."


class Introduction(NamedTuple):
    """What the model is, in the sheet's words; `shortened` if there are more of them than half a page takes."""

    prose: tuple[TextBlock, ...] = ()
    shortened: bool = False


def what_it_is(inputs: PageInputs) -> Introduction:
    """Return the sheet's summary, cut after a sentence where it is long: the page's summary has to stay half a page."""
    stated = inputs.fact("overview.summary")
    if stated is None or stated.absence is not None:
        return Introduction()
    prose = prose_of("overview.summary", stated)
    if sum(len(block_text(block)) for block in prose) <= _MOST_CHARACTERS:
        return Introduction(prose)
    kept = ""
    for sentence in sentences_of(block_text(prose[0])):
        if kept and len(kept) + len(sentence) >= _MOST_CHARACTERS:
            break
        kept = f"{kept} {sentence}".strip()
    shown = cut(prose[0], len(kept[:_MOST_CHARACTERS].rstrip()))
    return Introduction((replace(shown, spans=(*shown.spans, TextSpan("text", " …"))),), shortened=True)


def summary(
    inputs: PageInputs,
    introduction: Introduction,
    opening: Opening,
    *,
    needs: tuple[NeedRow, ...],
    sections: tuple[SectionBlock, ...],
) -> Summary:
    """Return what the sheet says of itself, with a legend of the words and signs that the page uses."""
    figures = opening.figures
    provenances = (*(figure.provenance for figure in figures), *_provenances(sections))
    return Summary(
        paragraphs=tuple(block_text(block) for block in introduction.prose),
        coverage=_coverage(inputs, needs),
        basis=inputs.view.basis,
        legend=(*legend(provenances), *_signs(figures, sections)),
        prose=introduction.prose,
        shortened=introduction.shortened,
    )


def _signs(figures: tuple[KeyFigure, ...], sections: tuple[SectionBlock, ...]) -> tuple[GlossaryTerm, ...]:
    """Return what the signs for checks mean, for those that occur."""
    used = {figure.mark.check for figure in figures}
    for block in (block for made in sections for block in made.blocks):
        if isinstance(block, FiguresBlock):
            used |= {row.mark.check for row in block.rows if row.mark is not None}
        elif isinstance(block, TableBlock):
            cells = [cell for row in (*block.rows, *block.closing) for cell in row]
            used |= {check for check in MARKS if any(cell.endswith(SYMBOLS[check]) for cell in cells)}
    return tuple(GlossaryTerm(SYMBOLS[check], CHECK_WORDS[check]) for check in MARKS if check in used)


def _provenances(sections: tuple[SectionBlock, ...]) -> Iterator[str]:
    """Yield the phrases that say where the figures of these sections come from."""
    for block in (block for made in sections for block in made.blocks):
        if isinstance(block, TableBlock):
            yield block.provenance or ""
            yield from (note.text for note in block.notes if note.text.startswith("recomputed"))
            yield from (cell for row in block.rows for cell in row if cell.endswith(WORKED_OUT))
        elif isinstance(block, FiguresBlock):
            yield from (row.provenance_text for row in block.rows)
        elif isinstance(block, FigureBlock):
            yield block.provenance or ""
        elif block.row.states_provenance:
            yield block.row.provenance_text


def _coverage(inputs: PageInputs, needs: tuple[NeedRow, ...]) -> str:
    """Return how many of the reader's needs the sheet answers, in one sentence."""
    found = {words: sum(need.answered == words for need in needs) for words in STANDINGS}
    counts = [
        *((f"answers {_all_of(found['answered'], len(needs))}",) if found["answered"] else ()),
        *((f"answers {found['answered in part']} in part",) if found["answered in part"] else ()),
        *((f"gives a reason for not answering {found['said why not']}",) if found["said why not"] else ()),
        *((f"says nothing on {found['missing']}",) if found["missing"] else ()),
    ]
    audience, view = inputs.sheet.audience, inputs.view.name
    if view == "full":
        who = (
            "people asked for in the FactSheet study"
            if audience is STUDY
            else f"the template {audience.template} asks for"
        )
    elif audience.roles[view].interviewed:
        who = f"{audience.people(view)} asked for"
    else:
        who = f"{audience.people(view)} need"
    return f"Of the {len(needs)} kinds of facts that {who}, this sheet {_listed(counts)}."


def _all_of(count: int, total: int) -> str:
    return "all" if count == total > 1 else str(count)


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def grounds(inputs: PageInputs) -> str:
    """Return where the needs behind the page are known from."""
    audience = inputs.sheet.audience
    of_study = audience is STUDY
    if inputs.view.name == "full":
        order = "the study's template (Table 5)" if of_study else "its template"
        return f"Every fact is shown, in the order of {order}. {audience.grounds()}"
    shown = "Facts that answer a need of this reader are shown in full, others in short form or folded."
    return f"{shown} {audience.grounds()}"


def evaluation(inputs: PageInputs, reviewers: Collection[str] = ()) -> str | None:
    """Return what this role's evaluators said of the published BERT sheet (Table 6).

    Args:
        inputs: what the page is made from.
        reviewers: who reviewed this sheet, and is listed with what they said: `None` is returned for the same people.
    """
    view = inputs.view.name
    if view == "full" or view not in EVALUATORS or inputs.sheet.audience is not STUDY:
        return None
    if set(EVALUATORS[view]) <= set(reviewers):
        return None
    return (
        f"Evaluating the study's BERT FactSheet in this role, {' and '.join(EVALUATORS[view])} found these"
        f" parts of it incomplete: {', '.join(incomplete_facts(view))} (Table 6)."
    )


def sentence_on_figures(
    inputs: PageInputs, sections: Sequence[SectionBlock], figures: Sequence[KeyFigure]
) -> str | None:
    """Say where the sheet's figures on this page come from, and what recalculation gives for them; each once."""
    shown = dict.fromkeys((*(figure.path for figure in figures), *shown_paths(sections)))
    known = [path for path in shown if path in inputs.placed and is_figure(inputs.placed[path].fact)]
    marks = [
        mark_of(provenance_of(inputs, inputs.placed[path]), agreement(inputs.recomputed.get(path)))
        for path in known
    ]
    if not marks:
        return None
    kinds = [(kind, sum(mark.provenance == kind for mark in marks)) for kind in PROVENANCE_KINDS]
    measured = [path for path, mark in zip(known, marks, strict=True) if mark.provenance == "measured"]
    in_software = bool(measured) and all(_is_digital(inputs, path) for path in measured)
    words = dict(_ORIGINS)
    if in_software:
        words["measured"] = "runs of the digital model in software"
    found = [f"{count} {words[kind]}" for kind, count in kinds if count]
    unmeasured = not any(mark.provenance == "measured" for mark in marks)
    found[0] = found[0].replace(" ", " is " if found[0].startswith("1 ") else " are ", 1)
    origins = _listed(found)
    if len(marks) == 1:
        return f"The sheet's one figure on this page {origins.removeprefix('1 ')}.{_recomputed(marks)}"
    none = "none is measured: " if unmeasured else ""
    worst = largest_difference(inputs) if "chip" in inputs.view.tables else None
    modelled = "" if worst is None else f" A model of the chip differs from the sheet by up to {worst}."
    return f"Of the sheet's {len(marks)} figures on this page, {none}{origins}.{_recomputed(marks)}{modelled}"


def _is_digital(inputs: PageInputs, path: str) -> bool:
    """Return whether a figure is a score of the digital model, which no hardware was measured for."""
    if path == "hwa_training.baseline_accuracy":
        return True
    table = next(
        (t for i, t in enumerate(tables_of(inputs)) if path.startswith(f"performance.results[{i}].")), None
    )
    name = path.rpartition(".")[2]
    return table is not None and any(s.id == name and s.kind == "digital" for s in table.systems)


_ORIGINS: dict[ProvenanceKind, str] = {
    "measured": "measured",
    "declared": "declared by the producer",
    "cited": "cited from publications",
    "simulated": "simulated",
    "derived": "derived from others",
    "estimated": "estimated by a model of the chip",
    "not stated": "without a stated source",
}


def _recomputed(marks: Sequence[FactMark]) -> str:
    """Return how many figures were recomputed, and how many of those come out the same."""
    agree, allowed, differ = (
        sum(mark.check == check for mark in marks) for check in ("agrees", "within tolerance", "differs")
    )
    checked = agree + allowed + differ
    if not checked:
        return ""
    head = f" {checked} could be recomputed from the rest of the sheet"
    # What a sheet has from others of its figures, or from the model, comes out the same when it is worked out again.
    own = sum(mark.check == "agrees" and mark.provenance in {"derived", "estimated"} for mark in marks)
    their = (
        "is derived or estimated itself: only its"
        if own == 1
        else "are derived or estimated themselves: only their"
    )
    rest = f" {own} of them {their} arithmetic is checked." if own else ""
    if agree == checked:
        return f"{head}{', and it agrees' if checked == 1 else ', and all of them agree'}.{rest}"
    counts = ((agree, "agree"), (allowed, "differ by no more than the sheet allows"), (differ, "differ"))
    parts = [f"{count} {_verb(words, count)}" for count, words in counts if count]
    return f"{head}: {_listed(parts)}.{rest}"


def _verb(words: str, count: int) -> str:
    verb, space, rest = words.partition(" ")
    return f"{verb}s{space}{rest}" if count == 1 else words
