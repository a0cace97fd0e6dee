"""The hardware profile that figures were computed with: each of its figures with standing and source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.page import TableBlock

if TYPE_CHECKING:
    from factsheet.views.material import Material


def profile_table(material: Material) -> TableBlock | None:
    """The table; `None` where no profile was used."""
    profile = material.estimates.profile
    if profile is None or not profile.figures:
        return None
    return TableBlock(
        caption=f"Hardware profile: {profile.name}",
        header=("Figure", "Value", "Standing", "Source"),
        numeric=(1,),
        rows=tuple((found.name, found.value, found.standing, found.source) for found in profile.figures),
        standing="Figures of the chip that were computed, and not given by the sheet, rest on these.",
    )
