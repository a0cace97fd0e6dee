"""`factsheet render`: the sheet as a page for one role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.cli.exits import Stop, did_you_mean
from factsheet.cli.opened import deliver, open_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.derive import Derivation
    from factsheet.sheet.model import FactSheet


def render(sheet: str | None, *, role: str, output: Path | None) -> int:
    """Write the page of a role as Markdown.

    Raises:
        Stop: an unknown role, or a sheet that can not be read.
    """
    from factsheet.render import render_markdown  # start-up: `validate` does without
    from factsheet.views import VIEW_NAMES, build_page

    if role not in VIEW_NAMES:
        raise Stop(
            f"factsheet: --role {role[:60]}: there is no such view\n"
            f"  {did_you_mean(role, VIEW_NAMES)}The views are {', '.join(VIEW_NAMES)}; `full` shows everything."
        )
    _, factsheet = open_sheet(sheet)
    page = build_page(factsheet, role, derivation=_derivation(factsheet))
    return deliver(render_markdown(page), output)


def _derivation(sheet: FactSheet) -> Derivation | None:
    """What can be recomputed, for the page's verdicts; `None` where the sheet states no operating point."""
    from factsheet.derive import DeriveError, derive
    from factsheet.workload import WorkloadError

    try:
        return derive(sheet)
    except (DeriveError, WorkloadError):
        return None
