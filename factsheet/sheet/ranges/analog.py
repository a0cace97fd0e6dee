"""Ranges of noise, bounds, converters and memory devices."""

from __future__ import annotations

from factsheet.facts.ranges import Usual, above, at_least, between

_SURVEY = "the survey of 106 designs by Shanbhag and Roy (CICC 2022)"
_UNSTATED = ("", "not stated")

NOISE = at_least(
    0,
    "a standard deviation is not negative",
    Usual(
        0,
        1e-4,
        "phase-change devices end at 25 µS (Nandakumar et al. 2019), so do most others below 200 µS",
        "conductance",
    ),
    Usual(
        0,
        0.5,
        "3.8 % of the largest weight (Joshi et al. 2020), 2 to 12 % (Rasch et al. 2023); at one half, little of the "
        "signal is left",
        relative_to=("w_max", "g_max", "input_bound", "output_bound"),
    ),
    Usual(
        0,
        5,
        "noise of five times the spread of the values leaves nothing of them",
        relative_to=("weight_std", "input_std", "output_std"),
    ),
    Usual(
        0,
        20,
        "a model of a device is stressed with a few times its published noise",
        relative_to=("device_model",),
    ),
    Usual(0, 1000, "in the units of the values themselves", relative_to=("absolute",)),
    Usual(
        0,
        3,
        "0.0175 to 1.0 in the published sheet of BERT-base; above, little of the signal is left, whatever it is "
        "relative to",
        relative_to=_UNSTATED,
    ),
)
BOUND = above(
    0,
    "a bound of 0 lets nothing through",
    Usual(0, 1e-2, "currents and conductances of a column of devices", "conductance"),
    Usual(
        0.1,
        100,
        "three to four times the spread are common",
        relative_to=("input_std", "output_std", "weight_std"),
    ),
    Usual(1e-6, 1e6, "in the units of the values themselves", relative_to=("absolute",)),
    Usual(1e-3, 1000, "1.0 for inputs and 10 to 20 largest weights for outputs (presets of aihwkit)"),
)
CONVERTER_BITS = between(
    1,
    32,
    "a converter has a bit at least, and none has more than 32 (delta-sigma converters for slow signals)",
    Usual(1, 16, f"1 to 16 bits of inputs, and of outputs in all but a few designs, in {_SURVEY}"),
)
DRIFT_EXPONENT = between(
    -10,
    10,
    "with an exponent of 10, nothing is left of a conductance when the time doubles",
    Usual(-0.1, 0.3, "0.049 to 0.1 for phase-change memory (Joshi et al. 2020), less for most other devices"),
)
SAMPLING_ERROR = at_least(
    0, "a standard error is not negative", Usual(0, 0.5, "less than half the scale of a share")
)
SHARE = between(0, 1, "it is a share: of all of something, or of none")
STEPS_OF_CONVERTER = between(
    1,
    2**32,
    "a converter of 32 bits, the finest there is, has 2^32 steps",
    Usual(1, 2**16, "converters of 1 to 16 bits"),
)
SCALE = at_least(
    0, "a factor on a standard deviation is not negative", Usual(0, 100, "1 for the model as published")
)
CONDUCTANCE = above(
    0,
    "a device that conducts has a conductance",
    Usual(1e-9, 1e-2, "25 µS for phase-change memory (Nandakumar et al. 2019), up to some mS for others"),
)
LEAST_CONDUCTANCE = at_least(
    0, "a conductance is not negative", Usual(0, 1e-3, "0.1 to 10 µS for most devices")
)
REFERENCE_TIME = above(
    0,
    "drift is counted from some time after programming",
    Usual(1e-9, 86_400, "20 to 60 s after programming"),
)
CONDUCTANCE_PAIRS = at_least(
    1,
    "a weight is held by one pair at least",
    Usual(1, 32, "one or two pairs are common, some designs have more"),
)
RESISTANCE = at_least(
    0, "a wire does not amplify", Usual(0, 1e4, "1 to 10 ohm a cell in most models of wires")
)
