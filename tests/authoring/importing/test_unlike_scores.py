"""Rows that are no tasks, columns that are no systems, scores of no unit: never averaged, and asked or listed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.computed import computed_facts
from factsheet.authoring.drafting import begin_sheet
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import kind_of
from factsheet.authoring.importing.tables import results_table
from factsheet.errors import UsageError
from factsheet.readers.roles import ROLE_NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported


def read(folder: Path, text: str, name: str = "results.csv") -> Imported:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    kind, source = kind_of(str(file))
    assert kind is not None
    return kind.read(source, ImportOptions())


def tables(found: Imported) -> list[Any]:
    return [fact.value for fact in found.facts if fact.path[:2] == ("performance", "results")]


def left(found: Imported) -> str:
    return "\n".join(f"{one.where} {one.what}: {one.why}" for one in found.left_out)


def averages(found: Imported) -> list[Any]:
    begun = begin_sheet([found], name="M", today=date(2026, 1, 1), roles=ROLE_NAMES)
    sheet = begun.sheet
    return [fact for fact in computed_facts(sheet) if "averages" in fact.path]


@pytest.mark.parametrize(
    "text",
    [
        "noise,accuracy\n0.0,91.0\n0.02,90.1\n0.05,80.2\n",
        "training time,accuracy\n1 h,91.0\n1 day,90.1\n",
        "epoch,accuracy\n1,61.0\n2,70.5\n3,71.0\n",
        "task,seed,accuracy\nRTE,1,66.0\nRTE,1,64.0\n",
    ],
)
def test_rows_of_a_sweep_are_no_tasks(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text)
    assert not tables(found)
    assert "nothing that a table of results holds tells them apart" in left(found)


def test_a_column_of_deviations_is_the_spread_of_its_neighbour(tmp_path: Path) -> None:
    text = "task,metric,digital,digital_std,analog,analog std\nRTE,accuracy,66.4,0.3,64.0,0.5\n"
    (table,) = tables(read(tmp_path, text))
    assert table["tasks"][0]["scores"] == {"digital": "66.4 ± 0.3 %", "analog": "64.0 ± 0.5 %"}
    assert table["tasks"][0]["evaluation"]["spread"] == "standard deviation"


@pytest.mark.parametrize("column", ["analog_parameters", "analog latency", "digital_time", "analog_stderr"])
def test_a_column_of_figures_is_no_system(tmp_path: Path, column: str) -> None:
    found = read(tmp_path, f"task,analog,{column}\nRTE,64.0,100\nMRPC,88.0,200\n")
    assert all(list(task["scores"]) == ["analog"] for table in tables(found) for task in table["tasks"])
    assert column in left(found)


def test_a_column_of_numbers_written_otherwise_is_listed(tmp_path: Path) -> None:
    found = read(tmp_path, 'task,analog,digital\nRTE,64.0,"1,234.5"\nMRPC,88.0,"1,300.5"\n')
    assert "digital: 1,234.5, 1,300.5: its cells are no plain numbers" in left(found)


@pytest.mark.parametrize("metric", ["accuracy", ""])
def test_a_row_of_means_is_no_task_and_the_published_average(tmp_path: Path, metric: str) -> None:
    text = f"task,metric,analog\nRTE,accuracy,64.00\nMRPC,accuracy,88.6\nAverage,{metric},76.3\n"
    (table,) = tables(read(tmp_path, text))
    assert [task["task"] for task in table["tasks"]] == ["RTE", "MRPC"]
    assert table["averages"] == {"analog": "76.3 %"}  # (64.00 + 88.6) / 2


@pytest.mark.parametrize(
    ("name", "digital", "analog"),
    [("Gesamt", "70.0", "68.0"), ("Overall (2 tasks)", "70.0", "68.0"), ("Samlet", "70.0", "68.0")],
)
def test_a_row_of_means_is_known_by_its_name_or_by_its_figures(
    tmp_path: Path, name: str, digital: str, analog: str
) -> None:
    rows = f"A,accuracy,60.0,58.0\nB,accuracy,80.0,78.0\n{name},accuracy,{digital},{analog}\n"
    text = f"task,metric,digital,analog\n{rows}"
    (table,) = tables(read(tmp_path, text))
    assert [task["task"] for task in table["tasks"]] == ["A", "B"]
    assert table["averages"] == {"digital": "70.0 %", "analog": "68.0 %"}


def test_a_last_row_that_is_no_mean_is_a_task(tmp_path: Path) -> None:
    text = "task,metric,digital,analog\nA,accuracy,60.0,58.0\nB,accuracy,80.0,78.0\nC,accuracy,70.0,60.0\n"
    (table,) = tables(read(tmp_path, text))
    assert [task["task"] for task in table["tasks"]] == ["A", "B", "C"]


def test_a_table_of_thousands_of_columns_is_refused_at_once(tmp_path: Path) -> None:
    names = ",".join(f"system {number}" for number in range(3000))
    with pytest.raises(UsageError, match="3,001 columns"):
        read(tmp_path, f"task,{names}\nA,{','.join(['1.0'] * 3000)}\n")


def test_characters_that_command_a_terminal_do_not_reach_a_sheet(tmp_path: Path) -> None:
    found = read(tmp_path, "task,metric,analog\nA\x1b[31m,accuracy,64.0\nB\u202egnp,accuracy,66.0\n")
    (table,) = tables(found)
    assert not {"\x1b", "\u202e"} & set(str(table))
    assert "turn the direction" in left(found)


def test_a_row_of_means_over_several_tables_is_listed(tmp_path: Path) -> None:
    text = "task,metric,analog\nA,accuracy,64.0\nA,perplexity,30.1\nAverage,,64.0\n"
    found = read(tmp_path, text)
    assert not any("averages" in table for table in tables(found))
    assert "Average 64.0" in left(found)


# Two tasks of GLUE by accuracy and one by the correlation that GLUE prescribes for it.
GLUE = (
    "task,metric,digital,analog\nRTE,accuracy,66.40,64.00\nSST-2,accuracy,93.50,92.1\n"
    "CoLA,matthews_correlation,59.2,56.3\n"
)


def test_tasks_with_a_metric_each_are_one_table_without_a_mean(tmp_path: Path) -> None:
    found = read(tmp_path, GLUE)
    (table,) = tables(found)
    assert [task["metric"] for task in table["tasks"]] == ["accuracy", "accuracy", "Matthews correlation"]
    assert not averages(found)


def test_a_system_without_a_score_of_each_task_has_no_mean(tmp_path: Path) -> None:
    found = read(tmp_path, "task,metric,digital,analog\nA,accuracy,64.0,63.0\nB,accuracy,88.0,\n")
    begun = begin_sheet([found], name="M", today=date(2026, 1, 1), roles=ROLE_NAMES)
    assert not [one for one in begun.taken if "averages" in one.path]
    assert not begun.left_out  # the table stands, and says where it has no score
    assert "not_disclosed" in tables(found)[0]["tasks"][1]["scores"]["analog"]


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("digital mean,digital std,analog mean,analog std", "66.40,0.30,64.0,0.5"),
        ("digital (mean),std digital,analog_avg,analog_std_dev", "66.40,0.30,64.0,0.5"),
        ("digital,digital_runs,analog", "66.40 ± 0.30,5,64.0+-0.5"),
        ("digital,digital_evaluated,analog", "66.40 ± 0.30 %,277,64.0 ± 0.5"),
    ],
)
def test_spreads_belong_to_their_scores_and_counts_are_no_systems(
    tmp_path: Path, columns: str, row: str
) -> None:
    (table,) = tables(read(tmp_path, f"task,metric,{columns}\nRTE,accuracy,{row}\n"))
    assert table["tasks"][0]["scores"] == {"digital": "66.40 ± 0.30 %", "analog": "64.0 ± 0.5 %"}
    assert [system["name"] for system in table["systems"]] == ["digital", "analog"]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("gap", ("2.4", "0.3")),
        ("lost", ("2.4", "0.3")),
        ("digital - analog delta", ("9", "7")),
        ("ci95", ("1", "2")),
    ],
)
def test_what_follows_from_the_scores_is_no_system(
    tmp_path: Path, column: str, cells: tuple[str, str]
) -> None:
    text = f"task,metric,digital,analog,{column}\nA,accuracy,66.4,64.0,{cells[0]}\nB,accuracy,88.9,88.6,{cells[1]}\n"
    found = read(tmp_path, text)
    (table,) = tables(found)
    assert [system["id"] for system in table["systems"]] == ["digital", "analog"]
    assert column in left(found)


@pytest.mark.parametrize(
    ("cell", "score", "listed"),
    [("64.0 (0.5)", "64.0 %", "(0.5)"), (r"$64.0 \pm 0.5$", "64.0 ± 0.5 %", ""), ("**64.0**", "64.0 %", "")],
)
def test_a_score_in_the_dress_of_a_paper_is_read(tmp_path: Path, cell: str, score: str, listed: str) -> None:
    found = read(tmp_path, f"task,metric,analog\nRTE,accuracy,{cell}\n")
    assert tables(found)[0]["tasks"][0]["scores"] == {"analog": score}
    assert listed in left(found)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        (
            "time,accuracy,std\n1 s,92.1,0.2\n1 d,90.9,0.3\n",
            [("1 s", "92.1 ± 0.2 %"), ("1 day", "90.9 ± 0.3 %")],
        ),
        ("time_s,accuracy\n1,91.0\n3600,90.1\n", [("1 s", "91.0 %"), ("3600 s", "90.1 %")]),
        (
            "after,WER (%)\nat once,7.9\n0 s (fresh),7.9\n1 month,0.9\n",
            [("0 s", "7.9 %"), ("1 month", "0.9 %")],
        ),
    ],
)
def test_rows_that_are_times_are_scores_over_time(
    tmp_path: Path, text: str, points: list[tuple[str, str]]
) -> None:
    found = read(tmp_path, text)
    assert not tables(found)
    rows: list[Any] = [fact.value for fact in found.facts if fact.path[:2] == ("robustness", "over_time")]
    assert [(row["after"], row["score"]["value"]) for row in rows] == points
    assert ("at once" in left(found)) == ("at once" in text)


def test_strengths_of_noise_are_no_tasks(tmp_path: Path) -> None:
    found = read(tmp_path, "noise of weights,accuracy\n1 %,91.0\n3 %,90.1\n")
    assert not tables(found)
    assert "noise of weights: 1 %, 3 %: no scores" in left(found)


def test_tasks_in_the_names_of_columns_are_tasks(tmp_path: Path) -> None:
    (table,) = tables(read(tmp_path, "model,sst2_acc,mnli_acc\ndigital,0.91,0.84\nanalog,0.90,0.82\n"))
    assert table["metric"] == "accuracy"
    assert [task["task"] for task in table["tasks"]] == ["sst2", "mnli"]


def test_a_mean_that_is_none_and_a_score_that_cannot_be_are_left_out_alone(tmp_path: Path) -> None:
    text = "task,metric,analog\nA,accuracy,64.0\nB,accuracy,-2.0\nC,accuracy,66.0\nAverage,,99.0\n"
    found = read(tmp_path, text)
    (table,) = tables(found)
    assert [task["task"] for task in table["tasks"]] == ["A", "C"]
    assert "averages" not in table
    assert "-2.0: accuracy has no such score" in left(found)
    assert "Average 99.0" in left(found)


def test_systems_in_rows_and_tasks_in_columns_are_asked_about(tmp_path: Path) -> None:
    found = read(tmp_path, "system,RTE,MNLI\ndigital,66.4,83.4\nanalog,64.0,82.1\n")
    assert not tables(found)
    (asked,) = found.unclear
    words, table = asked.readings[0]
    assert isinstance(table, dict)
    assert words == "each column is a task"
    assert table["tasks"] == [
        {"task": "RTE", "scores": {"digital": 66.4, "analog": 64.0}},
        {"task": "MNLI", "scores": {"digital": 83.4, "analog": 82.1}},
    ]


def test_decimal_commas_are_read_and_said(tmp_path: Path) -> None:
    found = read(tmp_path, "task;metric;digital;analog\nRTE;accuracy;66,40;64,0\nSST-2;accuracy;93,512;92\n")
    (table,) = tables(found)
    assert [task["scores"]["digital"] for task in table["tasks"]] == ["66.40 %", "93.512 %"]
    assert found.assumed == {"performance": "Decimal commas were read as points: 66,40 as 66.40."}


@pytest.mark.parametrize("cells", ["1,234;1,456", "1.234,5;2"])
def test_commas_that_could_part_thousands_are_not_read(tmp_path: Path, cells: str) -> None:
    found = read(tmp_path, f"task;digital;analog\nA;{cells}\nB;0.5;3\nC;0.6;4\n")
    assert not any("1.234" in str(table) for table in tables(found))
    assert "1,234" in left(found) or "1.234,5" in left(found)


def test_a_column_called_model_can_hold_the_scores(tmp_path: Path) -> None:
    (table,) = tables(read(tmp_path, "task,metric,model\nRTE,accuracy,66.40\n"))
    assert table["tasks"][0]["scores"] == {"model": "66.40 %"}


def test_every_column_is_taken_or_listed(tmp_path: Path) -> None:
    text = "task,metric,analog,comment,digital\nRTE,accuracy,64.0,rerun,n/a\nSST-2,accuracy,92.1,,see text\n"
    found = left(read(tmp_path, text))
    assert "comment: rerun" in found
    assert "digital: n/a" in found


def test_times_and_energies_are_no_scores(tmp_path: Path) -> None:
    found = read(tmp_path, "task,metric,digital,analog\nRTE,latency,12.1,0.19\nRTE,accuracy,64.2,63.0\n")
    assert [table["metric"] for table in tables(found)] == ["accuracy"]
    assert not found.unclear
    assert "latency 0.19" in left(found)


def test_digits_are_those_of_the_file(tmp_path: Path) -> None:
    text = "task,metric,digital,analog\nRTE,accuracy,66.40,64.00\nMRPC,accuracy,0.880,0.8872549019607843\n"
    (table,) = tables(read(tmp_path, text))
    assert table["tasks"][0]["scores"] == {"digital": "66.40 %", "analog": "64.00 %"}
    # A fraction of three digits; one that a program wrote in full is cut.
    assert table["tasks"][1]["scores"] == {"digital": "88.0 %", "analog": "88.7255 %"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("results.csv", "task,digital,analog\nRTE,0.66,0.64\nMRPC,88.9,88.6\n"),
        (
            "a.yaml",
            "- dataset: {id: cais/hle}\n  value: 20.90\n- dataset: {id: Idavidrein/gpqa}\n  value: 0.412\n",
        ),
    ],
)
def test_small_scores_among_large_ones_of_no_metric_are_asked_about(
    tmp_path: Path, name: str, text: str
) -> None:
    found = read(tmp_path, text, name)
    assert not tables(found)
    (asked,) = found.unclear
    assert [words.partition(":")[0] for words, _ in asked.readings] == [
        "fractions and percentages",
        "one unit",
    ]


CARD = """---
model-index:
- name: foxes
  results:
  - task: {{type: tabular-regression}}
    dataset: {{name: stars, type: stars}}
    metrics:
{metrics}
---
"""


def test_results_that_only_their_names_tell_apart_keep_them_and_are_not_averaged(tmp_path: Path) -> None:
    metrics = """\
    - {type: mae, value: 0.368, name: MAE (dex)}
    - {type: mae, value: 0.689, name: Constant-mean baseline MAE (dex)}
    - {type: rmse, value: 0.411, name: RMSE (dex)}
    - {type: pearsonr, value: 0.943}
    - {type: loss, value: 0.21}"""
    found = read(tmp_path, CARD.format(metrics=metrics), "README.md")
    by_metric = {table["metric"]: table["tasks"] for table in tables(found)}
    assert [task["task"] for task in by_metric["absolute error"]] == [
        "stars: MAE (dex)",
        "stars: Constant-mean baseline MAE (dex)",
    ]
    assert by_metric["root mean squared error"][0]["scores"] == {"model": 0.411}
    assert by_metric["Pearson correlation"][0]["scores"] == {"model": 0.943}
    assert by_metric["loss"][0]["scores"] == {"model": 0.21}
    assert not found.unclear
    assert not averages(found)


def test_parts_of_one_set_of_data_are_not_averaged(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '{"epoch":3.0,"eval_accuracy":0.8326,"predict_accuracy":0.79,"train_runtime":10}',
        "all_results.json",
    )
    assert len(tables(found)[0]["tasks"]) == 2
    assert not averages(found)


def test_tasks_of_one_metric_are_averaged(tmp_path: Path) -> None:
    found = read(tmp_path, "task,metric,analog\nRTE,accuracy,64.0\nMRPC,accuracy,88.0\n")
    (mean,) = averages(found)
    assert mean.value == "76.0 %"  # (64 + 88) / 2, with the digits of the scores


def test_a_mean_has_no_digit_that_its_scores_do_not_have(tmp_path: Path) -> None:
    found = read(tmp_path, "task,metric,analog\nA,accuracy,64.00\nB,accuracy,88.1\nC,accuracy,92.33\n")
    (mean,) = averages(found)
    assert mean.value == "81.5 %"  # 244.43 / 3 = 81.4766…


def test_of_scores_that_no_sheet_can_hold_the_others_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("task,metric,score\na,accuracy,0.91\nb,accuracy,1e-320\nc,accuracy,0.93\n")
    found = results_table.KIND.read(str(file), ImportOptions())
    assert [task["task"] for fact in found.facts for task in fact.value["tasks"]] == ["a", "c"]  # type: ignore[call-overload,index]
    assert [(left.where, left.what) for left in found.left_out] == [("r.csv:3 score", "1e-320")]
    file.write_text("task,metric,score\n" + "".join(f"t{one},accuracy,0.5\n" for one in range(1_001)))
    found = results_table.KIND.read(str(file), ImportOptions())
    assert [left.why for left in found.left_out] == [
        "a table of a sheet has at most 1,000 tasks and 100 systems; give those that readers need"
    ]
