"""Configurations of well-known architectures, as their `config.json` says, small where the size does not matter."""

from __future__ import annotations

TEXT = {"vocab_size": 500, "max_position_embeddings": 64, "hidden_size": 32, "num_hidden_layers": 2}
ENCODER = {**TEXT, "num_attention_heads": 4, "intermediate_size": 64}
DECODER = {**ENCODER, "num_key_value_heads": 2, "head_dim": 8}


def config(model_type: str, architecture: str, **values: object) -> dict[str, object]:
    return {"model_type": model_type, "architectures": [architecture], **values}


CONFIGS: dict[str, dict[str, object]] = {
    "bert": config("bert", "BertForSequenceClassification", **ENCODER),
    "roberta": config("roberta", "RobertaForMaskedLM", **ENCODER),
    "distilbert": config(
        "distilbert", "DistilBertForSequenceClassification", dim=32, n_heads=4, n_layers=2, hidden_dim=64
    ),
    "albert": config("albert", "AlbertModel", **ENCODER, embedding_size=16),
    "electra": config("electra", "ElectraForPreTraining", **ENCODER, embedding_size=16),
    "mobilebert": config("mobilebert", "MobileBertModel", vocab_size=500, num_hidden_layers=2),
    "deberta-v2": config(
        "deberta-v2",
        "DebertaV2Model",
        **ENCODER,
        relative_attention=True,
        position_buckets=16,
        pos_att_type=["p2c", "c2p"],
        share_att_key=True,
        norm_rel_ebd="layer_norm",
        position_biased_input=False,
        type_vocab_size=0,
        max_relative_positions=-1,
    ),
    "xlm-roberta": config("xlm-roberta", "XLMRobertaModel", **ENCODER),
    "modernbert": config("modernbert", "ModernBertForMaskedLM", **ENCODER, pad_token_id=0, bos_token_id=1,
                         eos_token_id=2, cls_token_id=1, sep_token_id=2),
    "gpt2": config("gpt2", "GPT2LMHeadModel", n_embd=32, n_layer=2, n_head=4, vocab_size=500),
    "opt": config("opt", "OPTForCausalLM", **ENCODER, ffn_dim=64, word_embed_proj_dim=32),
    "gpt_neox": config("gpt_neox", "GPTNeoXForCausalLM", **ENCODER),
    "gptj": config("gptj", "GPTJForCausalLM", n_embd=32, n_layer=2, n_head=4, vocab_size=500, rotary_dim=4),
    "bloom": config("bloom", "BloomForCausalLM", hidden_size=32, n_layer=2, n_head=4, vocab_size=500),
    "falcon": config("falcon", "FalconForCausalLM", **ENCODER),
    "llama": config("llama", "LlamaForCausalLM", **DECODER),
    "mistral": config("mistral", "MistralForCausalLM", **DECODER, sliding_window=16),
    "mixtral": config("mixtral", "MixtralForCausalLM", **DECODER, num_local_experts=4, num_experts_per_tok=2),
    "qwen2": config("qwen2", "Qwen2ForCausalLM", **DECODER, tie_word_embeddings=True),
    "qwen2_moe": config("qwen2_moe", "Qwen2MoeForCausalLM", **DECODER, num_experts=4, num_experts_per_tok=2,
                        moe_intermediate_size=16, shared_expert_intermediate_size=24),
    "gemma": config("gemma", "GemmaForCausalLM", **DECODER),
    "phi": config("phi", "PhiForCausalLM", **ENCODER),
    "phi3": config("phi3", "Phi3ForCausalLM", **ENCODER, pad_token_id=0),
    "deepseek_v3": config("deepseek_v3", "DeepseekV3ForCausalLM", **ENCODER, q_lora_rank=16, kv_lora_rank=8,
                          qk_rope_head_dim=4, v_head_dim=8, qk_nope_head_dim=8, n_routed_experts=4,
                          num_experts_per_tok=2, n_group=2, topk_group=1, moe_intermediate_size=16,
                          first_k_dense_replace=1),
    "t5": config("t5", "T5ForConditionalGeneration", d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4,
                 vocab_size=500, decoder_start_token_id=0),
    "bart": config("bart", "BartForConditionalGeneration", d_model=32, encoder_layers=2, decoder_layers=2,
                   encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64,
                   vocab_size=500, max_position_embeddings=64),
    "whisper": config("whisper", "WhisperForConditionalGeneration", d_model=32, encoder_layers=2,
                      decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=64,
                      decoder_ffn_dim=64, vocab_size=500, max_source_positions=50, max_target_positions=64,
                      pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1),
    "wav2vec2": config("wav2vec2", "Wav2Vec2Model", hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                       intermediate_size=64),
    "vit": config("vit", "ViTForImageClassification", **ENCODER, image_size=32, patch_size=8),
    "deit": config("deit", "DeiTForImageClassification", **ENCODER, image_size=32, patch_size=8),
    "swin": config("swin", "SwinForImageClassification", embed_dim=16, depths=[2, 2], num_heads=[2, 4],
                   image_size=64, window_size=4),
    "convnext": config("convnext", "ConvNextForImageClassification", image_size=64),
    "resnet": config("resnet", "ResNetForImageClassification"),
    "mobilenet_v2": config("mobilenet_v2", "MobileNetV2ForImageClassification"),
    "efficientnet": config("efficientnet", "EfficientNetForImageClassification", image_size=64),
    "segformer": config("segformer", "SegformerForImageClassification", image_size=64),
    "clip": config("clip", "CLIPModel",
                   text_config={**ENCODER, "eos_token_id": 2},
                   vision_config={**ENCODER, "image_size": 32, "patch_size": 8}),
    "mamba": config("mamba", "MambaForCausalLM", hidden_size=32, num_hidden_layers=2, vocab_size=500,
                    state_size=8),
    "rwkv": config("rwkv", "RwkvForCausalLM", hidden_size=32, num_hidden_layers=2, vocab_size=500,
                   attention_hidden_size=32, intermediate_size=64),
}
