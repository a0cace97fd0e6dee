"""Descriptions of data sets that others wrote: Croissant as catalogues write it, schema.org, and what is neither."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factsheet.authoring.importing.cards.licences import licence_at
from factsheet.authoring.importing.data_sets import croissant
from factsheet.authoring.importing.data_sets.own_splits import LISTED
from factsheet.authoring.importing.imported import Imported, ImportOptions
from factsheet.authoring.importing.kinds import kind_of, recognise
from factsheet.cli import run as cli
from factsheet.errors import UsageError

CONTEXT = {
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "sc": "https://schema.org/",
}
HUB: dict[str, Any] = {
    "@context": CONTEXT,
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.1",
    "name": "glue",
    "description": "Dataset Card for GLUE\n\n\t\n\t\tSummary",
    "alternateName": ["nyu-mll/glue"],
    "creator": {"@type": "Organization", "name": "NYU Machine Learning for Language"},
    "keywords": ["text-classification", "English"],
    "license": "https://choosealicense.com/licenses/cc-by-4.0/",
    "url": "https://huggingface.co/datasets/nyu-mll/glue",
    "distribution": [{"@type": "cr:FileObject", "@id": "repo", "contentUrl": "https://huggingface.co/x"}],
    "recordSet": [
        {
            "@type": "cr:RecordSet",
            "@id": "ax_splits",
            "name": "ax_splits",
            "dataType": "cr:Split",
            "field": [{"@type": "cr:Field", "@id": "ax_splits/split_name", "dataType": "sc:Text"}],
            "data": [{"ax_splits/split_name": "test"}],
        },
        {"@type": "cr:RecordSet", "@id": "ax", "name": "ax", "field": []},
    ],
}
"""As the Hub's API writes a data set, shortened: `https://huggingface.co/api/datasets/nyu-mll/glue/croissant`."""


def read(folder: Path, data: object) -> Imported:
    file = folder / "data.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    kind = recognise(file)
    assert kind is croissant.KIND
    return kind.read(str(file), ImportOptions())


def test_the_description_of_a_catalogue_becomes_a_row_and_the_rest_is_listed(tmp_path: Path) -> None:
    made = read(tmp_path, HUB)
    (fact,) = made.facts
    assert fact.path[:2] == ("training_data", "datasets")
    assert fact.value == {
        "name": "glue",
        "address": "https://huggingface.co/datasets/nyu-mll/glue",
        "note": "Dataset Card for GLUE Summary",
        "licence": "CC-BY-4.0",
    }
    left = {one.what: one.why for one in made.left_out}
    assert "which was used" in left["test"]
    assert left["1 files"] == "where the files of data are is in no sheet"
    assert {"NYU Machine Learning for Language", "text-classification"} <= set(left)
    ((path, words),) = made.comments
    assert path == ("training_data",)
    assert "does not say what its data were used for" in words


def test_the_name_of_the_kind_says_that_it_was_tested_on(tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(HUB), encoding="utf-8")
    kind, source = kind_of(f"croissant-test={file}")
    (fact,) = kind.read(source, ImportOptions()).facts
    assert fact.path[:2] == ("test_data", "datasets")


def test_a_sheet_is_begun_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data.json").write_text(json.dumps(HUB), encoding="utf-8")
    assert cli.run(["new", "--from", "data.json", "--name", "tiny", "-o", "s.yaml"]) == 0
    assert "data.json, a data set in Croissant: 1 fact" in "".join(capsys.readouterr())
    assert cli.run(["get", "s.yaml", "training_data.datasets[0].licence"]) == 0
    assert capsys.readouterr().out == "CC-BY-4.0\n"
    assert "does not say what its data were used for" in Path("s.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "data",
    [
        {"@context": "https://schema.org/", "@type": "Dataset", "name": "d"},
        {"@context": {"schema": "http://schema.org/"}, "@type": "schema:Dataset", "schema:name": "d"},
        {
            "@context": "http://schema.org",
            "@type": ["http://schema.org/Dataset"],
            "http://schema.org/name": "d",
        },
        {
            "@context": "https://schema.org",
            "@graph": [{"@type": "Person"}, {"@type": "Dataset", "name": "d"}],
        },
        {**HUB, "name": {"fr": "le d", "en": "d"}},
        {**HUB, "name": [{"@value": "d", "@language": "en"}, "another"]},
    ],
)
def test_keys_and_texts_are_read_however_json_ld_writes_them(data: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    values = [fact.value for fact in croissant.read(str(file), ImportOptions()).facts]
    assert [value["name"] for value in values if isinstance(value, dict)] == ["d"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # https://spdx.org/licenses/, https://choosealicense.com/, https://creativecommons.org/
        ("https://spdx.org/licenses/MIT.html", "MIT"),
        ("https://choosealicense.com/licenses/apache-2.0/", "Apache-2.0"),
        ("https://opensource.org/license/mit", "MIT"),
        ("http://creativecommons.org/licenses/by-sa/4.0/legalcode", "CC-BY-SA-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("mit", "MIT"),
        ("https://example.com/licence", "https://example.com/licence"),
        ("https://spdx.org/licenses/of-nobody", "https://spdx.org/licenses/of-nobody"),
    ],
)
def test_licences_are_named_by_their_address(text: str, name: str) -> None:
    assert licence_at(text) == name


def test_two_licences_are_not_made_one(tmp_path: Path) -> None:
    made = read(tmp_path, {**HUB, "license": ["mit", {"@type": "CreativeWork", "name": "Ours"}]})
    assert [
        fact.value for fact in made.facts if isinstance(fact.value, dict) and "licence" in fact.value
    ] == []
    assert "MIT, Ours" in [one.what for one in made.left_out]


def test_a_citation_in_bibtex_becomes_the_reference_of_the_row(tmp_path: Path) -> None:
    cited = """@inproceedings{Wang_2019, title={{GLUE}: A Benchmark}, author="Wang, Alex and Singh, Amanpreet",
      year=2019, booktitle={ICLR}, doi = {no doi}} @misc{, note={without a title}}"""
    made = read(tmp_path, {**HUB, "citeAs": cited})
    by_list = {fact.path[0]: fact.value for fact in made.facts}
    row, reference = by_list["training_data"], by_list["references"]
    assert reference == {
        "id": "wang_2019",
        "title": "GLUE: A Benchmark",
        "authors": "Wang, Alex and Singh, Amanpreet",
        "year": 2019,
        "venue": "ICLR",
    }
    assert isinstance(row, dict)
    assert row["source"] == ["wang_2019"]


@pytest.mark.parametrize(
    "data",
    [
        {"@context": CONTEXT, "@type": "Dataset"},
        {"@context": CONTEXT, "@type": "Dataset", "name": ["", None, False]},
        {"@context": CONTEXT, "@graph": [[], None, {"@type": None}]},
        {"@context": CONTEXT, "name": "no type"},
    ],
)
def test_what_describes_no_data_set_is_refused(data: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="describes no data set that has a name"):
        read(tmp_path, data)


VALUES: list[object] = [
    None,
    True,
    7,
    1.5,
    "",
    "x" * 30_000,
    [],
    [[]],
    {},
    {"a": {}},
    [{"@value": 1}],
    "\x1b[31m",
]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "key",
    [
        *(
            "description",
            "url",
            "license",
            "inLanguage",
            "version",
            "citeAs",
            "recordSet",
            "distribution",
            "keywords",
        ),
        *("rai:dataBiases", "rai:dataPreprocessingProtocol", "rai:dataUseCases", "conformsTo", "@id"),
    ],
)
def test_no_value_of_any_key_breaks_the_reader(key: str, value: object, tmp_path: Path) -> None:
    made = read(tmp_path, {**HUB, key: value})
    assert made.facts
    assert "\x1b" not in repr([(fact.value, fact.where) for fact in made.facts]).replace("\\x1b", "\x1b")


@pytest.mark.parametrize("value", [None, 1, "x", {}, [1], [{"splits/name": 1}], [{"splits/used": []}]])
def test_records_of_ours_that_somebody_broke_give_no_row(value: object, tmp_path: Path) -> None:
    ours = {**HUB, "description": f"Ours. {LISTED}", "rai:dataUseCases": ["Testing"]}
    split = {"@type": "cr:RecordSet", "dataType": "cr:Split", "name": "splits", "data": value}
    (fact,) = read(tmp_path, {**ours, "recordSet": [split]}).facts[:1]
    assert fact.path[0] == "test_data"


def test_a_file_of_another_kind_is_not_taken_for_one(tmp_path: Path) -> None:
    file = tmp_path / "page.json"
    file.write_text('{"@context": "https://schema.org", "@type": "Person", "name": "x"}', encoding="utf-8")
    assert recognise(file) is not croissant.KIND
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text('# "@context" http://mlcommons.org/croissant/\nfactsheet: 1\n', encoding="utf-8")
    assert recognise(sheet) is not croissant.KIND
