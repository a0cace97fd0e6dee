"""Bills of materials in CycloneDX: accepted by the validator of its Python library, and read back fact by fact."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
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

from factsheet.authoring.importing.bills.named_values import named_data, named_values, path_named
from factsheet.authoring.importing.cards.licences import SPDX
from factsheet.exchange.bills.subject import is_plain_address

if TYPE_CHECKING:
    from pathlib import Path

VALIDATORS = {
    "1.6": JsonStrictValidator(SchemaVersion.V1_6),
    "1.7": JsonStrictValidator(SchemaVersion.V1_7),
}
FULL: dict[str, Any] = {
    "factsheet": 1,
    "overview": {
        "name": "Sheet",
        "model": "M",
        "version": "1.10",
        "licence": "Apache-2.0",
        "organisation": {"value": "O", "note": "by the paper"},
        "homepage": "https://example.org/m",
    },
    "setup": {"weights_digest": "sha384:" + "0a" * 48},
    "training_data": {
        "datasets": [{"name": "d/e", "split": "train", "revision": "2", "address": "https://example.org/%zz"}]
    }
    | {"known_biases": "English only."},
    "hardware": {
        "training": {
            "accelerator": "V100",
            "energy": "1.8 MJ",
            "carbon": "500 g CO2e",
            "energy_source": "hydropower",
            "cloud": "gcp europe-north1",
            "tracking": "whole machine",
            "activities": [{"activity": "trials", "energy": "7.2 MJ"}],
        },
        "inference": {"chip": "C", "node": "14 nm"},
    },
    "performance": {
        "energy_per_inference": "3.6 mJ",
        "energy_boundary": "chip",
        "throughput": "5 to 7 inferences/s",
    },
    "limitations": {"known": ["l1", "l2"], "ethics": "e"},
}


def accepted(text: str, version: str) -> None:
    assert VALIDATORS[version].validate_str(text) is None
    assert json.loads(text)["specVersion"] == version


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_every_sheet_is_accepted_and_comes_back_fact_by_fact(file: Path, tmp_path: Path) -> None:
    sheet = sheet_in(file)
    text = written(sheet, "cyclonedx", version="1.7" if SHEETS.index(file) % 2 else "1.6")
    accepted(text, json.loads(text)["specVersion"])
    imported, back = read_back(text, tmp_path, "cyclonedx")
    assert not imported.left_out
    assert said_by(back) == said_by(sheet)


@settings(max_examples=GENERATED, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheets())
def test_generated_sheets_are_accepted_and_come_back(tmp_path: Path, data: dict[str, Any]) -> None:
    sheet = sheet_of(data)
    for version in VALIDATORS:
        text = written(sheet, "cyclonedx", version=version)
        accepted(text, version)
    _, back = read_back(text, tmp_path, "cyclonedx")
    assert said_by(back) == said_by(sheet)


@pytest.mark.parametrize("version", VALIDATORS)
def test_what_cyclonedx_has_a_field_for_is_in_that_field(version: str) -> None:
    bill = json.loads(written(sheet_of(FULL), "cyclonedx", version=version))
    accepted(json.dumps(bill), version)
    model = bill["metadata"]["component"]
    assert (model["type"], model["name"], model["version"]) == ("machine-learning-model", "M", "1.10")
    assert model["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert model["hashes"] == [{"alg": "SHA-384", "content": "0a" * 48}]
    assert model["manufacturer"] == {"name": "O"}
    considered = model["modelCard"]["considerations"]
    assert considered["technicalLimitations"] == ["l1", "l2"]
    training, trials, inference = considered["environmentalConsiderations"]["energyConsumptions"]
    # 1 kWh is 3.6 MJ (SI Brochure, table 8: the hour is 3600 s); a tonne is 1000 kg.
    assert training["activityEnergyCost"] == {"value": 0.5, "unit": "kWh"}
    assert training["co2CostEquivalent"] == {"value": 0.0005, "unit": "tCO2eq"}
    assert training["energyProviders"][0]["energySource"] == "hydropower"
    assert training["energyProviders"][0]["organization"] == {"name": "gcp europe-north1"}
    assert {"name": "factsheet:boundary", "value": "whole machine"} in training["properties"]
    assert (trials["activity"], trials["activityEnergyCost"]["value"]) == ("design", 2)
    assert {"name": "factsheet:activity", "value": "trials"} in trials["properties"]
    assert inference["activityEnergyCost"] == {"value": 1e-9, "unit": "kWh"}
    assert {"name": "factsheet:boundary", "value": "chip"} in inference["properties"]
    by_ref = {one["bom-ref"]: one for one in bill["components"]}
    device = by_ref["inference-hardware"]
    assert (device["type"], device["name"]) == ("device", "C")
    assert {"name": "factsheet:hardware.inference.node", "value": "14 nm"} in device["properties"]
    data = by_ref["data-1"]
    assert (data["type"], data["name"], data["version"]) == ("data", "d/e", "2")
    assert model["modelCard"]["modelParameters"]["datasets"] == [{"ref": "data-1"}]
    # What a field holds exactly is not said twice; what goes along with a value is.
    names = {one["name"] for one in model["properties"]}
    assert "factsheet:overview.model" not in names
    assert {"factsheet:overview.organisation", "factsheet:overview.organisation.note"} <= names


def test_what_a_field_and_a_property_say_differently_is_told(tmp_path: Path) -> None:
    bill = json.loads(written(sheet_of(FULL), "cyclonedx"))
    model = bill["metadata"]["component"]
    model["manufacturer"]["name"] = "P"
    model["version"] = "2.0"
    model["properties"].append({"name": "factsheet:parameters.power", "value": "3 apples"})
    model["properties"].append({"name": "factsheet:][", "value": "x"})
    imported, back = read_back(json.dumps(bill), tmp_path, "cyclonedx")
    assert said_by(back)["overview"]["version"] == "2.0"  # only the field has it
    assert said_by(back)["overview"]["organisation"] == {"value": "O", "note": "by the paper"}
    left = {(one.what, one.why.partition(":")[0]) for one in imported.left_out}
    assert ("P", "the property factsheet") in left
    assert ("3 apples", "the schema does not take it") in left
    assert ("x", "its name is no path") in left


@pytest.mark.parametrize(
    "words",
    ["a\n\nb", "true", "1.10", '"', "{}", "\u202eevil", "<script>", "$(id)\n::error::x", "=1+1", "007", "-"],
)
def test_hostile_words_are_data(words: str, tmp_path: Path) -> None:
    name = " ".join(words.split())
    sheet = sheet_of(
        {
            "factsheet": 1,
            "overview": {"name": name, "model": name, "summary": words},
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
    text = written(sheet, "cyclonedx")
    accepted(text, "1.6")
    assert text.isascii()
    _, back = read_back(text, tmp_path, "cyclonedx")
    assert said_by(back) == said_by(sheet)


def test_sheets_of_any_size_and_template(tmp_path: Path) -> None:
    accepted(written(sheet_of(ONLY_A_NAME), "cyclonedx"), "1.6")
    assert (
        said_by(read_back(written(sheet_of(ONLY_A_NAME), "cyclonedx"), tmp_path, "cyclonedx")[1])
        == ONLY_A_NAME
    )
    rows = [{"task": f"t{row}", "scores": {"a": "50 %"}} for row in range(1000)]
    table = {"name": "T", "systems": [{"id": "a", "name": "A"}], "tasks": rows}
    huge = sheet_of({**ONLY_A_NAME, "performance": {"results": [table] * 5}})
    bill = json.loads(written(huge, "cyclonedx"))
    assert (
        len(bill["metadata"]["component"]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]) == 5000
    )


def test_the_same_sheet_gives_the_same_bytes() -> None:
    sheet = sheet_in(ROOT / "sheets" / "bert.yaml")
    assert written(sheet, "cyclonedx") == written(sheet, "cyclonedx")


def test_licences_that_go_by_identifier_are_in_the_list_of_spdx() -> None:
    for name in SPDX.values():
        sheet = sheet_of({**ONLY_A_NAME, "overview": {"name": "A", "model": "B", "licence": name}})
        accepted(written(sheet, "cyclonedx", version="1.7"), "1.7")


def test_addresses_that_a_uri_cannot_be_are_told_apart() -> None:
    # Examples of RFC 3986, section 1.1.2, and what its grammar does not take.
    assert is_plain_address("http://www.ietf.org/rfc/rfc2396.txt")
    assert not is_plain_address("https://example.org/a b")
    assert not is_plain_address("https://example.org/%zz")
    assert not is_plain_address("https://example.org/%zz")


def test_names_of_values_say_no_more_than_they_hold() -> None:
    data = {
        "a": {"value": "1", "note": "n"},
        "b": {"value": 2.5},
        "c": [{"value": ["x", "true"], "k.l": True}],
    }
    found = {one.name: one.text for one in named_values(data)}
    assert found == {
        "a": '"1"',
        "a.note": "n",
        "b.value": "2.5",
        "c[0][0]": "x",
        "c[0][1]": '"true"',
        'c[0]["k.l"]': "true",
    }
    values = [one._replace(path=path_named(one.name) or ()) for one in named_values(data)]
    assert named_data(values) == (data, ())
    assert [path_named(name) for name in ("", ".a", "a..b", "a[x]", "a[1", "[0", "a." + "b." * 40 + "c")] == [
        None
    ] * 7
