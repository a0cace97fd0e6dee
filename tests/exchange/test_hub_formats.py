"""Cards, results and tables of sheets, read by the Hub's own library and by what reads CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from huggingface_hub import (
    ModelCard,
    eval_result_entries_to_yaml,
    parse_eval_result_entries,
)

import factsheet
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import recognise
from factsheet.exchange.formats import export_sheet
from factsheet.exchange.request import ExportRequest

if TYPE_CHECKING:
    from factsheet.exchange.exported import Exported

ROOT = Path(__file__).parents[2]
SHEETS = sorted(file for file in (ROOT / "sheets").rglob("*.yaml") if not file.name.endswith(".review.yaml"))
SCORED = """\
factsheet: 1
overview: {name: A card, model: tiny, licence: Apache-2.0, languages: [en, de]}
purpose: {task_ids: [text-classification]}
training_data:
  name: GLUE
  source: https://huggingface.co/datasets/nyu-mll/glue
performance:
  results:
    - name: GLUE
      systems:
        - {id: digital, name: In floating point, kind: digital}
        - {id: analog, name: On arrays, kind: analog}
      tasks:
        - task: SST-2
          metric: accuracy
          evaluation: {dataset: nyu-mll/glue, configuration: sst2, split: validation}
          scores: {digital: 91.25 %, analog: {value: 90.50 %, source: cited, evidence: paper}}
        - task: CoLA
          metric: Matthews correlation
          evaluation: {dataset: nyu-mll/glue, configuration: cola}
          scores: {digital: 0.58, analog: 0.5565}
        - task: elsewhere
          metric: accuracy
          scores: {digital: 70 %, analog: 60 %}
references:
  - {id: paper, title: A paper, doi: 10.1000/xyz}
"""


def exported(sheet: factsheet.FactSheet, form: str) -> Exported:
    request = ExportRequest(sheet=sheet, name="sheet.yaml", moment=datetime(2026, 11, 30, tzinfo=UTC))
    return export_sheet(request, form)


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_every_row_of_the_table_is_the_answer_that_json_has(file: Path) -> None:
    sheet = factsheet.load(file)
    (table,) = exported(sheet, "csv").files
    (data,) = exported(sheet, "json").files
    rows = list(csv.DictReader(io.StringIO(table.text)))
    answers = json.loads(data.text)["answers"]
    assert [row["path"] for row in rows] == [answer["path"] for answer in answers]
    for row, answer in zip(rows, answers, strict=True):
        value = answer.get("value")
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert float(row["value"]) == value


@pytest.mark.parametrize("words", ["=1+1", "+A1", "-A1", "@SUM(A1)", "  =1", "%x", "'=1", "|cmd"])
def test_no_cell_is_a_formula(words: str) -> None:
    # What a spreadsheet may take for one: https://owasp.org/www-community/attacks/CSV_Injection
    sheet = factsheet.FactSheet.from_data(
        {"factsheet": 1, "overview": {"name": words, "model": "m", "summary": f"{words} and more"}}
    )
    (table,) = exported(sheet, "csv").files
    cells = [cell for row in csv.reader(io.StringIO(table.text)) for cell in row]
    assert not [cell for cell in cells if re.match(r"\s*[=+@|%]|\s*-(?!\d)", cell)]


def test_the_hub_reads_the_results_and_only_those_of_a_data_set_with_an_id() -> None:
    made = exported(factsheet.loads(SCORED), "eval-results")
    (file,) = made.files
    assert file.name == ".eval_results/nyu-mll-glue.yaml"
    rows = yaml.safe_load(file.text)
    first, second = parse_eval_result_entries(rows)
    assert (first.dataset_id, first.task_id, first.value) == ("nyu-mll/glue", "sst2", 90.5)
    assert (first.source_url, first.source_name) == ("https://doi.org/10.1000/xyz", "A paper")
    assert (second.dataset_id, second.task_id, second.value) == ("nyu-mll/glue", "cola", 0.5565)
    # Nothing is in the file that the Hub's own form has no place for.
    assert eval_result_entries_to_yaml([first, second]) == rows
    left = {one.path[-1] for one in made.unsaid if "scores" in one.path and one.path[4] == 2}
    assert left == {"digital", "analog"}


def test_the_hub_reads_the_card() -> None:
    (file,) = exported(factsheet.loads(SCORED), "model-card").files
    card = ModelCard(file.text)
    data: Any = card.data  # its fields are attributes that the class does not declare
    assert data.license == "apache-2.0"
    assert data.language == ["en", "de"]
    assert data.pipeline_tag == "text-classification"
    assert data.datasets == ["nyu-mll/glue"]
    found = {
        (one.dataset_type, one.dataset_config, one.metric_type): one.metric_value for one in data.eval_results
    }
    # Libraries return accuracy as a fraction.
    assert found == {
        ("nyu-mll/glue", "sst2", "accuracy"): 0.905,
        ("nyu-mll/glue", "cola", "matthews_correlation"): 0.5565,
        ("elsewhere", None, "accuracy"): 0.6,
    }
    assert [one.source_url for one in data.eval_results if one.dataset_config == "sst2"] == [
        "https://doi.org/10.1000/xyz"
    ]
    assert "# A card" in card.text


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_the_hub_reads_the_card_of_every_sheet_and_its_scores_come_back(file: Path, tmp_path: Path) -> None:
    sheet = factsheet.load(file)
    (card,) = exported(sheet, "model-card").files
    read: Any = ModelCard(card.text).data
    front = card.text.split("---\n")[1]
    stated = [
        metric["value"]
        for model in yaml.safe_load(front).get("model-index", ())
        for result in model["results"]
        for metric in result["metrics"]
    ]
    assert [one.metric_value for one in read.eval_results or ()] == stated
    place = tmp_path / "README.md"
    place.write_bytes(card.content)
    kind = recognise(place)
    assert kind is not None
    facts: dict[tuple[Any, ...], Any] = {
        fact.path: fact.value for fact in kind.read(str(place), ImportOptions()).facts
    }
    assert facts["overview", "model"] == sheet.overview.model.words()


@pytest.mark.parametrize(
    ("data", "listed"),
    [
        ("{name: GLUE}", None),
        ("{name: digits, datasets: [{name: English Wikipedia}]}", None),
        ("{name: nyu-mll/glue}", ["nyu-mll/glue"]),
        ("{name: GLUE, source: https://huggingface.co/datasets/nyu-mll/glue}", ["nyu-mll/glue"]),
        ("{name: GLUE, source: https://huggingface.co/datasets/glue}", ["glue"]),
        ("{datasets: [{name: stanfordnlp/sst2}, {name: SQuAD}]}", ["stanfordnlp/sst2"]),
    ],
)
def test_data_of_training_is_listed_by_what_the_hub_calls_it(data: str, listed: list[str] | None) -> None:
    text = f"factsheet: 1\noverview: {{name: A, model: B}}\nprovenance: {{source: declared}}\ntraining_data: {data}\n"
    (file,) = factsheet.loads(text).export("model-card").files
    card = ModelCard(file.text)
    assert card.data.datasets == listed
