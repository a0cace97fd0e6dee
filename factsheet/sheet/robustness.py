"""Robustness and limitations, which participants of the study missed in the published sheet."""

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Choice, Items, Line, Measure, Prose, Whole
from factsheet.facts.section import Name, Record, Rows, Section, Text, ask
from factsheet.sheet.performance import Score, Scored, ScoreDifference
from factsheet.sheet.ranges.analog import SHARE
from factsheet.sheet.ranges.chips import (
    ACCEPTED_LOSS,
    AFTER_PROGRAMMING,
    NOISE_STRENGTH,
    RUN_ENERGY,
    RUN_TIME,
)

AcceptedLoss = Annotated[Fact, Measure("score_difference", "time", "length", within=ACCEPTED_LOSS)]
BEYOND_NOISE = ("both", "alone", "won back", "neither")
"""Which of a row's two losses is more than the noise of the chips."""


class DriftPoint(Record):
    """The score some time after the weights were programmed."""

    after: Annotated[Fact, Measure("time", within=AFTER_PROGRAMMING)] = ask(
        "Time since programming.", "How long after programming was this score taken?", "1 week", default=...
    )
    score: Score = ask(
        "Score at that time.",
        "Which score does the model reach that long after programming?",
        "80.1 %",
        default=...,
    )
    series: Name | None = ask(
        "The curve that the point belongs to, where a study has several.",
        "To which curve of the study does this score over time belong?",
        "with drift compensation",
    )
    note: Text | None = ask(
        "What goes with it.",
        "Under which conditions was this score over time taken?",
        "With global drift compensation.",
    )


class NoisePoint(Record):
    """The score with noise of another strength."""

    strength: Annotated[Fact, Measure("number", within=NOISE_STRENGTH)] = ask(
        "Strength of the noise, as a multiple of the hardware's own.",
        "With how many times the noise of the hardware was this score taken?",
        2,
        default=...,
    )
    score: Score = ask(
        "Score at that strength.",
        "Which score does the model reach with noise of that strength?",
        "78.4 %",
        default=...,
    )
    after: Annotated[Fact, Measure("time", within=AFTER_PROGRAMMING)] | None = ask(
        "Time since programming.",
        "How long after programming was this score at another strength of noise taken?",
        "1 h",
    )
    series: Name | None = ask(
        "The curve that the point belongs to, where a study has several.",
        "To which curve of the study does this score at another strength of noise belong?",
        "trained with noise",
    )
    note: Text | None = ask(
        "What goes with it.",
        "Under which conditions was this score at another strength of noise taken?",
        "Programming and read noise alone.",
    )


class PartLoss(Record):
    """What one layer on tiles, or one source of error, costs."""

    name: Name = ask(
        "The layer, by the name that `factsheet inspect` lists, or the source of error.",
        "Which layer, or which source of error, is this loss of score about?",
        "encoder.layer.0.output",
        default=...,
    )
    alone: ScoreDifference | None = ask(
        "Score lost with this layer alone on tiles, or with this source alone.",
        "How much score is lost by this layer or source of error alone?",
        "0.80 % ± 0.15 %",
    )
    won_back: ScoreDifference | None = ask(
        "Score won back with this layer alone digital, or with this source alone left out.",
        "How much score is won back without this layer or source of error?",
        "0.70 % ± 0.20 %",
    )
    beyond_noise: Annotated[Fact, Choice(*BEYOND_NOISE)] | None = ask(
        "Which of the two is more than the noise of the chips, all rows of the table taken together.",
        "Is the loss of this layer or source of error more than the noise of the chips?",
        "both",
    )


class ProposedMapping(Record):
    """Which layers to keep digital so that no more than an accepted loss is lost."""

    accepted_loss: ScoreDifference = ask(
        "Loss of score that the mapping was chosen for.",
        "For which accepted loss of score was the proposed mapping of layers chosen?",
        "1 %",
        default=...,
    )
    digital: Annotated[Fact, Items()] | None = ask(
        "Layers that are kept digital; left out where none has to be.",
        "Which layers does the proposed mapping keep digital?",
        ["encoder.layer.0.output", "classifier"],
    )
    digital_layers: Annotated[Fact, Whole(least=0)] | None = ask(
        "How many layers are kept digital.", "How many layers does the proposed mapping keep digital?", 2
    )
    loss: ScoreDifference | None = ask(
        "Score that the mapping loses, on chips that had no part in choosing it.",
        "How much score does the proposed mapping of layers lose?",
        "0.62 % ± 0.15 %",
    )
    profile: Annotated[Fact, Line()] | None = ask(
        "Hardware profile that its energy and time are estimated for.",
        "For which hardware profile are energy and time of the proposed mapping estimated?",
        "ibm-2022",
    )
    energy: Annotated[Fact, Measure("energy", within=RUN_ENERGY)] | None = ask(
        "Energy of one inference with this mapping.",
        "How much energy does one inference take with the proposed mapping?",
        "594 µJ",
    )
    energy_all_on_tiles: Annotated[Fact, Measure("energy", within=RUN_ENERGY)] | None = ask(
        "Energy of one inference with all of these layers on tiles.",
        "How much energy would one inference take with all layers on tiles?",
        "601 µJ",
    )
    time: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time of one run with this mapping.",
        "How long does one run take with the proposed mapping?",
        "0.61 ms",
    )
    time_all_on_tiles: Annotated[Fact, Measure("time", within=RUN_TIME)] | None = ask(
        "Time of one run with all of these layers on tiles.",
        "How long would one run take with all layers on tiles?",
        "0.60 ms",
    )


class ScoreSensitivity(Record):
    """What is lost by layer and by source of error."""

    after: Annotated[Fact, Measure("time", within=AFTER_PROGRAMMING)] | None = ask(
        "Time since programming that it holds for.",
        "For which time since programming do the losses by layer and by source of error hold?",
        "1 day",
    )
    chips: Annotated[Fact, Whole()] | None = ask(
        "Chips that each figure is the mean of.",
        "Over how many chips is each loss by layer and by source of error the mean?",
        20,
    )
    confidence: Annotated[Fact, Measure("ratio", within=SHARE)] | None = ask(
        "Confidence of the ± that goes with each loss.",
        "Which confidence has the ± of the losses by layer and by source of error?",
        "90 %",
    )
    loss: ScoreDifference | None = ask(
        "Score lost against floating point with all layers on tiles and all sources of error.",
        "How much score is lost in all, with every layer on tiles and every source of error?",
        "2.10 % ± 0.30 %",
    )
    layers: Rows[PartLoss] | None = ask(
        "Losses by layer: alone on tiles, and alone digital.",
        "Which layers on tiles cost how much score?",
        [{"name": "classifier", "alone": "0.80 % ± 0.15 %"}],
        max_length=10_000,
    )
    noise_sources: Rows[PartLoss] | None = ask(
        "Losses by source of error: alone, and left out.",
        "Which sources of error cost how much score?",
        [{"name": "drift", "alone": "0.50 % ± 0.10 %"}],
        max_length=100,
    )
    mapping: ProposedMapping | None = ask(
        "Layers to keep digital so that no more than an accepted loss is lost.",
        "Which layers should be kept digital so that no more than an accepted loss is lost?",
        {"accepted_loss": "1 %", "digital": ["classifier"], "loss": "0.62 % ± 0.15 %"},
    )


class Robustness(Section, Scored):
    """How the model behaves when hardware or inputs are not as expected."""

    question: ClassVar[str] = "How well does the model withstand noise, drift, heat and unusual inputs?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "Robustness in words.",
        "How robust is the model, in words?",
        "Loses less than a point over a month with compensation.",
    )
    noise: Annotated[Fact, Prose()] | None = ask(
        "Behaviour under stronger noise than trained for.",
        "How does the model behave under stronger noise than it was trained for?",
        "Falls 2 points at twice the noise.",
    )
    drift: Annotated[Fact, Prose()] | None = ask(
        "Behaviour over time after programming.",
        "How does the model behave over time after the weights are programmed?",
        "About 5 % in 30 days uncompensated.",
    )
    drift_loss: ScoreDifference | None = ask(
        "Score lost until the refresh interval ends.",
        "How much score is lost until the weights are programmed again?",
        "1 percentage point",
    )
    accepted_loss: AcceptedLoss | None = ask(
        "Loss of score at which the weights are programmed again.",
        "At which loss of score are the weights programmed again?",
        "1 %",
    )
    metric: Name | None = ask(
        "Metric of the scores over time.", "Which metric are the scores over time?", "word error rate"
    )
    over_time: Rows[DriftPoint] | None = ask(
        "Scores over time after programming.",
        "Which scores does the model reach some time after programming: at once, after a day, a month?",
        [{"after": "1 week", "score": "80.1 %"}],
        max_length=200,
    )
    over_noise: Rows[NoisePoint] | None = ask(
        "Scores over the strength of noise.",
        "Which scores does the model reach with half, once, twice the noise of the hardware?",
        [{"strength": 2, "score": "78.4 %"}],
        max_length=200,
    )
    sensitivity: ScoreSensitivity | None = ask(
        "What each layer on tiles and each source of error costs, and which layers to keep digital.",
        "Which layers and which sources of error cost most score?",
        {"after": "1 day", "layers": [{"name": "classifier", "alone": "0.80 % ± 0.15 %"}]},
    )
    temperature: Annotated[Fact, Prose()] | None = ask(
        "Behaviour when temperature changes.",
        "How does the model behave when the temperature of the chip changes?",
        "Evaluated at 25 °C and 65 °C.",
    )
    unusual_inputs: Annotated[Fact, Prose()] | None = ask(
        "Behaviour on inputs unlike the training data.",
        "How does the model behave on inputs unlike its training data?",
        "Accuracy falls on informal text.",
    )
    adversarial: Annotated[Fact, Prose()] | None = ask(
        "Behaviour under deliberate attack.",
        "How does the model behave under deliberate attack?",
        "Tested against word substitution.",
    )
    bias: Annotated[Fact, Prose()] | None = ask(
        "Differences between groups of people.",
        "Does the model treat groups of people alike?",
        "Measured on a bias benchmark.",
    )


class Limitations(Section):
    """What the model cannot do, and what is hard about the system."""

    question: ClassVar[str] = "What can the model not do, and what is hard about it?"

    summary: Annotated[Fact, Prose()] | None = ask(
        "Limitations in words.",
        "What should one know before relying on the model?",
        "Figures are estimates for a prototype.",
    )
    known: Annotated[Fact, Items()] | None = ask(
        "Known limitations, one a line.",
        "What is known not to work with this model or on its hardware?",
        ["Sequences beyond 128 tokens were not evaluated."],
    )
    challenges: Annotated[Fact, Items()] | None = ask(
        "What is hard about the system.",
        "What is hard about running the model on its analog hardware?",
        ["Weights have to be programmed again every four weeks."],
    )
    risks: Annotated[Fact, Prose()] | None = ask(
        "Risks of use and what limits them.",
        "What can go wrong when the model is used, and what limits that?",
        "Wrong answers late in the refresh interval.",
    )
    ethics: Annotated[Fact, Prose()] | None = ask(
        "Ethical considerations.",
        "Whom could use of the model harm?",
        "Inherits the biases of its pretraining text.",
    )
    obligations: Annotated[Fact, Prose()] | None = ask(
        "Legal or regulatory duties that come with its use.",
        "Which legal or regulatory duties come with use of the model?",
        "None known.",
    )
