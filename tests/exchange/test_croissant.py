"""Data sets of sheets in Croissant, by MLCommons' own reader, and what `factsheet new` gets back of them."""

from __future__ import annotations

import json
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlcroissant
import pytest

import factsheet
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import recognise
from factsheet.exchange.formats import export_sheet
from factsheet.exchange.request import ExportRequest
from factsheet.sheet.digest import plain_data

if TYPE_CHECKING:
    from factsheet.authoring.importing.imported import Imported
    from factsheet.exchange.exported import Exported

ROOT = Path(__file__).parents[2]
SHEETS = sorted(file for file in (ROOT / "sheets").rglob("*.yaml") if not file.name.endswith(".review.yaml"))
HEAD = "factsheet: 1\noverview: {name: A sheet, model: tiny}\n"
DATA = f"""{HEAD}\
training_data:
  name: Two data sets
  licence: CC-BY-4.0
  preprocessing: Lower-cased.
  domain: The press.
  datasets:
    - {{name: nyu-mll/glue, configuration: mnli, split: train, size: 393k, revision: 1.0.0, language: English,
       address: "https://huggingface.co/datasets/nyu-mll/glue", source: wang, note: Nine tasks.}}
    - {{name: Letters, size: 1200, licence: Our own}}
test_data:
  datasets:
    - {{name: nyu-mll/glue, configuration: mnli, split: validation_matched, size: 9815, revision: 1.0.0,
       language: en}}
performance:
  results:
    - name: Scores
      systems: [{{id: ours, name: Ours, kind: analog}}]
      evaluation: {{split: test}}
      tasks:
        - task: FLEURS
          metric: accuracy
          evaluation: {{dataset: FLEURS, configuration: nb_no}}
          scores: {{ours: 70 %}}
references:
  - {{id: wang, title: "GLUE: A Benchmark", authors: "Wang, A., Singh, A.", year: 2018, venue: EMNLP,
     doi: 10.18653/v1/W18-5446, arxiv: "1804.07461"}}
  - {{id: other, title: Another}}
"""


def exported(sheet: factsheet.FactSheet, version: str = "1.0") -> Exported:
    request = ExportRequest(
        sheet=sheet, name="s.yaml", moment=datetime(2026, 11, 30, tzinfo=UTC), options={"version": version}
    )
    return export_sheet(request, "croissant")


def read_by_mlcommons(text: str, folder: Path) -> Any:
    """Return the data set as the reference implementation reads it, which raises where a file is not valid."""
    file = folder / "given.json"
    file.write_text(text, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # mlcroissant calls rdflib by an old name
        return mlcroissant.Dataset(jsonld=str(file))


def splits_of(data: Any) -> list[dict[str, str]]:
    """Return the records of the splits, as MLCommons' reader gives them."""
    return [
        {key.removeprefix("splits/"): value for key, value in record.items()}
        for record in data.records("splits")
    ]


def read_back(text: str, folder: Path, name: str = "given.json") -> Imported:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    kind = recognise(file)
    assert kind is not None
    assert kind.name == "croissant"
    return kind.read(str(file), ImportOptions())


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_every_data_set_of_every_sheet_is_valid_and_complete(
    file: Path, version: str, tmp_path: Path
) -> None:
    sheet = factsheet.load(file)
    for written in exported(sheet, version).files:
        found = read_by_mlcommons(written.text, tmp_path)
        issues = found.metadata.ctx.issues
        assert not issues.errors
        # What a sheet does not say is recommended, and nothing else is wrong.
        assert all("is recommended, but does not exist" in one for one in issues.warnings), issues.warnings
        assert found.metadata.ctx.conforms_to.value == f"http://mlcommons.org/croissant/{version}"
        assert found.metadata.name in str(plain_data(sheet))


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_mlcommons_reads_what_the_sheet_says(version: str, tmp_path: Path) -> None:
    files = {file.name: file.text for file in exported(factsheet.loads(DATA), version).files}
    assert list(files) == ["nyu-mll-glue.croissant.json", "letters.croissant.json", "fleurs.croissant.json"]
    glue = read_by_mlcommons(files["nyu-mll-glue.croissant.json"], tmp_path)
    said = glue.metadata
    assert (said.name, said.version) == ("nyu-mll/glue", "1.0.0")
    assert said.url == "https://huggingface.co/datasets/nyu-mll/glue"
    assert said.license == ["https://spdx.org/licenses/CC-BY-4.0"]
    assert said.in_language == ["English"]
    assert said.data_preprocessing_protocol == ["Lower-cased."]
    assert said.data_use_cases == ["Training", "Testing"]
    assert said.cite_as.startswith("@misc{wang, title = {GLUE: A Benchmark}")
    # A sheet knows no files of a data set.
    assert said.distribution == []
    assert splits_of(glue) == [
        {"name": "train", "configuration": "mnli", "examples": "393k", "used": "Training"},
        {"name": "validation_matched", "configuration": "mnli", "examples": "9815", "used": "Testing"},
    ]
    letters = read_by_mlcommons(files["letters.croissant.json"], tmp_path)
    # Its own licence goes before that of all data.
    assert letters.metadata.license == ["Our own"]
    fleurs = read_by_mlcommons(files["fleurs.croissant.json"], tmp_path)
    assert fleurs.metadata.data_use_cases == ["Testing"]
    assert splits_of(fleurs) == [{"name": "test", "configuration": "nb_no", "used": "Testing"}]


def test_what_croissant_cannot_hold_is_listed_with_its_reason() -> None:
    made = exported(factsheet.loads(DATA))
    reasons = {".".join(map(str, one.path)): one.reason for one in made.unsaid}
    assert "together" in reasons["training_data.name"]
    assert reasons["training_data.domain"] == "Croissant has no field for it"
    assert "says otherwise" in reasons["test_data.datasets.0.language"]
    assert reasons["overview.name"] == "Croissant describes data sets"
    assert reasons["references.1.title"] == "Croissant describes data sets"
    carried = (
        "training_data.licence",
        "training_data.datasets.0.size",
        "references.0.doi",
        "training_data.datasets",
    )
    assert not [path for path in carried if path in reasons]
    assert "performance.results.0.evaluation.split" not in reasons


def test_a_sheet_gets_back_what_its_files_say(tmp_path: Path) -> None:
    facts: list[tuple[Any, Any]] = []
    for written in exported(factsheet.loads(DATA)).files:
        made = read_back(written.text, tmp_path)
        assert not made.left_out
        facts += [(fact.path, fact.value) for fact in made.facts]
    rows = [value for path, value in facts if path[:2] == ("training_data", "datasets")]
    assert rows == [
        {
            "name": "nyu-mll/glue",
            "configuration": "mnli",
            "split": "train",
            "revision": "1.0.0",
            "size": "393k",
            "language": "English",
            "licence": "CC-BY-4.0",
            "address": "https://huggingface.co/datasets/nyu-mll/glue",
            "source": ["wang"],
            "note": "Nine tasks.",
        },
        {"name": "Letters", "size": 1200, "licence": "Our own"},
    ]
    tested = [value for path, value in facts if path[:2] == ("test_data", "datasets")]
    assert [(row["name"], row["split"]) for row in tested] == [
        ("nyu-mll/glue", "validation_matched"),
        ("FLEURS", "test"),
    ]
    assert [value for path, value in facts if path[0] == "references"] == [
        {
            "id": "wang",
            "title": "GLUE: A Benchmark",
            "authors": "Wang, A., Singh, A.",
            "year": 2018,
            "venue": "EMNLP",
            "doi": "10.18653/v1/W18-5446",
            "arxiv": "1804.07461",
        }
    ]
    assert (("training_data", "preprocessing"), "Lower-cased.") in facts


def test_the_same_sheet_gives_the_same_bytes_and_unlike_names_unlike_files() -> None:
    text = (
        HEAD + "training_data: {datasets: [{name: A b}, {name: a-B}, {name: con}, {name: Ж}, {name: ../x}]}\n"
    )
    made, again = exported(factsheet.loads(text)), exported(factsheet.loads(text))
    assert made == again
    assert [file.name.removesuffix(".croissant.json") for file in made.files] == [
        "a-b",
        "a-b-2",
        "con-data",
        "data",
        "x",
    ]


def test_a_sheet_without_data_sets_gives_no_file() -> None:
    assert exported(factsheet.loads(HEAD)).files == ()


def test_texts_that_break_json_or_bibtex_stay_texts(tmp_path: Path) -> None:
    hostile = 'a "quoted" \\ {brace} \u202eturned \u2028 </script>'
    sheet = factsheet.FactSheet.from_data(
        {
            "factsheet": 1,
            "overview": {"name": "A", "model": "m"},
            "training_data": {"datasets": [{"name": hostile, "note": hostile, "source": ["r"]}]},
            "references": [{"id": "r", "title": hostile}],
        }
    )
    made = exported(sheet)
    (file,) = made.files
    assert file.text.isascii()
    assert json.loads(file.text)["name"] == hostile
    assert read_by_mlcommons(file.text, tmp_path).metadata.name == hostile
    assert [".".join(map(str, one.path)) for one in made.approximated] == ["references.0.title"]
