"""The network that a sheet declares under `model_architecture`, as operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factsheet.networks.declaration import Run
from factsheet.networks.errors import NotStatedError, WorkloadError
from factsheet.networks.families.encoder import EncoderShape, encoder_operators
from factsheet.networks.family_keys import FAMILIES
from factsheet.networks.operators import Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.facts.fact import Fact
    from factsheet.networks.families.encoder import TransformerEncoder

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


SECTION = "model_architecture"
IMAGES = frozenset({"vision_transformer", "convolutional"})
"""Families whose work depends on the size of an image."""
TOKENS = frozenset(
    {"transformer_encoder", "transformer_decoder", "encoder_decoder", "recurrent", "operators"}
)
"""Families whose work depends on the length of a sequence."""
CACHES = frozenset({"transformer_decoder", "encoder_decoder"})
"""Families that can run one decode step on cached keys and values."""


def declared_family(architecture: Any) -> str | None:
    """The key that the network is declared under, if there is one.

    Raises:
        WorkloadError: there are several.
    """
    given = (
        [] if architecture is None else [key for key in FAMILIES if getattr(architecture, key) is not None]
    )
    if len(given) > 1:
        listed = " and ".join(f"`{key}`" for key in given)
        raise WorkloadError(
            f"{listed} both declare a network" if len(given) == 2 else f"{listed} each declare a network",  # noqa: PLR2004  two are both
            "figures can only follow from one",
            "keep the one that is meant; what fits no family goes under `operators` as a whole",
            f"{SECTION}.{given[1]}",
        )
    return given[0] if given else None


def declared_network(architecture: Any, run: Run | int) -> Network:
    """The operators of the declared network.

    An embedding whose rows are `not_applicable` does not exist; one whose rows are left out or not disclosed
    goes into `omitted`: operators are complete without it, the number of parameters is not.

    Args:
        architecture: the sheet's section.
        run: what an inference runs on; a number is that of tokens in one sequence.

    Raises:
        WorkloadError: the section does not declare a network whose operators are known, its dimensions do not
            fit each other, a sequence is longer than the model takes, or a run asks for what the family has not.
    """
    run = Run(run) if isinstance(run, int) else run
    family = declared_family(architecture)
    if architecture is None or family is None:
        raise WorkloadError(
            "no structure is declared that operators could be derived from",
            "ops, tiles and sizes follow from the network's dimensions",
            f"declare the dimensions under `{PATH}`: layers, hidden_size, heads, intermediate_size; other networks"
            f" under {', '.join(f'`{key}`' for key in FAMILIES[1:])}",
            PATH,
        )
    _check_run(family, run)
    if architecture.transformer_encoder is not None:
        return _encoder_network(architecture.transformer_encoder, run)
    from factsheet.networks import declared_families as families  # start-up: most sheets declare an encoder

    read: dict[str, Callable[[Any, Run], Network]] = {
        "transformer_decoder": families.decoder_network,
        "encoder_decoder": families.encoder_decoder_network,
        "vision_transformer": families.vision_network,
        "convolutional": families.convolutional_network,
        "recurrent": families.recurrent_network,
        "mlp": families.perceptron_network,
        "operators": families.listed_network,
    }
    try:
        return read[family](getattr(architecture, family), run)
    except WorkloadError as error:
        path = f"{SECTION}.{family}" + (f".{error.path}" if error.path else "")
        raise type(error)(error.message, error.why, error.help, path) from None


def _check_run(family: str, run: Run) -> None:
    """Refuse what a family has not, so that no figure seems to hold at what was asked for."""
    if run.cache_length is not None and family not in CACHES:
        raise WorkloadError(
            f"`{family}` has no cache of keys and values",
            "only a decoder works one token at a time",
            "leave the cache out, or declare a decoder",
        )
    if run.image_size is not None and family not in IMAGES:
        raise WorkloadError(
            f"`{family}` takes no image",
            "a size of the image changes nothing",
            "leave the image size out",
        )


def _encoder_network(encoder: TransformerEncoder, run: Run) -> Network:
    shape, omitted, assumed = read_encoder(encoder)
    if shape.positions and run.seq_len > shape.positions:
        raise WorkloadError(
            f"a sequence of {run.seq_len:,} tokens is longer than the {shape.positions:,} positions of the model",
            "there is no position embedding for the tokens that follow",
            "shorten the sequence, or correct `positions`",
            f"{PATH}.positions",
        )
    return Network("transformer encoder", encoder_operators(shape, run.seq_len), omitted, assumed)


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
            embedding_size=_table(encoder.embedding_size) or 0,
            projection_on_tiles=_flag(encoder.projection_on_tiles) is not False,
            shared_layers=_flag(encoder.shared_layers) or False,
        )
    except WorkloadError as error:
        raise type(error)(error.message, error.why, error.help, f"{PATH}.{error.path}") from None
    omitted = tuple(
        f"{_EMBEDDINGS[field]} (`{field}` is not given)" for field in tables if tables[field] is None
    )
    assumed = {field: note for field, note in _FLAGS.items() if flags[field] is None}
    return shape, omitted, assumed


def _dimension(fact: Fact, field: str) -> int:
    if fact.whole is None:
        raise NotStatedError(
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
