"""Turn an answer of the sheet into a row of the page.

Its words, its standing, what it holds at, how deep it is shown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.facts.plain_kinds import NOT_STATED
from factsheet.pages.agreement import agreement
from factsheet.pages.content.glossary import NOT_STATED_ORIGIN, words_for
from factsheet.pages.marks import Standing
from factsheet.pages.model import FactRow
from factsheet.readers.parts import general
from factsheet.readers.roles import ROLE_NAMES, singular

if TYPE_CHECKING:
    from factsheet.facts.fact import At, Fact, RelativeTo
    from factsheet.facts.section import Source
    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.model import RowKind
    from factsheet.readers.views import Depth
    from factsheet.sheet.walk import Placed

LINK_FIELDS = frozenset(
    {
        "overview.homepage",
        "setup.implementation",
        "setup.weights",
        "model_architecture.implementation",
        "training_data.source",
        "test_data.source",
    }
)
"""The facts whose schema admits nothing but a web address."""

LINE_LENGTH = 64
"""Longest text that still reads well in a cell of a table."""
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-z])")
_RELATIVE: dict[RelativeTo, str] = {
    "not stated": "relative to what is not stated",
    "absolute": "absolute",
    "w_max": "of the largest weight",
    "g_max": "of the largest conductance",
    "weight_std": "of the weights' standard deviation",
    "input_bound": "of the input bound",
    "output_bound": "of the output bound",
    "output_std": "of the outputs' standard deviation",
    "input_std": "of the inputs' standard deviation",
    "device_model": "of what the device model gives",
}


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The paragraphs of a prose field, each on one line."""
    return tuple(joined for part in _PARAGRAPH.split(text) if (joined := " ".join(part.split())))


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a text on one line."""
    return tuple(_SENTENCE.split(" ".join(text.split())))


def first_sentence(text: str) -> str:
    """The first sentence of a text, on one line."""
    line = " ".join(text.split())
    return _SENTENCE.split(line, maxsplit=1)[0]


def holds_at(at: At | None) -> str | None:
    """An operating point in words: `sequence length 32, batch not stated`."""
    if at is None:
        return None
    named = []
    if at.seq_len is not None:
        named.append(f"sequence length {at.seq_len}")
    if at.batch is not None:
        named.append("batch not stated" if at.batch == NOT_STATED else f"batch {at.batch}")
    return ", ".join(named) or None


def standing_of(material: PageInputs, placed: Placed) -> Standing:
    """Where an answer comes from; references only where they are not those of the whole sheet."""
    return standing(material, placed.source, placed.evidence, by=placed.fact.by, on=placed.fact.date)


def standing(
    material: PageInputs,
    source: Source | None,
    evidence: tuple[str, ...],
    *,
    by: str | None = None,
    on: str | None = None,
) -> Standing:
    """`standing_of` for what is no fact of its own: a column of a table."""
    who = "" if by is None else f" by {f'the {singular(by)}' if by in ROLE_NAMES else by}"
    when = "" if on is None else f", {on}"
    whole = material.sheet.provenance
    usual = whole is not None and source == whole.source and evidence == (whole.evidence or ())
    return Standing(
        f"{source or NOT_STATED_ORIGIN}{who}{when}",
        () if usual else material.references(evidence),
        source or "not stated",
    )


def _kind(path: str, fact: Fact) -> RowKind:
    if fact.items:
        return "items"
    if fact.text is None:
        return "figure"
    if general(path) in LINK_FIELDS:
        return "link"
    return "line" if len(fact.text) <= LINE_LENGTH and "\n" not in fact.text else "prose"


def _written(fact: Fact) -> tuple[str, ...]:
    """The answer as paragraphs; whole numbers with their thousands apart."""
    if fact.text is not None:
        return paragraphs_of(fact.text)
    if fact.whole is not None:
        return (f"{fact.whole:,}",)
    return (fact.words(),)


def _note(fact: Fact) -> str | None:
    """The note that goes with an answer, and how far its recomputation may be off by the sheet's own word."""
    words = "" if fact.note is None else " ".join(fact.note.split())
    if fact.tolerance is not None:
        words += f" The sheet accepts a recomputed value that differs by up to {fact.tolerance * 100:.4g} %"
        words += "." if fact.tolerance_reason is None else f": {' '.join(fact.tolerance_reason.split())}"
    return words.strip() or None


def row_for(material: PageInputs, path: str, placed: Placed, depth: Depth) -> FactRow:
    """The row of an answered field, cut to its depth."""
    fact = placed.fact
    row = FactRow(
        path=path,
        label=words_for(path, plain=not material.view.knows_hardware),
        kind=_kind(path, fact),
        paragraphs=() if fact.items else _written(fact),
        depth=depth,
        standing=standing_of(material, placed),
        entries=fact.items,
        holds_at=holds_at(fact.at),
        relative_to=None if fact.relative_to is None else _RELATIVE[fact.relative_to],
        note=_note(fact),
        agreement=agreement(material.recomputed.get(path), material.workings.get(path)),
        states_standing=fact.source is not None or fact.by is not None or fact.date is not None,
    )
    return _shortened(row) if depth == "short" else row


def _shortened(row: FactRow) -> FactRow:
    """The row without its note, prose cut to its first sentence; marked if that leaves anything out."""
    kept = row.paragraphs
    if row.kind == "prose":
        kept = (first_sentence(row.paragraphs[0]),)
    return replace(row, paragraphs=kept, note=None, shortened=kept != row.paragraphs or row.note is not None)
