"""Give the HTML and PDF templates what they ask of a page: texts, links, anchors and tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.pages.back_matter import MISSING_KINDS
from factsheet.pages.formats import pdf as paper_table
from factsheet.pages.model import FigureBlock, FiguresBlock, ListBlock, ProseBlock, TableBlock
from factsheet.quantities.quantity import format_value
from factsheet.readers.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from markupsafe import Markup

    from factsheet.pages.back_matter import MissingKind, NeedRow
    from factsheet.pages.estimates import GridPoint, OperatingGrid
    from factsheet.pages.marks import Agreement, Standing
    from factsheet.pages.model import Block, FactRow, Headline, Page, Summary, ViewName

# C0 without tab and line breaks, DEL, C1, the marks that reorder text (a page must read the way it is written), halves
# of surrogate pairs and what is no character in XML, as which WeasyPrint and validators read the page.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Letters, digits and what RFC 3986 lets stand in an address, but no quote and nothing that could end an attribute.
_WEB = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&()*+,;=%']+", re.IGNORECASE)
_MAIL = re.compile(r"(?:mailto:)?([\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
_DOI = re.compile(r"doi:\s*(10\.\d{4,9}/[\w.()/:;-]+)", re.IGNORECASE | re.ASCII)
_REFERENCE = re.compile(r"\bref\. (\d{1,4})\b")


def visible(text: str) -> str:
    """The text without characters that nobody sees."""
    return _UNSEEN.sub("", text)


def target(address: str) -> str | None:
    """Where an address leads: http, https, mail or DOI; `None` for whatever else."""
    address = address.strip()
    if _WEB.fullmatch(address):
        return address
    if found := _MAIL.fullmatch(address):
        return f"mailto:{found[1]}"
    if found := _DOI.fullmatch(address):
        return f"https://doi.org/{found[1]}"
    return None


def html_link(address: str) -> Markup | str:
    """An address as a link that shows it; as plain text if it leads nowhere that a page may lead to."""
    from markupsafe import Markup  # comes with jinja2

    address = visible(address)
    place = target(address)
    if place is None:
        return address
    return Markup('<a href="{}" rel="noopener noreferrer" dir="ltr">{}</a>').format(place, address)


def cross_referenced(text: str, anchors: dict[int, str]) -> Markup:
    """A text of the program in which `ref. 3` leads to the list of references.

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
    """

    def __init__(
        self, page: Page, *, first: bool = False, name: str | None = None, paper: bool = False
    ) -> None:
        self.name = name or page.view
        self.title = view_title(page.view) if name is None else "The whole sheet"
        self.first = first
        self.paper = paper
        self.references: Mapping[int, str] = {
            row.number: f"{page.view}/ref-{row.number}" for row in page.references
        }
        self._view = page.view
        self._given: set[str] = set()

    def section(self, key: str) -> str:
        """The anchor of a section; the same each time, for the table of contents."""
        return f"{self.name}/{_ODD.sub('-', key)}"

    def reference(self, number: int) -> str:
        """The anchor of an entry of the list of references."""
        return self.references.get(number, f"{self.name}/ref-{number}")

    def working(self, number: int) -> str:
        """The anchor of a working, which stands in the open part of the page."""
        return f"{self._view}/working-{number}"

    def fresh(self, path: str) -> str:
        """An anchor for the field at a path that nothing else on the page has: `…/parameters.power`."""
        plain = self.section(_INDEX.sub(r".\1", path))
        anchor, count = plain, 1
        # The anchor of a path of one word is that of a section.
        while anchor in self._given or (count == 1 and "." not in path):
            count += 1
            anchor = f"{plain}~{count}"
        self._given.add(anchor)
        return anchor


def view_title(view: ViewName) -> str:
    """The name of a view: the role's, with a capital."""
    if view == "full":
        return "The whole sheet"
    title = ROLES[view].title
    return title[:1].upper() + title[1:]


_DIGITS = 4
_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("ops", "Operations", "ops"),
    ("analog_ops", "In analog memory", "ops"),
    ("digital_ops", "Digital", "ops"),
    ("latency_s", "Time of a run", "time"),
    ("energy_j", "Energy of a run", "energy"),
    ("efficiency", "Energy efficiency", "inferences_per_second_per_watt"),
)


class GridCell(NamedTuple):
    """One figure: a number to reckon with, empty where nothing is known, and a text to read."""

    value: str
    text: str


class GridRow(NamedTuple):
    """One operating point; `at` is what the sliders look it up by."""

    at: str
    published: bool
    cells: tuple[GridCell, ...]


def grid_table(grid: OperatingGrid) -> tuple[tuple[str, ...], tuple[GridRow, ...]]:
    """The heading and the rows of a grid; figures that no point has get no column."""
    columns = [
        column for column in _COLUMNS if any(getattr(point, column[0]) is not None for point in grid.points)
    ]
    header = ("Sequence length", "Batch", *(title for _, title, _ in columns))
    here = None if grid.published is None else (grid.published.seq_len, grid.published.batch)
    rows = tuple(
        GridRow(
            f"{point.seq_len} {point.batch}",
            (point.seq_len, point.batch) == here,
            (
                GridCell(str(point.seq_len), f"{point.seq_len:,}"),
                GridCell(str(point.batch), f"{point.batch:,}"),
                *(_cell(point, name, dimension) for name, _, dimension in columns),
            ),
        )
        for point in grid.points
    )
    return header, rows


def _cell(point: GridPoint, name: str, dimension: str) -> GridCell:
    value: float | None = getattr(point, name)
    if value is None:
        return GridCell("", "–")
    return GridCell(f"{value:.12g}", format_value(value, dimension, _DIGITS))


KINDS: dict[MissingKind, str] = {
    "not_applicable": "not applicable",
    "not_disclosed": "not disclosed",
    "not_evaluated": "not evaluated",
    "not_answered": "not answered",
}
_TITLE = re.compile(r"(<title\b[^>]*>).*?(</title>)", re.DOTALL)


def shared_filters() -> Mapping[str, Callable[..., object]]:
    """The filters that templates of both formats use."""
    return {
        "answer": answer,
        "block_kind": block_kind,
        "check": check,
        "contents": contents,
        "counts": counts,
        "cross_referenced": _cross_referenced,
        "fit": fit,
        "kind": kind,
        "kind_words": KINDS.__getitem__,
        "lead": lead,
        "link": html_link,
        "mark": mark,
        "needs": needs,
        "parts": parts,
        "symbol": symbol,
    }


def printed(value: object) -> object:
    """Every value on its way to the page: texts without unseen characters; what is markup stays as it is."""
    if type(value) is str:
        return visible(value)
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def answer(row: FactRow) -> Markup | str:
    """The answer on one line; an address as a link."""
    if row.kind == "link" or row.path == "overview.contact":
        return html_link(row.answer)
    return row.answer


def block_kind(block: Block) -> str:
    """Which macro shows a block."""
    kinds = {
        ProseBlock: "prose",
        FiguresBlock: "figures",
        ListBlock: "list",
        TableBlock: "table",
        FigureBlock: "drawing",
    }
    return kinds[type(block)]


def check(agreement: Agreement) -> str:
    """A class for the check of a figure."""
    return agreement.check


def symbol(agreement: Agreement) -> str:
    """The sign for the check of a figure."""
    from factsheet.pages.marks import SYMBOLS

    return SYMBOLS[agreement.check]


def kind(standing: Standing) -> str:
    """A class for where a figure is from."""
    return standing.kind.replace(" ", "-")


def mark(headline: Headline) -> str:
    """The sign for the check of a headline, if it holds a figure."""
    return "" if headline.mark is None else f"{headline.mark.symbol} "


def lead(summary: Summary) -> tuple[str, ...]:
    """The sentences that open the summary."""
    said = " ".join(summary.sentences)
    return (*summary.paragraphs, *((said,) if said else ()))


def needs(rows: Iterable[NeedRow]) -> list[tuple[str, ...]]:
    """The needs as rows of a table."""
    return [(row.title, row.whose, row.answered) for row in rows]


def counts(page: Page) -> str:
    """How many facts are missing in each way: `9 not disclosed, 2 not evaluated`."""
    counted = ((page.missing.count(kind), KINDS[kind]) for kind in MISSING_KINDS)
    return ", ".join(f"{count} {words}" for count, words in counted if count)


def contents(page: Page) -> list[tuple[str, str]]:
    """The key and the title of every section of a page's open part, in order."""
    found = [("summary", "In short"), *((made.key, made.title) for made in page.sections)]
    tail = (
        ("missing", "What this sheet does not tell you", page.missing.total),
        ("errata", "Slips of the source", page.errata),
        ("terms", "Terms", page.glossary),
        ("references", "References", page.references),
        ("workings", "How figures were recomputed", page.workings),
        ("needs", "Why this page shows what it shows", page.needs),
    )
    return found + [(key, title) for key, title, there in tail if there]


def parts(block: TableBlock, anchors: Anchors) -> tuple[TableBlock, ...]:
    """The table as a whole; on paper, one too wide for it in parts."""
    return paper_table.parts(block) if anchors.paper else (block,)


def fit(header: Sequence[str], numeric: Iterable[int], *rows: Iterable[Sequence[str]]) -> tuple[float, ...]:
    """The widths of a table's columns on paper, in percent."""
    return paper_table.widths([header, *(row for group in rows for row in group)], frozenset(numeric))


def drawing(block: FigureBlock) -> str:
    """The figure as SVG; empty where there is nothing to draw."""
    from factsheet.pages.figures.drawing import draw

    return draw(block)


def with_own_ids(svg: str, block: FigureBlock, prefix: str) -> str:
    """The SVG with its ids made unlike those of the same figure elsewhere in the file."""
    return re.sub(rf'(?<=["#\s(]){re.escape(block.id)}(?=[-"])', f"{prefix}-{block.id}", svg)


def with_alternative(svg: str, block: FigureBlock) -> Markup:
    """The SVG with all that it shows in its title, the only alternative that WeasyPrint hands on."""
    from markupsafe import Markup, escape  # comes with jinja2

    words = escape(visible(f"{block.title}. {block.text}"))
    return Markup(_TITLE.sub(lambda found: f"{found[1]}{words}{found[2]}", svg, count=1))  # noqa: S704  drawn by us


def _cross_referenced(text: str, anchors: Anchors) -> Markup:
    return cross_referenced(text, dict(anchors.references))
