"""The page model as GitHub-flavoured Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.render.escape import escape, link
from factsheet.render.markdown_table import table
from factsheet.resources import resource_directory
from factsheet.views.page import MISSING_KINDS, FiguresBlock, ListBlock, ProseBlock, TableBlock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment
    from markupsafe import Markup

    from factsheet.views.page import Block, FactRow, MissingKind, NeedRow, Page

_TEMPLATE = "page.md.j2"
_BLANK_LINES = re.compile(r"\n{3,}")
_KINDS: dict[MissingKind, str] = {
    "not_applicable": "not applicable",
    "not_disclosed": "not disclosed",
    "not_evaluated": "not evaluated",
    "not_answered": "not answered",
}


def render_markdown(page: Page) -> str:
    """Write a page as Markdown, the same text for the same page.

    Raises:
        ResourceMissingError: the program's templates are not where they were installed.
    """
    text = _environment().get_template(_TEMPLATE).render(page=page)
    return _BLANK_LINES.sub("\n\n", text).strip() + "\n"


def _environment() -> Environment:
    """Jinja, set up so that whatever a template prints is escaped for Markdown."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # rendering only

    # Autoescaping is on so that macros and our own filters hand over `Markup`; `finalize` sees every value before
    # the HTML escaping that it would bring, and turns plain text into Markdown.
    environment = Environment(
        loader=FileSystemLoader(resource_directory("templates") / "markdown"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "answers": _answers,
        "block_kind": _block_kind,
        "counts": _counts,
        "inline": _inline,
        "kind_words": _KINDS.__getitem__,
        "link": _link,
        "needs": _needs,
        "numbered": _numbered,
        "table": _table,
    }
    return environment


def _finalize(value: object) -> Markup:
    from markupsafe import Markup  # comes with jinja2

    return value if isinstance(value, Markup) else _safe(escape(str(value)))


def _safe(markdown: str) -> Markup:
    """Mark Markdown that this package made as ready to print."""
    from markupsafe import Markup  # comes with jinja2

    return Markup(markdown)  # noqa: S704  only ever given what `escape`, `link` and `table` return


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
    """Several texts in a row; `between` is the template's and plain."""
    return _safe(between.join(escape(text) for text in texts if text))


def _block_kind(block: Block) -> str:
    """Which macro shows a block."""
    kinds = {ProseBlock: "prose", FiguresBlock: "figures", ListBlock: "list", TableBlock: "table"}
    return kinds[type(block)]


def _answers(rows: Iterable[FactRow]) -> list[tuple[str, ...]]:
    """Rows for a table of facts; links follow below it, where they can be links."""
    return [(row.label, row.answer, row.standing_text) for row in rows if row.kind != "link"]


def _needs(rows: Iterable[NeedRow]) -> list[tuple[str, ...]]:
    return [(row.title, row.whose, row.answered) for row in rows]


def _numbered(references: Iterable[int]) -> str:
    return ", ".join(f"ref. {number}" for number in references)


def _counts(page: Page) -> str:
    """How many facts are missing in each way: `9 not disclosed, 2 not evaluated`."""
    counted = ((page.missing.count(kind), _KINDS[kind]) for kind in MISSING_KINDS)
    return ", ".join(f"{count} {words}" for count, words in counted if count)
