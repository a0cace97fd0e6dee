"""Lay out where efficiencies and densities stand among published designs: for `derive`, for `hardware list --field`."""

from __future__ import annotations

import io
from statistics import median
from typing import TYPE_CHECKING

from factsheet.cli.terminal import console_for, grid_of, print_grid, print_text, text_of
from factsheet.hardware.survey.designs import survey
from factsheet.hardware.survey.standing import (
    ALL_CLASSES,
    METRICS,
    UNITS_OF_METRICS,
    best_points,
    one_bit_text,
    place_data,
)
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from factsheet.cli.hardware.hardware_check import Json
    from factsheet.hardware.survey.standing import FieldMetric
    from factsheet.recompute.comparisons.field_claims import ClaimInField


def field_lines(found: Sequence[ClaimInField]) -> Iterator[str]:
    """Yield lines on each figure: how it comes about, in operations of 1 bit, its place in each of its classes."""
    known = survey()
    yield f"\nAmong the {known.designs} designs of a survey (as of {known.date}), in operations of 1 bit"
    for one in found:
        claim = one.claim
        yield f"{dotted(one.path)}: {one.words}"
        yield f"  {claim.factor}: {claim.one_bit_words}"
        yield from (f"  {standing.words}" for standing in one.standings)
    for inputs, weights in dict.fromkeys((one.claim.inputs, one.claim.weights) for one in found):
        yield f"  bits of inputs: {inputs.words}; bits of weights: {weights.words}"


def field_table() -> str:
    """Return the survey by class, and the tiles of the profiles at their places in it, as text."""
    buffer = io.StringIO()
    console = console_for(buffer, to_file=False)
    known = survey()
    print_text(
        console,
        f"{known.designs} published designs, {len(known.points)} operating points, to {known.latest}: {known.title}\n"
        f"of {known.authors}, as of {known.date}: {known.source}\n{known.copyright} (MIT licence)\n",
    )
    for metric in METRICS:
        print_grid(console, _classes(metric))
        print_text(console, "")
    print_grid(console, _profiles())
    print_text(console, "Profiles that give neither figure of a tile have no place here.")
    for line in _READING:
        print_text(console, line)
    return text_of(buffer)


_READING = (
    "\nAll in operations of 1 bit: an operation counts as the bits of its input times the bits of its weight, so that",
    "1 TOPS/W with inputs and weights of 8 bits is 64 TOPS/W here. Where bits are not known, 1 to 8 are assumed.",
    "Macro: arrays with their converters. Processor: a chip with what a network needs besides. The survey has digital",
    "accelerators to compare with, not as completely, and no boards or systems. A design counts once in a class, with",
    "its best operating point. These are peaks: a network on a chip seldom reaches them.",
)


def _classes(metric: FieldMetric) -> Table:
    """Return the classes of the survey with the spread of a figure."""
    from rich.text import Text  # see `factsheet.cli.terminal`

    titles = (metric, "designs", "least", "median", f"best ({UNITS_OF_METRICS[metric]})", "the best is")
    grid = grid_of(*((title, "left" if title in {metric, titles[-1]} else "right") for title in titles))
    for within in ALL_CLASSES:
        ranked = best_points(metric, within)
        if ranked:
            values = [value for value, _ in ranked]
            numbers = (
                one_bit_text(value, metric).partition(" ")[0]
                for value in (values[0], median(values), values[-1])
            )
            grid.add_row(*map(Text, (within.words, str(len(ranked)), *numbers, ranked[-1][1].words)))
    return grid


def _profiles() -> Table:
    """Return the tiles of the profiles at their places."""
    from rich.text import Text  # see `factsheet.cli.terminal`

    from factsheet.hardware.profile import profile_names, profile_of
    from factsheet.hardware.survey.profile_claims import profile_in_field

    titles = ("tile of profile", "claims", "bits", "of 1 bit", "place")
    grid = grid_of(*((title, "left" if title in {titles[0], titles[-1]} else "right") for title in titles))
    for name in profile_names():
        for found in profile_in_field(profile_of(name)):
            claim = found.claim
            bits = f"{claim.inputs.text} × {claim.weights.text}"
            place = found.standings[0].words
            grid.add_row(*map(Text, (name, found.text, bits, claim.one_bit_words, place)))
    return grid


def field_data() -> Json:
    """Return the survey, its classes and the places of the profiles for JSON; values are in base units."""
    from factsheet.hardware.profile import profile_names, profile_of
    from factsheet.hardware.survey.profile_claims import profile_in_field

    known = survey()
    return {
        "schema": "factsheet.hardware.field/1",
        "survey": {
            "title": known.title,
            "authors": known.authors,
            "source": known.source,
            "date": known.date,
            "licence": "MIT",
            "copyright": known.copyright,
        },
        "points": [point._asdict() for point in known.points],
        "classes": [
            {
                "metric": metric,
                "class": within.words,
                "designs": len(ranked),
                "values": [value for value, _ in ranked],
            }
            for metric in METRICS
            for within in ALL_CLASSES
            if (ranked := best_points(metric, within))
        ],
        "profiles": [
            {"name": name, "text": found.text, **place_data(found.claim, found.standings)}
            for name in profile_names()
            for found in profile_in_field(profile_of(name))
        ],
    }
