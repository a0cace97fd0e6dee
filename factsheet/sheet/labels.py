"""How a key of the sheet is written for people: `hwa_training` becomes "HWA training"."""

from __future__ import annotations

import re

_WORDS = {
    "adc": "ADC",
    "arxiv": "arXiv",
    "cpu": "CPU",
    "dac": "DAC",
    "doi": "DOI",
    "gpu": "GPU",
    "hwa": "HWA",
    "id": "id",
    "ids": "ids",
    "pcm": "PCM",
    "qkv": "Q/K/V",
    "url": "URL",
}
_WHOLE = {
    "factsheet": "Schema version",
    "parameters": "Parameters and inference attributes",
    "model_architecture": "Model architecture",
    "seq_len": "Sequence length",
    "max_seq_len": "Longest sequence",
    "batch": "Batch size",
    "by": "Supplied by",
    "at": "Operating point",
    "hwa_training": "HWA training",
    "licence": "Licence",
    "trained_for": "Trained for",
    "out_of_scope": "Not meant for",
    "intended_users": "Made for",
    "instructions": "How to run it",
    "implementation": "Code of the model",
    "weights": "Trained weights",
    "interface": "Inputs and outputs",
    "integration": "Putting it into production",
    "heads": "Attention heads of a layer",
    "intermediate_size": "Feed-forward width",
    "vocabulary": "Tokens in the vocabulary",
    "positions": "Positions",
    "token_types": "Segment types",
    "fused_qkv": "Q/K/V mapped as one matrix",
    "pooler_on_tiles": "Pooler on tiles",
    "projection_on_tiles": "Widening of the embeddings on tiles",
    "mapping": "Layout on the arrays",
    "layout": "Where layers are computed",
    "customisable": "What can be changed",
    "classification_method": "How an answer is formed",
    "base_model": "Built from",
    "references": "Described in",
    "reference": "Described in",
    "reuse_factor": "Reuse factor",
    "ops_depend_on": "Number of operations depends on",
    "devices": "Memory devices",
    "devices_per_weight": "Memory devices for a weight",
    "weight_encoding": "Weights held as",
    "area": "Chip area",
    "power": "Chip power",
    "total_ops": "All operations",
    "analog_ops": "Operations on analog tiles",
    "digital_ops": "Digital operations",
    "execution_time": "Time for the batch",
    "energy": "Energy for the batch",
    "counting": "Operations counted as",
    "starting_point": "Starts from",
    "noise_applied_in": "Noise is added in",
    "non_idealities": "Non-idealities",
    "accuracy_metric": "What that score is",
    "baseline_accuracy": "Score of the digital baseline",
    "depends_on": "Strength of these effects",
    "compensation": "Correction for drift and temperature",
    "digital_parts": "Computed digitally",
    "evaluation": "How accuracy was evaluated",
    "task_count": "Number of tasks",
    "smallest": "Smallest task",
    "largest": "Largest task",
    "preprocessing": "Preparation",
    "known_biases": "Known gaps and biases",
    "systems": "Machines",
    "accelerator_count": "Accelerators at once",
    "carbon": "Emissions",
    "evaluation_system": "Accuracy evaluated on",
    "node": "Process node",
    "host": "What it plugs into",
    "metrics": "How scores are to be read",
    "results": "Result tables",
    "classification_time": "Classification time",
    "energy_per_inference": "Energy per inference",
    "throughput_cpu": "Throughput on a CPU",
    "throughput_gpu": "Throughput on a CPU with a GPU",
    "energy_baseline": "Energy efficiency of the digital baseline",
    "tops_per_watt": "Operations per second and watt",
    "refresh_interval": "Time until weights are programmed again",
    "refresh_reason": "Why they are programmed again",
    "test_conditions": "Conditions of the figures",
    "drift_loss": "Score lost until re-programming",
    "accepted_loss": "Loss of score that is accepted",
    "over_time": "Scores over time",
    "profile": "Hardware profile",
    "adversarial": "Deliberate attacks",
    "bias": "Bias",
    "known": "Known limitations",
    "notes": "Note",
    "ethics": "Ethical considerations",
}
# Keys that say too little without the key above them.
_UNDER = {
    "overview.summary": "The model in a few sentences",
    "overview.licence": "Licence of the model",
    "purpose.summary": "What the model does",
    "model_architecture.summary": "The architecture in words",
    "hwa_training.summary": "The training in words",
    "inference_methodology.summary": "Inference in words",
    "training_data.summary": "The training data in words",
    "test_data.summary": "The test data in words",
    "training_data.name": "Name of the training data",
    "test_data.name": "Name of the test data",
    "training_data.split": "Split of the training data",
    "test_data.split": "Split of the test data",
    "training_data.size": "Size of the training data",
    "test_data.size": "Size of the test data",
    "training_data.licence": "Licence of the training data",
    "test_data.licence": "Licence of the test data",
    "performance.summary": "Performance in words",
    "robustness.summary": "Robustness in words",
    "robustness.bias": "Differences between groups of people",
    "limitations.summary": "Limitations in words",
    "parameters.parameters": "Parameters",
    "parameters.tiles": "Tiles that hold the model",
    "tile.rows": "Rows of a tile",
    "tile.cols": "Columns of a tile",
    "layout.analog": "Layers on tiles",
    "layout.digital": "Digital layers",
    "layout.copies": "Layers stored several times",
    "layout.biases": "Biases of layers on tiles",
    "optimum.seq_len": "Designed for sequences of",
    "optimum.batch": "Designed for batches of",
    "drift.device": "Drift modelled for",
    "drift.model": "Drift equation",
    "drift.exponent": "Drift exponent",
    "drift.reference": "Drift described in",
    "inference.tiles": "Tiles on the chip",
    "training.energy": "Energy of training",
    "training.duration": "Duration of training",
    "hwa_training.accuracy": "Score after training",
    "training_data.source": "Where it can be had",
    "test_data.source": "Where it can be had",
    "provenance.note": "Origin of the figures",
    "robustness.noise": "Under other noise",
    "robustness.drift": "Over time",
    "robustness.temperature": "At other temperatures",
    "transformer_encoder.layers": "Encoder layers",
}
_INDEX = re.compile(r"\[[^\]]*\]")


def label(key: str) -> str:
    """Return the words for a key, sentence case, with the field's acronyms in capitals."""
    if key in _WHOLE:
        return _WHOLE[key]
    words = [_WORDS.get(word, word) for word in key.split("_")]
    first = words[0]
    words[0] = first if first in _WORDS.values() else first[:1].upper() + first[1:]
    return " ".join(words)


def field_label(path: str) -> str:
    """Return the words for a field, by its path: its own key's, or clearer ones where the key above it matters."""
    keys = _INDEX.sub("", path).split(".")
    return _UNDER.get(".".join(keys[-2:]), label(keys[-1]))


def place_label(path: str) -> str:
    """Return the words for where a field is: `Training data: Size`."""
    keys = _INDEX.sub("", path).split(".")
    section = label(keys[0])
    return section if len(keys) == 1 else f"{section}: {field_label(path)}"
