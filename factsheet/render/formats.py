"""The formats that pages are written in: one entry a format, which imports its renderer when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factsheet.render.options import RenderOptions
    from factsheet.views.page import Page


class Format(NamedTuple):
    """A format.

    Attributes:
        suffix: of its files, with the dot.
        write: one page as text, or as bytes.
        binary: whether `write` gives bytes.
        files: further files that a page needs beside it, by name.
        every_view: whether one file can hold all views, so that `write` is given all of them, the one asked for first.
    """

    suffix: str
    write: Callable[[Sequence[Page], RenderOptions], str | bytes]
    binary: bool = False
    files: Callable[[Page, RenderOptions], dict[str, str]] | None = None
    every_view: bool = False


def _markdown(pages: Sequence[Page], options: RenderOptions) -> str:
    from factsheet.render.markdown import render_markdown  # jinja2

    return render_markdown(pages[0], options)


def _markdown_files(page: Page, options: RenderOptions) -> dict[str, str]:
    from factsheet.render.markdown import figure_files  # jinja2

    return figure_files(page) if options.figures == "svg" else {}


def _html(pages: Sequence[Page], options: RenderOptions) -> str:
    from factsheet.render.html import render_html  # jinja2

    return render_html(pages, siblings=options.siblings, overrides=options.overrides)


def _pdf(pages: Sequence[Page], options: RenderOptions) -> bytes:
    from factsheet.render.pdf import render_pdf  # WeasyPrint, which most installations do without

    return render_pdf(pages[0], overrides=options.overrides, created=options.created)


FORMATS: dict[str, Format] = {
    "md": Format(".md", _markdown, files=_markdown_files),
    "html": Format(".html", _html, every_view=True),
    "pdf": Format(".pdf", _pdf, binary=True),
}
"""By the name that `--format` gives."""
