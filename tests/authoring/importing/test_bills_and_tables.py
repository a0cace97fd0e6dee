"""Bills of materials in CycloneDX and tables of results, as public examples have them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.importing.bills import cyclonedx
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import recognise
from factsheet.authoring.importing.tables import results_table
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported, ImportKind

MODEL: dict[str, Any] = {
    "type": "machine-learning-model",
    "publisher": "Example ML Team",
    "name": "support-ticket-classifier",
    "version": "1.0.0",
    "licenses": [{"license": {"id": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"}}],
    "externalReferences": [{"type": "website", "url": "https://example.com/classifier"}],
    "hashes": [{"alg": "SHA-1", "content": "cd5ef92a9fb2f889e972770a36d4ed042daf221e"}],
    "modelCard": {
        "modelParameters": {
            "task": "text-classification",
            "architectureFamily": "transformer",
            "datasets": [{"ref": "train"}, {"ref": "eval"}, {"ref": "lost"}],
            "inputs": [{"format": "text/plain"}],
            "outputs": [{"format": "application/json"}],
        },
        "quantitativeAnalysis": {
            "performanceMetrics": [{"type": "macro-f1", "value": "0.91", "slice": "held-out-evaluation"}]
        },
        "considerations": {
            "users": ["Support operations staff."],
            "technicalLimitations": ["NOASSERTION"],
            "ethicalConsiderations": [{"name": "automation bias", "mitigationStrategy": "Human review."}],
            "environmentalConsiderations": {
                "energyConsumptions": [
                    {
                        "activity": "training",
                        "activityEnergyCost": {"value": 0.4, "unit": "kWh"},
                        "co2CostEquivalent": {"value": 31.22, "unit": "tCO2eq"},
                    }
                ]
            },
        },
    },
}
"""After MLBOM/Model-Card-With-Dataset/bom.json of github.com/CycloneDX/bom-examples and the specification's fields."""
CONSIDERED = ("users", "ethicalConsiderations", "fairnessAssessments", "environmentalConsiderations")
DATA = [
    {"type": "data", "bom-ref": "train", "name": "support-ticket-training-data", "version": "2026.04"},
    {"type": "data", "bom-ref": "eval", "name": "support-ticket-evaluation-data"},
]


def bill(*components: dict[str, Any]) -> str:
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.7", "components": [*components]}, indent=2)


def imported(folder: Path, kind: ImportKind, name: str, text: str) -> Imported:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    assert recognise(file) is kind
    return kind.read(str(file), ImportOptions())


def values(found: Imported) -> dict[str, Any]:
    return {".".join(map(str, fact.path)): fact.value for fact in found.facts}


def tables(found: Imported) -> list[dict[str, Any]]:
    return [
        dict(fact.value) for fact in found.facts if fact.path[1] == "results" and isinstance(fact.value, dict)
    ]


def test_a_model_of_a_bill_of_materials(tmp_path: Path) -> None:
    found = imported(tmp_path, cyclonedx.KIND, "bom.json", bill(MODEL, *DATA))
    facts = values(found)
    assert facts["overview.model"] == "support-ticket-classifier"
    assert facts["overview.organisation"] == "Example ML Team"
    assert facts["overview.licence"] == "Apache-2.0"
    assert facts["hardware.training.energy"] == "0.4 kWh"
    assert facts["hardware.training.carbon"] == "31.22 tCO2eq"
    assert facts["training_data.datasets.-1"] == {
        "name": "support-ticket-training-data",
        "revision": "2026.04",
    }
    assert facts["test_data.datasets.-1"]["name"] == "support-ticket-evaluation-data"
    assert tables(found)[0]["tasks"] == [{"task": "held-out-evaluation", "scores": {"model": "91 %"}}]
    assert "limitations.known" not in facts  # NOASSERTION is no answer
    left = {one.what for one in found.left_out}
    assert {"SHA-1", "lost"} <= left


def test_what_a_bill_holds_besides_is_listed(tmp_path: Path) -> None:
    owned = {
        "type": "dataset",
        "name": "training-x",
        "governance": {"owners": [{"organization": {"name": "UofT"}}]},
    }
    card = {**MODEL["modelCard"], "modelParameters": {"datasets": [owned]}}
    text = bill({**MODEL, "modelCard": card}, {"type": "library", "name": "torch", "version": "2.3"})
    found = imported(tmp_path, cyclonedx.KIND, "bom.json", text)
    left = "\n".join(f"{one.where} {one.what}" for one in found.left_out)
    assert "library torch 2.3" in left
    assert "governance.owners[0].organization.name UofT" in left


def test_several_models_are_a_question(tmp_path: Path) -> None:
    found = imported(tmp_path, cyclonedx.KIND, "bom.json", bill(MODEL, {**MODEL, "name": "other"}))
    assert not found.facts
    assert [words for words, _ in found.unclear[0].readings] == ["support-ticket-classifier", "other"]


def test_a_comma_too_many_is_passed_over_and_said(tmp_path: Path) -> None:
    # As in MLBOM/Model/OpenSource/bom.json of the official examples.
    text = bill(MODEL).replace(
        '"specVersion": "1.7",', '"specVersion": "1.7", "metadata": {"timestamp": "2024",},'
    )
    found = imported(tmp_path, cyclonedx.KIND, "bom.json", text)
    assert values(found)["overview.version"] == "1.0.0"
    assert any("comma" in one.what for one in found.left_out)


@pytest.mark.parametrize(
    "text",
    [
        bill(),
        bill({"type": "library", "name": "x"}),
        '<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>',
        '{"bomFormat": "CycloneDX", "components": 5}',
        '{"bomFormat": "CycloneDX", "metadata": []}',
        '{"bomFormat": "CycloneDX",',
    ],
)
def test_bills_without_a_model_are_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        imported(tmp_path, cyclonedx.KIND, "bom.json", text)


def broken(value: object) -> dict[str, Any]:
    return {**MODEL, **dict.fromkeys(("licenses", "externalReferences", "hashes", "publisher"), value)}


@pytest.mark.parametrize(
    "value", [None, 5, "text", [], [1], [None], {}, [{}], [{"license": 5}], [[[]]], True]
)
def test_values_of_other_shapes_are_no_fault(tmp_path: Path, value: object) -> None:
    card = {"modelParameters": value, "quantitativeAnalysis": value, "considerations": value}
    inner = {
        "modelParameters": {"datasets": value, "task": value, "inputs": value},
        "quantitativeAnalysis": {"performanceMetrics": value},
        "considerations": dict.fromkeys(CONSIDERED, value),
    }
    for one in (card, inner):
        found = imported(tmp_path, cyclonedx.KIND, "bom.json", bill({**broken(value), "modelCard": one}))
        assert values(found)["overview.model"] == "support-ticket-classifier"


def test_a_row_for_each_score(tmp_path: Path) -> None:
    text = (
        "\ufefftask,model,metric,score\r\nMNLI,Digital,accuracy,83.4 %\r\nMNLI,Analog AI,accuracy,82.12\r\n"
        "RTE,Digital,accuracy,\r\n"
    )
    found = imported(tmp_path, results_table.KIND, "results.csv", text)
    (table,) = tables(found)
    assert table["tasks"] == [{"task": "MNLI", "scores": {"digital": "83.4 %", "analog-ai": "82.12 %"}}]
    assert [system.get("kind") for system in table["systems"]] == ["digital", "analog"]


def test_a_column_for_each_system(tmp_path: Path) -> None:
    text = "task;digital;analog\nMNLI;83.40 %;82.12 %\nRTE;66.40 %;64.00 %\n"
    found = imported(tmp_path, results_table.KIND, "results.csv", text)
    (table,) = tables(found)
    assert table["tasks"][1] == {"task": "RTE", "scores": {"digital": "66.40 %", "analog": "64.00 %"}}


def test_unlike_metrics_are_in_tables_of_their_own(tmp_path: Path) -> None:
    text = "dataset,accuracy,perplexity\nwiki,0.5,30.6306\n"
    found = imported(tmp_path, results_table.KIND, "results.csv", text)
    assert {table["metric"]: table["tasks"][0]["scores"]["model"] for table in tables(found)} == {
        "accuracy": "50 %",
        "perplexity": 30.6306,
    }


def test_columns_that_could_be_either_are_asked_about(tmp_path: Path) -> None:
    found = imported(tmp_path, results_table.KIND, "results.csv", "name,alpha,beta\nx,0.5,0.6\ny,0.7,0.8\n")
    assert not tables(found)
    assert [words for words, _ in found.unclear[0].readings] == [
        "each column is a system",
        "each column is a metric",
    ]


@pytest.mark.parametrize(
    "text", ["a,b\n", "a,b\nx,y\n", "a,a\n1,2\n", "a,b\n" + '"' + "x" * 200_000 + '",1\n']
)
def test_tables_without_scores_are_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        imported(tmp_path, results_table.KIND, "results.csv", text)
