"""Read the prose of a sheet as Markdown, into a small tree that every format writes for itself.

A sheet is untrusted and its pages are shown under somebody else's name, so only what text needs is read: paragraphs,
lists, quotes, code, emphasis, and links to web or mail addresses. Images, raw HTML, tables and reference links are
not read and show as the characters they are. A heading becomes a paragraph in bold: the headings of a page are its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_LENGTH = 20_000
"""Characters of prose that are read as Markdown, the schema's limit; longer prose is shown as plain text."""
_MAX_BRACKETS = 500
"""Opening brackets in prose that has links: each takes the parser up to 60 µs, so this many take 30 ms."""
_SCHEMES = ("http://", "https://", "mailto:")
_MAX_DEPTH = 12
"""Levels of lists and quotes inside each other; what is deeper is shown at this level."""

_PARSED_DEPTH = 98
"""Levels at which the parser, which goes to 100, may have dropped text."""
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_SPACES = re.compile(r"\s+")

SpanKind = Literal["text", "code", "emphasis", "strong", "struck", "link"]
BlockKind = Literal["paragraph", "bullets", "numbers", "item", "quote", "code"]

_SPAN_KINDS: dict[str, SpanKind] = {"em": "emphasis", "strong": "strong", "s": "struck", "link": "link"}
_KINDS: dict[str, BlockKind] = {
    "paragraph": "paragraph",
    "heading": "paragraph",
    "bullet_list": "bullets",
    "ordered_list": "numbers",
    "list_item": "item",
    "blockquote": "quote",
}
_NESTING = frozenset({"bullet_list", "ordered_list", "list_item", "blockquote"})


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of text on one line.

    Attributes:
        text: the characters of `text` and `code`.
        spans: what emphasis and links hold.
        href: where a link leads: an http, https or mailto address.
    """

    kind: SpanKind
    text: str = ""
    spans: tuple[TextSpan, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, list, entry of a list, quote, or block of code.

    Attributes:
        spans: the text of a paragraph.
        blocks: the entries of a list, and what entries and quotes hold.
        text: the lines of a block of code.
        start: the number of a list's first entry.
    """

    kind: BlockKind
    spans: tuple[TextSpan, ...] = ()
    blocks: tuple[TextBlock, ...] = ()
    text: str = ""
    start: int = 1


@lru_cache(maxsize=1024)
def read_prose(text: str) -> tuple[TextBlock, ...]:
    """Return the blocks of a prose field; plain paragraphs where it is too long or too deeply nested to be read."""
    if len(text) > MAX_LENGTH:
        return plain_text(text)
    tokens = _parser(links="](" in text and text.count("[") <= _MAX_BRACKETS).parse(text)
    # The parser drops what is nested deeper than it goes; nothing that an author wrote may disappear.
    if any(token.level >= _PARSED_DEPTH for token in tokens):
        return plain_text(text)
    return _blocks(tokens)


@lru_cache(maxsize=1024)
def read_line(text: str) -> tuple[TextBlock, ...]:
    """Return a prose field of one line as one paragraph, whatever it begins with."""
    links = "](" in text and text.count("[") <= _MAX_BRACKETS
    tokens = _parser(links=links).parseInline(text)
    return (TextBlock("paragraph", _spans(tokens[0].children or ())),) if tokens else ()


def span_text(spans: Iterable[TextSpan]) -> str:
    """Return the characters that a reader sees of these spans."""
    return "".join(span.text or span_text(span.spans) for span in spans)


def block_text(block: TextBlock) -> str:
    """Return the text of a block on one line, the entries of a list apart by semicolons."""
    between = "; " if block.kind in {"bullets", "numbers"} else " "
    words = (span_text(block.spans), block.text, between.join(block_text(inner) for inner in block.blocks))
    return " ".join(" ".join(words).split())


def cut(block: TextBlock, length: int) -> TextBlock:
    """Return the first characters of a block as a paragraph; one that is cut inside emphasis stays emphasised."""
    spans = block.spans if block.kind == "paragraph" else (TextSpan("text", block_text(block)),)
    return TextBlock("paragraph", tuple(_cut(spans, length)))


def _cut(spans: Iterable[TextSpan], left: int) -> Iterator[TextSpan]:
    for span in spans:
        if left <= 0:
            return
        if span.spans:
            yield replace(span, spans=tuple(_cut(span.spans, left)))
        else:
            yield replace(span, text=span.text[:left])
        left -= len(span_text((span,)))


def plain_text(text: str) -> tuple[TextBlock, ...]:
    """Return the paragraphs of a text that is no Markdown, each on one line."""
    lines = (" ".join(part.split()) for part in _PARAGRAPH.split(text))
    return tuple(TextBlock("paragraph", (TextSpan("text", line),)) for line in lines if line)


@lru_cache(maxsize=2)
def _parser(*, links: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt  # 25 ms that only pages need

    off = [
        "image",
        "hr",
        "reference",
        "table",
        "code",
        "html_block",
        "html_inline",
        *(() if links else ("link",)),
    ]
    parser = MarkdownIt("js-default", {"html": False}).disable(off)
    parser.validateLink = _leads_to_web_or_mail  # type: ignore[method-assign]  # the way that its manual shows
    return parser


def _leads_to_web_or_mail(url: str) -> bool:
    return url.lower().startswith(_SCHEMES)


class _OpenBlock:
    """A block that is being read."""

    def __init__(self, kind: BlockKind, *, start: int = 1, heading: bool = False, deep: bool = False) -> None:
        self.kind = kind
        self.start = start
        self.heading = heading
        self.deep = deep
        self.spans: tuple[TextSpan, ...] = ()
        self.blocks: list[TextBlock] = []


def _blocks(tokens: Sequence[Token]) -> tuple[TextBlock, ...]:
    page = _OpenBlock("quote")
    stack = [page]
    for token in tokens:
        name, _, edge = token.type.rpartition("_")
        if edge == "open":
            start = int(token.attrs.get("start", 1))
            deep = name in _NESTING and len(stack) > _MAX_DEPTH
            stack.append(_OpenBlock(_KINDS[name], start=start, heading=name == "heading", deep=deep))
        elif edge == "close":
            _close(stack.pop(), stack[-1])
        elif token.type == "inline":
            stack[-1].spans = _spans(token.children or ())
        elif token.type == "fence":
            stack[-1].blocks.append(TextBlock("code", text=token.content.rstrip("\n")))
    return tuple(page.blocks)


def _close(done: _OpenBlock, parent: _OpenBlock) -> None:
    if done.deep:
        parent.blocks.extend(done.blocks)
        return
    spans = (TextSpan("strong", spans=done.spans),) if done.heading and done.spans else done.spans
    if spans or done.blocks:
        parent.blocks.append(TextBlock(done.kind, spans, tuple(done.blocks), start=done.start))


def _spans(tokens: Iterable[Token]) -> tuple[TextSpan, ...]:
    """Return inline tokens as spans; emphasis inside emphasis of its own kind adds nothing and is left out."""
    stack: list[tuple[SpanKind, str, list[TextSpan]]] = [("text", "", [])]
    for token in tokens:
        name, _, edge = token.type.rpartition("_")
        spans = stack[-1][2]
        if edge == "open":
            kind = _SPAN_KINDS[name]
            href = str(token.attrs.get("href", ""))
            # The parser asks about every address but an empty one.
            no_link = kind == "link" and not _leads_to_web_or_mail(href)
            nested = any(kind == outer for outer, _, _ in stack)
            stack.append(("text" if nested or no_link else kind, href, []))
        elif edge == "close":
            kind, href, inner = stack.pop()
            spans = stack[-1][2]
            if kind == "text":
                spans.extend(inner)
            elif shown := tuple(inner) or ((TextSpan("text", href),) if href else ()):
                spans.append(TextSpan(kind, spans=shown, href=href))
        elif token.type == "code_inline":
            spans.append(TextSpan("code", " ".join(token.content.split()) or " "))
        else:
            text = " " if token.type in {"softbreak", "hardbreak"} else _SPACES.sub(" ", token.content)
            if spans and spans[-1].kind == "text":
                text = spans.pop().text + text
            if text:
                spans.append(TextSpan("text", text))
    return tuple(stack[0][2])
