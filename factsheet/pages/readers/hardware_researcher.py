"""The hardware or systems researcher: compares chips and builds accelerators.

Asked for every fact of Table 3, and alone in asking for the inference methodology (section 5.1 of the study); what
differs from the whole sheet is the order: the arrays, the operating point and the chip's figures come first.
"""

from __future__ import annotations

from factsheet.pages.readers.view import Chapter, View

VIEW = View(
    name="hardware-researcher",
    headlines=("power_and_area", "efficiency", "run", "arrays", "non_idealities", "accuracy", "refresh"),
    chapters=(
        Chapter("size", "How does the network fit the arrays, and how is a weight held?"),
        Chapter("operation", "What does one run take, and at which operating point?"),
        Chapter("energy", "What do the chip's figures come to, and what do they hold at?"),
        Chapter("inference", "What disturbs the weights after programming, and what corrects for it?"),
        Chapter("inference_hardware", "Which chip is this, and does it exist?"),
        Chapter("hwa_training", "Against which noise was the model trained, and relative to what?"),
        Chapter("architecture", "What has to be mapped onto the arrays?"),
        Chapter("accuracy", "What does the model lose on the hardware, task by task?"),
        Chapter("upkeep", "How long do programmed weights hold?"),
        Chapter(
            "robustness", "What happens when noise, time or temperature differ from what was trained for?"
        ),
        Chapter("training_hardware", "On which machines was it trained?"),
        Chapter("data", "Which data do the accuracies stand on?"),
        Chapter("limitations", "Where do the figures stop holding?"),
        Chapter("setup", "What would it take to run it for a comparison?"),
        Chapter("purpose", "Which workload is this?"),
        Chapter("overview", "Whose sheet is this?"),
    ),
    detail={"overview": "short", "purpose": "short"},
    question="What does this network take of the chip, and how sure are the figures?",
    sentences=("network", "tiles", "run", "chip", "refresh"),
    figures=("crossbar", "floor", "ops", "latency", "energy", "accuracy", "drift"),
    tables=("chip", "layers", "profile"),
)
