"""A sheet's architecture section as operators: what it leaves open, and what it gets wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.errors import WorkloadError
from factsheet.networks.declared import declared_network
from factsheet.sheet.model import SheetFields

if TYPE_CHECKING:
    from factsheet.networks.operators import Network

DIMENSIONS = {"layers": 12, "hidden_size": 768, "heads": 12, "intermediate_size": 3072}
EMBEDDINGS = {"vocabulary": 30522, "positions": 512, "token_types": 2}


def declared(encoder: dict[str, Any] | None, seq_len: int = 32) -> Network:
    sheet = SheetFields.model_validate(
        {
            "factsheet": 1,
            "overview": {"name": "a sheet", "model": "a model"},
            "model_architecture": {} if encoder is None else {"transformer_encoder": encoder},
        }
    )
    return declared_network(sheet.model_architecture, seq_len)


def test_a_full_declaration_leaves_nothing_open() -> None:
    network = declared({**DIMENSIONS, **EMBEDDINGS, "pooler": True, "fused_qkv": False})
    assert (network.omitted, network.assumed) == ((), {})
    # Hugging Face's BertModel, bert-base-uncased.
    assert network.parameters == 109_482_240


@pytest.mark.parametrize("answer", [None, {"not_disclosed": "The source does not say."}])
@pytest.mark.parametrize("field", EMBEDDINGS)
def test_an_embedding_without_rows_is_left_open(field: str, answer: dict[str, str] | None) -> None:
    tables = {**EMBEDDINGS, field: answer} if answer else {k: v for k, v in EMBEDDINGS.items() if k != field}
    network = declared({**DIMENSIONS, **tables, "pooler": True, "fused_qkv": False})
    assert len(network.omitted) == 1
    assert field in network.omitted[0]


@pytest.mark.parametrize("answer", [{"not_applicable": "Rotary positions."}, 0])
def test_an_embedding_that_does_not_exist_is_nothing_left_open(answer: object) -> None:
    network = declared({**DIMENSIONS, "vocabulary": 30522, "positions": 512, "token_types": answer})
    assert network.omitted == ()
    assert not [operator for operator in network.operators if operator.name == "embeddings.token_type"]


def test_what_is_assumed_is_noted() -> None:
    network = declared({**DIMENSIONS, **EMBEDDINGS, "fused_qkv": {"not_disclosed": "Unknown."}})
    assert set(network.assumed) == {"pooler", "fused_qkv"}
    assert {matrix.name.rsplit(".", 1)[1] for matrix in network.analog} >= {"query", "key", "value"}


def test_a_pooler_that_does_not_apply_is_an_answer() -> None:
    network = declared({**DIMENSIONS, **EMBEDDINGS, "pooler": {"not_applicable": "None."}, "fused_qkv": True})
    assert network.assumed == {}
    assert {matrix.name.rsplit(".", 1)[1] for matrix in network.analog} >= {"qkv"}


@pytest.mark.parametrize("absent", [None, "section"])
def test_no_declaration_is_an_error_that_says_where_one_would_go(absent: str | None) -> None:
    with pytest.raises(WorkloadError) as raised:
        declared_network(None, 32) if absent is None else declared(None)
    assert raised.value.place == "model_architecture.transformer_encoder"
    assert "layers, hidden_size, heads, intermediate_size" in raised.value.help


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"heads": 7}, "heads"),
        ({"layers": 10**15}, "layers"),
        ({"hidden_size": {"not_disclosed": "Secret."}}, "hidden_size"),
        ({"positions": 16}, "positions"),
    ],
)
def test_what_can_not_be_is_refused_at_its_place(change: dict[str, Any], path: str) -> None:
    with pytest.raises(WorkloadError) as raised:
        declared({**DIMENSIONS, **EMBEDDINGS, **change})
    assert raised.value.place == f"model_architecture.transformer_encoder.{path}"
    assert raised.value.diagnostics().startswith(f"{raised.value.place}: ")


def test_the_longest_sequence_is_as_long_as_there_are_positions() -> None:
    assert declared({**DIMENSIONS, **EMBEDDINGS}, 512).static[0].calls == 512
    with pytest.raises(WorkloadError, match="513 tokens"):
        declared({**DIMENSIONS, **EMBEDDINGS}, 513)
