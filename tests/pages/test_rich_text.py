"""Prose as Markdown: what is kept of it, and that a hostile text brings nothing else onto a page of either format."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from html_reading import Reading
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from factsheet.pages.formats import html_text, markdown_text
from factsheet.pages.rich_text import MAX_LENGTH, block_text, cut, read_line, read_prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markdown_it.token import Token

# The oracle reads everything that GitHub reads, raw HTML with it, so that what gets through shows up as such.
PARSER = MarkdownIt("js-default", {"html": True})
NO_WIDTH = "\u200b"
TAGS = {"p", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "del", "a"}
# The language is a mark for the page, which puts that of the sheet there or takes it out.
ATTRIBUTES = {"p": {"dir", "lang"}, "li": {"dir", "lang"}, "ol": {"start"}, "a": {"href", "rel"}}
BLOCKS = {"paragraph", "bullet_list", "ordered_list", "list_item", "blockquote"}
INLINES = {"em", "strong", "s", "link"}

HOSTILE = (
    "![x](https://evil.example/pixel.png)",
    "!\\[x](https://evil.example/pixel.png)",
    "![x][r]\n\n[r]: https://evil.example/pixel.png",
    "[![x](https://evil.example/p.png)](https://evil.example)",
    "!*[x](https://evil.example/p.png)*",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](java\nscript:alert(1))",
    "[click](<javascript:alert(1)>)",
    "[click](vbscript:x) [click](file:///etc/passwd) [click](//evil.example) [click](/relative)",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](data:image/png;base64,AAAA)",
    "[click]( https://a.example/ \"title\" onclick='x')",
    "<javascript:alert(1)> <data:text/html,x> <ftp://a.example> <me@evil.example>",
    "[click][ref]\n\n[ref]: javascript:alert(1)",
    "[ref]: https://evil.example 'title'",
    "[^1]\n\n[^1]: A note.",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</details></div></main><h1>out of it</h1>",
    "text\n<style>* { display: none }</style>\ntext",
    "<!-- --> <?php ?> <![CDATA[ x ]]> <!DOCTYPE x>",
    "`<script>` ``` ``<b>`` ```",
    "```\n<script>\n```",
    "```html\n</code></pre><script>\n````\n~~~\n",
    "~~~mermaid\nclick a javascript:alert(1)\n~~~",
    "    <script>alert(1)</script>",
    "# heading\n\n## another\n\nunderlined\n===\n\nunderlined\n---",
    "- # heading in an entry\n\n> # heading in a quote",
    "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "`a | b` | c",
    "> [!WARNING]\n> An alert.",
    "- [ ] task\n- [x] done",
    "@everyone www.evil.example https://evil.example me@evil.example",
    "$x$ $$y$$ `$z$`",
    "&lt;script&gt; &#60;b&#62; &amp;lt;",
    "\u202eevil\u202c [\u202ex](https://a.example/)",
    "*a**b***c**d*_e__f_",
    "***\n---\n___",
    "1. one\n1000000000. two\n-1. three",
    "a\\\nb  \nc",
    "*" * 200 + "a" + "*" * 200,
    "> " * 300 + "deep",
    "".join(f"{'  ' * depth}- entry {depth}\n" for depth in range(120)),
    "[" * 60 + "a" + "](https://a.example)" * 60,
    "[a](" * 60,
    "`" * 60 + " a",
)


def tokens_of(markdown: str) -> list[Token]:
    parsed = PARSER.parse(markdown)
    return [*parsed, *(child for token in parsed for child in token.children or [])]


def assert_harmless_markdown(markdown: str) -> None:
    for token in tokens_of(markdown):
        name = re.sub("_(open|close)$", "", token.type)
        assert name in BLOCKS | INLINES | {"inline", "fence", "text", "text_special", "code_inline"}, token
        assert token.type != "fence" or token.info == "text"
        assert name != "link" or token.nesting < 0 or is_web(str(token.attrGet("href")))
        # GitHub looks for the names of users in each text of the finished page.
        assert token.type != "text" or not re.search(r"@\w", token.content)


def assert_harmless_html(html: str) -> None:
    reading = Reading(html)
    assert not reading.unclosed
    assert {element.tag for element in reading.elements} <= TAGS
    for element in reading.elements:
        assert set(element.attributes) <= ATTRIBUTES.get(element.tag, set()), element
        assert element.tag != "a" or is_web(element.attributes["href"])


def is_web(address: str) -> bool:
    return address.lower().startswith(("https://", "http://", "mailto:"))


def words(texts: Iterable[str]) -> str:
    return " ".join("".join(texts).replace(NO_WIDTH, "").split())


def shown_by_markdown(markdown: str) -> str:
    parsed = PARSER.parse(markdown)
    pieces = []
    for token in parsed:
        pieces += [child.content for child in token.children or []]
        pieces += [token.content if token.type == "fence" else "", " "]
    return words(pieces)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_brings_nothing_but_text_lists_and_links(text: str) -> None:
    blocks = read_prose(text)
    assert_harmless_markdown(markdown_text.prose(blocks))
    assert_harmless_html(str(html_text.prose(blocks)))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_line_stays_in_its_cell(text: str) -> None:
    blocks = read_line(text)
    cell = markdown_text.line(blocks, cell=True)
    assert "\n" not in cell
    row = tokens_of(f"| a | b |\n| --- | --- |\n| {cell} | end |\n")
    assert [token.type for token in row].count("td_open") == 2
    assert not {token.type for token in row} & {"html_inline", "html_block", "image"}
    assert_harmless_html(f"<p>{html_text.line(blocks)}</p>")


SIGNS = st.sampled_from(
    (
        *(
            "*",
            "**",
            "_",
            "`",
            "``",
            "~~",
            "[",
            "](",
            ")",
            "](https://a.example)",
            "](javascript:x)",
            "!",
            "<",
        ),
        *(
            ">",
            "\\",
            "|",
            "#",
            "- ",
            "1. ",
            "> ",
            "\n",
            "\n\n",
            " ",
            "a",
            "B.",
            "&lt;",
            "@b",
            "www.",
            "http://",
        ),
        *("<b>", "```", "~~~", "---", "===", "    ", ":", "//", "$", "&", ";", "é", "\u202e", "(", '"'),
    )
)
PROSE = st.lists(SIGNS, max_size=24).map("".join)


@given(PROSE)
@example("a@*b*")
@example("[*]()")
@example("- - *")
@example("!*a*[b](https://a.example)")
def test_no_mixture_of_signs_brings_anything_else(text: str) -> None:
    blocks = read_prose(text)
    assert_harmless_markdown(markdown_text.prose(blocks))
    assert_harmless_html(str(html_text.prose(blocks)))


@given(PROSE)
def test_every_word_is_shown_in_both_formats(text: str) -> None:
    blocks = read_prose(text)
    said = re.sub(r"[^\w.&]", "", "".join(block_text(block) for block in blocks))
    html = "".join(element.text for element in Reading(f"<main>{html_text.prose(blocks)}</main>").all("main"))
    assert re.sub(r"[^\w.&]", "", html) == said
    assert re.sub(r"[^\w.&]", "", shown_by_markdown(markdown_text.prose(blocks))) == said


def test_markup_that_text_needs_is_kept() -> None:
    text = (
        "Uses **PCM** cells, *not* `ReRAM|x`, see [the paper](https://a.example/?a=1&b=2).\n\n"
        "- one\n- two\n  1. a\n  2. b"
    )
    blocks = read_prose(text)
    assert markdown_text.prose(blocks) == (
        "Uses **PCM** cells, *not* `ReRAM|x`, see [the paper](<https://a.example/?a=1&b=2>).\n\n"
        "* one\n* two\n  1. a\n  2. b"
    )
    assert html_text.prose(blocks) == (
        '<p dir="auto" lang="und">Uses <strong>PCM</strong> cells, <em>not</em> <code>ReRAM|x</code>, see '
        '<a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer">the paper</a>.</p>\n'
        '<ul><li dir="auto" lang="und">one</li><li dir="auto" lang="und">two'
        '<ol start="1"><li dir="auto" lang="und">a</li>'
        '<li dir="auto" lang="und">b</li></ol></li></ul>'
    )
    assert [block_text(block) for block in blocks] == [
        "Uses PCM cells, not ReRAM|x, see the paper.",
        "one; two a; b",
    ]


def test_what_is_no_link_for_a_page_is_shown_as_it_is_written() -> None:
    for text in (
        "[click](javascript:alert(1)) and [r][] ![x][r]",
        "[file](ftp://a.example/x) and [here](/relative) and [there](page.html)",
        "[see][r] the paper\n\n[r]: https://a.example",
    ):
        assert "\n\n".join(block_text(block) for block in read_prose(text)) == text
    assert block_text(read_prose("![alt](https://a.example/x.png)")[0]) == "!alt"


def test_prose_that_is_too_long_is_plain_text() -> None:
    text = "**bold** " * (MAX_LENGTH // 9)
    assert read_prose(text)[0].spans[0].kind == "strong"
    (block,) = read_prose(text + "**bold** and more")
    assert block_text(block).startswith("**bold** **bold**")


def test_nothing_is_lost_or_fails_however_deep_it_is() -> None:
    assert block_text(read_prose("> " * 300 + "deep")[0]).endswith("deep")
    assert block_text(read_prose("".join(f"{'  ' * n}- a{n}\n" for n in range(120)))[0]).endswith("a119")
    (block,) = read_prose("*" * 5001 + "a" + "*" * 5001)
    assert block_text(block) == "a"
    assert html_text.prose((block,)) == '<p dir="auto" lang="und"><em><strong>a</strong></em></p>'


def test_emphasis_that_touches_emphasis_stays_apart() -> None:
    markdown = markdown_text.prose(read_prose("*a*_b_"))
    assert [token.type for token in tokens_of(markdown)].count("em_open") == 2


def test_a_heading_is_a_paragraph_in_bold() -> None:
    assert markdown_text.prose(read_prose("# Size *matters*\n\nText.")) == "**Size *matters***\n\nText."


def test_a_list_of_prose_is_apart_from_a_list_that_follows() -> None:
    markdown = markdown_text.prose(read_prose("- one\n- two")) + "\n\n- three\n"
    assert [token.type for token in PARSER.parse(markdown)].count("bullet_list_open") == 2


def test_a_field_of_one_line_begins_no_list_or_heading() -> None:
    assert markdown_text.line(read_line("# 3 *of* 4")) == "\\# 3 *of* 4"
    assert markdown_text.line(read_line("- 5 V")) == "\\- 5 V"


def test_a_bar_in_code_is_escaped_in_cells_alone() -> None:
    blocks = read_line("`a|b` | c")
    assert markdown_text.line(blocks) == "`a|b` \\| c"
    assert markdown_text.line(blocks, cell=True) == "`a\\|b` \\| c"


def test_what_is_cut_inside_emphasis_stays_emphasised() -> None:
    (block,) = read_prose("A **bold claim. And** more.")
    assert markdown_text.prose((cut(block, 13),)) == "A **bold claim.**"


UNITS = (
    *("[", "![", "[a](", "[a](https://a.example) ", "[]: x\n", "<http://", "<", "*", "**a", "*a _b ", "~~a "),
    *("`", "`a``b ", "> ", "- ", "* a\n", "\n> > > a\n", "&", "\\", "|"),
)


def seconds_for(text: str) -> float:
    start = time.process_time()
    blocks = read_prose.__wrapped__(text)
    markdown_text.prose(blocks)
    html_text.prose(blocks)
    return time.process_time() - start


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("length", [MAX_LENGTH, 100_000])
def test_prose_is_read_in_bounded_time(unit: str, length: int) -> None:
    # 0.7 s at most where this was written.
    assert seconds_for((unit * length)[:length]) < 3


def test_many_brackets_are_not_tried_as_links() -> None:
    # 0.02 s where this was written, and 1.1 s if each bracket is looked at as the beginning of a link.
    assert seconds_for("[" * (MAX_LENGTH - 2) + "](") < 0.4
