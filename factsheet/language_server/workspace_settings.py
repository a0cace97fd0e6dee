"""The settings that hold for a document: those of the nearest pyproject.toml, as `factsheet validate` reads them.

`validate` looks from the working directory; an editor's is anywhere, so that the folder that is open stands in for it.
Settings run no code, and name no file out of their own folder.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.configuration import Configuration, find_configuration, settings_folders
from factsheet.errors import ConfigurationError
from factsheet.reports.baseline import Baseline, read_baseline
from factsheet.sheet_templates.user_templates import templates_from
from factsheet.source.links import LEADS_OUT, leads_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.checks.settings import Settings
    from factsheet.source.document import Document

_SETTINGS = "pyproject.toml"


class DocumentSettings(NamedTuple):
    """What holds for one document.

    Attributes:
        configuration: the settings of the nearest pyproject.toml.
        baseline: the findings that the repository already had; `None` where it keeps none.
    """

    configuration: Configuration = Configuration()
    baseline: Baseline | None = None

    def settings(self, today: date | None = None) -> Settings:
        """Return the settings of a check on a day, today by default."""
        return self.configuration.settings(today=today or datetime.now(UTC).date())

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Within this context, read sheets by the templates of these settings too."""
        files = self.configuration.template_files
        with templates_from(lambda: files) if files else nullcontext():
            yield

    def new(
        self, name: str, found: tuple[Diagnostic, ...], document: Document | None
    ) -> tuple[Diagnostic, ...]:
        """Return the findings that the baseline does not list."""
        return found if self.baseline is None else self.baseline.compare(name, found, document).new


DEFAULT = DocumentSettings()


def folder_of(file: Path, folders: Iterable[Path]) -> Path:
    """Return where settings are looked for: the innermost open folder that has the file, else the file's own."""
    inside = [folder for folder in folders if file.is_relative_to(folder)]
    return max(inside, key=lambda folder: len(folder.parts), default=file.parent)


def settings_for(folder: Path) -> DocumentSettings:
    """Read the settings that hold in a folder.

    Raises:
        ConfigurationError: the file cannot be read, leads out of its folder, or has a setting that cannot be.
    """
    nearest = _nearest(folder)
    if nearest is not None and leads_out(nearest, nearest.parent):
        raise ConfigurationError(f"{nearest}: {LEADS_OUT}")
    configuration = find_configuration(folder)
    file = configuration.baseline_file
    if file is None:
        return DocumentSettings(configuration)
    try:
        return DocumentSettings(configuration, read_baseline(file))
    except FileNotFoundError:  # the first `validate` writes it
        return DocumentSettings(configuration)


def state_of(folder: Path, name: str = _SETTINGS) -> tuple[object, ...]:
    """Return what changes when the nearest file of a name has to be read again: that of settings by default."""
    nearest = _nearest(folder, name)
    return () if nearest is None else (nearest, *_state(nearest))


def _nearest(folder: Path, name: str = _SETTINGS) -> Path | None:
    files = (above / name for above in settings_folders(folder))
    return next((file for file in files if _state(file)), None)


def _state(file: Path) -> tuple[int, ...]:
    try:
        found = file.lstat()
    except (OSError, ValueError):
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino
