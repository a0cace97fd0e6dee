"""The roles that `--role` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.cli.exits import Stop
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
            from difflib import get_close_matches  # only for a role that does not exist

            close = get_close_matches(role, ROLE_NAMES, 1)
            hint = f"did you mean `{close[0]}`? " if close else ""
            raise Stop(
                f"factsheet: --role {role[:60]}: there is no such role\n"
                f"  {hint}The roles are {', '.join(ROLE_NAMES)}; `all` means every one."
            )
    return tuple(role for role in ROLE_NAMES if role in named)
