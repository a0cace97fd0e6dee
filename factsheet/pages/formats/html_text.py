"""Write the texts of a page as HTML: escaped, with links to plain web and mail addresses and names for places.

Escaping itself is Jinja's: every value that a template prints goes through it, and nothing here marks a text of a
sheet as safe. What is marked as safe is built from escaped pieces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from factsheet.pages.rich_text import block_text
from factsheet.pages.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

    from factsheet.pages.model import FigureBlock, Page
    from factsheet.pages.rich_text import SpanKind, TextBlock, TextSpan

# Letters, digits and what RFC 3986 allows in an address, but no quote and nothing that could end an attribute.
_WEB = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&()*+,;=%']+", re.IGNORECASE)
_MAIL = re.compile(r"(?:mailto:)?([\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
_DOI = re.compile(r"doi:\s*(10\.\d{4,9}/[\w.()/:;-]+)", re.IGNORECASE | re.ASCII)
_REFERENCE = re.compile(r"\bref\. (\d{1,4})\b")
_ELEMENTS: dict[SpanKind, str] = {"code": "code", "emphasis": "em", "strong": "strong", "struck": "del"}


def target(address: str) -> str | None:
    """Return where an address leads: http, https, mail or DOI; `None` for whatever else."""
    address = address.strip()
    if _WEB.fullmatch(address):
        return address
    if found := _MAIL.fullmatch(address):
        return f"mailto:{found[1]}"
    if found := _DOI.fullmatch(address):
        return f"https://doi.org/{found[1]}"
    return None


def html_link(address: str) -> Markup | str:
    """Return an address as a link that shows it; as plain text if it leads nowhere that a page may lead to."""
    from markupsafe import Markup  # comes with jinja2

    address = visible(address)
    place = target(address)
    if place is None:
        return address
    return Markup('<a href="{}" rel="noopener noreferrer" dir="ltr">{}</a>').format(place, address)


def cross_referenced(text: str, anchors: dict[int, str]) -> Markup:
    """Return a text of the program in which `ref. 3` leads to the list of references.

    Args:
        text: the text.
        anchors: the anchor of each reference by its number.
    """
    from markupsafe import Markup, escape  # comes with jinja2

    made, last = Markup(), 0
    for found in _REFERENCE.finditer(text := visible(text)):
        anchor = anchors.get(int(found[1]))
        if anchor is not None:
            made += escape(text[last : found.start()])
            made += Markup('<a class="ref" href="#{}">{}</a>').format(anchor, found[0])
            last = found.end()
    return made + escape(text[last:])


_INDEX = re.compile(r"\[(\w*)\]")
_ODD = re.compile(r"[^\w.~*-]+", re.ASCII)


class Anchors:
    """The anchors of one view; each is given out once.

    Attributes:
        name: the view, which every anchor begins with, so that several views fit into one file.
        title: the view's name for people.
        first: whether the file opens on this view.
        paper: whether the page is for paper, where nothing unfolds or scrolls.
        references: the anchors of the references by number.
        elsewhere: the anchors of workings that the file shows in its whole sheet, by number.
        errata_elsewhere: whether the file's whole sheet lists its errata; each is with its figure too.
        reasons_elsewhere: paths of what is missing whose reasons the file's whole sheet gives.
        refers: whether its references are those that the file's whole sheet lists.
        figures_elsewhere: what the figures of the file's whole sheet show in words, by the figure's id.
        appendix: whether the document shows workings and the reasons for its selection; a file for screens does.
        drawings: the shapes of the file's figures by id, which every view shows from one place; `None` on paper.
    """

    def __init__(
        self,
        page: Page,
        *,
        first: bool = False,
        name: str | None = None,
        paper: bool = False,
        elsewhere: Mapping[int, str] | None = None,
        errata_elsewhere: bool = False,
        reasons_elsewhere: frozenset[str] = frozenset(),
        refers: bool = False,
        figures_elsewhere: Mapping[str, str] | None = None,
        drawings: dict[str, str] | None = None,
        appendix: bool = True,
    ) -> None:
        self.name = name or page.view
        self.title = page.view_title if name is None else "The whole sheet"
        self.first = first
        self.paper = paper
        self.elsewhere = dict(elsewhere or {})
        self.errata_elsewhere = errata_elsewhere
        self.reasons_elsewhere = reasons_elsewhere
        self.refers = refers
        self.figures_elsewhere = dict(figures_elsewhere or {})
        self.drawings = drawings
        self.appendix = appendix
        listed = "full" if refers else page.view
        self.references: Mapping[int, str] = {
            row.number: f"{listed}/ref-{row.number}" for row in page.references
        }
        self._view = page.view
        self._given: set[str] = set()

    def words_of_figure(self, figure: FigureBlock) -> str:
        """Return the anchor of what a figure shows in words; the file has it once, if its whole sheet has it."""
        same = self.figures_elsewhere.get(figure.id) == figure.text
        return f"{'full' if same else self.name}-{figure.id}-text"

    def section(self, key: str) -> str:
        """Return the anchor of a section; the same each time, for the table of contents."""
        return f"{self.name}/{_ODD.sub('-', key)}"

    def reference(self, number: int) -> str:
        """Return the anchor of an entry of the list of references."""
        return self.references.get(number, f"{self.name}/ref-{number}")

    def working(self, number: int) -> str:
        """Return the anchor of a working, in the open part of the page or in the file's whole sheet."""
        return self.elsewhere.get(number, f"{self._view}/working-{number}")

    def fresh(self, path: str) -> str:
        """Return an anchor for the field at a path that nothing else on the page has: `…/parameters.power`."""
        plain = self.section(_INDEX.sub(r".\1", path))
        anchor, count = plain, 1
        # The anchor of a path of one word is that of a section.
        while anchor in self._given or (count == 1 and "." not in path):
            count += 1
            anchor = f"{plain}~{count}"
        self._given.add(anchor)
        return anchor


def prose(blocks: Iterable[TextBlock]) -> Markup:
    """Return blocks of prose as HTML: every text is escaped, and links lead to web and mail addresses only."""
    from markupsafe import Markup  # comes with jinja2

    return Markup("\n").join(_block(block) for block in blocks)


def line(blocks: Iterable[TextBlock]) -> Markup:
    """Return prose for a place that takes a line: paragraphs without their element, other blocks as plain text."""
    from markupsafe import Markup, escape  # comes with jinja2

    shown = (_spans(b.spans) if b.kind == "paragraph" else escape(visible(block_text(b))) for b in blocks)
    return Markup(" ").join(shown)


def _block(block: TextBlock) -> Markup:
    from markupsafe import Markup  # comes with jinja2

    match block.kind:
        case "paragraph":
            return Markup('<p dir="auto" lang="und">{}</p>').format(_spans(block.spans))
        case "code":
            return Markup("<pre><code>{}</code></pre>").format(visible(block.text))
        case "quote":
            return Markup("<blockquote>{}</blockquote>").format(prose(block.blocks))
        case "item":
            return prose(block.blocks)
        case "bullets":
            return Markup("<ul>{}</ul>").format(_entries(block.blocks))
        case "numbers":
            return Markup('<ol start="{}">{}</ol>').format(block.start, _entries(block.blocks))
    assert_never(block.kind)


def _entries(entries: Iterable[TextBlock]) -> Markup:
    from markupsafe import Markup  # comes with jinja2

    return Markup("").join(
        Markup('<li dir="auto" lang="und">{}</li>').format(_entry(entry)) for entry in entries
    )


def _entry(entry: TextBlock) -> Markup:
    """Return the inside of an entry; a first paragraph that only a list follows needs no element of its own."""
    from markupsafe import Markup  # comes with jinja2

    first, *others = entry.blocks or (entry,)
    if first.kind == "paragraph" and all(other.kind in {"bullets", "numbers"} for other in others):
        return Markup("").join((_spans(first.spans), *(_block(other) for other in others)))
    return prose((first, *others)) if entry.blocks else _block(entry)


def _spans(spans: Iterable[TextSpan]) -> Markup:
    from markupsafe import Markup  # comes with jinja2

    return Markup("").join(_span(span) for span in spans)


def _span(span: TextSpan) -> Markup:
    from markupsafe import Markup, escape  # comes with jinja2

    if span.kind == "text":
        return escape(visible(span.text))
    if span.kind == "link":
        address = Markup('<a href="{}" rel="noopener noreferrer">{}</a>')
        return address.format(visible(span.href), _spans(span.spans))
    inner = escape(visible(span.text)) if span.kind == "code" else _spans(span.spans)
    name = _ELEMENTS[span.kind]
    return Markup("<{0}>{1}</{0}>").format(name, inner)
