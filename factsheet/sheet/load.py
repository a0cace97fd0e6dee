"""Plain data to a sheet; what does not fit comes back as misfits, each with its path and how to fix it.

Whoever loads a sheet gets them in the words of an error, each with its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic_core import ValidationError

from factsheet.errors import InvalidSheetError
from factsheet.sheet.model import SheetFields
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from factsheet.facts.misfits import Misfit
    from factsheet.source.document import Document, Span
    from factsheet.source.problems import Problem

_Sheet = TypeVar("_Sheet", bound=SheetFields)
_ROUNDS = 4
"""Leaving out a key can uncover a missing one above it; the sheet's sections are no deeper than this."""
_ROUNDS_WITHIN = 8
"""Within lists a key can leave a row without what it needs, a list without rows, and so on, up to the section."""
_SHOWN = 5
"""Faults in the text of an error, to stay on one screen; `faults` has them all."""


def read_factsheet(data: object) -> tuple[SheetFields | None, tuple[Misfit, ...]]:
    """Validate plain data against the schema; `read_factsheet_as` says how."""
    return read_factsheet_as(SheetFields, data)


def read_factsheet_as(
    model: type[_Sheet], data: object, *, within_lists: bool = False
) -> tuple[_Sheet | None, tuple[Misfit, ...]]:
    """Validate plain data against the schema.

    Args:
        model: the class of the sheet that comes back.
        data: what `factsheet.source` read: mappings, lists and scalars. It is left as it is.
        within_lists: whether what does not fit leaves the rest of its list in; indices of the sheet then lead to other
            rows than those of the data.

    Returns:
        The sheet and every misfit, in the schema's order. Where there are misfits, the sheet is what is left
        without the keys at fault, so that further checks can run on the rest; `None` where nothing usable is left.
    """
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        # Needed only when something is wrong.
        from factsheet.facts.misfits import misfits, without
        from factsheet.sheet.wording import SheetWording

        found = misfits(error, data, SheetWording(model))
        refused = error
        for _ in range(_ROUNDS_WITHIN if within_lists else _ROUNDS):
            data = without(data, refused, within_lists=within_lists)
            try:
                return model.model_validate(data), found
            except ValidationError as again:
                refused = again
        return None, found


def invalid_sheet(
    name: str, faults: tuple[Problem | Misfit, ...], document: Document | None
) -> InvalidSheetError:
    """Return the error for a text or data that is no sheet, with every fault and its place.

    Args:
        name: what the sheet is called in messages.
        faults: what is wrong with it; none where there is no sheet at all.
        document: its text, where it has one: places are lines and columns then, and paths otherwise.
    """
    heads = [f"{_place(name, fault, document)}: {fault.message}" for fault in faults]
    shown = zip(heads[:_SHOWN], faults, strict=False)
    report = [f"{head}\n  = why: {fault.why}\n  = help: {fault.help}" for head, fault in shown]
    message = heads[0] if heads else f"{name}: there is nothing in it"
    if len(faults) > _SHOWN:
        report.append(f"and {len(faults) - _SHOWN:,} more")
    if len(faults) > 1:
        message += f" (and {len(faults) - 1:,} more)"
    return InvalidSheetError(message, "\n".join(report) or message, name=name, faults=faults)


def _place(name: str, fault: Problem | Misfit, document: Document | None) -> str:
    """Return where a fault is: line and column where the sheet has a text, and its path."""
    span: Span | None = getattr(fault, "span", None)  # what the loader refuses knows its place
    if span is None and document is not None:
        span = document.locate(fault.path, prefer_key=getattr(fault, "on_key", False))
    where = name if span is None else f"{name}:{span.line}:{span.column}"
    return f"{where}: {dotted(fault.path)}" if fault.path else where
