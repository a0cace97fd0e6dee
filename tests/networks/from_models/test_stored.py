"""Weights as they are stored: packed, quantised, beside buffers, in shards, twice over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from stored_files import Stored, floats, write

from factsheet.errors import WorkloadError
from factsheet.networks.from_models import safetensors_header
from factsheet.networks.operators import Lookup, Network, StaticMatmul
from factsheet.recompute.network_source import open_source, source_kind

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, tensors: dict[str, Stored], **config: object) -> Network:
    if config:
        (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return safetensors_header.read(write(folder / "m.safetensors", tensors))


def matrices(network: Network) -> list[tuple[str, int, int, int]]:
    return [(m.name, m.matrices, m.rows, m.cols) for m in network.static]


def state(*shape: int) -> Stored:
    """The state that bitsandbytes packs beside a matrix of 4 bits: JSON as bytes (`pack_dict_to_tensor`)."""
    text = json.dumps({"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": shape}).encode()
    return "U8", (len(text),), text


def two_longs(first: int, second: int) -> Stored:
    return "I64", (2,), first.to_bytes(8, "little") + second.to_bytes(8, "little")


# Each with the shape of its one matrix: matrices, inputs, outputs. Layouts are those of the libraries' own code, for a
# matrix of 4,096 inputs and 11,008 outputs (Llama-2-7B's up_proj) unless the format is one of a kind.
PACKED: dict[str, tuple[dict[str, Stored], tuple[int, int, int]]] = {
    "GPTQ, 4 bits": (
        {
            "u.qweight": ("I32", (512, 11008)),
            "u.qzeros": ("I32", (32, 1376)),
            "u.scales": ("F16", (32, 11008)),
            "u.g_idx": ("I32", (4096,)),
        },
        (1, 4096, 11008),
    ),
    "GPTQ, 8 bits": (
        {
            "u.qweight": ("I32", (1024, 11008)),
            "u.qzeros": ("I32", (32, 2752)),
            "u.scales": ("F16", (32, 11008)),
        },
        (1, 4096, 11008),
    ),
    "GPTQ, 3 bits": (
        {
            "u.qweight": ("I32", (384, 11008)),
            "u.qzeros": ("I32", (32, 1032)),
            "u.scales": ("F16", (32, 11008)),
            "u.g_idx": ("I32", (4096,)),
        },
        (1, 4096, 11008),
    ),
    "AWQ, 4 bits": (
        {
            "u.qweight": ("I32", (4096, 1376)),
            "u.qzeros": ("I32", (32, 1376)),
            "u.scales": ("F16", (32, 11008)),
        },
        (1, 4096, 11008),
    ),
    "EXL2": (
        {
            "u.q_weight": ("I32", (600, 11008)),
            "u.q_invperm": ("I32", (4096,)),
            "u.q_scale": ("I32", (32, 1376)),
            "u.q_scale_max": ("F16", (32,)),
            "u.q_groups": ("I32", (64,)),
        },
        (1, 4096, 11008),
    ),
    "bitsandbytes, 4 bits": (
        {
            "u.weight": ("U8", (22544384, 1)),
            "u.weight.absmax": ("F32", (704512,)),
            "u.weight.quant_map": ("F32", (16,)),
            "u.weight.quant_state.bitsandbytes__nf4": state(11008, 4096),
        },
        (1, 4096, 11008),
    ),
    "compressed-tensors, 4 bits": (
        {
            "u.weight_packed": ("I32", (11008, 512)),
            "u.weight_scale": ("F16", (11008, 32)),
            "u.weight_shape": two_longs(11008, 4096),
        },
        (1, 4096, 11008),
    ),
    "4 bits in bytes, with scales": (
        {
            "u.weight": ("U8", (11008, 2048)),
            "u.weight_scale": ("F8_E4M3", (11008, 256)),
            "u.weight_scale_2": ("F32", ()),
            "u.input_scale": ("F32", ()),
        },
        (1, 4096, 11008),
    ),
    # gpt-oss-20b: 32 experts of 2,880 inputs, gate and up together 5,760 outputs, in blocks of 32
    "MXFP4, 4 bits": (
        {
            "experts.gate_up_proj_blocks": ("U8", (32, 5760, 90, 16)),
            "experts.gate_up_proj_scales": ("U8", (32, 5760, 90)),
        },
        (32, 2880, 5760),
    ),
    "MLX, 4 bits": (
        {
            "u.weight": ("U32", (11008, 512)),
            "u.scales": ("F16", (11008, 64)),
            "u.biases": ("F16", (11008, 64)),
        },
        (1, 4096, 11008),
    ),
    # one code book of 65,536 words of 8 weights
    "AQLM": (
        {
            "u.codes": ("I32", (11008, 512, 1)),
            "u.codebooks": ("F16", (1, 65536, 1, 8)),
            "u.scales": ("F16", (11008, 1, 1, 1)),
        },
        (1, 4096, 11008),
    ),
    # transformers' pack_weights: four ternary weights of outputs a quarter of the matrix apart, in a byte
    "BitNet, ternary": (
        {"u.weight": ("U8", (2752, 4096)), "u.weight_scale": ("BF16", (1,))},
        (1, 4096, 11008),
    ),
    "HQQ, 4 bits": (
        {
            "u.W_q": ("U8", (352256, 64)),
            "u.scale": ("F16", (704512, 1)),
            "u.zero": ("F16", (704512, 1)),
            "u.shape": two_longs(11008, 4096),
            "u.nbits": ("I64", (), (4).to_bytes(8, "little")),
            "u.group_size": ("I64", (), (64).to_bytes(8, "little")),
        },
        (1, 4096, 11008),
    ),
    # IST-DASLab/marlin: B is [inputs / 16, outputs * 16 / 8] words
    "Marlin, 4 bits": (
        {
            "u.B": ("I32", (256, 22016)),
            "u.s": ("F16", (32, 11008)),
            "u.workspace": ("I32", (1376,)),
        },
        (1, 4096, 11008),
    ),
    # groups of 128 in the rows of a matrix whose bytes hold the first and the second half of the groups
    "quanto, 4 bits": (
        {
            "u.weight._data._data": ("U8", (64, 352256)),
            "u.weight._scale": ("F16", (352256, 1)),
            "u.weight._shift": ("F16", (352256, 1)),
        },
        (1, 4096, 11008),
    ),
    "quanto, 2 bits": (
        {
            "u.weight._data._data": ("U8", (32, 352256)),
            "u.weight._scale": ("F16", (352256, 1)),
            "u.weight._shift": ("F16", (352256, 1)),
        },
        (1, 4096, 11008),
    ),
    "quanto, 8 bits": (
        {"u.weight._data": ("I8", (11008, 4096)), "u.weight._scale": ("F16", (11008, 1))},
        (1, 4096, 11008),
    ),
}


@pytest.mark.parametrize("name", PACKED)
def test_packed_weights_are_counted_as_what_they_stand_for(name: str, tmp_path: Path) -> None:
    tensors, shape = PACKED[name]
    network = read(tmp_path, {**tensors, "norm.weight": ("F16", (4096,))})
    assert [(m.matrices, m.rows, m.cols) for m in network.static] == [shape]
    weights = shape[0] * shape[1] * shape[2]
    assert (network.analog_weights, network.parameters) == (weights, weights + 4096)
    assert network.unknown == ()
    assert any(f"({name})" in note for note in network.notes)


@pytest.mark.parametrize(
    "tensors",
    [
        {
            "u.weight": ("I8", (96, 64)),
            "u.SCB": ("F32", (96,)),
            "u.weight_format": ("U8", ()),
        },  # bitsandbytes, 8 bits
        {"u.weight": ("F8_E4M3", (96, 64)), "u.weight_scale_inv": ("F32", (1, 1))},  # DeepSeek-V3
        {"u.weight": ("F8_E4M3", (96, 64)), "u.weight_scale": ("F32", ()), "u.input_scale": ("F32", ())},
        {"u.weight": ("I8", (96, 64)), "u.scale": ("F32", (96, 1)), "u.zero_point": ("I8", (96, 1))},
    ],
)
def test_scales_beside_weights_of_eight_bits_are_no_parameters(
    tensors: dict[str, Stored], tmp_path: Path
) -> None:
    network = read(tmp_path, {**tensors, "u.bias": ("F32", (96,))})
    assert matrices(network) == [("u", 1, 64, 96)]
    assert network.parameters == 96 * 64 + 96


def test_bitsandbytes_without_its_state_says_which_shape_is_taken(tmp_path: Path) -> None:
    tensors: dict[str, Stored] = {
        "u.weight": ("U8", (32 * 96, 1)),
        "u.weight.absmax": ("F32", (96,)),
        "n.weight": ("F32", (64,)),
    }
    network = read(tmp_path, tensors)
    assert matrices(network) == [("u", 1, 64, 96)]
    assert any("64 inputs" in note for note in network.notes)


def test_a_packing_that_is_not_known_is_unknown_work(tmp_path: Path) -> None:
    network = read(tmp_path, {"u.qweight": ("I32", (8, 8)), "u.qzeros": ("I32", (8, 3))})
    assert [one.what for one in network.unknown] == ["stored::packed"]


@pytest.mark.parametrize(
    "tensors",
    [
        {"u.codes_new": ("U8", (64, 32)), "u.s": ("F16", (64,))},
        {"u.weight_quantized": ("I32", (2048,))},
        {"u.planes": ("I16", (4, 64, 32))},
    ],
)
def test_whole_numbers_in_many_axes_are_never_taken_for_masks(
    tensors: dict[str, Stored], tmp_path: Path
) -> None:
    network = read(tmp_path, {**tensors, "v.weight": ("F32", (8, 8))})
    assert [one.what for one in network.unknown] == ["stored::packed"]
    assert network.parameters_missing
    assert network.weights_missing
    assert not any("masks" in note for note in network.notes)


def test_a_pruned_matrix_is_one_matrix(tmp_path: Path) -> None:
    """As torch.nn.utils.prune stores it: the weights, and which of them are kept."""
    network = read(tmp_path, floats(l__weight_orig=(64, 64), l__weight_mask=(64, 64)))
    assert (network.parameters, network.analog_weights) == (4096, 4096)


def test_observers_of_quantisation_hold_no_parameters(tmp_path: Path) -> None:
    """Buffers of torch.ao.quantization's FakeQuantize and MinMaxObserver."""
    learned = floats(l__weight=(64, 64), l__bias=(64,))
    buffers: dict[str, Stored] = {
        "l.weight_fake_quant.scale": ("F32", (64,)),
        "l.weight_fake_quant.zero_point": ("I32", (64,)),
        "l.weight_fake_quant.activation_post_process.min_val": ("F32", (64,)),
        "l.activation_post_process.scale": ("F32", (1,)),
    }
    network = read(tmp_path, {**learned, **buffers})
    assert network.parameters == 64 * 64 + 64


@pytest.mark.parametrize("place", ["optimizer.l", "optimizer.state.0", "l"])
def test_the_state_of_an_optimizer_is_no_weight(place: str, tmp_path: Path) -> None:
    """Adam keeps two numbers of each weight (torch.optim.Adam)."""
    states: dict[str, Stored] = {
        f"{place}.exp_avg": ("F32", (64, 64)),
        f"{place}.exp_avg_sq": ("F32", (64, 64)),
    }
    network = read(tmp_path, {**floats(model__l__weight=(64, 64)), **states})
    assert (network.parameters, network.analog_weights) == (4096, 4096)
    assert any("2 tensors are the state of an optimizer" in note for note in network.notes)


@pytest.mark.parametrize("name", ["l_ema.weight", "ema.l.weight", "model_ema.l.weight"])
def test_running_means_are_said_to_be_counted(name: str, tmp_path: Path) -> None:
    network = read(tmp_path, {**floats(l__weight=(64, 64)), name: ("F32", (64, 64))})
    assert any("running means" in note and name in note for note in network.notes)


@pytest.mark.parametrize("indexed", [True, False])
def test_a_file_that_is_one_of_several_says_so(indexed: bool, tmp_path: Path) -> None:
    names = ["part_a.safetensors", "part_b.safetensors"]
    if not indexed:
        names = [f"model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    first = write(tmp_path / names[0], floats(a__weight=(4, 3)))
    write(tmp_path / names[1], floats(b__weight=(4, 3)))
    if indexed:
        index(tmp_path, a__weight=names[0], b__weight=names[1])
    network = safetensors_header.read(first)
    assert network.parameters == 12
    assert any("one of 2 files" in note for note in network.notes)
    assert not any("one of" in note for note in safetensors_header.read(tmp_path).notes)


def test_buffers_are_no_parameters(tmp_path: Path) -> None:
    """Every name is one that a layer of torch or transformers registers as a buffer."""
    learned = floats(a__weight=(64, 32), a__bias=(64,), bn__weight=(64,), bn__bias=(64,))
    buffers: dict[str, Stored] = {
        "bn.running_mean": ("F32", (64,)),
        "bn.running_var": ("F32", (64,)),
        "bn.num_batches_tracked": ("I64", ()),
        "h.0.attn.bias": ("U8", (1, 1, 128, 128)),
        "h.1.attn.bias": ("F32", (1, 1, 128, 128)),
        "h.1.attn.masked_bias": ("F32", ()),
        "h.2.attn.attention.bias": ("BOOL", (128, 128)),
        "emb.position_ids": ("I64", (1, 512)),
        "rot.inv_freq": ("F32", (32,)),
        "rot.cos_cached": ("F32", (1, 1, 128, 64)),
        "w.relative_position_index": ("I64", (49, 49)),
        "w.attn_mask": ("F32", (64, 49, 49)),
        "w.relative_coords_table": ("F32", (1, 15, 15, 2)),
        "pos_encoder.pe": ("F32", (1, 128, 32)),
    }
    network = read(tmp_path, {**learned, **buffers})
    assert network.parameters == 64 * 32 + 3 * 64
    assert matrices(network) == [("a", 1, 32, 64)]
    assert any("14 tensors are masks, statistics or indices" in note for note in network.notes)


def test_a_real_bias_beside_a_mask_stays_a_parameter(tmp_path: Path) -> None:
    network = read(tmp_path, floats(c__weight=(48, 144), c__bias=(144,), attn__bias=(1, 1, 64, 64)))
    assert matrices(network) == [("c", 1, 48, 144)]  # [inputs, outputs], as the bias shows
    assert network.parameters == 48 * 144 + 144


def test_spectral_and_weight_normalisation(tmp_path: Path) -> None:
    spectral = floats(s__weight_orig=(8, 4), s__weight_u=(8,), s__weight_v=(4,))
    weight = floats(
        n__weight_v=(16, 4, 3), n__weight_g=(16, 1, 1), p__parametrizations__weight__original0=(1, 1, 3)
    )
    more = floats(p__parametrizations__weight__original1=(16, 4, 3))
    network = read(tmp_path, {**spectral, **weight, **more})
    assert network.analog_weights == 32 + 192 + 192
    assert network.parameters == 32 + 192 + 16 + 3 + 192


# A table has no bias and is called one; what is only near one in name is a matrix.
TABLES = {
    "wte.weight": True,
    "embed_tokens.weight": True,
    "embeddings.word_embeddings.weight": True,
    "shared.weight": True,
    "tok_embeddings.weight": True,
    "block.0.layer.0.SelfAttention.relative_attention_bias.weight": True,
    "embed_out.weight": False,
    "mlp.shared_expert.up_proj.weight": False,
    "mlp.shared_experts.down_proj.weight": False,
    "time_embedding.linear_1.weight": False,
    "patch_embed.proj.weight": False,
    "bbox_embed.layers.0.weight": False,
    "lm_head.weight": False,
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_and_matrices_are_told_apart(name: str, tmp_path: Path) -> None:
    (operator,) = read(tmp_path, {name: ("F32", (80, 16))}).operators
    assert isinstance(operator, Lookup if TABLES[name] else StaticMatmul)


def test_a_layer_called_embed_that_has_a_bias_is_a_matrix(tmp_path: Path) -> None:
    network = read(tmp_path, floats(class_embed__weight=(92, 256), class_embed__bias=(92,)))
    assert matrices(network) == [("class_embed", 1, 256, 92)]


def test_what_is_added_once_is_no_matrix(tmp_path: Path) -> None:
    network = read(
        tmp_path, floats(cls_token=(1, 1, 768), pos_embed=(1, 197, 768), gamma=(1, 1, 1, 96), A_log=(64, 16))
    )
    assert network.static == ()
    assert network.parameters == 768 + 197 * 768 + 96 + 64 * 16


def index(folder: Path, **places: str) -> None:
    names = {name.replace("__", "."): file for name, file in places.items()}
    (folder / "model.safetensors.index.json").write_text(
        json.dumps({"metadata": {}, "weight_map": names}), "utf-8"
    )


@pytest.mark.parametrize("named", ["folder", "index"])
def test_an_index_names_the_shards(named: str, tmp_path: Path) -> None:
    write(tmp_path / "model-00001-of-00002.safetensors", floats(a__weight=(4, 3)))
    write(tmp_path / "model-00002-of-00002.safetensors", floats(b__weight=(5, 3)))
    index(
        tmp_path, a__weight="model-00001-of-00002.safetensors", b__weight="model-00002-of-00002.safetensors"
    )
    source = str(tmp_path if named == "folder" else tmp_path / "model.safetensors.index.json")
    assert source_kind(source) == "safetensors"
    assert open_source(source).parameters == 27


@pytest.mark.parametrize("indexed", [True, False])
def test_a_missing_shard_is_an_error(indexed: bool, tmp_path: Path) -> None:
    write(tmp_path / "model-00001-of-00003.safetensors", floats(a__weight=(4, 3)))
    write(tmp_path / "model-00003-of-00003.safetensors", floats(b__weight=(4, 3)))
    if indexed:
        index(
            tmp_path,
            a__weight="model-00001-of-00003.safetensors",
            c__weight="model-00002-of-00003.safetensors",
        )
    with pytest.raises(WorkloadError, match=r"model-00002-of-00003\.safetensors is not there"):
        safetensors_header.read(tmp_path)


def test_an_index_that_promises_more_than_its_files_hold(tmp_path: Path) -> None:
    write(tmp_path / "x.safetensors", floats(a__weight=(4, 3)))
    index(tmp_path, a__weight="x.safetensors", b__weight="x.safetensors")
    with pytest.raises(WorkloadError, match=r"'b.weight' is in it, and it is not"):
        safetensors_header.read(tmp_path)


@pytest.mark.parametrize(
    "file", ["../secret.safetensors", "/etc/passwd", "a/b.safetensors", "x\x1b[2J.safetensors"]
)
def test_an_index_cannot_name_files_elsewhere(file: str, tmp_path: Path) -> None:
    index(tmp_path, a__weight=file)
    with pytest.raises(WorkloadError, match="no file beside it") as caught:
        safetensors_header.read(tmp_path / "model.safetensors.index.json")
    assert "\x1b" not in caught.value.diagnostics()


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"weight_map": 3}', '{"weight_map": {}}', '{"weight_map": {"a": 1}}', "[" * 99999],
)
def test_a_broken_index_is_one_clear_error(content: str, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors.index.json").write_text(content, "utf-8")
    with pytest.raises(WorkloadError, match=r"index\.json"):
        safetensors_header.read(tmp_path / "model.safetensors.index.json")


@pytest.mark.parametrize(
    ("second", "tensors", "said"),
    [
        ("consolidated.safetensors", floats(layers__0__wq__weight=(4, 3)), "as many numbers"),
        ("model.fp16.safetensors", floats(a__weight=(4, 3)), "the same names once more"),
    ],
)
def test_the_same_weights_twice_count_once(
    second: str, tensors: dict[str, Stored], said: str, tmp_path: Path
) -> None:
    write(tmp_path / "model-00001-of-00001.safetensors", floats(a__weight=(4, 3)))
    write(tmp_path / second, tensors)
    network = safetensors_header.read(tmp_path)
    assert network.parameters == 12
    assert any(said in note and second in note for note in network.notes)


def test_files_with_other_tensors_all_count(tmp_path: Path) -> None:
    write(tmp_path / "text.safetensors", floats(a__weight=(4, 3)))
    write(tmp_path / "vision.safetensors", floats(b__weight=(4, 5)))
    assert safetensors_header.read(tmp_path).parameters == 32


def test_a_tied_head_that_is_stored_counts_once_where_the_config_says_so(tmp_path: Path) -> None:
    tensors = floats(embed_tokens__weight=(80, 16), lm_head__weight=(80, 16))
    assert read(tmp_path, tensors).parameters == 2 * 80 * 16
    network = read(tmp_path, tensors, tie_word_embeddings=True)
    assert network.parameters == 80 * 16
    assert any("tie_word_embeddings" in note for note in network.notes)


def test_names_cannot_move_the_cursor(tmp_path: Path) -> None:
    network = read(
        tmp_path, {"a\x1b[2J\u202e.weight": ("F32", (4, 3)), "a\x1b[2J\u202d.weight": ("F32", (4, 3))}
    )
    assert all(operator.name.isprintable() for operator in network.operators)
    assert network.parameters == 24


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 47]}, "takes 48 bytes"),
        ({"dtype": "F32", "shape": [4, 3], "data_offsets": [48, 96]}, "cut off"),
        ({"dtype": "F32", "shape": [4, 3], "data_offsets": [-48, 0]}, "no usable place"),
        ({"dtype": "F32", "shape": [4, 3], "data_offsets": [0]}, "no usable place"),
        ({"dtype": "F32", "shape": [4, 3]}, "no usable place"),
        ({"dtype": "Q99", "shape": [4, 3], "data_offsets": [0, 48]}, "the type 'Q99'"),
        ({"dtype": ["F32"], "shape": [4, 3], "data_offsets": [0, 48]}, "the type"),
        ({"dtype": "F32", "shape": [10**18, 0], "data_offsets": [0, 0]}, "no usable shape"),
    ],
)
def test_a_header_that_does_not_fit_its_file(entry: object, said: str, tmp_path: Path) -> None:
    raw = json.dumps({"a.weight": entry}).encode()
    (tmp_path / "m.safetensors").write_bytes(len(raw).to_bytes(8, "little") + raw + bytes(48))
    with pytest.raises(WorkloadError, match=said):
        safetensors_header.read(tmp_path / "m.safetensors")


def test_tensors_cannot_share_their_bytes(tmp_path: Path) -> None:
    same = {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 48]}
    raw = json.dumps({"a.weight": same, "b.weight": same}).encode()
    (tmp_path / "m.safetensors").write_bytes(len(raw).to_bytes(8, "little") + raw + bytes(48))
    with pytest.raises(WorkloadError, match="overlap"):
        safetensors_header.read(tmp_path / "m.safetensors")


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("model.gguf", b"GGUF\x03\x00\x00\x00", "GGUF"),
        ("model.pickle", b"\x80\x02}q\x00.", "never opened"),
        ("model.joblib", b"junk", "never opened"),
        ("weights.h5", b"\x89HDF\r\n\x1a\n", "Keras"),
        ("model.tflite", b"\x1c\x00\x00\x00TFL3", "TensorFlow Lite"),
        ("saved_model.pb", b"\x08\x01", "TensorFlow"),
        ("flax_model.msgpack", b"\x81", "Flax"),
        ("model.ort", b"\x18\x00\x00\x00ORTM", "onnxruntime"),
        ("README.md", b"# Model", "model card"),
    ],
)
@pytest.mark.parametrize("in_folder", [False, True])
def test_other_formats_are_named_with_what_to_give_instead(
    name: str,
    head: bytes,
    said: str,
    in_folder: bool,
    tmp_path: Path,
) -> None:
    (tmp_path / name).write_bytes(head)
    with pytest.raises(WorkloadError) as caught:
        source_kind(str(tmp_path if in_folder else tmp_path / name))
    assert said in caught.value.diagnostics()
    assert "\n" not in caught.value.diagnostics()
    assert caught.value.help
