"""Pages of the published sheet and of others, made as the command makes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hostile import published, sheet_from

from factsheet.pages.options import RenderOptions
from factsheet.pages.rendering import PageSet
from factsheet.readers.roles import VIEW_NAMES

if TYPE_CHECKING:
    from factsheet.pages.model import Page
    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields


SHEETS = {
    file.stem: file
    for file in sorted(Path(__file__).parents[2].glob("sheets/*.yaml"))
    if ".review" not in file.stem
}
"""The real sheets that the project ships, by name."""


def pages_of(
    sheet: SheetFields, views: tuple[ViewName, ...] = VIEW_NAMES, *, whole: bool = False
) -> list[Page]:
    pages = PageSet(sheet, RenderOptions(digest="sha256:" + "5e" * 32))
    return [pages.page(view, whole=whole) for view in views]


@cache
def bert_pages() -> tuple[Page, ...]:
    return tuple(pages_of(sheet_from(published())))
