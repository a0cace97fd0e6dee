"""Whatever text a sheet holds, Markdown shows that text and nothing else. The oracle is another parser."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from factsheet.pages.formats.markdown_text import link, table
from factsheet.reports.markdown_words import escape

# With HTML on, so that HTML which gets through shows up as such; `js-default` has GitHub's tables and strikethrough.
PARSER = MarkdownIt("js-default", {"html": True})
NO_WIDTH = "\u200b"
REORDERING = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))

HOSTILE = (
    "<script>alert(1)</script>",
    "</details>",
    "<!-- -->",
    "<https://evil.example>",
    "https://evil.example",
    "HTTPS://evil.example",
    "www.evil.example",
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "[click][ref]",
    "[ref]: https://evil.example",
    "![x](https://evil.example/pixel.png)",
    "[^1]",
    "`code` ``more``",
    "~~~",
    "```",
    "# heading",
    "> quote",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "123456789. item",
    "---",
    "***",
    "___",
    "===",
    "=",
    "-",
    "+",
    "#",
    "| a | b |",
    "a | b",
    "\\",
    "\\\\|",
    "ends with \\",
    "*bold* **bold** _it_ __it__ snake_case _",
    "~~gone~~",
    "$x$ $$y$$",
    "&lt;script&gt; &amp; &#60; &copy",
    "@everyone and me@example.org",
    "a\nb\n\n# c",
    "a  \nb",
    "\ttab",
    "    code",
    "\u202eevil\u202c",
    "<b",
    "a<b>c",
    "&nbsp;",
)


def plain(text: str) -> str:
    """What a reader should see of a text: one line, without what reorders or hides."""
    kept = "".join(c for c in text if c not in REORDERING and c != "\ufeff")
    kept = re.sub("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]", "", kept)
    return " ".join(kept.split()).replace("\0", "\ufffd")


def seen(markdown: str) -> str:
    """The text of a document that has to be one plain paragraph, or nothing."""
    tokens = PARSER.parse(markdown)
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"]), markdown
    return "".join(text_of(token) for token in tokens if token.type == "inline")


def text_of(token: object) -> str:
    children = getattr(token, "children", None) or []
    assert {child.type for child in children} <= {"text", "text_special", "code_inline"}, [
        child.type for child in children
    ]
    return "".join(child.content for child in children).replace(NO_WIDTH, "")


TEXT = st.text(
    st.one_of(
        st.sampled_from("\\`*_{}[]<>()#+-.!|~$&;:@/ \n\t\"'=^0123456789wx"), st.characters(codec="utf-8")
    )
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    assert seen(escape(text)) == plain(text)


@given(TEXT)
@example("1.")
@example("_a")
@example("a_")
@example("&#x26;lt;")
@example("\\_")
def test_any_text_is_shown_as_it_is(text: str) -> None:
    assert seen(escape(text)) == plain(text).replace(NO_WIDTH, "")


@given(TEXT)
def test_any_text_stays_in_its_place_in_a_list_or_in_bold(text: str) -> None:
    tokens = PARSER.parse(f"- **x:** {escape(text)}\n- end\n")
    kinds = [token.type for token in tokens]
    assert kinds.count("list_item_open") == 2
    assert "html_block" not in kinds
    inline = next(token for token in tokens if token.type == "inline")
    inside = {child.type for child in inline.children or []}
    assert inside <= {"text", "text_special", "code_inline", "strong_open", "strong_close"}
    said = "".join(child.content for child in inline.children or []).replace(NO_WIDTH, "")
    assert said.strip() == f"x: {plain(text)}".replace(NO_WIDTH, "").strip()


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_text_stays_in_its_cell(rows: list[list[str]]) -> None:
    markdown = table(("a", "b", "c"), rows, numeric={1}, closing=rows[:1])
    tokens = PARSER.parse(markdown)
    assert sum(token.type == "tr_open" for token in tokens) == len(rows) + 2
    assert sum(token.type == "td_open" for token in tokens) == 3 * (len(rows) + 1)
    assert {token.type for token in tokens} <= {
        *("table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close"),
        *("tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close", "inline"),
    }
    cells = [
        "".join(child.content for child in token.children or []).replace(NO_WIDTH, "")
        for token in tokens
        if token.type == "inline"
    ][3 : 3 + 3 * len(rows)]
    assert cells == [plain(cell).replace(NO_WIDTH, "") for row in rows for cell in row]


# GitHub links `https://…`, `www.…`, e-mail addresses and `@name` that stand in plain text, beyond what CommonMark has.
BARE = re.compile(r"(?<!\\)://|\bwww\.|@\w", re.IGNORECASE)


def outside_code(markdown: str) -> str:
    """What is not in code, where GitHub looks for neither."""
    inline = [token for token in PARSER.parse(markdown) if token.type == "inline"]
    codes = [
        child.content for child in (inline[0].children or [] if inline else []) if child.type == "code_inline"
    ]
    for code in codes:
        markdown = markdown.replace(f"`{code}`", "", 1)
    return markdown


@pytest.mark.parametrize("text", [text for text in HOSTILE if BARE.search(text)])
def test_no_bare_address_is_left_for_github_to_link(text: str) -> None:
    assert not BARE.search(outside_code(escape(text)))


@pytest.mark.parametrize(
    "text",
    ["Write to research@ibm.com.", "a_b+c@d-e.org", "by @user/team", "mAP@0.5", "_@a_", "a@b@c", "`x@y.z`"],
)
def test_an_address_can_be_copied_as_it_is(text: str) -> None:
    (inline,) = [token for token in PARSER.parse(escape(text)) if token.type == "inline"]
    assert "".join(child.content for child in inline.children or []) == text
    assert not BARE.search(outside_code(escape(text)))


@given(
    st.lists(st.sampled_from(("www.", "://", "@", "a", "\\", " ", "http", "x.y", ":", "/")), max_size=12).map(
        "".join
    )
)
def test_no_bare_address_is_left_in_any_mixture(text: str) -> None:
    assert not BARE.search(outside_code(escape(text)))
    assert seen(escape(text)) == plain(text)


@pytest.mark.parametrize(
    "address",
    [
        "https://gluebenchmark.com/",
        "http://a.example/x_(y)?q=1&r=2#z",
        "HTTPS://A.example/%20",
        "https://ü.example/ß",
    ],
)
def test_a_web_address_becomes_a_link_to_itself(address: str) -> None:
    (inline,) = [token for token in PARSER.parse(link(address)) if token.type == "inline"]
    assert [child.type for child in inline.children or []] == ["link_open", "text", "link_close"]
    target = str((inline.children or [])[0].attrGet("href"))
    assert target.lower().startswith(("http://", "https://"))
    assert target.isascii()


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a.example/> <script>",
        "https://a.example/|x",
        "ftp://a.example",
        "//a.example",
        "https://a.example/a b",
        "https://a.example/\nx",
    ],
)
def test_what_is_no_plain_web_address_stays_text(address: str) -> None:
    assert seen(link(address)) == plain(address)


def test_columns_are_aligned_unless_they_are_very_wide() -> None:
    lines = table(("Fact", "Answer"), [("Power", "3.13 W"), ("Area", "780.4 mm²")], numeric={1}).splitlines()
    assert lines == [
        "| Fact  |    Answer |",
        "| ----- | --------: |",
        "| Power |    3.13 W |",
        "| Area  | 780.4 mm² |",
    ]
    wide = table(("Fact", "Answer"), [("Power", "3.13 W"), ("Area", "x" * 100)]).splitlines()
    assert len(wide[2]) < len("| Power | 3.13 W |") + 3
