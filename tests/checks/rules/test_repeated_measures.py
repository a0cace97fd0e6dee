"""Measures, sizes with two sides, nodes, intervals and names of operating points in texts, against their fields."""

from __future__ import annotations

import pytest
from one_rule import findings, messages

from factsheet.checks.rules.wording.prose_figure_against_field import RULE


def said(what: str) -> str:
    """Return the message, of its two figures."""
    written, stated = what.split(" | ")
    return f"the text says {written}, and the sheet states {stated}"


def summary(sentence: str, fields: str) -> str:
    return f"{fields}\npurpose: {{summary: '{sentence}'}}\n"


TILE = "parameters: {tile: {rows: 256, cols: 128}}"
IMAGES = "model_architecture: {mlp: {sizes: [%d, 32, 10]}}"
NODE = "hardware: {inference: {chip: %s, node: 14 nm}}"
EVERY = "performance: {refresh_interval: 168 h}"
POWER = "parameters: {power: 3.13 W}"
MANY = "parameters: {power: 3.13 W, operating_points: [%s]}"


def many(number: int) -> str:
    """Powers at so many operating points, and the one of the sheet."""
    return MANY % ", ".join(f"{{seq_len: {8 * i}, batch: 1, power: {i}.5 W}}" for i in range(1, number + 1))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Rows and columns either way round; fewer than 8 on a side are a grid of tiles.
        (summary("It has tiles of 256 x 128.", TILE), []),
        (summary("It has tiles of 128 x 256.", TILE), []),
        (summary("It has tiles of 256 x 256.", TILE), ["256 x 256 | tiles of 256 x 128"]),
        (summary("It has 256 x 256 tiles.", TILE), ["256 x 256 tiles | tiles of 256 x 128"]),
        (summary("It has tiles of 8 x 256.", TILE), ["8 x 256 | tiles of 256 x 128"]),
        (summary("It has tiles of 7 x 256.", TILE), []),
        (summary("It has tiles of 256 x 7.", TILE), []),
        (summary("It has tiles of 64.", TILE), []),
        (summary("It has 64 tiles.", TILE), []),
        (summary("It has 64 x 64 small tiles.", TILE), []),  # a word between says which
        (summary("On the first two tiles it has tiles of 64 x 64.", TILE), []),
        (summary("It may have tiles of 64 x 64.", TILE), []),
        (summary("Unlike others it has tiles of 64 x 64.", TILE), []),
        (
            summary("It has tiles of 256 x 128. It has tiles of 64 x 64.", TILE),
            ["64 x 64 | tiles of 256 x 128"],
        ),
        (
            summary("It has tiles of 7 x 7. It has tiles of 64 x 64.", TILE),
            ["64 x 64 | tiles of 256 x 128"],
        ),
        (
            summary("It may have tiles of 32 x 32. It has tiles of 64 x 64.", TILE),
            ["64 x 64 | tiles of 256 x 128"],
        ),
        # 28 · 28 = 784 inputs, or 3 · 16 · 16 = 768 with colours.
        (summary("It sees 28 x 28 pixels.", IMAGES % 784), []),
        (summary("It sees 32 x 32 pixels.", IMAGES % 784), ["32 x 32 pixels | 784 inputs"]),
        (summary("It sees 16 x 16 pixels.", IMAGES % 768), []),
        (summary("It sees 24 x 32 pixels.", IMAGES % 768), []),
        (summary("It sees 16 x 16 pixels.", IMAGES % 767), ["16 x 16 pixels | 767 inputs"]),
        (summary("Its window of 16 x 16 pixels.", IMAGES % 784), []),
        (
            "test_data: {name: D, split: 32 x 32 pixels}\n" + IMAGES % 784 + "\n",
            ["32 x 32 pixels | 784 inputs"],
        ),
        ("hardware: {inference: {chip: 32 x 32 pixels}}\n" + IMAGES % 784 + "\n", []),
        # Process nodes; in a name, whatever else it says.
        (summary("It is made in 14 nm.", NODE % "A chip"), []),
        (summary("It is made in 22 nm.", NODE % "A chip"), ["22 nm | 14 nm"]),
        (summary("It is made in 22-nm technology.", NODE % "A chip"), ["22-nm | 14 nm"]),
        (summary("Its oxide is 22 nm thick.", NODE % "A chip"), []),
        (summary("It may be made in 22 nm.", NODE % "A chip"), []),
        (summary("Unlike others it is made in 22 nm.", NODE % "A chip"), []),
        (summary("The host is a GPU in 22 nm.", NODE % "A chip"), []),
        (summary("It is made in 14 nm. It is made in 22 nm.", NODE % "A chip"), ["22 nm | 14 nm"]),
        (summary("It may be made in 7 nm. It is made in 22 nm.", NODE % "A chip"), ["22 nm | 14 nm"]),
        (NODE % "A digital 22 nm chip" + "\n", ["22 nm | 14 nm"]),
        (NODE % "A chip" + "\nsetup: {framework: For 22 nm}\n", []),
        # Intervals of programming.
        (summary("It is refreshed every week.", EVERY), []),
        (summary("It is refreshed every month.", EVERY), ["every month | 168 h"]),
        (summary("It is refreshed every day.", EVERY), ["every day | 168 h"]),
        (summary("It is refreshed every seven days.", EVERY), []),
        (summary("It is refreshed every two days.", EVERY), ["every two days | 168 h"]),
        (summary("It is written again every month.", EVERY), ["every month | 168 h"]),
        (summary("It is refreshed every 168 days.", EVERY), []),  # the same digits are another rule's
        (summary("It is refreshed every 2 weeks.", EVERY), ["every 2 weeks | 168 h"]),
        (summary("It is refreshed every other week.", EVERY), []),
        (summary("At 40 degrees it is refreshed every month.", EVERY), []),
        (summary("It is refreshed every month at 40 degrees.", EVERY), []),
        (summary("It is refreshed every day in the first week.", EVERY), []),
        (summary("It may be refreshed every month.", EVERY), []),
        (summary("Unlike others it is refreshed every month.", EVERY), []),
        (summary("It is refreshed every week, or refreshed every month.", EVERY), []),
        (
            summary("It is refreshed every 168 days. It is refreshed every month.", EVERY),
            ["every month | 168 h"],
        ),
        (summary("It is cleaned every month.", EVERY), []),
        ("performance: {refresh_interval: 168 h}\nsetup: {framework: Refreshed every month}\n", []),
        ("purpose: {summary: It is refreshed every month.}\nperformance: {summary: It is there.}\n", []),
        # Power, of the whole and as it is; three digits that the sheet has with another unit are another rule's.
        (summary("It draws 3.13 W.", POWER), []),
        (summary("It draws 4.2 W.", POWER), ["4.2 W | 3.13 W"]),
        (summary("It draws 3.13 mW.", POWER), []),
        (summary("It draws 31 mW.", "parameters: {power: 31 W}"), ["31 mW | 31 W"]),
        (summary("Each tile draws 4.2 W.", POWER), []),
        (summary("The host draws 4.2 W.", POWER), []),
        (summary("It may draw more: it draws 4.2 W if warm.", POWER), []),
        (summary("The last draws 4.2 W.", POWER), []),
        (summary("Unlike others it draws 4.2 W.", POWER), []),
        (summary("It draws 3.13 W. It draws 4.2 W.", POWER), ["4.2 W | 3.13 W"]),
        (summary("It draws 3.13 mW. It draws 4.2 W.", POWER), ["4.2 W | 3.13 W"]),
        (summary("It takes 4.2 ms.", POWER), []),
        ("hardware: {training: {energy: 5 kWh}}\n" + summary("It needs 4.2 J.", POWER), []),
        (
            summary("It draws 40.2 W.", many(5)),
            ["40.2 W | 3.13 W and 1.5 W and 2.5 W and 3.5 W and 4.5 W and 5.5 W"],
        ),
        (summary("It draws 40.2 W.", many(6)), []),
        (summary("It draws 4.5 W.", many(5)), []),
        # Years of data are those of their references.
        (
            (
                "test_data: {name: D, references: [a], notes: The images are from 2011.}\n"
                "references: [{id: a, title: A, year: 2010}, {id: b, title: B, year: 2011}]\n"
            ),
            ["from 2011 | 2010"],
        ),
        (
            (
                "test_data: {name: D, references: [a], notes: The images are from 2010.}\n"
                "references: [{id: a, title: A, year: 2010}]\n"
            ),
            [],
        ),
        ("test_data: {name: D, notes: The images are from 2011.}\n", []),
        (
            (
                "test_data: {name: D, references: [a], notes: Unlike others the images are from 2011.}\n"
                "references: [{id: a, title: A, year: 2010}]\n"
            ),
            [],
        ),
        (
            (
                "test_data: {name: D, references: [a], split: images from 2011}\n"
                "references: [{id: a, title: A, year: 2010}]\n"
            ),
            [],
        ),
    ],
)
def test_a_measure_in_a_text(text: str, found: list[str]) -> None:
    assert messages(RULE, text) == list(map(said, found))


def named(point: str) -> str:
    return f"parameters: {{operating_points: [{{total_ops: 1 G ops, {point}}}]}}\n"


@pytest.mark.parametrize(
    ("text", "found", "field"),
    [
        (named("seq_len: 32, batch: 4, name: 32 tokens"), [], ""),
        (named("seq_len: 32, batch: 4, name: 64 tokens"), ["64 tokens | 32"], "seq_len"),
        (named("seq_len: 32, batch: 4, name: sequence length 64"), ["64 | 32"], "seq_len"),
        (named("seq_len: 32, batch: 4, name: 64 padded tokens"), [], ""),
        (named("seq_len: 32, batch: 4, name: 8 images"), ["8 images | 4"], "batch"),
        (named("seq_len: 32, batch: 4, name: batch of 8"), ["8 | 4"], "batch"),
        (named("seq_len: 32, batch: not stated, name: batch of 8"), [], ""),
        (named("seq_len: 32, batch: 4, name: 'batch of 4, batch of 8'"), [], ""),  # the first one
        (named("seq_len: 32, batch: 4"), [], ""),
    ],
)
def test_the_name_of_an_operating_point(text: str, found: list[str], field: str) -> None:
    several = findings(RULE, text)
    assert [one.message for one in several] == list(map(said, found))
    assert all(one.help == f"correct whichever is wrong: this name, or `{field}`" for one in several)
    assert all(one.related[0][0] == ("parameters", "operating_points", 0, field) for one in several)
