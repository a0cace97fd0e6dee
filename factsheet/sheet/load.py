"""Plain data to a FactSheet; what does not fit comes back as misfits, each with its path and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pydantic.plugin._schema_validator import PluggableSchemaValidator
    from pydantic_core import SchemaValidator

    from factsheet.sheet.model import FactSheet
    from factsheet.source.document import KeyPath

_ROUNDS = 4
"""Leaving out a key can uncover a missing one above it; the sheet's sections are no deeper than this."""


class Misfit(NamedTuple):
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


def read_factsheet(data: object, *, models: bool = False) -> tuple[FactSheet | None, tuple[Misfit, ...]]:
    """Validate plain data against the schema.

    Args:
        data: what `factsheet.source` read: mappings, lists and scalars. It is left as it is.
        models: whether the caller needs pydantic's models. Otherwise stand-ins may come back, which have the
            models' attributes, take a fifth of the start-up time, and lack the models' methods.

    Returns:
        The sheet and every misfit, in the schema's order. Where there are misfits, the sheet is what is left
        without the keys at fault, so that further checks can run on the rest; `None` where nothing usable is left.
    """
    from pydantic_core import ValidationError  # loaded once a sheet is validated

    validator = _validator(models=models)
    try:
        return validator.validate_python(data), ()
    except ValidationError as error:
        from factsheet.sheet.misfit import misfits, without  # needed only when something is wrong

        found = misfits(error, data)
        refused = error
        for _ in range(_ROUNDS):
            data = without(data, refused)
            try:
                return validator.validate_python(data), found
            except ValidationError as again:
                refused = again
        return None, found


def _validator(*, models: bool) -> SchemaValidator | PluggableSchemaValidator:
    if not models:
        from factsheet.sheet.precompiled import precompiled_validator  # loads pydantic-core alone

        validator = precompiled_validator()
        if validator is not None:
            return validator
    from factsheet.sheet.model import FactSheet  # the models are slow to build

    FactSheet.model_rebuild()
    return FactSheet.__pydantic_validator__
