"""Comparisons of claims, and what rules report of them: with the values that `factsheet derive` shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.checks.engine import check_document
from factsheet.checks.settings import Settings
from factsheet.networks.declared import NetworkStructure
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.claims import Claim
from factsheet.recompute.comparisons.implied_claims import implied_claims
from factsheet.recompute.engine import recompute
from factsheet.recompute.interpretations import (
    declared,
    interpretations,
    likely_heads,
    operations,
    sizes,
    tiles,
)
from factsheet.recompute.request import Request
from factsheet.recompute.verdict import judge
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.sheet.model import SheetFields

    Make = Callable[[str], SheetFields]

HEAD = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"
BERT_BASE = """\
model_architecture:
  transformer_encoder:
    {layers: 12, hidden_size: 768, heads: 12, intermediate_size: 3072, vocabulary: 30522, positions: 512,
     token_types: 2, pooler: true}
"""
SHAPE = NetworkStructure(
    ENCODER, EncoderShape(12, 768, 12, 3072, vocabulary=30522, positions=512, token_types=2, pooler=True)
)


def found(text: str, family: str = "FS3") -> list[Diagnostic]:
    loaded = load_bytes((HEAD + text).encode(), "sheet.yaml")
    checked = check_document(loaded, "sheet.yaml", Settings(select=("FS1", family)))
    return list(checked.diagnostics)


def test_the_published_numbers_of_bert_base() -> None:
    # BertModel has 109,482,240 parameters (Hugging Face). Its 72 encoder matrices hold 12 · (4 · 768² + 2 · 768 · 3072)
    # weights; 2 operations each, for 32 tokens in 4 sequences, are the 21.74 G ops of the published sheet.
    assert sizes(SHAPE).parameters == 109_482_240
    assert sizes(SHAPE).analog_weights == 12 * (4 * 768**2 + 2 * 768 * 3072)
    assert {count.analog_ops for count in operations(SHAPE, 32, 4)} == {21_743_271_936, 21_743_271_936 // 2}
    # IBM's 3D-CiM-LLM-Inference-Simulator prints 480 tiles for it.
    assert tiles(SHAPE, 512, 512) == 480


def test_a_sequence_that_is_too_long_counts_nothing() -> None:
    assert operations(SHAPE, 512, 1)
    assert operations(SHAPE, 513, 1) == ()


def assert_agrees_with_derive(sheet: SheetFields, seq_len: int, batch: int) -> None:
    derivation = recompute(sheet, Request(seq_len=seq_len, batch=batch))
    known = declared(sheet)
    assert known is not None
    size = sizes(known.structure)
    assert (size.parameters if known.complete else None) == derivation.totals.parameters
    assert size.analog_weights == derivation.totals.analog_weights
    assert size.reuse_factor == next(f.derived for f in derivation.facts if f.name == "reuse_factor")
    counts = operations(known.structure, seq_len, batch)
    assert [(c.convention, c.digital_ops, c.total_ops) for c in counts] == [
        (total.name, total.digital_ops, total.total_ops) for total in derivation.conventions
    ]
    chosen = [count for count in counts if count.convention == derivation.convention.name]
    assert [count.analog_ops for count in chosen] == [derivation.totals.analog_ops] * len(chosen)
    if derivation.tile is not None:
        assert tiles(known.structure, derivation.tile.rows, derivation.tile.cols) == derivation.totals.tiles


@pytest.mark.parametrize(("seq_len", "batch"), [(1, 1), (32, 4), (128, 1), (512, 64), (513, 1)])
def test_the_published_sheet_is_recomputed_as_derive_does(
    bert: SheetFields, seq_len: int, batch: int
) -> None:
    assert_agrees_with_derive(bert, seq_len, batch)


ANSWERS = st.sampled_from(["true", "false", "{not_disclosed: Unknown.}", "{not_applicable: None.}", None])
ROWS = st.one_of(st.none(), st.just("{not_disclosed: Unknown.}"), st.integers(1, 60_000).map(str))


@st.composite
def encoders(draw: st.DrawFn) -> str:
    heads = draw(st.integers(1, 16))
    fields = {
        "layers": draw(st.integers(1, 6)),
        "heads": heads,
        "hidden_size": heads * draw(st.integers(1, 96)),
        "intermediate_size": draw(st.integers(1, 4096)),
        "vocabulary": draw(ROWS),
        "positions": draw(ROWS),
        "token_types": draw(ROWS),
        "pooler": draw(ANSWERS),
        "fused_qkv": draw(ANSWERS),
        "pooler_on_tiles": draw(ANSWERS),
    }
    given_ = "".join(f"    {field}: {value}\n" for field, value in fields.items() if value is not None)
    return f"model_architecture:\n  transformer_encoder:\n{given_}"


@given(
    encoder=encoders(),
    seq_len=st.integers(1, 2048),
    batch=st.integers(1, 64),
    rows=st.integers(1, 1024),
    cols=st.integers(1, 1024),
)
def test_any_encoder_is_recomputed_as_derive_does(
    make_sheet: Make, encoder: str, seq_len: int, batch: int, rows: int, cols: int
) -> None:
    tile = f"parameters: {{tile: {{rows: {rows}, cols: {cols}}}}}\n"
    assert_agrees_with_derive(make_sheet(HEAD + encoder + tile), seq_len, batch)


@given(encoder=encoders(), seq_len=st.integers(1, 512), batch=st.integers(1, 64))
def test_what_derive_says_is_never_found_fault_with(
    make_sheet: Make, encoder: str, seq_len: int, batch: int
) -> None:
    bare = (
        f"{HEAD}{encoder}parameters:\n  tile: {{rows: 256, cols: 128, devices_per_weight: 4}}\n"
        f"  operating_points:\n    - {{seq_len: {seq_len}, batch: {batch}}}\n"
    )
    derivation = recompute(make_sheet(bare))
    values = {fact.name: f'"{fact.text}"' for fact in derivation.facts if fact.text}
    sections = "".join(
        f"  {name}: {values[name]}\n"
        for name in ("parameters", "analog_weights", "reuse_factor", "tiles", "devices")
        if name in values
    )
    ops = "".join(
        f", {name}: {values[name]}" for name in ("analog_ops", "digital_ops", "total_ops") if name in values
    )
    sizes_ = "".join(
        f"  {name}: {values[name]}\n" for name in ("size_on_disk", "size_on_chip") if name in values
    )
    claimed = bare.replace(f"batch: {batch}}}", f"batch: {batch}{ops}}}").removeprefix(HEAD)
    assert found(f"{claimed}{sections}performance:\n{sizes_}") == []


COUNTS = st.one_of(
    st.integers(1, 10**12).map(str),
    st.decimals("0.01", 999, places=2).map(lambda x: f"{x} G"),
    st.decimals("0.01", 999, places=1).map(lambda x: f"approx. {x} M"),
    st.integers(1, 999).map(lambda x: f"{x} million"),
    st.integers(1, 99).map(lambda x: f"{x} k to {2 * x} k"),
    st.integers(1, 99).map(lambda x: f"up to {x} million"),
)


@given(written=COUNTS, factor=st.floats(0.9, 1.1))
def test_a_claim_allows_what_its_words_mean(written: str, factor: float) -> None:
    quantity = parse_quantity(written, "count")
    for value in (quantity.value, quantity.value * factor):
        assert judge(Claim(path=(), quantity=quantity), value).fits is quantity.meant.contains(value)


def test_a_finding_names_both_values_their_difference_and_the_command() -> None:
    (finding,) = found(
        BERT_BASE + "parameters:\n  operating_points:\n    - {seq_len: 32, batch: 4, analog_ops: 25 G ops}\n"
    )
    assert finding.rule_id == "FS302"
    for part in ("25 G ops", "21.743 G ops", "13 % less"):
        assert part in finding.message
    assert "`factsheet derive sheet.yaml --explain analog_ops --seq-len 32 --batch 4`" in finding.help


@pytest.mark.parametrize(
    ("point", "hint"),
    [
        ("batch: 1, analog_ops: 21.74 G ops", "that of a batch of 4"),
        ("batch: 4, analog_ops: 21.74 M ops", "scale word is off by 1,000"),
        ("batch: 4, counting: consistent, total_ops: 21.84 G ops", "`attention-mac-is-one-op` explains it"),
    ],
)
def test_the_help_tells_what_would_explain_the_figure(point: str, hint: str) -> None:
    (finding,) = found(f"{BERT_BASE}parameters:\n  operating_points:\n    - {{seq_len: 32, {point}}}\n")
    assert hint in finding.help


def test_figures_that_only_another_convention_explains_are_asked_for_its_name() -> None:
    # mult-adds counts every MAC once: half of the analog operations, and half of attention's.
    halves = "analog_ops: 10.87 G ops, total_ops: 10.95 G ops"
    rows = "parameters: {{operating_points: [{{seq_len: 32, batch: 4, {} {}}}]}}\n"
    (finding,) = found(BERT_BASE + rows.format(halves, ""))
    assert (finding.rule_id, finding.severity, finding.confidence) == ("FS311", "warning", "medium")
    assert "`mult-adds`, which the sheet does not state, and so does 10.95 G ops" in finding.message
    assert found(BERT_BASE + rows.format(halves, ", counting: mult-adds")) == []


def test_figures_counted_in_two_ways_contradict_each_other() -> None:
    mixed = "analog_ops: 10.87 G ops, total_ops: 21.84 G ops"
    (finding,) = found(f"{BERT_BASE}parameters: {{operating_points: [{{seq_len: 32, batch: 4, {mixed}}}]}}\n")
    assert finding.path[-1] == "analog_ops"
    assert finding.related[0].message == "counted in another way"
    assert {related.path[-1] for related in finding.related} >= {
        "total_ops",
        "seq_len",
        "batch",
        "hidden_size",
    }


def test_what_the_sheet_leaves_open_is_tried_both_ways(make_sheet: Make) -> None:
    silent = make_sheet(
        HEAD + BERT_BASE.replace(", pooler: true", ", pooler_on_tiles: {not_disclosed: Unknown.}")
    )
    known = declared(silent)
    assert known is not None
    assert known.left_open == ("pooler", "fused_qkv", "pooler_on_tiles")
    shapes = [one.structure for one in interpretations(known)]
    assert len(shapes) == len(set(shapes)) == 8
    assert shapes[0] == known.structure
    # A pooler adds 768² weights and 768 biases.
    assert {sizes(shape).parameters for shape in shapes} == {109_482_240, 109_482_240 - 768 * 769}
    # One matrix of 3 · 768 columns takes 2 · 5 tiles of 512 by 512, three take 3 · 2 · 2: 2 fewer in 12 blocks.
    digital = [one for one in shapes if isinstance(one.shape, EncoderShape) and not one.shape.pooler_on_tiles]
    assert {tiles(one, 512, 512) for one in digital} == {480, 456}


OTHERS = {
    "decoder": "transformer_decoder: {layers: 2, hidden_size: 64, heads: 4, intermediate_size: 96, vocabulary: 100}",
    "encoder-decoder": "encoder_decoder: {encoder_layers: 2, decoder_layers: 1, hidden_size: 64, heads: 4, "
    "intermediate_size: 96, vocabulary: 100}",
    "vision": "vision_transformer: {image_size: 32, patch_size: 8, layers: 2, hidden_size: 64, heads: 4, "
    "intermediate_size: 96, classes: 10}",
    "convolutional": "convolutional: {image_size: 28, channels: 1, layers: [{kind: conv, channels: 8, kernel: 3}, "
    "{kind: linear, channels: 10}]}",
    "recurrent": "recurrent: {cell: lstm, layers: 2, input_size: 16, hidden_size: 32}",
    "perceptron": "mlp: {sizes: [64, 32, 10]}",
    "listed": "operators: [{name: head.dense, rows: 600, cols: 128}]",
}


@pytest.mark.parametrize("family", OTHERS)
@pytest.mark.parametrize(("seq_len", "batch"), [(1, 1), (8, 4)])
def test_every_family_is_recomputed_as_derive_does(
    make_sheet: Make, family: str, seq_len: int, batch: int
) -> None:
    text = f"{HEAD}model_architecture: {{{OTHERS[family]}}}\nparameters: {{tile: {{rows: 64, cols: 64}}}}\n"
    assert_agrees_with_derive(make_sheet(text), seq_len, batch)


@pytest.mark.parametrize("family", OTHERS)
def test_every_family_is_held_against_its_claims(family: str) -> None:
    claims = "parameters: {tile: {rows: 64, cols: 64}, analog_weights: 7 billion, tiles: 1000000}"
    text = f"model_architecture: {{{OTHERS[family]}}}\n{claims}\n"
    assert [item.path[-1] for item in found(text)] == ["analog_weights", "tiles"]


def test_a_widening_of_embeddings_left_open_is_tried_both_ways(make_sheet: Make) -> None:
    # ALBERT-base: 12 · 768² in the layer that all share, and 128 · 768 that widen the embeddings.
    encoder = BERT_BASE.replace(
        ", pooler: true",
        ", pooler: true, fused_qkv: true, shared_layers: true, embedding_size: 128, projection_on_tiles:"
        " {not_disclosed: Unknown.}",
    )
    known = declared(make_sheet(HEAD + encoder))
    assert known is not None
    assert known.left_open == ("projection_on_tiles",)
    assert [sizes(one.structure).analog_weights for one in interpretations(known)] == [
        7_077_888 + 98_304,
        7_077_888,
    ]


def test_an_output_layer_is_sought_among_the_tasks_of_the_sheet(bert: SheetFields) -> None:
    # GLUE: STS-B is a regression, MNLI has 3 classes, the others 2.
    assert likely_heads(bert) == (1, 2, 3)


@pytest.mark.parametrize("labels", [2, 3])
def test_parameters_may_count_an_output_layer(labels: int) -> None:
    # BertForSequenceClassification: 768 weights and a bias for each label beside the encoder.
    results = (
        "performance: {results: [{name: GLUE, systems: [{id: a, name: A}], "
        "tasks: [{task: MNLI, classes: 3, scores: {a: 82 %}}]}]}\n"
    )
    count = 109_482_240 + 769 * labels
    assert found(f"{BERT_BASE}parameters: {{parameters: {count}}}\n{results}") == []
    assert [
        item.rule_id for item in found(f"{BERT_BASE}parameters: {{parameters: {count + 1}}}\n{results}")
    ] == ["FS301"]


@pytest.mark.parametrize(
    ("size", "fits"),
    [
        # Of bert-base-uncased on Hugging Face: pytorch_model.bin and model.safetensors.
        ("440473133 bytes", True),
        ("440449768 bytes", True),
        ("438 MB", True),
        ("219 MB", True),
        ("110 MB", True),
        # PyTorch's tutorial on dynamic quantisation of BERT: 438 MB become 181 MB.
        ("181 MB", True),
        ("181.4 MB", True),
        ("401 MB", False),
        ("480 MB", False),
        ("438 GB", False),
        ("438 kB", False),
    ],
)
def test_sizes_of_files_that_exist(size: str, fits: bool) -> None:
    ids = [item.rule_id for item in found(f"{BERT_BASE}performance: {{size_on_disk: {size}}}\n")]
    assert ids == ([] if fits else ["FS305"])


def test_mebibytes_written_as_megabytes_can_be_mended() -> None:
    text = BERT_BASE + 'performance: {size_on_disk: {value: "418 MB", note: As the file manager shows it.}}\n'
    (finding,) = found(text)
    assert finding.fix is not None
    assert not finding.fix.safe
    (edit,) = finding.fix.edits
    assert edit.text == "MiB"
    mended = (HEAD + text)[: edit.start] + edit.text + (HEAD + text)[edit.end :]
    assert found(mended.removeprefix(HEAD)) == []


def point(figures: str, performance: str = "") -> str:
    rest = f"performance: {{{performance}}}\n" if performance else ""
    return f"parameters:\n  operating_points:\n    - {{seq_len: 32, batch: 4, {figures}}}\n{rest}"


@pytest.mark.parametrize(
    ("figures", "performance", "at_fault"),
    [
        # 3.13 W for 0.19 ms is 0.595 mJ.
        ("power: 3.13 W, execution_time: 0.19 ms, energy: 0.6 mJ", "", None),
        ("power: 3.13 W, execution_time: 0.19 ms, energy: 0.7 mJ", "", "energy"),
        # 4 / 6589 J is 0.607 mJ.
        ("energy_efficiency: 6589 inferences/s/W, energy: 0.61 mJ", "", None),
        ("energy_efficiency: 6589 inferences/s/W, energy: 0.15 mJ", "", "energy"),
        # 4 / 0.19 ms is 21,053 a second; by the digits of the time 20,513 to 21,622.
        ("execution_time: 0.19 ms, throughput: 21.5 k inferences/s", "", None),
        ("execution_time: 0.19 ms, throughput: 5263 inferences/s", "", "throughput"),
        ("power: 3.13 W, throughput: 21 k inferences/s, energy_efficiency: 6700 inferences/s/W", "", None),
        (
            "power: 3.13 W, throughput: 21 k inferences/s, energy_efficiency: 670 inferences/s/W",
            "",
            "energy_efficiency",
        ),
        (
            "energy: 0.6 mJ",
            "energy_per_inference: {value: 0.15 mJ, at: {seq_len: 32, batch: 4}}",
            None,
        ),
        (
            "energy: 0.6 mJ",
            "energy_per_inference: {value: 0.6 mJ, at: {seq_len: 32, batch: 4}}",
            "energy_per_inference",
        ),
        # Not the same point, or not said to be.
        ("energy: 0.6 mJ", "energy_per_inference: {value: 0.6 mJ, at: {seq_len: 64, batch: 4}}", None),
        ("energy: 0.6 mJ", "energy_per_inference: {value: 0.6 mJ, at: {batch: not stated}}", None),
        ("energy: 0.6 mJ", "energy_per_inference: 0.6 mJ", None),
    ],
)
def test_figures_of_one_point_determine_each_other(
    figures: str, performance: str, at_fault: str | None
) -> None:
    assert [item.path[-1] for item in found(point(figures, performance))] == ([at_fault] if at_fault else [])


@given(
    time=st.floats(1e-9, 1e3),
    power=st.floats(1e-9, 1e6),
    batch=st.integers(1, 1000),
)
def test_exact_figures_never_contradict_each_other(
    make_sheet: Make, time: float, power: float, batch: int
) -> None:
    figures = {
        "execution_time": f"{time:.17e} s",
        "power": f"{power:.17e} W",
        "energy": f"{time * power:.12e} J",
        "throughput": f"{batch / time:.12e} inferences/s",
    }
    row = "".join(f", {name}: {text}" for name, text in figures.items())
    sheet = make_sheet(f"{HEAD}parameters: {{operating_points: [{{seq_len: 1, batch: {batch}{row}}}]}}\n")
    assert [found.name for found in implied_claims(sheet)] == ["throughput", "energy"]
    assert all(found.verdict.fits for found in implied_claims(sheet))


def test_bounds_and_zeros_end_in_no_error() -> None:
    assert (
        found(
            point(
                "power: up to 5 W, execution_time: up to 1 ms, energy: 0.6 mJ, throughput: at least 4 inferences/s"
            )
        )
        == []
    )
    zeros = "energy_efficiency: 0 inferences/s/W, energy: 0.6 mJ, execution_time: 0 s, throughput: 4 Hz"
    # They are impossible by themselves, and nothing is recomputed from them.
    assert [item.rule_id for item in found(point(zeros))] == ["FS150", "FS150"]


def test_a_structure_is_worked_out_once_for_all_sheets_that_declare_it() -> None:
    text = BERT_BASE + "parameters: {parameters: 110 million}\n"
    found(text)
    before = sizes.cache_info()
    found(text)
    after = sizes.cache_info()
    assert after.misses == before.misses
    assert after.hits > before.hits


def loaded_modules(text: str, folder: Path) -> set[str]:
    sheet = folder / "sheet.yaml"
    sheet.write_text(HEAD + text, encoding="utf-8")
    package = str(Path(__file__).parents[2])
    code = (
        "import sys\nfrom factsheet.cli.validate.validation import validate\n"
        f"validate([{str(sheet)!r}])\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": package},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


def test_nothing_is_loaded_to_recompute_where_nothing_is_claimed(tmp_path: Path) -> None:
    modules = loaded_modules(BERT_BASE, tmp_path)
    assert not [
        name for name in modules if name.startswith(("factsheet.crossbar", "factsheet.recompute.derivations"))
    ]


def test_recomputing_loads_no_derivation(tmp_path: Path) -> None:
    modules = loaded_modules(BERT_BASE + "parameters: {parameters: 110 million}\n", tmp_path)
    assert "factsheet.networks.families.encoder" in modules
    assert not [
        name for name in modules if name.startswith(("factsheet.recompute.derivations", "factsheet.crossbar"))
    ]


@given(
    encoder=encoders(),
    claim=st.integers(1, 10**15),
    seq_len=st.integers(1, 10**9),
    batch=st.integers(1, 10**9),
)
def test_no_claim_makes_a_rule_raise(encoder: str, claim: int, seq_len: int, batch: int) -> None:
    figures = ", ".join(
        f"{name}: {claim}" for name in ("parameters", "analog_weights", "reuse_factor", "tiles", "devices")
    )
    ops = ", ".join(
        f"{{value: {claim} ops, source: derived}}".join((f"{name}: ", ""))
        for name in ("total_ops", "analog_ops")
    )
    text = (
        f"{encoder}parameters: {{tile: {{rows: 1, cols: 1, devices_per_weight: 2}}, {figures}, "
        f"operating_points: [{{seq_len: {seq_len}, batch: {batch}, {ops}, energy: {claim} J, power: {claim} W, "
        f"execution_time: {claim} s}}]}}\nperformance: {{size_on_disk: {claim} B}}\n"
    )
    data = load_bytes((HEAD + text).encode(), "sheet.yaml").document
    assert data is not None
    assert read_factsheet(data.data)[1] == ()
    assert {item.rule_id[:3] for item in found(text)} <= {"FS3"}


@pytest.mark.parametrize(
    ("at", "verdicts"),
    [
        # batch / (time · power) is 4 / (0.19 ms · 3.13 W) = 6726 at 32 tokens, and 1682 at 128: a figure that does not
        # say where it holds has to fit one of them, and a figure that does has to fit there.
        (None, {0: "within_written", 1: "not_comparable"}),
        ({"seq_len": 128, "batch": 4}, {1: "differs"}),
    ],
)
def test_an_efficiency_that_fits_one_point_need_not_hold_at_another(
    at: dict[str, int] | None, verdicts: dict[int, str]
) -> None:
    efficiency = {"value": "6589 inferences/s/W", **({} if at is None else {"at": at})}
    sheet, misfits = read_factsheet(
        {
            "factsheet": 1,
            "overview": {"name": "x", "model": "BERT-base"},
            "parameters": {
                "power": "3.13 W",
                "operating_points": [
                    {"seq_len": 32, "batch": 4, "execution_time": "approx. 0.19 ms"},
                    {"seq_len": 128, "batch": 4, "execution_time": "approx. 0.76 ms"},
                ],
            },
            "performance": {"energy_efficiency": efficiency},
        }
    )
    assert sheet is not None
    assert not misfits
    found = [one for one in implied_claims(sheet) if one.name == "energy_efficiency"]
    assert {one.row: one.verdict.kind for one in found} == verdicts
