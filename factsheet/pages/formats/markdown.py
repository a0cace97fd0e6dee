"""Write the page model as GitHub-flavoured Markdown."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from factsheet.pages.back_matter import MISSING_KINDS
from factsheet.pages.figures.drawing import draw, mermaid
from factsheet.pages.formats.markdown_text import fenced, line, link, prose, table
from factsheet.pages.formats.templates import environment, render_template
from factsheet.pages.model import FigureBlock, FiguresBlock, ListBlock, ProseBlock, TableBlock
from factsheet.pages.options import DEFAULT_OPTIONS
from factsheet.pages.text import clean
from factsheet.reports.markdown_words import escape, escape_span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jinja2 import Environment
    from markupsafe import Markup

    from factsheet.pages.back_matter import MissingKind, NeedRow, Working
    from factsheet.pages.first_screen import KeyFigure
    from factsheet.pages.model import Block, FactRow, Page, Summary
    from factsheet.pages.options import RenderOptions


def front_matter(page: Page) -> str:
    """Return YAML between two lines of hyphens; texts are written as JSON, which YAML takes as it is."""
    known = page.identity
    entries = {
        "title": page.title,
        "model": known.model,
        "version": known.version,
        "date": known.date,
        "status": known.status,
        "organisation": known.organisation,
        "view": page.view,
        "sheet": known.digest,
    }
    lines = (
        f"{key}: {json.dumps(clean(value), ensure_ascii=False)}"
        for key, value in entries.items()
        if value is not None
    )
    return "\n".join(("---", *lines, "---", "", ""))


_FOLDER = "markdown"
_TEMPLATE = "page.md.j2"
_BLANK_LINES = re.compile(r"\n{3,}")
_KINDS: dict[MissingKind, str] = {
    "not_applicable": "not applicable",
    "not_disclosed": "not disclosed",
    "not_evaluated": "not evaluated",
    "not_answered": "not answered",
}
_WORKINGS = "how-figures-were-recomputed"
"""The anchor that GitHub and GitLab give the heading of the workings."""


def render_markdown(page: Page, options: RenderOptions = DEFAULT_OPTIONS) -> str:
    """Write a page as Markdown, the same text for the same page.

    Raises:
        ResourceMissingError: the program's templates are not where they were installed.
        TemplateFaultError: a template of the user's is wrong.
    """
    made = _environment(options.overrides)
    text = render_template(made, _TEMPLATE, options.overrides, page=page, options=options)
    body = _BLANK_LINES.sub("\n\n", text).strip() + "\n"
    return front_matter(page) + body if options.front_matter else body


def figure_files(page: Page) -> dict[str, str]:
    """Return the page's figures as files, by name."""
    blocks = (block for made in page.sections for block in made.blocks)
    figures = (block for block in blocks if isinstance(block, FigureBlock) and block.data is not None)
    return {f"{figure.id}.svg": draw(figure, standalone=True) + "\n" for figure in figures}


@lru_cache(maxsize=4)
def _environment(overrides: Path | None) -> Environment:
    """Return Jinja, set up so that whatever a template prints is escaped for Markdown.

    Autoescaping is on so that macros and our own filters hand over `Markup`; `finalize` sees every value before the
    HTML escaping that it would bring, and turns plain text into Markdown.
    """
    return environment(
        _FOLDER,
        overrides=overrides,
        finalize=_finalize,
        filters={
            "answer": _answer,
            "answers": _answers,
            "block_kind": _block_kind,
            "code": _code,
            "counts": _counts,
            "definitions": _definitions,
            "diagrams": mermaid,
            "fenced": _fenced,
            "key_figures": _key_figures,
            "inline": _inline,
            "kind_words": _KINDS.__getitem__,
            "link": _link,
            "snippet": _snippet,
            "needs": _needs,
            "opening": _opening,
            "prose": _prose,
            "numbered": _numbered,
            "provenance": _provenance,
            "table": _table,
            "working_link": _working_link,
        },
    )


def _finalize(value: object) -> Markup:
    from markupsafe import Markup  # comes with jinja2

    return value if isinstance(value, Markup) else _safe(escape(str(value)))


def _safe(markdown: str) -> Markup:
    """Mark Markdown that this package made as ready to print."""
    from markupsafe import Markup  # comes with jinja2

    return Markup(markdown)  # noqa: S704  only ever given what is escaped already


def _table(
    header: tuple[str, ...],
    rows: Iterable[tuple[str, ...]],
    numeric: tuple[int, ...] = (),
    closing: tuple[tuple[str, ...], ...] = (),
) -> Markup:
    return _safe(table(header, tuple(rows), numeric, closing))


def _link(address: str) -> Markup:
    return _safe(link(address))


def _inline(texts: Iterable[str], between: str = ", ") -> Markup:
    """Return several texts in a row; `between` is the template's and plain."""
    return _safe(between.join(escape(text) for text in texts if text))


def _block_kind(block: Block) -> str:
    """Return which macro shows a block."""
    kinds = {
        ProseBlock: "prose",
        FiguresBlock: "figures",
        ListBlock: "list",
        TableBlock: "table",
        FigureBlock: "figure",
    }
    return kinds[type(block)]


def _referring(text: str, references: Iterable[int]) -> str:
    """Return the text with its references as links; what they lead to is at the end of the page."""
    line = escape(text)
    for number in references:
        line = re.sub(rf"\bref\. {number}\b", f"[ref. {number}]", line)
    return line


def _working_link(number: int | None) -> Markup:
    return _safe("" if number is None else f" [working {number}]")


def _provenance(row: FactRow) -> Markup:
    """Return the provenance of a row with its sign, its references and its working."""
    number = None if row.agreement is None else row.agreement.working
    return _safe(_referring(row.marked_text, row.provenance.references) + _working_link(number))


def _key_figures(figures: Iterable[KeyFigure]) -> Markup:
    """Return the figures of the first screen as a table: each with what it holds for and where it is from."""
    rows = [
        (
            figure.name,
            _safe(f"**{escape(figure.value)}** {figure.sign}".rstrip()),
            figure.condition,
            _safe(_referring(figure.provenance, figure.references)),
        )
        for figure in figures
    ]
    return _table(("Figure", "Value", "Holds for", "Where it is from"), rows)


def _answers(rows: Iterable[FactRow]) -> list[tuple[str, ...]]:
    """Return rows for a table of facts; links follow below it, where they can be links."""
    return [(row.label, _answer(row, cell=True), _provenance(row)) for row in rows if row.kind != "link"]


def _answer(row: FactRow, *, cell: bool = False) -> Markup:
    """Return the answer on one line, prose with its markup."""
    return _safe(f"{line(row.prose, cell=cell)}{escape_span(row.aside)}" if row.prose else escape(row.answer))


def _prose(row: FactRow) -> list[tuple[Markup, bool]]:
    """Return the blocks of the answer, each with whether a line can go on behind it."""
    return [(_safe(prose([block])), block.kind == "paragraph") for block in row.prose]


def _opening(summary: Summary) -> Markup:
    return _safe(prose(summary.prose))


def _needs(rows: Iterable[NeedRow]) -> list[tuple[str, ...]]:
    return [(row.title, row.whose, row.answered) for row in rows]


def _numbered(references: Iterable[int]) -> Markup:
    return _safe(", ".join(f"[ref. {number}]" for number in references))


def _definitions(page: Page) -> Markup:
    """Return where links lead: from a reference to its first address, from a working to the section of workings."""
    found = ((row.number, link(row.links[0])) for row in page.references if row.links)
    lines = [f"[ref. {number}]: {address}" for number, address in found if address[:1] == "<"]
    lines += [f"[working {working.number}]: #{_WORKINGS}" for working in page.workings]
    return _safe("\n".join(lines))


def _fenced(diagram: str) -> Markup:
    """Return a diagram for Mermaid; `mermaid` leaves no backtick in it."""
    return _safe(f"```mermaid\n{diagram}\n```")


def _snippet(code: str) -> Markup:
    return _safe(fenced(code.splitlines()))


def _code(working: Working) -> Markup:
    return _safe(fenced(working.lines))


def _counts(page: Page) -> str:
    """Return how many facts are missing in each way: `9 not disclosed, 2 not evaluated`."""
    counted = ((page.missing.count(kind), _KINDS[kind]) for kind in MISSING_KINDS)
    return ", ".join(f"{count} {words}" for count, words in counted if count)
