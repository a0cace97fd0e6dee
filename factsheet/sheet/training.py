"""Hardware-aware training and the inference methodology: how the model was prepared for the hardware."""

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Flag, Items, Line, Measure, Prose, Whole
from factsheet.facts.section import Record, References, Section, ask
from factsheet.networks.layer_layout import BIAS_PLACES
from factsheet.sheet.ranges.analog import (
    BOUND,
    CONVERTER_BITS,
    DRIFT_EXPONENT,
    NOISE,
    SHARE,
    STEPS_OF_CONVERTER,
)
from factsheet.sheet.ranges.training import (
    ACCUMULATION,
    CLIPPED_GRADIENT,
    EPOCHS,
    LEARNING_RATE,
    SEEDS,
    STEPS,
    TRAINING_BATCH,
    WARM_UP,
    WEIGHT_DECAY,
)

Noise = Annotated[Fact, Measure("number", "ratio", "conductance", within=NOISE)]
"""A standard deviation: a bare multiple, a percentage or a conductance; `relative_to` says of what."""
Bound = Annotated[Fact, Measure("number", "ratio", "conductance", within=BOUND)]
"""Where a signal is clipped; `relative_to` says in which unit."""


class DriftModel(Record):
    """The model of conductance drift that training or evaluation used."""

    device: Annotated[Fact, Line()] | None = ask(
        "The device whose drift it describes.",
        "Of which device did training model the drift?",
        "phase-change memory (PCM)",
    )
    model: Annotated[Fact, Prose()] | None = ask(
        "The equation, with its parameters.",
        "By which equation did training model the drift of conductances?",
        "g(t) = g0 · (t / t0)^-ν, ν drawn for each device",
    )
    exponent: Annotated[Fact, Measure("number", within=DRIFT_EXPONENT)] | None = ask(
        "Drift exponent ν.", "Which drift exponent ν was the model trained with?", "0.049 to 0.1"
    )
    reference: References | None = ask(
        "Ids of the references that give it.",
        "Which publication gives the drift model of training?",
        "joshi-2020",
    )


class Training(Section):
    """How the model was trained apart from the hardware: its recipe in floating point."""

    question: ClassVar[str] = "How was the model trained, apart from training it for the hardware?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "The training in words.",
        "How was the model trained in floating point, in words?",
        "Fine-tuned for each task from the pretrained model.",
    )
    objective: Annotated[Fact, Line()] | None = ask(
        "What was minimised.", "Which loss was minimised in training?", "cross-entropy"
    )
    optimiser: Annotated[Fact, Line()] | None = ask(
        "Optimisation algorithm, with what sets it apart.",
        "Which optimiser was the model trained with, and with which settings?",
        "AdamW, betas 0.9 and 0.999",
    )
    learning_rate: Annotated[Fact, Measure("number", within=LEARNING_RATE)] | None = ask(
        "Largest learning rate, or the range searched.",
        "Which learning rates was the model trained with?",
        "2e-5",
    )
    schedule: Annotated[Fact, Line()] | None = ask(
        "How the learning rate changes.", "How did the learning rate change during training?", "linear to 0"
    )
    warm_up: Annotated[Fact, Measure("ratio", "count", within=WARM_UP)] | None = ask(
        "Steps, or the share of them, in which the learning rate rises.",
        "How many steps, or which share of them, did the warm-up of the learning rate take?",
        "500 steps",
    )
    weight_decay: Annotated[Fact, Measure("number", within=WEIGHT_DECAY)] | None = ask(
        "Weight decay.", "How strong was weight decay in training?", 0.01
    )
    gradient_clipping: Annotated[Fact, Measure("number", within=CLIPPED_GRADIENT)] | None = ask(
        "Norm that gradients are clipped at.", "At which norm were gradients clipped in training?", 1.0
    )
    dropout: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Share of activations that are dropped.",
        "Which share of activations was dropped in training?",
        "10 %",
    )
    batch_size: Annotated[Fact, Measure("count", within=TRAINING_BATCH)] | None = ask(
        "Examples in one batch of one accelerator.",
        "How many examples had a batch of one accelerator in training?",
        32,
    )
    gradient_accumulation: Annotated[Fact, Whole(within=ACCUMULATION)] | None = ask(
        "Batches whose gradients are summed before a step.",
        "Over how many batches were gradients summed before a step of training?",
        4,
    )
    total_batch_size: Annotated[Fact, Measure("count", within=TRAINING_BATCH)] | None = ask(
        "Examples in one step, over all accelerators and summed batches.",
        "How many examples had one step of training, over all accelerators?",
        128,
    )
    epochs: Annotated[Fact, Measure("count", within=EPOCHS)] | None = ask(
        "Passes over the training data.", "For how many epochs was the model trained?", 3
    )
    steps: Annotated[Fact, Measure("count", within=STEPS)] | None = ask(
        "Steps of the optimiser.", "For how many steps was the model trained?", "12k"
    )
    precision: Annotated[Fact, Line()] | None = ask(
        "Number formats of training.",
        "In which number formats was the model trained?",
        "bfloat16, master weights in float32",
    )
    seed: Annotated[Fact, Whole(0)] | None = ask(
        "Seed of the random numbers.", "Which seed had the random numbers of training?", 42
    )
    toolkit: Annotated[Fact, Line()] | None = ask(
        "Software that it was trained with.",
        "With which software, and which version of it, was the model trained?",
        "transformers 4.44",
    )
    references: References | None = ask(
        "Ids of the papers that describe it.",
        "Which papers describe how the model was trained?",
        "devlin-2019",
    )


class WeightClip(Record):
    """The limit that weights are clipped at during training; it decides what the largest weight means."""

    value: Bound = ask(
        "Where weights are clipped.",
        "At which value were weights clipped in hardware-aware training, relative to what?",
        {"value": 2.5, "relative_to": "weight_std", "per": "channel"},
        default=...,
    )
    every: Annotated[Fact, Line()] | None = ask(
        "When they are clipped.",
        "How often were weights clipped in hardware-aware training?",
        "after each step",
    )


class InputRange(Record):
    """The range of inputs that converters are set to, where it is learnt or follows the data."""

    learnt: Annotated[Fact, Flag()] | None = ask(
        "Whether it is trained with the weights.",
        "Was the input range of converters learnt in hardware-aware training?",
        example=True,
    )
    start: Bound | None = ask(
        "What it starts from.",
        "From which value did the input range of converters start?",
        {"value": 3.0, "relative_to": "input_std"},
    )
    batches: Annotated[Fact, Measure("count", within=STEPS)] | None = ask(
        "Batches that it is first taken from.",
        "From how many batches was the input range of converters first taken?",
        500,
    )
    decay: Annotated[Fact, Measure("number", within=WEIGHT_DECAY)] | None = ask(
        "How fast it shrinks where it is not reached.",
        "How fast did the input range of converters shrink where it was not reached?",
        0.01,
    )


class HwaTraining(Section):
    """How the model was trained to withstand the hardware's noise, and the noise that it was trained with."""

    question: ClassVar[str] = "How was the model trained to withstand the hardware's non-idealities?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "The method in words.",
        "How was the model trained to withstand the hardware's noise, in words?",
        "Starts from the digital model and trains on with noise injected.",
    )
    starting_point: Annotated[Fact, Prose()] | None = ask(
        "The model that hardware-aware training starts from.",
        "From which model did hardware-aware training start?",
        "A floating-point BERT-base.",
    )
    noise_applied_in: Annotated[Fact, Choice("forward pass", "forward and backward pass")] | None = ask(
        "The passes in which noise is injected.",
        "In which passes of hardware-aware training was noise injected?",
        "forward pass",
    )
    non_idealities: Annotated[Fact, Items()] | None = ask(
        "Non-idealities that training takes into account.",
        "Against which non-idealities of the hardware was the model trained?",
        ["read noise"],
    )
    weight_noise: Noise | None = ask(
        "Standard deviation of the noise on programmed weights.",
        "How strong was weight (programming) noise in hardware-aware training, relative to what?",
        {"value": "3.8 %", "relative_to": "w_max"},
    )
    read_noise: Noise | None = ask(
        "Standard deviation of the noise of a read.",
        "How strong was read noise in hardware-aware training, relative to what?",
        {"value": 0.0175, "relative_to": "w_max"},
    )
    adc_noise: Noise | None = ask(
        "Standard deviation of the noise on the output, at the analog-digital converter.",
        "How strong was output (ADC) noise in hardware-aware training, relative to what?",
        {"value": 0.04, "relative_to": "output_bound"},
    )
    input_noise: Noise | None = ask(
        "Standard deviation of the noise on the input, at the digital-analog converter.",
        "How strong was input (DAC) noise in hardware-aware training, relative to what?",
        {"value": 0.01, "relative_to": "input_bound"},
    )
    drift: DriftModel | None = ask(
        "The drift model used.",
        "How was conductance drift modelled in hardware-aware training?",
        {"device": "phase-change memory (PCM)"},
    )
    input_bound: Bound | None = ask(
        "Largest input before the converter clips.",
        "At which value were inputs clipped in hardware-aware training, relative to what?",
        {"value": 3.0, "relative_to": "input_std"},
    )
    output_bound: Bound | None = ask(
        "Largest output before the converter clips.",
        "At which value were outputs clipped in hardware-aware training, relative to what?",
        {"value": 10.0, "relative_to": "absolute"},
    )
    dac_bits: Annotated[Fact, Whole(within=CONVERTER_BITS)] | None = ask(
        "Resolution of the inputs.", "How many bits had inputs in hardware-aware training?", 8
    )
    adc_bits: Annotated[Fact, Whole(within=CONVERTER_BITS)] | None = ask(
        "Resolution of the outputs.", "How many bits had outputs in hardware-aware training?", 8
    )
    dac_steps: Annotated[Fact, Measure("count", within=STEPS_OF_CONVERTER)] | None = ask(
        "Steps of the inputs, where they are not the full power of two of `dac_bits`.",
        "How many steps had inputs in hardware-aware training, if not a full power of two?",
        254,
    )
    adc_steps: Annotated[Fact, Measure("count", within=STEPS_OF_CONVERTER)] | None = ask(
        "Steps of the outputs, where they are not the full power of two of `adc_bits`.",
        "How many steps had outputs in hardware-aware training, if not a full power of two?",
        254,
    )
    input_range: InputRange | None = ask(
        "The input range, where it is learnt or taken from data.",
        "How was the input range of converters found in hardware-aware training?",
        {"learnt": True, "batches": 500},
    )
    noise_management: Annotated[Fact, Line()] | None = ask(
        "How inputs are scaled before the converter.",
        "How were inputs scaled before the converter in hardware-aware training?",
        "by the largest input",
    )
    bound_management: Annotated[Fact, Line()] | None = ask(
        "What is done when an output is clipped.",
        "What was done with clipped outputs in hardware-aware training?",
        "repeated with half the input",
    )
    weight_clip: WeightClip | None = ask(
        "The clipping of weights.",
        "At which value, and how often, were weights clipped in hardware-aware training?",
        {"value": {"value": 2.5, "relative_to": "weight_std"}},
    )
    weight_bits: Annotated[Fact, Whole(within=CONVERTER_BITS)] | None = ask(
        "Resolution of the weights, where they are quantised in training.",
        "How many bits had weights in hardware-aware training?",
        4,
    )
    remapping: Annotated[Fact, Line()] | None = ask(
        "How weights are scaled to use the conductances fully.",
        "How were weights rescaled to the conductances in hardware-aware training?",
        "each channel by its largest",
    )
    output_scales: (
        Annotated[Fact, Choice("none", "per tile", "per column", "learnt, per tile", "learnt, per column")]
        | None
    ) = ask(
        "Digital factors on the outputs of tiles.",
        "By which digital factors were outputs of tiles scaled in hardware-aware training?",
        "learnt, per column",
    )
    biases: Annotated[Fact, Choice(*BIAS_PLACES)] | None = ask(
        "Whether biases are trained as weights of the tiles, with their noise.",
        "Were biases trained as noisy weights of the tiles, or kept digital?",
        "digital",
    )
    failing_devices: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Share of devices that are taken to fail.",
        "Which share of devices was taken to fail in hardware-aware training?",
        "1 %",
    )
    drop_connect: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Share of weights that are left out at random in each step.",
        "Which share of weights was left out at random in each step of hardware-aware training?",
        "1 %",
    )
    noise_in_evaluation: Annotated[Fact, Flag()] | None = ask(
        "Whether the noise of training is on in the evaluation too.",
        "Was the noise of hardware-aware training on when the model was evaluated?",
        example=False,
    )
    steps: Annotated[Fact, Measure("count", within=STEPS)] | None = ask(
        "Steps of the optimiser.", "For how many steps did hardware-aware training run?", "12k"
    )
    schedule: Annotated[Fact, Line()] | None = ask(
        "How the learning rate changes.",
        "How did the learning rate change during hardware-aware training?",
        "linear to 0",
    )
    warm_up: Annotated[Fact, Measure("ratio", "count", within=WARM_UP)] | None = ask(
        "Steps, or the share of them, in which the learning rate rises.",
        "How many steps, or which share of them, did the warm-up of hardware-aware training take?",
        "500 steps",
    )
    weight_decay: Annotated[Fact, Measure("number", within=WEIGHT_DECAY)] | None = ask(
        "Weight decay.", "How strong was weight decay in hardware-aware training?", 0.01
    )
    gradient_clipping: Annotated[Fact, Measure("number", within=CLIPPED_GRADIENT)] | None = ask(
        "Norm that gradients are clipped at.",
        "At which norm were gradients clipped in hardware-aware training?",
        1.0,
    )
    seed: Annotated[Fact, Whole(0)] | None = ask(
        "Seed of the random numbers.", "Which seed had the random numbers of hardware-aware training?", 42
    )
    learning_rate: Annotated[Fact, Measure("number", within=LEARNING_RATE)] | None = ask(
        "Learning rate, or the range searched.",
        "Which learning rates had hardware-aware training?",
        "5e-5 to 1.5e-4",
    )
    batch_size: Annotated[Fact, Prose(number=True)] | None = ask(
        "Batch size of training and how it was chosen.",
        "Which batch size had hardware-aware training, and why?",
        "32, the largest that fits the GPU",
    )
    gradient_accumulation: Annotated[Fact, Whole(within=ACCUMULATION)] | None = ask(
        "Batches whose gradients are summed before a step.",
        "Over how many batches were gradients summed before a step of hardware-aware training?",
        4,
    )
    precision: Annotated[Fact, Line()] | None = ask(
        "Number formats of training.",
        "In which number formats was the hardware-aware training done?",
        "bfloat16, master weights in float32",
    )
    epochs: Annotated[Fact, Measure("count", within=EPOCHS)] | None = ask(
        "Passes over the training data.", "For how many epochs did hardware-aware training run?", 3
    )
    optimiser: Annotated[Fact, Line()] | None = ask(
        "Optimisation algorithm.", "Which optimiser did hardware-aware training use?", "AdamW"
    )
    seeds: Annotated[Fact, Measure("count", within=SEEDS)] | None = ask(
        "Independent runs behind a figure.",
        "Over how many independent runs of hardware-aware training is a figure taken?",
        5,
    )
    toolkit: Annotated[Fact, Line()] | None = ask(
        "Software that the noise was injected with.",
        "With which toolkit was noise injected in hardware-aware training?",
        "IBM Analog Hardware Acceleration Kit",
    )
    accuracy: Annotated[Fact, Measure("score")] | None = ask(
        "Score after hardware-aware training.",
        "Which score has the model after hardware-aware training?",
        "80.6 %",
    )
    accuracy_metric: Annotated[Fact, Line()] | None = ask(
        "What that score is.",
        "Which metric, on which data, is the score after hardware-aware training?",
        "GLUE average, validation",
    )
    baseline_accuracy: Annotated[Fact, Measure("score")] | None = ask(
        "Score of the digital model that it is compared with.",
        "Which score has the digital model that hardware-aware training is compared with?",
        "81.2 %",
    )
