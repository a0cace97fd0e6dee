"""Pages of the published sheet and of others, made as the command makes them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hostile import published, sheet_from

from factsheet.cli.render.render_command import PageSet, derivation_of
from factsheet.pages.content.chip import estimates_of
from factsheet.pages.estimates import NO_ESTIMATES
from factsheet.pages.model import VIEW_NAMES

if TYPE_CHECKING:
    from factsheet.pages.model import Page, ViewName
    from factsheet.sheet.model import FactSheet


def pages_of(
    sheet: FactSheet, views: tuple[ViewName, ...] = VIEW_NAMES, *, whole: bool = False
) -> list[Page]:
    derivation = derivation_of(sheet)
    book = PageSet(
        sheet,
        derivation=derivation,
        estimates=NO_ESTIMATES if derivation is None else estimates_of(sheet, derivation),
        digest="sha256:" + "5e" * 32,
    )
    return [book.page(view, whole=whole) for view in views]


@cache
def bert_pages() -> tuple[Page, ...]:
    return tuple(pages_of(sheet_from(published())))
