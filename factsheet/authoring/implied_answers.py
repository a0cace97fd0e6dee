"""Answers in words that follow from the values beside them: a strength that is stated is a non-ideality that acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factsheet.authoring.found import Found
from factsheet.authoring.importing.reading import number_of
from factsheet.facts.fact import ABSENCES
from factsheet.source.editing import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TRAINED_AGAINST = (
    (("weight_noise",), "programming (weight) noise"),
    (("read_noise",), "read noise"),
    (("adc_noise",), "ADC (output) noise"),
    (("input_noise",), "input noise"),
    (("drift",), "conductance drift"),
    (("input_bound",), "input bound"),
    (("output_bound",), "output bound"),
    (("failing_devices",), "failing devices"),
)
"""Fields of hardware-aware training, each with the non-ideality that was trained against where it has a strength."""
_AT_INFERENCE = (
    (("devices", "programming_noise"), "programming noise"),
    (("devices", "programming_scale"), "programming noise"),
    (("devices", "read_noise"), "read noise"),
    (("devices", "read_scale"), "read noise"),
    (("devices", "drift_scale"), "conductance drift"),
    (("output_noise",), "ADC (output) noise"),
    (("input_noise",), "input noise"),
    (("wire_resistance",), "voltage drop along wires"),
    (("voltage_drop",), "voltage drop along wires"),
)
"""The same of inference. A drift exponent alone is a property of the device, which a run may leave out."""
_NO_COMPENSATION = frozenset({"none", "no"})


def implied_answers(data: Mapping[str, Any]) -> Iterator[Found]:
    """Yield what the values of a sheet say already of what is asked for in words, whether it is stated or not.

    Args:
        data: the sheet, as plain data.
    """
    for section, strengths in (("hwa_training", _TRAINED_AGAINST), ("inference_methodology", _AT_INFERENCE)):
        stated = data.get(section)
        acting = dict.fromkeys(words for path, words in strengths if _acts(value_at(stated, path)))
        if acting:
            note = "Those that a strength is stated for."
            yield Found((section, "non_idealities"), list(acting), section, "derived", note)
    inference = data.get("inference_methodology")
    method = _words(value_at(inference, ("drift_compensation",)))
    if method:
        corrected = (
            "Drift is not compensated."
            if method.casefold() in _NO_COMPENSATION
            else f"Drift: {method} compensation."
        )
        yield _said(
            "compensation", corrected, "From `drift_compensation`; the sources say nothing of temperature."
        )
    model = _words(value_at(inference, ("devices", "model")))
    if model and _acts(value_at(inference, ("devices", "programming_scale"))):
        scale = _words(value_at(inference, ("devices", "programming_scale")))
        words = f"Simulated: the programming noise of {model}, times {scale}."
        yield _said(
            "programming", words, "From `devices`; how devices are written is not part of that model."
        )
    device = _words(value_at(inference, ("devices", "device")))
    if device:
        place = ("hardware", "inference", "technology")
        yield Found(
            place,
            device,
            "inference_methodology.devices",
            "derived",
            "The device that inference is simulated with.",
        )


def _said(field: str, words: str, note: str) -> Found:
    return Found(("inference_methodology", field), words, "inference_methodology", "derived", note)


def _words(stated: Any) -> str:
    """Return a value as a text; empty where there is none."""
    value = stated.get("value") if isinstance(stated, dict) else stated
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def _acts(stated: Any) -> bool:
    """Return whether something has an effect: it has a value, and one that is not zero."""
    if isinstance(stated, dict):
        if any(kind in stated for kind in ABSENCES):
            return False
        stated = stated.get("value", True)
    number = number_of(str(stated).split(" ")[0].rstrip("%")) if stated not in (None, "") else 0
    return stated is not False and number != 0
