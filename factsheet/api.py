"""The public face: what `import factsheet` gives, and what the command line itself calls.

A `FactSheet` is the pydantic model of a sheet with what can be done with one: check it, derive from it, write it as
pages. Everything that a call needs is imported by that call.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import PrivateAttr

from factsheet.errors import InvalidSheetError
from factsheet.sheet.load import read_factsheet_as
from factsheet.sheet.model import SheetFields
from factsheet.source.document import dotted
from factsheet.source.loader import load_bytes, read_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.checks.settings import Settings
    from factsheet.facts.misfits import Misfit
    from factsheet.pages.options import RenderOptions
    from factsheet.readers.roles import ViewName
    from factsheet.recompute.derivation import Derivation
    from factsheet.source.loader import Loaded
    from factsheet.source.problems import Problem

_UNNAMED = "<sheet>"


class FactSheet(SheetFields):
    """The FactSheet of an analog AI model: its sections as fields, and what can be done with it.

    It is a frozen pydantic model: `model_dump()` gives the plain data that `model_validate()` takes, and two sheets
    are equal where their fields are, whatever they were read from.
    """

    _loaded: Loaded | None = PrivateAttr(default=None)
    _name: str = PrivateAttr(default=_UNNAMED)

    def __eq__(self, other: object) -> bool:
        """Compare the fields alone."""
        return isinstance(other, SheetFields) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]  # fields such as the scores of a table are mappings

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, with other values for some fields; they are not validated, `updated` does that."""
        copied = super().model_copy(update=update, deep=deep)
        if update:
            copied._loaded = None  # noqa: SLF001  of its own class; the text does not say this any more
        return copied

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the JSON Schema of a sheet, the one in `schemas/`; with options of pydantic's, what pydantic makes."""
        if args or options:
            return super().model_json_schema(*args, **options)
        from factsheet.sheet.json_schema import build_schema

        return build_schema()

    def check(self, settings: Settings | None = None) -> tuple[Diagnostic, ...]:
        """Return what the rules find: in the order of the text, or with paths for a sheet without text.

        Args:
            settings: which rules run, and how; all with their defaults if left out.
        """
        from factsheet.checks.engine import check_document, check_sheet
        from factsheet.checks.settings import DEFAULT_SETTINGS

        settings = settings or DEFAULT_SETTINGS
        if self._loaded is None:
            return check_sheet(self, settings, name=self._name)
        return check_document(self._loaded, self._name, settings).diagnostics

    def derive(self, *, seq_len: int | None = None, batch: int | None = None) -> Derivation:
        """Recompute what follows from the sheet, and compare it with what the sheet claims."""
        from factsheet.recompute.engine import recompute
        from factsheet.recompute.request import Request

        return recompute(self, Request(seq_len=seq_len, batch=batch))

    def render(
        self,
        format: str = "md",  # noqa: A002  the word for it, and the command line's
        *,
        role: ViewName = "full",
        options: RenderOptions | None = None,
    ) -> str | bytes:
        """Return the page for a reader: text, or bytes for PDF."""
        from factsheet.pages.options import DEFAULT_OPTIONS
        from factsheet.pages.rendering import render

        return render(self, role=role, format=format, options=options or DEFAULT_OPTIONS)


def load(path: str | Path) -> FactSheet:
    """Read a sheet from a file.

    Raises:
        SourceUnreadableError: the file cannot be read.
        InvalidSheetError: it is no valid sheet.
    """
    return _sheet_of(read_sheet(Path(path)), str(path))


def loads(text: str | bytes, name: str = _UNNAMED) -> FactSheet:
    """Read a sheet from its text.

    Args:
        text: YAML.
        name: what to call it in messages.

    Raises:
        InvalidSheetError: it is no valid sheet.
    """
    return _sheet_of(load_bytes(text.encode() if isinstance(text, str) else text, name), name)


def _sheet_of(loaded: Loaded, name: str) -> FactSheet:
    data = None if loaded.document is None else loaded.document.data
    sheet, misfits = (None, ()) if data is None else read_factsheet_as(FactSheet, data)
    if sheet is None or loaded.problems or misfits:
        raise _invalid(name, (*loaded.problems, *misfits))
    sheet._loaded, sheet._name = loaded, name  # noqa: SLF001  the class and its makers are one subject
    return sheet


def _invalid(name: str, faults: tuple[Problem | Misfit, ...]) -> InvalidSheetError:
    blocks = [
        f"{name}: {dotted(fault.path) or 'the sheet'}: {fault.message}\n"
        f"  = why: {fault.why}\n  = help: {fault.help}"
        for fault in faults
    ]
    if not faults:
        message = f"{name}: there is no sheet in it"
    else:
        first, more = faults[0], len(faults) - 1
        place = f"{dotted(first.path)}: " if first.path else ""
        message = f"{name}: {place}{first.message}" + (f" (and {more} more)" if more > 0 else "")
    return InvalidSheetError(message, "\n".join(blocks) or message, name=name, faults=faults)
