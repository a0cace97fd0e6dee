"""Read a value as it is typed behind a path: it is what would follow the key in a sheet, as YAML or as text."""

from __future__ import annotations

import re
from typing import Any

from factsheet.errors import UsageError
from factsheet.facts.fact import ABSENCES
from factsheet.source.loader import load_bytes

_ABSENCE = re.compile(rf"(?is)({'|'.join(kind.replace('_', '[ _-]') for kind in ABSENCES)})\s*(?:$|:\s*(.*))")
"""A reason why there is no value as people type it: `not disclosed: why`, `not_applicable`."""
_LINK = re.compile(r"\[[^\]]*\]\(")
"""A link of Markdown, with which prose may begin."""
_NULLS = frozenset({"null", "Null", "NULL", "~"})


def begins_a_list(text: str) -> bool:
    """Return whether a text begins or is a list in brackets; prose can begin with a word in brackets, or a link."""
    whole = text.endswith("]") or text.count("[") != text.count("]")
    return text[:1] == "[" and whole and not _LINK.match(text)


def read_value(text: str) -> Any:
    """Return the plain data that a value means in a sheet; what is no YAML is text.

    `3.13 W` is text, `[a, b]` a list, `{not_disclosed: why}` a mapping, `yes` and `012` text, which is quoted.

    Raises:
        UsageError: it begins as a list, a mapping or a reason why there is no value, and cannot be read as one.
    """
    absent = _ABSENCE.fullmatch(text.strip())
    if absent is not None:
        kind, reason = absent[1].lower().replace(" ", "_").replace("-", "_"), (absent[2] or "").strip()
        raise UsageError(
            f"`{text[:60]}` is {'a reason without braces' if reason else 'no reason why there is no value'}",
            "as it stands it would be the value itself",
            f'write `{{{kind}: "{reason[:60] or "the reason"}"}}`',
        )
    if text.strip() in _NULLS:
        raise UsageError(
            f"`{text}` is no value",
            "a key without a value is a question that is still open",
            'remove it with `factsheet unset PATH`; a text of this word goes into quotes: `"null"`',
        )
    loaded = load_bytes(f"value: {text}".encode(), "value")
    document = loaded.document
    if (
        loaded.problems
        or document is None
        or not isinstance(document.data, dict)
        or set(document.data) != {"value"}
    ):
        if text[:1] in ("{", "[") and not _LINK.match(text):
            first = loaded.problems[0] if loaded.problems else None
            raise UsageError(
                f"`{text[:60]}` begins as a {'mapping' if text[0] == '{' else 'list'} and cannot be read as one",
                first.message if first is not None else "it does not end",
                "quote texts in it that have a `:`, a `,`, a bracket, or mean yes or no:"
                ' `{not_disclosed: "not cleared: ask legal"}`, `["yes", "no"]`',
            )
        return text
    value = document.data["value"]
    # What YAML takes for a comment was typed as part of the value.
    commented = isinstance(value, str | int | float) and " #" in text and text[:1] not in ("'", '"')
    return text if value is None or commented else value
