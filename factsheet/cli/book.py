"""The pages of one sheet, made as they are asked for and written in a format."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from factsheet.cli.config import find_config
from factsheet.cli.exits import Stop
from factsheet.derive import DeriveError, derive
from factsheet.render.environment import TemplateFaultError
from factsheet.render.options import RenderOptions
from factsheet.render.pdf_engine import PdfFetchError, PdfUnavailableError
from factsheet.views import VIEW_NAMES, build_page
from factsheet.views.computed import estimates_of
from factsheet.views.estimates import NO_ESTIMATES
from factsheet.workload import WorkloadError

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.cli.render import Asked
    from factsheet.derive import Derivation
    from factsheet.render.formats import Format, Writer
    from factsheet.sheet.model import FactSheet
    from factsheet.views.estimates import Estimates
    from factsheet.views.page import Page, ViewName

EPOCH = "SOURCE_DATE_EPOCH"
"""Seconds since 1970 that a reproducible build gives its files as their time (https://reproducible-builds.org)."""


class Book:
    """The pages of a sheet. What is computed for all of them is computed once."""

    def __init__(
        self,
        sheet: FactSheet,
        *,
        derivation: Derivation | None = None,
        estimates: Estimates = NO_ESTIMATES,
        digest: str | None = None,
        options: RenderOptions | None = None,
    ) -> None:
        self._sheet = sheet
        self._derivation = derivation
        self._estimates = estimates
        self._digest = digest
        self._options = options or RenderOptions()
        self._pages: dict[tuple[ViewName, bool], Page] = {}
        self._writers: dict[str, Writer] = {}

    def page(self, view: ViewName, *, whole: bool = True) -> Page:
        """The page of a view; without `whole`, where the full view stands in the same file."""
        key = view, whole
        if key not in self._pages:
            self._pages[key] = build_page(
                self._sheet,
                view,
                self._derivation,
                estimates=self._estimates,
                digest=self._digest,
                whole=whole,
            )
        return self._pages[key]

    def written(self, view: ViewName, form: Format, figure_folder: str) -> tuple[str | bytes, dict[str, str]]:
        """A view in a format, and the files that go with it.

        Args:
            view: the view.
            form: the format.
            figure_folder: where figures lie that are files of their own, relative to the page.

        Raises:
            Stop: a template of the user's is wrong, or what the format needs is not installed.
        """
        options = replace(self._options, figure_folder=figure_folder)
        try:
            files = {} if form.files is None else form.files(self.page(view), options)
            if not form.every_view:
                return form.writer([self.page(view)], options)(view), files
            # What all files of the format share is drawn once.
            if form.suffix not in self._writers:
                pages = [self.page(name, whole=False) for name in VIEW_NAMES]
                self._writers[form.suffix] = form.writer(pages, options)
            return self._writers[form.suffix](view), files
        except (TemplateFaultError, PdfFetchError, PdfUnavailableError) as error:
            raise Stop(f"factsheet: {error}") from None


def open_book(sheet: FactSheet, text: str, asked: Asked) -> Book:
    """The pages of a sheet with all that follows from it.

    Raises:
        Stop: the configured directory of templates is none, or SOURCE_DATE_EPOCH is no time.
    """
    derivation = derivation_of(sheet)
    return Book(
        sheet,
        derivation=derivation,
        estimates=NO_ESTIMATES if derivation is None else estimates_of(sheet, derivation),
        digest=f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}",
        options=RenderOptions(
            overrides=None if asked.no_config else templates_of_user(),
            figures=asked.figures,
            front_matter=asked.front_matter,
            created=_created(),
        ),
    )


def templates_of_user() -> Path | None:
    """The directory that `templates` in pyproject.toml names.

    Raises:
        Stop: there is no such directory.
    """
    config = find_config()
    if config.templates is None or config.file is None:
        return None
    folder = config.file.parent / config.templates
    if not folder.is_dir():
        raise Stop(
            f"{config.file}: [tool.factsheet] templates: there is no directory {folder}\n"
            "  It holds your own templates and styles: markdown/page.md.j2, html/style.css and so on."
        )
    return folder


def derivation_of(sheet: FactSheet) -> Derivation | None:
    """What can be recomputed; `None` where the sheet lets nothing be."""
    try:
        return derive(sheet)
    except (DeriveError, WorkloadError):
        return None


def _created() -> datetime | None:
    given = os.environ.get(EPOCH)
    if not given:
        return None
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        raise Stop(f"factsheet: {EPOCH}={given[:40]} is no whole number of seconds since 1970") from None
