"""Put answers that a command works out into a sheet's text; everything else in it stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.source.editing import put, put_item

if TYPE_CHECKING:
    from factsheet.source.dumping import Data


def recorded(text: str, section: str, key: str, answer: Data) -> str:
    """Put an answer under a section's key: in place of the one that is there, or as the section's last.

    Raises:
        NoPlaceError: the text is no sheet, or the section is no mapping.
    """
    return put(text, (section, key), answer)


def referenced(text: str, identifier: str, reference: dict[str, Data]) -> str:
    """Put a reference into the sheet's list: in place of the one of the same id, or as the last.

    Raises:
        NoPlaceError: the text is no sheet, or its references are no list.
    """
    return put_item(
        text,
        ("references",),
        {"id": identifier, **reference},
        same=lambda one: isinstance(one, dict) and one.get("id") == identifier,
    )
