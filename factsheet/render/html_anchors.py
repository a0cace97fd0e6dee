"""Names of the places on a page that a link can lead to: the view, then what is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.sheet.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.views.page import Page, ViewName

_INDEX = re.compile(r"\[(\w*)\]")
_ODD = re.compile(r"[^\w.~*-]+", re.ASCII)


class Anchors:
    """The anchors of one view; each is given out once.

    Attributes:
        name: the view, which every anchor begins with, so that several views fit into one file.
        title: the view's name for people.
        first: whether the file opens on this view.
        paper: whether the page is for paper, where nothing unfolds or scrolls.
        references: the anchors of the references by number.
    """

    def __init__(
        self, page: Page, *, first: bool = False, name: str | None = None, paper: bool = False
    ) -> None:
        self.name = name or page.view
        self.title = view_title(page.view) if name is None else "The whole sheet"
        self.first = first
        self.paper = paper
        self.references: Mapping[int, str] = {
            row.number: f"{page.view}/ref-{row.number}" for row in page.references
        }
        self._view = page.view
        self._given: set[str] = set()

    def section(self, key: str) -> str:
        """The anchor of a section; the same each time, for the table of contents."""
        return f"{self.name}/{_ODD.sub('-', key)}"

    def reference(self, number: int) -> str:
        """The anchor of an entry of the list of references."""
        return self.references.get(number, f"{self.name}/ref-{number}")

    def working(self, number: int) -> str:
        """The anchor of a working, which stands in the open part of the page."""
        return f"{self._view}/working-{number}"

    def fresh(self, path: str) -> str:
        """An anchor for the field at a path that nothing else on the page has: `…/parameters.power`."""
        plain = self.section(_INDEX.sub(r".\1", path))
        anchor, count = plain, 1
        # The anchor of a path of one word is that of a section.
        while anchor in self._given or (count == 1 and "." not in path):
            count += 1
            anchor = f"{plain}~{count}"
        self._given.add(anchor)
        return anchor


def view_title(view: ViewName) -> str:
    """The name of a view: the role's, with a capital."""
    if view == "full":
        return "The whole sheet"
    title = ROLES[view].title
    return title[:1].upper() + title[1:]
