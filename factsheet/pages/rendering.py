"""The formats that pages are written in: one entry a format, which imports its renderer when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factsheet.pages.model import Page, ViewName
    from factsheet.pages.options import RenderOptions

    Writer: TypeAlias = Callable[[ViewName], str | bytes]


class Format(NamedTuple):
    """A format.

    Attributes:
        suffix: of its files, with the dot.
        writer: takes pages, and gives what writes the file that opens on one of them.
        binary: whether that gives bytes.
        every_view: whether one file holds all views, so that the pages are all of them; else there is one.
        files: further files that a page needs beside it, by name.
    """

    suffix: str
    writer: Callable[[Sequence[Page], RenderOptions], Writer]
    binary: bool = False
    every_view: bool = False
    files: Callable[[Page, RenderOptions], dict[str, str]] | None = None


def _markdown(pages: Sequence[Page], options: RenderOptions) -> Writer:
    from factsheet.pages.formats.markdown import render_markdown  # jinja2

    return lambda _: render_markdown(pages[0], options)


def _markdown_files(page: Page, options: RenderOptions) -> dict[str, str]:
    from factsheet.pages.formats.markdown import figure_files  # jinja2

    return figure_files(page) if options.figures == "svg" else {}


def _html(pages: Sequence[Page], options: RenderOptions) -> Writer:
    from factsheet.pages.formats.html import HtmlBook  # jinja2

    return HtmlBook(pages, siblings=options.siblings, overrides=options.overrides).html


def _pdf(pages: Sequence[Page], options: RenderOptions) -> Writer:
    from factsheet.pages.formats.pdf import render_pdf  # WeasyPrint, which most installations do without

    return lambda _: render_pdf(pages[0], overrides=options.overrides, created=options.created)


FORMATS: dict[str, Format] = {
    "md": Format(".md", _markdown, files=_markdown_files),
    "html": Format(".html", _html, every_view=True),
    "pdf": Format(".pdf", _pdf, binary=True),
}
"""By the name that `--format` gives."""
