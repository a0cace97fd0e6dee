"""Mark what a figure rests on: where it is from, and whether recomputation gives the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from factsheet.facts.section import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.verdict import Mark, Verdict

ProvenanceKind: TypeAlias = Source | Literal["estimated", "not stated"]
"""How a figure came about. What a model of the chip estimates is `derived` in a sheet; its note tells it apart."""
PROVENANCE_KINDS: tuple[ProvenanceKind, ...] = (*get_args(Source), "estimated", "not stated")

SYMBOLS: dict[Mark, str] = {"agrees": "✓", "within tolerance": "≈", "differs": "✗", "not recomputed": "○"}
"""Shapes that differ without colour; none of them has a coloured form in common fonts."""
CHECK_WORDS: dict[Mark, str] = {
    "agrees": "recomputation agrees",
    "within tolerance": "recomputation differs by no more than the sheet accepts",
    "differs": "recomputation differs",
    "not recomputed": "not recomputed",
}


@dataclass(frozen=True, slots=True)
class FactProvenance:
    """How a figure came about, in words, and its references (numbers of the page's list)."""

    words: str
    references: tuple[int, ...] = ()
    kind: ProvenanceKind = "not stated"

    @property
    def text(self) -> str:
        """E.g. `cited, ref. 3`."""
        return ", ".join((self.words, *(f"ref. {number}" for number in self.references)))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether recomputation gives the same.

    Attributes:
        verdict: how the claim compares with the recomputed value.
        working: number of the page's working that shows how; `None` where the page has none.
    """

    verdict: Verdict
    words: str
    working: int | None = None

    @property
    def check(self) -> Mark:
        """The verdict as one of the marks."""
        return self.verdict.mark


@dataclass(frozen=True, slots=True)
class FactMark:
    """FactProvenance and check of a figure, for one glance."""

    provenance: ProvenanceKind
    check: Mark

    @property
    def symbol(self) -> str:
        """A sign for the check."""
        return SYMBOLS[self.check]

    @property
    def words(self) -> str:
        """Both in words, for those who do not see the sign."""
        origin = "origin not stated" if self.provenance == "not stated" else self.provenance
        return f"{origin}; {CHECK_WORDS[self.check]}"


def mark_of(provenance: FactProvenance, agreement: Agreement | None) -> FactMark:
    """Return the mark of one figure."""
    return FactMark(provenance.kind, "not recomputed" if agreement is None else agreement.check)


def weakest(marks: tuple[FactMark, ...]) -> FactMark | None:
    """Return one mark for several figures: a check that differs counts most, then one within a tolerance."""
    if not marks:
        return None
    order: tuple[Mark, ...] = ("differs", "within tolerance", "agrees", "not recomputed")
    kinds = {mark.provenance for mark in marks}
    kind: ProvenanceKind = kinds.pop() if len(kinds) == 1 else "not stated"
    return FactMark(kind, min((mark.check for mark in marks), key=order.index))


def unsigned_note(cells: Iterable[str], ticked: str = "") -> str:
    """Return what the signs in a table's cells leave unsaid; empty where there is none.

    Args:
        cells: those of the table.
        ticked: what the sign for agreement says in this table, as a sentence.
    """
    signs = tuple(sign for mark, sign in SYMBOLS.items() if mark != "not recomputed")
    used = [cell[-1] for cell in cells if cell.endswith(signs)]
    if not used:
        return ""
    said = ticked if SYMBOLS["agrees"] in used else ""
    return f"{said} Figures without a sign were not recomputed.".strip()


def derived_text(fact: DerivedFact | None) -> str | None:
    """Return the recomputed value as text; `None` where there is none."""
    return None if fact is None or not fact.text else fact.text


def in_short(compared: Iterable[Agreement | None]) -> str | None:
    """Return one phrase for several figures: that all agree, or what the first that does not comes to."""
    asked = tuple(compared)
    found = [entry for entry in asked if entry is not None]
    for mark in ("differs", "within tolerance"):
        words = next((entry.words for entry in found if entry.check == mark), None)
        if words is not None:
            return words
    reach = "" if len(found) == len(asked) else f" on {len(found)} of {len(asked)} figures"
    return f"recomputation agrees{reach}" if found else None


def agreement(fact: DerivedFact | None, working: int | None = None) -> Agreement | None:
    """Return how a claim compares with its recomputation; `None` where nothing was compared.

    Args:
        fact: the recomputed figure.
        working: number of the page's working for it.
    """
    if fact is None or fact.verdict.fits is None or not fact.text:
        return None
    return Agreement(fact.verdict, fact.verdict.sentence(fact.text), working)
