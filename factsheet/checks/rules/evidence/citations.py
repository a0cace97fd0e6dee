"""Citations of a sheet, walked once, and the DOIs and arXiv numbers inside web addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from factsheet.checks.prose import Same
from factsheet.sheet.walk import citations

if TYPE_CHECKING:
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

    Citations = tuple[tuple[KeyPath, tuple[str, ...]], ...]

DOI_RESOLVER = "https://doi.org/"
ARXIV_PAGES = "https://arxiv.org/abs/"


def doi_of(address: str) -> str | None:
    """Return the DOI that an address at doi.org names; `None` for any other address."""
    match = re.match(r"https?://(?:dx\.|www\.)?doi\.org/(10\.\d{4,9}/[^\s?#]+)$", address, re.IGNORECASE)
    return None if match is None or "%" in match[1] else match[1]


def arxiv_of(address: str) -> str | None:
    """Return the number of the preprint that an address at arxiv.org names; `None` for any other address."""
    number = r"(\d{4}\.\d{4,5}(?:v\d+)?|[a-z.-]+/\d{7}(?:v\d+)?)"
    pattern = rf"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/{number}(?:\.pdf)?/?$"
    match = re.match(pattern, address, re.IGNORECASE)
    return None if match is None else match[1]


def cited(sheet: SheetFields) -> Citations:
    """Return every place that names references by id, with the ids."""
    return _cited(Same(sheet))


@lru_cache(maxsize=1)
def _cited(same: Same) -> Citations:
    return tuple(citations(same.sheet))
