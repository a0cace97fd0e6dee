"""Write pages as one HTML file: nothing is fetched, nothing runs but our own script, every view is in it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.pages.figures.canvas import LETTERS
from factsheet.pages.formats.compact import compact, compact_style, compact_svg, without_remarks
from factsheet.pages.formats.directions import attributes, with_directions
from factsheet.pages.formats.html_filters import (
    drawing,
    printed,
    shared_drawing,
    shared_filters,
    with_alternative,
    with_own_ids,
)
from factsheet.pages.formats.html_text import Anchors
from factsheet.pages.formats.operating_points import grid_table
from factsheet.pages.formats.templates import environment, is_ours, render_template
from factsheet.pages.languages import OURS
from factsheet.pages.model import FigureBlock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jinja2 import Environment
    from markupsafe import Markup

    from factsheet.pages.back_matter import Working
    from factsheet.pages.marks import Agreement
    from factsheet.pages.model import Page
    from factsheet.readers.roles import ViewName

_ENDS_AN_ELEMENT = re.compile(r"</(?=style|script)|<!--", re.IGNORECASE)


def source(environment: Environment, name: str) -> Markup:
    """Return the text of a style sheet or script beside the templates, the user's before ours.

    Raises:
        ValueError: it would end the element that it goes into.
    """
    loader = environment.loader
    assert loader is not None  # noqa: S101  the environment was made with one
    text, file, _ = loader.get_source(environment, name)
    if file is None or not is_ours(Path(file)):
        return verbatim(text)
    return verbatim(compact_style(text) if name.endswith(".css") else without_remarks(text))


def verbatim(text: str) -> Markup:
    """Return a style sheet or script as it goes into its element.

    Raises:
        ValueError: it would end that element.
    """
    from markupsafe import Markup  # comes with jinja2

    if found := _ENDS_AN_ELEMENT.search(text):
        raise ValueError(f"a style sheet or script cannot hold {found[0]!r}")
    return Markup(text.replace("\r\n", "\n"))  # noqa: S704  a file of the project's or of its user's


def policy(style: Markup, scripts: Sequence[Markup], live: Markup | None = None) -> str:
    """Return the Content-Security-Policy of a file: this style and these scripts, and nothing from anywhere.

    Args:
        style: the file's style.
        scripts: its scripts.
        live: the preview's script, which alone may ask its server for news.
    """
    run = [_hash(script) for script in (*scripts, *((live,) if live else ()))]
    parts = [
        "default-src 'none'",
        f"style-src {_hash(style)}",
        f"script-src {' '.join(run)}" if run else "script-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        *(["connect-src 'self'"] if live else []),
    ]
    return "; ".join(parts)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


class ViewChoice(NamedTuple):
    """An entry of the role switch; `in_file` for a view of this file, not a file beside it."""

    view: ViewName
    label: str
    brief: str
    """The label where there is room for a word."""
    href: str
    in_file: bool


_BRIEF: Mapping[ViewName, str] = {
    "hardware-researcher": "Hardware",
    "algorithm-designer": "Algorithms",
    "data-scientist": "Data",
    "ai-engineer": "Engineer",
    "software-developer": "Developer",
    "business-expert": "Business",
    "full": "All",
}


class FileTemplateData(NamedTuple):
    """What the template of the file gets: finished fragments, and what is around them."""

    language: str
    root_attributes: Markup
    body_attributes: Markup
    title: str
    lead: Page
    first: ViewName
    policy: str
    style: Markup
    early_script: Markup
    script: Markup
    live: Markup | None
    switch: tuple[ViewChoice, ...]
    views: tuple[Markup, ...]
    explorer: Markup | None
    whole: Markup | None
    drawings: tuple[tuple[str, Markup], ...]
    letters: Markup
    footer: tuple[str, ...]
    digest: str | None


class HtmlBook:
    """A sheet's pages, drawn once each, for files that open on one or the other of them."""

    def __init__(
        self,
        pages: Sequence[Page],
        *,
        siblings: Mapping[ViewName, str] | None = None,
        overrides: Path | None = None,
        live_script: str | None = None,
    ) -> None:
        """Take the pages; nothing is drawn yet.

        Args:
            pages: one for each view that the file is to hold. With `full` among them, that one is the whole sheet
                of all of them; a page alone brings its own.
            siblings: addresses of views that are not in the file, for the switch.
            overrides: a folder of the user's own templates, `html/…` in it.
            live_script: a further script, of the preview's.

        Raises:
            ValueError: there is no page, or two of one view.
        """
        if not pages or len({page.view for page in pages}) != len(pages):
            raise ValueError("one page for each view, and at least one")
        self._pages = {page.view: page for page in pages}
        self._siblings = dict(siblings or {})
        self._overrides = overrides
        self._environment = html_environment(overrides)
        self._live = live_script
        self._drawn: dict[tuple[ViewName, bool], Markup] = {}
        self._drawings: dict[str, str] = {}

    def html(self, first: ViewName) -> str:
        """Return the file that opens on `first`.

        Raises:
            KeyError: no page of that view was given.
            TemplateFaultError: a template of the user's is wrong.
        """
        from markupsafe import Markup  # comes with jinja2

        lead = self._pages[first]
        style, early, script = (
            source(self._environment, name) for name in ("style.css", "early.js", "script.js")
        )
        live = None if self._live is None else verbatim(self._live)
        views, explorer, whole = tuple(self._views(first)), self._explorer(lead), self._whole(lead)
        root, body = attributes(lead.identity.language)
        content = FileTemplateData(
            language=lead.identity.language or OURS,
            root_attributes=Markup(root),  # noqa: S704  a tag that was checked
            body_attributes=Markup(body),  # noqa: S704  as above
            title=lead.title,
            lead=lead,
            first=first,
            policy=policy(style, (early, script), live),
            style=style,
            early_script=early,
            script=script,
            live=live,
            switch=self._switch(first),
            views=views,
            explorer=explorer,
            whole=whole,
            drawings=self._shapes(),
            letters=Markup(compact_svg(LETTERS)),  # noqa: S704  ours
            footer=_footer(lead),
            digest=lead.identity.digest,
        )
        made = render_template(self._environment, "page.html.j2", self._overrides, book=content)
        return with_directions(made, lead.identity.language)

    def _shapes(self) -> tuple[tuple[str, Markup], ...]:
        from markupsafe import Markup  # comes with jinja2

        # Drawn by us; sorted, as which view is drawn first depends on what was asked for before.
        return tuple((name, Markup(shapes)) for name, shapes in sorted(self._drawings.items()))  # noqa: S704

    def _anchors(self, page: Page, *, first: bool = False, name: str | None = None) -> Anchors:
        """Return the anchors of a page; what the file's whole sheet shows too is not repeated."""
        full = self._pages.get("full")
        elsewhere, reasons = {}, frozenset[str]()
        if full is not None and page.view != "full":
            # Views name a figure in their own words; how it is worked out is the same.
            numbers = {_arithmetic(working): working.number for working in full.workings}
            elsewhere = {
                working.number: f"full/working-{numbers[same]}"
                for working in page.workings
                if (same := _arithmetic(working)) in numbers
            }
            reasons = frozenset(row.path for group in full.missing.groups for row in group.rows)
        return Anchors(
            page,
            first=first,
            name=name,
            elsewhere=elsewhere,
            errata_elsewhere=full is not None
            and page is not full
            and bool(page.errata)
            and _errata(page) <= _errata(full),
            reasons_elsewhere=reasons,
            refers=full is not None and page is not full and page.references == full.references,
            figures_elsewhere={} if full is None or page is full else _words_of_figures(full),
            drawings=self._drawings,
        )

    def _piece(self, piece: str, page: Page, anchors: Anchors, **further: object) -> Markup:
        from markupsafe import Markup  # comes with jinja2

        made = render_template(
            self._environment,
            "fragment.html.j2",
            self._overrides,
            piece=piece,
            page=page,
            v=anchors,
            **further,
        )
        return Markup(made)  # noqa: S704  what a template has printed is escaped

    def _views(self, first: ViewName) -> Iterator[Markup]:
        alone = len(self._pages) == 1
        for view, page in self._in_order():
            if view != "full" or alone:
                key = (view, view == first)
                if key not in self._drawn:
                    self._drawn[key] = self._piece("article", page, self._anchors(page, first=view == first))
                yield self._drawn[key]

    def _in_order(self) -> Iterator[tuple[ViewName, Page]]:
        """Yield the pages in the order of the sheet's views."""
        views = next(iter(self._pages.values())).views
        return ((name, self._pages[name]) for name, _ in views if name in self._pages)

    def _whole(self, lead: Page) -> Markup | None:
        """Return the whole sheet below the views."""
        if len(self._pages) == 1:
            return self._piece("remainder", lead, self._anchors(lead, name="full")) if lead.whole else None
        full = self._pages.get("full")
        if full is None:
            return None
        key: tuple[ViewName, bool] = ("full", False)
        if key not in self._drawn:
            self._drawn[key] = self._piece("whole", full, self._anchors(full))
        return self._drawn[key]

    def _explorer(self, lead: Page) -> Markup | None:
        page = next((page for page in (lead, *self._pages.values()) if page.grid is not None), None)
        if page is None or page.grid is None or not page.grid.points:
            return None
        return self._piece("explorer", page, self._anchors(page), table=grid_table(page.grid))

    def _switch(self, first: ViewName) -> tuple[ViewChoice, ...]:
        lead = self._pages[first]
        entries = []
        for view, title in lead.views:
            brief = _BRIEF.get(view, title.partition(" ")[0])
            if view in self._pages or (view == "full" and lead.whole):
                entries.append(ViewChoice(view, title, brief, f"#{view}", in_file=True))
            elif view in self._siblings:
                entries.append(ViewChoice(view, title, brief, self._siblings[view], in_file=False))
        return tuple(entries) if len(entries) > 1 else ()


def render_html(
    pages: Sequence[Page],
    *,
    siblings: Mapping[ViewName, str] | None = None,
    overrides: Path | None = None,
) -> str:
    """Return the pages as one HTML file that opens on the first of them; the same text for the same pages.

    Raises:
        ValueError: there is no page, or two of one view.
        ResourceMissingError: the program's templates are not where they were installed.
        TemplateFaultError: a template of the user's is wrong.
    """
    return HtmlBook(pages, siblings=siblings, overrides=overrides).html(pages[0].view)


@lru_cache(maxsize=2)
def html_environment(overrides: Path | None = None) -> Environment:
    """Return Jinja with what the HTML templates ask for; kept, as compiling them takes longer than drawing a page."""
    return environment(
        "html",
        overrides=overrides,
        finalize=printed,
        filters={**shared_filters(), "drawn": _drawn, "working": _working},
        preparation=compact,
    )


def _drawn(block: FigureBlock, anchors: Anchors) -> Markup:
    from markupsafe import Markup  # comes with jinja2

    if anchors.drawings is None:
        return with_alternative(with_own_ids(drawing(block), block, anchors.name), block)
    return Markup(shared_drawing(block, anchors.words_of_figure(block), anchors.drawings))  # noqa: S704  drawn by us


def _words_of_figures(page: Page) -> dict[str, str]:
    blocks = (block for made in page.sections for block in made.blocks)
    return {block.id: block.text for block in blocks if isinstance(block, FigureBlock)}


def _errata(page: Page) -> set[tuple[str, str]]:
    """Return what the errata of a page are on; numbers of references differ between pages."""
    return {(row.published, row.problem) for row in page.errata}


def _arithmetic(working: Working) -> Working:
    return replace(working, number=0, label="", inputs=())


def _working(agreement: Agreement) -> int | None:
    return agreement.working


def _footer(page: Page) -> tuple[str, ...]:
    identity = page.identity
    version = None if identity.version is None else f"version {identity.version}"
    return tuple(text for text in (identity.model, version, identity.date, identity.status) if text)


def problem_html(title: str, message: str, live_script: str | None = None) -> str:
    """Return a page that shows a message of the command line as it is.

    Args:
        title: the sheet.
        message: what is wrong with it.
        live_script: the preview's script.

    Raises:
        ResourceMissingError: the program's templates are not where they were installed.
    """
    environment = html_environment()
    style = source(environment, "style.css")
    script = None if live_script is None else verbatim(live_script)
    template = environment.get_template("problem.html.j2")
    return template.render(
        title=title, message=message, style=style, script=script, policy=policy(style, (), script)
    )
