"""One module words what does not fit, for sheets and for hardware profiles: the noun is an argument."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from factsheet.facts.misfits import Misfit, SchemaWording, misfits
from factsheet.hardware.profile_problems import ProfileWording
from factsheet.sheet.wording import SheetWording


def found(wording: SchemaWording, data: dict[str, Any]) -> list[Misfit]:
    with pytest.raises(ValidationError) as caught:
        wording.root.model_validate(data)
    return list(misfits(caught.value, data, wording))


@pytest.mark.parametrize(
    ("wording", "noun", "key_noun", "other"),
    [
        (SheetWording(), "the sheet", "a field", "profile"),
        (ProfileWording(), "the profile", "a key", "sheet"),
    ],
    ids=["sheet", "profile"],
)
def test_each_kind_of_file_is_called_by_its_name(
    wording: SchemaWording, noun: str, key_noun: str, other: str
) -> None:
    listed = found(wording, {"unheard_of": 1})
    messages = {misfit.code: misfit for misfit in listed}
    assert messages["unknown-key"].message == f"`unheard_of` is not {key_noun} of {noun}"
    assert messages["unknown-key"].on_key
    assert messages["missing-key"].message.startswith(f"{noun} has no `")
    for misfit in listed:
        assert other not in f"{misfit.message} {misfit.why} {misfit.help}"


def test_a_field_of_another_section_is_sent_there() -> None:
    data = {"factsheet": 1, "overview": {"name": "a", "model": "b", "refresh_interval": "4 weeks"}}
    (misfit,) = found(SheetWording(), data)
    assert misfit.help == "`refresh_interval` is a field of `performance`; move it there"


def test_a_misspelt_key_of_a_fact_is_corrected() -> None:
    data = {"factsheet": 1, "overview": {"name": "a", "model": {"value": "b", "sorce": "cited"}}}
    (misfit,) = found(SheetWording(), data)
    assert misfit.path == ("overview", "model", "sorce")
    assert misfit.help == "did you mean `source`?"


def test_a_key_that_several_fields_have_in_their_names_is_none_of_them() -> None:
    data = {
        "factsheet": 1,
        "overview": {"name": "a", "model": "b"},
        "model_architecture": {"transformer": {}},
    }
    (misfit,) = found(SheetWording(), data)
    assert misfit.help == "did you mean `transformer_encoder`, `transformer_decoder` or `vision_transformer`?"
    assert misfit.rename is None
