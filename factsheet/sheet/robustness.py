"""Robustness and limitations, which participants of the study missed in the published sheet."""

from typing import Annotated, ClassVar

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Items, Measure, Prose
from factsheet.facts.section import Name, Record, Rows, Section, Text, ask
from factsheet.sheet.performance import Score, Scored, ScoreDifference
from factsheet.sheet.ranges.chips import ACCEPTED_LOSS, AFTER_PROGRAMMING

AcceptedLoss = Annotated[Fact, Measure("score_difference", "time", "length", within=ACCEPTED_LOSS)]


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
