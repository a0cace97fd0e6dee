"""Whether recomputation agrees with what a sheet claims, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from factsheet.pages.marks import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from factsheet.pages.layers import LayerLike
    from factsheet.recompute.verdict import Verdict


class Recomputed(Protocol):
    """A derived fact, as far as a page needs it; those of `factsheet.derive` fit."""

    @property
    def path(self) -> str:
        """The field that it speaks of."""

    @property
    def text(self) -> str:
        """What recomputation gives, for people; empty where nothing can be derived."""

    @property
    def verdict(self) -> Verdict:
        """How the claim compares with it."""

    @property
    def relative_difference(self) -> float | None:
        """(derived - claimed) / |claimed|; `None` without a claim."""

    @property
    def formula(self) -> str:
        """How it is derived, in one line."""

    @property
    def inputs(self) -> Sequence[RecomputedInput]:
        """What went in."""

    @property
    def steps(self) -> Sequence[str]:
        """The arithmetic, line by line."""

    @property
    def note(self) -> str:
        """What a reader must know with it."""


class RecomputedInput(Protocol):
    """One number that entered a recomputation."""

    @property
    def name(self) -> str:
        """What it is."""

    @property
    def text(self) -> str:
        """As written in the sheet, or as derived."""

    @property
    def source(self) -> str:
        """Path in the sheet, or where else it is from."""


class RecomputedTotals(Protocol):
    """Sums over the network."""

    @property
    def analog_ops(self) -> int | None:
        """On tiles, of one run of the batch."""

    @property
    def digital_ops(self) -> int | None:
        """Beside them, of one run of the batch."""


class RecomputedPoint(Protocol):
    """The operating point that all of it holds at."""

    @property
    def seq_len(self) -> int | None:
        """Tokens of a sequence."""

    @property
    def batch(self) -> int | None:
        """Sequences run together."""


class PageRecomputation(Protocol):
    """All that was derived from a sheet; what `factsheet.derive` gives fits."""

    @property
    def facts(self) -> Sequence[Recomputed]:
        """One for each field that could be looked at."""

    @property
    def layers(self) -> Sequence[LayerLike]:
        """Every product with stored weights, in order of execution."""

    @property
    def totals(self) -> RecomputedTotals:
        """Sums over the network."""

    @property
    def point(self) -> RecomputedPoint:
        """Where all of it holds."""


def derived_text(fact: Recomputed | None) -> str | None:
    """The recomputed value as text; `None` where there is none."""
    return None if fact is None or not fact.text else fact.text


def in_short(compared: Iterable[Agreement | None]) -> str | None:
    """One phrase for several figures: that all agree, or what the first that does not comes to."""
    asked = tuple(compared)
    found = [entry for entry in asked if entry is not None]
    differing = next((entry.words for entry in found if entry.check == "differs"), None)
    reach = "" if len(found) == len(asked) else f" on {len(found)} of {len(asked)} figures"
    return differing or (f"recomputation agrees{reach}" if found else None)


def agreement(fact: Recomputed | None, working: int | None = None) -> Agreement | None:
    """How a claim compares with its recomputation; `None` where nothing was compared.

    Args:
        fact: the recomputed figure.
        working: number of the page's working for it.
    """
    if fact is None or fact.verdict.fits is None or not fact.text:
        return None
    return Agreement(fact.verdict, fact.verdict.sentence(fact.text), working)
