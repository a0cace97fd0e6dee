"""The plans of the pages of those who study models and hardware: researchers, algorithm designers, data scientists."""

from __future__ import annotations

from factsheet.readers.views import Chapter, View

# The hardware or systems researcher: compares chips and builds accelerators.
#
# Asked for every fact of Table 3, and alone in asking for the inference methodology (section 5.1 of the study); what
# differs from the whole sheet is the order: the arrays, the operating point and the chip's figures come first.
HARDWARE_RESEARCHER = View(
    name="hardware-researcher",
    what="chip",
    key_figures=("time", "power", "efficiency", "area", "analog_weights", "refresh"),
    wanted=(
        "parameters.tile.rows",
        "hardware.inference.chip",
        "hardware.inference.node",
        "performance.energy_baseline",
        "robustness.drift",
        "robustness.noise",
        "robustness.sensitivity.noise_sources[*].alone",
        "inference_methodology.adc_bits",
        "hardware.inference.tiles",
        "performance.energy_boundary",
    ),
    chapters=(
        Chapter("size", "How does the network fit the arrays, and how is a weight held?"),
        Chapter("operation", "What does one run take, and at which operating point?"),
        Chapter("energy", "What do the chip's figures come to, and what do they hold at?"),
        Chapter("inference", "What disturbs the weights after programming, and what corrects for it?"),
        Chapter("inference_hardware", "Which chip is this, and does it exist?"),
        Chapter("training", "With which recipe was it trained before, or besides?"),
        Chapter("hwa_training", "Against which noise was the model trained, and relative to what?"),
        Chapter("architecture", "What has to be mapped onto the arrays?"),
        Chapter("accuracy", "What does the model lose on the hardware, task by task?"),
        Chapter("upkeep", "How long do programmed weights hold?"),
        Chapter(
            "robustness", "What happens when noise, time or temperature differ from what was trained for?"
        ),
        Chapter("training_hardware", "On which machines was it trained?"),
        Chapter("data", "Which data do the accuracies rest on?"),
        Chapter("limitations", "Where do the figures stop holding?"),
        Chapter("setup", "What would it take to run it for a comparison?"),
        Chapter("purpose", "Which workload is this?"),
        Chapter("overview", "Whose sheet is this?"),
    ),
    detail={"overview": "short", "purpose": "short"},
    question="What does this network take of the chip, and how sure are the figures?",
    sentences=("tiles", "scores", "runs", "limits", "tested_where", "figures", "excess"),
    glance=(
        "operations",
        "energy",
        "energy_parts",
        "digital_line",
        "cells",
        "weight",
        "design",
        "chip",
        "maturity",
        "disturbs",
        "sensitive",
        "noise",
    ),
    figures=("crossbar", "floor", "ops", "latency", "energy", "field", "accuracy", "drift", "sensitivity"),
    tables=("chip", "layers", "profile"),
)

# The AI-hardware algorithm designer: specialises models for the hardware.
#
# Section 5.1 of the study: compares analog models with their digital equivalents, and takes existing models to see
# whether they withstand analog noise. So the training recipe and the comparison lead.
ALGORITHM_DESIGNER = View(
    name="algorithm-designer",
    what="recipe",
    key_figures=("gap", "score", "baseline_score", "worst_task", "tiles", "refresh"),
    wanted=(
        "hwa_training.non_idealities",
        "hwa_training.learning_rate",
        "hwa_training.seeds",
        "setup.implementation",
        "setup.weights",
        "robustness.drift",
        "robustness.noise",
        "robustness.sensitivity.noise_sources[*].alone",
    ),
    chapters=(
        Chapter("training", "With which recipe was it trained before, or besides?"),
        Chapter("hwa_training", "With which recipe was it trained, and what is each noise relative to?"),
        Chapter(
            "accuracy", "Where does the analog model fall behind the digital one, and where is it ahead?"
        ),
        Chapter("robustness", "Does it withstand noise other than what it was trained with?"),
        Chapter("inference", "Which non-idealities remain at inference?"),
        Chapter("upkeep", "How long does the accuracy hold?"),
        Chapter("architecture", "Which network is this, and what can be changed in it?"),
        Chapter("size", "How does the network map onto the arrays?"),
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
    question="How much of the score does the analog hardware cost, and where?",
    sentences=("scores", "runs", "tasks", "tested_where", "limits"),
    glance=(
        "by_task",
        "noise",
        "bounds",
        "recipe",
        "digital_parts",
        "size",
        "disturbs",
        "sensitive",
        "other_noise",
        "drift",
        "test_data",
        "code",
    ),
    figures=("loss", "sensitivity", "crossbar", "ops"),
    tables=("comparison", "layers"),
)

# The data scientist: develops, compares and validates models, with little knowledge of the hardware.
#
# Section 5.1 of the study: wants to be reminded what a model was trained and tested on. Table 6: the data scientist
# who evaluated the finished sheet found parameters and methodology of little relevance, so that they come late.
DATA_SCIENTIST = View(
    name="data-scientist",
    what="trained",
    key_figures=("score", "baseline_score", "gap", "worst_task", "test_size", "refresh", "parameters"),
    wanted=(
        "training_data.name",
        "test_data.split",
        "hwa_training.seeds",
        "setup.weights",
        "setup.instructions",
        "robustness.summary",
        "robustness.bias",
        "training.summary",
        "setup.framework",
        "purpose.out_of_scope",
        "training_data.licence",
    ),
    chapters=(
        Chapter("data", "What was it trained on, and what was it tested on?"),
        Chapter("accuracy", "How good is it, and what does the analog hardware cost in accuracy?"),
        Chapter("upkeep", "When does the model have to be refreshed, and why?"),
        Chapter("purpose", "Which tasks is it for?"),
        Chapter("robustness", "Can I rely on it when conditions change?"),
        Chapter("limitations", "What should I know before I rely on it?"),
        Chapter("training", "With which recipe was it trained before, or besides?"),
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
    question="How good is it, measured how, and on which data?",
    sentences=("scores", "runs", "tested_where", "data", "limits"),
    glance=(
        "metric",
        "task_scores",
        "purpose",
        "training_data",
        "test_data",
        "input",
        "licence_of_data",
        "robustness",
        "not_for",
    ),
    figures=("accuracy", "drift"),
    tables=("measured",),
)
