"""Rule by rule, both sides of each bound, by the rule's own words; figures are worked out in the comments."""

from __future__ import annotations

import pytest
from one_rule import findings, messages

from factsheet.checks.registry import RULES

BY_ID = {rule.id: rule for rule in RULES}


def reference(more: str) -> str:
    return f"references: [{{title: A title, {more}}}]\n"


@pytest.mark.parametrize(
    ("text", "found", "key"),
    [
        # A year between publication and proceedings is usual, two are not.
        (reference("id: a-2019, year: 2019"), "", ""),
        (reference("id: a-2019, year: 2020"), "", ""),
        (reference("id: a-2019, year: 2021"), "`year` is 2021, but its id is of 2019", "year"),
        (reference("id: a-2019-2021, year: 2025"), "", ""),  # of two years, which?
        (
            reference("id: a, venue: Conference 2019, year: 2021"),
            "`year` is 2021, but its venue is of 2019",
            "year",
        ),
        (reference("id: a, venue: 'Conference 2019, in 2020', year: 2025"), "", ""),
        (
            reference("id: a, venue: 'Conference 2019, of 2019', year: 2021"),
            "`year` is 2021, but its venue is of 2019",
            "year",
        ),
        # The one that most others contradict is at fault.
        (
            reference("id: a-2019, venue: Conference 2019, year: 2021"),
            "`year` is 2021, but its id is of 2019 and its venue is of 2019",
            "year",
        ),
        (
            reference("id: a-2015, venue: Conference 2019, year: 2019"),
            "its id is of 2015, but its venue is of 2019 and `year` is 2019",
            "id",
        ),
        # DOIs: a year between dots, Nature's short years, those of the ACL with their centuries.
        (
            reference("id: a, doi: 10.1109/ABC.2019.123, year: 2021"),
            "`year` is 2021, but its DOI is of 2019",
            "year",
        ),
        (
            reference("id: a, doi: 10.1038/s41586-023-06337-5, year: 2020"),
            "`year` is 2020, but its DOI is of 2023",
            "year",
        ),
        (reference("id: a, doi: 10.1038/s41586-023-06337-5, year: 2022"), "", ""),
        (
            reference("id: a, doi: 10.18653/v1/N19-1423, year: 2021"),
            "`year` is 2021, but its DOI is of 2019",
            "year",
        ),
        (
            reference("id: a, doi: 10.3115/v1/P70-1423, year: 1972"),
            "`year` is 1972, but its DOI is of 1970",
            "year",
        ),
        (
            reference("id: a, doi: 10.3115/v1/P69-1423, year: 2000"),
            "`year` is 2000, but its DOI is of 2069",
            "year",
        ),
        # What a preprint became is up to four years younger, or one older.
        (reference("id: a, arxiv: '1901.00001', year: 2023"), "", ""),
        (
            reference("id: a, arxiv: '1901.00001', year: 2024"),
            "`year` is 2024, but its arXiv number is of 2019",
            "year",
        ),
        (reference("id: a, arxiv: '1901.00001', year: 2018"), "", ""),
        (
            reference("id: a, arxiv: '1901.00001', year: 2017"),
            "`year` is 2017, but its arXiv number is of 2019",
            "year",
        ),
        (reference("id: a, arxiv: '1901.00001', year: 2019"), "", ""),
    ],
)
def test_years_of_a_reference(text: str, found: str, key: str) -> None:
    several = findings(BY_ID["FS509"], text)
    assert [one.message.partition(": ")[2] for one in several] == ([found] if found else [])
    assert [one.path for one in several] == ([("references", 0, key)] if found else [])


def test_a_year_that_two_contradict_is_held_for_sure_and_all_are_named() -> None:
    (one,) = findings(BY_ID["FS509"], reference("id: a-2019, year: 2021"))
    assert (one.confidence, one.related) == ("medium", ((("references", 0, "id"), "its id is of 2019"),))
    (two,) = findings(BY_ID["FS509"], reference("id: a-2019, venue: Conference 2019, year: 2021"))
    assert (two.confidence, [path[-1] for path, _ in two.related]) == ("high", ["id", "venue"])


def table(row: str, metric: str = "accuracy", more: str = "") -> str:
    metric = f"metric: {metric}, " if metric else ""
    return (
        f"performance:\n  results: [{{name: T, {metric}{more}systems: [{{id: c, name: Chip}}],"
        f" tasks: [{{task: A, {row}}}]}}]\n"
    )


BEYOND = "{} is outside the range of {}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (table("scores: {c: 100 %}"), []),
        (table("scores: {c: 101 %}"), ["101 % is outside the range of accuracy: 0 % to 100 %"]),
        (table("scores: {c: 0 %}"), []),
        (table("scores: {c: 1}"), []),
        # Up to a hundred, the sign is what is missing.
        (table("scores: {c: 2}"), ["2 has no percent sign and is read as 200 %"]),
        (table("scores: {c: 100}"), ["100 has no percent sign and is read as 10000 %"]),
        (table("scores: {c: 101}"), ["101 is outside the range of accuracy: 0 % to 100 %"]),
        (
            table("scores: {c: 200 %}", metric=""),
            ["200 % is outside the range of a score in percent: -100 % to 100 %"],
        ),
        (table("scores: {c: 200}", metric=""), []),
        (table("scores: {c: 200 %}", metric="my own"), []),
        # A correlation is from -1 to 1, an error rate of words may be above 1, perplexity anything from 1.
        (table("scores: {c: -1.00}", metric="Matthews correlation"), []),
        (
            table("scores: {c: -101 %}", metric="Matthews correlation"),
            ["-101 % is outside the range of Matthews correlation: -100 % to 100 %"],
        ),
        (
            table("scores: {c: 0.5}", metric="perplexity"),
            ["0.5 is outside the range of perplexity: 1 to any value"],
        ),
        (table("scores: {c: 1.0}", metric="perplexity"), []),
        (table("scores: {c: 101}", metric="BLEU"), ["101 is outside the range of BLEU: 0 to 100"]),
        (table("scores: {c: 100}", metric="BLEU"), []),
        # Two metrics have the wider range of both; one that is not known has any.
        (table("scores: {c: -50 %}", metric="accuracy and Matthews correlation"), []),
        # Guessing among four is right in 25 of 100; below 0.8 of that, 20, a model does not even guess.
        (table("classes: 4, scores: {c: 20.0 %}"), []),
        (
            table("classes: 4, scores: {c: 19.9 %}"),
            ["19.9 % of accuracy is worse than guessing among 4 classes"],
        ),
        (table("classes: 4, scores: {c: up to 20 %}"), []),
        (table("scores: {c: -5 %}", metric="accuracy and perplexity"), []),
        (
            table("scores: {c: -5 %}", metric="word error rate"),
            ["-5 % is outside the range of word error rate: 0 % to any value"],
        ),
        *(
            (f"hwa_training: {{{field}: 101 %}}\n", ["101 % is outside the range of accuracy: 0 % to 100 %"])
            for field in ("accuracy", "baseline_accuracy")
        ),
        (table("classes: 4, scores: {c: {value: 19.0 %, note: It is.}}"), []),
        (table("classes: 4, note: It is., scores: {c: 19.0 %}"), []),
        (table("classes: 4, scores: {c: 79.0 %}", metric="error rate"), []),
        (
            table("classes: 4, scores: {c: 81.0 %}", metric="error rate"),
            ["81.0 % of error rate is worse than guessing among 4 classes"],
        ),
        (table("classes: 4, scores: {c: 1.0 %}", metric="F1"), []),
        (table("classes: 4, scores: {c: 0 %}"), ["0 % of accuracy is worse than guessing among 4 classes"]),
    ],
)
def test_a_score_and_the_range_of_its_metric(text: str, found: list[str]) -> None:
    assert messages(BY_ID["FS217"], text) == found


@pytest.mark.parametrize(
    ("loss", "score", "found"),
    [
        ("1", "90 %", ["1 has no percent sign and is read as 100 %"]),
        ("0.9", "90 %", []),
        ("100", "90 %", ["100 has no percent sign and is read as 10000 %"]),
        ("101", "90 %", []),
        ("1 %", "90 %", []),
        ("1", "0.9", []),
    ],
)
def test_a_loss_beside_scores_in_percent(loss: str, score: str, found: list[str]) -> None:
    text = (
        f"robustness: {{metric: accuracy, drift_loss: {loss}, over_time: [{{after: 1 h, score: {score}}}]}}\n"
    )
    assert messages(BY_ID["FS217"], text) == found


def test_scores_without_their_sign_are_one_finding_with_all_its_changes() -> None:
    rows = ", ".join(f"{{task: {name}, scores: {{c: {90 + number}}}}}" for number, name in enumerate("ABCDE"))
    text = (
        "performance:\n  results: [{name: T, metric: accuracy, systems: [{id: c, name: Chip}],"
        f" tasks: [{rows}]}}]\n"
    )
    (finding,) = findings(BY_ID["FS217"], text)
    assert finding.message == "90 has no percent sign and is read as 9000 %, and so are 4 more"
    assert finding.help == "write `90 %`, or the fraction `0.9`"
    assert [message for _, message in finding.related] == ["91", "92", "93"]
    assert [change.text for change in finding.changes] == ["90 %", "91 %", "92 %", "93 %", "94 %"]
    (two,) = findings(BY_ID["FS217"], text.replace(", {task: C", "#").partition("#")[0] + "]}]\n")
    assert two.message == "90 has no percent sign and is read as 9000 %, and so is 1 more"


FIGURE = "figures: [{id: %s, title: A figure%s}]\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "purpose: {summary: Figure 1 shows it.}\n",
            ["the sheet has no figures, but the text mentions “Figure 1”"],
        ),
        (
            "purpose: {summary: See Figs. 1 and 2 of it.}\n",
            ["the sheet has no figures, but the text mentions “Figs. 1”"],
        ),
        ("purpose: {summary: Figure 1 of the paper shows it.}\n", []),
        ("purpose: {summary: 'As in the paper, Figure 1 shows it.'}\n", []),
        ("purpose: {summary: 'Figure 1 shows it: ![it](a.svg).'}\n", []),
        ("purpose: {summary: 'Figure 1 shows it: <img src=a.svg>.'}\n", []),
        ("purpose: {summary: Fig. 1.5 is no figure.}\n", []),
        (FIGURE % ("own-one", ", section: purpose") + "purpose: {summary: Figure 1 shows it.}\n", []),
        (
            FIGURE % ("own-one", ", section: purpose") + "purpose: {summary: Figure 2 shows it.}\n",
            ["the sheet has 1 figure, but the text mentions “Figure 2”"],
        ),
        (
            FIGURE.replace("}]", "}, {id: own-two, title: B, section: purpose}]")
            % ("own-one", ", section: purpose")
            + "purpose: {summary: Figure 3 shows it.}\n",
            ["the sheet has 2 figures, but the text mentions “Figure 3”"],
        ),
        (
            FIGURE % ("own-one", ", section: purpose") + "purpose: {summary: Figure own-two shows it.}\n",
            ["no figure has the id `own-two`, but the text mentions “Figure own-two”"],
        ),
        (FIGURE % ("own-one", ", section: purpose") + "purpose: {summary: Figure own-one shows it.}\n", []),
        (
            "purpose: {summary: It is shown in the figure.}\n",
            ["the sheet has no such figure for this section, but the text mentions “shown in the figure”"],
        ),
        (
            "purpose: {summary: The diagram shows it.}\n",
            ["the sheet has no such figure for this section, but the text mentions “The diagram shows”"],
        ),
        (FIGURE % ("own-one", ", section: purpose") + "purpose: {summary: The diagram shows it.}\n", []),
        (
            FIGURE % ("own-one", ", section: performance")
            + "purpose: {summary: The diagram shows it.}\nperformance: {summary: A.}\n",
            ["the sheet has no such figure for this section, but the text mentions “The diagram shows”"],
        ),
        (
            FIGURE % ("own-one", "") + "purpose: {summary: It is so.}\n",
            ["nothing says where the figure `own-one` belongs"],
        ),
        (FIGURE % ("own-one", "") + "purpose: {summary: See own-one.}\n", []),
        (FIGURE % ("own-one", "") + "purpose: {summary: The diagram shows it.}\n", []),
        (FIGURE % ("own-one", ", section: perfomance"), ["the sheet has no section `perfomance`"]),
    ],
)
def test_figures_that_texts_mention(text: str, found: list[str]) -> None:
    assert messages(BY_ID["FS605"], text) == found


def sizes(test: str, *rows: str, train: str = "") -> str:
    listed = ", ".join(
        f"{{task: T{number}, scores: {{c: 90 %}}{f', size: {size}' if size else ''}}}"
        for number, size in enumerate(rows)
    )
    training = f"training_data: {{name: D, size: {train}}}\n" if train else ""
    return (
        f"{training}test_data: {{name: D, size: {test}}}\n"
        f"performance:\n  results: [{{name: T, systems: [{{id: c, name: Chip}}], tasks: [{listed}]}}]\n"
    )


WHOLE = "the test data has {} examples here, and {} in the result tables"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (sizes("100", "100"), []),
        (sizes("100", "90"), [WHOLE.format("100", "90")]),
        (sizes("100", "60", "40"), []),  # they add up
        (sizes("100", "60", "41"), [WHOLE.format("100", "60, 41")]),
        (sizes("100", "60", ""), []),
        (sizes("100", "90", train="90"), []),
        (sizes("100", "90", train="80"), [WHOLE.format("100", "90")]),
        (sizes("100", "1", "2", "3"), [WHOLE.format("100", "1, 2, 3")]),
        (sizes("100", "1", "2", "3", "4"), [WHOLE.format("100", "1, 2, 3 and others")]),
        (sizes("100", "1", "1"), [WHOLE.format("100", "1")]),
        # Of three rows and more, the one that differs.
        (sizes("100", "100", "90"), []),
        (
            sizes("100", "100", "100", "90"),
            ["T2 has 90 examples here, and all other rows have those of the test data: 100"],
        ),
        (sizes("100", "100", "80", "90"), []),
        (sizes("90 to 100", "50"), []),
    ],
)
def test_the_size_of_the_test_data_and_of_rows(text: str, found: list[str]) -> None:
    assert messages(BY_ID["FS226"], text) == found


def test_at_most_twenty_rows_are_named() -> None:
    (finding,) = findings(
        BY_ID["FS226"], sizes("1000", *(str(number) for number in range(1, 23)))
    )  # 253 in all
    assert len(finding.related) == 20


@pytest.mark.parametrize(
    ("size", "found", "hint"),
    [
        # A million parameters of four bytes are 4 MB; of two 2 MB; 8 MB are of neither.
        ("4 MB", False, ""),
        ("2 MB", False, ""),
        ("8.00 MB", True, ""),
        # 4 · 10^6 bytes are 3.815 MiB: whoever counts in them and writes MB is told so; 3906 KiB likewise.
        ("3.815 MB", True, "in MiB it would fit"),
        ("3906 kB", True, "in KiB it would fit"),
        ("0.003725 GB", True, "in GiB it would fit"),
        ("3.815 MiB", False, ""),
    ],
)
def test_a_size_in_the_units_of_an_operating_system(size: str, found: bool, hint: str) -> None:
    text = f"parameters: {{parameters: 1000000}}\nperformance: {{size_on_disk: {size}}}\n"
    several = findings(BY_ID["FS305"], text)
    assert bool(several) is found
    assert all(one.help.startswith(hint) for one in several)
    assert all(bool(one.changes) is bool(hint) for one in several)


def curve(*points: str, more: str = "") -> str:
    return f"robustness: {{{more}over_time: [{', '.join(f'{{{point}}}' for point in points)}]}}\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # A share gains a point, 0.01, and the digits of both half a step each: 1.00 + 0.01 is no rise yet.
        (curve("after: 1 h, score: 80.00 %", "after: 1 week, score: 81.00 %"), False),
        (curve("after: 1 h, score: 80.00 %", "after: 1 week, score: 81.02 %"), True),
        # Above 200 % the sign was lost, which is another rule's.
        (curve("after: 1 h, score: 198.0 %", "after: 1 week, score: 200.0 %"), True),
        (curve("after: 1 h, score: 198.0 %", "after: 1 week, score: 201.0 %"), False),
        (curve("after: 1 h, score: 201.0 %", "after: 1 week, score: 204.0 %"), False),
        # A note of three letters and more explains it.
        (curve("after: 1 h, score: 80.00 %", "after: 1 week, score: 85.00 %, note: 'no 1'"), True),
        (curve("after: 1 h, score: 80.00 %", "after: 1 week, score: 85.00 %, note: New"), False),
    ],
)
def test_a_score_that_rises(text: str, found: bool) -> None:
    assert bool(messages(BY_ID["FS242"], text)) is found
