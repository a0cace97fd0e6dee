"""Explain the terms of the field in plain words, and label fields for readers who know little of the hardware."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.pages.back_matter import GlossaryTerm
from factsheet.readers.parts import general
from factsheet.sheet.labels import field_label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


PLAIN: dict[str, str] = {
    "parameters.analog_weights": "Weights held in analog memory",
    "parameters.reuse_factor": "Layers that share one stored weight (reuse factor)",
    "parameters.tile.rows": "Inputs of one memory array (rows of a tile)",
    "parameters.tile.cols": "Outputs of one memory array (columns of a tile)",
    "parameters.tile.devices_per_weight": "Memory devices that hold one weight",
    "parameters.tile.weight_encoding": "How a weight is held",
    "parameters.tiles": "Memory arrays that hold the model (tiles)",
    "parameters.devices": "Memory devices that hold the model",
    "parameters.operating_points[*].analog_ops": "Operations done in analog memory",
    "parameters.operating_points[*].digital_ops": "Operations done digitally",
    "performance.classification_time": "Time until an answer is there",
    "performance.energy_efficiency": "Answers per second and watt (energy efficiency)",
    "performance.energy_baseline": "Answers per second and watt of the digital alternative",
    "performance.energy_per_inference": "Energy for one answer",
    "performance.throughput": "Answers per second",
    "performance.throughput_cpu": "Answers per second on a CPU",
    "performance.throughput_gpu": "Answers per second on a CPU with a GPU",
    "performance.refresh_interval": "Weights have to be written to the chip again after",
    "performance.refresh_reason": "Why they have to be written again",
    "hwa_training.accuracy": "Score after training for the hardware",
    "hwa_training.non_idealities": "Flaws of the hardware that training took into account",
    "hwa_training.weight_noise": "Noise on stored weights",
    "hwa_training.read_noise": "Noise when weights are read",
    "hwa_training.adc_noise": "Noise on outputs (ADC noise)",
    "hwa_training.input_noise": "Noise on inputs",
    "hwa_training.input_bound": "Inputs are clipped at",
    "hwa_training.output_bound": "Outputs are clipped at",
    "hwa_training.dac_bits": "Bits of an input (DAC)",
    "hwa_training.adc_bits": "Bits of an output (ADC)",
    "hwa_training.noise_applied_in": "Noise is added in",
    "hwa_training.drift.device": "Memory whose ageing (drift) was modelled",
    "inference_methodology.non_idealities": "What disturbs the weights",
    "inference_methodology.programming": "How weights are written to the chip",
    "model_architecture.mapping": "How the network is mapped onto the memory arrays",
    "hardware.inference.technology": "Memory technology",
    "hardware.inference.maturity": "State of the chip",
}
"""Labels by field; the technical word stays in brackets where the glossary explains it."""

_ALONE: dict[str, str] = {
    "hardware.inference.chip": "which chip it is",
    "hardware.inference.host": "what the chip plugs into",
    "hardware.inference.maturity": "whether the chip exists",
    "hardware.inference.tiles": "how many tiles a chip has",
    "hardware.inference.node": "process node of the chip",
    "hwa_training.accuracy": "the score after training for the hardware",
    "hwa_training.learning_rate": "learning rate of the training for the hardware",
    "hwa_training.non_idealities": "what the training took into account",
    "hwa_training.seeds": "over how many training runs a score is taken",
    "inference_methodology.digital_parts": "which parts are computed digitally",
    "inference_methodology.adc_bits": "bits of the converters",
    "inference_methodology.programming": "how weights are programmed, how long that takes, and who does it",
    "limitations.risks": "which risks it has",
    "overview.contact": "whom to ask",
    "overview.licence": "licence of the model",
    "overview.version": "version of the model",
    "parameters.area": "area of the chip",
    "parameters.power": "power of the chip",
    "parameters.tile.rows": "size of a tile",
    "parameters.tiles": "number of tiles",
    "performance.classification_time": "time until an answer is there",
    "performance.energy_boundary": "whether energies include idling and programming",
    "performance.energy_baseline": "time and energy of digital hardware for the same",
    "performance.energy_efficiency": "energy of an answer",
    "performance.refresh_interval": "after which time weights are programmed again",
    "performance.size_on_disk": "size on disk",
    "performance.throughput": "answers per second",
    "performance.throughput_cpu": "how fast it is on a CPU",
    "performance.throughput_gpu": "how fast it is on a GPU",
    "robustness.accepted_loss": "at which loss of score to raise an alarm",
    "robustness.bias": "whether it treats groups of people alike",
    "robustness.drift": "scores over time",
    "purpose.out_of_scope": "what it must not be used for",
    "robustness.sensitivity.noise_sources[*].alone": "which source of error costs most",
    "robustness.noise": "scores under other noise",
    "robustness.summary": "how scores hold when noise, time or temperature change",
    "setup.framework": "software that it runs in",
    "setup.implementation": "code of this model",
    "setup.instructions": "how to run it",
    "setup.interface": "format of inputs and outputs",
    "setup.requirements": "what it needs to run",
    "setup.weights_format": "file format of the weights, such as ONNX",
    "setup.weights": "where the trained weights are",
    "test_data.size": "how many examples it was tested on",
    "test_data.split": "which split it was tested on",
    "training.summary": "how, and on what, the model that it starts from was trained",
    "training_data.licence": "licence of the training data",
    "training_data.name": "what it was trained on",
}
"""Fields in words that are understood without the section that they are in, for the middle of a sentence."""

LEGEND = {
    "measured": "measured on the hardware or in a run",
    "declared": "the producer's own statement",
    "cited": "taken from a publication",
    "simulated": "from a simulation of the hardware",
    "derived": "calculated from other figures",
    "estimated": "worked out by a model of the chip, and measured nowhere",
    "recomputed": "calculated again from other facts of this sheet",
}
NOT_STATED_ORIGIN = "origin not stated"


def words_for(path: str, *, plain: bool) -> str:
    """Return the label of a field; with `plain`, in words that need no knowledge of the hardware."""
    return PLAIN.get(general(path), field_label(path)) if plain else field_label(path)


def words_alone(path: str, *, plain: bool) -> str:
    """Return what a field is about, for the middle of a sentence that names no section."""
    words = _ALONE.get(general(path)) or words_for(path, plain=plain)
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def without_terms(text: str) -> str:
    """Return words without the hardware's terms that they have in brackets behind plain ones: `(conductance drift)`."""
    return _IN_BRACKETS.sub(lambda found: "" if _is_term(found[1]) else found[0], text)


def _is_term(words: str) -> bool:
    patterns = (pattern for _, pattern, _ in _HARDWARE)
    return words == "retention" or any(re.search(rf"\b(?:{pattern})\b", words) for pattern in patterns)


_IN_BRACKETS = re.compile(r" \(([^()\d]{1,30})\)")


def legend(provenances: Iterable[str]) -> tuple[GlossaryTerm, ...]:
    """Return what the words for provenance mean, for those that occur in these phrases."""
    said = " ".join(provenances).replace("recomputation", "recomputed")
    return tuple(GlossaryTerm(word, meaning) for word, meaning in LEGEND.items() if word in said)


Area = Literal["hardware", "data"]
"""The field that a term is from: readers know one and not the other."""

_HARDWARE: tuple[tuple[str, str, str], ...] = (
    ("ADC", "ADCs?", "Analog-digital converter: turns the current that comes out of an array into a number."),
    (
        "analog AI",
        "analog",
        "Computing with currents in the memory that holds the weights: fast and energy-efficient, but not exact.",
    ),
    (
        "bounds",
        "(?:input|output)(?: (?:and|&) output)? bounds?",
        "Values beyond which inputs or outputs are cut off.",
    ),
    (
        "conductance",
        "conductances?",
        "How well a memory device lets current through; a weight is stored as one or more conductances.",
    ),
    (
        "crossbar",
        "cross-?bars?",
        "A grid of memory devices that multiplies all its inputs by all its weights at once.",
    ),
    ("DAC", "DACs?", "Digital-analog converter: turns a number into the voltage that goes into an array."),
    (
        "differential pair",
        "differential pairs?",
        "Two memory devices that hold one weight between them, its positive and its negative part.",
    ),
    (
        "drift",
        "drift(?:s|ed)?",
        "The slow change of stored conductances over time; accuracy falls with it until weights are programmed again.",
    ),
    (
        "HWA training",
        "HWA|[Hh]ardware-aware(?: training)?",
        "Hardware-aware training: training with the hardware's flaws simulated, so that the model tolerates them.",
    ),
    (
        "inferences/s/W",
        "inferences?/s/W",
        "Answers per second for each watt, which is the same as answers per joule of energy.",
    ),
    ("MAC", "MACs?", "Multiply-accumulate: one multiplication and one addition."),
    (
        "non-idealities",
        "non-idealit(?:y|ies)",
        "Every way in which real memory devices and circuits differ from exact arithmetic: noise, drift, limits.",
    ),
    ("NVM", "NVM|[Nn]on-volatile memory", "Non-volatile memory: keeps what it holds without power."),
    (
        "operation (op)",
        "ops?|operations?",
        "One multiplication or one addition; multiplying two matrices takes two for each pair of numbers.",
    ),
    (
        "PCM",
        "PCM|[Pp]hase-change memory",
        "Phase-change memory: stores a value in how a speck of material has solidified.",
    ),
    (
        "programming",
        "(?:re-?)?programm(?:ed|ing|ings)|re-programmings?",
        "Writing the weights into the memory devices, which is never quite exact.",
    ),
    (
        "read noise",
        "read noise",
        "Small random differences between one read of the same weight and the next.",
    ),
    ("retention", "retention", "How long a memory device keeps what was written to it."),
    ("tile", "tiles?", "One memory array of the chip with its converters; it holds a block of weights."),
)
_DATA: tuple[tuple[str, str, str], ...] = (
    ("batch", "batch(?:es)?", "Inputs that are processed together."),
    (
        "encoder",
        "encoders?",
        "The part of a network that turns an input into numbers that represent its meaning.",
    ),
    ("F1", "F1", "A score that weighs wrong answers against missed ones."),
    ("fine-tuning", "fine-tun(?:ed|ing)", "Training a finished model a little further, for one task."),
    (
        "GLUE",
        "GLUE",
        (
            "A collection of English language tasks that models are compared on: whether one sentence follows from "
            "another (RTE, MNLI), whether two say the same (MRPC, QQP) and how alike they are (STS-B), whether a "
            "sentence is grammatical (CoLA), what it feels like (SST-2), and whether it answers a question (QNLI)."
        ),
    ),
    ("inference", "inferences?", "One use of the trained model: one input in, one answer out."),
    (
        "Matthews correlation",
        "Matthews correlation",
        "A score from -1 to 1 that stays fair when one class is rare.",
    ),
    ("sequence length", "sequence lengths?", "Length of an input, in tokens: words or pieces of words."),
    ("Spearman correlation", "Spearman", "A score for how well answers are put in the right order."),
    ("weights", "weights?|parameters", "The numbers that a network has learnt."),
)
"""Term, how it is recognised, what it means. A pattern matches whole words; with a capital in it, case counts."""


_TASKS = {
    "RTE": "whether one sentence follows from another",
    "MNLI": "whether one sentence follows from another",
    "MRPC": "whether two say the same",
    "QQP": "whether two say the same",
    "STS-B": "how alike two are",
    "CoLA": "grammar",
    "SST-2": "sentiment",
    "QNLI": "whether a text answers a question",
}
"""What tasks of GLUE ask, which their names do not tell."""


def tasks_in_words(tasks: Iterable[str]) -> str | None:
    """Return what tasks ask, each with its name in brackets; `None` where one of them is not known."""
    found: dict[str, list[str]] = {}
    for task in tasks:
        if task not in _TASKS:
            return None
        found.setdefault(_TASKS[task], []).append(task)
    return "; ".join(f"{words} ({', '.join(names)})" for words, names in found.items()) or None


class _Known(NamedTuple):
    """A term, with what finds it; a pattern without a capital is looked for in the text in small letters."""

    term: GlossaryTerm
    pattern: re.Pattern[str]
    cased: bool

    def occurs(self, text: str, lowered: str) -> bool:
        """Return whether it is in the text as a word of its own."""
        searched = text if self.cased else lowered
        # What is in front is looked at here: at the head of the pattern it would keep `re` from skipping ahead.
        return any(
            not found.start() or _APART.match(searched, found.start() - 1)
            for found in self.pattern.finditer(searched)
        )


_APART = re.compile(r"[^\w-]")


def _compiled(terms: Iterable[tuple[str, str, str]]) -> tuple[_Known, ...]:
    return tuple(
        _Known(
            GlossaryTerm(word, meaning),
            re.compile(rf"(?:{expression})(?![\w-])"),
            re.search("[A-Z]", expression) is not None,
        )
        for word, expression, meaning in terms
    )


_TERMS: dict[Area, tuple[_Known, ...]] = {
    "hardware": _compiled(_HARDWARE),
    "data": _compiled(_DATA),
}


def terms_in(
    texts: Iterable[str], areas: Iterable[Area], *, but: Collection[GlossaryTerm] = ()
) -> tuple[GlossaryTerm, ...]:
    """Return the terms of these areas that occur in the texts, in alphabetical order, without those in `but`."""
    text = "\n".join(texts)
    lowered = text.lower()
    found = [
        known.term
        for area in areas
        for known in _TERMS[area]
        if known.term not in but and known.occurs(text, lowered)
    ]
    return tuple(sorted(found, key=lambda term: term.word.lower()))
