"""Declarations of every family but the encoder as networks, with what is assumed where they are silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from factsheet.networks.declaration import Answers
from factsheet.networks.errors import NotStatedError, WorkloadError
from factsheet.networks.families.convolutional import ConvolutionalLayerShape, convolutional_operators
from factsheet.networks.families.decoder import DecoderShape, decoder_operators
from factsheet.networks.families.encoder_decoder import EncoderDecoderShape, encoder_decoder_operators
from factsheet.networks.families.mlp import perceptron_operators
from factsheet.networks.families.recurrent import RecurrentShape, recurrent_operators
from factsheet.networks.families.vision import VisionShape, vision_operators
from factsheet.networks.operators import DynamicMatmul, Network, StaticMatmul

if TYPE_CHECKING:
    from factsheet.networks.declaration import Run
    from factsheet.networks.families.convolutional import Convolutional, ConvolutionalLayer
    from factsheet.networks.families.decoder import TransformerDecoder
    from factsheet.networks.families.encoder_decoder import EncoderDecoder
    from factsheet.networks.families.listed import ListedOperator
    from factsheet.networks.families.mlp import Mlp
    from factsheet.networks.families.recurrent import Cell, Recurrent
    from factsheet.networks.families.vision import VisionTransformer
    from factsheet.networks.operators import Operator
    from factsheet.networks.transformer import Biases, Norm

_QKV = "it is not stated whether query, key and value are one matrix; they are counted as three"
_GATED = "it is not stated whether the feed-forward block is gated; it is counted without a gate"
_FULL = "causal attention is counted in full, as if every token met all tokens; most kernels compute it so"
_LEARNED = "it is not stated how positions enter; no stored positions and no rotation are counted"


def decoder_network(declared: TransformerDecoder, run: Run) -> Network:
    """A transformer decoder.

    Raises:
        WorkloadError: a dimension has no value, dimensions do not fit each other, or a sequence is too long.
    """
    known = Answers(declared)
    encoding = known.choice("position_encoding", "none", _LEARNED)
    positions = known.table("positions", "the position embedding") if encoding == "learned" else 0
    limit = known.number("positions")
    experts = known.number("experts")
    if experts == 1:
        experts = 0  # one that every token goes to is no mixture
    if experts and known.number("active_experts") == 0:
        raise NotStatedError(
            "there are experts, but it is not stated how many of them a token goes to",
            "all experts are stored, and only the active ones work",
            "give `active_experts`; Mixtral has 2 of 8",
            "active_experts",
        )
    vocabulary = known.table("vocabulary", "the token embedding and the output layer")
    note = (
        "it is not stated whether the output layer uses the embedding's weights; it is counted with its own"
    )
    tied = known.flag("tied_head", note if vocabulary else "")
    note = "the output layer is counted on every position"
    last = known.choice("head_positions", "every", note if run.tokens > 1 else "") == "last"
    shape = DecoderShape(
        layers=known.dimension("layers"),
        hidden_size=known.dimension("hidden_size"),
        heads=known.dimension("heads"),
        intermediate_size=known.dimension("intermediate_size"),
        kv_heads=known.number(
            "kv_heads", 0, "no key and value heads are stated; as many as query heads are counted"
        ),
        head_dim=known.number("head_dim"),
        gated_mlp=known.flag("gated_mlp", _GATED),
        vocabulary=vocabulary,
        tied_head=tied,
        last_only=last,
        experts=experts,
        active_experts=known.number("active_experts") if experts else 0,
        normalisation=_norm(known),
        rotary=encoding == "rotary",
        positions=positions,
        biases=_biases(known),
        fused_qkv=known.flag("fused_qkv", _QKV),
    )
    _check_length(run.length, limit)
    if experts:
        known.assumed["routing"] = (
            "each expert is counted with an equal share of the tokens, in uses and reuse"
        )
    if run.tokens > 1:
        known.assumed["attention"] = _FULL
    return _network("transformer decoder", decoder_operators(shape, run), known)


def encoder_decoder_network(declared: EncoderDecoder, run: Run) -> Network:
    """A transformer with an encoder and a decoder.

    Raises:
        WorkloadError: a dimension has no value, dimensions do not fit each other, or a sequence is too long.
    """
    known = Answers(declared)
    positions = known.table("positions", "the position embeddings")
    target = known.number(
        "target_length", run.seq_len, "the decoder is counted with as many tokens as the encoder"
    )
    shape = EncoderDecoderShape(
        encoder_layers=known.dimension("encoder_layers"),
        decoder_layers=known.dimension("decoder_layers"),
        hidden_size=known.dimension("hidden_size"),
        heads=known.dimension("heads"),
        intermediate_size=known.dimension("intermediate_size"),
        head_dim=known.number("head_dim"),
        gated_mlp=known.flag("gated_mlp", _GATED),
        vocabulary=known.table("vocabulary", "the token embedding and the output layer"),
        tied_head=known.flag(
            "tied_head", "the output layer is counted with the embedding's weights", default=True
        ),
        normalisation=_norm(known),
        final_norm=known.flag(
            "final_norm", "no normalisation is counted after the last block of either side"
        ),
        embedding_norm=known.flag("embedding_norm"),
        positions=positions,
        relative_buckets=known.number("relative_buckets"),
        biases=_biases(known),
    )
    _check_length(max(run.seq_len, target, run.cache_length or 0), positions)
    known.assumed["attention"] = _FULL
    return _network("encoder-decoder", encoder_decoder_operators(shape, run, target), known)


def vision_network(declared: VisionTransformer, run: Run) -> Network:
    """A vision transformer.

    Raises:
        WorkloadError: a dimension has no value, or the dimensions do not fit each other.
    """
    known = Answers(declared)
    shape = VisionShape(
        image_size=run.image_size or known.pair("image_size"),
        patch_size=known.pair("patch_size"),
        layers=known.dimension("layers"),
        hidden_size=known.dimension("hidden_size"),
        heads=known.dimension("heads"),
        intermediate_size=known.dimension("intermediate_size"),
        channels=known.number("channels", 3, "three channels are counted"),
        classes=known.table("classes", "the classification head"),
        class_token=known.flag("class_token", "a class token is counted", default=True),
        fused_qkv=known.flag("fused_qkv", _QKV),
    )
    return _network("vision transformer", vision_operators(shape), known)


def convolutional_network(declared: Convolutional, run: Run) -> Network:
    """A convolutional network.

    Raises:
        WorkloadError: the size of the input has no value, or a layer does not fit the one that it takes.
    """
    known = Answers(declared)
    channels = known.number("channels", 3, "three channels of the input are counted")
    size = run.image_size or known.pair("image_size")
    layers = [_layer(layer) for layer in declared.layers]
    return _network("convolutional network", convolutional_operators(layers, channels, size), known)


def _layer(layer: ConvolutionalLayer) -> ConvolutionalLayerShape:
    return ConvolutionalLayerShape(
        layer.kind,
        layer.channels or 0,
        layer.kernel or (1, 1),
        layer.stride,
        layer.padding or (0, 0),
        layer.output_padding or (0, 0),
        layer.dilation or (1, 1),
        layer.groups or 1,
        layer.bias or False,
        layer.normalisation == "batch_norm",
        layer.activation or False,
        layer.name or "",
        layer.input or "",
        layer.adds or "",
    )


def recurrent_network(declared: Recurrent, run: Run) -> Network:
    """A recurrent network.

    Raises:
        WorkloadError: a dimension has no value.
    """
    known = Answers(declared)
    note = "the output layer is counted once, after the last step"
    outputs = known.number("outputs")
    shape = RecurrentShape(
        cell=cast("Cell", known.choice("cell", "lstm", "the cell is counted as an LSTM")),
        input_size=known.dimension("input_size"),
        hidden_size=known.dimension("hidden_size"),
        layers=known.dimension("layers"),
        bidirectional=known.flag("bidirectional", "one direction is counted"),
        vocabulary=known.number("vocabulary"),
        outputs=outputs,
        every_step=known.choice("output_positions", "last", note) == "every" if outputs else False,
    )
    return _network("recurrent network", recurrent_operators(shape, run.seq_len), known)


def perceptron_network(declared: Mlp, _run: Run) -> Network:
    """A multilayer perceptron.

    Raises:
        WorkloadError: the widths have no value, or there is only one.
    """
    known = Answers(declared)
    biases = known.flag("biases", "every layer is counted with a bias", default=True)
    return _network(
        "multilayer perceptron", perceptron_operators(known.wholes("sizes"), biases=biases), known
    )


def listed_network(declared: tuple[ListedOperator, ...], run: Run) -> Network:
    """A list of operators.

    Raises:
        WorkloadError: two bear the same name, or operators that share weights differ in shape.
    """
    note = "only the listed operators are counted: normalisation and the like are not among them"
    return Network("listed operators", tuple(_listed(one, run) for one in declared), (), {"operators": note})


def _listed(one: ListedOperator, run: Run) -> Operator:
    calls = (one.calls or 1) * (run.seq_len if one.each == "token" else 1)
    block = one.name.rpartition(".")[0] or one.name
    matrices = one.matrices or 1
    if one.does == "product":
        return DynamicMatmul(one.name, block, matrices, calls, one.rows, one.cols)
    active = one.active or 0
    if active > matrices:
        raise WorkloadError(
            f"{one.name}: {active} matrices are active of {matrices}",
            "an input can not meet more matrices than there are",
            "correct `active` or `matrices`",
        )
    return StaticMatmul(
        one.name,
        block,
        one.rows,
        one.cols,
        calls,
        one.bias or False,
        one.side or "analog",
        one.stored_as or "",
        matrices,
        active,
        "experts" if active else "linear",
    )


def _norm(known: Answers) -> Norm:
    note = "it is not stated which normalisation there is; layer normalisation is counted"
    return cast("Norm", known.choice("normalisation", "layer_norm", note))


def _biases(known: Answers) -> Biases:
    note = "it is not stated where biases are; none are counted"
    return cast("Biases", known.choice("biases", "none", note))


def _check_length(length: int, positions: int) -> None:
    if positions and length > positions:
        raise WorkloadError(
            f"a sequence of {length:,} tokens is longer than the {positions:,} positions of the model",
            "it does not take tokens beyond them",
            "shorten the sequence or the cache, or correct `positions`",
            "positions",
        )


def _network(name: str, operators: tuple[Operator, ...], known: Answers) -> Network:
    assumed = {field: note for field, note in known.assumed.items() if note}
    return Network(name, operators, tuple(known.omitted), assumed)
