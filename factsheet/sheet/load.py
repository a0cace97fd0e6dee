"""Plain data to a FactSheet; what does not fit comes back as misfits, each with its path and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factsheet.sheet.model import FactSheet
    from factsheet.source import KeyPath

_ROUNDS = 4
"""Leaving out a key can uncover a missing one above it; the sheet's sections are no deeper than this."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place where data does not fit the schema.

    Attributes:
        code: slug out of a closed set: `unknown-key`, `missing-key`, `wrong-answer`, `wrong-shape`.
        path: where; the parent for a missing key.
        on_key: whether the key is at fault and not its value.
    """

    code: str
    path: KeyPath
    on_key: bool
    message: str
    why: str
    help: str


def read_factsheet(data: object) -> tuple[FactSheet | None, tuple[Misfit, ...]]:
    """Validate plain data against the schema.

    Args:
        data: what `factsheet.source` read: mappings, lists and scalars. It is left as it is.

    Returns:
        The sheet and every misfit, in the schema's order. Where there are misfits, the sheet is what is left
        without the keys at fault, so that further checks can run on the rest; `None` where nothing usable is left.
    """
    from pydantic_core import ValidationError  # noqa: PLC0415  pydantic is loaded once a sheet is validated

    from factsheet.sheet.model import FactSheet  # noqa: PLC0415  likewise

    try:
        return FactSheet.model_validate(data), ()
    except ValidationError as error:
        from factsheet.sheet.misfit import misfits, without  # noqa: PLC0415  needed only when something is wrong

        found = misfits(error, data)
        for _ in range(_ROUNDS):
            data = without(data, error)
            try:
                return FactSheet.model_validate(data), found
            except ValidationError as again:
                error = again  # noqa: PLW2901  the next round leaves out what this one refused
        return None, found
