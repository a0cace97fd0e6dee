"""What docs/site/in_browser.py finds, on sites that each hold one fault; `nox -s site` checks ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import in_browser
import pytest
import system_tools

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SKIP = '<a href="#__skip" class="md-skip">Skip</a>'
SEARCH = '<button class="md-search__button">Search</button>'
REFERENCE = '<a href="cli.html">Reference</a>'
PAGE = f"{SKIP}{SEARCH}{REFERENCE}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    system_tools.browser()
    with in_browser.chromium() as started:
        yield started


def shown(folder: Path, body: str) -> Path:
    for name, text in ((in_browser.HOME, body), ("cli.html", "<h1>Commands</h1>")):
        (folder / name).write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>'
            f'<link rel="icon" href="data:,"><main>{text}</main>',
            encoding="utf-8",
        )
    return folder


def badly_shown(browser: Any, site: Path) -> list[str]:
    with in_browser.served(site) as address:
        return list(in_browser.badly_shown(browser, address, (in_browser.HOME, "cli.html")))


def by_keyboard(browser: Any, site: Path) -> list[str]:
    with in_browser.served(site) as address:
        return list(in_browser.lost_by_keyboard(browser, address, in_browser.DESK))


@pytest.mark.parametrize("scheme", in_browser.SCHEMES)
def test_text_too_faint_is_found_in_each_scheme(browser: Any, tmp_path: Path, scheme: str) -> None:
    faint = f"<style>@media (prefers-color-scheme: {scheme}) {{p {{color: #ccc; background: #fff}}}}</style>"
    assert badly_shown(browser, shown(tmp_path, f"{faint}<p>Text</p>")) == [
        f"index.html: {scheme}, {width} px: color-contrast (serious): <p>Text</p>" for width in (390, 1440)
    ]


def test_a_control_without_a_name_is_found(browser: Any, tmp_path: Path) -> None:
    first, _ = badly_shown(browser, shown(tmp_path, "<button></button>"))
    assert first == "index.html: light, 390 px: button-name (critical): <button></button>"


def test_what_is_loaded_from_elsewhere_or_not_there_is_found(browser: Any, tmp_path: Path) -> None:
    # A port that no request is made to: browsers refuse it (https://fetch.spec.whatwg.org/#port-blocking).
    images = '<img alt="a" src="http://127.0.0.1:1/a.png"><img alt="b" src="gone.png">'
    faults = badly_shown(browser, shown(tmp_path, images))
    assert "index.html: loads http://127.0.0.1:1/a.png" in faults
    assert any(fault.endswith("/latest/gone.png: 404") for fault in faults)


def test_a_page_wider_than_a_narrow_screen_is_found(browser: Any, tmp_path: Path) -> None:
    wide = '<style>body {margin: 0}</style><div style="width: 350px">wide</div>'
    site = shown(tmp_path, wide)
    (site / "cli.html").write_bytes((site / in_browser.HOME).read_bytes())
    assert badly_shown(browser, site) == [
        f"{name}: 30 px wider than a screen of 320 px" for name in (in_browser.HOME, "cli.html")
    ]


def test_a_page_that_works_by_keyboard_passes(browser: Any, tmp_path: Path) -> None:
    assert by_keyboard(browser, shown(tmp_path, PAGE)) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"{SEARCH}{REFERENCE}", "the first stop does not skip to the content"),
        (f"{SKIP}{REFERENCE}", "the search is not reached by Tab"),
        (f"{SKIP}{SEARCH}", "the reference is not reached by Tab"),
        (
            f"<style>button {{outline: none}}</style>{PAGE}",
            'the focus cannot be seen on button.md-search__button "Search"',
        ),
        (
            f"<style>button {{position: absolute; left: -200px; width: 100px}}</style>{PAGE}",
            'the focus cannot be seen on button.md-search__button "Search"',
        ),
    ],
)
def test_what_a_keyboard_cannot_do_is_found(browser: Any, tmp_path: Path, body: str, found: str) -> None:
    assert by_keyboard(browser, shown(tmp_path, body)) == [f"index.html, 1440 px: {found}"]


def test_a_search_that_finds_nothing_is_found(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_browser, "PATIENCE_MS", 500)
    with in_browser.served(shown(tmp_path, PAGE)) as address:
        assert list(in_browser.searched_in_vain(browser, address)) == [
            f"the search for {words}: no result" for words in in_browser.SEARCHES
        ]


def test_a_browser_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_browser, "BROWSERS", ("no-such-browser",))
    with (
        pytest.raises(in_browser.NoBrowserError, match="none of no-such-browser is on the PATH"),
        in_browser.chromium(),
    ):
        pass
