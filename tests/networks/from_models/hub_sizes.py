"""The most used architectures of the Hub, by task: what their `config.json` says, and the published parameters.

Configs are those of the named repositories, without what the type's defaults say already. The number of parameters is
the one that the named source states; most are Hugging Face's, of the safetensors files of the repository, without
buffers (such as 512 `position_ids`) and with a tied head once. They were written down as known; of them, ViT-B/16 has
been looked up again (torchvision's page of `vit_b_16`), the others not yet.
"""

from __future__ import annotations

from typing import NamedTuple

_HUB = "Hugging Face, of the model's safetensors"


class Published(NamedTuple):
    """A model with its published size."""

    repository: str
    task: str
    config: dict[str, object]
    parameters: int
    source: str
    seq_len: int = 128
    """Tokens, or samples of sound, that it is counted for."""


def _model(kind: str, architecture: str, **values: object) -> dict[str, object]:
    return {"model_type": kind, "architectures": [architecture], **values}


def _decoder(kind: str, architecture: str, sizes: tuple[int, ...], **values: object) -> dict[str, object]:
    hidden, inner, layers, heads, kv_heads, vocabulary = sizes
    return _model(
        kind,
        architecture,
        hidden_size=hidden,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        vocab_size=vocabulary,
        **values,
    )


_SIGLIP_SO400M = {
    "model_type": "siglip_vision_model",
    "hidden_size": 1152,
    "intermediate_size": 4304,
    "num_hidden_layers": 27,
    "num_attention_heads": 16,
    "patch_size": 14,
}

PUBLISHED = (
    Published("google-bert/bert-base-uncased", "text", _model("bert", "BertModel"), 109_482_240, _HUB),
    Published(
        "sentence-transformers/all-MiniLM-L6-v2",
        "text",
        _model(
            "bert",
            "BertModel",
            hidden_size=384,
            intermediate_size=1536,
            num_hidden_layers=6,
            num_attention_heads=12,
        ),
        22_713_216,
        _HUB,
    ),
    Published(
        "FacebookAI/roberta-base",
        "text",
        _model(
            "roberta", "RobertaForMaskedLM", vocab_size=50265, max_position_embeddings=514, type_vocab_size=1
        ),
        124_697_433,
        _HUB,
    ),
    Published(
        "FacebookAI/xlm-roberta-base",
        "text",
        _model(
            "xlm-roberta",
            "XLMRobertaModel",
            vocab_size=250002,
            max_position_embeddings=514,
            type_vocab_size=1,
        ),
        278_043_648,
        _HUB,
    ),
    Published(
        "distilbert/distilbert-base-uncased",
        "text",
        _model("distilbert", "DistilBertForMaskedLM"),
        66_985_530,
        _HUB,
    ),
    Published("openai-community/gpt2", "text", _model("gpt2", "GPT2LMHeadModel"), 124_439_808, _HUB),
    Published(
        "google-t5/t5-small",
        "text",
        _model("t5", "T5ForConditionalGeneration", vocab_size=32128),
        60_506_624,
        _HUB,
    ),
    Published(
        "facebook/opt-125m",
        "text",
        _model("opt", "OPTForCausalLM", vocab_size=50272, word_embed_proj_dim=768),
        125_239_296,
        _HUB,
    ),
    Published(
        "meta-llama/Llama-3.2-1B",
        "text",
        _decoder(
            "llama",
            "LlamaForCausalLM",
            (2048, 8192, 16, 32, 8, 128256),
            head_dim=64,
            tie_word_embeddings=True,
        ),
        1_235_814_400,
        _HUB,
    ),
    Published(
        "Qwen/Qwen2.5-0.5B",
        "text",
        _decoder("qwen2", "Qwen2ForCausalLM", (896, 4864, 24, 14, 2, 151936), tie_word_embeddings=True),
        494_032_768,
        _HUB,
    ),
    Published(
        "mistralai/Mistral-7B-v0.1",
        "text",
        _decoder("mistral", "MistralForCausalLM", (4096, 14336, 32, 32, 8, 32000), sliding_window=4096),
        7_241_732_096,
        _HUB,
    ),
    Published(
        "google/vit-base-patch16-224",
        "vision",
        _model("vit", "ViTForImageClassification", num_labels=1000),
        86_567_656,
        "Hugging Face, of the model's safetensors; timm's table (86.57 M)",
    ),
    Published(
        "microsoft/swin-tiny-patch4-window7-224",
        "vision",
        _model("swin", "SwinForImageClassification", num_labels=1000),
        28_288_354,
        "timm's results table (28.29 M) and torchvision's swin_t (28,288,354)",
    ),
    Published(
        "facebook/convnext-tiny-224",
        "vision",
        _model("convnext", "ConvNextForImageClassification", num_labels=1000),
        28_589_128,
        "torchvision's convnext_tiny (28,589,128)",
    ),
    Published(
        "microsoft/resnet-50",
        "vision",
        _model("resnet", "ResNetForImageClassification", num_labels=1000),
        25_557_032,
        "torchvision's resnet50 (25,557,032)",
    ),
    Published(
        "facebook/dinov2-base",
        "vision",
        _model("dinov2", "Dinov2Model", image_size=518, patch_size=14),
        86_580_480,
        _HUB,
    ),
    Published(
        "openai/whisper-tiny",
        "audio",
        _model(
            "whisper",
            "WhisperForConditionalGeneration",
            encoder_layers=4,
            decoder_layers=4,
            d_model=384,
            encoder_attention_heads=6,
            decoder_attention_heads=6,
            encoder_ffn_dim=1536,
            decoder_ffn_dim=1536,
            vocab_size=51865,
        ),
        37_760_640,
        _HUB,
    ),
    Published(
        "facebook/wav2vec2-base-960h",
        "audio",
        _model("wav2vec2", "Wav2Vec2ForCTC"),
        94_396_320,
        _HUB,
        seq_len=16_000,
    ),
    Published(
        "openai/clip-vit-base-patch32",
        "multimodal",
        _model("clip", "CLIPModel", projection_dim=512, text_config={}, vision_config={}),
        151_277_313,
        _HUB,
        seq_len=77,
    ),
    Published(
        "google/siglip-base-patch16-224",
        "multimodal",
        _model("siglip", "SiglipModel", text_config={}, vision_config={}),
        203_155_970,
        _HUB,
        seq_len=64,
    ),
    Published(
        "llava-hf/llava-1.5-7b-hf",
        "multimodal",
        _model(
            "llava",
            "LlavaForConditionalGeneration",
            image_token_index=32000,
            text_config={"model_type": "llama", "vocab_size": 32064},
            vision_config={
                "model_type": "clip_vision_model",
                "hidden_size": 1024,
                "intermediate_size": 4096,
                "num_hidden_layers": 24,
                "num_attention_heads": 16,
                "image_size": 336,
                "patch_size": 14,
                "projection_dim": 768,
            },
        ),
        7_063_427_072,
        _HUB,
        seq_len=640,
    ),
    Published(
        "Qwen/Qwen2-VL-2B-Instruct",
        "multimodal",
        _decoder(
            "qwen2_vl",
            "Qwen2VLForConditionalGeneration",
            (1536, 8960, 28, 12, 2, 151936),
            tie_word_embeddings=True,
            rope_scaling={"type": "mrope", "mrope_section": [16, 24, 24]},
            vision_config={"hidden_size": 1536},
        ),
        2_208_985_600,
        _HUB,
        seq_len=256,
    ),
    Published(
        "google/gemma-3-4b-it",
        "multimodal",
        _model(
            "gemma3",
            "Gemma3ForConditionalGeneration",
            text_config={
                "model_type": "gemma3_text",
                "hidden_size": 2560,
                "intermediate_size": 10240,
                "head_dim": 256,
                "num_hidden_layers": 34,
                "num_attention_heads": 8,
                "num_key_value_heads": 4,
                "vocab_size": 262208,
            },
            vision_config={**_SIGLIP_SO400M, "image_size": 896, "vision_use_head": False},
            mm_tokens_per_image=256,
        ),
        4_300_079_472,
        _HUB,
        seq_len=512,
    ),
    Published(
        "stable-diffusion-v1-5/stable-diffusion-v1-5 (text_encoder)",
        "diffusion",
        _model(
            "clip_text_model",
            "CLIPTextModel",
            hidden_size=768,
            intermediate_size=3072,
            num_hidden_layers=12,
            num_attention_heads=12,
            projection_dim=768,
            vocab_size=49408,
        ),
        123_060_480,
        "the text model of CLIP ViT-L/14: 427,616,513 without 303,966,208 of vision, 589,824 to project text, 1",
        seq_len=77,
    ),
    Published(
        "black-forest-labs/FLUX.1-dev (text_encoder_2)",
        "diffusion",
        _model(
            "t5",
            "T5EncoderModel",
            d_model=4096,
            d_ff=10240,
            d_kv=64,
            num_heads=64,
            num_layers=24,
            vocab_size=32128,
            feed_forward_proj="gated-gelu",
            tie_word_embeddings=False,
        ),
        4_762_310_656,
        _HUB,
    ),
)
