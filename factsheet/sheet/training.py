"""Hardware-aware training and the inference methodology: how the model was prepared for the hardware."""

from __future__ import annotations

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Items, Line, Measure, Prose, Whole
from factsheet.facts.section import Record, References, Section, ask
from factsheet.sheet.ranges import (
    BOUND,
    CONVERTER_BITS,
    DRIFT_EXPONENT,
    EPOCHS,
    LEARNING_RATE,
    NOISE,
    SEEDS,
    TEMPERATURE,
)

Noise = Annotated[Fact, Measure("number", "ratio", "conductance", within=NOISE)]
"""A standard deviation: a bare multiple, a percentage or a conductance; `relative_to` says of what."""
Bound = Annotated[Fact, Measure("number", "ratio", "conductance", within=BOUND)]
"""Where a signal is clipped; `relative_to` says in which unit."""


class DriftModel(Record):
    """The model of conductance drift that training or evaluation used."""

    device: Annotated[Fact, Line()] | None = ask(
        "The device whose drift it describes.", "Drift of which device?", "phase-change memory (PCM)"
    )
    model: Annotated[Fact, Prose()] | None = ask(
        "The equation, with its parameters.",
        "Which equation?",
        "g(t) = g0 · (t / t0)^-ν, ν drawn for each device",
    )
    exponent: Annotated[Fact, Measure("number", within=DRIFT_EXPONENT)] | None = ask(
        "Drift exponent ν.", "What is the drift exponent?", "0.049 to 0.1"
    )
    reference: References | None = ask(
        "Ids of the references that give it.", "Who published it?", "joshi-2020"
    )


class HwaTraining(Section):
    """How the model was trained to withstand the hardware's noise, and the noise that it was trained with."""

    question: ClassVar[str] = "How was the model trained to withstand the hardware's non-idealities?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "The method in words.",
        "How was it trained?",
        "Starts from the digital model and trains on with noise injected.",
    )
    starting_point: Annotated[Fact, Prose()] | None = ask(
        "The model that hardware-aware training starts from.",
        "What did it start from?",
        "A floating-point BERT-base.",
    )
    noise_applied_in: Annotated[Fact, Choice("forward pass", "forward and backward pass")] | None = ask(
        "The passes in which noise is injected.", "Where is noise injected?", "forward pass"
    )
    non_idealities: Annotated[Fact, Items()] | None = ask(
        "Non-idealities that training takes into account.",
        "Which non-idealities were trained against?",
        ["read noise"],
    )
    weight_noise: Noise | None = ask(
        "Standard deviation of the noise on programmed weights.",
        "How strong was weight (programming) noise, relative to what?",
        {"value": "3.8 %", "relative_to": "w_max"},
    )
    read_noise: Noise | None = ask(
        "Standard deviation of the noise of a read.",
        "How strong was read noise, relative to what?",
        {"value": 0.0175, "relative_to": "w_max"},
    )
    adc_noise: Noise | None = ask(
        "Standard deviation of the noise on the output, at the analog-digital converter.",
        "How strong was output noise, relative to what?",
        {"value": 0.04, "relative_to": "output_bound"},
    )
    input_noise: Noise | None = ask(
        "Standard deviation of the noise on the input, at the digital-analog converter.",
        "How strong was input noise, relative to what?",
        {"value": 0.01, "relative_to": "input_bound"},
    )
    drift: DriftModel | None = ask(
        "The drift model used.", "How was drift modelled?", {"device": "phase-change memory (PCM)"}
    )
    input_bound: Bound | None = ask(
        "Largest input before the converter clips.",
        "Where are inputs clipped?",
        {"value": 3.0, "relative_to": "input_std"},
    )
    output_bound: Bound | None = ask(
        "Largest output before the converter clips.",
        "Where are outputs clipped?",
        {"value": 10.0, "relative_to": "absolute"},
    )
    dac_bits: Annotated[Fact, Whole(within=CONVERTER_BITS)] | None = ask(
        "Resolution of the inputs.", "How many input bits?", 8
    )
    adc_bits: Annotated[Fact, Whole(within=CONVERTER_BITS)] | None = ask(
        "Resolution of the outputs.", "How many output bits?", 8
    )
    learning_rate: Annotated[Fact, Measure("number", within=LEARNING_RATE)] | None = ask(
        "Learning rate, or the range searched.", "Which learning rates?", "5e-5 to 1.5e-4"
    )
    batch_size: Annotated[Fact, Prose()] | None = ask(
        "Batch size of training and how it was chosen.",
        "Which batch size?",
        "32, the largest that fits the GPU",
    )
    epochs: Annotated[Fact, Measure("count", within=EPOCHS)] | None = ask(
        "Passes over the training data.", "How many epochs?", 3
    )
    optimiser: Annotated[Fact, Line()] | None = ask("Optimisation algorithm.", "Which optimiser?", "AdamW")
    seeds: Annotated[Fact, Measure("count", within=SEEDS)] | None = ask(
        "Independent runs behind a figure.", "How many seeds?", 5
    )
    toolkit: Annotated[Fact, Line()] | None = ask(
        "Software that the noise was injected with.", "Which toolkit?", "IBM Analog Hardware Acceleration Kit"
    )
    accuracy: Annotated[Fact, Measure("score")] | None = ask(
        "Score after hardware-aware training.", "How good is it after training?", "80.6 %"
    )
    accuracy_metric: Annotated[Fact, Line()] | None = ask(
        "What that score is.", "Which score is that?", "GLUE average, validation"
    )
    baseline_accuracy: Annotated[Fact, Measure("score")] | None = ask(
        "Score of the digital model that it is compared with.", "How good is the digital model?", "81.2 %"
    )


class InferenceMethodology(Section):
    """What happens between training and an answer: programming the weights, and keeping them right."""

    question: ClassVar[str] = "How does inference work on this hardware, and what keeps it accurate?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "Inference in words.",
        "How does inference work?",
        "Weights are programmed once, then read for every input.",
    )
    non_idealities: Annotated[Fact, Items()] | None = ask(
        "Effects that change weights or results on the chip.",
        "What disturbs the weights?",
        ["programming noise", "read noise", "conductance drift", "temperature"],
    )
    depends_on: Annotated[Fact, Prose()] | None = ask(
        "What the strength of these effects depends on.",
        "Do they differ between models?",
        "The distribution of weights.",
    )
    programming: Annotated[Fact, Prose()] | None = ask(
        "How weights are written to the devices.",
        "How are weights programmed?",
        "Iterative program-and-verify.",
    )
    compensation: Annotated[Fact, Prose()] | None = ask(
        "What corrects for drift and temperature after programming.",
        "How is drift compensated?",
        "Global drift compensation: outputs are rescaled by a periodic calibration read-out.",
    )
    temperature: Annotated[Fact, Measure("temperature", within=TEMPERATURE)] | None = ask(
        "Temperatures that the figures hold for.", "At which temperature?", "25 °C"
    )
    digital_parts: Annotated[Fact, Items()] | None = ask(
        "Parts of the network that are computed digitally.",
        "What is not analog?",
        ["softmax", "layer normalisation"],
    )
    evaluation: Annotated[Fact, Prose()] | None = ask(
        "Whether accuracies come from the chip or from a simulation of it.",
        "Measured on the chip, or simulated?",
        "Simulated on a GPU with the noise model above.",
    )
