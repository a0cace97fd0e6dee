"""Declared transformers against small models of the `transformers` library, run for real and counted by torch.

Attention is `eager`, that is, written as two matrix products: torch.utils.flop_counter gives 0 for
scaled_dot_product_attention on the CPU (pytorch#195460).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from torch.utils.flop_counter import FlopCounterMode  # noqa: E402  after the skip

from factsheet.networks.counting import work_of  # noqa: E402
from factsheet.networks.families.decoder import DecoderShape, decoder_operators  # noqa: E402
from factsheet.networks.families.encoder_decoder import EncoderDecoderShape, encoder_decoder_operators  # noqa: E402
from factsheet.networks.families.vision import VisionShape, vision_operators  # noqa: E402
from factsheet.networks.family import Run  # noqa: E402
from factsheet.networks.operators import Network  # noqa: E402

if TYPE_CHECKING:
    from torch import nn

LENGTH = 6
EAGER = {"attn_implementation": "eager"}


def macs_of(model: nn.Module, **inputs: Any) -> int:
    """MACs of one run."""
    model.eval()
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        model(**inputs)
    return int(counter.get_total_flops()) // 2


def all_macs(network: Network) -> int:
    work = work_of(network)
    return work.analog_macs + work.digital_macs + work.dynamic_macs


def parameters_of(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def llama(kv_heads: int) -> tuple[nn.Module, Network]:
    config = transformers.LlamaConfig(
        vocab_size=50, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=kv_heads, tie_word_embeddings=False, **EAGER,
    )  # fmt: skip
    shape = DecoderShape(
        2,
        24,
        4,
        40,
        kv_heads,
        gated_mlp=True,
        vocabulary=50,
        normalisation="rms_norm",
        rotary=True,
        biases="none",
    )
    return transformers.LlamaForCausalLM(config), Network("llama", decoder_operators(shape, Run(LENGTH)))


def gpt2() -> tuple[nn.Module, Network]:
    config = transformers.GPT2Config(vocab_size=50, n_positions=16, n_embd=24, n_layer=2, n_head=4, **EAGER)
    shape = DecoderShape(2, 24, 4, 96, vocabulary=50, tied_head=True, positions=16, fused_qkv=True)
    return transformers.GPT2LMHeadModel(config), Network("gpt2", decoder_operators(shape, Run(LENGTH)))


@pytest.mark.parametrize("make", [lambda: llama(4), lambda: llama(2), lambda: llama(1), gpt2])
def test_decoders_are_what_torch_counts(make: Any) -> None:
    model, network = make()
    tokens = torch.ones(1, LENGTH, dtype=torch.long)
    assert network.parameters == parameters_of(model)
    assert all_macs(network) == macs_of(model, input_ids=tokens, use_cache=False)


def test_a_decode_step_is_what_torch_counts() -> None:
    model, _ = gpt2()
    model.eval()
    with torch.inference_mode():
        cache = model(input_ids=torch.ones(1, LENGTH, dtype=torch.long)).past_key_values
    shape = DecoderShape(2, 24, 4, 96, vocabulary=50, tied_head=True, positions=16, fused_qkv=True)
    network = Network("gpt2", decoder_operators(shape, Run(1, cache_length=LENGTH)))
    step = torch.ones(1, 1, dtype=torch.long)
    assert all_macs(network) == macs_of(model, input_ids=step, past_key_values=cache)


def test_an_encoder_decoder_is_what_torch_counts() -> None:
    config = transformers.T5Config(
        vocab_size=50, d_model=24, d_kv=5, d_ff=40, num_layers=2, num_decoder_layers=3, num_heads=4,
        tie_word_embeddings=True, **EAGER,
    )  # fmt: skip
    model = transformers.T5ForConditionalGeneration(config)
    shape = EncoderDecoderShape(
        2,
        3,
        24,
        4,
        40,
        5,
        vocabulary=50,
        normalisation="rms_norm",
        final_norm=True,
        relative_buckets=32,
        biases="none",
    )
    network = Network("t5", encoder_decoder_operators(shape, Run(LENGTH), 4))
    tokens = torch.ones(1, LENGTH, dtype=torch.long)
    assert network.parameters == parameters_of(model)
    assert all_macs(network) == macs_of(
        model, input_ids=tokens, decoder_input_ids=tokens[:, :4], use_cache=False
    )


def test_a_vision_transformer_is_what_torch_counts() -> None:
    config = transformers.ViTConfig(
        hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=40, image_size=32, patch_size=8,
        num_labels=7, **EAGER,
    )  # fmt: skip
    model = transformers.ViTForImageClassification(config)
    network = Network("vit", vision_operators(VisionShape((32, 32), (8, 8), 2, 24, 4, 40, classes=7)))
    assert network.parameters == parameters_of(model)
    assert all_macs(network) == macs_of(model, pixel_values=torch.zeros(1, 3, 32, 32))
