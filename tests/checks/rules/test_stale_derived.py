"""Stale derived figures and their fixes: rewritten as their author wrote them, and safe only where nothing is open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.checks.engine import check_document
from factsheet.checks.fixing import apply_fixes
from factsheet.checks.rules.recomputation.stale_derived import rewritten, written_text
from factsheet.checks.settings import Settings
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.claims import Claim
from factsheet.source.loader import load_bytes

BERT_BASE = """\
factsheet: 1
overview: {name: Example, model: BERT-base}
model_architecture:
  transformer_encoder:
    {layers: 12, hidden_size: 768, heads: 12, intermediate_size: 3072, vocabulary: 30522, positions: 512,
     token_types: 2, pooler: true}
"""


def fixed(text: str, *, unsafe: bool = False) -> tuple[str, list[str]]:
    """The text once its fixes are applied, and the ids of what is then still found."""
    settings = Settings(select=("FS1", "FS201", "FS3"))
    checked = check_document(load_bytes(text.encode(), "sheet.yaml"), "sheet.yaml", settings)
    fixes = [item.fix for item in checked.diagnostics if item.fix is not None and (item.fix.safe or unsafe)]
    corrected, _ = apply_fixes(text, fixes)
    again = check_document(load_bytes(corrected.encode(), "sheet.yaml"), "sheet.yaml", settings)
    return corrected, [item.rule_id for item in again.diagnostics]


@pytest.mark.parametrize(
    ("stale", "corrected"),
    [
        # 109,482,240 parameters; 84,934,656 weights on tiles, twice as many devices; 480 tiles.
        (
            "parameters: {value: 340 million, source: derived}",
            "parameters: {value: 109.5 million, source: derived}",
        ),
        (
            "parameters: {value: '340,000,000', source: derived}",
            "parameters: {value: '109,482,240', source: derived}",
        ),
        (
            "analog_weights: {value: 8.5e6, source: derived}",
            "analog_weights: {value: 8.49e7, source: derived}",
        ),
        (
            "analog_weights: {value: 1234, source: derived}",
            "analog_weights: {value: 84934656, source: derived}",
        ),
        (
            "devices:\n    value: ~84.9 M   # counted once\n    source: derived",
            "devices:\n    value: ~170 M   # counted once\n    source: derived",
        ),
        (
            "tiles: {source: derived, value: 324 tiles, note: Of 512.}",
            "tiles: {source: derived, value: 480 tiles, note: Of 512.}",
        ),
        ("provenance: {source: derived}\n  tiles: 456", "provenance: {source: derived}\n  tiles: 480"),
        ("tiles: {value: 1 to 4, source: derived}", "tiles: {value: 480, source: derived}"),
    ],
)
def test_a_fix_keeps_unit_digits_and_everything_else(stale: str, corrected: str) -> None:
    # Whether Q, K and V are one matrix is left open, unless it is said; then 456 tiles are as good as 480.
    structure = BERT_BASE.replace("pooler: true", "pooler: true, fused_qkv: false")
    tile = "parameters:\n  tile: {rows: 512, cols: 512, devices_per_weight: 2}\n  "
    assert fixed(f"{structure}{tile}{stale}\n") == (f"{structure}{tile}{corrected}\n", [])


def test_operations_are_corrected_safely_under_a_named_convention() -> None:
    text = BERT_BASE + (
        "parameters:\n  operating_points:\n    - seq_len: 64\n      batch: 4\n      counting: consistent\n"
        "      analog_ops: {value: approx. 21.74 G ops, source: derived}\n"
    )
    assert fixed(text) == (text.replace("21.74", "43.49"), [])


def test_operations_counted_in_an_unnamed_way_need_an_eye() -> None:
    text = BERT_BASE + (
        "parameters:\n  operating_points:\n"
        "    - {seq_len: 16, batch: 4, analog_ops: {value: 21.74 G ops, source: derived}}\n"
    )
    assert fixed(text) == (text, ["FS310"])
    assert fixed(text, unsafe=True) == (text.replace("21.74", "10.87"), [])


def test_energies_and_averages_are_corrected() -> None:
    text = """\
factsheet: 1
overview: {name: Example, model: BERT-base}
parameters:
  operating_points:
    - seq_len: 32
      batch: 4
      power: 3.13 W
      execution_time: 0.19 ms
      energy: {value: 0.50 mJ, source: derived}
      throughput: {value: 4.0 k inferences/s, source: derived}
performance:
  results:
    - name: GLUE
      systems: [{id: analog, name: Analog}]
      tasks: [{task: RTE, scores: {analog: 64.00 %}}, {task: MNLI, scores: {analog: 82.12 %}}]
      averages: {analog: {value: 70.06 %, source: derived}}
"""
    # 3.13 W · 0.19 ms = 0.5947 mJ; 4 / 0.19 ms = 21,053 a second; (64.00 + 82.12) / 2 = 73.06.
    corrected = text.replace("0.50 mJ", "0.59 mJ").replace("4.0 k", "21.1 k").replace("70.06", "73.06")
    assert fixed(text) == (corrected, [])


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        # 1 / 0.7968 ms = 1,255.02 a second.
        ("2,000 inferences/s", "1,255 inferences/s"),
        ("2000 inferences/s", "1255 inferences/s"),
        ("9e3 inferences/s", "1.26e3 inferences/s"),
        ("1.1 k inferences/s", "1.26 k inferences/s"),
        ("2 k inferences/s", "1.26 k inferences/s"),
        ("1,400 inferences/s", "1,255 inferences/s"),
        ("about 7,000 inferences/s", "about 1,255 inferences/s"),
        ("1,254.0 inferences/s", "1,255.0 inferences/s"),
    ],
)
def test_a_figure_changed_by_hand_is_not_rounded_to_the_digits_of_the_wrong_one(
    wrong: str, right: str
) -> None:
    text = (
        "factsheet: 1\noverview: {name: Example, model: CNN}\nparameters:\n  operating_points:\n"
        "    - {seq_len: 1, batch: 1, execution_time: 0.7968 ms}\n"
        "performance:\n  throughput: {value: 'WRITTEN', at: {seq_len: 1, batch: 1}, source: derived}\n"
    )
    assert fixed(text.replace("WRITTEN", wrong)) == (text.replace("WRITTEN", right), [])
    written = parse_quantity(right, "throughput").value
    assert abs(written * 0.7968e-3 - 1) < 0.005  # as 1 / 0.7968 ms


def test_what_is_declared_is_never_rewritten() -> None:
    text = BERT_BASE + "parameters: {parameters: 340 million}\n"
    assert fixed(text, unsafe=True) == (text, ["FS301"])


def claim(text: str, dimension: str) -> Claim:
    return Claim(path=("x",), quantity=parse_quantity(text, dimension), derived=True)


@pytest.mark.parametrize(
    ("old", "dimension", "value", "new"),
    [
        ("21.74 G ops", "ops", 5.43581e9, "5.436 G ops"),
        ("9.99 mJ", "energy", 9.996e-3, "10.0 mJ"),
        ("0.19 ms", "time", 0.3862e-3, "0.386 ms"),
        ("152 µJ", "energy", 1.518e-4, "152 µJ"),
        ("1.5e3 J", "energy", 2.34567e5, "2.35e5 J"),
        ("1.5E3 J", "energy", 2.34567e5, "2.35E5 J"),
        ("110 million", "count", 66_362_880, "66.36 million"),
        ("12,000 tiles", "count", 1_296, "1,296 tiles"),
        ("approx. 480", "count", 1_296, "approx. 1296"),
        ("80.57 %", "score", 0.7306, "73.06 %"),
        # No number of so few digits of this unit: written anew.
        ("up to 500", "count", 1_296, "1296"),
    ],
)
def test_rewriting(old: str, dimension: str, value: float, new: str) -> None:
    assert written_text(claim(old, dimension), value) == new


@given(
    digits=st.integers(1, 99_999),
    places=st.integers(0, 4),
    unit=st.sampled_from(["G ops", "M ops", "T ops", "ops"]),
    value=st.floats(1e3, 1e15),
)
def test_what_is_rewritten_means_the_value(digits: int, places: int, unit: str, value: float) -> None:
    old = claim(f"{digits / 10**places:.{places}f} {unit}", "ops")
    change = rewritten(old, value)
    assert change is not None
    assert parse_quantity(written_text(old, value), "ops").interval.contains(value)


@pytest.mark.parametrize("written", ["400 to 450", "up to 450", "0"])
def test_what_is_no_single_number_is_written_anew(written: str) -> None:
    # Neither end of a range, nor a nought, has digits that a new number could take over.
    claim = Claim(path=("parameters", "tiles"), quantity=parse_quantity(written, "count"))
    change = rewritten(claim, 480.0)
    assert change is not None
    assert (change.text, change.word) == ("480", None)
    assert written_text(claim, 480.0) == "480"
