"""What docs/site does to the pages of the repository, without building the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import built
import pytest
import staging

if TYPE_CHECKING:
    from pathlib import Path


def test_every_page_has_a_place_and_every_link_a_target(tmp_path: Path) -> None:
    texts = staging.stage(tmp_path)
    assert "rules/index.md" in texts
    assert (tmp_path / "docs" / "files" / "LICENSE").is_file()


def test_a_page_in_no_place_of_the_navigation_is_refused() -> None:
    pages = staging.pages()
    lost = staging.Page("docs/lost.md", "lost.md", "# Lost\n")
    with pytest.raises(staging.SiteError, match=r"docs/lost\.md: in no place of the navigation"):
        staging.navigation(pages | {lost.source: lost})


def test_links_become_those_of_the_site() -> None:
    pages = staging.pages()
    text = "[a](../README.md#install), [rule](rules/FS201.md), [sheet](../sheets/bert.yaml), `[code](x.md)`\n"
    page = staging.Page("docs/page.md", "page.md", text)
    assert staging.links_changed(page, pages, set()) == (
        "[a](index.md#install), [rule](rules/FS201.md), [sheet](sheets/pages/bert.html), `[code](x.md)`\n"
    )
    broken = staging.Page("docs/page.md", "page.md", "[gone](gone.md)")
    with pytest.raises(staging.SiteError, match=r"gone\.md leads nowhere"):
        staging.links_changed(broken, pages, set())


def test_what_is_in_a_list_is_indented_for_python_markdown() -> None:
    text = "1. One\n   more\n\n   ```sh\n   ls\n   ```\n2. Two\n\nAfter\n"
    assert staging.for_python_markdown(text) == (
        "1. One\n    more\n\n    ```sh\n    ls\n    ```\n2. Two\n\nAfter\n"
    )


def put(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"<html><body><article>{body}</article></body></html>", encoding="utf-8")


def test_what_is_wrong_with_a_site_is_found(tmp_path: Path) -> None:
    put(tmp_path, "a.html", '<h1 id="a">A</h1><a href="b.html#there">b</a> <a href="c.html">c</a>')
    put(tmp_path, "b.html", '<p id="here">B</p><script src="https://unpkg.com/x"></script>')
    assert list(built.broken_links(tmp_path)) == [
        "a.html: the link b.html#there names no place of that page",
        "a.html: the link c.html leads nowhere",
    ]
    assert list(built.loaded_from_elsewhere(tmp_path)) == ["b.html: loads https://unpkg.com/x"]
    (found,) = built.differences_from_github(tmp_path, {"b.md": "C\n"})
    assert found.startswith("b.md: says something else than on GitHub")
