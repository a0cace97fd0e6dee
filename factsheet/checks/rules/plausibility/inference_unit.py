"""What one inference is does not fit the network, or the unit of a throughput.

What it does: compares `performance.inference_unit` with what the declared network takes, tokens or images, and with the
unit that throughputs are written in: images a second where one inference is a token or a sequence, or the other way
round. Tokens a second of a network whose inference is a sequence are another figure, and fine.

Why it matters: an energy per inference means something else for a token, for a sequence of 128 and for an image.

Fails:
    performance: {inference_unit: image, throughput: {value: 900 tokens/s, at: {batch: 1}}}

Passes:
    performance: {inference_unit: token, throughput: {value: 900 tokens/s, at: {batch: 1}}}

How to fix: correct `inference_unit`, or the unit of the throughput.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.networks.family import Family
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_TEXT = frozenset({"sequence", "token", "sentence"})
_PICTURES = frozenset({"image", "frame"})
_AT = ("performance", "inference_unit")


def _check(context: RuleContext) -> Iterator[Finding]:
    performance = context.sheet.performance
    unit = (
        None if performance is None or performance.inference_unit is None else performance.inference_unit.text
    )
    side = _side(unit or "")
    if unit is None or not side:
        return
    for path, fact in _throughputs(context.sheet):
        written = "" if fact.quantity is None else fact.quantity.unit
        if _side(written.partition("/")[0].lower().removesuffix("s")) == _other(side):
            yield Finding(
                path,
                f"it counts {written.partition('/')[0]}, and one inference is said to be one {unit}",
                "correct the unit, or what one inference is",
                related=((_AT, f"one inference is one {unit}"),),
            )
    family = _family(context.sheet)
    if family is not None and not _takes(context.sheet, family, side):
        yield Finding(
            _AT,
            f"one inference is said to be one {unit}, and the declared network takes "
            f"{'images' if family.images else 'tokens'}",
            "correct what one inference is, or the network",
            related=((("model_architecture", family.key), "declared here"),),
        )


def _side(word: str) -> frozenset[str]:
    return next((words for words in (_TEXT, _PICTURES) if word in words), frozenset())


def _other(side: frozenset[str]) -> frozenset[str]:
    return _PICTURES if side is _TEXT else _TEXT


def _takes(sheet: SheetFields, family: Family, side: frozenset[str]) -> bool:
    """Return whether a network takes such input; one that is not said to take the other may."""
    from factsheet.networks.declared import grows_with_tokens

    tokens = grows_with_tokens(sheet.model_architecture, family)
    return not (family.images if side is _TEXT else tokens) or (tokens if side is _TEXT else family.images)


def _throughputs(sheet: SheetFields) -> Iterator[tuple[KeyPath, Fact]]:
    performance, parameters = sheet.performance, sheet.parameters
    for name in ("throughput", "throughput_cpu", "throughput_gpu"):
        fact = getattr(performance, name, None)
        if fact is not None:
            yield ("performance", name), fact
    points = () if parameters is None else parameters.operating_points or ()
    for index, point in enumerate(points):
        if point.throughput is not None:
            yield ("parameters", "operating_points", index, "throughput"), point.throughput


def _family(sheet: SheetFields) -> Family | None:
    from factsheet.errors import WorkloadError  # start-up: few sheets say what an inference is
    from factsheet.networks.declared import declared_family

    try:
        return declared_family(sheet.model_architecture)
    except WorkloadError:
        return None  # FS308 reports that several networks are declared


RULE = Rule(
    "FS255",
    "inference-unit-mismatch",
    "warning",
    "an energy per inference means something else for a token, a sequence and an image",
    _check,
)
