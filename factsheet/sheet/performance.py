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
        "In which unit are these scores, if they are no shares?",
        "dex",
    )
    higher_is_better: bool | None = ask(
        "Whether a higher score is a better one, where the metric is not a known one.",
        "Is a higher one of these scores a better one?",
        False,
    )
    evaluation: Evaluation | None = ask(
        "How the scores were taken: data set, configuration, split, revision, shots, runs and their spread.",
        "How were these scores taken: on which data set, split and number of runs?",
        {"split": "validation", "seeds": 5, "spread": "standard deviation"},
    )


class System(Provenance):
    """One column of a result table: something that was evaluated."""

    id: Identifier = ask(
        "Short name that the scores refer to.",
        "By which short name do the rows of the result table name this system?",
        "analog",
        default=...,
    )
    name: Name = ask(
        "Name for readers.", "What is this system of the result table called?", "Analog AI", default=...
    )
    kind: Literal["analog", "digital"] | None = ask(
        "Whether it computes on analog tiles.",
        "Is this system of the result table analog or digital?",
        "analog",
    )


class Task(Scored):
    """One row of a result table."""

    task: Name = ask(
        "Name of the task.", "Which task is this row of the result table about?", "MNLI", default=...
    )
    size: Annotated[Fact, Measure("count", within=EXAMPLES)] | None = ask(
        "Examples in the task's data.", "How many examples are in the data of this task?", "393k"
    )
    type: Literal["classification", "regression", "other"] | None = ask(
        "Type of the task.", "Is this task a classification or a regression?", "classification"
    )
    classes: Annotated[Fact, Whole(within=CLASSES_OF_TASK)] | None = ask(
        "Classes told apart.", "How many classes are told apart in this task?", 3
    )
    metric: Name | None = ask(
        "Metric of the scores.", "Which metric are the scores of this task?", "accuracy"
    )
    also_reported: Name | None = ask(
        "Further metrics that are customary for the task.",
        "Which further metrics are customary for this task?",
        "F1",
    )
    scores: dict[Identifier, Score] = ask(
        "One score for each system.",
        "Which score did each system reach on this task?",
        {"analog": "82.12 %", "digital": "83.40 %"},
        default=...,
    )
    provenance: Provenance | None = ask(
        "Provenance of the row's scores that do not state their own; it goes before that of their systems.",
        "Where do the scores of this task come from?",
        {"source": "cited", "evidence": "devlin-2019"},
    )
    note: Text | None = ask(
        "What goes with this row.",
        "What else should a reader know of the scores of this task?",
        "Mean of five seeds.",
    )


class ResultTable(Scored):
    """Scores of several systems on several tasks."""

    name: Name = ask("Name of the table.", "What does this result table show?", "GLUE", default=...)
    metric: Name | None = ask(
        "Metric of every task that names none.",
        "Which metric are the scores of this result table, unless a row says otherwise?",
        "accuracy",
    )
    systems: Rows[System] = ask(
        "What was evaluated.",
        "Which systems does this result table compare?",
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
        "Which score did each system reach on each task of this result table?",
        [{"task": "MNLI", "scores": {"analog": "82.12 %", "digital": "83.40 %"}}],
        default=...,
        min_length=1,
        max_length=1000,
    )
    averages: dict[Identifier, Score] | None = ask(
        "Mean over the tasks, for each system, as published.",
        "Which average over the tasks of this result table was published for each system?",
        {"analog": "82.12 %", "digital": "83.40 %"},
    )
    averaging: Averaging | None = ask(
        "How `averages` are taken: over rows, over tasks that have several rows, or weighted by the tasks' sizes.",
        "How were the averages of this result table taken?",
        "weighted by size",
    )
    gap: ScoreDifference | None = ask(
        "Mean of the analog system minus mean of the digital one, over the tasks that both have.",
        "How far is the analog system from the digital one, on average over the tasks of this result table?",
        "-1.28 percentage points",
    )
    note: Text | None = ask(
        "What goes with the table.",
        "What else should a reader know of this result table?",
        "Validation split.",
    )


class Performance(Section):
    """What the model reaches and what it takes: accuracy, time, energy, size, upkeep."""

    question: ClassVar[str] = (
        "How good and how fast is the model on its hardware, at what energy, and for how long?"
    )

    summary: Annotated[Fact, Prose()] | None = ask(
        "Performance in words.",
        "How does the model perform on its hardware, in words?",
        "Within a point of the digital model on average.",
    )
    metrics: Annotated[Fact, Prose()] | None = ask(
        "How the metrics are to be read.",
        "Which metrics is the model judged by, and how are they to be read?",
        "Accuracy, but for CoLA: Matthews correlation.",
    )
    results: Rows[ResultTable] | None = ask(
        "Result tables.",
        "Which scores does the model reach on which tasks, beside which other systems?",
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
        "Time until an answer is there.",
        "How long does one inference take on the analog hardware, until the answer is there?",
        "0.19 ms",
    )
    latency_p50: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time within which half of the answers are there.",
        "What is the median latency of an inference on the analog hardware?",
        "0.18 ms",
    )
    latency_p99: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time within which 99 of 100 answers are there.",
        "What is the 99th percentile of the latency of an inference on the analog hardware?",
        "0.31 ms",
    )
    host_transfer: Annotated[Fact, Choice("included", "not included")] | None = ask(
        "Whether times include moving data between the host and the chip.",
        "Do the stated times include moving data between the host and the chip?",
        "included",
    )
    inference_unit: Annotated[Fact, Choice(*INFERENCE_UNITS)] | None = ask(
        "What one inference is, in throughput, energy per inference and inferences per second and watt.",
        "Of what is one inference in the figures of throughput and energy: a sequence, a token, an image?",
        "sequence",
    )
    energy_boundary: Annotated[Fact, Choice(*BOUNDARIES)] | None = ask(
        "What energies, powers and efficiencies include: the tiles, the chip, the board with memory and supply, or all "
        "that is drawn from the wall.",
        "What do the stated energies and powers include: tile, chip, board, wall?",
        "chip",
    )
    energy_efficiency: (
        Annotated[Fact, Measure("inferences_per_second_per_watt", within=EFFICIENCY)] | None
    ) = ask(
        "Inferences per second and watt.",
        "How many inferences per second and watt does the analog hardware reach?",
        "6589 inferences/s/W",
    )
    energy_per_inference: Annotated[Fact, Measure("energy", within=RUN_ENERGY)] | None = ask(
        "Energy of one inference.",
        "How much energy does one inference take on the analog hardware?",
        "152 µJ",
    )
    throughput: Annotated[Fact, Measure("throughput", within=THROUGHPUT)] | None = ask(
        "Inferences per second on the analog hardware.",
        "How many inferences per second does the analog hardware reach?",
        "21000 inferences/s",
    )
    throughput_cpu: Annotated[Fact, Measure("throughput", within=THROUGHPUT_DIGITAL)] | None = ask(
        "Inferences per second on a CPU, to compare with.",
        "How many inferences per second does the model reach on a CPU?",
        "0.05 kHz",
    )
    throughput_gpu: Annotated[Fact, Measure("throughput", within=THROUGHPUT_DIGITAL)] | None = ask(
        "Inferences per second on a CPU with a GPU, to compare with.",
        "How many inferences per second does the model reach on a CPU with a GPU?",
        "2 kHz",
    )
    energy_baseline: Annotated[Fact, Measure("inferences_per_second_per_watt", within=EFFICIENCY)] | None = (
        ask(
            "Inferences per second and watt of the digital system it is compared with.",
            "How many inferences per second and watt does the digital system reach that the chip "
            "is compared with, such as a GPU?",
            "30 inferences/s/W",
        )
    )
    tops_per_watt: Annotated[Fact, Measure("ops_per_second_per_watt", within=CHIP_EFFICIENCY)] | None = ask(
        "Operations per second and watt of the whole chip; a tile alone reaches more.",
        "How many tera-operations per second and watt does the whole chip reach?",
        "36.7 TOPS/W",
    )
    size_on_disk: Annotated[Fact, Measure("data_size", within=FILE_SIZE)] | None = ask(
        "Size of the stored model.", "How large is the stored model on disk?", "438 MB"
    )
    size_on_chip: Annotated[Fact, Measure("area", "count", within=SIZE_ON_CHIP)] | None = ask(
        "Size on an in-memory computing chip, as area or as number of tiles.",
        "How much of an in-memory computing chip does the model take, as area or as number of tiles?",
        "480 tiles",
    )
    refresh_interval: Annotated[Fact, Measure("time", within=REFRESH)] | None = ask(
        "Time after which the weights have to be programmed again.",
        "After which time do the model's weights have to be programmed again?",
        "4 weeks",
    )
    refresh_reference: Annotated[Fact, Choice(*REFRESH_REFERENCES)] | None = ask(
        "What the loss that ends the refresh interval is counted from: the score at the first time point after "
        "programming, or that of the digital model.",
        "From which score is the loss counted that ends the refresh interval?",
        "first time point",
    )
    refresh_from_first: Annotated[Fact, Measure("time", within=REFRESH)] | None = ask(
        "The refresh interval with losses counted from the score at the first time point after programming.",
        "After which time is the accepted loss reached, counted from the first time point after programming?",
        "4 weeks",
    )
    refresh_from_digital: Annotated[Fact, Measure("time", within=REFRESH)] | None = ask(
        "The refresh interval with losses counted from the score of the digital model.",
        "After which time is the accepted loss reached, counted from the digital model's score?",
        "1 week",
    )
    refresh_chips: Annotated[Fact, Choice("mean over chips", "share of chips")] | None = ask(
        "Whether the refresh interval is that of the mean over chips, or one that a share of chips holds.",
        "Is the refresh interval that of the mean over chips, or of a share of chips?",
        "mean over chips",
    )
    refresh_share: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Share of chips that lose no more than is accepted until the refresh interval ends.",
        "Which share of chips holds the accepted loss until the refresh interval ends?",
        "95 %",
    )
    refresh_earliest: Annotated[Fact, Measure("time", within=REFRESH)] | None = ask(
        "Lower end of the refresh interval's own confidence interval.",
        "How early could the refresh interval end, by its own confidence interval?",
        "3 weeks",
    )
    refresh_confidence: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Confidence of the ends that are given with the refresh interval.",
        "Which confidence have the ends that are given with the refresh interval?",
        "90 %",
    )
    refresh_sampling_error: (
        Annotated[
            Fact, Measure("score_difference", "time_difference", "length_difference", within=SAMPLING_ERROR)
        ]
        | None
    ) = ask(
        "Standard error of a loss of the accepted size that comes from the number of test examples; at least.",
        "How far off can the loss at the end of the refresh interval be, for the size of the test set?",
        "0.3 percentage points",
    )
    refresh_reason: Annotated[Fact, Prose()] | None = ask(
        "What makes re-programming necessary.",
        "Why do the model's weights have to be programmed again?",
        "Drift and loss of retention.",
    )
    test_conditions: Annotated[Fact, Line()] | None = ask(
        "Under what conditions the figures hold.",
        "Under which conditions, such as temperature, do the figures of performance hold?",
        "25 °C, one hour after programming",
    )
