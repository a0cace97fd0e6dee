"""Where a rule begins to find, and what it then says: both sides of each bound, by the rule's own words."""

from __future__ import annotations

import pytest
from finding_places import hold_places

from factsheet.checks.engine import check_document
from factsheet.source.loader import load_bytes

START = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"


def said(text: str, rule: str) -> list[str]:
    """Messages of a rule on a sheet with these sections."""
    whole = f"{START}{text}"
    found = check_document(load_bytes(whole.encode(), "x"), "x").diagnostics
    broken = [item.message for item in found if item.rule_id.startswith("FS1")]
    assert not broken, broken
    hold_places(whole, found)
    return [item.message for item in found if item.rule_id == rule]


def curve(*points: str, more: str = "") -> str:
    return f"robustness: {{{more}over_time: [{', '.join(f'{{{point}}}' for point in points)}]}}\n"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        # More than a point of a share.
        (curve("after: 1 h, score: 80.0 %", "after: 1 week, score: 81.0 %"), []),
        (
            curve("after: 1 h, score: 80.00 %", "after: 1 week, score: 81.02 %"),
            ["81.02 % after 1 week is better than 80.00 % after 1 h"],
        ),
        # The best of those before, not the last.
        (
            curve(
                "after: 1 h, score: 80.00 %", "after: 1 day, score: 70.00 %", "after: 1 week, score: 80.50 %"
            ),
            [],
        ),
        (
            curve(
                "after: 1 h, score: 80.00 %", "after: 1 day, score: 70.00 %", "after: 1 week, score: 83.00 %"
            ),
            ["83.00 % after 1 week is better than 80.00 % after 1 h"],
        ),
        # Where less is better.
        (
            curve("after: 1 h, score: 8.00 %", "after: 1 week, score: 5.00 %", more="metric: error rate, "),
            ["5.00 % after 1 week is better than 8.00 % after 1 h"],
        ),
        (curve("after: 1 h, score: 5.00 %", "after: 1 week, score: 8.00 %", more="metric: error rate, "), []),
        # A twentieth of what is no share.
        (curve("after: 1 h, score: 20.00", "after: 1 week, score: 20.90", more="metric: BLEU, "), []),
        (
            curve("after: 1 h, score: 20.00", "after: 1 week, score: 21.10", more="metric: BLEU, "),
            ["21.10 after 1 week is better than 20.00 after 1 h"],
        ),
        # Explained by the point or the section.
        (curve("after: 1 h, score: 80.0 %", "after: 1 week, score: 90.0 %, note: Calibrated again."), []),
        (
            curve(
                "after: 1 h, score: 80.0 %",
                "after: 1 week, score: 90.0 %",
                more="drift: It was reprogrammed., ",
            ),
            [],
        ),
        # A time that is out of order on the only curve of at least three points.
        (curve("after: 1 week, score: 80.0 %", "after: 1 h, score: 79.9 %"), []),
        (
            curve(
                "after: 1 h, score: 81.0 %", "after: 1 month, score: 80.9 %", "after: 1 week, score: 80.0 %"
            ),
            ["1 week is listed behind 1 month"],
        ),
        (
            curve(
                "after: 1 month, score: 81.0 %", "after: 1 week, score: 80.9 %", "after: 1 h, score: 80.8 %"
            ),
            [],
        ),
        (
            curve(
                "after: 1 h, score: 80.0 %, series: x",
                "after: 1 month, score: 79.0 %, series: x",
                "after: 1 week, score: 78.0 %, series: x",
            ),
            [],
        ),
    ],
)
def test_scores_that_rise_over_time(text: str, messages: list[str]) -> None:
    assert said(text, "FS242") == messages


def table(*rows: str, more: str = "", systems: str = "") -> str:
    both = systems or "{id: chip, name: Chip, kind: analog}, {id: gpu, name: GPU, kind: digital}"
    listed = "".join(f"        - {{{row}}}\n" for row in rows)
    return (
        f"performance:\n  results:\n    - name: Table\n{more}      systems: [{both}]\n      tasks:\n{listed}"
    )


ACCURACY = "      metric: accuracy\n"


def pair(task: str, chip: str, gpu: str, more: str = "") -> str:
    return f"task: {task}, scores: {{chip: {chip}, gpu: {gpu}}}{more}"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (table(pair("A", "75.0 %", "70.0 %"), more=ACCURACY), []),
        (
            table(pair("A", "75.2 %", "70.0 %"), more=ACCURACY),
            ["on A Chip has 75.2 % and GPU 70.0 %: the analog system is better by 5.2 points"],
        ),
        (table(pair("A", "60.0 %", "70.0 %"), more=ACCURACY), []),
        (table(pair("A", "90.0 %", "70.0 %", ", note: Trained for longer."), more=ACCURACY), []),
        (table(pair("A", "90.0 %", "70.0 %", ", note: Higher is better."), more=ACCURACY), None),
        (
            table(
                "task: A, scores: {chip: {value: 90.0 %, note: Trained for longer.}, gpu: 70.0 %}",
                more=ACCURACY,
            ),
            [],
        ),
        # A fifth of what is no share.
        (table(pair("A", "24.0", "20.0"), more="      metric: BLEU\n"), []),
        (
            table(pair("A", "24.2", "20.0"), more="      metric: BLEU\n"),
            ["on A Chip has 24.2 and GPU 20.0: the analog system is better by 4.2"],
        ),
        # Ahead on all of three tasks or more.
        (table(pair("A", "71.0 %", "70.0 %"), pair("B", "71.0 %", "70.0 %"), more=ACCURACY), []),
        (
            table(*(pair(name, "71.0 %", "70.0 %") for name in "ABC"), more=ACCURACY),
            ["Chip is better than GPU on all 3 tasks of Table"],
        ),
        (
            table(
                *(pair(name, "71.0 %", "70.0 %") for name in "ABC"),
                pair("D", "70.0 %", "70.0 %"),
                more=ACCURACY,
            ),
            [],
        ),
        (
            table(
                *(pair(name, "71.0 %", "70.0 %") for name in "AB"),
                pair("C", "71.0 %", "70.0 %", ", note: Trained for longer."),
                more=ACCURACY,
            ),
            [],
        ),
        (
            table(*(pair(name, "71.0 %", "70.0 %") for name in "ABC"), more=ACCURACY).replace(
                "  results", "  summary: The chip is ahead.\n  results"
            ),
            [],
        ),
    ],
)
def test_analog_systems_that_are_far_ahead(text: str, messages: list[str] | None) -> None:
    found = said(text, "FS241")
    assert len(found) == 1 if messages is None else found == messages


ONE = "{id: chip, name: Chip}"
CLASSES = "type: classification, scores: {chip: 91.40 %}"
NET = "model_architecture: {mlp: {sizes: [64, 32, %s]}}\n"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (NET % 10 + table(f"task: A, classes: 10, {CLASSES}", systems=ONE), []),
        (
            NET % 10 + table(f"task: A, classes: 9, {CLASSES}", systems=ONE),
            ["A has 9 classes, but the network has 10 outputs"],
        ),
        (NET % 10 + table(f"task: A, classes: 9, note: One is not used., {CLASSES}", systems=ONE), []),
        # One output tells two classes apart.
        (NET % 1 + table(f"task: A, classes: 2, {CLASSES}", systems=ONE), []),
        (
            NET % 1 + table(f"task: A, classes: 3, {CLASSES}", systems=ONE),
            ["A has 3 classes, but the network has 1 outputs"],
        ),
        # Heads of their own: unless only one in three differs.
        (
            NET % 10
            + table(
                *(f"task: {n}, classes: {c}, {CLASSES}" for n, c in zip("AB", (10, 9), strict=True)),
                systems=ONE,
            ),
            [],
        ),
        (
            NET % 10
            + table(
                *(f"task: {n}, classes: {c}, {CLASSES}" for n, c in zip("ABC", (10, 10, 9), strict=True)),
                systems=ONE,
            ),
            ["C has 9 classes, but the network has 10 outputs"],
        ),
        # The text of the data, where no network is declared.
        (
            "test_data: {name: D, task_types: Classification into 12 classes}\n"
            + table(f"task: A, classes: 9, {CLASSES}", systems=ONE),
            ["A has 9 classes here, and 12 in `test_data.task_types`"],
        ),
        (
            "training_data: {name: D, task_types: Classification into 12 classes}\n"
            + table(f"task: A, classes: 9, {CLASSES}", systems=ONE),
            ["A has 9 classes here, and 12 in `training_data.task_types`"],
        ),
        (
            "test_data: {name: D, task_types: Classification into 9 classes}\n"
            + table(f"task: A, classes: 9, {CLASSES}", systems=ONE),
            [],
        ),
        (
            "test_data: {name: D, task_types: Classification into 12 classes}\n"
            + NET % 10
            + table(f"task: A, classes: 10, {CLASSES}", systems=ONE),
            ["the data have 12 classes, but the network has 10 outputs"],
        ),
    ],
)
def test_classes_and_outputs(text: str, messages: list[str]) -> None:
    assert said(text, "FS244") == messages


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("training: {batch_size: 32, gradient_accumulation: 4, total_batch_size: 128}", 0),
        ("training: {batch_size: 32, gradient_accumulation: 4, total_batch_size: 130}", 0),  # within 2 %
        ("training: {batch_size: 32, gradient_accumulation: 4, total_batch_size: 124}", 1),
        # Accelerators that are not stated may multiply it; none divides it.
        ("training: {batch_size: 32, gradient_accumulation: 4, total_batch_size: 512}", 0),
        ("training: {batch_size: 32, total_batch_size: 16}", 0),
        (
            (
                "training: {batch_size: 32, gradient_accumulation: 4, total_batch_size: 1024}\n"
                "hardware: {training: {accelerator_count: 8}}"
            ),
            0,
        ),
        (
            (
                "training: {batch_size: 32, gradient_accumulation: 4, total_batch_size: 2048}\n"
                "hardware: {training: {accelerator_count: 8}}"
            ),
            1,
        ),
        ("hardware: {training: {energy: 10.0 kWh, energy_cpu: 4.0 kWh, energy_gpu: 7.0 kWh}}", 1),
        ("hardware: {training: {energy: 12.0 kWh, energy_cpu: 4.0 kWh, energy_gpu: 7.0 kWh}}", 0),
        (
            "hardware: {training: {energy: 12.0 kWh, energy_cpu: 4.0 kWh, energy_gpu: 6.0 kWh, energy_memory: 1 kWh}}",
            1,
        ),
        # 10 kWh of 0.4 kg/kWh are 4 kg; an overhead of 1.5 makes them up to 6 kg.
        (
            "hardware: {training: {energy: 10.0 kWh, carbon_intensity: 0.400 kg CO2e/kWh, carbon: 4.00 kg CO2e}}",
            0,
        ),
        (
            "hardware: {training: {energy: 10.0 kWh, carbon_intensity: 0.400 kg CO2e/kWh, carbon: 6.00 kg CO2e}}",
            1,
        ),
        (
            (
                "hardware: {training: {energy: 10.0 kWh, carbon_intensity: 0.400 kg CO2e/kWh, carbon: 6.00 kg CO2e,"
                " usage_effectiveness: 1.50}}"
            ),
            0,
        ),
        (
            (
                "hardware: {training: {energy: 10.0 kWh, carbon_intensity: 0.400 kg CO2e/kWh, carbon: 3.00 kg CO2e,"
                " usage_effectiveness: 1.50}}"
            ),
            1,
        ),
        ("training_data: {name: D, size: 300, datasets: [{name: a, size: 100}, {name: b, size: 200}]}", 0),
        ("training_data: {name: D, size: 400, datasets: [{name: a, size: 100}, {name: b, size: 200}]}", 1),
        ("training_data: {name: D, size: 400, datasets: [{name: a, size: 100}, {name: b}]}", 0),
        ("training_data: {name: D, size: 90, datasets: [{name: a, size: 100}, {name: b}]}", 1),
        (
            "training_data: {name: D, size: 100 to 200, datasets: [{name: a, size: 100}, {name: b, size: 200}]}",
            0,
        ),
    ],
)
def test_parts_and_their_whole(text: str, count: int) -> None:
    assert len(said(f"{text}\n", "FS256")) == count


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("{accelerator_count: 1, duration: 4 h, energy: 1.2 kWh}", []),
        # 1.15 GWh over 4.05 h, which the digits allow, are 284 MW.
        (
            "{accelerator_count: 1, duration: 4.0 h, energy: 1.2 GWh}",
            ["1.2 GWh implies for each accelerator, a power of 284 MW, far from what is usual: 1 W to 10 kW"],
        ),
        # 4.05 mWh over 3.95 h are 1.025 mW.
        (
            "{accelerator_count: 1, duration: 4.0 h, energy: 4.0 mWh}",
            [
                "4.0 mWh implies for each accelerator, a power of 1.025 mW, far from what is usual: 1 W to 10 kW"
            ],
        ),
        ("{energy: 1.0 kWh, carbon: 1.9 kg CO2e}", []),
        (
            "{energy: 1.000 kWh, carbon: 3.000 kg CO2e}",
            [
                "3.000 kg CO2e implies an intensity of 2.998 kg CO2e/kWh, far from what is usual: up to 2 kg CO2e/kWh"
            ],
        ),
        ("{energy: 1.000 kWh, carbon: 3.000 kg CO2e, carbon_intensity: 3.000 kg CO2e/kWh}", None),
    ],
)
def test_figures_that_cannot_be_beside_each_other(text: str, messages: list[str] | None) -> None:
    found = said(f"hardware: {{training: {text}}}\n", "FS258")
    assert found == (messages or [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("parameters: {power: 3 W, area: 1 mm²}", False),
        ("parameters: {power: 30.0 W, area: 1.00 mm²}", True),
        ("training: {optimiser: Adam, learning_rate: 0.1}", False),
        ("training: {optimiser: Adam, learning_rate: 0.5}", True),
        ("training: {optimiser: AdamW, learning_rate: 3}", True),
        ("training: {optimiser: SGD, learning_rate: 3}", False),
        ("hwa_training: {optimiser: Adam, learning_rate: 3}", True),
    ],
)
def test_density_and_steps(text: str, found: bool) -> None:
    assert bool(said(f"{text}\n", "FS258")) is found


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        # 2^8 = 256 levels; one less makes no difference of a bit, half as many does.
        ("hwa_training: {adc_bits: 8, adc_steps: 256}", []),
        ("hwa_training: {adc_bits: 8, adc_steps: 129}", []),
        ("hwa_training: {adc_bits: 8, adc_steps: 128}", ["128 steps are not those of 8 bits: 129 to 256"]),
        ("hwa_training: {adc_bits: 8, adc_steps: 257}", ["257 steps are not those of 8 bits: 129 to 256"]),
        ("hwa_training: {dac_bits: 7, dac_steps: 130}", ["130 steps are not those of 7 bits: 65 to 128"]),
    ],
)
def test_bits_and_steps(text: str, messages: list[str]) -> None:
    assert said(f"{text}\n", "FS257") == messages


REFERENCE = "references: [{id: %s, title: A title of a paper, authors: A. Author, year: %d, %s}]\n"


@pytest.mark.parametrize(
    ("key", "year", "more", "finds"),
    [
        ("author-2019", 2019, "venue: Journal 2019", False),
        ("author-2019", 2020, "venue: Journal 2020", False),  # a year between publication and proceedings
        ("author-2018", 2020, "venue: Journal 2020", True),
        ("author", 2020, "venue: Journal 2018", True),
        ("author", 2019, "venue: Journal 2018", False),
        ("author", 2018, 'arxiv: "1810.04805"', False),
        ("author", 2017, 'arxiv: "1810.04805"', False),
        ("author", 2012, 'arxiv: "1810.04805"', True),
        ("author", 2018, "doi: 10.1109/IEDM.2018.8614000", False),
        ("author", 2014, "doi: 10.1109/IEDM.2018.8614000", True),
    ],
)
def test_years_of_a_reference(key: str, year: int, more: str, finds: bool) -> None:
    assert bool(said(REFERENCE % (key, year, more), "FS509")) is finds


@pytest.mark.parametrize(
    ("stated", "scored", "found"),
    [
        ("test", "validation", True),
        ("test", "dev set", True),
        ("validation", "dev", False),
        ("test", "test", False),
        ("validation and test", "test", False),
        ("test", "a split of ours", False),
    ],
)
def test_scores_of_another_kind_of_split(stated: str, scored: str, found: bool) -> None:
    text = table(
        "task: A, scores: {chip: 91.40 %}",
        systems=ONE,
        more=f"      metric: accuracy\n      evaluation: {{split: {scored}}}\n",
    )
    messages = said(f"test_data: {{name: D, split: {stated}}}\n{text}", "FS214")
    assert messages == (
        [f"scores are from the split `{scored}`, the test data are `{stated}`"] if found else []
    )


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        (("A, scores: {chip: 90 %}", "B, scores: {chip: 90 %}"), []),
        (
            ("A, scores: {chip: 90 %}", "A, scores: {chip: 90 %}"),
            ["A has two rows, with the same scores"],
        ),
        (
            ("A, scores: {chip: 90 %}", "a, scores: {chip: 80 %}"),
            ["a has two rows, with different scores"],
        ),
        (
            ("A, note: One way., scores: {chip: 90 %}", "A, note: Another way., scores: {chip: 80 %}"),
            [],
        ),
        (
            ("A, note: One way., scores: {chip: 90 %}", "A, note: One way., scores: {chip: 80 %}"),
            ["A has two rows, with different scores"],
        ),
        (
            ("A, note: One way., scores: {chip: 90 %}", "A, scores: {chip: 80 %}"),
            ["A has two rows, with different scores"],
        ),
        (("A, scores: {chip: 90 %}", "A, metric: F1, scores: {chip: 90 %}"), []),
    ],
)
def test_rows_that_come_twice(rows: tuple[str, ...], messages: list[str]) -> None:
    assert said(table(*(f"task: {row}" for row in rows), more=ACCURACY, systems=ONE), "FS246") == messages
