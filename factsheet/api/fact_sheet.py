"""`FactSheet`: the pydantic model of a sheet with what can be done with one, and what reads it.

It is checked, derived from, and written as pages, as YAML and in formats of other tools. What a call needs is
imported by that call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import PrivateAttr

from factsheet.errors import NoPlaceError
from factsheet.sheet.load import invalid_sheet
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.known_templates import model_for, read_sheet_as
from factsheet.source.loader import load_bytes, read_sheet

if TYPE_CHECKING:
    from typing import Self

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.checks.settings import Settings
    from factsheet.exchange.exported import Exported
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.profile import Profile
    from factsheet.pages.options import RenderOptions
    from factsheet.readers.roles import ViewName
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.request import Request
    from factsheet.source.document import KeyPath
    from factsheet.source.loader import Loaded

_UNNAMED = "<sheet>"
_FRAME = '<iframe srcdoc="{}" sandbox="allow-scripts" style="width: 100%; height: 40em; border: thin solid"></iframe>'


class FactSheet(SheetFields):
    """The FactSheet of an analog AI model: its sections as fields, and what can be done with it.

    It is a frozen pydantic model: `model_dump()` gives the plain data that `model_validate()` takes, and two sheets
    are equal where their fields are, whatever they were read from.
    """

    _loaded: Loaded | None = PrivateAttr(default=None)
    _name: str = PrivateAttr(default=_UNNAMED)
    _sound: bool = PrivateAttr(default=False)
    """Whether it is known to fit the schema and to be writable: pydantic's own methods do not see to both."""

    def __eq__(self, other: object) -> bool:
        """Compare the fields alone."""
        return isinstance(other, SheetFields) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]  # fields such as the scores of a table are mappings

    @classmethod
    def from_data(cls, data: Mapping[str, Any], name: str = _UNNAMED) -> Self:
        """Make a sheet from plain data: mappings, lists, text and numbers, as a YAML file would have them.

        Args:
            data: its sections; lines in a text may end as on any system, and do as in YAML, with a line feed, after.
            name: what to call it in messages.

        Raises:
            InvalidSheetError: it does not fit the schema, or no file could hold it; every fault is named.
        """
        return cls._of(None, data, name)

    @classmethod
    def _of(cls, loaded: Loaded | None, data: object, name: str) -> Self:
        problems = () if loaded is None else loaded.problems
        if loaded is None:
            from factsheet.sheet.writable import read_writable

            data = dict(data) if isinstance(data, Mapping) else data
            sheet, misfits = read_writable(model_for(cls, data), data)
        else:
            sheet, misfits = (None, ()) if data is None else read_sheet_as(cls, data)
        if sheet is None or problems or misfits:
            raise invalid_sheet(name, (*problems, *misfits), None if loaded is None else loaded.document)
        sheet._loaded, sheet._name, sheet._sound = loaded, name, True  # noqa: SLF001  its own class
        return sheet

    def checked(self) -> Self:
        """Return this sheet, or the same made from its data where nobody has seen yet that it is one.

        Raises:
            InvalidSheetError: it is none.
        """
        return self if self._sound else self._of(None, self._plain(), self._name)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, with other values for some fields; they are not validated, `updated` does that."""
        copied = super().model_copy(update=update, deep=deep)
        if update:
            # Its own class. The text does not say this any more, and nobody has looked at the values.
            copied._loaded, copied._sound = None, False  # noqa: SLF001
        return copied

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the JSON Schema of a sheet, the one in `schemas/`; with options of pydantic's, what pydantic makes."""
        if args or options:
            return super().model_json_schema(*args, **options)
        from factsheet.sheet.json_schema import build_schema

        return build_schema(SheetFields if cls is FactSheet else cls)

    def _plain(self) -> dict[str, Any]:
        """Return the plain data of all that is answered."""
        from factsheet.sheet.answers import as_written

        return dict(as_written(self.model_dump(exclude_none=True, warnings=False)))

    def updated(self, path: str, value: object) -> Self:
        """Return this sheet with another answer at a path; the rest is as it was, the comments of its text too.

        Args:
            path: the field, such as `parameters.power` or `performance.results[0].tasks[2].scores.analog`; a list is
                continued by the index after its last.
            value: the answer, as plain data or as a part of another sheet; `None` takes the answer out.

        Raises:
            NoPlaceError: the path leads through something that has no fields, or past the end of a list.
            InvalidSheetError: the answer does not fit.
        """
        from factsheet.sheet.answers import put_answer, steps_of
        from factsheet.sheet.writable import with_line_feeds

        data, value = self._plain(), with_line_feeds(value)
        put_answer(data, path, value)
        changed = self._of(None, data, self._name)
        changed._loaded = self._edited(changed, steps_of(path), value)  # noqa: SLF001  its own class
        return changed

    def _edited(self, changed: Self, steps: KeyPath, answer: Any) -> Loaded | None:
        """Return the text with the answer that changed; `None` where there is no text, or none that says just that."""
        document = None if self._loaded is None else self._loaded.document
        if document is None:
            return None
        from factsheet.sheet.answers import answer_at, is_plain
        from factsheet.source.editing import apply_edits, put, removal

        if not is_plain(answer):
            answer = answer_at(changed._plain(), steps)
        try:
            if answer is None:
                edit = removal(document, steps)
                text = apply_edits(document.text, [] if edit is None else [edit])
            else:
                text = put(document.text, steps, answer)
        except NoPlaceError:  # a list that is continued, or a text that is laid out unlike others
            return None
        loaded = load_bytes(text.encode(), self._name)
        data = None if loaded.document is None else loaded.document.data
        says_so = not loaded.problems and read_sheet_as(type(self), data) == (changed, ())
        return loaded if says_so else None

    def check(self, settings: Settings | None = None) -> tuple[Diagnostic, ...]:
        """Return what the rules find. A sheet that was not read from text has paths in it, and no lines.

        Args:
            settings: which rules run, and how; all with their defaults if left out.

        Raises:
            InvalidSheetError: a copy was given values that no sheet can have.
            ConfigurationError: the settings name a rule that there is none of.
        """
        from factsheet.checks.engine import check_document, check_sheet
        from factsheet.checks.settings import DEFAULT_SETTINGS

        settings = dated(DEFAULT_SETTINGS if settings is None else settings)
        if self._loaded is None:
            return check_sheet(self.checked(), settings, name=self._name)
        return check_document(self._loaded, self._name, settings).diagnostics

    def derive(
        self,
        request: Request | None = None,
        *,
        seq_len: int | None = None,
        batch: int | None = None,
        hardware: str | Path | Profile | DigitalProfile | None = None,
    ) -> Derivation:
        """Recompute what follows from the sheet, and compare it with what the sheet claims.

        Args:
            request: what to work out, and how; by default, the sheet as it is at its first operating point.
            seq_len: tokens in one sequence, instead of the request's.
            batch: sequences processed together, likewise.
            hardware: name or file of a chip's or digital device's profile to estimate time and power for, likewise.

        Raises:
            InvalidSheetError: a copy was given values that no sheet can have.
            DeriveError: a sequence length or batch out of range, or an unknown convention.
            ProfileError: there is no such profile, or it is wrong.
        """
        from factsheet.recompute.engine import recompute
        from factsheet.recompute.request import request_with

        return recompute(
            self.checked(), request_with(request, seq_len=seq_len, batch=batch, hardware=hardware)
        )

    def render(
        self,
        format: Literal["md", "html"] = "md",  # noqa: A002  the word for it, and the command line's
        *,
        role: ViewName = "full",
        options: RenderOptions | None = None,
    ) -> str:
        """Return the page for a reader as Markdown, or as an HTML file of its own that has every reader's page.

        Raises:
            InvalidSheetError: a copy was given values that no sheet can have.
            UsageError: there is no such role or format.
        """
        from factsheet.pages.options import DEFAULT_OPTIONS
        from factsheet.pages.rendering import render

        page = render(self.checked(), role=role, format=format, options=options or DEFAULT_OPTIONS)
        return page if isinstance(page, str) else page.decode()

    def render_pdf(self, *, role: ViewName = "full", options: RenderOptions | None = None) -> bytes:
        """Return the page for a reader as PDF.

        Raises:
            InvalidSheetError: a copy was given values that no sheet can have.
            UsageError: there is no such role.
            PdfUnavailableError: WeasyPrint, or a library that it needs, is not installed.
        """
        from factsheet.pages.options import DEFAULT_OPTIONS
        from factsheet.pages.rendering import render

        page = render(self.checked(), role=role, format="pdf", options=options or DEFAULT_OPTIONS)
        return page if isinstance(page, bytes) else page.encode()

    def export(
        self,
        format: str,  # noqa: A002  the word for it
        *,
        options: Mapping[str, str] | None = None,
        into: str = "",
        moment: datetime | None = None,
    ) -> Exported:
        """Return the sheet in a format of other tools, and the answers that it holds less exactly or not at all.

        Args:
            format: its name, as `factsheet export --to` has it: `json`, `model-card`, `cyclonedx` and others.
            options: of the format, by name, such as `{"version": "1.7"}`; those left out have their defaults.
            into: the text of a file to complete, such as a model card; what others wrote in it stays.
            moment: the time, with its time zone, that formats state as that of the export; now if left out.

        Raises:
            InvalidSheetError: a copy was given values that no sheet can have.
            UsageError: there is no such format or option, or the format does not complete files, or not this one.
        """
        from factsheet.exchange.formats import export_sheet
        from factsheet.exchange.request import ExportRequest

        request = ExportRequest(
            sheet=self.checked(),
            name="factsheet.yaml" if self._name == _UNNAMED else self._name,
            moment=moment or datetime.now(UTC),
            options=options or {},
            existing=into,
        )
        return export_sheet(request, format)

    def to_yaml(self) -> str:
        """Return the sheet as YAML: the text that it was read from, or one that reads back as this sheet.

        Raises:
            InvalidSheetError: a copy was given values that no sheet can have.
        """
        if self._loaded is not None and self._loaded.document is not None:
            return self._loaded.document.text
        from factsheet.source.dumping import dump_yaml

        text = dump_yaml(self.checked()._plain())  # noqa: SLF001  its own class
        loads(text, self._name)
        return text

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the sheet to a YAML file, whole or not at all, and return its path.

        Args:
            path: the file.
            overwrite: whether to replace a file that is there.

        Raises:
            WriteError: the file is there already, or cannot be written.
            InvalidSheetError: a copy was given values that no sheet can have.
        """
        from factsheet.source.writing import KEPT, write_atomic, write_new

        file, text = Path(path), self.to_yaml()
        if overwrite:
            write_atomic(file, text)
        else:
            write_new(file, text, KEPT)
        return file

    def _repr_html_(self) -> str:
        """Return the page of the whole sheet, in a frame of its own, for notebooks."""
        from html import escape

        return _FRAME.format(escape(self.render("html"), quote=True))


def load(path: str | Path) -> FactSheet:
    """Read a sheet from a file.

    Raises:
        SourceUnreadableError: the file cannot be read.
        InvalidSheetError: it is no valid sheet; every fault is named.
    """
    return sheet_of(read_sheet(Path(path)), str(path))


def loads(text: str | bytes, name: str = _UNNAMED) -> FactSheet:
    """Read a sheet from its text.

    Args:
        text: YAML.
        name: what to call it in messages.

    Raises:
        InvalidSheetError: it is no valid sheet; every fault is named.
    """
    return sheet_of(load_bytes(text.encode() if isinstance(text, str) else text, name), name)


def dated(settings: Settings) -> Settings:
    """Return the settings with the day of the check, if they have none."""
    return settings if settings.today is not None else settings._replace(today=datetime.now(UTC).date())


def sheet_of(loaded: Loaded, name: str) -> FactSheet:
    """Return the sheet in a text that was read.

    Raises:
        InvalidSheetError: it is no valid sheet; every fault is named.
    """
    data = None if loaded.document is None else loaded.document.data
    return FactSheet._of(loaded, data, name)  # noqa: SLF001  the class and what reads it are one subject
