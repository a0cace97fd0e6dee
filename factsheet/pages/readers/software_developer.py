"""The software developer: builds applications around the model.

Section 5.1 of the study: needs centre on integration and on the infrastructure around a model, from a higher level;
decisions about parameters have been made by then.
"""

from __future__ import annotations

from factsheet.pages.readers.view import Chapter, View

VIEW = View(
    name="software-developer",
    headlines=("applications", "setup", "time", "accuracy", "benefits", "refresh"),
    chapters=(
        Chapter("purpose", "What does it do for an application, and what is gained by the hardware?"),
        Chapter("setup", "How do I run it, and how do I call it?"),
        Chapter("operation", "How long does a prediction take, and for how much input?", "Prediction time"),
        Chapter("energy", "What is gained in energy?"),
        Chapter("upkeep", "What has to be done again, and how often?"),
        Chapter("inference_hardware", "What does it run on?"),
        Chapter("data", "Which inputs was it trained and tested on?"),
        Chapter("accuracy", "How good are its answers?"),
        Chapter("architecture", "Which network is it, and can I adapt it?"),
        Chapter("size", "How large is it?", "Size"),
        Chapter("hwa_training", "What is different about its training?", "Training for the hardware"),
        Chapter("training_hardware", "What was it trained on?"),
        Chapter("limitations", "What does not work?"),
        Chapter("overview", "Under which terms may I use it?"),
    ),
    detail={"training": "folded", "parameters": "folded", "architecture": "folded"},
    short=(
        "model_architecture.family",
        "model_architecture.variants",
        "model_architecture.base_model",
        "model_architecture.implementation",
        "performance.summary",
        "performance.results",
        "performance.energy_efficiency",
        "performance.refresh_interval",
        "hardware.inference.summary",
        "hardware.inference.maturity",
        "limitations.known",
        "overview.licence",
        "overview.contact",
        "training_data.tasks",
        "training_data.max_seq_len",
        "training_data.language",
        "test_data.tasks",
        "test_data.max_seq_len",
        "test_data.language",
    ),
    question="What does the model do for an application, how do I run it, and what is gained over a GPU?",
    sentences=("applications", "setup", "run", "accuracy", "baseline"),
    figures=("latency", "accuracy"),
    tables=("gains",),
)
