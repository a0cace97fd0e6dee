"""The documents that an editor has open, each with its last version, and the settings that hold for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import FactsheetError
from factsheet.language_server.sheet_text import SheetText, is_sheet
from factsheet.language_server.uris import path_of
from factsheet.language_server.workspace_settings import DEFAULT, folder_of, settings_for, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.language_server.positions import Encoding
from factsheet.language_server.workspace_settings import DocumentSettings

_UNSAVED = "untitled"
_REVIEWS = (".review.yaml", ".review.yml")


class OpenDocument(NamedTuple):
    """One version of a document.

    Attributes:
        uri: how the editor names it.
        version: the editor's number of the version.
        sheet: the text, with what is known of it; `None` of a document that is no sheet.
        fault: what is wrong with the settings, so that nothing is checked.
    """

    uri: str
    version: int | None
    sheet: SheetText | None
    fault: FactsheetError | None = None


class OpenDocuments:
    """The documents that are open."""

    def __init__(self) -> None:
        self.encoding: Encoding = "utf-16"
        self.folders: tuple[Path, ...] = ()
        self._sheets: dict[str, OpenDocument] = {}
        self._settings: dict[Path, tuple[object, DocumentSettings | FactsheetError]] = {}

    def put(self, uri: str, text: str, version: int | None) -> OpenDocument:
        """Take a version of a document in place of the one before."""
        file = path_of(uri)
        sheet, fault, settings = None, None, DEFAULT
        if is_sheet(text) and not uri.lower().endswith(_REVIEWS):
            folder = self._folder(file)
            found = DEFAULT if folder is None else self._settings_of(folder)
            if isinstance(found, FactsheetError):
                fault = found
            else:
                settings = found
            sheet = SheetText(text, str(file or _UNSAVED), settings, encoding=self.encoding)
        opened = OpenDocument(uri, version, sheet, fault)
        self._sheets[uri] = opened
        return opened

    def get(self, uri: str) -> OpenDocument | None:
        """Return the last version of a document; `None` for one that is not open."""
        return self._sheets.get(uri)

    def remove(self, uri: str) -> None:
        """Forget a document."""
        self._sheets.pop(uri, None)

    def all(self) -> Sequence[OpenDocument]:
        """Return every document that is open."""
        return tuple(self._sheets.values())

    def _folder(self, file: Path | None) -> Path | None:
        if file is not None:
            return folder_of(file, self.folders)
        return self.folders[0] if self.folders else None

    def _settings_of(self, folder: Path) -> DocumentSettings | FactsheetError:
        known = self._settings.get(folder)
        if known is not None and known[0] == _state(folder, known[1]):
            return known[1]
        found: DocumentSettings | FactsheetError
        try:
            found = settings_for(folder)
        except FactsheetError as error:
            found = error
        self._settings[folder] = (_state(folder, found), found)
        return found


def _state(folder: Path, found: DocumentSettings | FactsheetError) -> tuple[object, ...]:
    """Return what changes when the settings, or the baseline that they name, have to be read again."""
    baseline = None if isinstance(found, FactsheetError) else found.configuration.baseline_file
    return state_of(folder), () if baseline is None else state_of(baseline.parent, baseline.name)


def folders_of(uris: Sequence[str]) -> tuple[Path, ...]:
    """Return the folders that an editor has open."""
    return tuple(path for path in map(path_of, uris) if path is not None)
