"""The YAML language server that editors have, with our schema: the real one, spoken to as an editor does.

noxfile.py installs it, with the npm that a package of Python brings, into the environment of the tests.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from editor_client import EditorClient, place_of
from project_sheets import BERT, TESTS
from system_tools import yaml_language_server

from factsheet.sheet.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = TESTS.parent / "schemas" / "factsheet-1.schema.json"
SMALL = "factsheet: 1\noverview:\n  name: Small\n  model: Small\n"


def settings(files: str | list[str]) -> dict[str, Any]:
    yaml = {
        "schemas": {SCHEMA.as_uri(): files},
        "schemaStore": {"enable": False, "url": ""},  # nothing is to be fetched
        "validate": True,
        "completion": True,
        "hover": True,
    }
    return {"yaml": yaml, "http": {}, "[yaml]": {}, "editor": {}, "files": {}}


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditorClient]:
    folder = tmp_path_factory.mktemp("yamlls")
    with EditorClient(yaml_language_server(), folder=folder, settings=settings("*.yaml")) as client:
        capabilities = client.initialize()["capabilities"]
        assert capabilities["hoverProvider"]
        client.notify("workspace/didChangeConfiguration", {"settings": settings("*.yaml")})
        yield client


def typed(editor: EditorClient, name: str, text: str) -> set[str]:
    """What is offered at the `|` of a text."""
    place, text = place_of(text, "|"), text.replace("|", "", 1)
    editor.open(name, text)
    return {item["label"] for item in editor.at("completion", name, place)["items"]}


def test_the_published_sheet_has_no_fault(editor: EditorClient) -> None:
    # It names the schema beside its folder.
    (editor.folder / "schemas").mkdir()
    (editor.folder / "schemas" / SCHEMA.name).write_bytes(SCHEMA.read_bytes())
    assert f"$schema=../schemas/{SCHEMA.name}" in BERT
    editor.open("sheets/bert.yaml", BERT)
    assert editor.diagnostics("sheets/bert.yaml") == []


@pytest.mark.parametrize(
    ("number", "text", "word", "message"),
    [
        (1, SMALL + "parameters:\n  powr: 3 W\n", "powr", "not allowed"),
        (2, SMALL + "parameters:\n  power: 3 Kelvin\n", "3 Kelvin", ""),
        (3, SMALL.replace("  model: Small\n", ""), "overview", 'Missing property "model"'),
        (4, SMALL.replace("  model:", "  status: ready\n  model:"), "ready", ""),
        (5, SMALL + "parameters:\n  power: {value: 3 W, source: guessed}\n", "guessed", ""),
    ],
)
def test_errors_are_at_the_right_place(
    editor: EditorClient, number: int, text: str, word: str, message: str
) -> None:
    name = f"wrong-{number}.yaml"
    editor.open(name, text)
    found = editor.diagnostics(name)
    line, character = place_of(text, word)
    # Of a fault in a branch of a choice the server may point at the mapping that is the branch.
    there = [
        one
        for one in found
        if one["range"]["start"]["line"] == line
        and one["range"]["start"]["character"] <= character < one["range"]["end"]["character"]
    ]
    assert there, found
    assert any(message in one["message"] for one in there)


def test_hover_has_the_description_of_the_field(editor: EditorClient) -> None:
    text = SMALL + "parameters:\n  power: 3.13 W\n"
    editor.open("hover.yaml", text)
    shown = editor.at("hover", "hover.yaml", place_of(text, "power", 2))["contents"]
    described = Parameters.model_fields["power"].description
    assert described
    assert described.rstrip(".") in shown["value"]


@pytest.mark.parametrize(
    ("number", "text", "some"),
    [
        (1, SMALL + "parameters:\n  |\n", {"power", "tiles", "tile"}),
        (2, SMALL + "|", {"parameters", "performance", "references"}),
        (3, SMALL.replace("  model:", "  status: |\n  model:"), {"draft", "review", "published"}),
    ],
)
def test_completion_offers_keys_and_words(
    editor: EditorClient, number: int, text: str, some: set[str]
) -> None:
    assert some <= typed(editor, f"typed-{number}.yaml", text)


def test_a_sheet_can_name_its_schema_itself(editor: EditorClient) -> None:
    schema = editor.folder / "factsheet-1.schema.json"
    schema.write_bytes(SCHEMA.read_bytes())
    text = f"# yaml-language-server: $schema=./{schema.name}\n" + SMALL + "parameters:\n  powr: 3 W\n"
    editor.open("named.yml", text)
    assert [one for one in editor.diagnostics("named.yml") if one["range"]["start"]["line"] == 6]


def test_the_entry_for_the_catalogue_of_schemas_has_its_form(editor: EditorClient) -> None:
    """Of an entry, src/schemas/json/schema-catalog.json in SchemaStore's repository asks what is asked here."""
    entry = json.loads((SCHEMA.parent / "schemastore" / "catalog-entry.json").read_text(encoding="utf-8"))
    assert (
        {"name", "url", "description"}
        <= set(entry)
        <= {"name", "url", "description", "fileMatch", "versions"}
    )
    assert all(address.startswith("https://") for address in (entry["url"], *entry["versions"].values()))
    assert len(set(entry["fileMatch"])) == len(entry["fileMatch"])
    # An editor that has taken the entry, with the address where the schema is: this machine.
    chosen = settings(entry["fileMatch"])
    with EditorClient(yaml_language_server(), folder=editor.folder, settings=chosen) as client:
        client.initialize()
        client.notify("workspace/didChangeConfiguration", {"settings": chosen})
        client.open("small.factsheet.yaml", SMALL + "parameters:\n  powr: 3 W\n")
        assert client.diagnostics("small.factsheet.yaml")
        client.open("compose.yaml", "services: {web: {image: nginx}}\n")
        assert client.diagnostics("compose.yaml") == []
