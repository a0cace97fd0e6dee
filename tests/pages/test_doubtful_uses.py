"""What a first screen says of uses that a network cannot be for, and of hardware that the sheet is silent on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.pages.rendering import PageSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

HEAD = """\
factsheet: 1
overview: {name: A sheet, model: A model, status: review}
purpose: {applications: [sentiment, USE]}
model_architecture: {family: FAMILY}
"""


@pytest.mark.parametrize(
    ("family", "use", "doubted"),
    [
        # An encoder has no part that writes a text word by word (Devlin et al. 2019, section 3; Vaswani et al. 2017).
        ("transformer encoder", "abstractive summarisation", True),
        ("bidirectional encoder", "machine translation", True),
        ("transformer encoder", "story generation", True),
        ("transformer encoder", "extractive question answering", False),
        ("transformer encoder", "detecting generated text", False),
        ("transformer encoder and decoder", "abstractive summarisation", False),
        ("encoder-decoder", "translation", False),
        ("transformer decoder", "story generation", False),
    ],
)
def test_a_use_that_needs_text_to_be_written_is_doubted_of_an_encoder(
    make_sheet: Callable[[str], SheetFields], family: str, use: str, doubted: bool
) -> None:
    sheet = make_sheet(HEAD.replace("USE", use).replace("FAMILY", family))
    said = " ".join(PageSet(sheet).page("business-expert").opening.answer)
    assert (f"{use} (doubtful)" in said) is doubted
    assert ("text, which an encoder by itself cannot" in said) is doubted
    assert "sentiment (doubtful)" not in said


@pytest.mark.parametrize("view", ["hardware-researcher", "ai-engineer", "software-developer"])
def test_who_asks_for_digital_hardware_reads_the_estimates_that_there_are(
    bert: SheetFields, view: ViewName
) -> None:
    opening = PageSet(bert).page(view).opening
    row = next(row for row in opening.glance if row.label == "On digital hardware")
    assert row.text.startswith("NVIDIA V100, FP16: ")
    assert "estimated here, not measured" in row.origin
    assert "digital hardware" not in opening.unknown_line


def test_what_a_business_reads_first_has_no_words_of_benchmarks(bert: SheetFields) -> None:
    page = PageSet(bert).page("business-expert")
    opening = page.opening
    said = " ".join(
        (
            *opening.answer,
            *(f"{one.name} {one.value} {one.condition}" for one in opening.figures),
            *(text for _, text in opening.caveats if "Table 1 of the BERT paper" not in text),
            *(f"{row.label} {row.text}" for row in opening.glance),
            opening.unknown_line,
            page.summary.basis or "",
        )
    )
    for word in ("points", "tokens", "conductance drift", "metrics", "(Table 1)", "rounded averages"):
        assert word not in said, word


def test_an_interval_far_longer_than_its_lower_end_shows_both(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    shown = []
    for earliest in ("3 h", "2 weeks"):
        sheet = make_sheet(
            "factsheet: 1\noverview: {name: A sheet, model: A model}\n"
            f"performance: {{refresh_interval: 4 weeks, refresh_earliest: {earliest}}}\n"
        )
        figures = PageSet(sheet).page("ai-engineer").opening.figures
        shown += [one.value for one in figures if one.path == "performance.refresh_interval"]
    assert shown == ["3 h to 4 weeks", "4 weeks"]
