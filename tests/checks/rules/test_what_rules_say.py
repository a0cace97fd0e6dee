"""What rules say of a figure, and which way to correct it they name; where they find is in tests/examples."""

from __future__ import annotations

import pytest

from factsheet.checks.engine import check_document
from factsheet.source.loader import load_bytes

START = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"
BERT_BASE = f"""{START}\
model_architecture:
  transformer_encoder:
    {{layers: 12, hidden_size: 768, heads: 12, intermediate_size: 3072, vocabulary: 30522, positions: 512,
     token_types: 2, pooler: true}}
"""


def said(text: str, rule: str) -> list[str]:
    """Message and help of each finding of a rule."""
    found = check_document(load_bytes(text.encode(), "x"), "x").diagnostics
    return [f"{item.message}; {item.help}" for item in found if item.rule_id == rule]


# BERT-base has 12 · (4 · 768² + 2 · 768 · 3072) = 84,934,656 weights in its layers (Devlin et al. 2019: 12 layers of
# 768, 3072 in between). Each is 2 operations a token: 5.436 G for 32 tokens, 21.74 G for four such sequences, which
# is what the published FactSheet of BERT states.
@pytest.mark.parametrize(
    ("batch", "claimed", "way"),
    [
        (4, "21.74 G ops", None),
        (4, "21.74 M ops", "the scale word is off by 1,000"),
        (4, "21.74 T ops", "the scale word is off by 1,000"),
        (4, "21.74 k ops", "the scale word is off by 1,000,000"),
        (4, "5.436 G ops", "the figure is that of a batch of 1: correct it or `batch`"),
        (4, "43.49 G ops", "the figure is that of a batch of 8: correct it or `batch`"),
        (1, "21.74 G ops", "the figure is that of a batch of 4: correct it or `batch`"),
        (4, "31.00 G ops", "look for a scale word, a batch or a sequence length that is off"),
    ],
)
def test_operations_that_differ_come_with_what_would_explain_them(
    batch: int, claimed: str, way: str | None
) -> None:
    row = f"parameters:\n  operating_points: [{{seq_len: 32, batch: {batch}, analog_ops: {claimed}}}]\n"
    found = said(BERT_BASE + row, "FS302")
    assert len(found) == (way is not None)
    assert way is None or way in found[0]


@pytest.mark.parametrize(
    ("network", "at"),
    [
        ("", "at: {seq_len: …, batch: …}"),
        ("convolutional: {image_size: 8, layers: [{kind: linear, channels: 2}]}", "at: {batch: …}"),
        ("mlp: {sizes: [784, 10]}", "at: {batch: …}"),
        ("recurrent: {cell: lstm, input_size: 8, hidden_size: 8, layers: 1}", "at: {seq_len: …, batch: …}"),
    ],
    ids=["none", "images", "vectors", "sequences"],
)
def test_an_operating_point_is_asked_for_as_the_network_has_one(network: str, at: str) -> None:
    architecture = f"model_architecture: {{{network}}}\n" if network else ""
    (found,) = said(f"{START}{architecture}parameters: {{power: 2 mW}}\n", "FS208")
    assert f"`power: {{value: 2 mW, {at}}}`" in found


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("sheets/bert.yaml", "sheets/bert.yaml"),
        ("my sheet.yaml", "'my sheet.yaml'"),  # as a shell takes it
        ("it's.yaml", """'it'"'"'s.yaml'"""),
        ("-x.yaml", "./-x.yaml"),  # no option
        ("<stdin>", "SHEET"),
        ("a`b.yaml", "SHEET"),
        ("a\x1b[31mb.yaml", "SHEET"),
    ],
)
def test_a_command_in_a_finding_names_the_sheet(name: str, argument: str) -> None:
    row = "parameters:\n  operating_points: [{seq_len: 32, batch: 4, analog_ops: 31 G ops}]\n"
    (finding,) = check_document(load_bytes((BERT_BASE + row).encode(), name), name).diagnostics
    assert f"`factsheet derive {argument} --explain analog_ops --seq-len 32 --batch 4`" in finding.help


@pytest.mark.parametrize(
    ("model", "parameters", "differs"),
    [
        # A quarter off may be what a name rounds away; more is not.
        ("OPT 100M", "100 million", False),
        ("OPT 100M", "124.0 million", False),
        ("OPT 100M", "76.0 million", False),
        ("OPT 100M", "127.0 million", True),
        ("OPT 100M", "73.0 million", True),
        ("OPT 2.7B", "2.65 billion", False),
        ("OPT 2.7B", "265 million", True),
        ("OPT", "265 million", False),
    ],
)
def test_a_number_in_a_name_is_the_parameters_within_a_quarter(
    model: str, parameters: str, differs: bool
) -> None:
    text = f"factsheet: 1\noverview: {{name: Example, model: {model}}}\nparameters: {{parameters: {parameters}}}\n"
    found = check_document(load_bytes(text.encode(), "x"), "x").diagnostics
    messages = [item.message for item in found if item.message.endswith("in the name of the model")]
    number = model.rsplit(maxsplit=1)[-1]
    assert messages == (
        [f"{parameters} parameters here, and {number} in the name of the model"] if differs else []
    )


def table(*columns: tuple[str, ...], note: str = "") -> str:
    systems = ", ".join(
        f"{{id: s{i}, name: System {i}, kind: other{note if i == len(columns) - 1 else ''}}}"
        for i in range(len(columns))
    ).replace("kind: other", "kind: analog")
    rows = "".join(
        f"        - {{task: T{row}, scores: {{{', '.join(f's{i}: {c[row]}' for i, c in enumerate(columns))}}}}}\n"
        for row in range(len(columns[0]))
    )
    head = "performance:\n  results:\n    - name: T\n      metric: accuracy\n"
    return f"{START}{head}      systems: [{systems}]\n      tasks:\n{rows}"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            table(("90.1 %", "80.2 %"), ("90.1 %", "80.2 %")),
            ["all 2 scores of System 1 are those of System 0"],
        ),
        (
            table(("90.1 %", "80.2 %"), ("70.1 %", "60.2 %"), ("70.1 %", "60.2 %")),
            ["all 2 scores of System 2 are those of System 1"],
        ),
        (table(("90.1 %", "80.2 %"), ("90.1 %", "80.3 %")), []),
        (table(("90.1 %",), ("90.1 %",)), []),  # one score may be the same by chance
        (table(("90.1 %", "80.2 %"), ("90.1 %", "80.2 %"), note=", note: The same chip."), []),
    ],
)
def test_scores_of_one_system_that_are_all_those_of_another(text: str, messages: list[str]) -> None:
    found = check_document(load_bytes(text.encode(), "x"), "x").diagnostics
    assert [item.message for item in found if item.message.startswith("all ")] == messages


def test_a_copied_column_points_at_both_systems() -> None:
    text = table(("90.1 %", "80.2 %"), ("70.1 %", "60.2 %"), ("70.1 %", "60.2 %"))
    found = check_document(load_bytes(text.encode(), "x"), "x").diagnostics
    (one,) = (item for item in found if item.message.startswith("all "))
    place = ("performance", "results", 0)
    assert one.path == (*place, "tasks", 0, "scores", "s2")
    assert [related.path for related in one.related] == [
        (*place, "tasks", 0, "scores", "s1"),
        (*place, "systems", 1),
    ]


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("The ZQX is fast.", True),
        ("The zero quantum xenon (ZQX) is fast.", False),
        ("The ZQX (zero quantum xenon) is fast.", False),
        ("Zero quantum xenon is what a ZQX does.", False),
        ("Zero and quantum xenon is what a ZQX does.", False),
        ("ZQX stands for nothing.", False),
        ("ZQX means nothing.", False),
        ("The ABC ZQX is a brand.", False),
        ("The zxq is fast.", False),
        # Two initials meet by chance, so that they count in the same text alone.
        ("The ZQ is fast.", True),
        ("Zero quanta are what a ZQ has.", False),
    ],
)
def test_an_abbreviation_is_spelt_out_somewhere(prose: str, found: bool) -> None:
    text = f"{START}performance:\n  summary: {prose}\n"
    names = [item for item in said(text, "FS603") if "ZQ" in item]
    assert bool(names) is found
