"""Render a sheet as pages: for one reader or every reader, as Markdown, HTML or PDF.

What the pages of a sheet share is worked out once: the recomputation of its figures, the estimates of its chip, and
in HTML the views that every file carries.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from factsheet.errors import DeriveError, UsageError, WorkloadError
from factsheet.pages.assembly import build_page
from factsheet.pages.content.chip import estimates_of
from factsheet.pages.estimates import NO_ESTIMATES
from factsheet.pages.options import DEFAULT_OPTIONS
from factsheet.recompute.engine import recompute
from factsheet.recompute.every_point import facts_at_every_point
from factsheet.reports.format_names import format_meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from factsheet.pages.estimates import Estimates
    from factsheet.pages.model import Page
    from factsheet.pages.options import RenderOptions
    from factsheet.readers.roles import ViewName
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields

    Writer: TypeAlias = Callable[[ViewName], str | bytes]


class Format(NamedTuple):
    """A format that pages are written in.

    Attributes:
        suffix: of its files, with the dot.
        writer: takes pages, and returns what writes the file that opens on one of them.
        binary: whether that writes bytes.
        every_view: whether one file holds all views, so that the pages are all of them; else there is one.
        files: further files that a page needs beside it, by name.
    """

    suffix: str
    writer: Callable[[Sequence[Page], RenderOptions], Writer]
    binary: bool = False
    every_view: bool = False
    files: Callable[[Page, RenderOptions], dict[str, str]] | None = None


def render(
    sheet: SheetFields,
    *,
    role: ViewName = "full",
    format: str = "md",  # noqa: A002  the word for it, and the command line's
    options: RenderOptions = DEFAULT_OPTIONS,
) -> str | bytes:
    """Return the page of a sheet for a reader: text, or bytes for PDF.

    Args:
        sheet: the sheet.
        role: one of `VIEW_NAMES`: a role, or `full` for the whole sheet.
        format: a key of `FORMATS`.
        options: how to write it.

    Raises:
        UsageError: there is no such role or format.
        TemplateFaultError: a template of the user's is wrong.
        PdfUnavailableError: WeasyPrint, or a library that it needs, is not installed.
        PdfFetchError: a style or template of the user's wants something from elsewhere.
    """
    return PageSet(sheet, options).render(role, format)


class PageSet:
    """The pages of a sheet; each is built when it is first asked for."""

    def __init__(self, sheet: SheetFields, options: RenderOptions = DEFAULT_OPTIONS) -> None:
        """Take the sheet; nothing is computed yet."""
        self._sheet = sheet
        self._options = options
        self._pages: dict[tuple[ViewName, bool], Page] = {}
        self._writers: dict[str, Writer] = {}

    def page(self, view: ViewName, *, whole: bool = True) -> Page:
        """Return the page of a view; without `whole`, for a file that has the full view too.

        Raises:
            UsageError: there is no such view.
        """
        names = self._sheet.audience.view_names
        if view not in names:
            raise _unknown("role", view, names)
        key = view, whole
        if key not in self._pages:
            self._pages[key] = build_page(
                self._sheet,
                view,
                self._derivation,
                facts=self._facts,
                estimates=self._estimates,
                digest=self._options.digest,
                reviews=self._options.reviews,
                whole=whole,
            )
        return self._pages[key]

    def render(self, view: ViewName, format: str) -> str | bytes:  # noqa: A002  see above
        """Return a view in a format, as `render` does."""
        content, _ = self.render_with_files(view, format, self._options.figure_folder)
        return content

    def render_with_files(
        self,
        view: ViewName,
        format: str,  # noqa: A002  see above
        figure_folder: str,
    ) -> tuple[str | bytes, dict[str, str]]:
        """Return a view in a format, and the files that go beside it, by name.

        Args:
            view: the view.
            format: a key of `FORMATS`.
            figure_folder: where figures are that are files of their own, relative to the page.

        Raises:
            UsageError: there is no such view or format.
            TemplateFaultError: a template of the user's is wrong.
            PdfUnavailableError: WeasyPrint, or a library that it needs, is not installed.
            PdfFetchError: a style or template of the user's wants something from elsewhere.
        """
        name = format_meant(format, FORMATS)
        if name is None:
            raise _unknown("format", format, FORMATS)
        form = FORMATS[name]
        options = replace(self._options, figure_folder=figure_folder)
        files = {} if form.files is None else form.files(self.page(view), options)
        if not form.every_view:
            return form.writer([self.page(view)], options)(view), files
        # What all files of the format share is drawn once.
        if name not in self._writers:
            pages = [self.page(one, whole=False) for one in self._sheet.audience.view_names]
            self._writers[name] = form.writer(pages, options)
        return self._writers[name](view), files

    @cached_property
    def _derivation(self) -> Derivation | None:
        """All that follows from the sheet at its first operating point; `None` where nothing can be recomputed."""
        try:
            return recompute(self._sheet)
        except (DeriveError, WorkloadError):
            return None

    @cached_property
    def _facts(self) -> Mapping[str, DerivedFact]:
        """The recomputed figures of every operating point, by path."""
        return {} if self._derivation is None else facts_at_every_point(self._sheet, self._derivation)

    @cached_property
    def _estimates(self) -> Estimates:
        return NO_ESTIMATES if self._derivation is None else estimates_of(self._sheet, self._derivation)


def _unknown(what: str, given: object, known: Iterable[str]) -> UsageError:
    names = tuple(known)
    return UsageError(
        f"there is no {what} `{given!s:.60}`",
        "no page was made",
        f"the {what}s are {', '.join(names)}",
        candidates=names,
    )


def _markdown(pages: Sequence[Page], options: RenderOptions) -> Writer:
    from factsheet.pages.formats.markdown import render_markdown  # jinja2

    return lambda _: render_markdown(pages[0], options)


def _markdown_files(page: Page, options: RenderOptions) -> dict[str, str]:
    from factsheet.pages.formats.markdown import figure_files  # jinja2

    return figure_files(page) if options.figures == "svg" else {}


def _html(pages: Sequence[Page], options: RenderOptions) -> Writer:
    from factsheet.pages.formats.html import HtmlBook  # jinja2

    return HtmlBook(
        pages,
        siblings=options.siblings,
        overrides=options.overrides,
        live_script=options.live_script,
    ).html


def _pdf(pages: Sequence[Page], options: RenderOptions) -> Writer:
    from factsheet.pages.formats.pdf import render_pdf  # WeasyPrint, which most installations do without

    return lambda _: render_pdf(pages[0], options)


FORMATS: dict[str, Format] = {
    "md": Format(".md", _markdown, files=_markdown_files),
    "html": Format(".html", _html, every_view=True),
    "pdf": Format(".pdf", _pdf, binary=True),
}
"""By name; `--format` and `render` take their synonyms too."""
