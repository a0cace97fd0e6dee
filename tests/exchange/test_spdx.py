"""Bills of materials in SPDX 3.0.1: valid by its JSON schema, taken by its Python bindings, and read back."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from exported_bills import (
    GENERATED,
    ONLY_A_NAME,
    ROOT,
    SHEETS,
    read_back,
    said_by,
    sheet_in,
    sheet_of,
    written,
)
from generated_sheets import sheets
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from spdx_python_model import v3_0_1 as spdx

from factsheet.authoring.importing.bills.named_values import path_named
from factsheet.authoring.importing.bills.spdx import KIND
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.errors import UsageError
from factsheet.exchange.bills.spdx import is_listed
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = files("lib4sbom").joinpath("schemas/spdx/3.0-schema.json")
"""The schema that SPDX publishes for 3.0.1; its SHA-256 begins with 582c64e8."""
CHECKED = SHEETS if GENERATED > 8 else [ROOT / "sheets" / "bert.yaml"]
"""Sheets that go through the schema, which takes seconds for each: all of them with the generated ones."""
FULL: dict[str, Any] = {
    "factsheet": 1,
    "overview": {
        "name": "Sheet",
        "model": "M",
        "summary": "A model.",
        "version": "1.10",
        "licence": "Apache-2.0 OR MIT",
        "organisation": {"value": "O", "note": "by the paper"},
        "contact": "https://example.org/help",
        "homepage": "https://example.org/m",
    },
    "purpose": {"summary": "It sorts.", "applications": ["mail", "news"]},
    "setup": {
        "weights": "https://example.org/w",
        "weights_digest": "sha384:" + "0a" * 48,
        "implementation": "https://example.org/c",
        "integration": "Behind a queue.",
        "interface": "Text in.",
    },
    "model_architecture": {
        "family": "transformer encoder",
        "base_models": [{"name": "b/base", "revision": "3", "source": "https://example.org/b"}],
    },
    "training": {"summary": "Adam.", "learning_rate": 5e-05, "epochs": 3, "optimiser": "AdamW"},
    "hwa_training": {"summary": "With noise.", "weight_noise": {"value": 1.0, "relative_to": "not stated"}},
    "training_data": {
        "datasets": [{"name": "d/e", "revision": "2", "licence": "IBM Data", "note": "Reviews.", "size": 5}],
        "preprocessing": "Lower case.",
        "known_biases": "English only.",
    },
    "test_data": {"name": "F", "source": "https://example.org/f", "licence": "CC-BY-4.0"},
    "hardware": {
        "training": {
            "accelerator": "V100",
            "energy": "1.8 MJ",
            "activities": [
                {"activity": "fine-tuning", "energy": "7.2 MJ"},
                {"activity": "trials", "energy": "9 MJ"},
            ],
        },
        "inference": {"chip": "C", "node": "14 nm", "summary": "A prototype."},
    },
    "performance": {
        "energy_per_inference": "3.6 mJ",
        "throughput": "5 inferences/s",
        "results": [
            {
                "name": "T",
                "metric": "accuracy",
                "systems": [{"id": "a", "name": "A"}],
                "tasks": [{"task": "t", "scores": {"a": "91.2 %"}}],
            }
        ],
    },
    "limitations": {"summary": "Short texts.", "known": ["l1", "l2"]},
    "references": [
        {"id": "r", "title": "R", "doi": "10.1000/182"},
        {"id": "s", "title": "S", "url": "https://example.org/%zz"},
    ],
}


def graph_of(text: str) -> dict[str, dict[str, Any]]:
    """Return the elements by what is behind the `#` of their identifiers."""
    return {one.get("spdxId", one.get("@id")).rpartition("#")[2]: one for one in json.loads(text)["@graph"]}


def ends(graph: dict[str, dict[str, Any]], kind: str, start: str = "model") -> list[str]:
    return [
        end.rpartition("#")[2]
        for one in graph.values()
        if one.get("relationshipType") == kind and one["from"].endswith(f"#{start}")
        for end in one["to"]
    ]


def accepted(text: str) -> str:
    """Read a document with the bindings of SPDX, which refuse what its shapes do, and return what they write."""
    objects = spdx.SHACLObjectSet()
    spdx.JSONLDDeserializer().read(io.BytesIO(text.encode()), objects)
    assert objects.link() == set()
    for element in objects.foreach_type("Element", match_subclass=True):
        assert element.creationInfo.specVersion == "3.0.1"
    output = io.BytesIO()
    spdx.JSONLDSerializer().write(objects, output)
    return output.getvalue().decode()


def in_order(text: str) -> list[dict[str, Any]]:
    def plain(read: dict[str, Any]) -> dict[str, Any]:
        # The bindings write small decimals with an exponent, which xsd:decimal has not.
        quantity = read.get("ai_energyQuantity")
        return read if quantity is None else {**read, "ai_energyQuantity": float(quantity)}

    graph = json.loads(text, object_hook=plain)["@graph"]
    return sorted(graph, key=lambda one: str(one.get("spdxId")))


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_every_sheet_is_accepted_and_comes_back_fact_by_fact(file: Path, tmp_path: Path) -> None:
    sheet = sheet_in(file)
    text = written(sheet, "spdx")
    again = accepted(text)
    assert in_order(again) == in_order(text)
    # Another program may have written it anew in between.
    for bill in (text, again):
        imported, back = read_back(bill, tmp_path, "spdx")
        assert not imported.left_out
        assert said_by(back) == said_by(sheet)


@pytest.mark.parametrize("file", CHECKED, ids=lambda file: file.stem)
def test_sheets_are_valid_by_the_schema_of_spdx(file: Path, schema: Draft202012Validator) -> None:
    assert not list(schema.iter_errors(json.loads(written(sheet_in(file), "spdx"))))


def test_every_field_that_is_written_is_valid_by_the_schema(schema: Draft202012Validator) -> None:
    data = json.loads(written(sheet_of(FULL), "spdx", released="2026-01-31"))
    assert not list(schema.iter_errors(data))
    # It finds what is wrong.
    graph_of_data = {one["type"]: one for one in data["@graph"]}
    graph_of_data["ai_AIPackage"]["ai_energy"] = 1
    assert list(schema.iter_errors(data))


@settings(max_examples=GENERATED, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheets())
def test_generated_sheets_are_accepted_and_come_back(tmp_path: Path, data: dict[str, Any]) -> None:
    sheet = sheet_of(data)
    text = written(sheet, "spdx")
    assert in_order(accepted(text)) == in_order(text)
    _, back = read_back(text, tmp_path, "spdx")
    assert said_by(back) == said_by(sheet)


def test_what_spdx_has_a_field_for_is_in_that_field(tmp_path: Path) -> None:
    text = written(sheet_of(FULL), "spdx", released="2026-01-31")
    accepted(text)
    graph = graph_of(text)
    model = graph["model"]
    assert (model["name"], model["software_packageVersion"]) == ("M", "1.10")
    assert (model["summary"], model["description"]) == ("A model.", "It sorts.")
    assert model["releaseTime"] == "2026-01-31T00:00:00Z"
    assert graph["organisation"] == {
        "type": "Organization",
        "name": "O",
        "spdxId": model["suppliedBy"],
        "creationInfo": "_:CreationInfo0",
    }
    assert model["software_downloadLocation"] == "https://example.org/w"
    assert model["verifiedUsing"] == [{"type": "Hash", "algorithm": "sha384", "hashValue": "0a" * 48}]
    assert model["ai_typeOfModel"] == ["transformer encoder"]
    assert model["ai_domain"] == ["mail", "news"]
    assert model["ai_informationAboutTraining"] == "Adam.\nWith noise."
    assert model["ai_informationAboutApplication"] == "Behind a queue.\nText in."
    assert model["ai_limitation"] == "Short texts.\nl1\nl2"
    assert model["ai_modelDataPreprocessing"] == ["Lower case."]
    assert [(one["key"], one["value"]) for one in model["ai_metric"]] == [("accuracy (T, t, A)", "91.2 %")]
    assert {one["key"]: one["value"] for one in model["ai_hyperparameter"]} == {
        "training.learning_rate": "5e-05",
        "training.epochs": "3",
        "training.optimiser": "AdamW",
        "hwa_training.weight_noise": "1.0",
    }
    # 1 kWh is 3.6 MJ (SI Brochure, table 8: the hour is 3600 s); xsd:decimal has no exponent.
    energies = model["ai_energyConsumption"]
    assert {
        kind: [one["ai_energyQuantity"] for one in found]
        for kind, found in energies.items()
        if kind != "type"
    } == {
        "ai_trainingEnergyConsumption": ["0.5"],
        "ai_finetuningEnergyConsumption": ["2.0"],
        "ai_inferenceEnergyConsumption": ["0.000000001"],
    }
    assert {(one["externalRefType"], *one["locator"]) for one in model["externalRef"]} == {
        ("vcs", "https://example.org/c"),
        ("support", "https://example.org/help"),
        ("documentation", "https://doi.org/10.1000/182"),
    }
    (licence,) = ends(graph, "hasDeclaredLicense")
    assert graph[licence]["simplelicensing_licenseExpression"] == "Apache-2.0 OR MIT"
    assert ends(graph, "hasConcludedLicense") == ["expandedlicensing_NoAssertionLicense"]
    assert (ends(graph, "trainedOn"), ends(graph, "testedOn")) == (["data-1"], ["data-2"])
    data = graph["data-1"]
    assert (data["name"], data["software_packageVersion"], data["description"]) == ("d/e", "2", "Reviews.")
    assert (data["dataset_dataPreprocessing"], data["dataset_knownBias"]) == (
        ["Lower case."],
        ["English only."],
    )
    assert "dataset_datasetSize" not in data  # in bytes, by its definition
    (own,) = ends(graph, "hasDeclaredLicense", "data-1")
    assert (graph[own]["simplelicensing_licenseExpression"], graph[own]["name"]) == (
        "LicenseRef-IBM-Data",
        "IBM Data",
    )
    assert ends(graph, "dependsOn") == ["inference-hardware"]
    assert ends(graph, "usesTool") == ["training-hardware"]
    device = graph["inference-hardware"]
    assert (device["software_primaryPurpose"], device["name"]) == ("device", "C")
    assert device["description"] == "A prototype."
    assert ends(graph, "descendantOf") == ["base-model-1"]
    base = graph["base-model-1"]
    assert (base["name"], base["software_packageVersion"]) == ("b/base", "3")
    _, back = read_back(text, tmp_path, "spdx")
    assert said_by(back) == said_by(sheet_of(FULL))


def test_what_a_field_holds_exactly_is_in_no_property_as_well() -> None:
    graph = graph_of(written(sheet_of(FULL), "spdx"))
    names = {name for name, _ in properties_of(graph["model"])}
    assert not names & {
        "factsheet:overview.model",
        "factsheet:purpose.applications[0]",
        "factsheet:setup.weights",
    }
    assert {"factsheet:overview.organisation.note", "factsheet:limitations.known[1]"} <= names
    assert ("factsheet:hardware.inference.node", "14 nm") in properties_of(graph["inference-hardware"])
    assert ("factsheet:training_data.datasets[0].size", "5") in properties_of(graph["data-1"])
    assert all(path_named(name.removeprefix("factsheet:")) for name in names)


def properties_of(element: dict[str, Any]) -> list[tuple[str, str]]:
    (extension,) = element["extension"]
    return [
        (one["extension_cdxPropName"], one["extension_cdxPropValue"])
        for one in extension["extension_cdxProperty"]
    ]


def test_fields_alone_give_what_they_say_where_another_program_passed_the_properties_over(
    tmp_path: Path,
) -> None:
    data = json.loads(written(sheet_of(FULL), "spdx"))
    for element in data["@graph"]:
        element.pop("extension", None)
    file = tmp_path / "bill.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    found = KIND.read(str(file), ImportOptions())
    facts = {dotted(one.path): one.value for one in found.facts}
    (table,) = [value for path, value in facts.items() if path.startswith("performance.results")]
    assert "91.2 %" in json.dumps(table)
    assert {path: value for path, value in facts.items() if value != table} == {
        "overview.model": "M",
        "overview.version": "1.10",
        "overview.summary": "A model.",
        "overview.organisation": "O",
        "overview.homepage": "https://example.org/m",
        "overview.contact": "https://example.org/help",
        "overview.licence": "Apache-2.0 OR MIT",
        "purpose.summary": "It sorts.",
        "purpose.applications": ["mail", "news"],
        "setup.weights": "https://example.org/w",
        "setup.weights_digest": "sha384:" + "0a" * 48,
        "setup.implementation": "https://example.org/c",
        "setup.integration": "Behind a queue. Text in.",
        "model_architecture.family": "transformer encoder",
        "model_architecture.base_models[-1]": {"name": "b/base", "revision": "3"},
        "training.summary": "Adam. With noise.",
        "training.learning_rate": 5e-05,
        "training.epochs": 3,
        "training.optimiser": "AdamW",
        "hwa_training.weight_noise": 1.0,
        "training_data.datasets[-1]": {
            "name": "d/e",
            "revision": "2",
            "licence": "IBM Data",
            "note": "Reviews.",
        },
        "training_data.preprocessing": "Lower case.",
        "training_data.known_biases": "English only.",
        "test_data.datasets[-1]": {
            "name": "F",
            "licence": "CC-BY-4.0",
            "address": "https://example.org/f",
        },
        "hardware.training.energy": "0.5 kWh",
        "hardware.training.activities[-1]": {"activity": "fine-tuning", "energy": "2.0 kWh"},
        "limitations.known": ["Short texts.", "l1", "l2"],
    }


def test_only_profiles_whose_demands_are_met_are_claimed() -> None:
    # AIPackage: suppliedBy, downloadLocation, packageVersion and releaseTime, each at least one (SPDX 3.0.1,
    # AI/Classes/AIPackage, external properties cardinality updates).
    def claimed(data: dict[str, Any], **options: str) -> list[str]:
        graph = graph_of(written(sheet_of(data), "spdx", **options))
        assert graph["document"]["profileConformance"] == graph["bill"]["profileConformance"]
        profiles: list[str] = graph["bill"]["profileConformance"]
        return profiles

    assert claimed(FULL, released="2026-01-31") == ["core", "software", "simpleLicensing", "ai"]
    assert claimed(FULL) == ["core", "software", "simpleLicensing"]
    without = {**FULL, "setup": {}}
    assert claimed(without, released="2026-01-31") == ["core", "software", "simpleLicensing"]


def test_every_package_that_profiles_ask_it_of_has_each_licence_once() -> None:
    graph = graph_of(written(sheet_of(FULL), "spdx"))
    for name in ("model", "data-1", "data-2"):
        assert len(ends(graph, "hasDeclaredLicense", name)) == 1
        assert len(ends(graph, "hasConcludedLicense", name)) == 1
    bare = graph_of(written(sheet_of(ONLY_A_NAME), "spdx"))
    assert ends(bare, "hasDeclaredLicense") == ["expandedlicensing_NoAssertionLicense"]


def test_bytes_are_canonical_and_depend_on_the_sheet_and_the_moment_alone() -> None:
    # SPDX 3.0.1, canonical serialization: no line breaks, no whitespace outside strings, names in order.
    sheet = sheet_in(ROOT / "sheets" / "bert.yaml")
    text = written(sheet, "spdx")
    assert text == written(sheet, "spdx")
    assert text.isascii()
    data = json.loads(text)
    assert text == json.dumps(data, sort_keys=True, separators=(",", ":"))
    assert "\n" not in text
    ids = [one["spdxId"] for one in data["@graph"] if "spdxId" in one]
    assert len(set(ids)) == len(ids)
    other = json.loads(written(sheet_of(ONLY_A_NAME), "spdx"))
    assert not set(ids) & {one.get("spdxId") for one in other["@graph"]}


@pytest.mark.parametrize(
    "words",
    [
        "a\n\nb",
        "true",
        "1.10",
        '"',
        "{}",
        "\u202eevil",
        "<script>",
        "_:CreationInfo0",
        "@id",
        "=1+1",
        "\x7f",
        "-",
    ],
)
def test_hostile_words_are_data(words: str, tmp_path: Path) -> None:
    name = " ".join(words.split()) if words != "\x7f" else "x"
    summary = words if words != "\x7f" else "x"
    sheet = sheet_of(
        {
            "factsheet": 1,
            "overview": {"name": name, "model": name, "summary": summary, "licence": name, "version": name},
            "test_data": {"datasets": [{"name": name, "licence": name, "revision": name}]},
            "hardware": {"inference": {"chip": name}},
            "performance": {
                "results": [
                    {
                        "name": name,
                        "systems": [{"id": "a.b", "name": name}, {"id": "0", "name": "-"}],
                        "tasks": [{"task": name, "scores": {"a.b": "1 %", "0": 0.5}}],
                    }
                ]
            },
        }
    )
    text = written(sheet, "spdx")
    assert text.isascii()
    assert in_order(accepted(text)) == in_order(text)
    _, back = read_back(text, tmp_path, "spdx")
    assert said_by(back) == said_by(sheet)


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026", "2026-01-01T00:00:00", "\x1b[31m"])
def test_a_release_that_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(UsageError, match="is no date"):
        written(sheet_of(ONLY_A_NAME), "spdx", released=day)


@pytest.mark.parametrize(
    ("licence", "listed"),
    [
        ("MIT", True),
        ("MIT OR Apache-2.0", True),
        ("MIT AND MIT", True),
        ("mit", False),
        ("MIT OR", False),
        ("OR MIT", False),
        ("MIT Apache-2.0", False),
        ("MIT or Apache-2.0", False),
        ("MIT  OR Apache-2.0", False),
        ("Llama 3", False),
    ],
)
def test_expressions_of_listed_licences_are_told_from_names(licence: str, listed: bool) -> None:
    # SPDX 3.0.1, annex B: identifiers of the list, joined by AND and OR in capitals.
    assert is_listed(licence) is listed


def test_the_bill_lists_all_that_is_in_it() -> None:
    graph = graph_of(written(sheet_of(FULL), "spdx"))
    names = {one.rpartition("#")[2] for one in graph["bill"]["element"]}
    assert names == graph.keys() - {"_:CreationInfo0", "tool", "document", "bill"}
    assert graph["document"]["rootElement"] == [graph["bill"]["spdxId"]]
    assert graph["bill"]["rootElement"] == [graph["model"]["spdxId"]]
