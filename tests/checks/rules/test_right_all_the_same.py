"""Figures that look wrong and are right, beside the same figures where they are wrong."""

from __future__ import annotations

import pytest

from factsheet.checks.engine import check_document
from factsheet.quantities.quantity import parse_quantity
from factsheet.source.loader import load_bytes

START = "factsheet: 1\noverview: {name: Example, model: BERT-mini}\n"


def found(text: str, rule: str) -> list[str]:
    """Return the severities of a rule's findings."""
    report = check_document(load_bytes(f"{START}{text}".encode(), "x"), "x")
    return [item.severity for item in report.diagnostics if item.rule_id == rule]


def table(rows: str, rest: str = "") -> str:
    systems = "systems: [{id: d, name: GPU, kind: digital}, {id: a, name: Chip, kind: analog}]"
    return f"performance: {{results: [{{name: T, {systems}, tasks: [{rows}]{rest}}}]}}\n"


@pytest.mark.parametrize("metric", ["mAP", "mIoU", "TER", "WER", "BLEU"])
def test_some_metrics_are_written_up_to_a_hundred(metric: str) -> None:
    row = f"{{task: X, metric: {metric}, scores: {{d: 37.4, a: 36.1}}}}"
    assert found(table(row), "FS217") == []
    assert found(table(row.replace("36.1", "36.1 %")), "FS217") == ["error"]  # one sign of two was lost


def test_accuracy_and_scores_beyond_a_hundred_are_not() -> None:
    assert found(table("{task: X, metric: accuracy, scores: {d: 87.4, a: 86.1}}"), "FS217") == ["error"]
    assert found(table("{task: X, metric: mAP, scores: {d: 374, a: 361}}"), "FS217") != []


def test_a_gap_may_be_that_of_the_metric_of_the_table() -> None:
    rows = (
        "{task: X, scores: {d: 37.4 %, a: 36.1 %}}, {task: X, metric: AP50, scores: {d: 57.0 %, a: 55.5 %}}"
    )
    assert found(table(rows, ", metric: mAP, gap: -1.3 points"), "FS211") == []
    assert found(table(rows, ", metric: mAP, gap: -1.4 points"), "FS211") == []  # the mean of both
    assert found(table(rows, ", metric: mAP, gap: -2.3 points"), "FS211") == ["error"]


@pytest.mark.parametrize(("throughput", "severity"), [("5", "warning"), ("500", "error")])
def test_a_chip_may_rest_whatever_a_run_of_it_takes(throughput: str, severity: str) -> None:
    at = "at: {seq_len: 1, batch: 1}"
    text = (
        f"parameters:\n  power: {{value: 3 mW, {at}}}\n"
        "  operating_points: [{seq_len: 1, batch: 1, execution_time: 5 ms, energy: 15 µJ}]\n"
        f"performance: {{throughput: {{value: {throughput} images/s, {at}}}}}\n"
    )
    assert found(text, "FS306") == [severity]


@pytest.mark.parametrize(
    "text", ["4.5 million sentence pairs", "60,000 training images", "12 k question pairs"]
)
def test_what_is_counted_may_be_two_words(text: str) -> None:
    assert found(f"training_data: {{name: X, size: {text!r}}}\n", "FS150") == []
    assert parse_quantity(text, "count").value in {4_500_000, 60_000, 12_000}


@pytest.mark.parametrize("text", ["4.5 milion sentence pairs", "4.5 sentence milion", "60,000 training GB"])
def test_other_words_are_not_counted(text: str) -> None:
    assert found(f"training_data: {{name: X, size: {text!r}}}\n", "FS150") == ["error"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It has 4 layers where BERT-base has 110 million parameters.", []),
        ("It has 110 million parameters.", ["warning"]),
        ("BERT-mini has 110 million parameters.", ["warning"]),
    ],
)
def test_another_model_is_known_by_the_size_in_its_name(sentence: str, expected: list[str]) -> None:
    text = f"parameters: {{parameters: 11.2 million}}\nlimitations: {{known: [{sentence!r}]}}\n"
    assert found(text, "FS607") == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("A decoder with 8 heads for keys and values.", []),
        ("A decoder with 9 heads for keys and values.", ["warning"]),
    ],
)
def test_heads_of_keys_and_values_are_counted_apart(sentence: str, expected: list[str]) -> None:
    text = (
        "model_architecture: {transformer_decoder: {layers: 2, hidden_size: 64, heads: 32, kv_heads: 8,"
        " intermediate_size: 128, vocabulary: 100, positions: 64}}\n"
        f"limitations: {{known: [{sentence!r}]}}\n"
    )
    assert found(text, "FS607") == expected


MLP = "model_architecture: {mlp: {sizes: [784, 512, 10]}}\n"


@pytest.mark.parametrize(("on_the_chip", "severity"), [(16, "warning"), (40, "error")])
def test_fewer_tiles_may_be_loaded_in_turns_if_the_chip_has_no_more(on_the_chip: int, severity: str) -> None:
    text = (
        f"{MLP}parameters: {{tile: {{rows: 256, cols: 64}}, tiles: 16}}\n"
        f"hardware: {{inference: {{tiles: {on_the_chip}}}}}\n"
    )
    assert found(text, "FS303") == [severity]


LISTED = "model_architecture: {operators: [{name: top, rows: 512, cols: 256}]}\n"


@pytest.mark.parametrize(
    ("parameters", "size", "expected"),
    [
        ("540 million", "2.16 GB", (["warning"], [])),  # 4 bytes each
        ("540 million", "999 GB", (["warning"], ["error"])),
        ("13 thousand", "524 kB", (["error"], [])),  # fewer than the 131,072 that are listed
    ],
)
def test_what_is_listed_may_be_a_part(
    parameters: str, size: str, expected: tuple[list[str], list[str]]
) -> None:
    text = f"{LISTED}parameters: {{parameters: {parameters}}}\nperformance: {{size_on_disk: {size}}}\n"
    assert (found(text, "FS301"), found(text, "FS305")) == expected


@pytest.mark.parametrize(("uses", "severity"), [(180, "warning"), (179, "error")])
def test_samples_of_a_sequence_may_be_counted_as_uses(uses: int, severity: str) -> None:
    text = (
        "model_architecture: {recurrent: {cell: lstm, input_size: 2, hidden_size: 32, layers: 1, outputs: 5}}\n"
        f"parameters: {{reuse_factor: {uses}, power: {{value: 1 mW, at: {{seq_len: 180, batch: 1}}}}}}\n"
    )
    assert found(text, "FS304") == [severity]


@pytest.mark.parametrize(
    "words", ["four chips of 64 tiles", "several chips with 64 tiles", "a chip of 64 tiles, four times"]
)
def test_how_many_tiles_each_of_several_chips_has_is_no_figure_of_the_network(words: str) -> None:
    text = f"parameters: {{tiles: 195}}\nlimitations: {{challenges: [The network needs {words}.]}}\n"
    assert found(text, "FS607") == []
    assert found(text.replace(words, "all of its 64 tiles"), "FS607") == ["warning"]
