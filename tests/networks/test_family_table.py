"""The table of families: one file each, a field of the section each, and answers that mean what a sheet's would."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import pytest

import factsheet.networks.families
from factsheet.errors import WorkloadError
from factsheet.networks.declared import FAMILIES, declaration
from factsheet.networks.family import Run
from factsheet.sheet.architecture import ModelArchitecture
from factsheet.sheet.model import SheetFields

if TYPE_CHECKING:
    from factsheet.networks.declared import Declaration

# Declarations that leave open whatever their family can be derived without.
SILENT: dict[str, Any] = {
    "transformer_encoder": {
        "layers": 2,
        "hidden_size": 8,
        "heads": 2,
        "intermediate_size": 16,
        "embedding_size": 4,
        "pooler_on_tiles": {"not_disclosed": "Unknown."},
        "projection_on_tiles": {"not_disclosed": "Unknown."},
    },
    "transformer_decoder": {
        "layers": 2,
        "hidden_size": 8,
        "heads": 2,
        "intermediate_size": 16,
        "vocabulary": 30,
        "positions": 64,
    },
    "encoder_decoder": {
        "encoder_layers": 1,
        "decoder_layers": 1,
        "hidden_size": 8,
        "heads": 2,
        "intermediate_size": 16,
        "vocabulary": 30,
    },
    "vision_transformer": {
        "image_size": 32,
        "patch_size": 16,
        "layers": 1,
        "hidden_size": 8,
        "heads": 2,
        "intermediate_size": 16,
    },
    "recurrent": {
        "cell": {"not_disclosed": "Unknown."},
        "input_size": 4,
        "hidden_size": 8,
        "layers": 1,
        "outputs": 3,
    },
    "mlp": {"sizes": [4, 8, 2]},
}


def read(family: str, declared: object) -> Declaration:
    sheet = SheetFields.model_validate(
        {
            "factsheet": 1,
            "overview": {"name": "Example", "model": "a model"},
            "model_architecture": {family: declared},
        }
    )
    return declaration(sheet.model_architecture)


def test_every_file_of_the_folder_is_a_family_of_the_table() -> None:
    modules = [
        importlib.import_module(f"factsheet.networks.families.{found.name}")
        for found in pkgutil.iter_modules(factsheet.networks.families.__path__)
    ]
    assert {id(module.FAMILY) for module in modules} == {id(family) for family in FAMILIES.values()}


def test_the_section_has_the_field_of_each_family_in_the_order_of_the_table() -> None:
    fields = ModelArchitecture.model_fields
    assert [key for key in fields if key in FAMILIES] == list(FAMILIES)
    for key, family in FAMILIES.items():
        assert (fields[key].description, fields[key].examples) == (family.meaning, [family.example])


@pytest.mark.parametrize("key", FAMILIES)
def test_the_example_of_a_family_makes_a_network(key: str) -> None:
    assert read(key, FAMILIES[key].example).network(Run(8)).analog_weights > 0


def test_what_can_be_left_open_is_left_open_here() -> None:
    open_families = {key for key, family in FAMILIES.items() if family.left_open}
    assert open_families == set(SILENT)
    for key, declared in SILENT.items():
        assert read(key, declared).left_open == tuple(FAMILIES[key].left_open)


@pytest.mark.parametrize("key", SILENT)
def test_an_interpretation_is_what_the_sheet_would_give_with_its_answers(key: str) -> None:
    known = read(key, SILENT[key])
    interpretations = list(known.interpretations())
    assert interpretations[0].structure == known.structure
    # Each combination of answers once, the default first.
    assert len({one.structure for one in interpretations}) == len(interpretations)
    for one in interpretations[1:]:
        answered = read(key, {**SILENT[key], **one.answers})
        assert answered.structure == one.structure
        assert answered.left_open == ()


def test_an_answer_that_is_given_is_not_tried_otherwise() -> None:
    known = read("mlp", {"sizes": [4, 8, 2], "biases": False})
    assert [one.structure for one in known.interpretations()] == [known.structure]


def test_the_outputs_of_a_task_are_tried_where_no_key_declares_them() -> None:
    given = {"layers": 1, "hidden_size": 8, "heads": 2, "intermediate_size": 16, "fused_qkv": False}
    known = read("transformer_encoder", {**given, "pooler": True})
    networks = [one.structure.network(1) for one in known.interpretations(heads=(2, 3))]
    # A head of 8 x 2 with 2 biases, and one of 8 x 3 with 3.
    assert [network.parameters - networks[0].parameters for network in networks] == [0, 18, 27]


def test_equal_dimensions_are_one_structure_whatever_sheet_they_are_from() -> None:
    first, second = (read(key, SILENT[key]).structure for key in ("mlp", "mlp"))
    assert first == second
    assert hash(first) == hash(second)
    assert first != read("mlp", {"sizes": [4, 8, 3]}).structure


@pytest.mark.parametrize("key", FAMILIES)
def test_a_family_takes_what_its_entry_says(key: str) -> None:
    family, known = FAMILIES[key], read(key, FAMILIES[key].example)
    for run, takes in ((Run(1, cache_length=4), family.cache), (Run(1, image_size=(64, 64)), family.images)):
        if takes:
            assert known.structure.network(run).operators
        else:
            with pytest.raises(WorkloadError, match=f"`{key}`"):
                known.structure.network(run)
    one, many = known.structure.network(1), known.structure.network(16)
    assert (one.operators != many.operators) == family.tokens
