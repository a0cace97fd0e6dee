"""What the HTML and PDF templates ask of a page: plain functions from the page model to texts and links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.render import paper_table
from factsheet.render.html_text import clean, cross_referenced, link
from factsheet.views.page import MISSING_KINDS, FigureBlock, FiguresBlock, ListBlock, ProseBlock, TableBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from markupsafe import Markup

    from factsheet.render.html_anchors import Anchors
    from factsheet.views.page import (
        Agreement,
        Block,
        FactRow,
        Headline,
        MissingKind,
        NeedRow,
        Page,
        Standing,
        Summary,
    )

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
        "link": link,
        "mark": mark,
        "needs": needs,
        "parts": parts,
        "symbol": symbol,
    }


def printed(value: object) -> object:
    """Every value on its way to the page: texts without unseen characters; what is markup stays as it is."""
    if type(value) is str:
        return clean(value)
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def answer(row: FactRow) -> Markup | str:
    """The answer on one line; an address as a link."""
    if row.kind == "link" or row.path == "overview.contact":
        return link(row.answer)
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
    from factsheet.views.marks import SYMBOLS

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
    from factsheet.render.figures import draw

    return draw(block)


def with_own_ids(svg: str, block: FigureBlock, prefix: str) -> str:
    """The SVG with its ids made unlike those of the same figure elsewhere in the file."""
    return re.sub(rf'(?<=["#\s(]){re.escape(block.id)}(?=[-"])', f"{prefix}-{block.id}", svg)


def with_alternative(svg: str, block: FigureBlock) -> Markup:
    """The SVG with all that it shows in its title, the only alternative that WeasyPrint hands on."""
    from markupsafe import Markup, escape  # comes with jinja2

    words = escape(clean(f"{block.title}. {block.text}"))
    return Markup(_TITLE.sub(lambda found: f"{found[1]}{words}{found[2]}", svg, count=1))  # noqa: S704  drawn by us


def _cross_referenced(text: str, anchors: Anchors) -> Markup:
    return cross_referenced(text, dict(anchors.references))
