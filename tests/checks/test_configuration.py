"""A pyproject.toml that nothing could be made of is refused at once, with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.checks.configuration import Configuration, find_configuration
from factsheet.errors import ConfigurationError
from factsheet.readers.roles import ROLE_NAMES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"select = {'[' * 5000}{']' * 5000}", "nested too deeply"),
        (f"rules = {'{a=' * 5000}1{'}' * 5000}", "nested too deeply"),
        (f"a{'.a' * 20_000} = 1", "a key of too many parts"),
        (f"b = 1\n[a{' . b' * 20_000}]", "a key of too many parts"),
        (f"# {'x' * 2**20}", "more than 1,048,576 bytes"),
        (f"stage = {'9' * 5000}", "more than 40 digits"),
        (f"stage = 0x{'f' * 5000}", "stage: .*more than 40 digits"),
        (f"select = [{'9' * 41}]", "select: .*more than 40 digits"),
        (f"rules.FS507.timeout_s = 0b1{'0' * 1200}", r"rules\.FS507\.timeout_s: .*more than 40 digits"),
    ],
    ids=["lists", "tables", "key", "header", "size", "digits", "hexadecimal", "in a list", "binary"],
)
def test_nesting_and_size_have_bounds(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.factsheet]\n{text}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"pyproject\.toml.*{why}"):
        find_configuration(tmp_path)


def test_dots_in_texts_are_no_nesting(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f"[tool.other]\nurl = 'https://{'a.' * 60}org'\n[tool.factsheet]\nsheet = '{'a.' * 60}yaml'\n"
    )
    assert find_configuration(tmp_path).sheet == "a." * 60 + "yaml"


def test_all_means_the_roles_of_every_template(tmp_path: Path) -> None:
    """As for `--role` and for the action, whose input is put in the place of the setting."""
    (tmp_path / "pyproject.toml").write_text("[tool.factsheet]\nroles = ['ai-engineer', 'all']\n")
    roles = find_configuration(tmp_path).settings().roles
    assert set(ROLE_NAMES) < set(roles)
    assert "operations-engineer" in roles  # of the template digital-accelerator
    assert "all" not in roles


@pytest.mark.parametrize("kind", ["folder", "file"])  # of a clone; of a work tree or a submodule
def test_settings_above_a_repository_are_not_its_own(tmp_path: Path, kind: str) -> None:
    settings = tmp_path / "pyproject.toml"
    settings.write_text("[tool.factsheet]\nsheet = 'mine.yaml'\n")
    below = tmp_path / "clone" / "docs"
    below.mkdir(parents=True)
    assert find_configuration(below).file == settings
    root = tmp_path / "clone"
    if kind == "folder":
        (root / ".git").mkdir()
    else:
        (root / ".git").write_text("gitdir: elsewhere\n")
    assert find_configuration(below) == find_configuration(root) == Configuration()
    (root / "pyproject.toml").write_text("[tool.factsheet]\nsheet = 'theirs.yaml'\n")
    assert find_configuration(below).sheet == "theirs.yaml"
