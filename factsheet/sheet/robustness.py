"""Robustness and limitations, which participants of the study missed in the published sheet."""

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Items, Line, Measure, Prose, Whole
from factsheet.facts.section import Name, Record, Rows, Section, Text, ask
from factsheet.sheet.performance import Score, Scored, ScoreDifference
from factsheet.sheet.ranges.analog import SHARE
from factsheet.sheet.ranges.chips import ACCEPTED_LOSS, AFTER_PROGRAMMING, RUN_ENERGY, RUN_TIME

AcceptedLoss = Annotated[Fact, Measure("score_difference", "time", "length", within=ACCEPTED_LOSS)]
BEYOND_NOISE = ("both", "alone", "won back", "neither")
"""Which of a row's two losses is more than the noise of the chips."""


class DriftPoint(Record):
    """The score some time after the weights were programmed."""

    after: Annotated[Fact, Measure("time", within=AFTER_PROGRAMMING)] = ask(
        "Time since programming.", "How long after programming?", "1 week", default=...
    )
    score: Score = ask("Score at that time.", "How good is it then?", "80.1 %", default=...)
    series: Name | None = ask(
        "The curve that the point belongs to, where a study has several.",
        "Of which curve?",
        "with drift compensation",
    )
    note: Text | None = ask("What goes with it.", "Under what conditions?", "With global drift compensation.")


class PartLoss(Record):
    """What one layer on tiles, or one source of error, costs."""

    name: Name = ask(
        "The layer, by the name that `factsheet inspect` lists, or the source of error.",
        "Which layer, or which source?",
        "encoder.layer.0.output",
        default=...,
    )
    alone: ScoreDifference | None = ask(
        "Score lost with this layer alone on tiles, or with this source alone.",
        "What is lost by it alone?",
        "0.80 % ± 0.15 %",
    )
    won_back: ScoreDifference | None = ask(
        "Score won back with this layer alone digital, or with this source alone left out.",
        "What is won back without it?",
        "0.70 % ± 0.20 %",
    )
    beyond_noise: Annotated[Fact, Choice(*BEYOND_NOISE)] | None = ask(
        "Which of the two is more than the noise of the chips, all rows of the table taken together.",
        "Is it more than noise?",
        "both",
    )


class ProposedMapping(Record):
    """Which layers to keep digital so that no more than an accepted loss is lost."""

    accepted_loss: ScoreDifference = ask(
        "Loss of score that the mapping was chosen for.", "How much may be lost?", "1 %", default=...
    )
    digital: Annotated[Fact, Items()] | None = ask(
        "Layers that are kept digital; left out where none has to be.",
        "Which layers are kept digital?",
        ["encoder.layer.0.output", "classifier"],
    )
    digital_layers: Annotated[Fact, Whole(least=0)] | None = ask(
        "How many layers are kept digital.", "How many are kept digital?", 2
    )
    loss: ScoreDifference | None = ask(
        "Score that the mapping loses, on chips that had no part in choosing it.",
        "What does it lose?",
        "0.62 % ± 0.15 %",
    )
    profile: Annotated[Fact, Line()] | None = ask(
        "Hardware profile that its energy and time are estimated for.", "For which chip?", "ibm-2022"
    )
    energy: Annotated[Fact, Measure("energy", within=RUN_ENERGY)] | None = ask(
        "Energy of one inference with this mapping.", "What energy does it take?", "594 µJ"
    )
    energy_all_on_tiles: Annotated[Fact, Measure("energy", within=RUN_ENERGY)] | None = ask(
        "Energy of one inference with all of these layers on tiles.",
        "What energy would it take with all on tiles?",
        "601 µJ",
    )
    time: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time of one run with this mapping.", "How long does a run take?", "0.61 ms"
    )
    time_all_on_tiles: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time of one run with all of these layers on tiles.",
        "How long would a run take with all on tiles?",
        "0.60 ms",
    )


class ScoreSensitivity(Record):
    """What is lost by layer and by source of error."""

    after: Annotated[Fact, Measure("time", within=AFTER_PROGRAMMING)] | None = ask(
        "Time since programming that it holds for.", "How long after programming?", "1 day"
    )
    chips: Annotated[Fact, Whole()] | None = ask(
        "Chips that each figure is the mean of.", "Over how many chips?", 20
    )
    confidence: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Confidence of the ± that goes with each loss.", "How sure is that?", "90 %"
    )
    loss: ScoreDifference | None = ask(
        "Score lost against floating point with all layers on tiles and all sources of error.",
        "What is lost in all?",
        "2.10 % ± 0.30 %",
    )
    layers: Rows[PartLoss] | None = ask(
        "Losses by layer: alone on tiles, and alone digital.",
        "Which layers cost most?",
        [{"name": "classifier", "alone": "0.80 % ± 0.15 %"}],
        max_length=10_000,
    )
    noise_sources: Rows[PartLoss] | None = ask(
        "Losses by source of error: alone, and left out.",
        "Which sources of error cost most?",
        [{"name": "drift", "alone": "0.50 % ± 0.10 %"}],
        max_length=100,
    )
    mapping: ProposedMapping | None = ask(
        "Layers to keep digital so that no more than an accepted loss is lost.",
        "Which layers should be digital?",
        {"accepted_loss": "1 %", "digital": ["classifier"], "loss": "0.62 % ± 0.15 %"},
    )


class Robustness(Section, Scored):
    """How the model behaves when hardware or inputs are not as expected."""

    question: ClassVar[str] = "How well does it withstand noise, drift, heat and unusual inputs?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "Robustness in words.", "How robust is it?", "Loses less than a point over a month with compensation."
    )
    noise: Annotated[Fact, Prose()] | None = ask(
        "Behaviour under stronger noise than trained for.",
        "What if noise is stronger?",
        "Falls 2 points at twice the noise.",
    )
    drift: Annotated[Fact, Prose()] | None = ask(
        "Behaviour over time after programming.",
        "What happens over time?",
        "About 5 % in 30 days uncompensated.",
    )
    drift_loss: ScoreDifference | None = ask(
        "Score lost until the refresh interval ends.",
        "How much is lost until the refresh?",
        "1 percentage point",
    )
    accepted_loss: AcceptedLoss | None = ask(
        "Loss of score at which the weights are programmed again.", "How much loss is accepted?", "1 %"
    )
    metric: Name | None = ask("Metric of the scores over time.", "Which metric?", "word error rate")
    over_time: Rows[DriftPoint] | None = ask(
        "Scores over time after programming.",
        "How does accuracy change over time?",
        [{"after": "1 week", "score": "80.1 %"}],
        max_length=200,
    )
    sensitivity: ScoreSensitivity | None = ask(
        "What each layer on tiles and each source of error costs, and which layers to keep digital.",
        "Which layers and which noise cost most?",
        {"after": "1 day", "layers": [{"name": "classifier", "alone": "0.80 % ± 0.15 %"}]},
    )
    temperature: Annotated[Fact, Prose()] | None = ask(
        "Behaviour when temperature changes.", "What if it gets warm?", "Evaluated at 25 °C and 65 °C."
    )
    unusual_inputs: Annotated[Fact, Prose()] | None = ask(
        "Behaviour on inputs unlike the training data.",
        "What if inputs differ?",
        "Accuracy falls on informal text.",
    )
    adversarial: Annotated[Fact, Prose()] | None = ask(
        "Behaviour under deliberate attack.", "Can it be fooled?", "Tested against word substitution."
    )
    bias: Annotated[Fact, Prose()] | None = ask(
        "Differences between groups of people.",
        "Does it treat groups alike?",
        "Measured on a bias benchmark.",
    )


class Limitations(Section):
    """What the model cannot do, and what is hard about the system."""

    question: ClassVar[str] = "What can it not do, and what is hard about it?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "Limitations in words.",
        "What should one know before relying on it?",
        "Figures are estimates for a prototype.",
    )
    known: Annotated[Fact, Items()] | None = ask(
        "Known limitations, one a line.",
        "What does not work?",
        ["Sequences beyond 128 tokens were not evaluated."],
    )
    challenges: Annotated[Fact, Items()] | None = ask(
        "What is hard about the system.",
        "What is hard?",
        ["Weights have to be programmed again every four weeks."],
    )
    risks: Annotated[Fact, Prose()] | None = ask(
        "Risks of use and what limits them.",
        "What can go wrong?",
        "Wrong answers late in the refresh interval.",
    )
    ethics: Annotated[Fact, Prose()] | None = ask(
        "Ethical considerations.", "Whom could it harm?", "Inherits the biases of its pretraining text."
    )
    obligations: Annotated[Fact, Prose()] | None = ask(
        "Legal or regulatory duties that come with its use.", "What must an operator do?", "None known."
    )
