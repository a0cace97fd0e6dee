"""Models built from configs, counted, and compared with torch's own counter and with published sizes."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Literal

import pytest
import torch
from configs import CONFIGS, config
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from factsheet.errors import WorkloadError
from factsheet.networks.counting import work_of
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.family import USUAL, Run
from factsheet.networks.from_models import huggingface
from factsheet.networks.from_models.hub.inputs import make_inputs
from factsheet.networks.operators import Elementwise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from factsheet.networks.operators import Network

BERT = config("bert", "BertForSequenceClassification")
LLAMA_2_7B = config(
    "llama",
    "LlamaForCausalLM",
    hidden_size=4096,
    intermediate_size=11008,
    num_hidden_layers=32,
    num_attention_heads=32,
    num_key_value_heads=32,
    vocab_size=32000,
)
MIXTRAL_8X7B = config(
    "mixtral",
    "MixtralForCausalLM",
    hidden_size=4096,
    intermediate_size=14336,
    num_hidden_layers=32,
    num_attention_heads=32,
    num_key_value_heads=8,
    vocab_size=32000,
    num_local_experts=8,
    num_experts_per_tok=2,
)
# Torch's counter has no rule for grouped products, and counts those that do not depend on the input.
GROUPED = {"mixtral", "qwen2_moe", "deepseek_v3"}
FOLDED = {"deberta-v2": 131_072}  # both projections of 2 x 16 relative positions: 2 layers x 2 x 32 x 32 x 32


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Network]:
    def from_config(
        values: dict[str, object], attention: Literal["sdpa", "eager"] | None = None, **run: object
    ) -> Network:
        (tmp_path / "config.json").write_text(json.dumps(values), "utf-8")
        return huggingface.read(tmp_path, USUAL._replace(**run), attention=attention)  # type: ignore[arg-type]

    return from_config


class AnsweredItems(TorchDispatchMode):  # type: ignore[misc]  # torch is not typed here
    """Masks read one number from a tensor, which the meta device does not have: whether sequences are packed."""

    def __torch_dispatch__(
        self,
        func: Callable[..., object],
        types: object,
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        if func is torch.ops.aten._local_scalar_dense.default:  # noqa: SLF001
            return False
        return func(*args, **(kwargs or {}))


def oracle(values: dict[str, object]) -> tuple[int, int]:
    """MACs by torch's counter, and parameters."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import transformers

    built = transformers.CONFIG_MAPPING[values["model_type"]].from_dict(values)
    architecture = str(values["architectures"][0])  # type: ignore[index]
    with torch.device("meta"):
        model = getattr(transformers, architecture)._from_config(built, dtype=torch.float32).eval()  # noqa: SLF001
        counter = FlopCounterMode(display=False)
        if values["model_type"] not in GROUPED:
            with torch.no_grad(), AnsweredItems(), counter:
                model(**make_inputs(model, Run(16)).values)
    return counter.get_total_flops() // 2, sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CONFIGS)
def test_macs_and_parameters_are_those_of_torch(name: str, read: Callable[..., Network]) -> None:
    network = read(CONFIGS[name], seq_len=16)
    macs, parameters = oracle(CONFIGS[name])
    assert network.unknown == ()
    assert network.parameters == parameters
    if name not in GROUPED:
        work = work_of(network)
        assert work.analog_macs + work.dynamic_macs == macs - FOLDED.get(name, 0)


def test_at_least_25_architectures_are_tried() -> None:
    assert len(CONFIGS) >= 25


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_bert_base_has_the_published_macs(attention: str, read: Callable[..., Network]) -> None:
    """12 layers at 32 tokens, batch 4, pooler and two labels: 1536·B·(55296·L + 385) and 18432·B·L²."""
    network = read(BERT, seq_len=32, attention=attention)
    dynamic = sum(product.macs for product in network.dynamic)
    assert 4 * dynamic == 75_497_472 == 18_432 * 4 * 32**2
    assert 4 * (dynamic + sum(matrix.macs for matrix in network.static)) == 10_949_498_880
    assert (
        network.parameters == 109_483_778
    )  # bert-base-uncased's 109,482,240 (Hugging Face) and 2 x 769 of the head


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_declared_and_traced_bert_base_agree(attention: str, read: Callable[..., Network]) -> None:
    shape = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True, classes=2)
    declared, traced = ENCODER.network(shape, 32), read(BERT, seq_len=32, attention=attention)
    assert [(m.rows, m.cols, m.calls, m.bias) for m in declared.static] == [
        (m.rows, m.cols, m.calls, m.bias) for m in traced.static
    ]
    assert [(p.count, p.m, p.k, p.n) for p in declared.dynamic] == [
        (p.count, p.m, p.k, p.n) for p in traced.dynamic
    ]
    assert work_of(declared).elements == work_of(traced).elements
    assert declared.parameters == traced.parameters


def test_albert_uses_one_set_of_weights_twelve_times(read: Callable[..., Network]) -> None:
    base = config("albert", "AlbertModel", hidden_size=768, num_attention_heads=12, intermediate_size=3072)
    network = read(base, seq_len=8)
    times = Counter(network.sharing.values())
    assert times[12] == 6  # query, key, value, output, and both of the feed-forward network
    assert network.parameters == 11_683_584  # Hugging Face's count of albert-base-v2; 12M in Lan et al. 2020


def test_gpt2_has_fused_projections_and_a_tied_head(read: Callable[..., Network]) -> None:
    network = read(config("gpt2", "GPT2LMHeadModel"), seq_len=8)
    shapes = {matrix.name: (matrix.rows, matrix.cols) for matrix in network.static}
    assert shapes["transformer.h.0.attn.c_attn"] == (768, 2304)
    assert shapes["lm_head"] == (768, 50257)
    assert {m.name: m.storage for m in network.static}["lm_head"] == "transformer.wte"
    assert network.parameters == 124_439_808  # GPT-2 small, its head tied to the table


@pytest.mark.parametrize("name", ["llama", "mistral", "mixtral"])
def test_a_rotation_takes_its_two_products_with_it(name: str, read: Callable[..., Network]) -> None:
    elements = [one for one in read(CONFIGS[name], seq_len=16).operators if isinstance(one, Elementwise)]
    assert all(one.elements > 0 for one in elements)
    # Each of 4 query and 2 key heads of 8, for 16 tokens in 2 layers; in attention nothing else is multiplied.
    assert sum(one.elements for one in elements if one.kind == "rotary") == 2 * 16 * (4 + 2) * 8
    assert not [one for one in elements if "self_attn" in one.name and one.kind == "product"]


def test_llama_2_7b_from_its_config(read: Callable[..., Network]) -> None:
    network = read(LLAMA_2_7B, seq_len=64)
    assert network.parameters == 6_738_415_616  # Hugging Face's count of meta-llama/Llama-2-7b
    tables = 32_000 * 4096
    norms = 65 * 4096
    assert sum(m.macs for m in network.static) == 64 * (6_738_415_616 - tables - norms)


def test_mixtral_programs_eight_experts_and_uses_two(read: Callable[..., Network]) -> None:
    network = read(MIXTRAL_8X7B, seq_len=5)
    assert network.parameters == 46_702_792_704  # Hugging Face's count of Mixtral-8x7B
    experts = [matrix for matrix in network.static if matrix.kind == "experts"]
    assert {(m.matrices, m.active, m.calls) for m in experts} == {(8, 2, 5)}
    assert len(experts) == 64


def test_a_decoding_step_attends_to_the_cache(read: Callable[..., Network]) -> None:
    network = read(CONFIGS["llama"], cache_length=20)
    assert {matrix.calls for matrix in network.static} == {1}
    assert [(p.count, p.m, p.k, p.n) for p in network.dynamic] == [(4, 1, 8, 21), (4, 1, 21, 8)] * 2


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("[1]", "no `model_type`"),
        ('{"_class_name": "UNet2DConditionModel", "_diffusers_version": "0.6"}', "a config of diffusers"),
        ('{"model_type": "unheard-of", "auto_map": {"AutoModel": "code.Model"}}', "never run"),
        ('{"model_type": "bert", "hidden_size": 30, "num_attention_heads": 7}', "cannot be built"),
        ('{"model_type": "bert", "hidden_size": "wide"}', "cannot be built"),
        ('{"model_type": "bert", "architectures": [7], "num_hidden_layers": "x"}', "cannot be built"),
    ],
)
def test_a_bad_config_is_one_clear_error(content: str, part: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(content, "utf-8")
    with pytest.raises(WorkloadError) as caught:
        huggingface.read(tmp_path)
    assert part in caught.value.message
    assert "\n" not in caught.value.diagnostics()


def test_a_config_of_another_class_is_never_looked_up_outside_transformers(
    read: Callable[..., Network],
) -> None:
    network = read({**CONFIGS["bert"], "architectures": ["os"]}, seq_len=4)
    assert "not in transformers" in network.assumed["architectures"]
