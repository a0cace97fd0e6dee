"""What a check reports: a finding by path, and the diagnostic with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from factsheet.source import KeyPath, Span

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""From the gravest to the mildest."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule finds. It names *where* by path; line and column are looked up later, once.

    Attributes:
        path: the key or value at fault.
        message: what is wrong.
        help: how to mend it.
        related: other places that the message speaks of, each with what is there.
        on_key: whether to point at the key and not at its value.
    """

    path: KeyPath
    message: str
    help: str
    related: tuple[tuple[KeyPath, str], ...] = ()
    on_key: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a diagnostic speaks of."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its rule and its place in the text, ready for any report format."""

    rule_id: str
    slug: str
    severity: Severity
    message: str
    why: str
    help: str
    file: str
    span: Span
    path: KeyPath
    related: tuple[Related, ...] = ()
