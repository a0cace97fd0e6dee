"""Fingerprints that recognise a finding after the lines, and the rows, around it have moved."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from factsheet.reports.text import dotted, encodable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source.document import Document, KeyPath

_NUMBER = r"\d+(?:[.,]\d+)*"
_LABELS = ("id", "name", "task", "after", "at")
"""Keys by which a row of a list is known, whatever its place in the list."""


def fingerprints(
    diagnostics: Sequence[Diagnostic], document: Document | None, scope: str = ""
) -> tuple[str, ...]:
    """Return a fingerprint for each diagnostic, none twice, in their order.

    It is made of the rule's id, the place in the data and the message without its figures and its spacing, so
    that neither an inserted line nor a corrected digit makes a new finding of an old one. A row of a list is known by
    its id or name, so that a row inserted before it does not either. Where several diagnostics agree in all of it,
    they are numbered from the top.

    Args:
        diagnostics: those of one sheet.
        document: the text that they point into; `None` where rows can be told by their numbers only.
        scope: what else distinguishes them, such as the sheet's name where fingerprints of several sheets meet.
    """
    seen: dict[str, int] = {}
    prints = []
    for diagnostic in diagnostics:
        message = " ".join(re.sub(_NUMBER, "#", diagnostic.message).split())
        place = dotted(_by_labels(diagnostic.path, document))
        identity = f"{scope}\0{diagnostic.rule_id}\0{place}\0{message}"
        ordinal = seen[identity] = seen.get(identity, 0) + 1
        prints.append(sha256(encodable(f"{identity}\0{ordinal}").encode()).hexdigest())
    return tuple(prints)


def _by_labels(path: KeyPath, document: Document | None) -> KeyPath:
    """Return the path with the labels of rows instead of their numbers, as far as they have any."""
    node: object = None if document is None else document.data
    parts: list[str | int] = []
    for part in path:
        node = _child(node, part)
        label = next((node[key] for key in _LABELS if key in node), None) if isinstance(node, dict) else None
        parts.append(f"={label}" if isinstance(part, int) and isinstance(label, str) else part)
    return tuple(parts)


def _child(node: object, part: str | int) -> object:
    if isinstance(node, dict):
        return node.get(part)
    if isinstance(node, list) and isinstance(part, int) and part < len(node):
        return node[part]
    return None
