"""The page for those who come from aihwkit: what it names is there, here and in the toolkit."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from factsheet.authoring.importing.analog.toolkits import AIHWKIT, LIGHTNING
from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.training.recipe import HwaRecipe

PAGE = (Path(__file__).parents[2] / "docs" / "from-aihwkit.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.partition("## Settings")[2].partition("## Checkpoints")[0].splitlines()
    if line.startswith("| ") and "|---" not in line
][1:]


def test_every_field_that_the_table_names_here_is_one() -> None:
    known = {one.name for one in fields(AnalogHardware)} | {one.name for one in fields(HwaRecipe)}
    named = {name for _, here, _ in ROWS for name in re.findall(r"`(\w+)`", here)}
    assert named
    assert named <= known


def test_what_is_not_here_has_a_reason() -> None:
    assert all(reason for _, here, reason in ROWS if not here)
    assert all(there and (here or reason) for there, here, reason in ROWS)


def test_every_model_of_devices_and_converter_that_is_read_is_on_the_page() -> None:
    models = [name for name in AIHWKIT.classes if name.endswith(("NoiseModel", "ConductanceConverter"))]
    assert models
    for name in models:
        short = name.replace("ConductanceConverter", "")
        assert name in PAGE or f"{short}…" in PAGE, name


@pytest.mark.skipif(
    not find_spec("aihwkit_lightning"), reason="aihwkit-lightning, of the group `tests`, is not installed"
)
def test_defaults_are_those_of_lightning_itself() -> None:
    """The table of classes was copied by hand; lightning 2.1.0 says what its defaults are."""
    made: Any = import_module("aihwkit_lightning.simulator.configs").TorchInferenceRPUConfig()
    sections = {
        "IOParameters": made.forward,
        "MappingParameter": made.mapping,
        "InputRangeParameter": made.pre_post.input_range,
        "WeightModifierParameter": made.modifier,
        "WeightClipParameter": made.clip,
    }
    for cls, section in sections.items():
        for name, value in LIGHTNING.classes[cls].defaults.items():
            own = getattr(section, name)
            assert (own.name if hasattr(own, "name") else own) == getattr(value, "name", value), (
                f"{cls}.{name}"
            )
