"""Check the site that was built: links, what it loads, and that its pages say what GitHub shows of them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNTED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "li", "pre", "blockquote", "img"})
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "object": "data"}
LOADING_LINKS = frozenset(
    {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "preconnect", "dns-prefetch"}
)
FROM_ELSEWHERE = re.compile(r"(?:https?:)?//")
STYLE_LOADS = re.compile(r"url\(\s*[\"']?(?P<target>[^\"')]+)|@import\s+[\"'](?P<imported>[^\"']+)")


class Reader(HTMLParser):
    """Reads of a page its anchors, its links, what it loads, and the text and structure of its article."""

    def __init__(self, article: str | None = "article") -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.counts: Counter[str] = Counter()
        self.words: list[str] = []
        self.has_diagram = False
        self._article = article
        self._within = article is None
        self._left_out = 0
        """How deep in something that is no part of the text: the mark of a heading's link, a button."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what the element is, and what it leads to or loads."""
        given = dict(attrs)
        if name := given.get("id") or (given.get("name") if tag == "a" else None):
            self.anchors.add(name)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if (target := given.get(LOADING.get(tag, ""))) is not None:
            self.loaded.append(target)
        if tag == "link" and LOADING_LINKS & set((given.get("rel") or "").split()):
            self.loaded.append(given.get("href") or "")
        classes = (given.get("class") or "").split()
        self.has_diagram = self.has_diagram or "mermaid" in classes
        if tag == self._article:
            self._within = True
        if self._left_out:
            self._left_out += tag not in VOID
        elif {"headerlink", "md-content__button", "md-source-file", "md-path"} & set(classes) or tag in {
            "script",
            "style",
        }:
            self._left_out = 1
        elif self._within and tag in COUNTED:
            self.counts[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave the article at its end."""
        if self._left_out:
            self._left_out -= 1
        if tag == self._article:
            self._within = False

    def handle_data(self, data: str) -> None:
        """Take down the article's text."""
        if self._within and not self._left_out:
            self.words.append(data)

    @property
    def text(self) -> str:
        """Return the article's text without the space in it, which only lays it out."""
        return re.sub(r"\s+", "", "".join(self.words))


@cache
def read(file: Path) -> Reader:
    """Return what a page holds."""
    reader = Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    return reader


def broken_links(site: Path) -> Iterator[str]:
    """Yield each link to something that is not on the site, or to no anchor of a page."""
    for file in sorted(site.rglob("*.html")):
        name = file.relative_to(site).as_posix()
        for link in read(file).links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or name == "404.html":
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file.resolve()
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield f"{name}: the link {link} leads nowhere"
            elif (
                parts.fragment
                and target.suffix == ".html"
                and not has_anchor(target, unquote(parts.fragment))
            ):
                yield f"{name}: the link {link} names no place of that page"


def has_anchor(file: Path, name: str) -> bool:
    """Return whether a page has a place of this name; what a script of its own reads there is not known."""
    return name in read(file).anchors or (file.parent.name == "sheets" and "=" in name)


def loaded_from_elsewhere(site: Path) -> Iterator[str]:
    """Yield whatever a page or a style loads from another host: a reader of the site is known to nobody else."""
    for file in sorted(site.rglob("*.html")):
        name = file.relative_to(site).as_posix()
        yield from (f"{name}: loads {one}" for one in read(file).loaded if FROM_ELSEWHERE.match(one))
        if read(file).has_diagram:
            yield f"{name}: a Mermaid diagram, for which the theme loads a program from another host; draw it as SVG"
    for file in sorted(site.rglob("*.css")):
        for match in STYLE_LOADS.finditer(file.read_text(encoding="utf-8")):
            target = match["target"] or match["imported"]
            if FROM_ELSEWHERE.match(target):
                yield f"{file.relative_to(site).as_posix()}: loads {target}"


def differences_from_github(site: Path, texts: dict[str, str]) -> Iterator[str]:
    """Yield each page whose article is not what CommonMark with tables, as on GitHub, makes of its text.

    Args:
        site: the folder that was built.
        texts: the Markdown of each page, by its path on the site.
    """
    from markdown_it import MarkdownIt  # takes a while, and only this check needs it

    markdown = MarkdownIt("commonmark").enable("table")
    for target, text in texts.items():
        wanted = Reader(article=None)
        wanted.feed(markdown.render(text))
        shown = read(site / target.replace(".md", ".html"))
        if wanted.counts != shown.counts:
            odd = {tag for tag in COUNTED if wanted.counts[tag] != shown.counts[tag]}
            kinds = ", ".join(f"{wanted.counts[tag]} {tag}, shown {shown.counts[tag]}" for tag in sorted(odd))
            yield f"{target}: laid out otherwise than on GitHub: {kinds}"
        if wanted.text != shown.text:
            at = next(
                (
                    place
                    for place, pair in enumerate(zip(wanted.text, shown.text, strict=False))
                    if pair[0] != pair[1]
                ),
                min(len(wanted.text), len(shown.text)),
            )
            begin = max(0, at - 30)
            yield (
                f"{target}: says something else than on GitHub: {wanted.text[begin : at + 30]!r}, "
                f"shown {shown.text[begin : at + 30]!r}"
            )
