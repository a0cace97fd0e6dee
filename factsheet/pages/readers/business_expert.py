"""The business expert: judges what the technology does for a business.

Nobody in this role was available to the study; the selection follows the tasks of Table 1.
"""

from __future__ import annotations

from factsheet.pages.readers.view import Chapter, View

VIEW = View(
    name="business-expert",
    headlines=("applications", "energy_of_a_million", "time", "accuracy", "maturity", "refresh", "terms"),
    chapters=(
        Chapter("purpose", "What does it do, and for whom?"),
        Chapter("energy", "What does an answer cost in energy?", "Energy"),
        Chapter("operation", "How fast is an answer?", "Speed"),
        Chapter("accuracy", "How much accuracy does the analog hardware cost?"),
        Chapter("inference_hardware", "Can it be bought today?", "Readiness"),
        Chapter("upkeep", "What does it take to keep it running?", "Upkeep"),
        Chapter("limitations", "What are the limits, risks and obligations?"),
        Chapter("overview", "Who stands behind it, and under which terms?"),
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
    question="What does the model do for a business, what does it save, and what does it commit one to?",
    sentences=("applications", "energy", "baseline", "accuracy", "maturity"),
    figures=("accuracy",),
    tables=("gains",),
)
