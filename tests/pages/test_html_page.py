"""HTML files without a browser: what is in them, whatever a sheet holds, and what could leave them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import tinyhtml5
from hostile import ATTACKS, attacking, enormous, published, sheet_from
from html_reading import Reading
from made_pages import bert_pages, pages_of

from factsheet.pages.formats.html import HtmlBook, html_environment, render_html
from factsheet.pages.formats.html_text import cross_referenced, html_link
from factsheet.pages.model import ListBlock, ProseBlock, TableBlock
from factsheet.pages.text import visible
from factsheet.readers.roles import VIEW_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from factsheet.readers.roles import ViewName

TRAP = "http://127.0.0.1:9/trap"
FETCHING = {
    *("src", "srcset", "poster", "background", "data", "action", "formaction", "manifest", "ping"),
    *("xlink:href", "cite", "longdesc", "codebase", "classid", "archive", "profile", "usemap"),
}
OURS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "script",
        "body",
        "header",
        "main",
        "footer",
        "nav",
        "article",
    ),
    *(
        "section",
        "details",
        "summary",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
    ),
    *(
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
        "span",
        "b",
        "i",
        "bdi",
        "q",
    ),
    # Of prose.
    *("blockquote", "code", "em", "strong", "del"),
    *("a", "label", "input", "select", "option", "button", "output", "pre"),
    *(
        "svg",
        "g",
        "path",
        "rect",
        "line",
        "circle",
        "text",
        "tspan",
        "polyline",
        "polygon",
        "desc",
        "ellipse",
    ),
    *("defs", "pattern", "use"),
}


@cache
def bert_file() -> tuple[str, Reading]:
    html = HtmlBook(bert_pages()).html("data-scientist")
    return html, Reading(html)


@cache
def alone_file() -> tuple[str, Reading]:
    html = render_html(pages_of(sheet_from(published()), ("hardware-researcher",), whole=True))
    return html, Reading(html)


@cache
def attacked() -> tuple[str, Reading]:
    html = HtmlBook(pages_of(attacking(TRAP))).html("full")
    return html, Reading(html)


def policy_of(reading: Reading) -> dict[str, list[str]]:
    (meta,) = [m for m in reading.all("meta") if "http-equiv" in m.attributes]
    assert meta.attributes["http-equiv"] == "Content-Security-Policy"
    parts = [part.split() for part in meta.attributes["content"].split(";")]
    return {name: values for name, *values in parts}


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("made", [bert_file, attacked], ids=["bert", "attacked"])
def test_nothing_in_a_file_can_fetch_or_run(made: Callable[[], tuple[str, Reading]]) -> None:
    html, reading = made()
    assert {element.tag for element in reading.elements} <= OURS
    for element in reading.elements:
        names = set(element.attributes)
        assert not names & FETCHING, (element.tag, names & FETCHING)
        assert not [name for name in names if name.startswith("on")], element
        assert "style" not in names, "the policy forbids them"
        assert element.attributes.get("href", "#").startswith(("#", "https://", "http://", "mailto:"))
    policy = policy_of(reading)
    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    raw = re.findall(r"<(style|script)>(.*?)</\1>", html, re.DOTALL)
    assert policy["script-src"] == [hashed(text) for tag, text in raw if tag == "script"]
    assert policy["style-src"] == [hashed(text) for tag, text in raw if tag == "style"]
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("made", [bert_file, alone_file, attacked], ids=["bert", "alone", "attacked"])
def test_a_file_is_well_formed_and_its_links_arrive(made: Callable[[], tuple[str, Reading]]) -> None:
    _, reading = made()
    assert not reading.unclosed
    ids = [element.attributes["id"] for element in reading.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in reading.elements:
        for name in ("href", "for", "aria-labelledby", "aria-describedby"):
            value = element.attributes.get(name, "")
            if name != "href" or value.startswith("#"):
                missing = {part.removeprefix("#") for part in value.split()} - set(ids)
                assert not missing, (element.tag, name, value)
    levels = [int(element.tag[1]) for element in reading.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_every_fact_of_a_view_is_in_its_article(view: ViewName) -> None:
    _, reading = bert_file()
    page = next(page for page in bert_pages() if page.view == view)
    text = reading.by_id(view).text
    whole = f"{text} {reading.by_id('full').text}"
    for made in page.sections:
        assert made.title in text
        for block in made.blocks:
            if isinstance(block, TableBlock):
                said = [*block.header, *(cell for row in (*block.rows, *block.closing) for cell in row)]
            elif isinstance(block, ProseBlock):
                said = list(block.row.paragraphs)
            elif isinstance(block, ListBlock):
                said = list(block.row.entries)
            elif hasattr(block, "rows"):
                said = [part for row in block.rows for part in (row.label, row.answer, row.provenance.words)]
            else:
                said = [block.title]
                # In words it is here or, where the whole sheet has the same figure, there.
                assert " ".join(block.text.split()) in whole
            for words in said:
                assert " ".join(words.split()) in text
    for group in page.missing.groups:
        assert group.title in text
    # References are in the file once, in its whole sheet.
    for row in page.references:
        assert row.text in reading.by_id("full").text


def test_links_of_the_sheet_open_nothing_but_the_web() -> None:
    _, reading = bert_file()
    outward = [a for a in reading.all("a") if not a.attributes["href"].startswith("#")]
    assert len(outward) > 10
    assert {a.attributes["rel"] for a in outward} == {"noopener noreferrer"}
    assert all(a.text == a.attributes["href"] for a in outward)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "vbscript:x",
        "https:evil.example",
        'https://evil.example/" onclick="x',
        "https://evil.example/<b>",
        "blob:https://evil.example/1",
        "ftp://evil.example/",
    ],
)
def test_what_is_no_web_address_is_text(address: str) -> None:
    assert not hasattr(html_link(address), "__html__")


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://doi.org/10.1038/s41467-020-16108-9", "https://doi.org/10.1038/s41467-020-16108-9"),
        ("doi:10.1038/s41467-020-16108-9", "https://doi.org/10.1038/s41467-020-16108-9"),
        ("analog-ai@research.ibm.com", "mailto:analog-ai@research.ibm.com"),
        ("http://a.example/?q=1&r=2", "http://a.example/?q=1&amp;r=2"),
    ],
)
def test_a_web_address_is_a_link(address: str, href: str) -> None:
    assert f'href="{href}"' in html_link(address)


def test_only_references_that_exist_are_linked() -> None:
    made = cross_referenced("cited, ref. 3; <b>ref. 9</b>", {3: "a/ref-3"})
    assert made == 'cited, <a class="ref" href="#a/ref-3">ref. 3</a>; &lt;b&gt;ref. 9&lt;/b&gt;'


def test_an_attack_is_shown_as_it_is_written() -> None:
    _, reading = attacked()
    text = "".join(reading.by_id("full").pieces)
    for attack in ATTACKS:
        words = visible(attack.format(trap=TRAP))
        assert " ".join(words.split())[:60] in " ".join(text.split()), attack
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)


def test_a_file_is_the_same_every_time() -> None:
    assert HtmlBook(bert_pages()).html("full") == HtmlBook(pages_of(sheet_from(published()))).html("full")


def test_each_file_opens_on_its_view_and_holds_all_others() -> None:
    book = HtmlBook(bert_pages())
    for view in VIEW_NAMES:
        reading = Reading(book.html(view))
        current = [
            a.attributes["data-view"] for a in reading.all("a") if a.attributes.get("aria-current") == "true"
        ]
        assert current == [view]
        opened = [a.attributes["id"] for a in reading.all("article") if "current" in a.attributes["class"]]
        assert opened == ([] if view == "full" else [view])
        assert {a.attributes["id"] for a in reading.all("article")} == set(VIEW_NAMES)
        assert ("open" in reading.by_id("whole").attributes) == (view == "full")


def test_a_page_alone_brings_the_whole_sheet_and_links_to_its_siblings() -> None:
    (page,) = pages_of(sheet_from(published()), ("business-expert",), whole=True)
    reading = Reading(render_html([page], siblings={"ai-engineer": "bert.ai-engineer.html"}))
    switch = {
        a.text: a.attributes["href"]
        for a in reading.all("a")
        if a.parent and a.parent.parent and a.within("nav")
    }
    assert switch["AI engineer"] == "bert.ai-engineer.html"
    assert switch["The whole sheet"] == "#full"
    assert "AiMOS" in reading.by_id("full").text
    assert "AiMOS" not in reading.by_id("business-expert").text


def test_an_enormous_sheet_is_drawn_whole() -> None:
    reading = Reading(HtmlBook(pages_of(enormous(), ("full",))).html("full"))
    wide = [row for row in reading.all("tr") if row.text.startswith("Task 0")]
    assert wide
    assert "Row 199" in reading.by_id("full").text


def test_a_style_of_the_users_wins_and_can_not_leave_its_element(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    style = tmp_path / "html" / "style.css"
    style.write_text("body { color: teal }", "utf-8")
    page = bert_pages()[0]
    html = render_html([page], overrides=tmp_path)
    assert "<style>body { color: teal }</style>" in html
    style.write_text("</style><script>alert(1)</script>", "utf-8")
    with pytest.raises(ValueError, match="cannot hold"):
        render_html([page], overrides=tmp_path)


def test_the_grid_is_a_table_that_needs_no_script() -> None:
    _, reading = bert_file()
    table = reading.by_id("grid")
    rows = [
        row
        for row in reading.all("tr")
        if row.parent and row.parent.parent is table and row.parent.tag == "tbody"
    ]
    grid = bert_pages()[0].grid
    assert grid is not None
    assert len(rows) == len(grid.points)
    # 84,934,656 weights x 32 tokens x 4 sequences x 2 operations, the count that the BERT sheet publishes.
    (published_row,) = [row for row in rows if row.attributes.get("class") == "published"]
    assert published_row.attributes["data-at"] == "32 4"
    assert "In analog memory (G ops)" in table.text
    assert "21.74" in published_row.pieces


def test_two_pages_of_one_view_are_refused() -> None:
    page = bert_pages()[0]
    with pytest.raises(ValueError, match="one page for each view"):
        HtmlBook([page, page])
    with pytest.raises(ValueError, match="at least one"):
        HtmlBook([])


def test_a_file_of_all_views_is_small() -> None:
    """At most 400 kB to open, 100 kB as a web server sends it: more keeps a phone on a slow line waiting."""
    content = HtmlBook(bert_pages()).html("business-expert").encode()
    assert len(content) <= 400_000
    assert len(gzip.compress(content, 6, mtime=0)) <= 100_000


def test_what_is_left_out_of_a_file_changes_nothing_that_a_browser_builds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tree of elements, attributes and texts is that of the templates and drawings as they are written."""
    pages = bert_pages()
    short = HtmlBook(pages).html("full")
    html_environment.cache_clear()
    monkeypatch.setattr("factsheet.pages.formats.html.compact", lambda template: template)
    monkeypatch.setattr("factsheet.pages.formats.html_filters.compact_svg", lambda shapes: shapes)
    whole = HtmlBook(pages).html("full")
    html_environment.cache_clear()
    assert len(short) < 0.95 * len(whole)
    assert tree(short) == tree(whole)


def tree(html: str) -> list[tuple[str, dict[str, str], str]]:
    """What the parser of the HTML standard makes of a text; of spaces, those that a line shows."""
    found = []
    for element in tinyhtml5.parse(html, namespace_html_elements=False).iter():
        texts = [element.text, *(child.tail for child in element)]
        found.append((str(element.tag), dict(element.attrib), " ".join("".join(filter(None, texts)).split())))
    return found
