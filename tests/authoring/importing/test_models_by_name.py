"""What a configuration or a module says of a model beside its operators: its name, what goes in and what comes out."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from factsheet.authoring.beginning import begin_from
from factsheet.authoring.importing.interfaces import interface_of, of_module
from factsheet.networks.operators import Network, Size
from factsheet.networks.sizes import Interface

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.networks.operators import SizeOrigin

CONFIG = {
    "_name_or_path": "roberta-base",
    "model_type": "roberta",
    "architectures": ["RobertaForSequenceClassification"],
    "vocab_size": 500,
    "max_position_embeddings": 50,
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "pad_token_id": 1,
}
CARD = "---\nbase_model: roberta-base\n---\n# roberta-tweets\n\nSentiment of tweets.\n"


def test_a_model_is_not_called_after_what_it_was_loaded_from(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    folder = tmp_path / "tweets"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    alone = begin_from([str(folder / "config.json")], name=None, today=date(2026, 1, 2))
    assert alone.sheet.overview.model.value == "TODO"
    (asked,) = [one for each in alone.imports for one in each.unclear if one.path == ("overview", "model")]
    assert [value for _, value in asked.readings] == ["roberta-base"]
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    carded = begin_from([str(folder)], name=None, today=date(2026, 1, 2))
    assert carded.sheet.overview.model.value == "roberta-tweets"
    # A table of 50 rows, of which RoBERTa gives tokens none up to that of the padding: pad_token_id + 1.
    assert carded.sheet.setup is not None
    assert "500 tokens in up to 48 positions" in str(carded.sheet.setup.interface)


def test_sound_goes_into_whisper_and_tokens_come_out() -> None:
    # The sizes of openai/whisper-base, whose features are 80 bins in 3,000 frames of 10 ms.
    values = {"model_type": "whisper", "num_mel_bins": 80, "max_source_positions": 1500, "vocab_size": 51865}
    network = Network("whisper", (), interface=Interface(positions=448))
    text = "Sound as 3,000 frames of 80 mel bins in, ids of 51,865 tokens in up to 448 positions out."
    assert interface_of(values, network) == text
    assert not interface_of(values, Network("whisper", ()))


def test_example_inputs_say_what_goes_into_a_module_and_assumed_ones_do_not() -> None:
    interface = Interface(("1 x 1 x 64 x 64, float32",), ("1 x 6, float32",))
    cases: tuple[tuple[SizeOrigin, bool], ...] = (("example inputs", True), ("assumed", False))
    for origin, stated in cases:
        network = Network("a", (), interface=interface, sizes=(Size("image", "64 x 64", origin),))
        found = {fact.path: fact.value for fact in of_module(network, "a")}
        text = found.get(("setup", "interface"))
        expected = "A tensor of 1 x 1 x 64 x 64 (float32) in, a tensor of 1 x 6 (float32) out."
        assert text == (expected if stated else None)
