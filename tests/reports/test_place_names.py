"""Names of places: in the data, as addresses."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.reports.text import dotted, uri


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("overview",), "overview"),
        (("performance", "results", 0, "tasks", 3), "performance.results[0].tasks[3]"),
        (("averages", "top 1"), 'averages["top 1"]'),
        (("averages", "a.b", "c"), 'averages["a.b"].c'),
        (("averages", 'a"]b'), 'averages["a\\"]b"]'),
        (("Größe", "über-uns"), "Größe.über-uns"),
    ],
)
def test_paths_in_the_data(path: tuple[str | int, ...], text: str) -> None:
    assert dotted(path) == text


KEYS = st.lists(st.one_of(st.text(min_size=1), st.integers(0, 99)), max_size=4).map(tuple)


@given(KEYS, KEYS)
def test_two_paths_never_read_alike(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> None:
    assert (dotted(one) == dotted(other)) == (one == other)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        # RFC 3986, 2.1 and 4.2: a colon in the first segment would make it a scheme.
        ("a b.yaml", "a%20b.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("100%.yaml", "100%25.yaml"),
        ("a#b?c.yaml", "a%23b%3Fc.yaml"),
        # RFC 8089, appendix E.2 for the drive.
        ("/srv/a b.yaml", "file:///srv/a%20b.yaml"),
        ("C:/a b.yaml", "file:///C:/a%20b.yaml"),
        # The byte 0xFF, which is no UTF-8, as Python carries it in a file's name (PEP 383).
        ("\udcff.yaml", "%FF.yaml"),
    ],
)
def test_addresses(name: str, address: str) -> None:
    assert uri(name) == address


@given(st.text(min_size=1).filter(lambda name: not name.startswith("/")))
def test_an_address_leads_back_to_the_name(name: str) -> None:
    if len(name) > 2 and name[1:3] == ":/":
        return
    parts = urlsplit(uri(name))
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert unquote_to_bytes(parts.path) == name.encode("utf-8", "surrogateescape")
