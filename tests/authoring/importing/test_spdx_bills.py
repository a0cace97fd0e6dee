"""Bills of materials in SPDX 3 that other programs wrote: what is taken, what is listed, and what is refused kindly."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.importing import untouched
from factsheet.authoring.importing.bills import cyclonedx, spdx
from factsheet.authoring.importing.imported import NEW_ROW, ImportOptions
from factsheet.authoring.importing.kinds import recognise
from factsheet.authoring.importing.reading import _line_of_key
from factsheet.errors import UsageError
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
MODEL: dict[str, Any] = {
    "type": "ai_AIPackage",
    "spdxId": "https://x.example/doc#model",
    "creationInfo": "_:c",
    "name": "WarehouseDetect",
    "summary": "Detection of objects for safety.",
    "description": "Finds workers and forklifts in pictures of cameras.",
    "suppliedBy": "https://x.example/doc#lab",
    "software_packageVersion": "3.0.2",
    "software_primaryPurpose": "model",
    "software_downloadLocation": "https://x.example/models/w",
    "software_copyrightText": "Copyright 2024",
    "verifiedUsing": [
        {"type": "Hash", "algorithm": "sha256", "hashValue": "0a" * 32},
        {"type": "Hash", "algorithm": "md5", "hashValue": "0a" * 16},
    ],
    "externalRef": [
        {"type": "ExternalRef", "externalRefType": "vcs", "locator": ["https://x.example/code"]},
        {"type": "ExternalRef", "externalRefType": "funding", "locator": ["https://x.example/money"]},
    ],
    "ai_typeOfModel": ["convolutional neural network", "object detection"],
    "ai_domain": ["computer vision"],
    "ai_informationAboutTraining": "Three stages.",
    "ai_informationAboutApplication": "Cameras and an alarm.",
    "ai_limitation": "Not outdoors.",
    "ai_modelDataPreprocessing": ["Resize to 640x640", "Flip at random."],
    "ai_safetyRiskAssessment": "medium",
    "ai_useSensitivePersonalInformation": "yes",
    "ai_hyperparameter": [
        {"type": "DictionaryEntry", "key": "learning_rate", "value": "0.001"},
        {"type": "DictionaryEntry", "key": "numTrainEpochs", "value": "3"},
        {"type": "DictionaryEntry", "key": "lr", "value": "0.1"},
        {"type": "DictionaryEntry", "key": "momentum", "value": "0.9"},
        {"type": "DictionaryEntry", "key": "nothing"},
    ],
    "ai_metric": [
        {"type": "DictionaryEntry", "key": "precision", "value": "91.3 %"},
        {"type": "DictionaryEntry", "key": "recall (night)", "value": "0.71"},
        {"type": "DictionaryEntry", "key": "grade", "value": "good"},
    ],
    "ai_energyConsumption": {
        "type": "ai_EnergyConsumption",
        "ai_trainingEnergyConsumption": [
            {
                "type": "ai_EnergyConsumptionDescription",
                "ai_energyQuantity": "107.1",
                "ai_energyUnit": "kilowattHour",
            }
        ],
        "ai_finetuningEnergyConsumption": [
            {"ai_energyQuantity": 3, "ai_energyUnit": "megajoule"},
            {"ai_energyQuantity": 3, "ai_energyUnit": "other"},
        ],
        "ai_inferenceEnergyConsumption": [{"ai_energyQuantity": 1, "ai_energyUnit": "kilowattHour"}],
    },
}
"""After the fields of github.com/spdx/spdx-examples, ai/example05/spdx3.0, and the model of SPDX 3.0.1."""
BESIDE: list[dict[str, Any]] = [
    {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2024-11-01T00:00:00Z"},
    {"type": "Organization", "spdxId": "https://x.example/doc#lab", "name": "Systems Lab"},
    {
        "type": "dataset_DatasetPackage",
        "spdxId": "https://x.example/doc#data",
        "name": "Train",
        "description": "Pictures of 12 halls.",
        "software_packageVersion": "7",
        "software_downloadLocation": "NOASSERTION",
        "dataset_datasetType": ["image"],
        "dataset_datasetSize": 59768832,
        "dataset_knownBias": ["Halls of one region", "Few at night."],
        "dataset_dataCollectionProcess": "Cameras.",
    },
    {"type": "software_Package", "spdxId": "https://x.example/doc#base", "name": "YOLOv8m"},
    {"type": "software_Package", "spdxId": "https://x.example/doc#library", "name": "torch"},
    {
        "type": "simplelicensing_LicenseExpression",
        "spdxId": "https://x.example/doc#licence",
        "simplelicensing_licenseExpression": "Apache-2.0",
    },
]


def related(kind: str, *ends: Any, start: str = "model") -> dict[str, Any]:
    return {
        "type": "Relationship",
        "spdxId": f"https://x.example/doc#{kind}-{start}",
        "from": f"https://x.example/doc#{start}",
        "relationshipType": kind,
        "to": [f"https://x.example/doc#{end}" if isinstance(end, str) else end for end in ends],
    }


RELATIONS = [
    related("trainedOn", "data"),
    related("testedOn", "absent"),
    related("descendantOf", "base"),
    related("dependsOn", "library"),
    related("hasDeclaredLicense", "licence"),
    related("hasDeclaredLicense", "licence", start="data"),
]


def bill(*graph: Any, context: Any = CONTEXT) -> str:
    return json.dumps({"@context": context, "@graph": list(graph)}, indent=2)


def imported(folder: Path, text: str) -> Imported:
    file = folder / "bill.spdx3.json"
    file.write_text(text, encoding="utf-8")
    kind = recognise(file)
    assert kind is spdx.KIND
    return kind.read(str(file), ImportOptions())


def facts(found: Imported) -> dict[str, Any]:
    return {dotted(one.path).replace(f"[{NEW_ROW}]", "[]"): one.value for one in found.facts}


def test_a_package_of_the_ai_profile_gives_the_facts_that_its_fields_hold(tmp_path: Path) -> None:
    found = imported(tmp_path, bill(*BESIDE, MODEL, *RELATIONS))
    taken = facts(found)
    results = taken.pop("performance.results[]")
    assert taken == {
        "overview.model": "WarehouseDetect",
        "overview.version": "3.0.2",
        "overview.summary": "Detection of objects for safety.",
        "overview.organisation": "Systems Lab",
        "overview.licence": "Apache-2.0",
        "purpose.summary": "Finds workers and forklifts in pictures of cameras.",
        "purpose.applications": ["computer vision"],
        "setup.weights": "https://x.example/models/w",
        "setup.weights_digest": "sha256:" + "0a" * 32,
        "setup.implementation": "https://x.example/code",
        "setup.integration": "Cameras and an alarm.",
        "model_architecture.family": "convolutional neural network, object detection",
        "model_architecture.base_models[]": {"name": "YOLOv8m"},
        "training.summary": "Three stages.",
        "training.learning_rate": 0.001,
        "training.epochs": 3,
        "training_data.preprocessing": "Resize to 640x640. Flip at random.",
        "training_data.datasets[]": {
            "name": "Train",
            "revision": "7",
            "licence": "Apache-2.0",
            "note": "Pictures of 12 halls.",
        },
        "training_data.known_biases": "Halls of one region. Few at night.",
        "limitations.known": ["Not outdoors."],
        "limitations.risks": "The risk to safety is assessed as medium.",
        "hardware.training.energy": "107.1 kWh",
        "hardware.training.activities[]": {"activity": "fine-tuning", "energy": "3 MJ"},
    }
    assert "night" in json.dumps(results)
    left = {one.what: one.why for one in found.left_out}
    assert left["59,768,832 bytes"] == "SPDX has it in bytes, and a sheet counts examples"
    assert left["1 kWh"] == "it does not say of how many inferences it is"
    assert left["3 other"] == "an energy needs a number, in kWh or MJ"
    assert left["0.9"] == "no field of a sheet holds it"  # of a hyperparameter that no field is for
    assert left["0.1"] == "another one says it already"
    assert left["good"] == "a score needs the name of its metric and a number"
    assert left["md5"] == "the sheet holds the SHA-256, SHA-384 or SHA-512 of the weights"
    assert left["torch"] == "no part of the model itself"
    assert left["https://x.example/doc#absent"] == "it has no name in this file"
    assert {"https://x.example/money", "Copyright 2024", "yes", "Cameras."} <= left.keys()
    assert not {"learning_rate", "kilowattHour", "precision", "0.001"} & left.keys()


def test_of_several_models_the_one_that_the_document_is_about_is_read(tmp_path: Path) -> None:
    other = {**MODEL, "spdxId": "https://x.example/doc#other", "name": "Other"}
    asked = imported(tmp_path, bill(MODEL, other)).unclear
    assert [(dotted(one.path), one.what) for one in asked] == [("overview.model", "2 models")]
    assert [words for words, _ in asked[0].readings] == ["WarehouseDetect", "Other"]
    # Collections may be about each other; nothing is followed twice.
    roots = [
        {"type": "SpdxDocument", "spdxId": "urn:a", "rootElement": ["urn:b"]},
        {"type": "software_Sbom", "spdxId": "urn:b", "rootElement": ["urn:a", other["spdxId"]]},
    ]
    assert facts(imported(tmp_path, bill(*roots, MODEL, other)))["overview.model"] == "Other"


def test_what_is_related_to_nothing_is_of_no_model(tmp_path: Path) -> None:
    model = {"type": "ai_AIPackage", "name": "M"}
    dangling = [{**one, "from": None} for one in RELATIONS]
    assert facts(imported(tmp_path, bill(*BESIDE, model, *dangling))) == {"overview.model": "M"}


def test_hyperparameters_that_are_named_by_fields_are_of_these_fields(tmp_path: Path) -> None:
    pairs = [
        {"key": "hwa_training.weight_noise", "value": "0.1"},
        {"key": "training.optimiser", "value": "AdamW"},
        {"key": "training.no_such_field", "value": "5"},
    ]
    model = {"type": "ai_AIPackage", "spdxId": "urn:m", "name": "M", "ai_hyperparameter": pairs}
    found = imported(tmp_path, bill(model))
    assert facts(found) == {
        "overview.model": "M",
        "hwa_training.weight_noise": 0.1,
        "training.optimiser": "AdamW",
    }
    assert [one.what for one in found.left_out] == ["5"]


def test_other_spellings_of_json_ld_mean_the_same(tmp_path: Path) -> None:
    # JSON-LD 1.1, 3.1 and 5.4: prefixes of a context, nodes inside others, a value for a list of one.
    model = {
        "type": "ai_AIPackage",
        "spdxId": "our:model",
        "name": "M",
        "ai_domain": "vision",
        "suppliedBy": {"type": "Organization", "spdxId": "our:lab", "name": "L"},
    }
    relation = {
        "type": "Relationship",
        "from": {"@id": "https://x.example/doc#model"},
        "relationshipType": "trainedOn",
        "to": {"type": "dataset_DatasetPackage", "spdxId": "our:d", "name": "D"},
    }
    found = imported(tmp_path, bill(model, relation, context=[CONTEXT, {"our": "https://x.example/doc#"}]))
    assert facts(found) == {
        "overview.model": "M",
        "overview.organisation": "L",
        "purpose.applications": ["vision"],
        "training_data.datasets[]": {"name": "D"},
    }
    alone = json.dumps({"@context": CONTEXT, "type": "ai_AIPackage", "spdxId": "urn:m", "name": "N"})
    assert facts(imported(tmp_path, alone)) == {"overview.model": "N"}


@pytest.mark.parametrize(
    ("licence", "named"),
    [
        ("https://spdx.org/licenses/MIT", "MIT"),
        ({"type": "simplelicensing_LicenseExpression", "simplelicensing_licenseExpression": "MIT"}, "MIT"),
        (
            {
                "type": "simplelicensing_LicenseExpression",
                "name": "Our terms",
                "simplelicensing_licenseExpression": "LicenseRef-1",
            },
            "Our terms",
        ),
        ({"type": "expandedlicensing_CustomLicense", "name": "House"}, "House"),
        (
            {
                "type": "expandedlicensing_DisjunctiveLicenseSet",
                "expandedlicensing_member": [
                    "https://spdx.org/licenses/MIT",
                    {
                        "type": "expandedlicensing_ConjunctiveLicenseSet",
                        "expandedlicensing_member": [
                            "https://spdx.org/licenses/ISC",
                            "https://spdx.org/licenses/Zlib",
                        ],
                    },
                ],
            },
            "MIT OR (ISC AND Zlib)",
        ),
        ("expandedlicensing_NoAssertionLicense", None),
        ("https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense", None),
        ({"type": "expandedlicensing_DisjunctiveLicenseSet"}, None),
        (5, None),
    ],
)
def test_a_licence_is_named_in_each_of_its_forms(licence: Any, named: str | None, tmp_path: Path) -> None:
    relation = {**related("hasDeclaredLicense"), "to": [licence]}
    concluded = {**related("hasConcludedLicense"), "to": ["https://spdx.org/licenses/BSL-1.0"]}
    found = facts(imported(tmp_path, bill(MODEL, relation)))
    assert found.get("overview.licence") == named
    both = facts(imported(tmp_path, bill(MODEL, relation, concluded)))
    assert both["overview.licence"] == (named or "BSL-1.0")


def test_a_set_of_licences_that_is_in_itself_ends(tmp_path: Path) -> None:
    ring = {
        "type": "expandedlicensing_ConjunctiveLicenseSet",
        "spdxId": "https://x.example/doc#ring",
        "expandedlicensing_member": ["https://x.example/doc#ring", "https://spdx.org/licenses/MIT"],
    }
    found = facts(imported(tmp_path, bill(MODEL, ring, related("hasDeclaredLicense", "ring"))))
    assert "MIT" in found["overview.licence"]


@pytest.mark.parametrize(
    "text",
    [
        bill(),
        bill({"type": "software_Package", "spdxId": "urn:a", "name": "P"}),
        bill(5, None, "x", [[]]),
        json.dumps({"@context": CONTEXT, "@graph": "x"}),
        json.dumps({"@context": CONTEXT, "@graph": {"type": ["ai_AIPackage"]}}),
        json.dumps({"@context": [CONTEXT, 5, {"a": {}}], "@graph": None}),
        bill({"type": "ai_AIPackage", "spdxId": "urn:only-named-here"}),
    ],
)
def test_a_document_without_a_model_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"bill\.spdx3\.json lists no model"):
        imported(tmp_path, text)


def test_two_elements_of_one_identifier_are_refused_unless_they_are_one(tmp_path: Path) -> None:
    assert facts(imported(tmp_path, bill(MODEL, MODEL)))["overview.model"] == "WarehouseDetect"
    with pytest.raises(UsageError, match="two elements of one identifier") as refused:
        imported(tmp_path, bill(MODEL, {**MODEL, "name": "x\x1b[31m"}))
    assert "https://x.example/doc#model" in refused.value.diagnostics()
    assert "\x1b" not in refused.value.diagnostics()


def test_an_earlier_version_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is SPDX-2\.3") as refused:
        imported(tmp_path, '{"spdxVersion": "SPDX-2.3", "packages": []}')
    assert "SPDX 3.0.1" in refused.value.diagnostics()


def test_a_bill_cut_short_or_nested_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no JSON that can be read"):
        imported(tmp_path, bill(MODEL)[:-2])
    deep = f'{{"@context": "{CONTEXT}", "@graph": {"[" * 100_000}{"]" * 100_000}}}'
    with pytest.raises(UsageError, match="no JSON that can be read"):
        imported(tmp_path, deep)


ANYTHING: tuple[Any, ...] = (
    *(None, 5, True, "", "x", [], {}, [[]], [5], [None], [{}], {"a": {}}, "urn:a", {"@id": "urn:b"}, 1e308),
    *([{"key": 5, "value": []}], {"ai_trainingEnergyConsumption": {"ai_energyQuantity": "1e999"}}),
)


@pytest.mark.parametrize("key", sorted({*MODEL, "extension", "rootElement"} - {"type"}))
def test_a_value_of_any_kind_in_any_field_is_read_or_listed(key: str, tmp_path: Path) -> None:
    for value in ANYTHING:
        ring = {"spdxId": "urn:b", "type": "Thing", "name": "A", "from": "urn:b", "relationshipType": value}
        found = imported(tmp_path, bill(*BESIDE, {**MODEL, key: value}, ring, *RELATIONS))
        assert "overview.model" in facts(found) or key == "name"


@pytest.mark.parametrize("key", ["from", "to", "relationshipType", "type", "spdxId"])
def test_a_relationship_of_any_kind_is_read_or_listed(key: str, tmp_path: Path) -> None:
    for value in ANYTHING:
        relations = [{**one, key: value} for one in RELATIONS[: 1 if key == "spdxId" else None]]
        found = imported(tmp_path, bill(*BESIDE, MODEL, *relations))
        assert facts(found)["overview.model"] == "WarehouseDetect"


def test_properties_of_another_program_are_no_sheet(tmp_path: Path) -> None:
    foreign = {
        "type": "extension_CdxPropertiesExtension",
        "extension_cdxProperty": [
            {"extension_cdxPropName": "theirs", "extension_cdxPropValue": "a value of theirs"},
            {"extension_cdxPropName": "factsheet:parameters.power", "extension_cdxPropValue": "3 W"},
        ],
    }
    found = imported(tmp_path, bill({**MODEL, "extension": [foreign]}))
    assert "parameters.power" not in facts(found)
    assert "a value of theirs" in {one.what for one in found.left_out}


def test_a_bill_of_thousands_of_packages_lists_what_the_model_needs(tmp_path: Path) -> None:
    packages = [
        {"type": "software_Package", "spdxId": f"https://x.example/doc#p{index}", "name": f"p{index}"}
        for index in range(3_000)
    ]
    relations = [
        {**related("dependsOn", f"p{index}"), "spdxId": f"https://x.example/doc#r{index}"}
        for index in range(0, 3_000, 100)
    ]
    found = imported(tmp_path, bill(*packages, MODEL, *relations))
    assert len([one for one in found.left_out if one.where.endswith("dependsOn")]) == 30


def test_values_that_are_listed_are_not_searched_for_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each search goes through all that was collected: for thousands of values, that took minutes.
    searched = []

    def search(pattern: str, text: str) -> re.Match[str] | None:
        searched.append(pattern)
        return re.search(pattern, text)

    monkeypatch.setattr(untouched, "re", SimpleNamespace(search=search, escape=re.escape))
    pairs = [{"key": f"k{index}", "value": f"v{index}"} for index in range(500)]
    found = imported(
        tmp_path, bill({"type": "ai_AIPackage", "spdxId": "urn:m", "name": "M", "ai_hyperparameter": pairs})
    )
    assert len(found.left_out) == 500
    assert len(searched) < 10


def test_the_line_of_a_key_is_looked_for_once(tmp_path: Path) -> None:
    _line_of_key.cache_clear()
    data = [
        {**BESIDE[2], "spdxId": f"https://x.example/doc#d{index}", "name": f"D{index}"} for index in range(50)
    ]
    names = [f"d{index}" for index in range(50)]
    found = imported(tmp_path, bill(MODEL, *data, related("trainedOn", *names)))
    assert len([one for one in found.facts if one.path == ("training_data", "datasets", NEW_ROW)]) == 50
    assert _line_of_key.cache_info().misses < 30


def test_what_is_of_another_kind_is_not_taken_for_a_bill(tmp_path: Path) -> None:
    for name, text, expected in (
        ("a.json", '{"bomFormat": "CycloneDX", "components": []}', cyclonedx.KIND),
        ("README.md", f"See {CONTEXT}\n", None),
    ):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        found = recognise(file)
        assert found is not spdx.KIND
        assert expected is None or found is expected
