"""Give the HTML and PDF templates what they ask of a page: texts, links, anchors and tables."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.pages.back_matter import MISSING_KINDS
from factsheet.pages.formats.compact import compact_svg
from factsheet.pages.formats.html_text import cross_referenced, html_link, line, prose
from factsheet.pages.formats.paper_tables import is_small, parts_on_paper, widths
from factsheet.pages.languages import listed, reads_from_right
from factsheet.pages.model import FigureBlock, FiguresBlock, ListBlock, ProseBlock, TableBlock
from factsheet.pages.rich_text import TextSpan
from factsheet.pages.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from markupsafe import Markup

    from factsheet.pages.back_matter import MissingGroup, MissingKind, MissingRow, NeedRow, Working
    from factsheet.pages.formats.html_text import Anchors
    from factsheet.pages.marks import Agreement, FactProvenance
    from factsheet.pages.model import Block, FactRow, Page

KINDS: dict[MissingKind, str] = {
    "not_applicable": "not applicable",
    "not_disclosed": "not disclosed",
    "not_evaluated": "not evaluated",
    "not_answered": "not answered",
}
_TITLE = re.compile(r"(<title\b[^>]*>).*?(</title>)", re.DOTALL)


def shared_filters() -> Mapping[str, Callable[..., object]]:
    """Return the filters that templates of both formats use."""
    return {
        "answer": answer,
        "block_kind": block_kind,
        "any_by_name": any_by_name,
        "blocks_of_prose": prose,
        "by_name": by_name,
        "check": check,
        "contents": contents,
        "counts": counts,
        "cross_referenced": _cross_referenced,
        "fit": fit,
        "kind": kind,
        "kind_words": KINDS.__getitem__,
        "link": html_link,
        "needs": needs,
        "own_workings": own_workings,
        "parts": parts,
        "prose": prose_of_row,
        "small": small,
        "symbol": symbol,
        "with_reasons": with_reasons,
    }


def printed(value: object) -> object:
    """Return every value on its way to the page: texts without unseen characters; what is markup stays as it is."""
    if type(value) is str:
        return together(visible(value))
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


_CELL = 24
_APART = re.compile(r"(?<=\d) (?=[%±]|[kMGµmnT]?(?:B|W|Wh|J|s|h|Hz|V)\b)|(?<=±) (?=\d)")


def together(text: str) -> str:
    """Return a text whose numbers stay on one line with their percent sign, ± and short units.

    A short text is the cell of a table or a label, which is broken nowhere, or wherever it has to be.
    """
    return _APART.sub("\u00a0", text) if len(text) > _CELL and "|" not in text else text


def answer(row: FactRow) -> Markup | str:
    """Return the answer on one line; an address as a link, prose with its markup."""
    if row.kind == "link" or row.path == "overview.contact":
        return html_link(row.answer)
    if row.prose:
        return line(row.prose) + row.aside
    if row.kind == "items" and any(map(reads_from_right, row.entries)) and not reads_from_right(row.answer):
        return isolated(row.entries, row.language) + row.aside
    if row.kind != "figure" or not row.aside:
        return row.answer
    from markupsafe import Markup  # comes with jinja2

    # What it is relative to and where it holds is no part of the figure.
    figure = visible(row.answer.removesuffix(row.aside))
    return Markup("{}<span class=aside>{}</span>").format(figure, visible(row.aside))


def isolated(entries: Sequence[str], language: str | None) -> Markup:
    """Return a list on one line whose entries keep their order, whichever way each of them is read."""
    from markupsafe import Markup  # comes with jinja2

    marked = [Markup("<bdi>{}</bdi>").format(visible(entry)) for entry in entries]
    return Markup(listed(marked, language))  # noqa: S704  each was escaped


def prose_of_row(row: FactRow) -> Markup:
    """Return the answer as paragraphs, lists and so on, with a sign behind it where it is cut."""
    if not row.shortened:
        return prose(row.prose)
    *others, last = row.prose
    return prose((*others, replace(last, spans=(*last.spans, TextSpan("text", " …")))))


def block_kind(block: Block) -> str:
    """Return which macro shows a block."""
    kinds = {
        ProseBlock: "prose",
        FiguresBlock: "figures",
        ListBlock: "list",
        TableBlock: "table",
        FigureBlock: "drawing",
    }
    return kinds[type(block)]


def check(agreement: Agreement) -> str:
    """Return a class for the check of a figure."""
    return agreement.check.replace(" ", "-")


def symbol(agreement: Agreement) -> str:
    """Return the sign for the check of a figure."""
    from factsheet.pages.marks import SYMBOLS

    return SYMBOLS[agreement.check]


def kind(provenance: FactProvenance) -> str:
    """Return a class for where a figure is from."""
    return provenance.kind.replace(" ", "-")


def needs(rows: Iterable[NeedRow]) -> list[tuple[str, ...]]:
    """Return the needs as rows of a table, those of one origin and one standing together."""
    alike: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        alike.setdefault((row.whose, row.answered), []).append(row.title)
    return [(", ".join(titles), *shared) for shared, titles in alike.items()]


def counts(page: Page) -> str:
    """Return how many facts are missing in each way: `9 not disclosed, 2 not evaluated`."""
    counted = ((page.missing.count(kind), KINDS[kind]) for kind in MISSING_KINDS)
    return ", ".join(f"{count} {words}" for count, words in counted if count)


def with_reasons(group: MissingGroup, anchors: Anchors) -> list[MissingRow]:
    """Return what a view lists with the author's reason; what the file's whole sheet gives it for is left to that."""
    return [row for row in group.rows if row.path not in anchors.reasons_elsewhere]


def by_name(group: MissingGroup, anchors: Anchors) -> list[tuple[MissingKind, list[MissingRow]]]:
    """Return what a view lists by its name only, by kind."""
    rows = [*(row for row in group.rows if row.path in anchors.reasons_elsewhere), *group.beside]
    found = ((kind, [row for row in rows if row.kind == kind]) for kind in MISSING_KINDS)
    return [(kind, named) for kind, named in found if named]


def any_by_name(groups: Iterable[MissingGroup], anchors: Anchors) -> bool:
    """Return whether the file's whole sheet has reasons that a view does not give."""
    rows = (row for group in groups for row in group.rows)
    return any(row.reason and row.path in anchors.reasons_elsewhere for row in rows)


def contents(page: Page, anchors: Anchors) -> list[tuple[str, str]]:
    """Return the key and the title of every section of a page's open part, in order."""
    found = [("summary", "In short"), *((made.key, made.title) for made in page.sections)]
    tail = (
        ("missing", "What this sheet does not say", page.missing.total),
        ("errata", "Errata of the source", page.errata and not anchors.errata_elsewhere),
        ("terms", "Terms", page.glossary),
        ("references", "References", page.references and not anchors.refers),
        ("workings", "How figures were recomputed", own_workings(page, anchors)),
        ("needs", "Why this page shows what it shows", page.needs and anchors.appendix),
    )
    return found + [(key, title) for key, title, there in tail if there]


def own_workings(page: Page, anchors: Anchors) -> list[Working]:
    """Return the workings of a page that the file's whole sheet does not show."""
    return [
        working for working in page.workings if anchors.appendix and working.number not in anchors.elsewhere
    ]


def parts(block: TableBlock, anchors: Anchors) -> tuple[TableBlock, ...]:
    """Return the table as a whole; on paper, one too wide for it in parts."""
    return parts_on_paper(block) if anchors.paper else (block,)


def fit(header: Sequence[str], numeric: Iterable[int], *rows: Iterable[Sequence[str]]) -> tuple[float, ...]:
    """Return the widths of a table's columns on paper, in percent."""
    return widths([header, *(row for group in rows for row in group)], frozenset(numeric))


def small(header: Sequence[str], numeric: Iterable[int], *rows: Iterable[Sequence[str]]) -> bool:
    """Return whether a table on paper is set in smaller letters."""
    return is_small([header, *(row for group in rows for row in group)], frozenset(numeric))


def drawing(block: FigureBlock) -> str:
    """Return the figure as SVG; empty where there is nothing to draw."""
    from factsheet.pages.figures.drawing import draw

    return draw(block)


def with_own_ids(svg: str, block: FigureBlock, prefix: str) -> str:
    """Return the SVG with its ids made unlike those of the same figure elsewhere in the file."""
    return re.sub(rf'(?<=["#\s(]){re.escape(block.id)}(?=[-"])', f"{prefix}-{block.id}", svg)


def shared_drawing(block: FigureBlock, words: str, drawings: dict[str, str]) -> str:
    """Return the figure as SVGs for a wide and a narrow screen; empty where there is nothing to draw.

    Their shapes are where the file has them once, for all of its views. Their description is a paragraph of the file.

    Args:
        block: the figure.
        words: the id of that paragraph.
        drawings: the shapes by id; those of this figure are added.
    """
    from markupsafe import escape  # comes with jinja2

    from factsheet.pages.figures.canvas import number
    from factsheet.pages.figures.drawing import draw_for_screens

    made = []
    for kind, drawn in draw_for_screens(block).items():
        shapes = compact_svg(drawn.shapes)
        # Views may show a figure of one id with other data.
        count = 1
        while shapes != drawings.setdefault(name := f"{kind}-{count}-{block.id}", shapes):
            count += 1
        size = f"0 0 {number(drawn.width)} {number(drawn.height)}"
        made.append(f'<svg class={kind} viewBox="{size}"><use href="#{name}"/></svg>')
    if not made:
        return ""
    named = f'aria-label="{escape(visible(block.title))}" aria-describedby="{words}"'
    return f"<div role=img {named}>{''.join(made)}</div>"


def with_alternative(svg: str, block: FigureBlock) -> Markup:
    """Return the SVG with all that it shows in its title, the only alternative that WeasyPrint hands on."""
    from markupsafe import Markup, escape  # comes with jinja2

    words = escape(visible(f"{block.title}. {block.text}"))
    return Markup(_TITLE.sub(lambda found: f"{found[1]}{words}{found[2]}", svg, count=1))  # noqa: S704  drawn by us


def _cross_referenced(text: str, anchors: Anchors) -> Markup:
    return cross_referenced(text, dict(anchors.references))
