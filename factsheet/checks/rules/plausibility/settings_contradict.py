"""Two statements about converters, devices or noise contradict each other.

What it does: compares, for training and for inference, the steps of a converter with its bits: n bits have up to 2^n
steps, and more than half as many, or fewer bits would do. Compares the pairs of conductances that accuracy was
simulated with, two devices each, with the devices of a weight on the chip, for which tiles and energy are worked out.
Compares the pass in which one noise is applied with `hwa_training.noise_applied_in`, and
where biases were trained with where `model_architecture.layout` has them.

Why it matters: whoever trains or simulates the model again can follow only one of the two.

Fails:
    hwa_training: {adc_bits: 8, adc_steps: 64}

Passes:
    hwa_training: {adc_bits: 8, adc_steps: 254}

How to fix: correct the statement that is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.checks.rules.plausibility.stated import stated
from factsheet.facts.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields

_HELP = "correct the statement that is wrong"
_SECTIONS = ("hwa_training", "inference_methodology")


def _check(context: RuleContext) -> Iterator[Finding]:
    yield from _steps(context.sheet)
    yield from _pairs(context.sheet)
    yield from _passes(context.sheet)
    yield from _biases(context.sheet)


def _steps(sheet: SheetFields) -> Iterator[Finding]:
    for section in _SECTIONS:
        for side in ("dac", "adc"):
            bits, steps = stated(sheet, f"{section}.{side}_bits"), stated(sheet, f"{section}.{side}_steps")
            if bits is None or steps is None:
                continue
            most = 2.0**bits.meant.high
            if steps.meant.low > most or steps.meant.high <= most / 2:
                yield Finding(
                    steps.path,
                    f"{steps.words} steps are not those of {bits.words} bits: {most / 2 + 1:,.0f} to {most:,.0f}",
                    _HELP,
                    related=((bits.path, f"{bits.words} bits"),),
                )


def _pairs(sheet: SheetFields) -> Iterator[Finding]:
    words = cells_that_differ(sheet)
    if words:
        yield Finding(
            ("inference_methodology", "devices", "pairs"),
            words,
            "correct the statement that is wrong; if accuracy was simulated on other cells than the chip has, ignore"
            " this finding in a comment that says so",
            related=((("parameters", "tile", "devices_per_weight"), "the cells of the chip"),),
        )


def cells_that_differ(sheet: SheetFields) -> str:
    """Say that accuracy is of other cells than energy and devices are worked out for; empty where it is not."""
    values = sheet.inference_methodology and sheet.inference_methodology.devices
    tile = sheet.parameters and sheet.parameters.tile
    pairs = values.pairs.whole if values and values.pairs else None
    devices = tile.devices_per_weight.whole if tile and tile.devices_per_weight else None
    if not pairs or not devices or 2 * pairs == devices:
        return ""
    one = f"{pairs} {'pair' if pairs == 1 else 'pairs'} of conductances, which are {2 * pairs} devices"
    return f"accuracy is of weights held by {one}, and figures of the chip are of {devices} devices a weight"


def _passes(sheet: SheetFields) -> Iterator[Finding]:
    training = sheet.hwa_training
    said = None if training is None or training.noise_applied_in is None else training.noise_applied_in.text
    if training is None or said is None:
        return
    of_each: list[tuple[str, str]] = [
        (name, fact.applied_in)
        for name, fact in vars(training).items()
        if isinstance(fact, Fact) and fact.applied_in is not None
    ]
    here = ((("hwa_training", "noise_applied_in"), said),)
    for name, applied in of_each:
        if "backward" in applied and "backward" not in said:
            yield Finding(
                ("hwa_training", name, "applied_in"),
                f"`{name}` acts in the {applied}, and noise is said to be applied in the {said}",
                _HELP,
                related=here,
            )


def _biases(sheet: SheetFields) -> Iterator[Finding]:
    trained = None if sheet.hwa_training is None else sheet.hwa_training.biases
    layout = None if sheet.model_architecture is None else sheet.model_architecture.layout
    placed = None if layout is None else layout.biases
    if trained is None or placed is None or None in (trained.text, placed.text):
        return
    if trained.text != placed.text:
        yield Finding(
            ("hwa_training", "biases"),
            f"biases were trained as `{trained.text}`, and the layout has them `{placed.text}`",
            _HELP,
            related=((("model_architecture", "layout", "biases"), f"`{placed.text}` here"),),
        )


RULE = Rule(
    "FS257",
    "settings-contradict",
    "warning",
    "whoever trains or simulates the model again can follow only one of the two",
    _check,
)
