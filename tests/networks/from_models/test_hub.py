"""Configs of the Hub: all inputs of a model, sizes with their origin, and configs of other libraries."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import torch
from stored_files import floats, write

from factsheet.errors import WorkloadError
from factsheet.networks.counting import work_of
from factsheet.networks.family import Run
from factsheet.networks.from_models import huggingface
from factsheet.networks.operators import StaticMatmul
from factsheet.recompute.network_source import open_source, source_kind

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.networks.operators import Network

LLAMA = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "vocab_size": 500,
}
QWEN = {**LLAMA, "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e4}}
SIGHT = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 28,
    "patch_size": 7,
}
GEMMA = {**LLAMA, "model_type": "gemma3_text", "sliding_window": 16}
WHISPER = {
    "d_model": 32,
    "num_mel_bins": 80,
    "encoder_layers": 2,
    "encoder_attention_heads": 4,
    "encoder_ffn_dim": 48,
}

# Each with the tokens that an image of 28 x 28 pixels (4 x 4 patches), or 30 s of sound, makes among those of the text.
MULTIMODAL: dict[str, tuple[dict[str, object], int]] = {
    "llava": (
        {
            "model_type": "llava",
            "architectures": ["LlavaForConditionalGeneration"],
            "text_config": LLAMA,
            "vision_config": {**SIGHT, "model_type": "clip_vision_model", "projection_dim": 16},
            "image_token_index": 499,
        },
        16,
    ),
    "qwen2-vl": (
        {
            "model_type": "qwen2_vl",
            "architectures": ["Qwen2VLForConditionalGeneration"],
            "text_config": {**QWEN, "model_type": "qwen2_vl_text"},
            "vision_config": {
                "depth": 2,
                "embed_dim": 32,
                "hidden_size": 64,
                "num_heads": 4,
                "patch_size": 7,
            },
        },
        256,  # 224 x 224, which is assumed: 32 x 32 patches, of which 2 x 2 make a token
    ),
    "qwen2.5-vl": (
        {
            "model_type": "qwen2_5_vl",
            "architectures": ["Qwen2_5_VLForConditionalGeneration"],
            "text_config": {**QWEN, "model_type": "qwen2_5_vl_text"},
            "vision_config": {
                "depth": 2,
                "hidden_size": 32,
                "intermediate_size": 48,
                "num_heads": 4,
                "patch_size": 14,
                "out_hidden_size": 64,
                "fullatt_block_indexes": [1],
            },
        },
        64,
    ),
    "gemma3": (
        {
            "model_type": "gemma3",
            "architectures": ["Gemma3ForConditionalGeneration"],
            "text_config": GEMMA,
            "vision_config": {**SIGHT, "model_type": "siglip_vision_model"},
            "mm_tokens_per_image": 4,
        },
        4,
    ),
    "paligemma": (
        {
            "model_type": "paligemma",
            "architectures": ["PaliGemmaForConditionalGeneration"],
            "text_config": {**LLAMA, "model_type": "gemma"},
            "vision_config": {**SIGHT, "model_type": "siglip_vision_model", "projection_dim": 64},
            "projection_dim": 64,
        },
        16,
    ),
    "blip-2": (
        {
            "model_type": "blip-2",
            "architectures": ["Blip2ForConditionalGeneration"],
            "text_config": {
                "model_type": "opt",
                "hidden_size": 64,
                "ffn_dim": 96,
                "num_hidden_layers": 2,
                "vocab_size": 500,
                "num_attention_heads": 4,
                "word_embed_proj_dim": 64,
            },
            "vision_config": {**SIGHT, "model_type": "blip_2_vision_model"},
            "qformer_config": {
                "hidden_size": 32,
                "num_hidden_layers": 2,
                "num_attention_heads": 4,
                "intermediate_size": 48,
                "encoder_hidden_size": 32,
                "vocab_size": 500,
            },
            "num_query_tokens": 8,
        },
        8,
    ),
    "idefics3": (
        {
            "model_type": "idefics3",
            "architectures": ["Idefics3ForConditionalGeneration"],
            "text_config": LLAMA,
            "vision_config": {**SIGHT, "model_type": "idefics3_vision"},
            "scale_factor": 2,
        },
        4,
    ),
    "qwen2-audio": (
        {
            "model_type": "qwen2_audio",
            "architectures": ["Qwen2AudioForConditionalGeneration"],
            "text_config": {**LLAMA, "model_type": "qwen2"},
            "audio_config": {**WHISPER, "model_type": "qwen2_audio_encoder"},
        },
        750,  # 3,000 frames, halved by a convolution and by a pooling
    ),
}
SIDE_BY_SIDE: dict[str, dict[str, object]] = {
    "clip": {
        "model_type": "clip",
        "architectures": ["CLIPModel"],
        "text_config": {
            "hidden_size": 32,
            "intermediate_size": 48,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
        },
        "vision_config": SIGHT,
    },
    "siglip": {
        "model_type": "siglip",
        "architectures": ["SiglipModel"],
        "text_config": {
            "hidden_size": 32,
            "intermediate_size": 48,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
        },
        "vision_config": SIGHT,
    },
    "vilt": {
        "model_type": "vilt",
        "architectures": ["ViltModel"],
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": 28,
        "patch_size": 7,
        "vocab_size": 500,
    },
}


def read(folder: Path, values: object, run: Run | None = None, name: str = "config.json") -> Network:
    (folder / name).write_text(json.dumps(values), "utf-8")
    return huggingface.read(folder / name, run or Run(12))


def sizes(network: Network) -> dict[str, tuple[str, str]]:
    return {size.name: (size.value, size.origin) for size in network.sizes}


def parameters(values: dict[str, object]) -> dict[str, int]:
    """Every parameter of the model, by its name, as torch has them."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import transformers

    config = transformers.CONFIG_MAPPING[values["model_type"]].from_dict(values)
    with torch.device("meta"):
        model = getattr(transformers, values["architectures"][0])(config)  # type: ignore[index]
    return {name: parameter.numel() for name, parameter in model.named_parameters()}


@pytest.mark.parametrize("name", MULTIMODAL)
def test_every_tower_is_run(name: str, tmp_path: Path) -> None:
    values, among = MULTIMODAL[name]
    network = read(tmp_path, values, Run(1000, asked=frozenset({"seq_len"})))
    stored = parameters(values)
    assert network.parameters == sum(stored.values())
    assert not network.unknown
    used = {matrix.storage for matrix in network.static}
    towers = [
        parameter.removesuffix(".weight")
        for parameter in stored
        if parameter.endswith(("proj.weight", "qkv.weight"))
        and any(part in parameter for part in ("vision", "visual", "audio"))
    ]
    assert towers
    assert not [tower for tower in towers if tower not in used]
    assert sizes(network)["sequence length"] == ("1,000", "asked")
    short = read(tmp_path, values)
    assert sizes(short)["sequence length"] == (f"{among + 12 if among >= 12 else 12}", "assumed")


@pytest.mark.parametrize("name", SIDE_BY_SIDE)
def test_text_and_image_side_by_side(name: str, tmp_path: Path) -> None:
    values = SIDE_BY_SIDE[name]
    network = read(tmp_path, values)
    assert network.parameters == sum(parameters(values).values())
    assert sizes(network)["image"] == ("28 x 28", "fixed in the file")
    assert sizes(network)["sequence length"] == ("12", "assumed")


def test_the_work_of_a_tower_is_that_of_its_patches(tmp_path: Path) -> None:
    """LLaVA: 16 patches and one more vector, of 3 x 7 x 7 numbers each, in two layers; the projector meets 16."""
    network = read(tmp_path, MULTIMODAL["llava"][0])
    seen = [m for m in network.static if "vision_tower" in m.name]
    layer = 17 * (4 * 32 * 32 + 2 * 32 * 48)
    assert sum(m.macs for m in seen) in (
        16 * 3 * 49 * 32 + layer,
        16 * 3 * 49 * 32 + 2 * layer,
    )  # features of the last but one
    projector = [m for m in network.static if "projector" in m.name]
    assert sum(m.macs for m in projector) == 16 * (32 * 64 + 64 * 64)


def test_patches_of_an_image_that_is_not_square(tmp_path: Path) -> None:
    run = Run(100, image_size=(28, 56), asked=frozenset({"image_size"}))
    network = read(tmp_path, MULTIMODAL["qwen2-vl"][0], run)
    assert sizes(network)["image"] == ("28 x 56", "asked")
    calls = {m.name: m.calls for m in network.static}
    assert calls["model.visual.blocks.0.attn.qkv"] == 4 * 8


def test_an_image_that_patches_do_not_fill_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="not made of patches of 14 x 14"):
        read(
            tmp_path,
            MULTIMODAL["qwen2-vl"][0],
            Run(100, image_size=(30, 56), asked=frozenset({"image_size"})),
        )


def test_a_vision_transformer_at_another_size(tmp_path: Path) -> None:
    vit = {**SIGHT, "model_type": "vit", "architectures": ["ViTModel"]}
    network = read(tmp_path, vit, Run(1, image_size=(28, 56), asked=frozenset({"image_size"})))
    assert {m.calls for m in network.static if "query" in m.name or "q_proj" in m.name} == {4 * 8 + 1}


def test_as_many_samples_as_were_asked_for(tmp_path: Path) -> None:
    """wav2vec2-base's convolutions (Baevski et al. 2020, section 4.2): kernels 10, 3 x 4, 2 x 2, strides 5 and 2."""
    wave = {"model_type": "wav2vec2", "architectures": ["Wav2Vec2ForCTC"], "num_hidden_layers": 1}
    network = read(tmp_path, wave, Run(32_000, asked=frozenset({"seq_len"})))
    frames = 32_000
    for kernel, stride in ((10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2)):
        frames = (frames - kernel) // stride + 1
    assert sizes(network) == {"samples": ("32,000", "asked")}
    assert {m.calls for m in network.static if "q_proj" in m.name} == {frames}
    assert sizes(read(tmp_path, wave)) == {"samples": ("16,000", "assumed")}


@pytest.mark.parametrize(
    ("values", "most"),
    [
        ({"model_type": "gpt2", "architectures": ["GPT2Model"], "n_layer": 1, "n_positions": 64}, 64),
        ({"model_type": "bert", "architectures": ["BertModel"], "num_hidden_layers": 1}, 512),
        # two rows are for padding, and for what comes before it
        ({"model_type": "roberta", "architectures": ["RobertaModel"], "num_hidden_layers": 1}, 510),
        (
            {
                "model_type": "opt",
                "architectures": ["OPTModel"],
                "num_hidden_layers": 1,
                "max_position_embeddings": 64,
            },
            64,
        ),
        (
            {"model_type": "bart", "architectures": ["BartModel"], "encoder_layers": 1, "decoder_layers": 1},
            1024,
        ),
    ],
)
def test_no_more_tokens_than_positions(values: dict[str, object], most: int, tmp_path: Path) -> None:
    asked = frozenset({"seq_len"})
    assert read(tmp_path, values, Run(most, asked=asked)).sizes
    with pytest.raises(WorkloadError, match=f"longer than the model's {most:,} positions"):
        read(tmp_path, values, Run(most + 1, asked=asked))
    usual = read(tmp_path, values, Run(most + 1))
    assert sizes(usual)["sequence length"] == (f"{most:,}", "assumed")
    assert f"a sequence of {most:,} tokens is assumed, as many as the model has positions for" in usual.notes


def test_a_step_after_the_last_position_is_refused(tmp_path: Path) -> None:
    values = {"model_type": "gpt2", "architectures": ["GPT2Model"], "n_layer": 1, "n_positions": 64}
    network = read(tmp_path, values, Run(12, cache_length=63))
    assert sizes(network) == {"cached tokens": ("63", "asked")}
    assert {m.calls for m in network.static} == {1}
    for length in (64, 2000):
        with pytest.raises(WorkloadError, match="longer than the model's 64 positions"):
            read(tmp_path, values, Run(12, cache_length=length))


def test_a_step_after_an_image(tmp_path: Path) -> None:
    """LLaVA's step meets the keys of the image too, and its tower does not run again."""
    network = read(tmp_path, MULTIMODAL["llava"][0], Run(12, cache_length=40))
    assert not [m for m in network.static if "vision_tower" in m.name]
    assert {p.n for p in network.dynamic if p.name.endswith("scores")} == {41}
    with pytest.raises(WorkloadError, match="more than the 10 tokens in the cache"):
        read(tmp_path, MULTIMODAL["llava"][0], Run(12, cache_length=10))


def test_positions_that_are_worked_out_have_no_end(tmp_path: Path) -> None:
    llama = {**LLAMA, "architectures": ["LlamaModel"], "max_position_embeddings": 16}
    assert sizes(read(tmp_path, llama, Run(64, asked=frozenset({"seq_len"}))))["sequence length"] == (
        "64",
        "asked",
    )


def test_a_config_without_a_type_is_read_by_its_class(tmp_path: Path) -> None:
    """As those of 2019 are: bert-base-uncased's config.json had no `model_type` at first."""
    values = {
        "architectures": ["BertModel"],
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }
    assert read(tmp_path, values).parameters == read(tmp_path, {**values, "model_type": "bert"}).parameters


def test_params_of_mistral(tmp_path: Path) -> None:
    """Mistral-7B-v0.1's params.json; 7,241,732,096 parameters (Hugging Face's count of its safetensors)."""
    values = {
        "dim": 4096,
        "n_layers": 32,
        "head_dim": 128,
        "hidden_dim": 14336,
        "n_heads": 32,
        "n_kv_heads": 8,
        "norm_eps": 1e-05,
        "sliding_window": 4096,
        "vocab_size": 32000,
    }
    (tmp_path / "params.json").write_text(json.dumps(values), "utf-8")
    assert source_kind(str(tmp_path)) == "huggingface"
    assert open_source(str(tmp_path), Run(4)).parameters == 7_241_732_096


def test_params_of_llama(tmp_path: Path) -> None:
    """Llama-3.1-8B's params.json; 8,030,261,248 parameters (Hugging Face's count of its safetensors)."""
    values = {
        "dim": 4096,
        "n_layers": 32,
        "n_heads": 32,
        "n_kv_heads": 8,
        "vocab_size": 128256,
        "multiple_of": 1024,
        "ffn_dim_multiplier": 1.3,
        "norm_eps": 1e-05,
        "rope_theta": 500000.0,
    }
    assert read(tmp_path, values, Run(4), "params.json").parameters == 8_030_261_248


def test_the_dense_layer_of_sentence_transformers_counts(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]", "utf-8")
    (tmp_path / "2_Dense").mkdir()
    (tmp_path / "2_Dense" / "config.json").write_text(
        json.dumps({"in_features": 32, "out_features": 8}), "utf-8"
    )
    bert = {"model_type": "bert", "architectures": ["BertModel"], "num_hidden_layers": 1, "hidden_size": 32}
    network = read(tmp_path, {**bert, "num_attention_heads": 4})
    dense = network.operators[-1]
    assert isinstance(dense, StaticMatmul)
    assert (dense.rows, dense.cols, dense.calls, dense.bias) == (32, 8, 1, True)


def test_an_adapter_is_marked_as_one(tmp_path: Path) -> None:
    config = {"peft_type": "LORA", "r": 4, "base_model_name_or_path": "org/base"}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(WorkloadError, match=r"of an adapter \(LORA\) of org/base, without its weights"):
        open_source(str(tmp_path))
    pairs: dict[str, Any] = {
        "base_model.model.layers.0.q_proj.lora_A.weight": ("F32", (4, 64)),
        "base_model.model.layers.0.q_proj.lora_B.weight": ("F32", (32, 4)),
    }
    write(tmp_path / "adapter_model.safetensors", pairs)
    network = open_source(str(tmp_path))
    assert network.parameters == 4 * 64 + 32 * 4
    assert {matrix.on for matrix in network.static} == {"digital"}
    assert any("an adapter" in note and "org/base" in note for note in network.notes)


def test_a_pipeline_is_the_sum_of_its_models(tmp_path: Path) -> None:
    index = {
        "_class_name": "StableDiffusionPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["a", "b"],
    }
    (tmp_path / "model_index.json").write_text(json.dumps(index), "utf-8")
    (tmp_path / "unet").mkdir()
    (tmp_path / "vae").mkdir()
    with pytest.raises(WorkloadError, match="a pipeline of diffusers"):
        open_source(str(tmp_path))
    write(tmp_path / "unet" / "diffusion_pytorch_model.safetensors", floats(a__weight=(4, 3)))
    write(tmp_path / "vae" / "diffusion_pytorch_model.safetensors", floats(a__weight=(4, 3, 3, 3)))
    network = open_source(str(tmp_path))
    assert [m.name for m in network.static] == ["unet.a", "vae.a"]
    assert network.parameters == 12 + 108


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"_class_name": "UNet2DConditionModel", "_diffusers_version": "0.30"}, "a config of diffusers"),
        ({"architecture": "resnet50", "num_classes": 10}, "a config of timm"),
        ({"hidden_size": 768, "num_hidden_layers": 12}, "no `model_type` and no `architectures`"),
        ({"tokenizer_class": "BertTokenizer"}, "the config of a tokenizer"),
        ({"image_processor_type": "ViTImageProcessor"}, "the config of a preprocessor"),
        ({"architectures": ["NoSuchModel"]}, "no class 'NoSuchModel'"),
        ({"architectures": ["\x1b[2Jevil"]}, "no class"),
        (
            {"dim": 64, "n_layers": 2, "n_heads": 4, "vocab_size": -1},
            "`vocab_size` is -1, and it is 0 at least",
        ),
    ],
)
def test_other_configs_are_named(values: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(WorkloadError) as caught:
        read(tmp_path, values)
    text = caught.value.diagnostics()
    assert said in text
    assert "\n" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("stated", "bits", "said"),
    [
        ({"torch_dtype": "bfloat16"}, 16, "`torch_dtype` of the config"),
        ({"dtype": "float32"}, 32, "`dtype` of the config"),
        ({}, 0, ""),
    ],
)
def test_the_size_on_disk_follows_the_type_that_the_config_states(
    stated: dict[str, object], bits: int, said: str, tmp_path: Path
) -> None:
    network = read(tmp_path, {**LLAMA, "architectures": ["LlamaForCausalLM"], **stated})
    assert (network.stored_size is None) == (not bits)
    if network.stored_size is not None:
        assert network.stored_size.size == network.parameters * bits // 8
        assert network.stored_size.source == said


def test_quantised_weights_take_fewer_bits_than_the_rest(tmp_path: Path) -> None:
    """Of Llama: four projections and three matrices of the feed-forward network in each layer, and nothing else."""
    settings = {"quant_method": "gptq", "bits": 4}
    values = {
        **LLAMA,
        "architectures": ["LlamaForCausalLM"],
        "torch_dtype": "float16",
        "quantization_config": settings,
    }
    network = read(tmp_path, values)
    inner = 2 * (64 * 64 + 2 * 64 * 32 + 64 * 64 + 3 * 64 * 96)
    assert network.stored_size is not None
    assert network.stored_size.size == inner // 2 + 2 * (network.parameters - inner)
    assert "4 bits (gptq)" in network.stored_size.precision


def test_the_size_on_disk_is_that_of_the_files_where_they_are(tmp_path: Path) -> None:
    file = write(tmp_path / "model.safetensors", {"a.weight": ("F16", (64, 32))})
    network = read(tmp_path, {**LLAMA, "architectures": ["LlamaForCausalLM"]})
    assert network.stored_size is not None
    assert network.stored_size.size == file.stat().st_size


def test_files_that_are_not_those_of_the_config_are_noted(tmp_path: Path) -> None:
    write(tmp_path / "model-00001-of-00002.safetensors", floats(a__weight=(64, 32)))
    network = read(tmp_path, {**LLAMA, "architectures": ["LlamaForCausalLM"], "dtype": "float16"})
    assert any("model-00002-of-00002.safetensors is not there" in note for note in network.notes)
    assert network.stored_size is not None
    assert network.stored_size.size == 2 * network.parameters
    write(tmp_path / "model-00002-of-00002.safetensors", floats(b__weight=(64, 32)))
    network = read(tmp_path, {**LLAMA, "architectures": ["LlamaForCausalLM"]})
    assert any("hold 4,096 parameters" in note for note in network.notes)


def test_work_in_total(tmp_path: Path) -> None:
    """GPT-2's text, at a length that its positions allow, is counted as before."""
    work = work_of(
        read(tmp_path, {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": 1}, Run(8))
    )
    assert work.analog_macs == 8 * (768 * 2304 + 768 * 768 + 2 * 768 * 3072 + 768 * 50257)
