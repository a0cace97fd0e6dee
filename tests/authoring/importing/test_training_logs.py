"""Files that training leaves behind: those of CodeCarbon and of the Trainer of transformers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.importing import codecarbon, harness, trainer
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import recognise
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported, ImportKind

HEADER = (
    "timestamp,project_name,run_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,"
    "gpu_energy,ram_energy,energy_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,os,"
    "python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,"
    "tracking_mode,on_cloud,pue\n"
)
ROW = (
    "2024-07-24T14:08:18,paper,{run},{duration},{emissions},1.7e-05,99.7,95.7,70.2,0.08,0.2,0.07,{energy},Denmark,DNK,"
    ",,,Linux,3.9.19,2.4.2,24,Intel(R) Xeon(R) Gold 6136 CPU @ 3.00GHz,1,1 x Tesla V100-PCIE-32GB,12.0,55.7,"
    "187.41050720214844,machine,N,1.0\n"
)
"""Columns and kinds of values of a public file (github.com/Ambroise012/BERT-Pruning, emissions.csv)."""


def imported(folder: Path, kind: ImportKind, name: str, text: str | bytes) -> Imported:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return kind.read(str(file), ImportOptions())


def values(found: Imported) -> dict[str, Any]:
    return {".".join(map(str, fact.path)): fact.value for fact in found.facts}


def row(run: str, duration: object = 3795.2, emissions: object = 0.066, energy: object = 0.367) -> str:
    return ROW.format(run=run, duration=duration, emissions=emissions, energy=energy)


def test_one_run_is_the_training(tmp_path: Path) -> None:
    found = imported(tmp_path, codecarbon.KIND, "emissions.csv", HEADER + row("a"))
    facts = values(found)
    assert facts["hardware.training.duration"] == {
        "value": "3795.2 s",
        "date": "2024-07-24",
        "by": "CodeCarbon 2.4.2",
    }
    assert facts["hardware.training.energy"]["value"] == "0.367 kWh"
    assert facts["hardware.training.carbon"]["value"] == "0.066 kg CO2e"
    assert facts["hardware.training.accelerator"] == "Tesla V100-PCIE-32GB"
    assert facts["hardware.training.accelerator_count"] == 1
    assert facts["hardware.training.memory"] == "187.41050720214844 GiB"  # psutil's bytes by 1024³
    assert "hardware.training.usage_effectiveness" not in facts  # 1.0 is what nobody set
    sources = {".".join(map(str, fact.path)): fact.source for fact in found.facts}
    assert sources["hardware.training.duration"] == "measured"
    assert sources["hardware.training.energy"] == "declared"  # it may be an estimate


def test_rows_of_a_run_are_running_totals(tmp_path: Path) -> None:
    text = HEADER + row("a", 10, 0.001, 0.01) + row("a", 20, 0.002, 0.02)
    facts = values(imported(tmp_path, codecarbon.KIND, "emissions.csv", text))
    assert facts["hardware.training.duration"]["value"] == "20 s"


def test_several_runs_are_a_question(tmp_path: Path) -> None:
    found = imported(tmp_path, codecarbon.KIND, "emissions.csv", HEADER + row("a") + row("b", 12, 0.5, 0.7))
    asked = {".".join(map(str, one.path)): len(one.readings) for one in found.unclear}
    assert asked == dict.fromkeys(
        ("hardware.training.duration", "hardware.training.energy", "hardware.training.carbon"), 2
    )
    assert "hardware.training.energy" not in values(found)


@pytest.mark.parametrize("blank", ["", "nan", "0", "0.0", "-1", "inf"])
def test_what_is_no_amount_is_none(tmp_path: Path, blank: str) -> None:
    found = imported(tmp_path, codecarbon.KIND, "emissions.csv", HEADER + row("a", energy=blank))
    assert "hardware.training.energy" not in values(found)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no row"):
        imported(tmp_path, codecarbon.KIND, "emissions.csv", HEADER)


def tables(found: Imported) -> dict[str, Any]:
    return {
        fact.value["metric"]: [next(iter(task["scores"].values())) for task in fact.value["tasks"]]
        for fact in found.facts
        if fact.path[:2] == ("performance", "results") and isinstance(fact.value, dict)
    }


def test_results_of_the_trainer(tmp_path: Path) -> None:
    # github.com/CoralReefFish/whisper-tiny-nbaiLab, all_results.json
    text = json.dumps(
        {
            "epoch": 4.01,
            "eval_loss": 0.5099794864654541,
            "eval_runtime": 37.0125,
            "eval_samples_per_second": 4.35,
            "eval_wer": 24.878197320341048,
            "train_loss": 0.2913371723175049,
            "train_runtime": 623384.3788,
            "train_steps_per_second": 0.16,
        }
    )
    found = imported(tmp_path, trainer.KIND, "all_results.json", text)
    assert recognise(tmp_path / "all_results.json") is trainer.KIND
    assert tables(found) == {"word error rate": ["24.8782 %"]}
    assert values(found)["training.epochs"] == 4.01
    assert values(found)["hardware.training.duration"] == "623384.3788 s"
    assert "eval_loss" in found.left_out[-1].what


@pytest.mark.parametrize("text", ['{"eval_accuracy": 1.0}', '{"epoch": 3.0,\n "predict_f1": 0.5}'])
def test_a_file_of_scores_alone_is_the_trainers(tmp_path: Path, text: str) -> None:
    file = tmp_path / "eval_results.json"
    file.write_text(text, encoding="utf-8")
    assert recognise(file) is trainer.KIND


@pytest.mark.parametrize(
    ("key", "number", "read"),
    [
        ("eval_accuracy", 0.8123, "81.23 %"),  # scikit-learn returns fractions
        ("eval_f1", 88.9, "88.9 %"),  # and nothing above 1
        ("eval_wer", 24.9, "24.9 %"),
        ("eval_wer", 0.249, None),
        ("eval_wer", 1.3, None),
        ("eval_bleu", 0.4, None),
        ("eval_bleu", 27.3, "27.3 %"),
        ("eval_rmse", 1.5, 1.5),
    ],
)
def test_scores_without_a_sign(tmp_path: Path, key: str, number: float, read: object) -> None:
    found = imported(
        tmp_path, trainer.KIND, "all_results.json", json.dumps({key: number, "eval_runtime": 1.0})
    )
    if read is None:
        assert not tables(found)
        assert len(found.unclear[0].readings) == 2
    else:
        assert [scores[0] for scores in tables(found).values()] == [read]


def test_the_state_of_the_trainer_says_steps_and_no_rate(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "best_metric": 0.5,
            "best_model_checkpoint": "/home/somebody/checkpoint-100",
            "epoch": 3.0,
            "global_step": 2907,
            "num_train_epochs": 9223372036854775807,
            "log_history": [
                {"learning_rate": 1.7e-09, "loss": 0.69, "step": 1},
                {"eval_accuracy": 0.7, "step": 100},
            ],
        }
    )
    found = imported(tmp_path, trainer.KIND, "trainer_state.json", text)
    facts = values(found)
    assert facts["training.steps"] == 2907
    assert "training.learning_rate" not in facts
    assert "training.epochs" not in facts
    assert tables(found) == {"accuracy": ["70 %"]}
    assert not any("/home" in str(part) for one in found.left_out for part in (one.what, one.why))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"<html></html>",
    ],
)
def test_what_is_no_json_is_refused_in_words(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(UsageError):
        imported(tmp_path, trainer.KIND, "all_results.json", raw)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = '{"eval_accuracy": NaN,\r\n"train_runtime": 5.0, "name": "é",}\r\n'
    found = imported(tmp_path, trainer.KIND, "all_results.json", text.encode(encoding))
    assert values(found)["hardware.training.duration"] == "5.0 s"
    assert any("comma" in one.what for one in found.left_out)
    assert any(str(one.what) == "nan" for one in found.left_out)


@pytest.mark.parametrize("size", ["NaN", "-1", "0", '"many"', "Infinity", "null"])
def test_a_size_that_is_none_is_listed(tmp_path: Path, size: str) -> None:
    file = tmp_path / "all_results.json"
    file.write_text(f'{{"train_runtime": 10, "train_samples": {size}, "eval_loss": 0.2}}', encoding="utf-8")
    found = trainer.read(str(file), ImportOptions())
    assert not any(fact.path == ("training_data", "size") for fact in found.facts)
    assert any("train_samples" in one.where for one in found.left_out)


@pytest.mark.parametrize(
    ("model", "count", "words", "number"),
    [
        # codecarbon 3.3.2 joins kinds with nothing between them (external/hardware.py: GPU.description).
        ("2 x NVIDIA A100-SXM4-40GB2 x Tesla V100", "4", "2 x NVIDIA A100-SXM4-40GB and 2 x Tesla V100", [4]),
        ("8 x NVIDIA H100 80GB HBM3", "8", "NVIDIA H100 80GB HBM3", [8]),
        ("2 x RTX 3090", "4", "RTX 3090", []),
    ],
)
def test_accelerators_of_several_kinds(
    tmp_path: Path, model: str, count: str, words: str, number: list[int]
) -> None:
    names = "timestamp,run_id,duration,emissions,energy_consumed,gpu_count,gpu_model"
    text = f'{names}\n2024-07-24T14:08:18,a,100,0.1,0.3,{count},"{model}"\n'
    facts = values(imported(tmp_path, codecarbon.KIND, "emissions.csv", text))
    assert facts["hardware.training.accelerator"] == words
    assert [facts[path] for path in facts if path.endswith("accelerator_count")] == number


# The layout of `results_*.json` of lm-evaluation-harness 0.4 (lm_eval/evaluator.py).
HARNESS = {
    "results": {
        "arc_easy": {"alias": "arc_easy", "acc,none": 0.561, "acc_stderr,none": 0.010182},
        "wikitext": {"word_perplexity,none": 21.4, "word_perplexity_stderr,none": "N/A"},
        "mmlu": {"acc,none": 0.45},
        "mmlu_law": {"acc,none": 0.41},
    },
    "group_subtasks": {"mmlu": ["mmlu_law"]},
    "n-shot": {"arc_easy": 0},
    "config": {"model": "hf"},
}


def test_results_of_the_evaluation_harness(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text(json.dumps(HARNESS), encoding="utf-8")
    assert recognise(file) is harness.KIND
    found = harness.read(str(file), ImportOptions())
    assert tables(found) == {"accuracy": ["56.1 ± 1.0 %", "45 %"], "word perplexity": [21.4]}
    rows: list[Any] = [fact.value for fact in found.facts if isinstance(fact.value, dict)]
    assert rows[0]["tasks"][0]["evaluation"] == {"shots": 0, "spread": "standard error"}
    assert {"acc 0.41", "config"} == {str(one.what) for one in found.left_out}


@pytest.mark.parametrize(
    "results", [None, [], {"a": 5}, {"a": {"acc,none": "x"}}, {"a": {"acc_stderr,none": 1}}]
)
def test_odd_results_of_the_harness_are_no_fault(tmp_path: Path, results: object) -> None:
    file = tmp_path / "results.json"
    file.write_text(json.dumps({"results": results, "n-shot": 5, "group_subtasks": [1]}), encoding="utf-8")
    assert not harness.read(str(file), ImportOptions()).facts


def test_values_that_are_no_amounts_are_listed_however_many_runs_there_are(tmp_path: Path) -> None:
    names = "timestamp,run_id,duration,emissions,energy_consumed\n"
    for rows in ("x,a,abc,-1,1e400\n", "x,a,abc,-1,1e400\ny,b,3600\n"):
        found = imported(tmp_path, codecarbon.KIND, "emissions.csv", names + rows)
        assert {one.what for one in found.left_out} >= {"abc", "-1", "1e400"}
    assert "3 columns, fewer than the header" in {one.what for one in found.left_out}


def test_what_is_no_number_in_a_state_of_the_trainer_is_listed(tmp_path: Path) -> None:
    state = {"log_history": [], "global_step": "many", "epoch": "three", "train_batch_size": 8}
    found = imported(tmp_path, trainer.KIND, "trainer_state.json", json.dumps(state))
    assert {one.what for one in found.left_out} >= {"many", "three"}
    results = {"epoch": "three", "train_runtime": 12.5, "train_samples_per_second": 4}
    found = imported(tmp_path, trainer.KIND, "all_results.json", json.dumps(results))
    assert ("three", "it is no number") in {(one.what, one.why) for one in found.left_out}


@pytest.mark.parametrize(
    ("best", "scores", "listed"),
    [
        ({"best_global_step": 714, "best_metric": 0.7725}, ["77.25 %"], "eval_accuracy 0.769"),
        ({"best_model_checkpoint": "out/checkpoint-714"}, ["77.25 %"], "eval_accuracy 0.769"),
        ({"best_global_step": 500}, [], "eval_accuracy 0.769"),
        ({"best_global_step": 1071, "best_metric": 0.769}, ["76.9 %"], ""),
        ({}, ["76.9 %"], ""),
    ],
)
def test_the_scores_are_those_of_the_checkpoint_that_is_kept(
    tmp_path: Path, best: dict[str, Any], scores: list[str], listed: str
) -> None:
    # Three epochs of 357 steps; with `load_best_model_at_end` the Trainer keeps the second.
    log = [
        {"epoch": 2.0, "eval_accuracy": 0.7725, "step": 714},
        {"epoch": 3.0, "eval_accuracy": 0.769, "step": 1071},
        {"epoch": 3.0, "train_runtime": 612.4, "step": 1071},
    ]
    text = json.dumps({**best, "global_step": 1071, "log_history": log})
    found = imported(tmp_path, trainer.KIND, "trainer_state.json", text)
    assert tables(found).get("accuracy", []) == scores
    assert values(found)["training.epochs"] == 3
    assert (not listed) or listed in {one.what for one in found.left_out}
    assert not any(one.where.endswith("best_metric") for one in found.left_out)
