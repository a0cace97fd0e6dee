"""Embeds of a sheet in other pages, and a letter of the user's own: the example of the documentation as printed."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hostile import attacking
from html_reading import Reading
from made_pages import SHEETS, bert_pages, pages_of

import factsheet
from factsheet.cli import run as cli
from factsheet.pages.formats.embeds import SheetSeal, badge_svg, card_svg, fragment_html, seal_of
from factsheet.pages.options import RenderOptions
from factsheet.pages.rendering import PageSet

DOCS = Path(__file__).parents[2] / "docs" / "rendering.md"
SOUND = SheetSeal(0, 4, 4, "published")


def test_a_badge_says_what_was_checked() -> None:
    drawn = ET.fromstring(badge_svg(SOUND))  # noqa: S314  our own
    assert drawn.attrib["aria-label"] == "FactSheet checked · 4 of 4 recomputed · published"


@pytest.mark.parametrize(
    ("seal", "words"),
    [
        (SheetSeal(2, 4, 4, "draft"), "2 errors · 4 of 4 recomputed · draft"),
        (SheetSeal(1, 4, 3, None), "1 error · 3 of 4 recomputed"),
        (SheetSeal(0, 0, 0, None), "checked · nothing recomputed"),
    ],
)
def test_a_badge_hides_no_fault(seal: SheetSeal, words: str) -> None:
    assert words in badge_svg(seal)
    assert seal.colour != SOUND.colour


def test_the_count_is_that_of_the_figures_with_a_verdict() -> None:
    page = next(page for page in bert_pages() if page.view == "full")
    seal = seal_of(page, 0)
    verdicts = [row.agreement.check for row in page.rows if row.agreement is not None]
    assert 0 < seal.compared == len(verdicts)
    assert seal.agreeing == seal.compared - verdicts.count("differs")


def test_embeds_of_a_hostile_sheet_are_well_formed_and_fetch_nothing() -> None:
    for page in pages_of(attacking("http://127.0.0.1:9/trap")):
        drawn = ET.fromstring(card_svg(page, SOUND))  # noqa: S314  our own
        assert {element.tag.rpartition("}")[2] for element in drawn.iter()} <= {
            "svg",
            "title",
            "rect",
            "path",
            "text",
        }
        reading = Reading(fragment_html(page, SOUND))
        assert not reading.unclosed
        assert not reading.all("script", "img", "link", "iframe")


def test_a_frame_links_to_nothing_that_it_has_not() -> None:
    for page in bert_pages():
        reading = Reading(fragment_html(page, SOUND))
        assert not [a for a in reading.all("a") if a.attributes["href"].startswith("#")]


@pytest.mark.parametrize("shape", ["badge", "card", "frame"])
def test_the_command_writes_each_shape(shape: str, tmp_path: Path) -> None:
    file = tmp_path / "made"
    given = ["badge", str(SHEETS["bert"]), "--as", shape, "--role", "business-expert", "-o", str(file)]
    assert cli.run(given) == 0
    assert "checked" in file.read_text("utf-8")
    assert cli.run([*given[:4], "--role", "nobody"]) == 2


def test_the_letter_of_the_documentation_is_one_page_of_facts(tmp_path: Path) -> None:
    (letter,) = re.findall(
        r"```jinja\n(# \{\{ page\.title \}\}\n\n\{\{ page\.identity.*?)```",
        DOCS.read_text("utf-8"),
        re.DOTALL,
    )
    assert len([line for line in letter.splitlines() if line]) <= 10
    (tmp_path / "markdown").mkdir()
    (tmp_path / "markdown" / "page.md.j2").write_text(letter, "utf-8")
    made = PageSet(factsheet.load(SHEETS["bert"]), RenderOptions(overrides=tmp_path)).render(
        "business-expert", "md"
    )
    assert isinstance(made, str)
    # The published sheet's own figures.
    for words in (
        "0.19 ms",
        "3.13 W",
        "declared",
        "Licence: not disclosed",
        "4 weeks",
        "sentiment classification",
    ):
        assert words in made
