"""The field's other words for keys of a sheet: what people write, and where the sheet has it.

Two kinds: the other spelling of a key is the same word, and can be corrected; another word for a fact is only pointed
to its place, since what it says may have to be written otherwise there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SPELLINGS: Mapping[str, str] = {
    "license": "licence",
    "organization": "organisation",
    "optimizer": "optimiser",
    "normalization": "normalisation",
    "customizable": "customisable",
}
"""The American spelling of a key → the key."""

_POINT = "parameters.operating_points[*]"
_TIME = (f"{_POINT}.execution_time", "performance.classification_time")
_SCORE = ("performance.results[*].tasks[*].scores",)
_OPERATIONS = (f"{_POINT}.total_ops",)
_POWER = ("parameters.power", f"{_POINT}.power")
_EFFICIENCY = (
    "performance.energy_efficiency",
    "performance.tops_per_watt",
    f"{_POINT}.energy_efficiency",
)
_PRECISION = ("hwa_training.dac_bits", "hwa_training.adc_bits")

_PLACES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("latency", "inference time", "run time", "delay", "response time", "time per inference"): _TIME,
    ("accuracy", "score", "scores", "f1", "bleu", "wer", "perplexity", "top1", "map", "mse", "loss"): _SCORE,
    ("benchmarks", "benchmark", "evaluation", "evaluation results", "tasks"): ("performance.results",),
    ("flops", "macs", "gflops", "gmacs", "ops", "operations", "multiply adds"): _OPERATIONS,
    ("params", "n params", "num params", "num parameters", "parameter count", "weights"): (
        "parameters.parameters",
    ),
    ("batch", "batch size", "minibatch"): (
        f"{_POINT}.batch",
        "hwa_training.batch_size",
        "hardware.training.batch_size",
    ),
    ("sequence length", "seq length", "seqlen", "context length", "max length", "max seq length"): (
        f"{_POINT}.seq_len",
        "training_data.max_seq_len",
        "model_architecture.transformer_decoder.positions",
    ),
    ("energy", "energy consumption", "joules"): ("performance.energy_per_inference", f"{_POINT}.energy"),
    ("efficiency", "tops w", "topsw", "tops per w", "inferences per joule"): _EFFICIENCY,
    ("power consumption", "watts", "tdp", "average power"): _POWER,
    ("fps", "inferences per second", "qps", "samples per second", "images per second"): (
        "performance.throughput",
        f"{_POINT}.throughput",
    ),
    ("chip area", "die area", "silicon area", "die size", "footprint"): ("parameters.area",),
    ("size", "model size", "file size", "disk size"): (
        "performance.size_on_disk",
        "performance.size_on_chip",
    ),
    ("tile size", "crossbar", "crossbar size", "array", "array size"): ("parameters.tile",),
    ("number of tiles", "num tiles", "crossbars", "arrays"): ("parameters.tiles", "hardware.inference.tiles"),
    ("refresh", "refresh time", "retention", "reprogramming interval"): ("performance.refresh_interval",),
    ("lr", "learn rate", "step size"): ("hwa_training.learning_rate",),
    ("num epochs", "n epochs", "training epochs"): ("hwa_training.epochs",),
    ("noise", "noise level"): ("hwa_training.weight_noise", "hwa_training.read_noise", "robustness.noise"),
    ("precision", "bits", "resolution", "adc", "dac"): _PRECISION,
    ("gpu", "gpus", "device", "machine"): ("hardware.training.accelerator",),
    ("num gpus", "n gpus", "gpu count"): ("hardware.training.accelerator_count",),
    ("training time", "train time", "gpu hours"): ("hardware.training.duration",),
    ("co2", "emissions", "carbon emissions", "co2eq", "carbon footprint"): ("hardware.training.carbon",),
    ("process", "process node", "technology node", "tech node", "cmos node"): ("hardware.inference.node",),
    ("memory", "memory technology", "memory device", "nvm"): ("hardware.inference.technology",),
    ("accelerator", "processor", "hardware"): ("hardware.inference.chip", "hardware.training.accelerator"),
    ("dataset", "data", "corpus", "train data", "datasets"): ("training_data", "test_data"),
    ("architecture", "network", "topology"): ("model_architecture",),
    ("training", "hwa", "hardware aware training"): ("hwa_training", "hardware.training"),
    ("author", "authors", "maintainer", "email"): ("overview.contact", "producers"),
    ("citation", "paper", "bibliography"): ("references",),
    ("url", "website", "repository"): ("overview.homepage", "setup.implementation"),
    ("title",): ("overview.name",),
    ("intended use", "use cases", "uses"): ("purpose.applications", "purpose.trained_for"),
    ("bias", "fairness"): ("robustness.bias", "limitations.ethics"),
}

_DIMENSIONS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("num layers", "n layers", "n layer", "num hidden layers", "depth", "blocks"): ("layers",),
    ("hidden", "hidden dim", "d model", "n embd", "dim", "embed dim", "width"): ("hidden_size",),
    ("num heads", "n heads", "n head", "num attention heads", "attention heads"): ("heads",),
    ("num key value heads", "n kv heads", "num kv heads"): ("kv_heads",),
    ("intermediate", "ffn dim", "d ff", "ff dim", "mlp dim", "feed forward", "ffn size"): (
        "intermediate_size",
    ),
    ("vocab", "vocab size", "vocabulary size"): ("vocabulary",),
    ("max position embeddings", "max positions", "n positions", "n ctx"): ("positions",),
    ("num experts", "num local experts", "n experts"): ("experts",),
    ("num classes", "n classes", "num labels"): ("classes", "outputs"),
    ("in features", "input", "inputs"): ("input_size", "rows"),
    ("columns", "out features"): ("cols",),
}
"""Names of dimensions that configs use → keys, of whichever record they are in."""


def _table(kinds: Mapping[tuple[str, ...], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {word: places for words, places in kinds.items() for word in words}


PLACES = _table(_PLACES)
DIMENSIONS = _table(_DIMENSIONS)


def plain(key: str) -> str:
    """Return a key as words: `numHiddenLayers`, `num-hidden_layers` → `num hidden layers`."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", key)
    return " ".join(re.split(r"[\s_\-./]+", apart)).strip().lower()
