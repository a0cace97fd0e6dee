"""The AI-hardware algorithm designer: specialises models for the hardware.

Section 5.1 of the study: compares analog models with their digital equivalents, and takes existing models to see
whether they stand analog noise. So the training recipe and the comparison lead.
"""

from __future__ import annotations

from factsheet.pages.readers.view import Chapter, View

VIEW = View(
    name="algorithm-designer",
    headlines=("accuracy", "spread", "noise", "non_idealities", "robustness", "size", "refresh"),
    chapters=(
        Chapter("hwa_training", "With which recipe was it trained, and what is each noise relative to?"),
        Chapter(
            "accuracy", "Where does the analog model fall behind the digital one, and where is it ahead?"
        ),
        Chapter("robustness", "Does it stand noise other than what it was trained with?"),
        Chapter("inference", "Which non-idealities remain at inference?"),
        Chapter("upkeep", "How long does the accuracy hold?"),
        Chapter("architecture", "Which network is this, and what can be changed in it?"),
        Chapter("size", "How does the network lie on the arrays?"),
        Chapter("operation", "What does a run take, and how much of it is analog?"),
        Chapter("energy", "What is gained on the hardware?"),
        Chapter("inference_hardware", "Which hardware is the model specialised for?"),
        Chapter("data", "Which data was it trained and judged on?"),
        Chapter("training_hardware", "What did the training take?"),
        Chapter("purpose", "What is the model for?"),
        Chapter("limitations", "What is hard about it?"),
        Chapter("overview", "Whose sheet is this?"),
    ),
    short=(
        "inference_methodology.summary",
        "inference_methodology.non_idealities",
        "inference_methodology.depends_on",
        "inference_methodology.compensation",
        "performance.refresh_interval",
        "limitations.challenges",
    ),
    question="Does the model stand analog noise as well as its digital equivalent does without it?",
    sentences=("accuracy", "spread", "noise", "compare_with", "refresh"),
    figures=("accuracy", "drift", "crossbar", "ops"),
    tables=("comparison", "layers"),
)
