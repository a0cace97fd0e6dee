"""The roles that `--role` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.cli.exits import Stop, did_you_mean
from factsheet.sheet.roles import ROLE_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.sheet.roles import RoleName


def named_roles(values: Sequence[str] | None) -> tuple[RoleName, ...]:
    """The roles named, in the study's order; `all` means every one, and commas part several in one value.

    Raises:
        Stop: there is no such role.
    """
    named = [part.strip() for value in values or () for part in value.split(",") if part.strip()]
    if "all" in named:
        return ROLE_NAMES
    for role in named:
        if role not in ROLE_NAMES:
            raise Stop(
                f"factsheet: --role {role[:60]}: there is no such role\n"
                f"  {did_you_mean(role, ROLE_NAMES)}The roles are {', '.join(ROLE_NAMES)}; `all` means every one."
            )
    return tuple(role for role in ROLE_NAMES if role in named)
