"""Findings of `factsheet hardware check`: an id, a severity, and the problem with its place in the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.source.problems import Problem

if TYPE_CHECKING:
    from factsheet.source.document import Document, KeyPath
    from factsheet.source.problems import Wording

Gravity = Literal["error", "warning", "info"]
FindingId = Literal["HW001", "HW101", "HW201", "HW202", "HW301", "HW302", "HW303"]


class FindingKind(NamedTuple):
    """What an id means."""

    severity: Gravity
    slug: str
    """Its name in words; of a text that cannot be read, that of the fault."""
    meaning: str


KINDS: dict[FindingId, FindingKind] = {
    "HW001": FindingKind("error", "", "the text is not read safely and in one way only"),
    "HW101": FindingKind("error", "", "the text does not have the form of a profile"),
    "HW201": FindingKind("error", "implausible", "no chip can do this"),
    "HW202": FindingKind("error", "contradiction", "two figures contradict each other"),
    "HW301": FindingKind("warning", "not-derivable", "what every estimate needs cannot be derived"),
    "HW302": FindingKind("info", "not-derivable", "some estimates cannot be derived"),
    "HW303": FindingKind("info", "secondary", "figures are quoted elsewhere and not read at their source"),
}
"""Every id with what it means. Ids are part of the interface and are never reused."""


class ProfileFinding(NamedTuple):
    """One finding."""

    id: FindingId
    severity: Gravity
    problem: Problem


def finding(
    document: Document,
    id_: FindingId,
    path: KeyPath,
    words: Wording,
    *,
    related: tuple[tuple[str, KeyPath], ...] = (),
) -> ProfileFinding:
    """Return a finding at a path.

    Args:
        document: the profile's text.
        id_: a key of `KINDS`.
        path: where.
        words: what is wrong, why that matters, how to fix it.
        related: further places, each with a few words about it.
    """
    kind = KINDS[id_]
    problem = Problem(
        code=kind.slug,
        message=words.message,
        why=words.why,
        help=words.help,
        span=document.locate(path, prefer_key=path[-1:] != ("value",)),
        path=path,
        related=tuple((label, document.locate(place)) for label, place in related),
    )
    return ProfileFinding(id_, kind.severity, problem)
