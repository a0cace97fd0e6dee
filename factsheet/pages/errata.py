"""Find the errata of the source that affect a figure or a table, so that they are shown wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.pages.inputs import PageInputs
    from factsheet.sheet.references import Erratum


def errata_on(inputs: PageInputs, *paths: str) -> Iterator[Erratum]:
    """Yield the errata on these fields, and on what the fields are made of."""
    for erratum in inputs.sheet.errata or ():
        if any(_concerns(erratum, path) for path in paths):
            yield erratum


def erratum_text(erratum: Erratum) -> str:
    """Return an erratum in a sentence or two; never cut, as the consequence is often the last sentence."""
    reading = "" if erratum.reading is None else f" Read as: {erratum.reading}"
    return " ".join(f"{erratum.problem}{reading}".split())


def _concerns(erratum: Erratum, path: str) -> bool:
    """Return whether an erratum is about a field, about what holds it, or unsettled about a part of it.

    One that says how the sheet reads its field settles it for whatever is made from that field.
    """
    at = erratum.at
    if at == path or path.startswith((f"{at}.", f"{at}[")):
        return True
    if erratum.reading is not None:
        return False
    whole = path.partition(".averages.")[0] if ".averages." in path else path
    if not at.startswith((f"{whole}.", f"{whole}[")):
        return False
    return whole == path or ".scores." in at or at.endswith(".scores")
