"""A sheet's `hwa_training` as a recipe, and a recipe as plain data for a sheet.

Only what a training is configured by is taken and written; the section's prose and results are its author's. Values go
back as they were written, and answers that a recipe has been given since go into `relative_to`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from factsheet.crossbar.functional.training.recipe import (
    HwaRecipe,
    InputRangeLearning,
    Strength,
    TrainedDrift,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.functional.training.recipe import Each
    from factsheet.facts.fact import Fact
    from factsheet.sheet.training import DriftModel, HwaTraining, InputRange

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"
_FORWARD, _BOTH = "forward pass", "forward and backward pass"


def recipe_of(section: HwaTraining) -> HwaRecipe:
    """Read a section. What it leaves out, does not disclose or gives as prose is left open."""
    rate = None if section.learning_rate is None else section.learning_rate.quantity
    applied = None if section.noise_applied_in is None else section.noise_applied_in.text
    return HwaRecipe(
        weight_noise=_strength(section.weight_noise),
        read_noise=_strength(section.read_noise),
        adc_noise=_strength(section.adc_noise),
        input_noise=_strength(section.input_noise),
        input_bound=_strength(section.input_bound),
        output_bound=_strength(section.output_bound),
        dac_bits=None if section.dac_bits is None else section.dac_bits.whole,
        adc_bits=None if section.adc_bits is None else section.adc_bits.whole,
        drift=None if section.drift is None else _drift(section.drift),
        noise_in_backward=applied == _BOTH,
        learnt_input_bound=section.input_range is not None and _flag(section.input_range.learnt),
        input_range=None if section.input_range is None else _range(section.input_range),
        weight_clip=None if section.weight_clip is None else _strength(section.weight_clip.value),
        weight_bits=None if section.weight_bits is None else section.weight_bits.whole,
        drop_connect=_share(section.drop_connect),
        learnt_output_scales=_learnt_scales(section.output_scales),
        learning_rate=None
        if rate is None
        else (rate.low, rate.high)
        if rate.kind == "range"
        else (rate.value,) * 2,
        epochs=_count(section.epochs),
        batch_size=_count_in_prose(section.batch_size),
        optimiser=None if section.optimiser is None else section.optimiser.text,
        seeds=_count(section.seeds),
    )


def section_of(recipe: HwaRecipe, before: Mapping[str, Plain] | None = None) -> dict[str, Plain]:
    """Write a recipe as the plain data of a section.

    Args:
        recipe: what was trained with.
        before: the section as it is; what says the same as the recipe stays, and so does everything else in it.
    """
    from factsheet.sheet.load import read_factsheet  # builds the validator

    section: dict[str, Plain] = dict(before or {})
    sheet, _ = read_factsheet(
        {"factsheet": 1, "overview": {"name": "-", "model": "-"}, "hwa_training": section}
    )
    said = HwaRecipe() if sheet is None or sheet.hwa_training is None else recipe_of(sheet.hwa_training)
    fresh = _fresh(recipe)
    old = _fresh(said)
    for key in {**fresh, **old}:
        if fresh.get(key) == old.get(key) and (key in section or key not in fresh):
            continue
        if key not in fresh:
            section.pop(key, None)
        else:
            section[key] = _merged(section.get(key), fresh[key])
    return section


def _merged(old: Plain, new: Plain) -> Plain:
    """New answers over old ones; an author's note or reference beside them stays."""
    if isinstance(old, dict) and isinstance(new, dict):
        absent = {"not_disclosed", "not_evaluated", "not_applicable"}
        kept = {key: value for key, value in old.items() if key not in absent}
        there = kept.get("value")
        # A number stays one: `1.0`, not `"1.0"`.
        if str(getattr(there, "text", there)) == new.get("value"):
            new = {key: value for key, value in new.items() if key != "value"}
        return {**kept, **new}
    return new


def _fresh(recipe: HwaRecipe) -> dict[str, Plain]:
    """Write a recipe without a section to go back into."""
    found: dict[str, Plain] = {
        "noise_applied_in": _BOTH if recipe.noise_in_backward else _FORWARD,
    }
    if not recipe.strengths() and recipe.drift is None:
        del found["noise_applied_in"]
    for name, one in recipe.strengths().items():
        value: Plain = one.text or (f"{one.value * 1e6:g} µS" if one.siemens else one.value)
        stated: dict[str, Plain] = {"value": value, "relative_to": one.relative_to}
        if one.per:
            stated["per"] = one.per
        if name == "weight_clip":
            found[name] = {"value": stated}
        else:
            found[name] = value if one.siemens and not one.per else stated
    if recipe.learnt_input_bound or recipe.input_range is not None:
        learning: dict[str, Plain] = {"learnt": recipe.learnt_input_bound}
        if recipe.input_range is not None and recipe.input_range.batches:
            learning["batches"] = recipe.input_range.batches
        if recipe.input_range is not None and recipe.input_range.decay:
            learning["decay"] = recipe.input_range.decay
        found["input_range"] = learning
    if recipe.drift is not None:
        drift: dict[str, Plain] = {"device": recipe.drift.device, "model": recipe.drift.model}
        drift["exponent"] = recipe.drift.exponent
        found["drift"] = {key: value for key, value in drift.items() if value is not None}
    if recipe.learning_rate is not None:
        low, high = recipe.learning_rate
        found["learning_rate"] = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    plain: dict[str, Plain] = {
        "dac_bits": recipe.dac_bits,
        "adc_bits": recipe.adc_bits,
        "weight_bits": recipe.weight_bits,
        "drop_connect": None if recipe.drop_connect is None else f"{100 * recipe.drop_connect:g} %",
        "output_scales": f"learnt, per {recipe.learnt_output_scales}"
        if recipe.learnt_output_scales
        else None,
        "epochs": recipe.epochs,
        "batch_size": None if recipe.batch_size is None else str(recipe.batch_size),
        "optimiser": recipe.optimiser,
        "seeds": recipe.seeds,
    }
    return found | {key: value for key, value in plain.items() if value is not None}


def _strength(fact: Fact | None) -> Strength | None:
    quantity = None if fact is None else fact.quantity
    if fact is None or quantity is None or quantity.kind != "point":
        return None
    siemens = quantity.dimension == "conductance"
    per: Each = "channel" if fact.per in {"channel", "column"} else "tile" if fact.per == "tile" else ""
    return Strength(quantity.value, fact.relative_to or "not stated", siemens, quantity.text, per)


def _learnt_scales(fact: Fact | None) -> Literal["", "tile", "column"]:
    said = "" if fact is None else fact.text or ""
    return "column" if said == "learnt, per column" else "tile" if said == "learnt, per tile" else ""


def _flag(fact: Fact | None) -> bool:
    return fact is not None and fact.value is True


def _range(section: InputRange) -> InputRangeLearning | None:
    """Read how a range is learnt; where it starts is the recipe's `input_bound`."""
    batches = _count(section.batches) or 0
    decay = None if section.decay is None else section.decay.quantity
    found = InputRangeLearning(batches, 0.0 if decay is None else decay.value)
    return found if found != InputRangeLearning() else None


def _drift(model: DriftModel) -> TrainedDrift:
    device = None if model.device is None else model.device.text
    equation = None if model.model is None else model.model.text
    exponent = (
        None if model.exponent is None or model.exponent.quantity is None else model.exponent.quantity.text
    )
    return TrainedDrift(device, equation, exponent)


def _share(fact: Fact | None) -> float | None:
    quantity = None if fact is None else fact.quantity
    return quantity.value if quantity is not None and quantity.kind == "point" else None


def _count(fact: Fact | None) -> int | None:
    quantity = None if fact is None else fact.quantity
    return round(quantity.value) if quantity is not None and quantity.exact else None


def _count_in_prose(fact: Fact | None) -> int | None:
    text = "" if fact is None else fact.text or ""
    return int(text) if text.isdecimal() and int(text) > 0 else None
