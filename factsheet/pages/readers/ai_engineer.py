"""The AI engineer: takes the technology into production.

Nobody in this role could be interviewed before the template was made. One evaluated the finished sheet, missed
detail on the analog side and asked for links to papers (section 5.3 of the study).
"""

from __future__ import annotations

from factsheet.pages.readers.view import Chapter, View

VIEW = View(
    name="ai-engineer",
    headlines=("setup", "run", "efficiency", "refresh", "robustness", "maturity", "papers"),
    chapters=(
        Chapter("setup", "What do I need, and how does it fit into a pipeline?"),
        Chapter("operation", "How fast is it, and at which operating point?"),
        Chapter("energy", "What does it draw when it runs?"),
        Chapter("inference_hardware", "What does it run on, and what does that plug into?"),
        Chapter("upkeep", "How often do weights have to be programmed again?"),
        Chapter("robustness", "What happens when noise, time or temperature differ?"),
        Chapter("inference", "What keeps it accurate in operation?"),
        Chapter("limitations", "What will be hard in operation?"),
        Chapter("hwa_training", "What was it trained to stand?"),
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
    question="What does it take to put the model into production and to keep it there?",
    sentences=("setup", "run", "memory", "interface", "refresh"),
    figures=("latency", "ops", "energy", "drift"),
    tables=("chip",),
)
