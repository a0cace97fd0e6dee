"""Times of one pass over all tokens are no times of generating them, and notes on figures say so."""

from __future__ import annotations

from typing import Any

import pytest

from factsheet.api.fact_sheet import FactSheet
from factsheet.authoring.computed import computed_facts
from factsheet.authoring.generation import said_of_passes
from factsheet.recompute.request import request_with

DECODER = {
    "transformer_decoder": {
        "layers": 2,
        "hidden_size": 64,
        "heads": 2,
        "intermediate_size": 128,
        "vocabulary": 1000,
        "tied_head": True,
    }
}
TOKENS: dict[str, Any] = {"name": "embed", "does": "lookup", "rows": 1000, "cols": 64, "each": "token"}
CROSS: dict[str, Any] = {"name": "decoder.0.encoder_attn.q", "rows": 64, "cols": 64, "each": "token"}
PLAIN: dict[str, Any] = {"name": "encoder.0.up", "rows": 64, "cols": 64, "each": "token"}


def said(architecture: dict[str, Any], *tasks: str, seq_len: int = 32) -> str | None:
    data = {
        "factsheet": 1,
        "overview": {"name": "A", "model": "A"},
        "purpose": {"task_ids": list(tasks)} if tasks else {},
        "model_architecture": architecture,
        "hardware": {"inference": {"profile": "hermes-64"}},
        "parameters": {"operating_points": [{"seq_len": seq_len, "batch": 1}]},
    }
    return said_of_passes(computed_facts(FactSheet.from_data(data), request_with(None)))


def test_a_decoder_is_said_to_take_a_pass_for_each_token() -> None:
    # The last of 32 tokens follows on 31 that are cached.
    assert said(DECODER) == (
        "times are of one pass over all 32 tokens at once; generating takes a pass for each token:"
        " `factsheet derive --cache-length 31` estimates the last of them"
    )
    assert said(DECODER, seq_len=1) is None


@pytest.mark.parametrize(
    ("architecture", "tasks", "generates"),
    [
        (DECODER, ("text-classification",), False),
        ({"operators": [TOKENS, CROSS]}, (), True),
        ({"operators": [TOKENS, CROSS]}, ("text-classification",), False),
        ({"operators": [TOKENS, PLAIN]}, ("text-generation",), True),
        ({"operators": [TOKENS, PLAIN]}, ("fill-mask",), False),
        ({"operators": [TOKENS, PLAIN]}, (), False),
        # A recogniser of speech that takes sound alone writes all it hears in one pass.
        ({"operators": [PLAIN]}, ("automatic-speech-recognition",), False),
    ],
)
def test_which_networks_generate(
    architecture: dict[str, Any], tasks: tuple[str, ...], generates: bool
) -> None:
    found = said(architecture, *tasks)
    assert (found is not None) is generates
    if found is not None and "operators" in architecture:
        assert "`factsheet derive --model config.json --cache-length 31`" in found
