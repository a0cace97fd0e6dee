"""What sentences say of scores, against the tables: differences, who is ahead, how often, ends, classes, extremes."""

from __future__ import annotations

import pytest
from one_rule import findings, messages

from factsheet.checks.rules.wording.prose_against_table import RULE, _subject

SYSTEMS = "{id: g, name: GPU, kind: digital}, {id: c, name: Chip, kind: analog}"


def table(summary: str, *rows: str, metric: str = "accuracy", more: str = "", start: str = "") -> str:
    listed = "".join(f"        - {{{row}}}\n" for row in rows)
    return (
        f"{start}performance:\n  summary: '{summary}'\n  results:\n    - name: T\n      metric: {metric}\n{more}"
        f"      systems: [{SYSTEMS}]\n      tasks:\n{listed}"
    )


def row(task: str, gpu: str, chip: str, more: str = "") -> str:
    return f"task: {task}, scores: {{g: {gpu}, c: {chip}}}{more}"


COLA, MNLI = row("CoLA", "55.65 %", "52.10 %"), row("MNLI", "84.20 %", "84.90 %")
RTE = row("RTE", "66.00 %", "66.00 %")
AVERAGES = "      averages: {g: 70.00 %, c: 68.50 %}\n"
DATA = "{name: D, tasks: [CoLA, MNLI, RTE], smallest: RTE, largest: MNLI}\n"


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        # 55.65 less 52.10 is 3.55.
        ("On CoLA it is 3.55 points below the GPU.", []),
        ("On CoLA it is 3.5 points below the GPU.", []),
        (
            "On CoLA it is 2.1 points below the GPU.",
            ["2.1 points below, and the table has 3.55 percentage points on CoLA"],
        ),
        (
            "On CoLA it is 2.1 points above the GPU.",
            ["2.1 points above, and the table has 3.55 percentage points on CoLA"],
        ),
        # Relative to the digital score, 3.55 / 55.65 = 6.38 %.
        ("On CoLA it is 6.38 % below the GPU.", []),
        (
            "On CoLA it is 6.38 points below the GPU.",
            ["6.38 points below, and the table has 3.55 percentage points on CoLA"],
        ),
        ("On CoLA it loses 3.55 points.", []),
        ("On CoLA it loses 2.1 points.", ["2.1 points, and the table has 3.55 percentage points on CoLA"]),
        ("On CoLA it drops by about 4 points.", []),
        # Published averages, 70.00 and 68.50, lie 1.50 apart.
        ("On average it is 1.5 points below the GPU.", []),
        (
            "On average it is 2.5 points below the GPU.",
            ["2.5 points below, and the table has 1.5 percentage points on average"],
        ),
        (
            "On average it is 1.5 points above the GPU.",
            ["above, and in the table it is below by 1.5 percentage points on average"],
        ),
        (
            "On average it is 1.5 points more than the GPU.",
            ["more, and in the table it is below by 1.5 percentage points on average"],
        ),
        ("On average it is 1.5 points less than the GPU.", []),
        (
            "On average it is 1.5 points ahead of the GPU.",
            ["ahead, and in the table it is below by 1.5 percentage points on average"],
        ),
        ("On average it is 1.5 points behind the GPU.", []),
        ("On average the GPU is 1.5 points above the chip.", []),
        (
            "On average the GPU is 1.5 points below the chip.",
            ["below, and in the table it is below by 1.5 percentage points on average"],
        ),
        ("On average it falls by 1.5 percentage points.", []),
        ("On average it is down by 1.5 percentage points.", []),
        (
            "On average it rises by 1.5 percentage points.",
            ["rises by, and in the table it is below by 1.5 percentage points on average"],
        ),
        (
            "On average it improves by 1.5 percentage points.",
            ["improves by, and in the table it is below by 1.5 percentage points on average"],
        ),
        # Against the digital one where neither task nor average is named: any difference of the table.
        ("It is 0.7 points above the GPU.", []),
        (
            "It is 2.1 points below the GPU.",
            ["2.1 points below, and the table has 1.5 percentage points on average"],
        ),
        ("It is 2.1 points below.", []),
        # Under other conditions, of others, or as it may be.
        ("After a week, on CoLA it is 2.1 points below the GPU.", []),
        ("Unlike others, on CoLA it is 2.1 points below the GPU.", []),
        ("On CoLA it may be 2.1 points below the GPU.", []),
        # Who is ahead, by the names of the tasks.
        ("The chip is ahead on MNLI.", []),
        (
            "The chip is ahead on CoLA.",
            ["CoLA, and in the table it is below there by 3.55 percentage points"],
        ),
        (
            "The chip is behind on MNLI.",
            ["MNLI, and in the table it is above there by 0.7 percentage points"],
        ),
        ("The GPU is ahead on MNLI.", ["MNLI, and in the table it is above there by 0.7 percentage points"]),
        ("The GPU is ahead on CoLA.", []),
        (
            "The chip is higher on CoLA.",
            ["CoLA, and in the table it is below there by 3.55 percentage points"],
        ),
        ("The chip is lower on CoLA.", []),
        ("The chip is ahead on RTE.", []),  # nobody is
        ("The chip is ahead on MNLI, but the GPU on CoLA.", []),
        (
            "The chip is ahead on MNLI and CoLA.",
            ["CoLA, and in the table it is below there by 3.55 percentage points"],
        ),
        (
            "The chip may be ahead on MNLI. The chip is ahead on CoLA.",
            ["CoLA, and in the table it is below there by 3.55 percentage points"],
        ),
        # On how many: ahead on one, level on another, behind on the third.
        ("The chip is ahead on two of three tasks.", []),
        ("The chip is ahead on one of three tasks.", []),
        ("The chip is ahead on three of them.", ["three of, and in the table it is ahead on 1"]),
        ("The chip is behind on three of them.", ["three of, and in the table it is behind on 1"]),
        ("The chip is ahead on 3 tasks.", ["3 tasks, and in the table it is ahead on 1"]),
        ("The chip is ahead on all 3 tasks.", ["3 tasks, and in the table it is ahead on 1"]),
        # Scores that are in no table.
        ("It reaches 52.1 %.", []),
        ("It reaches 52.9 %.", ["52.9, and the nearest score that the sheet states is 52.10 %"]),
        ("It reaches 68.5 %.", []),
        ("On CoLA it reaches 84.9 %.", ["84.9, and the nearest score that the sheet states is 55.65 %"]),
        ("Accuracy falls from 55.65 % to 52.10 %.", []),
        (
            "Accuracy falls from 55.65 % to 51.10 %.",
            ["51.10, and the nearest score that the sheet states is 52.10 %"],
        ),
        (
            "Accuracy falls from 56.65 % to 52.10 %.",
            ["56.65, and the nearest score that the sheet states is 55.65 %"],
        ),
        ("With noise it reaches 52.9 %.", []),
        ("It may reach 52.9 %.", []),
        ("Unlike others it reaches 52.9 %.", []),
    ],
)
def test_a_sentence_about_scores(summary: str, found: list[str]) -> None:
    assert messages(RULE, table(summary, COLA, MNLI, RTE, more=AVERAGES)) == [
        f"the text says {words}" for words in found
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Without published averages, those of the rows: (10 + 20) / 2 = 15 and (13 + 18) / 2 = 15.5.
        (
            table(
                "On average it is 0.5 points above the GPU.",
                row("AA", "10.0 %", "13.0 %"),
                row("BB", "20.0 %", "18.0 %"),
            ),
            [],
        ),
        (
            table(
                "On average it is 0.9 points above the GPU.",
                row("AA", "10.0 %", "13.0 %"),
                row("BB", "20.0 %", "18.0 %"),
            ),
            ["0.9 points above, and the table has 0.5 percentage points on average"],
        ),
        # A rate of errors is the better one where it is lower.
        (table("The chip is ahead on CoLA.", row("CoLA", "5.00 %", "4.00 %"), metric="error rate"), []),
        (
            table("The chip is behind on CoLA.", row("CoLA", "5.00 %", "4.00 %"), metric="error rate"),
            ["CoLA, and in the table it is below there by 1 percentage points"],
        ),
        (
            table("The chip is higher on CoLA.", row("CoLA", "5.00 %", "4.00 %"), metric="error rate"),
            ["CoLA, and in the table it is below there by 1 percentage points"],
        ),
        # Classes.
        (
            table("CoLA has 3 classes.", row("CoLA", "50.00 %", "52.00 %", ", classes: 2")),
            ["3, and in the table CoLA has 2 classes"],
        ),
        (table("CoLA has two classes.", row("CoLA", "50.00 %", "52.00 %", ", classes: 2")), []),
        (
            table("CoLA, with three classes, is there.", row("CoLA", "50.00 %", "52.00 %", ", classes: 2")),
            ["three, and in the table CoLA has 2 classes"],
        ),
        # The ends of the data.
        (
            table("The smallest, MNLI, is there.", COLA, start="training_data: " + DATA),
            ["MNLI the smallest | RTE"],
        ),
        (table("The smallest task is RTE.", COLA, start="training_data: " + DATA), []),
        (table("The largest is CoLA.", COLA, start="training_data: " + DATA), ["CoLA the largest | MNLI"]),
        (table("The largest is big.", COLA, start="training_data: " + DATA), []),
        (table("The largest is CoLA.", COLA, start="test_data: " + DATA), ["CoLA the largest | MNLI"]),
        (table("The largest is CoLA.", COLA, start="training_data: {name: D}\ntest_data: " + DATA), []),
    ],
)
def test_a_sentence_about_another_table(text: str, found: list[str]) -> None:
    expected = [
        f"the text calls {words.replace(' | ', ', and the sheet states ')}"
        if " | " in words
        else f"the text says {words}"
        for words in found
    ]
    assert messages(RULE, text) == expected


def test_a_difference_of_averages_names_both_and_one_of_a_row_too() -> None:
    place = ("performance", "results", 0)
    (average,) = findings(RULE, table("On average it is 2.5 points below the GPU.", COLA, more=AVERAGES))
    assert average.related == (
        ((*place, "averages", "c"), "average: 68.5 % and 70 %"),
        ((*place, "averages", "g"), "average: 68.5 % and 70 %"),
    )
    (of_row,) = findings(RULE, table("The chip is ahead on CoLA.", MNLI, COLA))
    assert of_row.related == (
        ((*place, "tasks", 1, "scores", "c"), "CoLA: 52.1 % and 55.65 %"),
        ((*place, "tasks", 1, "scores", "g"), "CoLA: 52.1 % and 55.65 %"),
    )
    (count,) = findings(RULE, table("The chip is ahead on three of them.", MNLI, COLA))
    assert count.related == (((*place, "tasks"), "ahead on 1"),)


@pytest.mark.parametrize(
    ("before", "subject"),
    [
        ("The chip is ", "analog"),
        ("It is so ", "analog"),
        ("The GPU is ", "digital"),
        ("", "analog"),
        # The one that is named last.
        ("The chip, and behind it the GPU, is ", "digital"),
        ("The GPU, and the chip, is ", "analog"),
        ("The chip, the GPU, and the network, is ", "analog"),
        ("The GPU, the chip, and the GPU, is ", "digital"),
    ],
)
def test_which_system_a_sentence_is_about(before: str, subject: str) -> None:
    assert _subject(before) == subject


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # What a sentence before is about ends nothing.
        (
            table("It is 2.1 points below. On CoLA it is 2.1 points below the GPU.", COLA, MNLI),
            ["2.1 points below, and the table has 3.55 percentage points on CoLA"],
        ),
        (
            table("Unlike others the chip is ahead on MNLI. The chip is ahead on CoLA.", COLA, MNLI),
            ["CoLA, and in the table it is below there by 3.55 percentage points"],
        ),
        (
            table("With noise it reaches 52.9 %. It reaches 84.1 %.", COLA),
            ["84.1, and the nearest score that the sheet states is 55.65 %"],
        ),
        # A reason states nothing of scores.
        (table("It is.", COLA) + "parameters: {power: {not_disclosed: The chip is ahead on CoLA.}}\n", []),
        # A row without one of the systems is compared with nothing.
        (table("The chip is ahead on MNLI.", COLA, "task: MNLI, scores: {c: 84.90 %}"), []),
        (table("The chip is ahead on MNLI.", COLA, "task: MNLI, scores: {g: 84.90 %}"), []),
        # A whole is on the scale of shares.
        (
            table("The chip is ahead on CoLA.", COLA, row("SST-2", "100 %", "100 %")),
            ["CoLA, and in the table it is below there by 3.55 percentage points"],
        ),
        # Scores over time and of the training are stated scores too.
        (table("It reaches 77.0 %.", COLA) + "robustness: {over_time: [{after: 1 h, score: 77.0 %}]}\n", []),
        (table("It reaches 77.0 %.", COLA) + "hwa_training: {accuracy: 77.0 %}\n", []),
        (table("It reaches 77.0 %.", COLA) + "hwa_training: {baseline_accuracy: 77.0 %}\n", []),
        (
            table("It reaches 77.0 %.", COLA) + "hwa_training: {accuracy: 76.0 %}\n",
            ["77.0, and the nearest score that the sheet states is 76.0 %"],
        ),
        # A table of one row beside that of several does not count.
        (
            table("The chip is ahead on three of them.", COLA, MNLI)
            + f"    - name: One\n      metric: accuracy\n      systems: [{SYSTEMS}]\n"
            + f"      tasks: [{{{row('QQP', '90.00 %', '80.00 %')}}}]\n",
            ["three of, and in the table it is ahead on 1"],
        ),
    ],
)
def test_what_ends_no_search(text: str, found: list[str]) -> None:
    assert messages(RULE, text) == [f"the text says {words}" for words in found]
