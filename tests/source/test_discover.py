from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.errors import SourceUnreadableError
from factsheet.source.discovery import find_sheets

if TYPE_CHECKING:
    from pathlib import Path

SHEET = "factsheet: 1\n"


def put(folder: Path, name: str, text: str = SHEET) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_folders_are_searched_in_the_order_of_names(tmp_path: Path) -> None:
    expected = [put(tmp_path, name) for name in ("a.yaml", "b/c/d.yml", "b/z.yaml", "c.yaml")]
    put(tmp_path, "b/readme.md")
    put(tmp_path, "b/x.yaml.bak")
    assert find_sheets([tmp_path]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "factsheet: 1",
        "\ufefffactsheet: 1",
        "# x\n---\nname: y\n'factsheet' : 1",
        'a: 1\r"factsheet": 1',
        "factsheet:\n",
    ],
)
def test_a_top_level_key_makes_a_sheet(tmp_path: Path, text: str) -> None:
    sheet = put(tmp_path, "a.yaml", text)
    assert find_sheets([tmp_path]) == [sheet]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a:\n  factsheet: 1",
        "# factsheet: 1",
        "my-factsheet: 1",
        "factsheets: 1",
        "factsheet:1",
        "x" * 65536 + "\nfactsheet: 1",
    ],
)
def test_other_yaml_is_left_alone(tmp_path: Path, text: str) -> None:
    put(tmp_path, "a.yaml", text)
    assert find_sheets([tmp_path]) == []


def test_a_file_is_taken_as_it_is(tmp_path: Path) -> None:
    file = put(tmp_path, "notes.txt", "nothing")
    assert find_sheets([file]) == [file]


def test_folders_of_others_are_passed_over(tmp_path: Path) -> None:
    for name in (".git/a.yaml", "node_modules/x/a.yaml", "x/__pycache__/a.yaml", "env/lib/a.yaml"):
        put(tmp_path, name)
    put(tmp_path, "env/pyvenv.cfg", "home = /usr/bin\n")
    assert find_sheets([tmp_path]) == []
    assert find_sheets([tmp_path / ".git", tmp_path / "env"]) == [
        tmp_path / ".git/a.yaml",
        tmp_path / "env/lib/a.yaml",
    ]


def test_links_neither_trap_the_search_nor_double_a_sheet(tmp_path: Path) -> None:
    sheet = put(tmp_path, "a/a.yaml")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "b.yaml").symlink_to(sheet)
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    assert find_sheets([tmp_path, sheet, tmp_path / "a", tmp_path / "a/../a/a.yaml"]) == [sheet]


def test_a_link_to_a_folder_is_followed_when_it_is_named(tmp_path: Path) -> None:
    put(tmp_path, "real/a.yaml")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert find_sheets([tmp_path / "link"]) == [tmp_path / "link/a.yaml"]


@pytest.mark.parametrize("name", ["missing.yaml", "nul\0.yaml"])
def test_a_path_that_is_not_there_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceUnreadableError) as caught:
        find_sheets([tmp_path, tmp_path / name])
    assert caught.value.path == tmp_path / name
    assert caught.value.reason in caught.value.diagnostics()
