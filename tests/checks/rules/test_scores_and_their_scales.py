"""Scores that cannot be, lost percent signs, averages and splits of tables: both sides of each bound."""

from __future__ import annotations

import pytest
from rule_messages import messages_of


def table(*rows: str, more: str = "", systems: str = "{id: c, name: Chip}") -> str:
    listed = "".join(f"        - {{{row}}}\n" for row in rows)
    return (
        f"performance:\n  results:\n    - name: T\n{more}      systems: [{systems}]\n      tasks:\n{listed}"
    )


def one(score: str, metric: str = "accuracy", more: str = "") -> str:
    return table(f"task: A{more}, scores: {{c: {score}}}", more=f"      metric: {metric}\n")


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (one("100 %"), []),
        (one("0 %"), []),
        (one("100.4 %"), ["100.4 % is outside the range of accuracy: 0 % to 100 %"]),
        (one("-0.5 %"), ["-0.5 % is outside the range of accuracy: 0 % to 100 %"]),
        (one("-1", "Matthews correlation"), []),
        (
            one("-1.01", "Matthews correlation"),
            ["-1.01 is outside the range of Matthews correlation: -100 % to 100 %"],
        ),
        (one("81.2"), ["81.2 has no percent sign and is read as 8120 %"]),
        (one("100"), ["100 has no percent sign and is read as 10000 %"]),
        (one("0.812"), []),
        (one("27.3", "BLEU"), []),
        (one("101.0", "BLEU"), ["101.0 is outside the range of BLEU: 0 to 100"]),
        (one("0.99", "perplexity"), ["0.99 is outside the range of perplexity: 1 to any value"]),
        (one("1", "perplexity"), []),
        (one("812", "a metric of ours"), []),
        # Guessing among ten classes is right in a tenth; a small test may be some way below.
        (one("8.0 %", more=", classes: 10"), []),
        (one("7.8 %", more=", classes: 10"), ["7.8 % of accuracy is worse than guessing among 10 classes"]),
        (one("7.8 %", more=", classes: 10, note: Not trained on it."), []),
        (
            one("93.0 %", "error rate", ", classes: 10"),
            ["93.0 % of error rate is worse than guessing among 10 classes"],
        ),
        (one("91.0 %", "error rate", ", classes: 10"), []),
        # All scores of a table that were typed the same way are one finding.
        (
            table(
                *(f"task: T{n}, scores: {{c: {n + 80}.0}}" for n in range(2)), more="      metric: accuracy\n"
            ),
            ["80.0 has no percent sign and is read as 8000 %, and so is 1 more"],
        ),
        (
            table(
                *(f"task: T{n}, scores: {{c: {n + 80}.0}}" for n in range(6)), more="      metric: accuracy\n"
            ),
            ["80.0 has no percent sign and is read as 8000 %, and so are 5 more"],
        ),
        # A loss of a point and more beside scores in percent.
        ("robustness: {accepted_loss: 1, over_time: [{after: 1 h, score: 90 %}]}\n", 1),
        ("robustness: {accepted_loss: 100, over_time: [{after: 1 h, score: 90 %}]}\n", 1),
        ("robustness: {accepted_loss: 0.01, over_time: [{after: 1 h, score: 90 %}]}\n", 0),
        ("robustness: {accepted_loss: 1 %, over_time: [{after: 1 h, score: 90 %}]}\n", 0),
        ("robustness: {accepted_loss: 1, over_time: [{after: 1 h, score: 0.9}]}\n", 0),
    ],
)
def test_scores_and_losses(text: str, messages: list[str] | int) -> None:
    found = messages_of(text, "FS217")
    assert len(found) == messages if isinstance(messages, int) else found == messages


DATA = "test_data: {name: T, %s}\n"
ROWS = tuple(
    f"task: {name}, size: {size}, scores: {{c: 90 %}}" for name, size in (("A", "1.0k"), ("B", "4.0k"))
)
TWO = table(*ROWS, more="      metric: accuracy\n")


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        ("tasks: [A, B]", []),
        (
            "tasks: [A, C]",
            ["C has no row in the result table; the result table scores B, which is not listed"],
        ),
        ("tasks: [A]", ["the result table scores B, which is not listed"]),
        ("tasks: [A, B, C]", ["C has no row in the result table"]),
        ("tasks: [A, B], task_count: 2", []),
        ("tasks: [A, B], task_count: 3", ["3 tasks are stated, 2 are listed"]),
        ("smallest: A, largest: B", []),
        ("smallest: B", ["B is named as the smallest task, but in the result table A is"]),
        ("largest: A", ["A is named as the largest task, but in the result table B is"]),
        ("size: 1.0k to 4.0k", []),
        ("size: 2.0k to 4.0k", ["the smallest size is given as 2.0k, but in the result table it is 1.0k"]),
        ("size: 1.0k to 5.0k", ["the largest size is given as 5.0k, but in the result table it is 4.0k"]),
        ("split: 1.0k (A)", []),
        ("split: 1.5k (A)", ["A has 1.5k examples here and 1.0k in the result table"]),
        ("split: 1.5k examples (C)", []),
    ],
)
def test_data_and_the_table_of_its_name(data: str, messages: list[str]) -> None:
    assert messages_of(DATA % data + TWO, "FS205") == messages
    # A table of another name is of other data.
    other = DATA.replace("name: T", "name: U") % data
    expected = [message for message in messages if "are stated" in message]
    assert messages_of(other + TWO, "FS205") == expected


@pytest.mark.parametrize(
    ("scores", "messages"),
    [
        ("{a: 90 %, b: 80 %}", []),
        ("{a: 90 %}", ["no score for `b`"]),
        ("{a: 90 %, bb: 80 %}", ["`bb` is not among the systems of this table"]),
        ("{a: 90 %, b: 80 %, zzz: 70 %}", ["`zzz` is not among the systems of this table"]),
        ("{a: 90 %, b: {not_evaluated: No time.}}", []),
    ],
)
def test_scores_and_columns(scores: str, messages: list[str]) -> None:
    text = table(
        f"task: A, scores: {scores}",
        more="      metric: accuracy\n",
        systems="{id: a, name: A}, {id: b, name: B}",
    )
    assert messages_of(text, "FS203") == messages
