"""Figures as Mermaid: the numbers are in them, and no text of a sheet can be more than a label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from factsheet.pages.assembly import build_page
from factsheet.pages.figures.diagrams import label
from factsheet.pages.figures.drawing import mermaid
from factsheet.pages.formats.markdown import figure_files, front_matter, render_markdown
from factsheet.pages.model import FigureBlock
from factsheet.pages.options import RenderOptions
from factsheet.recompute.engine import recompute
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields

KINDS = ("flowchart LR", "pie showData")


def diagrams(bert: SheetFields) -> dict[str, tuple[str, ...]]:
    page = build_page(bert, "full", recompute(bert))
    blocks = (block for section in page.sections for block in section.blocks)
    return {block.id: mermaid(block) for block in blocks if isinstance(block, FigureBlock)}


def test_what_mermaid_draws_without_names_or_to_the_wrong_scale_is_left_to_words(bert: SheetFields) -> None:
    # Its charts have no names for their lines and no logarithmic axis, and a line through tasks means nothing.
    found = diagrams(bert)
    assert found["accuracy-0"] == found["floor-plan"] == ()
    text = render_markdown(build_page(bert, "full", recompute(bert)), RenderOptions(figures="mermaid"))
    assert "**Score by task: GLUE.** Analog AI against BERT paper (digital), by task:" in text


def test_a_figure_without_data_has_no_diagram(bert: SheetFields) -> None:
    assert diagrams(bert)["drift"] == ()


def test_every_diagram_begins_with_its_kind(bert: SheetFields) -> None:
    every = [text for found in diagrams(bert).values() for text in found]
    assert len(every) == 4
    assert all(text.startswith(KINDS) for text in every)


@given(
    st.text(max_size=80)
    | st.sampled_from(['"] --> x', "%%{init: {}}%%", "```", "<img>", "click a", "#quot;", "\u202e"])
)
def test_a_label_holds_nothing_that_means_something(text: str) -> None:
    found = label(text)
    assert not set('"`<>{}[]|;#&\\@\n\u202e') & set(found)
    assert "%%" not in found
    assert "--" not in found or "--" in text
    assert len(found) <= 60


def test_a_label_keeps_what_is_plain() -> None:
    assert label("layer.0 (768 × 3,072) −0.28 %, Ümläut 中文") == "layer.0 (768 × 3,072) −0.28 %, Ümläut 中文"


def test_figures_can_be_files_or_words(bert: SheetFields) -> None:
    page = build_page(bert, "hardware-researcher", recompute(bert))
    text = render_markdown(page, RenderOptions(figures="svg", figure_folder="bert-figures"))
    linked = re.findall(r"!\[[^\]]*\]\(bert-figures/([a-z0-9-]+\.svg)\)", text)
    assert linked == list(figure_files(page))
    assert "```mermaid" not in text
    words = render_markdown(page, RenderOptions(figures="none"))
    assert "```mermaid" not in words
    assert "![" not in words
    assert "**Tiles of the network and how full they are.** The network takes 480 tiles" in words


def test_every_drawn_figure_is_told_in_words_too(bert: SheetFields) -> None:
    page = build_page(bert, "hardware-researcher", recompute(bert))
    text = render_markdown(page, RenderOptions(figures="svg"))
    assert text.count("<summary>The figure in words</summary>") == len(figure_files(page))
    text = render_markdown(page, RenderOptions(figures="mermaid"))
    drawn = [block for made in page.sections for block in made.blocks if isinstance(block, FigureBlock)]
    assert text.count("<summary>The figure in words</summary>") == sum(
        bool(mermaid(block)) for block in drawn
    )
    assert all(block.text[:40] in text for block in drawn)


def test_front_matter_is_yaml_that_says_which_sheet_it_is(bert: SheetFields) -> None:
    page = build_page(bert, "data-scientist", digest="sha256:ab")
    text = render_markdown(page, RenderOptions(front_matter=True))
    assert text.startswith("---\n")
    assert render_markdown(page).startswith("# ")
    _, yaml, body = text.split("---\n", 2)
    loaded = load_bytes(yaml.encode(), "front matter")
    assert loaded.document is not None
    assert loaded.document.data == {
        "title": "BERT-base on analog AI hardware",
        "model": "BERT-base",
        "date": "2022-11-14",
        "status": "published",
        "organisation": "IBM AI Hardware Center",
        "view": "data-scientist",
        "sheet": "sha256:ab",
    }
    assert body == "\n" + render_markdown(page)


@given(st.text(max_size=40))
def test_front_matter_takes_any_title(title: str) -> None:
    class Known:
        model, version, date, status, organisation, digest = title or "-", None, None, None, None, None

    class Head:
        identity, view = Known(), "full"

    Head.title = title  # type: ignore[attr-defined]  # what `front_matter` looks at
    yaml = front_matter(Head())  # type: ignore[arg-type]  # likewise
    assert not load_bytes(yaml.strip("-\n").encode(), "front matter").problems
