"""The data scientist: develops, compares and validates models, with little knowledge of the hardware.

Section 5.1 of the study: wants to be reminded what a model was trained and tested on. Table 6: the data scientist
who evaluated the finished sheet found parameters and methodology of little relevance, so that they come late.
"""

from __future__ import annotations

from factsheet.pages.readers.view import Chapter, View

VIEW = View(
    name="data-scientist",
    headlines=("accuracy", "spread", "data", "tested_where", "refresh", "robustness", "size"),
    chapters=(
        Chapter("data", "What was it trained on, and what was it tested on?"),
        Chapter("accuracy", "How good is it, and what does the analog hardware cost in accuracy?"),
        Chapter("upkeep", "When does the model have to be refreshed, and why?"),
        Chapter("purpose", "Which tasks is it for?"),
        Chapter("robustness", "Can I rely on it when conditions change?"),
        Chapter("limitations", "What should I know before I rely on it?"),
        Chapter("hwa_training", "What is different about its training?", "Training for the hardware"),
        Chapter("architecture", "Which network is it?"),
        Chapter("size", "How large is it, on disk and on the chip?", "Size"),
        Chapter("operation", "How much does a run compute, and for how long?"),
        Chapter("energy", "What is gained in energy?"),
        Chapter("training_hardware", "What do I need to train it?"),
        Chapter("inference", "What happens to the weights on the chip?", "Inference on the chip"),
        Chapter("inference_hardware", "What does it run on?"),
        Chapter("overview", "Whose sheet is this?"),
    ),
    detail={
        "hardware_performance": "folded",
        "parameters": "folded",
        "training": "short",
        "architecture": "folded",
    },
    short=(
        "model_architecture.family",
        "model_architecture.variants",
        "model_architecture.base_model",
        "model_architecture.implementation",
        "model_architecture.transformer_encoder.layers",
        "model_architecture.transformer_encoder.heads",
        "model_architecture.transformer_encoder.hidden_size",
        "inference_methodology.summary",
        "inference_methodology.evaluation",
        "hardware.inference.technology",
        "hardware.inference.maturity",
        "parameters.operating_points",
        "parameters.optimum",
        "performance.size_on_disk",
        "performance.energy_per_inference",
        "performance.throughput",
    ),
    question="What was the model trained and tested on, how good is it on analog hardware, and for how long?",
    sentences=("data", "accuracy", "tested_where", "refresh", "robustness"),
    figures=("accuracy", "drift"),
)
