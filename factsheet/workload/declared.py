"""The network that a sheet declares under `model_architecture`, as operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.workload.encoder import EncoderShape, encoder_operators
from factsheet.workload.errors import WorkloadError
from factsheet.workload.operators import Network

if TYPE_CHECKING:
    from factsheet.sheet.architecture import ModelArchitecture, TransformerEncoder
    from factsheet.sheet.fact import Fact

PATH = "model_architecture.transformer_encoder"
_EMBEDDINGS = {
    "vocabulary": "the word embedding",
    "positions": "the position embedding",
    "token_types": "the segment embedding",
}
_FLAGS = {
    "pooler": "it is not stated whether there is a pooler; none is counted",
    "fused_qkv": "it is not stated whether query, key and value are one matrix; they are counted as three",
}


def declared_network(architecture: ModelArchitecture | None, seq_len: int) -> Network:
    """The operators of the declared network at a sequence length.

    An embedding whose rows are `not_applicable` does not exist; one whose rows are left out or not disclosed
    goes into `omitted`: operators are complete without it, the number of parameters is not.

    Args:
        architecture: the sheet's section.
        seq_len: tokens in one sequence.

    Raises:
        WorkloadError: the section does not declare a network whose operators are known, its dimensions do not
            fit each other, or a sequence is longer than the model takes.
    """
    encoder = None if architecture is None else architecture.transformer_encoder
    if encoder is None:
        raise WorkloadError(
            "no structure is declared that operators could be derived from",
            "ops, tiles and sizes follow from the network's dimensions",
            f"declare the dimensions under `{PATH}`: layers, hidden_size, heads, intermediate_size",
            PATH,
        )
    shape, omitted, assumed = read_encoder(encoder)
    if shape.positions and seq_len > shape.positions:
        raise WorkloadError(
            f"a sequence of {seq_len:,} tokens is longer than the {shape.positions:,} positions of the model",
            "there is no position embedding for the tokens that follow",
            "shorten the sequence, or correct `positions`",
            f"{PATH}.positions",
        )
    return Network("transformer encoder", encoder_operators(shape, seq_len), omitted, assumed)


def read_encoder(encoder: TransformerEncoder) -> tuple[EncoderShape, tuple[str, ...], dict[str, str]]:
    """Dimensions as plain numbers, what they leave open, and what was assumed, by its field.

    Raises:
        WorkloadError: a dimension that everything depends on has no value, or the dimensions do not fit each other.
    """
    tables = {field: _table(getattr(encoder, field)) for field in _EMBEDDINGS}
    flags = {field: _flag(getattr(encoder, field)) for field in ("pooler", "fused_qkv", "pooler_on_tiles")}
    try:
        shape = EncoderShape(
            layers=_dimension(encoder.layers, "layers"),
            hidden_size=_dimension(encoder.hidden_size, "hidden_size"),
            heads=_dimension(encoder.heads, "heads"),
            intermediate_size=_dimension(encoder.intermediate_size, "intermediate_size"),
            vocabulary=tables["vocabulary"] or 0,
            positions=tables["positions"] or 0,
            token_types=tables["token_types"] or 0,
            pooler=flags["pooler"] or False,
            fused_qkv=flags["fused_qkv"] or False,
            pooler_on_tiles=flags["pooler_on_tiles"] or False,
        )
    except WorkloadError as error:
        raise WorkloadError(error.message, error.why, error.help, f"{PATH}.{error.path}") from None
    omitted = tuple(
        f"{_EMBEDDINGS[field]} (`{field}` is not given)" for field in tables if tables[field] is None
    )
    assumed = {field: note for field, note in _FLAGS.items() if flags[field] is None}
    return shape, omitted, assumed


def _dimension(fact: Fact, field: str) -> int:
    if fact.whole is None:
        raise WorkloadError(
            f"`{field}` is {fact.words()}",
            "ops, tiles and sizes follow from the network's dimensions",
            "give the number, with the reference it is cited from",
            field,
        )
    return fact.whole


def _table(fact: Fact | None) -> int | None:
    """Rows of an embedding; 0 where there is none, `None` where it is not known."""
    if fact is None:
        return None
    if fact.absence is not None:
        return 0 if fact.absence.kind == "not_applicable" else None
    return fact.whole


def _flag(fact: Fact | None) -> bool | None:
    """A yes or no, `None` where it is not known; what does not apply is a no."""
    if fact is None:
        return None
    if fact.absence is not None:
        return False if fact.absence.kind == "not_applicable" else None
    return fact.flag
