"""DOIs and arXiv numbers inside web addresses, and the addresses that they stand for."""

from __future__ import annotations

import re

DOI_RESOLVER = "https://doi.org/"
ARXIV_PAGES = "https://arxiv.org/abs/"


def doi_of(address: str) -> str | None:
    """The DOI that an address at doi.org names; `None` for any other address."""
    match = re.match(r"https?://(?:dx\.|www\.)?doi\.org/(10\.\d{4,9}/[^\s?#]+)$", address, re.IGNORECASE)
    return None if match is None or "%" in match[1] else match[1]


def arxiv_of(address: str) -> str | None:
    """The number of the preprint that an address at arxiv.org names; `None` for any other address."""
    number = r"(\d{4}\.\d{4,5}(?:v\d+)?|[a-z.-]+/\d{7}(?:v\d+)?)"
    pattern = rf"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/{number}(?:\.pdf)?/?$"
    match = re.match(pattern, address, re.IGNORECASE)
    return None if match is None else match[1]
