"""`factsheet explain` on what is no rule: the fields that may be meant are named."""

from __future__ import annotations

import pytest

from factsheet.cli.explain import explain
from factsheet.errors import UnknownRuleError


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("parameters.pwer", "`parameters.power`"),
        ("power", "`parameters.power`"),
        ("adcbits", "`inference_methodology.adc_bits`"),
        ("perfomance", "`performance`"),
    ],
)
def test_a_field_that_may_be_meant_is_named(typed: str, meant: str) -> None:
    with pytest.raises(UnknownRuleError, match=f"did you mean .*{meant}"):
        explain(typed)


def test_a_path_is_not_taken_for_a_rule() -> None:
    with pytest.raises(UnknownRuleError) as caught:
        explain("parameters.pwer")
    assert "parameters-differ" not in str(caught.value)
