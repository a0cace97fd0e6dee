"""What a model of the chip gives, beside what the sheet says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.page import Note, TableBlock

if TYPE_CHECKING:
    from factsheet.views.material import Material

_NOTHING = "–"
_RESTS = (
    "the weakest of the figures of the chip that went in: published, where it was read at its source; quoted by "
    "others; inferred by arithmetic on published ones; or fitted, so that a known figure comes out right."
)
_STANDINGS = {
    "published": "published",
    "secondary": "quoted",
    "inferred": "inferred",
    "fitted": "fitted",
}


def chip_table(material: Material) -> TableBlock | None:
    """The table; `None` where nothing was estimated."""
    figures = material.estimates.chip
    if not figures:
        return None
    fits: dict[str, list[str]] = {}
    for found in figures:
        for target in found.fitted_to:
            fits.setdefault(target, []).append(found.label)
    profile = "" if material.estimates.profile is None else f": {material.estimates.profile.name}"
    return TableBlock(
        caption=f"The chip, by a model of it{profile}",
        header=("Figure", "The sheet says", "The model gives", "Difference", "Rests on"),
        numeric=(1, 2, 3),
        rows=tuple(
            (
                found.label,
                found.claimed or _NOTHING,
                found.value,
                found.difference or _NOTHING,
                _STANDINGS["fitted" if found.fitted_to else found.standing],
            )
            for found in figures
        ),
        standing="Estimated, not measured: equations and their errors on published chips are in the documentation.",
        notes=(
            Note("Rests on", _RESTS),
            *(Note(f"Fitted to {target}", f"{', '.join(labels)}.") for target, labels in fits.items()),
        ),
    )
