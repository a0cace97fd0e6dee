"""Rules that hold parts of a sheet against each other: data and tables, classes, the chip, figures and sources."""

from __future__ import annotations

import pytest
from one_rule import findings, messages

from factsheet.checks.registry import RULES

BY_ID = {rule.id: rule for rule in RULES}


def scored(*rows: str, name: str = "GLUE") -> str:
    listed = ", ".join(f"{{{row}, scores: {{c: 90 %}}}}" for row in rows)
    return (
        f"performance:\n  results: [{{name: {name}, metric: accuracy, systems: [{{id: c, name: Chip}}],"
        f" tasks: [{listed}]}}]\n"
    )


SIZED = scored("task: A, size: 2500", "task: B, size: 2500", "task: C, size: 400000")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("name: GLUE, task_count: 3, tasks: [A, B, C]", []),
        ("name: GLUE, task_count: 4, tasks: [A, B, C]", ["4 tasks are stated, 3 are listed"]),
        ("name: GLUE, task_count: 4", []),
        (
            "name: GLUE, tasks: [A, B, D]",
            ["D has no row in the result table; the result table scores C, which is not listed"],
        ),
        ("name: GLUE, tasks: [A, B, C, D, E]", ["D, E has no row in the result table"]),
        ("name: GLUE, tasks: [A]", ["the result table scores B, C, which is not listed"]),
        ("name: Another, tasks: [A]", []),
        ("tasks: [A]", []),
        # Two of one size are both the smallest.
        ("name: GLUE, smallest: A", []),
        ("name: GLUE, smallest: B", []),
        ("name: GLUE, smallest: C", ["C is named as the smallest task, but in the result table A is"]),
        ("name: GLUE, largest: A", ["A is named as the largest task, but in the result table C is"]),
        ("name: GLUE, largest: Z", ["Z is named as the largest task, but in the result table C is"]),
        # The ends of a range of sizes, as each is written.
        ("name: GLUE, size: 2.5k to 400k", []),
        ("name: GLUE, size: 2500 to 400000", []),
        (
            "name: GLUE, size: 2.3k to 400k",
            ["the smallest size is given as 2.3k, but in the result table it is 2500"],
        ),
        (
            "name: GLUE, size: 2.5k to 300k",
            ["the largest size is given as 300k, but in the result table it is 400000"],
        ),
        # `2 to 400k` is 2k to 400k.
        (
            "name: GLUE, size: 2 to 400k",
            ["the smallest size is given as 2,000, but in the result table it is 2500"],
        ),
        ("name: GLUE, size: 2500", []),
        # Sizes of tasks in words; the number of classes is another one.
        ("name: GLUE, summary: 2.5k (A) to 400k (C)", []),
        (
            "name: GLUE, summary: 2.3k (A) to 400k (C)",
            ["A has 2.3k examples here and 2500 in the result table"],
        ),
        (
            "name: GLUE, summary: 2.5k (A) to 300k examples (C)",
            ["C has 300k examples here and 400000 in the result table"],
        ),
        ("name: GLUE, summary: 2.3k (Z)", []),
    ],
)
def test_data_and_the_table_of_their_name(data: str, found: list[str]) -> None:
    assert messages(BY_ID["FS205"], f"training_data: {{{data}}}\n{SIZED}") == found
    assert messages(BY_ID["FS205"], f"test_data: {{{data}}}\n{SIZED}") == found


def test_the_number_of_classes_is_no_size() -> None:
    table = scored("task: A, size: 2500, classes: 3")
    assert messages(BY_ID["FS205"], f"test_data: {{name: GLUE, summary: 3 (A)}}\n{table}") == []
    assert len(messages(BY_ID["FS205"], f"test_data: {{name: GLUE, summary: 4 (A)}}\n{table}")) == 1


def test_where_a_row_has_no_size_another_may_be_the_smallest() -> None:
    table = scored("task: A, size: 2500", "task: B")
    assert messages(BY_ID["FS205"], f"test_data: {{name: GLUE, smallest: B, size: 1k to 2k}}\n{table}") == []


CONV = (
    "model_architecture: {convolutional: {image_size: 8, channels: 1, layers:"
    " [{kind: conv, channels: 8, kernel: 3}, %s]}}\n"
)
TEN = "model_architecture: {mlp: {sizes: [64, 10]}}\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CONV % "{kind: linear, channels: 10}" + scored("task: A, classes: 10"), []),
        (
            CONV % "{kind: linear, channels: 10}" + scored("task: A, classes: 9"),
            ["A has 9 classes, but the network has 10 outputs"],
        ),
        (CONV % "{kind: conv, channels: 10, kernel: 3}" + scored("task: A, classes: 9"), []),
        (
            "model_architecture: {recurrent: {cell: lstm, input_size: 4, hidden_size: 8, layers: 1, outputs: 12}}\n"
            + scored("task: A, classes: 9"),
            ["A has 9 classes, but the network has 12 outputs"],
        ),
        (TEN + scored("task: A, classes: 9, type: regression"), []),
        # Of three rows, one that differs is wrong; of two, or two of five, heads may differ.
        (TEN + scored("task: A, classes: 10", "task: B, classes: 9"), []),
        (
            TEN + scored("task: A, classes: 10", "task: B, classes: 10", "task: C, classes: 9"),
            ["C has 9 classes, but the network has 10 outputs"],
        ),
        (
            TEN + scored("task: A, classes: 9", "task: A, classes: 9"),
            ["A has 9 classes, but the network has 10 outputs"] * 2,
        ),
        # In words of the data.
        (TEN + "test_data: {name: D, task_types: Classification into 10 classes}\n", []),
        (
            TEN + "test_data: {name: D, task_types: Classification into 12 different categories}\n",
            ["the data have 12 classes, but the network has 10 outputs"],
        ),
        (
            TEN
            + "test_data: {name: D, task_types: 'Classification into 12 classes, sorted into 9 classes'}\n",
            [],
        ),
        (TEN.replace("10", "1") + "test_data: {name: D, task_types: Classification into 2 classes}\n", []),
        (
            TEN.replace("10", "1") + "test_data: {name: D, task_types: Classification into 3 classes}\n",
            ["the data have 3 classes, but the network has 1 outputs"],
        ),
        (
            "test_data: {name: D, task_types: Classification into 12 classes}\n"
            + scored("task: A, classes: 9", "task: B, classes: 9"),
            [],
        ),
    ],
)
def test_classes_and_the_last_layer(text: str, found: list[str]) -> None:
    assert messages(BY_ID["FS244"], text) == found


CHIP = "hardware: {inference: {chip: C, tiles: 64}}\n"
SEVERAL = "and a chip has 64: it is right only if there are several chips"


def bound(cells: str, encoding: str) -> str:
    return f"parameters: {{tile: {{rows: 8, cols: 8, devices_per_weight: {cells}, weight_encoding: {encoding}}}}}\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # A pair is two devices, two pairs four.
        (bound("2", "a differential pair"), []),
        (bound("4", "a differential pair"), []),
        (
            bound("3", "a differential pair"),
            ["3 devices hold a weight, but its encoding names pair: at least 2"],
        ),
        (
            bound("1", "a differential pair"),
            ["1 device holds a weight, but its encoding names pair: at least 2"],
        ),
        (bound("4", "two pairs"), []),
        (bound("2", "two pairs"), ["2 devices hold a weight, but its encoding names two pairs: at least 4"]),
        (bound("6", "3 differential pairs"), []),
        (
            bound("4", "3 differential pairs"),
            ["4 devices hold a weight, but its encoding names 3 differential pairs: at least 6"],
        ),
        (bound("3", "one cell"), []),
        # Tiles of several chips.
        ("parameters: {tiles: 64}\nhardware: {inference: {chip: C, tiles: 64}}\n", []),
        (
            "parameters: {tiles: 65}\nhardware: {inference: {chip: C, tiles: 64}}\n",
            ["the model takes 65 tiles, and a chip has 64: it is right only if there are several chips"],
        ),
        (
            "parameters: {tiles: {value: 128, note: On two chips}}\nhardware: {inference: {chip: C, tiles: 64}}\n",
            [],
        ),
        (
            "parameters: {tiles: {value: 129, note: On 2 large chips}}\nhardware: {inference: {chip: C, tiles: 64}}\n",
            ["the model takes 129 tiles, and a chip has 64: it is right only if there are several chips"],
        ),
        (
            "parameters: {tiles: {value: 640, note: On ten chips}}\nhardware: {inference: {chip: C, tiles: 64}}\n",
            [],
        ),
        (
            "parameters: {tiles: {value: 576, note: On nine chips}}\nhardware: {inference: {chip: C, tiles: 64}}\n",
            [],
        ),
        *(
            (
                f"parameters: {{tiles: {{value: {64 * many + more}, note: On {word} chips}}}}\n{CHIP}",
                [f"the model takes {64 * many + more} tiles, {SEVERAL}"] if more else [],
            )
            for many, word in enumerate(
                ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2
            )
            for more in (0, 1)
        ),
    ],
)
def test_hardware_and_itself(text: str, found: list[str]) -> None:
    assert messages(BY_ID["FS219"], text) == found


ACCURACY = "accuracy is of weights held by {} devices, and figures of the chip are of {} devices a weight"
CELLS = (
    "inference_methodology: {devices: {pairs: %d}}\n"
    "parameters: {tile: {rows: 8, cols: 8, devices_per_weight: %d}}\n"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CELLS % (1, 2), []),
        (CELLS % (1, 4), [ACCURACY.format("1 pair of conductances, which are 2", 4)]),
        (CELLS % (2, 2), [ACCURACY.format("2 pairs of conductances, which are 4", 2)]),
        ("inference_methodology: {adc_bits: 4, adc_steps: 16}\n", []),
        (
            "inference_methodology: {adc_bits: 4, adc_steps: 17}\n",
            ["17 steps are not those of 4 bits: 9 to 16"],
        ),
        (
            "inference_methodology: {dac_bits: 4, dac_steps: 8}\n",
            ["8 steps are not those of 4 bits: 9 to 16"],
        ),
        ("inference_methodology: {dac_bits: 4, dac_steps: 9}\n", []),
        ("inference_methodology: {dac_bits: 4, adc_steps: 9}\n", []),
        (
            "hwa_training: {biases: digital}\nmodel_architecture: {mlp: {sizes: [8, 4]}, layout: {biases: on tiles}}\n",
            ["biases were trained as `digital`, and the layout has them `on tiles`"],
        ),
        (
            "hwa_training: {biases: digital}\nmodel_architecture: {mlp: {sizes: [8, 4]}, layout: {biases: digital}}\n",
            [],
        ),
        ("hwa_training: {biases: digital}\n", []),
    ],
)
def test_settings_of_training_and_of_inference(text: str, found: list[str]) -> None:
    assert messages(BY_ID["FS257"], text) == found


def status(more: str, stage: str = "published", provenance: str = "") -> str:
    return f"factsheet: 1\noverview: {{name: E, model: M, status: {stage}}}\n{provenance}{more}"


NODE = "hardware: {{inference: {{chip: C, node: {}}}}}\n"
BARE = "nothing says where {} comes from"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (status("parameters: {power: 3 W}\n"), [BARE.format("3 W")]),
        (status("parameters: {power: 3 W}\n", stage="review"), [BARE.format("3 W")]),
        (status("parameters: {power: 3 W}\n", stage="draft"), []),
        (status("parameters: {power: 3 W}\n", provenance="provenance: {source: declared}\n"), []),
        (status("parameters: {power: 3 W, provenance: {source: declared}}\n"), []),
        (status("parameters: {power: {value: 3 W, source: declared}}\n"), []),
        (
            status("parameters: {power: 3 W, area: 4 mm²}\n"),
            ["nothing says where the 2 figures of this section come from"],
        ),
        # More than half of a section are said of the section; half one by one.
        (
            status("parameters: {power: 3 W, area: 4 mm², tiles: {value: 3, source: declared}}\n"),
            ["nothing says where 2 of the 3 figures of this section come from"],
        ),
        (
            status(
                "parameters: {power: 3 W, area: 4 mm², tiles: {value: 3, by: A}, devices: {value: 3, by: A}}\n"
            ),
            [BARE.format("3 W"), BARE.format("4 mm²")],
        ),
        # More than half of a sheet of several sections are said of the sheet.
        (
            status("parameters: {power: 3 W}\nhardware: {inference: {chip: C, node: 14 nm}}\n"),
            ["nothing says where the 2 figures of the sheet come from"],
        ),
        (
            status(
                "parameters: {power: 3 W, area: {value: 4 mm², by: A}}\n"
                + NODE.format("{value: 14 nm, by: A}")
                + ""
            ),
            [BARE.format("3 W")],
        ),
    ],
)
def test_figures_without_a_source(text: str, found: list[str]) -> None:
    assert messages(BY_ID["FS503"], text) == found


def test_half_of_the_figures_of_a_sheet_are_said_one_by_one() -> None:
    sourced = "parameters: {power: 3 W, area: {value: 4 mm², by: A}, tiles: {value: 3, by: A}}\n"
    text = status(sourced + "hardware: {inference: {chip: C, node: 14 nm}}\n")
    assert messages(BY_ID["FS503"], text) == [BARE.format("3 W"), BARE.format("14 nm")]


def test_scores_of_a_system_are_said_together_with_their_average() -> None:
    systems = "[{id: c, name: Chip}, {id: g, name: GPU, source: declared}]"
    row = "{task: %s, scores: {c: 90 %%, g: 91 %%}}"
    text = status(
        f"performance:\n  results: [{{name: T, metric: accuracy, systems: {systems},"
        f" tasks: [{row % 'A'}, {row % 'B'}], averages: {{c: 90 %, g: 91 %}}}}]\n"
    )
    (finding,) = findings(BY_ID["FS503"], text)
    assert finding.message == "nothing says where 90 % comes from, nor 2 more of its kind"
    assert finding.help == "give the system `c` a `source`, under `systems:` of the table"


@pytest.mark.parametrize(
    ("fact", "found"),
    [
        ("source: measured", True),
        ("source: measured, by: A. Person", True),
        ("source: measured, date: 2025-01-01", True),
        ("source: measured, by: A. Person, date: 2025-01-01", False),
        ("source: measured, evidence: [a]", False),
        ("source: simulated, by: A. Person, date: 2025-01-01", True),
        ("source: cited", True),
        ("source: declared", False),
    ],
)
def test_what_is_evidence(fact: str, found: bool) -> None:
    references = "references: [{id: a, title: A}]\n"
    text = f"parameters: {{power: {{value: 3 W, {fact}}}}}\n{references}"
    several = findings(BY_ID["FS504"], text)
    assert [one.path for one in several] == ([("parameters", "power", "source")] if found else [])
    # The evidence of a section, or of the sheet, is that of what repeats its source.
    borne_out = "provenance: {source: measured, evidence: [a]}"
    above = f"parameters: {{{borne_out}, power: {{value: 3 W, {fact}}}}}\n{references}"
    assert bool(findings(BY_ID["FS504"], above)) is (found and "measured" not in fact)
    whole = f"{borne_out}\n{text}"
    assert bool(findings(BY_ID["FS504"], whole)) is (found and "measured" not in fact)
