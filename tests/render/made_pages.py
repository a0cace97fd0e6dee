"""Pages of the published sheet and of others, made as the command makes them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hostile import published, sheet_from

from factsheet.cli.book import Book, derivation_of
from factsheet.views import VIEW_NAMES
from factsheet.views.computed import estimates_of
from factsheet.views.estimates import NO_ESTIMATES

if TYPE_CHECKING:
    from factsheet.sheet.model import FactSheet
    from factsheet.views.page import Page, ViewName


def pages_of(
    sheet: FactSheet, views: tuple[ViewName, ...] = VIEW_NAMES, *, whole: bool = False
) -> list[Page]:
    derivation = derivation_of(sheet)
    book = Book(
        sheet,
        derivation=derivation,
        estimates=NO_ESTIMATES if derivation is None else estimates_of(sheet, derivation),
        digest="sha256:" + "5e" * 32,
    )
    return [book.page(view, whole=whole) for view in views]


@cache
def bert_pages() -> tuple[Page, ...]:
    return tuple(pages_of(sheet_from(published())))
