"""Pages as Markdown: what another parser finds in them, whatever a sheet holds; and their look, in golden files."""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from factsheet.facts.kinds import Prose
from factsheet.pages.assembly import build_page
from factsheet.pages.formats.markdown import render_markdown
from factsheet.pages.rows import fields_of
from factsheet.readers.parts import general
from factsheet.readers.roles import VIEW_NAMES
from factsheet.recompute.engine import recompute
from factsheet.sheet.load import read_factsheet
from factsheet.source.document import dotted
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markdown_it.token import Token

    from factsheet.pages.model import Page
    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

PARSER = MarkdownIt("js-default", {"html": True})
OWN_HTML = {
    "<details>\n<summary>The whole sheet</summary>\n",
    "<details>\n<summary>The figure in words</summary>\n",
    "<details>\n<summary>Why this page shows what it shows</summary>\n",
    "</details>\n",
}
WORKINGS = re.compile(r"<details>\n<summary>\d+ workings?</summary>\n")
BLOCKS = {
    *("fence", "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "html_block"),
    *("bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close"),
    *("list_item_open", "list_item_close", "table_open", "table_close", "thead_open", "thead_close"),
    *("tbody_open", "tbody_close", "tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close"),
}
INLINES = {
    *(
        "text",
        "text_special",
        "strong_open",
        "strong_close",
        "em_open",
        "em_close",
        "link_open",
        "link_close",
    ),
}
# What the Markdown of a prose field may bring beside that.
PROSE_BLOCKS = {"blockquote_open", "blockquote_close"}
PROSE_INLINES = {"code_inline", "s_open", "s_close"}
PROSE_TARGETS = {"https://evil.example", "https://evil.example/p.png"}
LINK_KEYS = {"homepage", "implementation", "weights", "source", "url", "doi", "arxiv"}
NO_WIDTH = "\u200b"

PAYLOADS = (
    "<script>alert(1)</script>",
    "</details></details>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/p.png)",
    "[x](javascript:alert(1))",
    "[x](https://evil.example) <https://evil.example>",
    "[1]: https://evil.example",
    "a | b | c",
    "| --- | --- |",
    "`code` ```",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "---",
    "===",
    "**bold** _it_ ~~gone~~ $x$",
    "*(declared)* **",
    "{{ page }} {% raw %}",
    "&lt;b&gt; &#60;",
    "ends with \\",
    "@everyone www.evil.example https://evil.example",
    "\u202eevil",
)
PROSE_PAYLOADS = (
    *PAYLOADS,
    "![x](data:image/png;base64,AAAA) [x](data:text/html,x)",
    "[x][r]\n\n[r]: https://evil.example",
    "text\n\n# heading\n\n```html\n<b>\n```\n\n<details>\n\n1. one\n   - two",
    "[x](https://evil.example 'title') !*[x](https://evil.example)*",
)


@cache
def published(name: str) -> dict[str, Any]:
    loaded = load_bytes((Path(__file__).parents[2] / "sheets" / name).read_bytes(), name)
    assert loaded.document is not None
    assert isinstance(loaded.document.data, dict)
    return loaded.document.data


def data_of(name: str) -> dict[str, Any]:
    return copy.deepcopy(published(name))


def strings(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every text in plain data."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from strings(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from strings(value, (*path, index))
    elif isinstance(node, str):
        yield path


def put(data: Any, path: tuple[str | int, ...], value: str) -> None:
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value


@cache
def free_texts() -> tuple[tuple[str | int, ...], ...]:
    """The texts of the published sheet that the schema lets be any text."""
    whole = data_of("bert.yaml")
    free: list[tuple[str | int, ...]] = []
    for path in strings(whole):
        data = copy.deepcopy(whole)
        put(data, path, "any text | at all")
        sheet, misfits = read_factsheet(data)
        if sheet is not None and not misfits:
            free.append(path)
    return tuple(free)


def is_prose(path: tuple[str | int, ...]) -> bool:
    """Whether the text at a path is the answer of a prose field, which is read as Markdown."""
    field = path[:-1] if path[-1] == "value" else path
    return general(dotted(field)) in fields_of(Prose)


@cache
def hostile(payload: str, *, prose: bool) -> SheetFields:
    """The published sheet with a text in its prose fields, or in all others."""
    data = data_of("bert.yaml")
    for path in free_texts():
        if is_prose(path) == prose:
            put(data, path, payload)
    sheet, misfits = read_factsheet(data)
    assert sheet is not None
    assert not misfits
    return sheet


def tokens_of(markdown: str) -> Iterator[Token]:
    for token in PARSER.parse(markdown):
        yield token
        yield from token.children or []


def addresses(node: Any) -> Iterator[str]:
    """The web addresses in the link fields of plain data."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in LINK_KEYS and isinstance(value, str):
                prefix = {"doi": "https://doi.org/", "arxiv": "https://arxiv.org/abs/"}.get(key, "")
                yield from [prefix + value] if (prefix + value).startswith("http") else []
            else:
                yield from addresses(value)
    elif isinstance(node, list):
        for value in node:
            yield from addresses(value)


def cells(line: str) -> int:
    """Columns of a line of a table: bars that no backslash stands before."""
    return len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) - 1


def headings(page: Page) -> list[str]:
    """The headings that a page has to have, by the page model."""
    found = [page.title, "In short", *(section.title for section in page.sections)]
    found += ["What this sheet does not say"] if page.missing.total else []
    found += ["Errata of the source"] if page.errata else []
    found += ["Terms"] if page.glossary else []
    found += ["References"] if page.references else []
    found += ["How figures were recomputed"] if page.workings else []
    found += [section.title for section in page.whole.sections]
    found += ["What the sheet states as missing"] if page.whole.missing else []
    found += ["All errata of the source"] if page.whole.errata else []
    return found + (["Further terms"] if page.whole.terms else [])


def assert_sound(markdown: str, page: Page, *, prose: bool = False) -> None:
    """Nothing on the page but what the templates put there, with the sheet's texts as texts."""
    parsed = PARSER.parse(markdown)
    children = [child for token in parsed for child in token.children or []]
    html = {token.content for token in parsed if token.type == "html_block"}
    assert {found for found in html if not WORKINGS.fullmatch(found)} <= OWN_HTML
    assert {token.info for token in parsed if token.type == "fence"} <= {"mermaid", "text"}
    blocks = {token.type for token in parsed}
    assert blocks <= BLOCKS | (PROSE_BLOCKS if prose else set()), blocks - BLOCKS
    # Mentions and mail addresses are shown as code, in which GitHub looks for neither.
    inside = {child.type for child in children if child.type != "code_inline" or "@" not in child.content}
    assert inside <= INLINES | (PROSE_INLINES if prose else set()), inside - INLINES
    targets = {str(child.attrGet("href")) for child in children if child.type == "link_open"}
    known = {*addresses(data_of("bert.yaml")), "#how-figures-were-recomputed"}
    assert targets <= known | (PROSE_TARGETS if prose else set()), targets - known
    titles = [parsed[i + 1] for i, token in enumerate(parsed) if token.type == "heading_open"]
    said = [
        "".join(child.content for child in title.children or []).replace(NO_WIDTH, "") for title in titles
    ]
    assert said == [" ".join(title.replace("\u202e", "").split()) for title in headings(page)]
    for block in re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE):
        assert len({cells(line) for line in block.splitlines()}) == 1, block


def test_most_texts_of_a_sheet_are_free() -> None:
    # The published sheet has some 300 texts; a hostile sheet that left most of them alone would show little.
    assert len(free_texts()) > 150
    assert sum(is_prose(path) for path in free_texts()) > 20


@pytest.mark.parametrize("view", ["data-scientist", "full"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_sheet_brings_no_markup(payload: str, view: ViewName) -> None:
    sheet = hostile(payload, prose=False)
    page = build_page(sheet, view, recompute(sheet))
    assert_sound(render_markdown(page), page)


@pytest.mark.parametrize("view", ["data-scientist", "full"])
@pytest.mark.parametrize("payload", PROSE_PAYLOADS)
def test_hostile_prose_brings_no_more_than_prose_may(payload: str, view: ViewName) -> None:
    sheet = hostile(payload, prose=True)
    page = build_page(sheet, view, recompute(sheet))
    assert_sound(render_markdown(page), page, prose=True)


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_a_page_is_sound(bert: SheetFields, view: ViewName) -> None:
    page = build_page(bert, view, recompute(bert))
    assert_sound(render_markdown(page), page)


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_the_layout_of_each_page(
    bert: SheetFields, view: ViewName, golden: Callable[[str, str], None]
) -> None:
    golden(f"pages/bert-{view}.md", render_markdown(build_page(bert, view, recompute(bert))))


def test_every_address_of_the_sheet_can_be_followed(bert: SheetFields) -> None:
    markdown = render_markdown(build_page(bert, "full", recompute(bert)))
    targets = {str(token.attrGet("href")) for token in tokens_of(markdown) if token.type == "link_open"}
    assert targets == {*addresses(data_of("bert.yaml")), "#how-figures-were-recomputed"}


def test_a_page_is_the_same_every_time(bert: SheetFields) -> None:
    assert render_markdown(build_page(bert, "full")) == render_markdown(build_page(bert, "full"))


def test_tables_of_results_stay_tables(bert: SheetFields) -> None:
    markdown = render_markdown(build_page(bert, "algorithm-designer"))
    assert re.search(
        r"^\| CoLA +\| +8\.5k \| .* \| +52\.10 % \| +55\.65 % \| +\+3\.55 \|$", markdown, re.MULTILINE
    )


def test_the_whole_sheet_is_folded(bert: SheetFields) -> None:
    markdown = render_markdown(build_page(bert, "business-expert"))
    top, _, folded = markdown.partition("<details>\n<summary>The whole sheet")
    assert "V100" not in top
    assert "V100" in folded
    # The whole sheet, why the page shows what it shows.
    assert markdown.count("<details>") == markdown.count("</details>") == 2


def test_prose_keeps_its_paragraphs(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(
        """\
factsheet: 1
overview:
  name: A sheet
  model: A model
  summary: |
    First line,
    same paragraph.

    # Second paragraph.
"""
    )
    markdown = render_markdown(build_page(sheet, "full"))
    assert "First line, same paragraph.\n\n**Second paragraph.**\n" in markdown
