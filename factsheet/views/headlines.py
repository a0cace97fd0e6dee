"""The few facts that open a page: each one line, put together from what the sheet answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.agreement import derived_text
from factsheet.views.energy import energy_of_a_million
from factsheet.views.headline_scores import accuracy, spread
from factsheet.views.headline_simple import (
    NOT_ANSWERED,
    all_of,
    answered,
    first_of,
    headline,
    standing_in_short,
    why_not,
)
from factsheet.views.page import Headline
from factsheet.views.point_table import POINTS, point_name, points_of

if TYPE_CHECKING:
    from factsheet.views.headline_simple import Maker
    from factsheet.views.material import Material
    from factsheet.views.view import HeadlineKey


def headlines(material: Material) -> tuple[Headline, ...]:
    """The headlines of the view, in its order; those that the sheet has nothing on say so."""
    made = (_MAKERS[key](material) for key in material.view.headlines)
    return tuple(headline for headline in made if headline is not None)


def _run(material: Material) -> Headline | None:
    """What a run takes: of the first operating point, as everything there holds together."""
    points = points_of(material)
    names = (("total_ops", "{}"), ("analog_ops", "{} of them on analog tiles"), ("execution_time", "in {}"))
    rows = [(words, answered(material, f"{POINTS}0].{name}")) for name, words in names]
    found = [(words, row) for words, row in rows if row is not None]
    if not points or not found:
        return all_of("One run", "performance.classification_time")(material)
    text = ", ".join(words.format(row.answer) for words, row in found)
    return headline("One run", f"{text}, at {point_name(points[0])}", (row for _, row in found))


def _time(material: Material) -> Headline | None:
    """Time of the first operating point that has one, else the classification time."""
    for index, point in enumerate(points_of(material)):
        row = answered(material, f"{POINTS}{index}].execution_time")
        if row is not None:
            return headline("Prediction time", f"{row.answer}, at {point_name(point)}", [row])
    return all_of("Prediction time", "performance.classification_time")(material)


def _arrays(material: Material) -> Headline:
    rows, cols, tiles = (
        answered(material, f"parameters.{name}") for name in ("tile.rows", "tile.cols", "tiles")
    )
    worked_out = derived_text(material.recomputed.get("parameters.tiles"))
    if tiles is not None:
        number = f"{tiles.answer.removesuffix(' tiles')} tiles"
    elif worked_out is not None:
        number = f"number of tiles {why_not(material, 'parameters.tiles')} (recomputed: {worked_out})"
    else:
        number = f"number of tiles {why_not(material, 'parameters.tiles')}"
    size = (
        f"{rows.answer} × {cols.answer} weights a tile" if rows and cols else f"size of a tile {NOT_ANSWERED}"
    )
    return headline("Arrays", f"{size}; {number}", (row for row in (rows, cols, tiles) if row))


def _noise(material: Material) -> Headline | None:
    names = {
        "weight_noise": "weights",
        "read_noise": "read-out",
        "adc_noise": "output",
        "input_noise": "input",
    }
    rows = [(words, answered(material, f"hwa_training.{name}")) for name, words in names.items()]
    found = [(words, row) for words, row in rows if row is not None]
    if not found:
        return None
    relative = {row.relative_to for _, row in found}
    same = relative.pop() if len(relative) == 1 else None
    shown = ", ".join(f"{words} {row.paragraphs[0] if same else row.answer}" for words, row in found)
    text = f"{shown}{f' ({same})' if same else ''}"
    return headline("Noise trained with", text, (row for _, row in found))


def _data(material: Material) -> Headline:
    """What it was trained on, and whether it was tested on the same."""
    training, test = (answered(material, f"{side}.name") for side in ("training_data", "test_data"))
    if training is None:
        return Headline("Trained and tested on", why_not(material, "training_data.name"), None)
    text = training.answer
    count, size = (answered(material, f"training_data.{name}") for name in ("task_count", "size"))
    if count is not None:
        text += f" ({count.answer} tasks{f', {size.answer} examples a task' if size else ''})"
    if test is not None:
        same = test.answer == training.answer
        text += ", for training and tests alike" if same else f"; tested on {test.answer}"
    if answered(material, "test_data.split") is None:
        text += "; which split was tested on is not stated"
    return Headline("Trained and tested on", text, standing_in_short([training]))


def _papers(material: Material) -> Headline:
    count = len(material.sheet.references or ())
    text = f"{count} references, with links, at the end of this page" if count else "no references given"
    return Headline("To read on", text, None)


def _energy(material: Material) -> Headline | None:
    row = energy_of_a_million(material)
    if row is None:
        return all_of("Energy of an answer", "performance.energy_per_inference")(material)
    return headline("Energy of a million answers", row.answer, [row])


_MAKERS: dict[HeadlineKey, Maker] = {
    "accuracy": accuracy,
    "applications": all_of("What it does", "purpose.applications"),
    "arrays": _arrays,
    "benefits": all_of("Why analog hardware", "purpose.benefits"),
    "data": _data,
    "efficiency": all_of("Energy efficiency", "performance.energy_efficiency"),
    "energy_of_a_million": _energy,
    "maturity": all_of("State of the hardware", "hardware.inference.maturity"),
    "noise": _noise,
    "non_idealities": all_of("Non-idealities trained for", "hwa_training.non_idealities"),
    "papers": _papers,
    "power_and_area": all_of("Chip", "parameters.power", "parameters.area"),
    "refresh": all_of("Weights programmed again after", "performance.refresh_interval"),
    "robustness": first_of("Robustness", "robustness.summary", "robustness.noise", "robustness.drift"),
    "run": _run,
    "setup": all_of("How to run it", "setup.instructions"),
    "size": all_of("Parameters", "parameters.parameters"),
    "spread": spread,
    "terms": all_of("Licence", "overview.licence"),
    "tested_where": first_of(
        "Measured or simulated", "inference_methodology.evaluation", "hardware.inference.evaluation_system"
    ),
    "time": _time,
}
