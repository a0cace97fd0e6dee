"""Plain data to a sheet; what does not fit comes back as misfits, each with its path and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic_core import ValidationError

from factsheet.sheet.model import SheetFields

if TYPE_CHECKING:
    from factsheet.facts.misfits import Misfit

_Sheet = TypeVar("_Sheet", bound=SheetFields)
_ROUNDS = 4
"""Leaving out a key can uncover a missing one above it; the sheet's sections are no deeper than this."""


def read_factsheet(data: object) -> tuple[SheetFields | None, tuple[Misfit, ...]]:
    """Validate plain data against the schema; `read_factsheet_as` says how."""
    return read_factsheet_as(SheetFields, data)


def read_factsheet_as(model: type[_Sheet], data: object) -> tuple[_Sheet | None, tuple[Misfit, ...]]:
    """Validate plain data against the schema.

    Args:
        model: the class of the sheet that comes back.
        data: what `factsheet.source` read: mappings, lists and scalars. It is left as it is.

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

        found = misfits(error, data, SheetWording())
        refused = error
        for _ in range(_ROUNDS):
            data = without(data, refused)
            try:
                return model.model_validate(data), found
            except ValidationError as again:
                refused = again
        return None, found
