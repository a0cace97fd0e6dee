"""The inference methodology: from programming the weights to an answer, and the devices and converters of it."""

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Items, Line, Measure, Prose, Whole
from factsheet.facts.section import Record, Section, ask
from factsheet.sheet.ranges.analog import (
    CONDUCTANCE,
    CONDUCTANCE_PAIRS,
    CONVERTER_BITS,
    DRIFT_EXPONENT,
    LEAST_CONDUCTANCE,
    REFERENCE_TIME,
    RESISTANCE,
    SCALE,
    STEPS_OF_CONVERTER,
)
from factsheet.sheet.ranges.chips import TEMPERATURE
from factsheet.sheet.training import Bound, Noise


class DeviceValues(Record):
    """The memory devices at inference: what they hold, how they are programmed, how noisy they are."""

    device: Annotated[Fact, Line()] | None = ask(
        "The device.", "Which memory device holds the weights at inference?", "phase-change memory (PCM)"
    )
    model: Annotated[Fact, Line()] | None = ask(
        "Name of the model that stands for it in a simulation.",
        "Which model stands for the memory device in a simulation of inference?",
        "PCMLikeNoiseModel",
    )
    g_max: Annotated[Fact, Measure("conductance", within=CONDUCTANCE)] | None = ask(
        "Largest conductance that is programmed.",
        "What is the largest conductance that is programmed, in µS?",
        "25 µS",
    )
    g_min: Annotated[Fact, Measure("conductance", within=LEAST_CONDUCTANCE)] | None = ask(
        "Smallest conductance that is programmed.",
        "What is the smallest conductance that is programmed, in µS?",
        "0.1 µS",
    )
    pairs: Annotated[Fact, Whole(within=CONDUCTANCE_PAIRS)] | None = ask(
        "Pairs of conductances that hold one weight.", "How many pairs of conductances hold one weight?", 1
    )
    programming_noise: Noise | None = ask(
        "Standard deviation of what is programmed.",
        "How strong is programming noise of a memory device at inference, relative to what?",
        {"value": "0.8 µS", "relative_to": "absolute"},
    )
    read_noise: Noise | None = ask(
        "Standard deviation of a read.",
        "How strong is read noise of a memory device at inference, relative to what?",
        {"value": 0.0088, "relative_to": "g_max"},
    )
    programming_scale: Annotated[Fact, Measure("number", within=SCALE)] | None = ask(
        "Factor on the model's programming noise.",
        "How many times the device model's programming noise is simulated at inference?",
        1.0,
    )
    read_scale: Annotated[Fact, Measure("number", within=SCALE)] | None = ask(
        "Factor on the model's read noise.",
        "How many times the device model's read noise is simulated at inference?",
        1.0,
    )
    drift_scale: Annotated[Fact, Measure("number", within=SCALE)] | None = ask(
        "Factor on the model's drift.",
        "How many times the device model's drift is simulated at inference?",
        1.0,
    )
    drift_exponent: Annotated[Fact, Measure("number", within=DRIFT_EXPONENT)] | None = ask(
        "Drift exponent ν.", "Which drift exponent ν have the memory devices at inference?", "0.049 to 0.1"
    )
    reference_time: Annotated[Fact, Measure("time", within=REFERENCE_TIME)] | None = ask(
        "Time after programming that drift is counted from (t₀).",
        "From which time after programming is drift counted (t₀)?",
        "20 s",
    )
    acceptance: Annotated[Fact, Measure("conductance", "ratio", within=SCALE)] | None = ask(
        "How far from its target a device may be when programming ends.",
        "How far from the target conductance may a memory device be when programming ends?",
        "0.2 µS",
    )


class InferenceMethodology(Section):
    """What happens between training and an answer: programming the weights, and keeping them right."""

    question: ClassVar[str] = "How does inference work on the analog hardware, and what keeps it accurate?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "Inference in words.",
        "How does inference work on the analog hardware, in words?",
        "Weights are programmed once, then read for every input.",
    )
    non_idealities: Annotated[Fact, Items()] | None = ask(
        "Effects that change weights or results on the chip.",
        "Which non-idealities of the chip change weights or results at inference?",
        ["programming noise", "read noise", "conductance drift", "temperature"],
    )
    depends_on: Annotated[Fact, Prose()] | None = ask(
        "What the strength of these effects depends on.",
        "What does the strength of the chip's non-idealities depend on?",
        "The distribution of weights.",
    )
    programming: Annotated[Fact, Prose()] | None = ask(
        "How weights are written to the devices.",
        "How are the weights written to the memory devices?",
        "Iterative program-and-verify.",
    )
    compensation: Annotated[Fact, Prose()] | None = ask(
        "What corrects for drift and temperature after programming.",
        "How are drift and temperature corrected for after programming?",
        "Global drift compensation: outputs are rescaled by a periodic calibration read-out.",
    )
    drift_compensation: Annotated[Fact, Line()] | None = ask(
        "Name of the method that corrects for drift; `none` is an answer.",
        "What is the name of the method that corrects for drift, or `none`?",
        "global",
    )
    devices: DeviceValues | None = ask(
        "The memory devices at inference.",
        "Which properties have the memory devices at inference: conductances, noise, drift?",
        {"g_max": "25 µS", "pairs": 1},
    )
    dac_bits: Annotated[Fact, Whole(within=CONVERTER_BITS)] | None = ask(
        "Resolution of the inputs at inference.", "How many bits have inputs at inference on the chip?", 8
    )
    adc_bits: Annotated[Fact, Whole(within=CONVERTER_BITS)] | None = ask(
        "Resolution of the outputs at inference.", "How many bits have outputs at inference on the chip?", 8
    )
    dac_steps: Annotated[Fact, Measure("count", within=STEPS_OF_CONVERTER)] | None = ask(
        "Steps of the inputs, where they are not the full power of two of `dac_bits`.",
        "How many steps have inputs at inference, if not a full power of two?",
        254,
    )
    adc_steps: Annotated[Fact, Measure("count", within=STEPS_OF_CONVERTER)] | None = ask(
        "Steps of the outputs, where they are not the full power of two of `adc_bits`.",
        "How many steps have outputs at inference, if not a full power of two?",
        254,
    )
    input_bound: Bound | None = ask(
        "Largest input before the converter clips, at inference.",
        "At which value are inputs clipped at inference, relative to what?",
        {"value": 3.0, "relative_to": "input_std"},
    )
    output_bound: Bound | None = ask(
        "Largest output before the converter clips, at inference.",
        "At which value are outputs clipped at inference, relative to what?",
        {"value": 10.0, "relative_to": "absolute"},
    )
    input_noise: Noise | None = ask(
        "Standard deviation of the noise on the input, at inference.",
        "How strong is input noise at inference, relative to what?",
        {"value": 0.01, "relative_to": "input_bound"},
    )
    output_noise: Noise | None = ask(
        "Standard deviation of the noise on the output, at inference.",
        "How strong is output noise at inference, relative to what?",
        {"value": 0.04, "relative_to": "output_bound"},
    )
    wire_resistance: Annotated[Fact, Measure("resistance", within=RESISTANCE)] | None = ask(
        "Resistance of a wire from one cell to the next, which makes voltages drop.",
        "Which resistance has a wire of the array from one cell to the next?",
        "1 ohm",
    )
    voltage_drop: Annotated[Fact, Measure("number", "ratio", within=SCALE)] | None = ask(
        "Strength of the drop of voltages along wires; 0 where there is none.",
        "How strong is the drop of voltages along the wires of the array (0 for none)?",
        1.0,
    )
    temperature: Annotated[Fact, Measure("temperature", within=TEMPERATURE)] | None = ask(
        "Temperatures that the figures hold for.",
        "At which temperature of the chip do the figures of inference hold?",
        "25 °C",
    )
    digital_parts: Annotated[Fact, Items()] | None = ask(
        "Parts of the network that are computed digitally.",
        "Which parts of the network are computed digitally at inference?",
        ["softmax", "layer normalisation"],
    )
    evaluation: Annotated[Fact, Prose()] | None = ask(
        "Whether accuracies come from the chip or from a simulation of it.",
        "Were accuracies measured on the chip, or simulated, and how?",
        "Simulated on a GPU with the noise model above.",
    )
