"""Whether recomputation agrees with what a sheet claims, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from factsheet.views.page import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Recomputed(Protocol):
    """A derived fact, as far as a page needs it; those of `factsheet.derive` fit."""

    @property
    def path(self) -> str:
        """The field that it speaks of."""

    @property
    def text(self) -> str:
        """What recomputation gives, for people; empty where nothing can be derived."""

    @property
    def verdict(self) -> str:
        """`agree`, `rounds_to`, `within`, `differs_by`, `unclaimed` or `not_derivable`."""

    @property
    def relative_difference(self) -> float | None:
        """(derived - claimed) / |claimed|; `None` without a claim."""


class Recomputation(Protocol):
    """All derived facts of a sheet."""

    @property
    def facts(self) -> Sequence[Recomputed]:
        """One for each field that could be looked at."""


_WORDS = {
    "agree": "recomputed: the same",
    "rounds_to": "recomputed: {value}, which rounds to this",
    "within": "recomputed: {value}, within what this allows",
    "differs_by": "recomputed: {value}, which differs{by}",
}


def derived_text(fact: Recomputed | None) -> str | None:
    """The recomputed value as text; `None` where there is none."""
    return None if fact is None or not fact.text else fact.text


def in_short(compared: Iterable[Agreement | None]) -> str | None:
    """One phrase for several figures: that all agree, or what the first that does not comes to."""
    found = [entry for entry in compared if entry is not None]
    differing = next((entry.words for entry in found if entry.verdict == "differs_by"), None)
    return differing or ("recomputation agrees" if found else None)


def agreement(fact: Recomputed | None) -> Agreement | None:
    """How a claim compares with its recomputation; `None` where nothing was compared."""
    if fact is None or fact.verdict not in _WORDS or not fact.text:
        return None
    change = fact.relative_difference
    by = "" if change is None else f" ({change:+.1%})".replace("-", "−").replace("%", " %")
    return Agreement(fact.verdict, _WORDS[fact.verdict].format(value=fact.text, by=by))
