"""The plans of the pages of those who put models to use: engineers, developers, and who decides for a business."""

from __future__ import annotations

from factsheet.readers.views import Chapter, View

# The AI engineer: takes the technology into production.
#
# Nobody in this role could be interviewed before the template was made. One evaluated the finished sheet, missed
# detail on the analog side and asked for links to papers (section 5.3 of the study).
AI_ENGINEER = View(
    name="ai-engineer",
    what="chip",
    key_figures=("time", "efficiency", "throughput", "size_on_disk", "refresh", "score"),
    wanted=(
        "setup.instructions",
        "setup.requirements",
        "setup.interface",
        "setup.implementation",
        "setup.weights",
        "hardware.inference.host",
        "inference_methodology.programming",
        "robustness.drift",
        "overview.contact",
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
    sentences=("state", "running", "limits"),
    glance=(
        "setup",
        "interface",
        "design",
        "by_length",
        "requirements",
        "framework",
        "attached",
        "power",
        "compensation",
        "robustness",
        "code",
        "weights",
        "described",
        "homepage",
        "contact",
        "licence",
    ),
    figures=("latency", "ops", "energy", "drift"),
    tables=("chip",),
)

# The software developer: builds applications around the model.
#
# Section 5.1 of the study: needs centre on integration and on the infrastructure around a model, from a higher level;
# decisions about parameters have been made by then.
SOFTWARE_DEVELOPER = View(
    name="software-developer",
    what="use",
    key_figures=("time", "score", "gap", "size_on_disk", "throughput", "refresh"),
    wanted=(
        "setup.instructions",
        "setup.interface",
        "setup.requirements",
        "setup.implementation",
        "setup.weights",
        "performance.throughput_cpu",
        "performance.throughput_gpu",
        "overview.contact",
        "overview.licence",
    ),
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
    sentences=("applications", "scored_uses", "scores", "runs", "baseline", "running", "limits"),
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
        "contact",
        "licence",
    ),
    figures=("latency", "accuracy"),
    tables=("gains",),
)

# The business expert: judges what the technology does for a business.
#
# Nobody in this role was available to the study; the selection follows the tasks of Table 1.
BUSINESS_EXPERT = View(
    name="business-expert",
    what="use",
    key_figures=("energy_of_a_million", "time", "throughput", "gap", "score", "refresh"),
    wanted=(
        "performance.energy_baseline",
        "hardware.inference.maturity",
        "overview.contact",
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
    sentences=("state", "applications", "scored_uses", "scores", "runs", "baseline", "limits", "benefits"),
    glance=(
        "million_by_length",
        "digital",
        "robustness",
        "upkeep",
        "not_for",
        "risks",
        "responsible",
        "homepage",
        "licence",
    ),
    figures=("accuracy",),
    tables=("gains",),
)
