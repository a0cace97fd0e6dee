"""Long tables of runs with a seed each, and of scores at several times after programming."""

from __future__ import annotations

from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.tables import results_table

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported

RUNS = {
    ("fp32", 0): (0.9463, 0.9451, 0.9470),
    ("analog", 1): (0.9392, 0.9377, 0.9401),
    ("analog", 3600): (0.9371, 0.9350, 0.9379),
    ("analog", 86400): (0.9344, 0.9318, 0.9352),
}
"""Accuracies by system and seconds since programming, made up; what is expected follows by `statistics`."""


def read(folder: Path, text: str) -> Imported:
    file = folder / "results.csv"
    file.write_text(text, encoding="utf-8")
    return results_table.read(str(file), ImportOptions())


def long_table(column: str = "t_seconds") -> str:
    lines = [
        f"{system},weld,accuracy,{after},{seed},{score}"
        for (system, after), scores in RUNS.items()
        for seed, score in enumerate(scores, 1)
    ]
    return "\n".join([f"model,dataset,metric,{column},seed,accuracy", *lines, ""])


def shown(system: str, after: int) -> str:
    scores = [100 * score for score in RUNS[system, after]]
    return f"{mean(scores):.2f} ± {stdev(scores):.2f} %"


def facts(found: Imported, path: str) -> list[Any]:
    return [fact.value for fact in found.facts if ".".join(map(str, fact.path)).startswith(path)]


def test_runs_are_one_score_and_times_are_scores_over_time(tmp_path: Path) -> None:
    found = read(tmp_path, long_table())
    rows = facts(found, "robustness.over_time")
    assert [(row["after"], row["score"]["value"]) for row in rows] == [
        (f"{after} s", shown("analog", after)) for system, after in RUNS if system == "analog"
    ]
    evaluation = {"seeds": 3, "spread": "standard deviation"}
    assert facts(found, "robustness.evaluation") == [{"dataset": "weld", **evaluation}]
    assert facts(found, "robustness.metric") == ["accuracy"]
    (table,) = facts(found, "performance.results")
    (task,) = table["tasks"]
    assert task == {"task": "weld", "evaluation": evaluation, "scores": {"fp32": shown("fp32", 0)}}
    assert "`seed` alone" in found.assumed["robustness"]
    assert "one score of analog" in [one.what for one in found.left_out]


def test_a_table_of_runs_without_times_gives_means(tmp_path: Path) -> None:
    found = read(
        tmp_path, "task,seed,digital,analog\nA,1,91.0,89.0\nA,2,92.0,90.5\nB,1,80.0,79.0\nB,2,81.0,79.0\n"
    )
    (table,) = facts(found, "performance.results")
    first, second = table["tasks"]
    # By hand: the mean of 91 and 92 with its deviation 1/√2, and of 89 and 90.5 with 1.5/√2.
    assert first["scores"] == {"digital": "91.5 ± 0.7", "analog": "89.8 ± 1.1"}
    assert first["evaluation"]["seeds"] == 2
    assert second["scores"]["analog"] == 79.0  # two runs that agree have no ± that a sheet can state


@pytest.mark.parametrize(
    "text",
    [
        # Seed 1 is there twice for one experiment: `tuned` was varied in a file that does not name it.
        "model,dataset,seed,accuracy\na,x,1,0.9\na,x,1,0.8\na,x,2,0.7\n",
        # Strengths of noise are no runs.
        "model,dataset,sigma,seed,accuracy\na,x,0.1,1,0.9\na,x,0.1,2,0.8\na,x,0.2,1,0.7\na,x,0.2,2,0.6\n",
    ],
)
def test_what_differs_in_more_than_a_seed_is_not_averaged_over_it(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text)
    assert not facts(found, "performance.results")
    assert any("several of `a` are of one task" in one.why for one in found.left_out)


def test_times_that_are_not_taken_name_their_field(tmp_path: Path) -> None:
    # Two scores of one system at one time: something else was varied.
    found = read(tmp_path, "model,dataset,t_seconds,accuracy\na,x,1,0.9\na,x,1,0.8\na,x,60,0.7\na,x,60,0.6\n")
    assert not facts(found, "robustness")
    (why,) = [one.why for one in found.left_out if one.what.startswith("t_seconds")]
    assert "factsheet fields robustness.over_time" in why
