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


class Training(Section):
    """How the model was trained apart from the hardware: its recipe in floating point."""

    question: ClassVar[str] = "How was the model trained, apart from training it for the hardware?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "The training in words.", "How was it trained?", "Fine-tuned for each task from the pretrained model."
    )
    objective: Annotated[Fact, Line()] | None = ask("What was minimised.", "Which loss?", "cross-entropy")
    optimiser: Annotated[Fact, Line()] | None = ask(
        "Optimisation algorithm, with what sets it apart.", "Which optimiser?", "AdamW, betas 0.9 and 0.999"
    )
    learning_rate: Annotated[Fact, Measure("number", within=LEARNING_RATE)] | None = ask(
        "Largest learning rate, or the range searched.", "Which learning rates?", "2e-5"
    )
    schedule: Annotated[Fact, Line()] | None = ask(
        "How the learning rate changes.", "Which schedule?", "linear to 0"
    )
    warm_up: Annotated[Fact, Measure("ratio", "count", within=WARM_UP)] | None = ask(
        "Steps, or the share of them, in which the learning rate rises.",
        "How long was the warm-up?",
        "500 steps",
    )
    weight_decay: Annotated[Fact, Measure("number", within=WEIGHT_DECAY)] | None = ask(
        "Weight decay.", "How strong was weight decay?", 0.01
    )
    gradient_clipping: Annotated[Fact, Measure("number", within=CLIPPED_GRADIENT)] | None = ask(
        "Norm that gradients are clipped at.", "At which norm were gradients clipped?", 1.0
    )
    dropout: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Share of activations that are dropped.", "How much dropout?", "10 %"
    )
    batch_size: Annotated[Fact, Measure("count", within=TRAINING_BATCH)] | None = ask(
        "Examples in one batch of one accelerator.", "Which batch size?", 32
    )
    gradient_accumulation: Annotated[Fact, Whole(within=ACCUMULATION)] | None = ask(
        "Batches whose gradients are summed before a step.", "Over how many batches were gradients summed?", 4
    )
    total_batch_size: Annotated[Fact, Measure("count", within=TRAINING_BATCH)] | None = ask(
        "Examples in one step, over all accelerators and summed batches.",
        "How many examples has a step?",
        128,
    )
    epochs: Annotated[Fact, Measure("count", within=EPOCHS)] | None = ask(
        "Passes over the training data.", "How many epochs?", 3
    )
    steps: Annotated[Fact, Measure("count", within=STEPS)] | None = ask(
        "Steps of the optimiser.", "How many steps?", "12k"
    )
    precision: Annotated[Fact, Line()] | None = ask(
        "Number formats of training.", "In which precision?", "bfloat16, master weights in float32"
    )
    seed: Annotated[Fact, Whole(0)] | None = ask("Seed of the random numbers.", "Which seed?", 42)
    toolkit: Annotated[Fact, Line()] | None = ask(
        "Software that it was trained with.", "Which software?", "transformers 4.44"
    )
    references: References | None = ask(
        "Ids of the papers that describe it.", "Where is it described?", "devlin-2019"
    )


class WeightClip(Record):
    """The limit that weights are clipped at during training; it decides what the largest weight means."""

    value: Bound = ask(
        "Where weights are clipped.",
        "Where are weights clipped, relative to what?",
        {"value": 2.5, "relative_to": "weight_std", "per": "channel"},
        default=...,
    )
    every: Annotated[Fact, Line()] | None = ask(
        "When they are clipped.", "How often are they clipped?", "after each step"
    )


class InputRange(Record):
    """The range of inputs that converters are set to, where it is learnt or follows the data."""

    learnt: Annotated[Fact, Flag()] | None = ask(
        "Whether it is trained with the weights.", "Is the input range learnt?", example=True
    )
    start: Bound | None = ask(
        "What it starts from.", "Where does it start?", {"value": 3.0, "relative_to": "input_std"}
    )
    batches: Annotated[Fact, Measure("count", within=STEPS)] | None = ask(
        "Batches that it is first taken from.", "From how many batches is it taken?", 500
    )
    decay: Annotated[Fact, Measure("number", within=WEIGHT_DECAY)] | None = ask(
        "How fast it shrinks where it is not reached.", "How fast does it shrink?", 0.01
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
    dac_steps: Annotated[Fact, Measure("count", within=STEPS_OF_CONVERTER)] | None = ask(
        "Steps of the inputs, where they are not the full power of two of `dac_bits`.",
        "How many input steps?",
        254,
    )
    adc_steps: Annotated[Fact, Measure("count", within=STEPS_OF_CONVERTER)] | None = ask(
        "Steps of the outputs, where they are not the full power of two of `adc_bits`.",
        "How many output steps?",
        254,
    )
    input_range: InputRange | None = ask(
        "The input range, where it is learnt or taken from data.",
        "How is the input range found?",
        {"learnt": True, "batches": 500},
    )
    noise_management: Annotated[Fact, Line()] | None = ask(
        "How inputs are scaled before the converter.", "How are inputs scaled?", "by the largest input"
    )
    bound_management: Annotated[Fact, Line()] | None = ask(
        "What is done when an output is clipped.",
        "What happens to clipped outputs?",
        "repeated with half the input",
    )
    weight_clip: WeightClip | None = ask(
        "The clipping of weights.",
        "Are weights clipped?",
        {"value": {"value": 2.5, "relative_to": "weight_std"}},
    )
    weight_bits: Annotated[Fact, Whole(within=CONVERTER_BITS)] | None = ask(
        "Resolution of the weights, where they are quantised in training.", "How many bits has a weight?", 4
    )
    remapping: Annotated[Fact, Line()] | None = ask(
        "How weights are scaled to use the conductances fully.",
        "How are weights rescaled?",
        "each channel by its largest",
    )
    output_scales: (
        Annotated[Fact, Choice("none", "per tile", "per column", "learnt, per tile", "learnt, per column")]
        | None
    ) = ask("Digital factors on the outputs of tiles.", "Are outputs scaled digitally?", "learnt, per column")
    biases: Annotated[Fact, Choice(*BIAS_PLACES)] | None = ask(
        "Whether biases are trained as weights of the tiles, with their noise.",
        "Are biases on the tiles?",
        "digital",
    )
    failing_devices: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Share of devices that are taken to fail.", "How many devices fail?", "1 %"
    )
    drop_connect: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Share of weights that are left out at random in each step.", "How many weights are left out?", "1 %"
    )
    noise_in_evaluation: Annotated[Fact, Flag()] | None = ask(
        "Whether the noise of training is on in the evaluation too.",
        "Is noise on when it is evaluated?",
        example=False,
    )
    steps: Annotated[Fact, Measure("count", within=STEPS)] | None = ask(
        "Steps of the optimiser.", "How many steps?", "12k"
    )
    schedule: Annotated[Fact, Line()] | None = ask(
        "How the learning rate changes.", "Which schedule?", "linear to 0"
    )
    seed: Annotated[Fact, Whole(0)] | None = ask("Seed of the random numbers.", "Which seed?", 42)
    learning_rate: Annotated[Fact, Measure("number", within=LEARNING_RATE)] | None = ask(
        "Learning rate, or the range searched.", "Which learning rates?", "5e-5 to 1.5e-4"
    )
    batch_size: Annotated[Fact, Prose(number=True)] | None = ask(
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
