"""Every figure of a profile, with its path, in the order of the format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.hardware.quoted import Part, Quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.hardware.description import Description
    from factsheet.source import KeyPath


def figures_of(chip: Description) -> Iterator[tuple[KeyPath, Quoted]]:
    """Figures that constants can follow from; results to hold the model against are not among them."""
    for name in type(chip).model_fields:
        if name != "validation":
            yield from _inside(getattr(chip, name), (name,))


def _inside(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, Quoted]]:
    if isinstance(value, Quoted):
        yield path, value
    elif isinstance(value, Part):
        for name in type(value).model_fields:
            yield from _inside(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for position, entry in enumerate(value):
            yield from _inside(entry, (*path, position))
