"""Find what a user's own settings add to pages: templates, styles and a logo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.configuration import find_configuration
from factsheet.errors import SourceUnreadableError, UsageError
from factsheet.resources import resource_directory
from factsheet.source.links import LEADS_OUT, leads_out
from factsheet.source.writing import note_input

if TYPE_CHECKING:
    from pathlib import Path


def templates_of_user() -> Path | None:
    """Return the directory that `templates` in pyproject.toml names.

    Raises:
        UsageError: there is no such directory.
    """
    config = find_configuration()
    if config.templates is None or config.file is None:
        return None
    folder = config.file.parent / config.templates
    if not folder.is_dir():
        raise UsageError(
            f"there is no directory {folder}",
            help="it holds your own templates and styles: markdown/page.md.j2, html/style.css and so on",
            place=f"{config.file}: [tool.factsheet] templates",
        )
    for form in resource_directory("templates").iterdir():
        for file in (folder / form.name).rglob("*"):
            _keep_within(file, config.file.parent)
            note_input(file)  # any template may include any other of its format
    return folder


def _keep_within(file: Path, folder: Path) -> None:
    """Raise where a link would have a page show what is not in the folder of the settings."""
    if leads_out(file, folder):
        raise SourceUnreadableError(file, LEADS_OUT)


def logo_of_user() -> Path | None:
    """Return the image that `logo` in pyproject.toml names."""
    config = find_configuration()
    if config.logo is None or config.file is None:
        return None
    file = config.file.parent / config.logo
    note_input(file)
    return file
