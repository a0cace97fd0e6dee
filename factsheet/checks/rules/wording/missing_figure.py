"""The text refers to a figure that does not exist, or a figure to a section that does not.

What it does: searches the text for "Figure 3", "Fig. `architecture`", "the figure below" and the like, and checks
whether `figures` has that many, one of that id, or one for that section. A figure of a paper ("Figure 3 of …") is
ignored, and so is a text with a picture of its own. A figure's own `section` has to be in the sheet; a figure without a
section has to be mentioned somewhere.

Why it matters: the reader looks for an explanation of the text, and does not find it.

Fails:
    mapping: The figure below shows how the layers lie on the tiles.

Passes:
    mapping: The figure below shows how the layers lie on the tiles.
    figures:
      - {id: mapping, title: Layers on tiles, section: model_architecture}

How to fix: add the figure under `figures:`, or describe in words what it would show.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.prose import matches_near, prose_of, sentence_at
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.prose import Passage, SheetProse
    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.references import Figure

_FIGURE = ("igure", "ig.", "igs.")
_STEMS = ("igure", "ig.", "igs.", "iagram", "icture", "plot", "chart", "llustration", "drawing", "schematic")
_PICTURES = (
    *(
        "he figure",
        "he diagram",
        "he picture",
        "he plot",
        "he chart",
        "he illustration",
        "he drawing",
        "he schematic",
    ),
    *(
        "ee figure",
        "ee diagram",
        "ee picture",
        "ee plot",
        "ee chart",
        "ee illustration",
        "ee drawing",
        "ee schematic",
    ),
)
_PICTURE = r"(?:figure|diagram|picture|plot|chart|illustration|drawing|schematic)"
_REACH_OF_FIGURE, _REACH_OF_PICTURE = (1, 48), (20, 48)
_HERE = (
    rf"(?i)\b(?:(?:shown|seen|depicted|drawn|illustrated|sketched|plotted) (?:in|on) the {_PICTURE}\b"
    rf"|see (?:the )?{_PICTURE}(?: below| above|(?=[).,;]))"  # "see the figure for power" means a number
    r"|in the (?:figure|diagram|chart|illustration|schematic) (?:below|above)\b"
    rf"|the {_PICTURE}(?: below| above| on the (?:left|right))? (?:shows|depicts|illustrates|sketches|plots)\b)"
)
_NUMBERED = r"\b(?:[Ff]igures?|[Ff]igs?\.)[\s~]+(\d{1,2})\b(?!\s*[.,]?\d)"
_NAMED = r"\b(?:[Ff]igures?|[Ff]igs?\.)\s+(?:`([a-z0-9][a-z0-9._-]*)`|([a-z][a-z0-9]*(?:[-_][a-z0-9]+)+))"
_OWN_PICTURES = ("![", "<img", ".. image::", ".. figure::")
"""How pictures are put into Markdown, HTML and reStructuredText."""
_ELSEWHERE = (
    r"(?i)\b(?:paper|article|preprint|publication|supplement\w*|reference|appendix|annex|report|thesis|book"
    r"|et al|ref)\b|\[\d+\]"
)


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet, prose = context.sheet, prose_of(context.sheet)
    figures = sheet.figures or ()
    if any(stem in prose.text for stem in _STEMS):
        yield from _missing(prose, figures)
    for index, figure in enumerate(figures):
        yield from _misplaced(sheet, prose, figure, index)


def _missing(prose: SheetProse, figures: tuple[Figure, ...]) -> Iterator[Finding]:
    known = [figure.id for figure in figures]
    for match in matches_near(prose.text, _FIGURE, _NUMBERED, _REACH_OF_FIGURE):
        if int(match[1]) > len(figures) and not _elsewhere(prose, match):
            had = "no figures" if not figures else f"{len(figures)} figure{'s' if len(figures) > 1 else ''}"
            yield _finding(prose.at(match.start()), match[0], f"the sheet has {had}")
    for match in matches_near(prose.text, _FIGURE, _NAMED, _REACH_OF_FIGURE):
        name = match[1] or match[2]
        if name not in known and not _elsewhere(prose, match):
            yield _finding(prose.at(match.start()), match[0], f"no figure has the id `{name}`")
    for match in matches_near(prose.text, _PICTURES, _HERE, _REACH_OF_PICTURE):
        passage = prose.at(match.start())
        if not _elsewhere(prose, match) and not any(_may_be_of(figure, passage) for figure in figures):
            yield _finding(passage, match[0], "the sheet has no such figure for this section")


def _may_be_of(figure: Figure, passage: Passage) -> bool:
    return figure.section is None or re.split(r"[.\[]", figure.section)[0] == passage.section


def _elsewhere(prose: SheetProse, match: re.Match[str]) -> bool:
    """Return whether the figure is another document's, or the text's own: by its words, or by a picture in it."""
    passage = prose.at(match.start())
    if passage.kind in {"source", "name"} or any(sign in passage.text for sign in _OWN_PICTURES):
        return True
    behind = prose.text[match.end() : match.end() + 20]
    if re.match(r"[a-z]?\)?,?\s+(?:of|in|from|by)\b(?!\s+(?:this|the)\s+(?:sheet|section))", behind):
        return True
    return re.search(_ELSEWHERE, sentence_at(prose.text, match.start(), match.end())) is not None


def _finding(passage: Passage, word: str, message: str) -> Finding:
    return Finding(
        passage.path,
        f"{message}, but the text mentions “{word}”",
        "add it under `figures:`, or describe in words what it would show",
        word=word,
    )


def _misplaced(sheet: SheetFields, prose: SheetProse, figure: Figure, index: int) -> Iterator[Finding]:
    if figure.section is None:
        mentioned = any(passage.kind != "caption" for passage in prose.having(figure.id))
        if not mentioned and not re.search(_HERE, prose.text) and not re.search(_NUMBERED, prose.text):
            yield Finding(
                ("figures", index, "id"),
                f"nothing says where the figure `{figure.id}` belongs",
                "add `section:` with the section that it goes with, or mention it in the text",
            )
        return
    top, *below = re.split(r"[.\[]", figure.section)
    if getattr(sheet, top, None) is not None:
        return
    fields = [key for key in vars(sheet) if key != "factsheet"]
    from difflib import get_close_matches  # most figures are where they belong

    close = [] if top in fields else get_close_matches(top, fields, 1)
    yield Finding(
        ("figures", index, "section"),
        f"the sheet has no section `{top}`",
        f"did you mean `{close[0]}`?" if close else "name a section that the sheet has",
        changes=(Change(("figures", index, "section"), ".".join([close[0], *below])),) if close else (),
    )


RULE = Rule(
    "FS605",
    "missing-figure",
    "warning",
    "the reader looks for an explanation of the text, and does not find it",
    _check,
    whole_sheet_only=True,
)
