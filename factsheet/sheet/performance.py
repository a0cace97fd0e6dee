"""Performance: result tables of tasks by systems, and the figures of the hardware."""

from typing import Annotated, ClassVar, Literal

from factsheet.facts.evaluation import Evaluation
from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Line, Measure, Prose, Whole
from factsheet.facts.section import Identifier, Name, Provenance, Record, Rows, Section, Text, ask
from factsheet.sheet.ranges.analog import SAMPLING_ERROR, SHARE
from factsheet.sheet.ranges.chips import (
    CHIP_EFFICIENCY,
    EFFICIENCY,
    REFRESH,
    RUN_ENERGY,
    RUN_TIME,
    SIZE_ON_CHIP,
    THROUGHPUT,
    THROUGHPUT_DIGITAL,
)
from factsheet.sheet.ranges.networks import CLASSES_OF_TASK, EXAMPLES, FILE_SIZE

Score = Annotated[Fact, Measure("score", "time", "length")]
"""A score: a share, a number with a unit or none, a time or a length."""
ScoreDifference = Annotated[Fact, Measure("score_difference", "time_difference", "length_difference")]
"""A difference of two scores, in percentage points or in the scores' unit."""
REFRESH_REFERENCES = ("first time point", "digital model")
"""What the loss that ends the refresh interval is counted from."""
INFERENCE_UNITS = ("sequence", "token", "image", "frame", "utterance", "sample")
BOUNDARIES = ("tile", "chip", "board", "wall")
"""From the inside out: each includes what is before it."""
Averaging = Literal["mean over rows", "mean over tasks", "weighted by size", "other"]


class Scored(Record):
    """What a reader needs to judge scores: their unit, which direction is better, and how they were taken."""

    unit: Name | None = ask(
        "Unit of scores that are no shares; none where they are plain numbers.",
        "In which unit are the scores?",
        "dex",
    )
    higher_is_better: bool | None = ask(
        "Whether a higher score is a better one, where the metric is not a known one.",
        "Is more better?",
        False,
    )
    evaluation: Evaluation | None = ask(
        "How the scores were taken: data set, configuration, split, revision, shots, runs and their spread.",
        "How were they evaluated?",
        {"split": "validation", "seeds": 5, "spread": "standard deviation"},
    )


class System(Provenance):
    """One column of a result table: something that was evaluated."""

    id: Identifier = ask(
        "Short name that the scores refer to.", "How do rows name it?", "analog", default=...
    )
    name: Name = ask("Name for readers.", "What is it called?", "Analog AI", default=...)
    kind: Literal["analog", "digital"] | None = ask(
        "Whether it computes on analog tiles.", "Analog or digital?", "analog"
    )


class Task(Scored):
    """One row of a result table."""

    task: Name = ask("Name of the task.", "Which task?", "MNLI", default=...)
    size: Annotated[Fact, Measure("count", within=EXAMPLES)] | None = ask(
        "Examples in the task's data.", "How large is its data?", "393k"
    )
    type: Literal["classification", "regression", "other"] | None = ask(
        "Type of the task.", "Classification or regression?", "classification"
    )
    classes: Annotated[Fact, Whole(within=CLASSES_OF_TASK)] | None = ask(
        "Classes told apart.", "How many classes?", 3
    )
    metric: Name | None = ask("Metric of the scores.", "Which metric?", "accuracy")
    also_reported: Name | None = ask("Further metrics that are customary for the task.", "What else?", "F1")
    scores: dict[Identifier, Score] = ask(
        "One score for each system.",
        "What did each system reach?",
        {"analog": "82.12 %", "digital": "83.40 %"},
        default=...,
    )
    provenance: Provenance | None = ask(
        "Provenance of the row's scores that do not state their own; it goes before that of their systems.",
        "Where do this row's scores come from?",
        {"source": "cited", "evidence": "devlin-2019"},
    )
    note: Text | None = ask("What goes with this row.", "What else holds here?", "Mean of five seeds.")


class ResultTable(Scored):
    """Scores of several systems on several tasks."""

    name: Name = ask("Name of the table.", "What does it show?", "GLUE", default=...)
    metric: Name | None = ask(
        "Metric of every task that names none.", "Which metric, unless a row says otherwise?", "accuracy"
    )
    systems: Rows[System] = ask(
        "What was evaluated.",
        "Which systems are compared?",
        [
            {"id": "analog", "name": "Analog AI", "kind": "analog"},
            {"id": "digital", "name": "Digital", "kind": "digital"},
        ],
        default=...,
        min_length=1,
        max_length=100,
    )
    tasks: Rows[Task] = ask(
        "One row for each task.",
        "What did they reach?",
        [{"task": "MNLI", "scores": {"analog": "82.12 %", "digital": "83.40 %"}}],
        default=...,
        min_length=1,
        max_length=1000,
    )
    averages: dict[Identifier, Score] | None = ask(
        "Mean over the tasks, for each system, as published.",
        "What is the average?",
        {"analog": "82.12 %", "digital": "83.40 %"},
    )
    averaging: Averaging | None = ask(
        "How `averages` are taken: over rows, over tasks that have several rows, or weighted by the tasks' sizes.",
        "How was it averaged?",
        "weighted by size",
    )
    gap: ScoreDifference | None = ask(
        "Mean of the analog system minus mean of the digital one, over the tasks that both have.",
        "How far is analog from digital?",
        "-1.28 percentage points",
    )
    note: Text | None = ask("What goes with the table.", "What else holds here?", "Validation split.")


class Performance(Section):
    """What the model reaches and what it takes: accuracy, time, energy, size, upkeep."""

    question: ClassVar[str] = "How good is it, how fast, at what energy, and for how long?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "Performance in words.", "How does it perform?", "Within a point of the digital model on average."
    )
    metrics: Annotated[Fact, Prose()] | None = ask(
        "How the metrics are to be read.",
        "Which metrics, and why?",
        "Accuracy, but for CoLA: Matthews correlation.",
    )
    results: Rows[ResultTable] | None = ask(
        "Result tables.",
        "How good is it?",
        [
            {
                "name": "GLUE",
                "metric": "accuracy",
                "systems": [
                    {"id": "analog", "name": "Analog AI", "kind": "analog"},
                    {"id": "digital", "name": "Digital", "kind": "digital"},
                ],
                "tasks": [{"task": "MNLI", "scores": {"analog": "82.12 %", "digital": "83.40 %"}}],
            }
        ],
    )
    classification_time: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time until an answer is there.", "How long does an inference take?", "0.19 ms"
    )
    latency_p50: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time within which half of the answers are there.", "What is the median latency?", "0.18 ms"
    )
    latency_p99: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time within which 99 of 100 answers are there.", "What is the 99th percentile of latency?", "0.31 ms"
    )
    host_transfer: Annotated[Fact, Choice("included", "not included")] | None = ask(
        "Whether times include moving data between the host and the chip.",
        "Do times include the transfer from and to the host?",
        "included",
    )
    inference_unit: Annotated[Fact, Choice(*INFERENCE_UNITS)] | None = ask(
        "What one inference is, in throughput, energy per inference and inferences per second and watt.",
        "What is one inference?",
        "sequence",
    )
    energy_boundary: Annotated[Fact, Choice(*BOUNDARIES)] | None = ask(
        "What energies, powers and efficiencies include: the tiles, the chip, the board with memory and supply, or all "
        "that is drawn from the wall.",
        "Of what is the energy: tile, chip, board, wall?",
        "chip",
    )
    energy_efficiency: (
        Annotated[Fact, Measure("inferences_per_second_per_watt", within=EFFICIENCY)] | None
    ) = ask("Inferences per second and watt.", "How many inferences for a joule?", "6589 inferences/s/W")
    energy_per_inference: Annotated[Fact, Measure("energy", within=RUN_ENERGY)] | None = ask(
        "Energy of one inference.", "How much energy does one inference take?", "152 µJ"
    )
    throughput: Annotated[Fact, Measure("throughput", within=THROUGHPUT)] | None = ask(
        "Inferences per second on the analog hardware.", "How many inferences a second?", "21000 inferences/s"
    )
    throughput_cpu: Annotated[Fact, Measure("throughput", within=THROUGHPUT_DIGITAL)] | None = ask(
        "Inferences per second on a CPU, to compare with.", "How fast is it on a CPU?", "0.05 kHz"
    )
    throughput_gpu: Annotated[Fact, Measure("throughput", within=THROUGHPUT_DIGITAL)] | None = ask(
        "Inferences per second on a CPU with a GPU, to compare with.", "How fast is it on a GPU?", "2 kHz"
    )
    energy_baseline: Annotated[Fact, Measure("inferences_per_second_per_watt", within=EFFICIENCY)] | None = (
        ask(
            "Inferences per second and watt of the digital system it is compared with.",
            "What does a GPU reach?",
            "30 inferences/s/W",
        )
    )
    tops_per_watt: Annotated[Fact, Measure("ops_per_second_per_watt", within=CHIP_EFFICIENCY)] | None = ask(
        "Operations per second and watt of the whole chip; a tile alone reaches more.",
        "How many TOPS/W does the chip reach?",
        "36.7 TOPS/W",
    )
    size_on_disk: Annotated[Fact, Measure("data_size", within=FILE_SIZE)] | None = ask(
        "Size of the stored model.", "How large is the file?", "438 MB"
    )
    size_on_chip: Annotated[Fact, Measure("area", "count", within=SIZE_ON_CHIP)] | None = ask(
        "Size on an in-memory computing chip, as area or as number of tiles.",
        "How much of the chip does it take?",
        "480 tiles",
    )
    refresh_interval: Annotated[Fact, Measure("time", within=REFRESH)] | None = ask(
        "Time after which the weights have to be programmed again.",
        "How often is it re-programmed?",
        "4 weeks",
    )
    refresh_reference: Annotated[Fact, Choice(*REFRESH_REFERENCES)] | None = ask(
        "What the loss that ends the refresh interval is counted from: the score at the first time point after "
        "programming, or that of the digital model.",
        "From which score is the loss counted?",
        "first time point",
    )
    refresh_from_first: Annotated[Fact, Measure("time", within=REFRESH)] | None = ask(
        "The refresh interval with losses counted from the score at the first time point after programming.",
        "When is the accepted loss reached, from the first time point on?",
        "4 weeks",
    )
    refresh_from_digital: Annotated[Fact, Measure("time", within=REFRESH)] | None = ask(
        "The refresh interval with losses counted from the score of the digital model.",
        "When is the accepted loss reached, against the digital model?",
        "1 week",
    )
    refresh_chips: Annotated[Fact, Choice("mean over chips", "share of chips")] | None = ask(
        "Whether the refresh interval is that of the mean over chips, or one that a share of chips holds.",
        "Is it that of the mean chip, or of most chips?",
        "mean over chips",
    )
    refresh_share: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Share of chips that lose no more than is accepted until the refresh interval ends.",
        "Which share of chips holds until then?",
        "95 %",
    )
    refresh_earliest: Annotated[Fact, Measure("time", within=REFRESH)] | None = ask(
        "Lower end of the refresh interval's own confidence interval.",
        "How early could it be?",
        "3 weeks",
    )
    refresh_confidence: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Confidence of the ends that are given with the refresh interval.", "How sure is that?", "90 %"
    )
    refresh_sampling_error: (
        Annotated[
            Fact, Measure("score_difference", "time_difference", "length_difference", within=SAMPLING_ERROR)
        ]
        | None
    ) = ask(
        "Standard error of a loss of the accepted size that comes from the number of test examples; at least.",
        "How far can the test set be off?",
        "0.3 percentage points",
    )
    refresh_reason: Annotated[Fact, Prose()] | None = ask(
        "What makes re-programming necessary.", "Why is it re-programmed?", "Drift and loss of retention."
    )
    test_conditions: Annotated[Fact, Line()] | None = ask(
        "Under what conditions the figures hold.",
        "Under what conditions?",
        "25 °C, one hour after programming",
    )
