"""What `factsheet hardware check` can find in a profile: an id, how grave it is, and the problem with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.source.problems import Problem

if TYPE_CHECKING:
    from factsheet.source.document import Document, KeyPath

Gravity = Literal["error", "warning", "info"]
FindingId = Literal["HW001", "HW101", "HW201", "HW202", "HW301", "HW302", "HW303"]

WHAT = {
    "HW001": "the text is not read safely and in one way only",
    "HW101": "the text does not have the form of a profile",
    "HW201": "no chip can do this",
    "HW202": "two figures contradict each other",
    "HW301": "what every estimate needs can not be derived",
    "HW302": "some estimates can not be derived",
    "HW303": "figures are quoted elsewhere and not read at their source",
}
"""Every id with what it stands for. Ids are part of the interface and are never reused."""


class ProfileFinding(NamedTuple):
    """One finding."""

    id: FindingId
    severity: Gravity
    problem: Problem


def finding(
    document: Document,
    id_: FindingId,
    severity: Gravity,
    path: KeyPath,
    code: str,
    words: tuple[str, str, str],
    related: tuple[tuple[str, KeyPath], ...] = (),
) -> ProfileFinding:
    """A finding at a path.

    Args:
        document: the profile's text.
        id_: a key of `WHAT`.
        severity: how grave it is.
        path: where.
        code: the slug of the finding.
        words: what is wrong, why that matters, how to mend it.
        related: further places, each with a few words about it.
    """
    places = tuple((label, document.locate(place)) for label, place in related)
    message, why, help_ = words
    span = document.locate(path, prefer_key=path[-1:] != ("value",))
    return ProfileFinding(
        id_,
        severity,
        Problem(code, message, why, help_, span, path, places),
    )
