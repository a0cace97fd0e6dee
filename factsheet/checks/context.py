"""What a rule sees: the sheet, its own options, and for whom and how far along the sheet is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.checks.rule import Option
    from factsheet.checks.settings import Stage
    from factsheet.sheet.model import FactSheet
    from factsheet.sheet.roles import RoleName


class Context(NamedTuple):
    """The input of a rule.

    Attributes:
        sheet: the sheet, possibly without the keys that the schema refused.
        options: the rule's own options, defaults filled in.
        roles: the roles whose needs are checked; empty for none in particular.
        stage: how complete the sheet has to be.
    """

    sheet: FactSheet
    options: Mapping[str, Option]
    roles: tuple[RoleName, ...] = ()
    stage: Stage | None = None
