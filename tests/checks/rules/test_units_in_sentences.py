"""The same digits with another unit: which digits tell a figure apart, which units follow, which sentences mean it."""

from __future__ import annotations

import pytest
from one_rule import findings, messages

from factsheet.checks.rules.wording.unit_in_prose import RULE, digits_of


@pytest.mark.parametrize(
    ("text", "digits", "distinctive"),
    [
        ("3 W", "3", 1),
        ("300 W", "300", 1),
        ("31 W", "31", 2),
        ("3.1 W", "3.1", 3),  # one behind a point counts extra
        ("3.0 W", "3.0", 1),
        ("0.3 W", "0.3", 1),
        ("3.13 W", "3.13", 4),
        ("1,024 µm", "1,024", 4),
        ("about 313 W, 5 W", "313", 3),
    ],
)
def test_how_many_digits_tell_a_figure_apart(text: str, digits: str, distinctive: int) -> None:
    assert digits_of(text) == (digits, distinctive)


def sheet(sentence: str, fields: str) -> str:
    """Return a sheet with a sentence about it in another section."""
    return f"purpose: {{summary: '{sentence}'}}\n{fields}\n"


def beside(sentence: str, fields: str) -> str:
    """Return a sheet with a sentence in the section of its figures."""
    return f"parameters: {{notes: '{sentence}', {fields}}}\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (sheet("It draws 3.13 mW.", "parameters: {power: 3.13 W}"), "3.13 mW | 3.13 W"),
        (sheet("It draws 3.13 W.", "parameters: {power: 3.13 W}"), ""),
        (sheet("It draws 3.13 J.", "parameters: {power: 3.13 W}"), ""),
        (sheet("It draws 3.13 much.", "parameters: {power: 3.13 W}"), ""),
        (sheet("It draws 3.13.", "parameters: {power: 3.13 W}"), ""),
        (sheet("It draws 3.13mW.", "parameters: {power: 3.13 W}"), "3.13mW | 3.13 W"),
        (sheet("It draws 3.13 mW, as it was.", "parameters: {power: 3.13 W}"), "3.13 mW | 3.13 W"),
        # No part of a longer number.
        (sheet("It draws 13.13 mW.", "parameters: {power: 3.13 W}"), ""),
        (sheet("It draws 3.135 mW.", "parameters: {power: 3.13 W}"), ""),
        (sheet("It draws 3.13.5 mW.", "parameters: {power: 3.13 W}"), ""),
        (sheet("It draws 2-3.13 mW.", "parameters: {power: 3.13 W}"), ""),
        (sheet("It draws 3.13 W, or 3.13 mW.", "parameters: {power: 3.13 W}"), "3.13 mW | 3.13 W"),
        # A value that another figure has is right; one of many is enough.
        (
            sheet(
                "It draws 3.13 mW.",
                "parameters: {power: 3.13 W, operating_points: [{seq_len: 8, batch: 1, power: 3.13 mW}]}",
            ),
            "",
        ),
        (
            sheet(
                "It draws 3.13 mW.",
                "parameters: {operating_points: [{seq_len: 8, batch: 1, power: 3.13 mW}], power: 3.13 W}",
            ),
            "",
        ),
        (sheet("It draws 3.13 mW.", "parameters: {power: 3.13 W, area: 4.00 mm²}"), "3.13 mW | 3.13 W"),
        # Ranges, and what is often a bare number, are left alone.
        (sheet("It draws 3.13 mW.", "parameters: {power: up to 3.13 W}"), ""),
        (sheet("It has 313 thousand.", "parameters: {devices: 313 million}"), ""),
        # Four digits are those of the figure, three unless the sentence is about a part.
        (sheet("Each tile draws 3.13 mW.", "parameters: {power: 3.13 W}"), "3.13 mW | 3.13 W"),
        (sheet("Each tile draws 313 mW.", "parameters: {power: 313 W}"), ""),
        (sheet("It draws 313 mW.", "parameters: {power: 313 W}"), "313 mW | 313 W"),
        # Two only in their own section, in a sentence about that.
        (sheet("It draws 31 mW.", "parameters: {power: 31 W}"), ""),
        (beside("It draws 31 mW.", "power: 31 W"), "31 mW | 31 W"),
        (beside("Each draws 31 mW.", "power: 31 W"), ""),
        (beside("There are 31 mW.", "power: 31 W"), ""),
        (beside("It measures 31 cm².", "area: 31 mm²"), ""),
        (beside("The chip has 31 cm².", "area: 31 mm²"), "31 cm² | 31 mm²"),
        (beside("It draws 3 mW.", "power: 3 W"), ""),
        # But for the interval of programming, even one.
        (
            "performance: {refresh_interval: 1 day, summary: It is programmed every 1 week.}\n",
            "1 week | 1 day",
        ),
        ("performance: {refresh_interval: 1 day, summary: It is looked at every 1 week.}\n", ""),
        ("performance: {refresh_interval: 1 day}\npurpose: {summary: It is programmed every 1 week.}\n", ""),
        # Which way a difference goes may be said in words.
        ("robustness: {drift_loss: -1.85 %, summary: It is 1.85 points below.}\n", ""),
        ("robustness: {drift_loss: 1.85 %, summary: It is 1.85 points below.}\n", ""),
        # A name, or what a reference says, is none of the sheet's sentences.
        ("parameters: {power: 3.13 W}\nhardware: {inference: {chip: A chip of 3.13 mW}}\n", ""),
        ("parameters: {power: 3.13 W}\nreferences: [{id: a, title: A chip of 3.13 mW}]\n", ""),
    ],
)
def test_digits_with_another_unit(text: str, found: str) -> None:
    expected = found.split(" | ")
    assert messages(RULE, text) == (
        [f"the text says {expected[0]}, and the sheet states {expected[1]}"] if found else []
    )


def test_the_fix_writes_the_figure_of_the_sheet() -> None:
    (finding,) = findings(RULE, sheet("It draws 3.13 mW.", "parameters: {power: 3.13 W}"))
    (change,) = finding.changes
    assert (change.path, change.text, change.word) == (("purpose", "summary"), "3.13 W", "3.13 mW")
    assert finding.help == "write 3.13 W here, or correct `power`"
