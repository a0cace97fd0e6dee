"""One page as a PDF: a cover, contents with page numbers, running heads, bookmarks, tags for screen readers.

The document is drawn by WeasyPrint from the templates of the HTML file, with a style of its own. It is the same to
the last byte for the same page: nothing of the machine goes in but the fonts it has, and no time but the given one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.render.environment import render_template
from factsheet.render.html import html_environment
from factsheet.render.html_anchors import Anchors
from factsheet.render.html_filters import contents
from factsheet.render.html_grid import grid_table
from factsheet.render.pdf_engine import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from factsheet.render.html_grid import Row
    from factsheet.views.page import Page

_SHORT_DIGEST = 19
"""Characters of a digest in the running head: `sha256:` and twelve digits."""


class Paper(NamedTuple):
    """What the template of the document gets."""

    language: str
    title: str
    author: str | None
    description: str
    created: str | None
    running: tuple[str, ...]
    digest: str
    identity: tuple[tuple[str, str], ...]
    contents: tuple[tuple[str, str, int], ...]
    page: Page
    view: Anchors
    whole: Anchors
    grid: tuple[tuple[str, ...], tuple[Row, ...]] | None


def render_pdf(page: Page, *, overrides: Path | None = None, created: datetime | None = None) -> bytes:
    """The page as a PDF.

    Args:
        page: the page.
        overrides: a folder of the user's own templates, `html/print.html.j2` and `html/print.css` in it.
        created: the time to write into the document; none is written if left out.

    Raises:
        PdfUnavailableError: WeasyPrint, or a library that it needs, is not installed.
        PdfFetchError: a style or template of the user's wants something from elsewhere.
        ResourceMissingError: the program's templates are not where they were installed.
        TemplateFaultError: a template of the user's is wrong.
    """
    return write(*print_html(page, overrides=overrides, created=created))


def print_html(
    page: Page, *, overrides: Path | None = None, created: datetime | None = None
) -> tuple[str, str]:
    """The document as HTML, and its style."""
    environment = html_environment(overrides)
    view, whole = Anchors(page, paper=True), Anchors(page, name="full", paper=True)
    told = page.identity
    version = None if told.version is None else f"version {told.version}"
    grid = page.grid if page.grid is not None and page.grid.points else None
    paper = Paper(
        language="en",
        title=page.title if page.view == "full" else f"{page.title} – {view.title}",
        author=told.organisation,
        description=f"FactSheet of {told.model}. {page.reader or 'The whole sheet.'}",
        created=None if created is None else f"{created:%Y-%m-%dT%H:%M:%SZ}",
        running=tuple(text for text in (told.model, version, told.date) if text),
        digest=(told.digest or "")[:_SHORT_DIGEST],
        identity=_identity(page),
        contents=tuple(_contents(page, view, whole)),
        page=page,
        view=view,
        whole=whole,
        grid=None if grid is None else grid_table(grid),
    )
    loader = environment.loader
    assert loader is not None  # noqa: S101  the environment was made with one
    style = loader.get_source(environment, "print.css")[0]
    return render_template(environment, "print.html.j2", overrides, paper=paper), style


def _identity(page: Page) -> tuple[tuple[str, str], ...]:
    told = page.identity
    rows = (
        ("Model", told.model),
        ("Version", told.version),
        ("Organisation", told.organisation),
        ("Date", told.date),
        ("Status", told.status),
        ("Digest", told.digest),
    )
    return tuple((label, text) for label, text in rows if text)


def _contents(page: Page, view: Anchors, whole: Anchors) -> Iterator[tuple[str, str, int]]:
    """Anchor, title and level of everything that the contents list."""
    yield view.name, view.title, 1
    for key, title in contents(page):
        yield view.section(key), title, 2
    if page.grid is not None and page.grid.points:
        yield "explorer", "Operating points", 1
    if page.whole:
        yield whole.name, whole.title, 1
        for made in page.whole.sections:
            yield whole.section(made.key), made.title, 2
        tail = (
            ("missing", "Not told either", page.whole.missing),
            ("errata", "Further slips of the source", page.whole.errata),
            ("terms", "Further terms", page.whole.terms),
        )
        yield from ((whole.section(key), title, 2) for key, title, there in tail if there)
