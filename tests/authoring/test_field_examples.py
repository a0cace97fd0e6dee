"""Examples of fields: each is shown whole, and is an answer that the field takes."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.field_catalogue import catalogue, entries_at
from factsheet.authoring.field_reference import fields_text
from factsheet.checks.engine import check_document
from factsheet.sheet.answers import answer_at, put_answer, steps_of
from factsheet.source.dumping import dump_yaml
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.authoring.field_catalogue import FieldEntry

_LAYERS = [{"kind": "conv", "name": "stem", "channels": 3, "kernel": 3, "padding": 1}]
_REPEATED = "model_architecture.operators[0]"
_BESIDE: dict[str, tuple[str, Any]] = {
    # Names an earlier layer, and adds one of the same size to what arrives.
    "model_architecture.convolutional.layers[*].input": ("model_architecture.convolutional.layers", _LAYERS),
    "model_architecture.convolutional.layers[*].adds": ("model_architecture.convolutional.layers", _LAYERS),
    # Two are active of eight.
    "model_architecture.operators[*].active": (f"{_REPEATED}.matrices", 8),
    # A block that repeats holds operators instead of a matrix of its own.
    "model_architecture.operators[*].repeat": (
        _REPEATED,
        {
            "name": "block.*",
            "operators": [{"name": "block.*.up", "rows": 768, "cols": 3072, "each": "token"}],
        },
    ),
    "model_architecture.operators[*].operators": (_REPEATED, {"name": "block.*", "repeat": 12}),
}
"""What an example needs beside it, by its field; of a field of the blocks' operators, the block."""


def _sheet_with(entry: FieldEntry) -> dict[str, Any]:
    """Return a sheet with an example at its path, and the examples of the records that it is in."""
    examples = {each.path: each.example for each in catalogue()}
    ids = [
        name
        for each in catalogue()
        if each.form == "ids of references, one or a list"
        for name in (each.example if isinstance(each.example, list) else [each.example])
    ]
    data: dict[str, Any] = {
        "factsheet": 1,
        "overview": {"name": "A", "model": "B"},
        "references": [{"id": name, "title": "A paper"} for name in dict.fromkeys(["devlin-2019", *ids])],
    }
    parts = entry.path.split(".")
    for depth in range(1, len(parts)):
        above = ".".join(parts[:depth])
        place, example = above.replace("[*]", "[0]"), deepcopy(examples[above.removesuffix("[*]")])
        if answer_at(data, steps_of(place)) is None:
            put_answer(data, place, example[0] if above.endswith("[*]") else example)
    path, (place, example) = entry.path.replace("[*]", "[0]"), _beside(entry)
    if place:
        put_answer(data, place, deepcopy(example))
    if example is _LAYERS:
        path = entry.path.replace("[*]", "[1]")
        put_answer(data, path.rpartition(".")[0], dict(_LAYERS[0], name="second"))
    put_answer(data, path, entry.example)
    return data


def _beside(entry: FieldEntry) -> tuple[str, Any]:
    if entry.path.startswith("model_architecture.operators[*].operators[*]"):
        (inner,) = entries_at("model_architecture.operators.operators")[0].example
        several = {"matrices": 8} if entry.path.endswith(".active") else {}
        return _REPEATED, {"name": "block.*", "repeat": 12, "operators": [{**inner, **several}]}
    return _BESIDE.get(entry.path, ("", None))


@pytest.mark.parametrize(
    "section", dict.fromkeys(entry.path.partition(".")[0].partition("[")[0] for entry in catalogue())
)
def test_every_example_is_an_answer_that_its_field_takes(section: str) -> None:
    for entry in entries_at(section):
        text = dump_yaml(_sheet_with(entry))
        found = check_document(load_bytes(text.encode(), "sheet"), "sheet").diagnostics
        errors = [str(one) for one in found if one.severity == "error"]
        assert not errors, (entry.path, entry.example, errors)


def test_every_example_is_shown_whole_and_reads_back_as_the_field_takes_it() -> None:
    for entry in catalogue():
        assert "…" not in str(entry.example), entry.path
        loaded = load_bytes(entry.example_line.encode(), "line")
        assert loaded.document is not None, entry.path
        assert not loaded.problems, entry.path
        assert loaded.document.data == {entry.path.rpartition(".")[2]: entry.example}
        assert entry.example_line in fields_text((entry,))


def test_the_example_of_results_has_what_tells_readings_apart() -> None:
    """A percent sign, the metric, and which system is analog: without them 82.12 reads as a fraction of nothing."""
    (table,) = next(entry.example for entry in catalogue() if entry.path == "performance.results")
    assert all(score.endswith("%") for task in table["tasks"] for score in task["scores"].values())
    assert table["metric"]
    assert {system["kind"] for system in table["systems"]} == {"analog", "digital"}
