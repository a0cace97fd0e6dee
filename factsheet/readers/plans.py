"""The plan of each reader's page: one `View` for each of the six roles, and one for the whole sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.readers.parts import PARTS
from factsheet.readers.views import Chapter, View

if TYPE_CHECKING:
    from factsheet.readers.roles import ViewName


# The hardware or systems researcher: compares chips and builds accelerators.
#
# Asked for every fact of Table 3, and alone in asking for the inference methodology (section 5.1 of the study); what
# differs from the whole sheet is the order: the arrays, the operating point and the chip's figures come first.
_HARDWARE_RESEARCHER = View(
    name="hardware-researcher",
    what="chip",
    key_figures=("time", "power", "efficiency", "area", "analog_weights", "refresh"),
    wanted=("parameters.tile.rows", "hardware.inference.chip", "hardware.inference.node"),
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
    sentences=("tiles", "tested_where", "figures"),
    glance=("operations", "cells", "weight", "design", "chip", "maturity", "disturbs", "noise"),
    figures=("crossbar", "floor", "ops", "latency", "energy", "accuracy", "drift", "sensitivity"),
    tables=("chip", "layers", "profile"),
)

# The AI-hardware algorithm designer: specialises models for the hardware.
#
# Section 5.1 of the study: compares analog models with their digital equivalents, and takes existing models to see
# whether they withstand analog noise. So the training recipe and the comparison lead.
_ALGORITHM_DESIGNER = View(
    name="algorithm-designer",
    what="recipe",
    key_figures=("gap", "score", "baseline_score", "worst_task", "weight_noise", "refresh"),
    wanted=("hwa_training.non_idealities", "hwa_training.learning_rate", "robustness.noise"),
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
    sentences=("scores", "tasks", "tested_where"),
    glance=(
        "spread",
        "noise",
        "bounds",
        "recipe",
        "disturbs",
        "sensitive",
        "other_noise",
        "drift",
        "test_data",
    ),
    figures=("loss", "sensitivity", "crossbar", "ops"),
    tables=("comparison", "layers"),
)

# The data scientist: develops, compares and validates models, with little knowledge of the hardware.
#
# Section 5.1 of the study: wants to be reminded what a model was trained and tested on. Table 6: the data scientist
# who evaluated the finished sheet found parameters and methodology of little relevance, so that they come late.
_DATA_SCIENTIST = View(
    name="data-scientist",
    what="trained",
    key_figures=("score", "baseline_score", "gap", "worst_task", "test_size", "refresh"),
    wanted=("training_data.name", "test_data.split", "robustness.summary"),
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
    sentences=("scores", "tested_where", "data"),
    glance=(
        "metric",
        "tasks",
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

# The AI engineer: takes the technology into production.
#
# Nobody in this role could be interviewed before the template was made. One evaluated the finished sheet, missed
# detail on the analog side and asked for links to papers (section 5.3 of the study).
_AI_ENGINEER = View(
    name="ai-engineer",
    what="chip",
    key_figures=("time", "efficiency", "throughput", "size_on_disk", "refresh", "score"),
    wanted=(
        "setup.instructions",
        "setup.requirements",
        "setup.interface",
        "hardware.inference.host",
        "overview.licence",
    ),
    chapters=(
        Chapter("setup", "What do I need, and how does it fit into a pipeline?"),
        Chapter("operation", "How fast is it, and at which operating point?"),
        Chapter("energy", "What does it draw when it runs?"),
        Chapter("inference_hardware", "What does it run on, and what does that plug into?"),
        Chapter("upkeep", "How often do weights have to be programmed again?"),
        Chapter("robustness", "What happens when noise, time or temperature differ?"),
        Chapter("inference", "What keeps it accurate in operation?"),
        Chapter("limitations", "What will be hard in operation?"),
        Chapter("hwa_training", "What was it trained to withstand?"),
        Chapter("accuracy", "What accuracy can be promised?"),
        Chapter("architecture", "Which network is it, and where is its code?"),
        Chapter("size", "How much hardware does it take?"),
        Chapter("purpose", "What is it for?"),
        Chapter("data", "Which inputs does it know?"),
        Chapter("overview", "Where is more about it?"),
    ),
    short=(
        "purpose.summary",
        "purpose.applications",
        "inference_methodology.summary",
        "model_architecture.summary",
        "model_architecture.base_model",
        "parameters.parameters",
        "parameters.tiles",
        "parameters.area",
        "performance.summary",
        "performance.results",
        "hwa_training.accuracy",
        "test_data.max_seq_len",
        "test_data.language",
        "overview.licence",
        "overview.contact",
    ),
    basis=(
        "The study could interview no AI engineer before it made its template: this selection follows the role's "
        "tasks (Table 1) and what the one AI engineer who evaluated the published BERT sheet missed (section 5.3)."
    ),
    question="What does it take to run it, and to keep it running?",
    sentences=("running", "limits"),
    glance=(
        "setup",
        "interface",
        "design",
        "by_length",
        "requirements",
        "framework",
        "attached",
        "maturity",
        "compensation",
        "robustness",
        "code",
        "weights",
        "licence",
    ),
    figures=("latency", "ops", "energy", "drift"),
    tables=("chip",),
)

# The software developer: builds applications around the model.
#
# Section 5.1 of the study: needs centre on integration and on the infrastructure around a model, from a higher level;
# decisions about parameters have been made by then.
_SOFTWARE_DEVELOPER = View(
    name="software-developer",
    what="use",
    key_figures=("time", "score", "gap", "size_on_disk", "throughput", "refresh"),
    wanted=("setup.instructions", "setup.interface", "overview.licence"),
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
    question="What can I build with it, and how do I call it?",
    sentences=("applications", "scores", "baseline", "running", "limits"),
    glance=(
        "setup",
        "interface",
        "input",
        "by_length",
        "tasks",
        "adaptable",
        "maturity",
        "code",
        "weights",
        "licence",
    ),
    figures=("latency", "accuracy"),
    tables=("gains",),
)

# The business expert: judges what the technology does for a business.
#
# Nobody in this role was available to the study; the selection follows the tasks of Table 1.
_BUSINESS_EXPERT = View(
    name="business-expert",
    what="use",
    key_figures=("energy_of_a_million", "time", "throughput", "gap", "score", "refresh"),
    wanted=(
        "performance.energy_baseline",
        "hardware.inference.maturity",
        "overview.licence",
        "limitations.risks",
    ),
    chapters=(
        Chapter("purpose", "What does it do, and for whom?"),
        Chapter("energy", "What does an answer cost in energy?", "Energy"),
        Chapter("operation", "How fast is an answer?", "Speed"),
        Chapter("accuracy", "How much accuracy does the analog hardware cost?"),
        Chapter("inference_hardware", "Can it be bought today?", "Readiness"),
        Chapter("upkeep", "What does it take to keep it running?", "Upkeep"),
        Chapter("limitations", "What are the limits, risks and obligations?"),
        Chapter("overview", "Who is responsible for it, and under which terms?"),
    ),
    short=(
        "performance.results",
        "hardware.inference.summary",
        "overview.organisation",
        "overview.homepage",
        "overview.date",
    ),
    basis=(
        "The study could interview no business expert: this selection follows the tasks that the study gives the "
        "role (Table 1)."
    ),
    question="What does it do for a business, what does it save, and can it be had?",
    sentences=("applications", "scores", "baseline", "limits", "benefits"),
    glance=(
        "million_by_length",
        "digital",
        "maturity",
        "upkeep",
        "not_for",
        "risks",
        "responsible",
        "licence",
    ),
    figures=("accuracy",),
    tables=("gains",),
)

# The whole sheet, in the order of the template (Table 5 of the FactSheet study).
_FULL = View(
    name="full",
    what="network",
    key_figures=("score", "gap", "time", "power", "efficiency", "refresh"),
    wanted=("overview.licence",),
    chapters=tuple(Chapter(part.key, part.question) for part in PARTS),
    question="What is the model, how good is it, and what does it take of the chip?",
    sentences=("scores", "tested_where", "figures"),
    glance=("operations", "design", "maturity", "noise", "test_data", "responsible", "licence"),
    figures=(
        "crossbar",
        "floor",
        "ops",
        "latency",
        "energy",
        "accuracy",
        "drift",
        "sensitivity",
        "lifecycle",
    ),
    tables=("chip", "comparison", "gains", "layers", "profile"),
)

VIEWS: dict[ViewName, View] = {
    view.name: view
    for view in (
        _HARDWARE_RESEARCHER,
        _ALGORITHM_DESIGNER,
        _DATA_SCIENTIST,
        _AI_ENGINEER,
        _SOFTWARE_DEVELOPER,
        _BUSINESS_EXPERT,
        _FULL,
    )
}
"""Every view by its name, roles first."""
