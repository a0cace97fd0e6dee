"""What the model of the memory devices in an analog configuration means for a sheet."""

from __future__ import annotations

from typing import Any

from factsheet.authoring.importing.analog.settings import Answer, Leave, Settings, Take
from factsheet.authoring.importing.analog.values import Node

_PCM_MODELS = frozenset({"PCMLikeNoiseModel"})
DEVICES = {
    "PCMLikeNoiseModel": "phase-change memory (PCM)",
    "CustomDriftPCMLikeNoiseModel": "phase-change memory (PCM)",
    "HermesNoiseModel": "phase-change memory (PCM)",
    "ReRamWan2022NoiseModel": "resistive memory (ReRAM)",
    "ReRamCMONoiseModel": "resistive memory (ReRAM)",
}
_COMPENSATIONS = {
    "GlobalDriftCompensation": "global",
    "GlobalDriftCompensationWithExactReference": "global, with an exact reference",
    "PerColumnDriftCompensation": "per column",
}


def _model_name(settings: Settings) -> str:
    model = settings["noise_model"]
    return model.cls if isinstance(model, Node) else ""


def named(table: dict[str, str]) -> Any:
    """Return what looks the model of the devices up in a table."""

    def make(settings: Settings) -> Answer:
        name = _model_name(settings)
        return Take(table[name]) if name in table else None

    return make


def model(settings: Settings) -> Answer:
    """Name the model of the devices."""
    name = _model_name(settings)
    return Take(name) if name else None


def g_max(settings: Settings) -> Answer:
    """Give the largest conductance."""
    if _model_name(settings) not in DEVICES:
        return None
    stated = next(
        (
            settings[key]
            for key in ("noise_model.g_converter.g_max", "g_max")
            if settings.get(key) is not None
        ),
        None,
    )
    note = "" if stated is not None else "Default of its converter of conductances in aihwkit 1.2.0."
    return Take(f"{25.0 if stated is None else stated:g} µS", note)


def pairs(settings: Settings) -> Answer:
    """Give the pairs of conductances that hold a weight."""
    converter = settings["g_converter"]
    if _model_name(settings) not in _PCM_MODELS:
        return None
    if converter is None:
        return Take(1, "SinglePairConductanceConverter, the default of aihwkit 1.2.0.")
    name = converter.cls if isinstance(converter, Node) else ""
    pairs = {"SinglePairConductanceConverter": 1, "DualPairConductanceConverter": 2}.get(name)
    return (
        Take(pairs, f"{name}.") if pairs else Leave(f"`{name}` is no converter of conductances that is known")
    )


def drift_exponent(settings: Settings) -> Answer:
    """Give the drift exponent: PCMLikeNoiseModel clamps its mean to 0.049 to 0.1 (`inference/noise/pcm.py`)."""
    if _model_name(settings) not in _PCM_MODELS:
        return None
    scale = settings["drift_scale"]
    if not isinstance(scale, int | float):
        return None
    note = "Mean over devices, by their conductance (PCMLikeNoiseModel); the model is of inference."
    return Take(f"{0.049 * scale:g} to {0.1 * scale:g}" if scale else "0", note)


def number(name: str, unit: str = "") -> Any:
    """Return what gives a number as it is, with its unit."""

    def make(settings: Settings) -> Answer:
        value = settings[name]
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        return Take(f"{value:g} {unit}" if unit else value)

    return make


def compensation(settings: Settings) -> Answer:
    """Name the drift compensation; none is an answer."""
    compensation = settings["drift_compensation"]
    if isinstance(compensation, Node):
        return Take(_COMPENSATIONS.get(compensation.cls, compensation.cls))
    return Take("none") if settings["noise_model"] is not None else None
