"""Cards and results of the Hub, in the forms that its documentation gives; what is odd in one is listed, not raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import kind_of, sources_in
from factsheet.authoring.importing.merging import merge

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported

# After https://huggingface.co/docs/hub/model-cards and the model-index of its specification (modelcard.md).
CARD = """\
---
license: apache-2.0
language: "en, de"
library_name: transformers
base_model: google-bert/bert-base-uncased
base_model_relation: finetune
datasets: [nyu-mll/glue]
tags: [generated_from_trainer]
co2_eq_emissions: 12.5
model-index:
- name: bert-mnli
  results:
  - task: {type: text-classification}
    dataset: {name: GLUE MNLI, type: nyu-mll/glue, config: mnli, split: validation_matched}
    metrics:
    - {type: accuracy, value: 0.8412}
---
# bert-mnli

## Model description

Fine-tuned on MNLI.

## Intended uses & limitations

More information needed

### Training hyperparameters

- learning_rate: 5e-05
- train_batch_size: 32
- num_epochs: 3.0
"""


def _read(path: Path) -> Imported:
    kind, place = kind_of(str(path))
    return kind.read(place, ImportOptions())


def _data(*paths: Path) -> dict[str, Any]:
    return merge(map(_read, paths)).data


@pytest.mark.parametrize(("start", "line_end"), [("", "\n"), ("\ufeff", "\n"), ("", "\r\n")])
def test_a_card_gives_its_front_matter_results_and_recipe(tmp_path: Path, start: str, line_end: str) -> None:
    card = tmp_path / "README.md"
    card.write_bytes((start + CARD.replace("\n", line_end)).encode())
    data = _data(card)
    assert data["overview"] == {
        "licence": "Apache-2.0",
        "languages": ["en", "de"],
        "model": "bert-mnli",
        "summary": "Fine-tuned on MNLI.",
    }
    assert data["hardware"]["training"]["carbon"]["value"] == "12.5 g CO2e"
    assert data["training_data"]["source"] == "https://huggingface.co/datasets/nyu-mll/glue"
    assert data["model_architecture"]["base_models"][0]["relation"] == "finetune"
    (table,) = data["performance"]["results"]
    assert table["metric"] == "accuracy"
    assert table["tasks"][0]["scores"] == {"model": "84.12 %"}
    assert table["tasks"][0]["evaluation"]["split"] == "validation_matched"
    assert data["training"] == {"learning_rate": "5e-05", "batch_size": 32, "epochs": 3}
    # A template's placeholder is no answer.
    assert "applications" not in data.get("purpose", {})
    assert any("tags" in left.what for left in _read(card).left_out)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no front matter",
        "---\nlicense: [\n---\n# a",
        "---\nmodel-index: 3\n---\n",
        "---\nmodel-index:\n- name: a\n  results:\n  - 3\n  - {metrics: [{type: acc}]}\n---\n",
        "<html><body><h1>card</h1></body></html>",
        "---\nlicense: other\nlanguage: no\ndatasets: {a: b}\nbase_model: [1, {a: b}]\n---\n```\n# no heading\n```\n",
        "# a\n" + "word " * 250_000,
        "---\n- a\n- b\n---\n",
        "\x00\x1b[31mred",
    ],
)
def test_an_odd_card_is_read_as_far_as_it_goes(tmp_path: Path, text: str) -> None:
    card = tmp_path / "README.md"
    card.write_text(text or " ", encoding="utf-8")
    found = _read(card)
    assert found.facts or found.left_out
    assert not any("\x1b" in str(one) for one in (*found.facts, *found.left_out))


# As `Trainer.create_model_card` of transformers writes it, with figures that contradict the front matter.
TRAINED = """\
---
language: [en, no, unk]
datasets: [glue]
co2_eq_emissions: {emissions: 12.5, source: CodeCarbon, training_type: fine-tuning, energy_consumed: 0.4}
model-index:
- name: sst2-bert
  results:
  - task: {type: text-classification, name: Text Classification}
    dataset: {name: GLUE SST2, type: glue, config: sst2, split: validation}
    metrics:
    - {type: wer, value: 32.429, verified: true}
    - {type: accuracy, value: 0.9254587155963303}
    source: {name: Open ASR, url: "https://example.org/board"}
- name: another
  results: []
---
# sst2-bert

This model is a fine-tuned version of [bert-base-uncased](https://example.org/bert) on the GLUE SST2 dataset.
It achieves the following results on the evaluation set:
- Loss: 0.4519
- Wer: 32.01
- Accuracy: 0.9255
- Runtime: 12.5

## Intended uses & limitations

Sorting short English reviews. Not for medical texts.

## Training and evaluation data

67,349 sentences to train, 872 to validate.

## Training

| lr | batch size | momentum |
|----|------------|----------|
| 5e-05 | 32 | 0.9 |

### Training results

| Training Loss | Epoch | Accuracy |
|---------------|-------|----------|
| 0.1827        | 1.0   | 0.9174   |

<h2>Out-of-Scope Use</h2><p>Medical advice.</p>

## Einschränkungen

Nur Englisch.

### Framework versions

- Transformers 4.57.1
"""


def test_whatever_a_trainer_writes_is_taken_or_listed(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(TRAINED, encoding="utf-8")
    found = _read(tmp_path / "README.md")
    data = _data(tmp_path / "README.md")
    left = "\n".join(f"{one.where} {one.what}: {one.why}" for one in found.left_out)
    tables = {table["metric"]: table["tasks"][0] for table in data["performance"]["results"]}
    assert tables["word error rate"]["scores"] == {"model": "32.429 %"}
    assert "Wer: 32.01: the results of the front matter say 32.429" in left
    assert tables["loss"]["scores"] == {"model": 0.4519}
    assert tables["accuracy"]["scores"] == {"model": "92.5459 %"}  # and not once more with fewer digits
    assert tables["accuracy"]["provenance"]["note"] == "Open ASR https://example.org/board"
    assert data["overview"]["languages"] == ["en", "no"]
    assert data["training_data"]["name"] == "GLUE SST2"
    assert data["test_data"]["name"] == "GLUE SST2"
    assert data["test_data"]["split"] == "validation"
    assert data["training_data"]["summary"] == "67,349 sentences to train, 872 to validate."
    assert data["training"]["learning_rate"] == "5e-05"
    assert data["training"]["batch_size"] == 32
    assert data["purpose"]["out_of_scope"] == "Medical advice."
    assert data["model_architecture"]["base_models"][0]["name"] == "bert-base-uncased"
    assert data["hardware"]["training"]["energy"]["value"] == "0.4 kWh"
    for what in ("another", "True", "CodeCarbon", "fine-tuning", "0.1827", "Nur Englisch.", "Runtime: 12.5"):
        assert what in left, what
    assert "momentum 0.9" in left  # of an optimiser that nothing names
    assert "unk" in left
    assert "taken as the word" in left
    assert {one.path[0] for one in found.unclear} == {"purpose", "limitations"}


FIT = """{"epochs": 10, "optimizer_class": "<class 'torch.optim.adamw.AdamW'>", "optimizer_params": {"lr": 2e-05}}"""
"""What `fit` of sentence-transformers was given, as its cards print it."""
KERAS = {
    "name": "SGD",
    "learning_rate": {"class_name": "Poly", "config": {"initial_learning_rate": 0.1}},
    "momentum": 0.9,
}
"""An optimiser as Keras' callback prints it into a card."""


@pytest.mark.parametrize(
    ("body", "path", "value"),
    [
        (
            "- **Developed by:** [Example Lab](https://example.org)\n",
            ("overview", "organisation"),
            "Example Lab",
        ),
        ("| Language(s) | English, Danish |\n|--|--|\n", ("overview", "languages"), ["English", "Danish"]),
        ("- **Hours used:** 12\n", ("hardware", "training", "duration", "value"), "12 h"),
        ("**License:** apache 2.0\n", ("overview", "licence"), "Apache-2.0"),
        ("# Limitations\n\n1. Slow.\n2. Small.\n", ("limitations", "known"), ["Slow.", "Small."]),
        (
            "Uses\n====\n\nReviews. " + "It sorts them. " * 30,
            ("purpose", "applications"),
            ["Reviews.", *["It sorts them."] * 11],
        ),
        (
            "## Hyperparameters\n\n```\nn_epochs = 3,  # passes\nlr: 2e-5\n```\n",
            ("training",),
            {"epochs": 3, "learning_rate": "2e-5"},
        ),
        (
            f"### Training hyperparameters\n- optimizer: {KERAS}\n",
            ("training",),
            {"optimiser": "SGD, momentum 0.9", "learning_rate": "0.1", "schedule": "Poly"},
        ),
        (
            f"## Training\n\n```\n{FIT}\n```\n",
            ("training",),
            {"epochs": 10, "learning_rate": "2e-05", "optimiser": "AdamW"},
        ),
        ("<h1>Tiny</h1><h2>Description</h2><p>A model.</p>", ("overview", "summary"), "A model."),
        ("# Tiny\n\nSorts mail.\n", ("overview", "summary"), "Sorts mail."),
    ],
)
def test_lines_of_a_body_go_where_a_field_holds_them(
    tmp_path: Path, body: str, path: tuple[str, ...], value: object
) -> None:
    (tmp_path / "README.md").write_text(f"---\ntags: []\n---\n{body}", encoding="utf-8")
    found: Any = _data(tmp_path / "README.md")
    for key in path:
        found = found[key]
    assert found == value


@pytest.mark.parametrize(
    ("value", "score"), [('"271.29 +/- 19.15"', "271.29 ± 19.15"), ("'500.00 +/- 0.00'", 500.00)]
)
def test_a_score_with_a_spread_is_one(tmp_path: Path, value: str, score: object) -> None:
    # Rewards as the cards of stable-baselines3 have them.
    (tmp_path / "README.md").write_text(
        "---\nmodel-index:\n- name: ppo\n  results:\n  - dataset: {name: CartPole-v1, type: CartPole-v1}\n"
        f"    metrics:\n    - {{type: mean_reward, value: {value}}}\n---\n",
        encoding="utf-8",
    )
    (table,) = _data(tmp_path / "README.md")["performance"]["results"]
    assert table["tasks"][0]["scores"] == {"model": score}


@pytest.mark.parametrize(
    ("table", "metric", "rows"),
    [
        # Accuracy of a model of the Open Model Zoo, and a comparison as TurkuNLP's card has it.
        ("| Metric | Value |\n|-|-|\n| F1 | 92.60% |\n", "F1", {"all": {"model": "92.60 %"}}),
        (
            "| Model | Accuracy |\n|-|-|\n| FinBERT | 92.40% |\n| Other | 90.29% |\n",
            "accuracy",
            {"all": {"finbert": "92.40 %", "other": "90.29 %"}},
        ),
        (
            # As the cards of Helsinki-NLP have it.
            "| testset | BLEU | chr-F |\n|-|-|-|\n| newstest2016 | 28.2 | 0.54 |\n",
            "BLEU",
            {"newstest2016": {"model": "28.2 %"}},
        ),
    ],
)
def test_a_table_whose_columns_say_what_they_are_is_taken(
    tmp_path: Path, table: str, metric: str, rows: dict[str, Any]
) -> None:
    (tmp_path / "README.md").write_text(f"# A\n\n## Accuracy\n\n{table}", encoding="utf-8")
    found = {one["metric"]: one for one in _data(tmp_path / "README.md")["performance"]["results"]}
    assert {task["task"]: task["scores"] for task in found[metric]["tasks"]} == rows
    left = "\n".join(one.what for one in _read(tmp_path / "README.md").left_out)
    assert ("chr-F: 0.54" in left) == ("chr-F" in table)


@pytest.mark.parametrize(
    "table",
    [
        "| Model | MNLI | QQP |\n|-|-|-|\n| A | 84.1 | 71.2 |\n",  # tasks, or metrics
        "| Size | Parameters |\n|-|-|\n| tiny | 39 M |\n",
        "| Training Loss | Epoch | Accuracy |\n|-|-|-|\n| 0.5 | 1.0 | 0.91 |\n",
    ],
)
def test_any_other_table_is_listed_with_its_figures(tmp_path: Path, table: str) -> None:
    (tmp_path / "README.md").write_text(f"# A\n\n## Accuracy\n\n{table}", encoding="utf-8")
    found = _read(tmp_path / "README.md")
    assert not any(fact.path[0] == "performance" for fact in found.facts)
    last = table.strip().rpartition("\n")[2].strip("| ")
    assert any(last in one.what for one in found.left_out)


@pytest.mark.parametrize(
    "text",
    [
        "It achieves the following results on evaluation set:\n\n eval_loss: 0.6226,\neval_accuracy: 0.7615,\n",
        "<p>Results on the test set:</p><ul><li>Accuracy: 0.7615</li><li>Loss: 0.6226</li></ul>\n",
        "## Results\n\n```\naccuracy = 0.7615\nloss = 0.6226\n```\n",
        "## Evaluation results\n\nAccuracy: 76.15 %\nLoss: 0.6226\n",
    ],
)
def test_scores_are_taken_however_they_are_laid_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(f"# A\n\n{text}", encoding="utf-8")
    tables = _data(tmp_path / "README.md")["performance"]["results"]
    scores = {table["metric"]: table["tasks"][0]["scores"]["model"] for table in tables}
    assert scores == {"accuracy": "76.15 %", "loss": 0.6226}


def test_lines_of_settings_that_are_none_are_listed(tmp_path: Path) -> None:
    # After a card of skrl: Python in place of a list.
    text = "# A\n\n## Hyperparameters\n\n```python\ncfg['lambda'] = 0.95\nlr = 5e-4\n```\n"
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert _data(tmp_path / "README.md")["training"] == {"learning_rate": "5e-4"}
    assert any("cfg['lambda'] = 0.95" in one.what for one in _read(tmp_path / "README.md").left_out)


@pytest.mark.parametrize(
    ("data_set", "name"),
    [
        ("{name: GLUE SST2, type: glue, config: sst2}", "GLUE SST2"),
        ("{name: glue, type: glue, args: mrpc}", "glue, mrpc"),
        ("{name: SST-2, type: nyu-mll/glue, config: sst2}", "SST-2"),
        ("{name: imdb, type: imdb, config: plain_text}", "imdb"),
    ],
)
def test_data_are_called_by_the_part_that_was_used(tmp_path: Path, data_set: str, name: str) -> None:
    (tmp_path / "README.md").write_text(
        f"---\nmodel-index:\n- name: a\n  results:\n  - dataset: {data_set}\n"
        "    metrics: [{type: accuracy, value: 0.9}]\n---\n",
        encoding="utf-8",
    )
    assert _data(tmp_path / "README.md")["test_data"]["name"] == name


@pytest.mark.parametrize(
    ("body", "path", "value"),
    [
        # A row of links is no summary, nor is a list of labels; the sentence that says what it is is one.
        (
            '# A\n\n<p><a href="https://example.org/p">Paper</a> | <a href="/code">Code</a></p>\n\nSorts mail.\n',
            ("overview", "summary"),
            "Sorts mail.",
        ),
        (
            "# A\n\nClassifies images.\n\n## Model Details\n- **Model Type:** backbone\n- **Params (M):** 28.6\n",
            ("overview", "summary"),
            "Classifies images.",
        ),
        # Settings below the title, as an adapter's card has them.
        (
            "# A\n\n- learning_rate: 0.0002\n- train_batch_size: 4\n- seed: 3407\n- num_devices: 8\n",
            ("training",),
            {"learning_rate": "0.0002", "batch_size": 4, "seed": 3407},
        ),
        (
            "## Hyper-parameters\n\n|Name|Value|\n|-|-|\n| Peak learning rate | 1e-4 |\n| Warmup steps | 10,000 |\n",
            ("training",),
            {"learning_rate": "1e-4", "warm_up": "10000 steps"},
        ),
        ("- **Carbon Emitted:** 57 g\n", ("hardware", "training", "carbon", "value"), "57 g CO2e"),
        ("- **Carbon Emitted:** 420 tons CO2eq\n", ("hardware", "training", "carbon", "value"), "420 t CO2e"),
        (
            "<details><summary>Hyper-parameters</summary>\n\n| Setting | Value |\n|-|-|\n| Seed | 7 |\n\n</details>\n",
            ("training", "seed"),
            7,
        ),
    ],
)
def test_what_a_card_says_without_a_heading_for_it(
    tmp_path: Path, body: str, path: tuple[str, ...], value: object
) -> None:
    (tmp_path / "README.md").write_text(f"---\ntags: []\n---\n{body}", encoding="utf-8")
    found: Any = _data(tmp_path / "README.md")
    for key in path:
        found = found[key]
    assert found == value


def test_scores_of_a_list_of_terms_are_taken_and_its_rest_is_kept(tmp_path: Path) -> None:
    text = "# A\n\n<dl><dt>Accuracy (exact match)</dt><dd>79.5 %</dd><dt>Rank</dt><dd>64</dd></dl>\n"
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    data = _data(tmp_path / "README.md")
    assert data["performance"]["results"][0]["tasks"][0]["scores"] == {"model": "79.5 %"}
    assert data["overview"]["summary"] == "Rank: 64"


def test_what_a_template_says_of_itself_is_no_name(tmp_path: Path) -> None:
    text = "# Model Card for Model ID\n\n- **Compute Region:** your-region\n- **Shared by [optional]:** Jane Roe\n"
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    assert _read(tmp_path / "README.md").called == ""
    data = _data(tmp_path / "README.md")
    assert data == {"overview": {"organisation": "Jane Roe"}}


@pytest.mark.parametrize(
    ("metrics", "metric", "score", "left"),
    [
        # As the cards of Ultralytics' models have it: the type is one metric, the name another.
        ("[{type: precision, value: 0.54321, name: mAP@0.5(box)}]", "mAP@0.5(box)", None, "precision"),
        ("[{type: pearsonr, value: 0.8593}]", "Pearson correlation", 0.8593, ""),
        ("{accuracy: 0.9266268}", "accuracy", "92.66268 %", ""),
    ],
)
def test_a_metric_is_called_by_what_says_most(
    tmp_path: Path, metrics: str, metric: str, score: object, left: str
) -> None:
    (tmp_path / "README.md").write_text(
        "---\nmodel-index:\n- name: a\n  results:\n  - dataset: {name: d, type: d, args: {num_few_shot: 5}}\n"
        f"    metrics: {metrics}\n---\n",
        encoding="utf-8",
    )
    found = _read(tmp_path / "README.md")
    assert left in "\n".join(str(one.what) for one in found.left_out)
    if score is None:
        (asked,) = found.unclear  # a fraction, or a percentage of less than one
        assert metric in str(asked.readings[0][1])
        return
    (table,) = _data(tmp_path / "README.md")["performance"]["results"]
    assert table["metric"] == metric
    assert table["tasks"][0]["scores"] == {"model": score}
    assert table["tasks"][0]["evaluation"]["shots"] == 5


def test_two_licences_are_asked_about(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nlicense: [mit, apache-2.0]\n---\n", encoding="utf-8")
    (asked,) = _read(tmp_path / "README.md").unclear
    assert [value for _, value in asked.readings] == ["MIT OR Apache-2.0", "MIT AND Apache-2.0"]


def test_what_is_in_brackets_behind_a_score_is_listed(tmp_path: Path) -> None:
    text = "# A\n\nIt achieves these results on the test set:\n- F1: 0.88 (0.01)\n\n| | digital | analog |\n|-|-|-|\n"
    (tmp_path / "README.md").write_text(f"{text}| SST-2 | 91.2 | 90.1 (5) |\n", encoding="utf-8")
    found = _read(tmp_path / "README.md")
    assert {"(0.01)", "(5)"} <= {str(one.what) for one in found.left_out}
    tables = _data(tmp_path / "README.md")["performance"]["results"]
    assert tables[0]["tasks"][0]["scores"] == {"digital": 91.2, "analog": 90.1}


def test_a_stated_mean_goes_with_its_own_metric_and_one_that_is_none_is_said_to_be(tmp_path: Path) -> None:
    rows = "| Task | Accuracy |\n|-|-|\n| A | 90.1 |\n| B | 70.1 |\n| Gesamt | 80.1 |\n\n"
    text = (
        f"# A\n\n## Results\n\n{rows}| Task | F1 |\n|-|-|\n| a | 90.0 |\n| b | 70.0 |\n| Overall | 75.0 |\n"
    )
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    tables = {one["metric"]: one for one in _data(tmp_path / "README.md")["performance"]["results"]}
    assert tables["accuracy"]["averages"] == {"model": "80.1 %"}
    assert "averages" not in tables["F1"]
    (why,) = [one.why for one in _read(tmp_path / "README.md").left_out if "Overall" in str(one.what)]
    assert "it is not the mean" in why


def test_headings_in_bold_begin_parts_of_their_own(tmp_path: Path) -> None:
    # After the model cards of Mitchell et al., as fairseq's and Llama's have them.
    text = "# MMS Model Card\n\n## Intended Use\n\n**Primary intended uses** Research.\n\n**Out of Scope:** Law.\n"
    (tmp_path / "MODEL_CARD.md").write_text(text, encoding="utf-8")
    assert _read(tmp_path / "MODEL_CARD.md").called == "MMS"
    purpose = _data(tmp_path / "MODEL_CARD.md")["purpose"]
    assert purpose == {"applications": "Research.", "out_of_scope": "Law."}


def test_scores_of_one_family_stay_apart(tmp_path: Path) -> None:
    body = "## Validation Metrics\n\n- Rouge1: 54.3928\n- Rouge2: 31.666\n- Gen Len: 13.3\n"
    (tmp_path / "README.md").write_text(f"---\ntags: []\n---\n{body}", encoding="utf-8")
    tables = _data(tmp_path / "README.md")["performance"]["results"]
    assert [table["metric"] for table in tables] == ["ROUGE-1", "ROUGE-2"]
    assert tables[0]["tasks"][0]["evaluation"] == {"split": "validation"}


def test_submitted_results_keep_their_source_and_are_not_called_measured(tmp_path: Path) -> None:
    folder = tmp_path / ".eval_results"
    folder.mkdir()
    # The template of https://huggingface.co/docs/hub/eval-results.
    text = (
        '- dataset: {id: cais/hle, task_id: hle}\n  value: 20.90\n  date: "2025-01-15"\n'
        "  source: {url: https://huggingface.co/x/y, name: Model Card, org: x}\n"
    )
    (folder / "hle.yaml").write_text(text, encoding="utf-8")
    (table,) = _data(folder / "hle.yaml")["performance"]["results"]
    (task,) = table["tasks"]
    assert task["task"] == "cais/hle"
    assert str(task["scores"]["model"]) in {"20.9", "20.90"}
    assert task["provenance"]["source"] == "cited"
    assert task["provenance"]["by"] == "x"


def test_a_folder_stands_for_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    (tmp_path / "README.md").write_text(CARD, encoding="utf-8")
    assert sources_in(str(tmp_path)) == (str(tmp_path / "README.md"), str(tmp_path))


def test_a_simulation_gives_scores_over_time(tmp_path: Path) -> None:
    path = tmp_path / "study.json"
    path.write_text(
        '{"schema": "factsheet.simulation/1", "metric": "accuracy", "digital": 0.9, "repeats": 5,'
        ' "over_time": [{"after": "1 day", "mean": 0.875}],'
        ' "refresh": {"accepted_loss": 0.01, "seconds": 100000.0, "words": "after 1.16 days"}}',
        encoding="utf-8",
    )
    data = _data(path)
    assert data["robustness"]["over_time"] == [
        {"after": "1 day", "score": {"value": "87.50 %", "source": "simulated"}}
    ]
    # 100,000 s are 1.157 days, rounded down: the loss is not to be larger before the interval ends.
    assert data["performance"]["refresh_interval"]["value"] == "1.15 days"


def test_a_template_that_nobody_filled_in_gives_no_fact(tmp_path: Path) -> None:
    # Sections of the Hub's template, huggingface_hub/templates/modelcard_template.md, before and after it is rendered.
    (tmp_path / "README.md").write_text(
        '# Model\n\n## Model Description\n\n{{ model_description | default("", true) }}\n\n'
        "- **Developed by:** nobody\n\n"
        "## How to Get Started with the Model\n\nUse the code below to get started with the model.\n\n"
        "[More Information Needed]\n\n## Out-of-Scope Use\n\nMedical advice.\n",
        encoding="utf-8",
    )
    kind, source = kind_of(f"card={tmp_path / 'README.md'}")
    found = kind.read(source, ImportOptions())
    stated = {
        fact.path: fact.value for fact in found.facts if fact.path[0] in {"overview", "purpose", "setup"}
    }
    assert ("overview", "summary") not in stated
    assert ("setup", "instructions") not in stated
    assert stated["purpose", "out_of_scope"] == "Medical advice."
    assert stated["overview", "organisation"] == "nobody"
    left = "\n".join(f"{one.what}: {one.why}" for one in found.left_out)
    assert "Use the code below to get started with the model.: part of it is a template" in left
