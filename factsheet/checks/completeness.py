"""How far a sheet answers what a role needs to know: need by need and field by field, and no score.

A field that is said to be not applicable, not disclosed or not evaluated, with the reason, is answered, and counted
apart: its reader learns why, but not what.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.checks.answers import answer
from factsheet.sheet.needs import needs_of, whose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.checks.answers import SaidWhyNot
    from factsheet.sheet.fact import AbsenceKind
    from factsheet.sheet.model import FactSheet
    from factsheet.sheet.needs import RoleNeed
    from factsheet.sheet.roles import RoleName

Standing = Literal["answered", "answered in part", "said why not", "missing"]
STANDINGS: tuple[Standing, ...] = ("answered", "answered in part", "said why not", "missing")
"""`answered`: every core field has a value. `answered in part`: some field has one. `said why not`: none has, but the
sheet says why for at least one. `missing`: the sheet says nothing."""


class NeedStanding(NamedTuple):
    """How far one need is answered.

    Attributes:
        asked: the need, with who asked for it.
        why: who asked for it, in words, with the source.
        standing: the whole in a word.
        answered: core fields that have a value.
        why_not: core fields, or fields below them, that the sheet says it has no value for.
        missing: core fields that the sheet says nothing about.
    """

    asked: RoleNeed
    why: str
    standing: Standing
    answered: tuple[str, ...]
    why_not: tuple[SaidWhyNot, ...]
    missing: tuple[str, ...]

    @property
    def title(self) -> str:
        """The need's name for readers."""
        return self.asked.need.title


class RoleStanding(NamedTuple):
    """How far a sheet answers one role."""

    role: RoleName
    needs: tuple[NeedStanding, ...]

    def by_standing(self) -> Mapping[Standing, tuple[NeedStanding, ...]]:
        """The needs by how far they are answered, in the order of `STANDINGS`."""
        return {word: tuple(need for need in self.needs if need.standing == word) for word in STANDINGS}

    def why_not_by_kind(self) -> Mapping[AbsenceKind, int]:
        """How many fields the sheet says it has no value for, by kind; a field that two needs share counts once."""
        fields = {found.path: found.kind for need in self.needs for found in need.why_not}
        return Counter(fields.values())


def completeness(sheet: FactSheet, role: RoleName) -> RoleStanding:
    """How far a sheet answers a role's needs, the most widely shared first."""
    return RoleStanding(role, tuple(_need(sheet, role, asked) for asked in asked_by(role)))


@cache
def asked_by(role: RoleName) -> tuple[RoleNeed, ...]:
    """The needs of a role, worked out once for all sheets."""
    return needs_of(role)


def _need(sheet: FactSheet, role: RoleName, asked: RoleNeed) -> NeedStanding:
    core = [(field, answer(sheet, field)) for field in asked.need.core]
    answered = tuple(field for field, found in core if found.answered)
    why_not = tuple(said for _, found in core for said in found.why_not)
    missing = tuple(field for field, found in core if not found.told)
    return NeedStanding(
        asked, whose(role, asked), _standing(sheet, asked, answered, why_not), answered, why_not, missing
    )


def _standing(
    sheet: FactSheet, asked: RoleNeed, answered: tuple[str, ...], why_not: tuple[SaidWhyNot, ...]
) -> Standing:
    if answered:
        return "answered" if len(answered) == len(asked.need.core) else "answered in part"
    more = [answer(sheet, field) for field in asked.need.more]
    if any(found.answered for found in more):
        return "answered in part"
    return "said why not" if why_not or any(found.why_not for found in more) else "missing"
