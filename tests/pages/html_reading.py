"""Reads an HTML file the way a browser's parser would, without a browser: elements, attributes, texts, headings."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "br", "col", "img", "link", "hr"}
CELLS = {"td", "th"}
ENTRIES = {"dt", "dd"}
# What a start tag ends that is still open, and what ends with its parent: HTML standard, 13.1.2.4, optional tags.
ENDED_BY = {
    "li": {"li"},
    **dict.fromkeys(ENTRIES, ENTRIES),
    **dict.fromkeys(CELLS, CELLS),
    "tr": CELLS | {"tr"},
    **dict.fromkeys(("tbody", "tfoot"), CELLS | {"tr", "thead", "tbody"}),
}
WITHOUT_END = CELLS | ENTRIES | {"li", "tr", "thead", "tbody", "tfoot"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Element | None
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def within(self, tag: str) -> bool:
        above = self.parent
        while above is not None:
            if above.tag == tag:
                return True
            above = above.parent
        return False


class Reading(HTMLParser):
    """Every element of a file, in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.unclosed: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.unclosed += [element.tag for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> has an attribute twice"
        while self._open and self._open[-1].tag in ENDED_BY.get(tag, ()):
            self._open.pop()
        element = Element(
            tag, {name: value or "" for name, value in attrs}, self._open[-1] if self._open else None
        )
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open[-1].tag != tag and self._open[-1].tag in WITHOUT_END:
            self._open.pop()
        if not self._open or self._open[-1].tag != tag:
            self.unclosed.append(f"</{tag}>")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def by_id(self, name: str) -> Element:
        (found,) = [element for element in self.elements if element.attributes.get("id") == name]
        return found
