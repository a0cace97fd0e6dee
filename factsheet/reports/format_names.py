"""The names that formats go by: one in what we write, any of them where one is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

SYNONYMS: Final = (
    ("markdown", "md"),
    ("text", "txt", "table"),
    ("yaml", "yml"),
    ("html", "htm"),
)
"""Names of the same format, the one that our pages use first."""


def format_meant(given: str, names: Collection[str]) -> str | None:
    """Return the one of these names that is meant, by itself or by a synonym, in small letters or capitals."""
    asked = given.strip().lower()
    known = [asked, *(name for group in SYNONYMS if asked in group for name in group)]
    return next((name for name in known if name in names), None)


def format_named(given: str, names: Collection[str], place: str = "--format") -> str:
    """Return the one of these names that is meant.

    Raises:
        UsageError: none of them is.
    """
    meant = format_meant(given, names)
    if meant is not None:
        return meant
    raise UsageError(
        f"there is no format `{given[:60]}`",
        help=f"the formats are {', '.join(names)}",
        place=place,
        candidates=tuple(names),
    )
