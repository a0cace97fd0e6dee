"""What a business decides by: whether the hardware can be had, what it saves, and no word that is not so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.pages.rendering import PageSet
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
    from factsheet.pages.first_screen import KeyFigure, Opening
    from factsheet.readers.roles import ViewName


def opening(view: ViewName = "business-expert", **sections: Any) -> Opening:
    data = {"factsheet": 1, "overview": {"name": "A", "model": "M"}, **sections}
    sheet, misfits = read_factsheet(data)
    assert sheet is not None
    assert misfits == ()
    return PageSet(sheet).page(view).opening


def card(found: Opening, name: str) -> KeyFigure | None:
    return next((figure for figure in found.figures if figure.name == name), None)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("simulated only", "No: simulated only"),
        ("research prototype", "Prototype only"),
        ("A test chip in a laboratory.", "Prototype only"),
        ("under design", "No: not built"),
        ("not built; planned for 2028", "No: not built"),
        # Words that say the opposite, or nothing that we know: better no card than a wrong one.
        ("no longer a prototype", None),
        ("beyond the stage of a prototype; in production", None),
        ("in production since 2024", None),
    ],
)
def test_whether_it_can_be_bought_follows_from_the_words_of_the_sheet(state: str, word: str | None) -> None:
    found = card(opening(hardware={"inference": {"maturity": state}}), "Can it be bought?")
    assert (None if found is None else found.value) == word


@pytest.mark.parametrize(
    "said", ["It cannot be bought: prototypes.", "The chip is not for sale.", "It is not sold."]
)
def test_what_is_not_for_sale_is_said_to_be_so(said: str) -> None:
    inference = {"maturity": "prototypes under design", "summary": said}
    found = card(opening(hardware={"inference": inference}), "Can it be bought?")
    assert found is not None
    assert (found.value, found.condition) == ("No: not for sale", "prototypes under design")


@pytest.mark.parametrize(
    ("digital", "value", "condition"),
    [
        # 1,000 inferences for a joule instead of 250: a quarter of the energy for each.
        (
            "250 inferences/s/W",
            "75 % of the energy",
            "4 times as many answers for each joule as the digital alternative",
        ),
        (
            "2000 inferences/s/W",
            "Nothing",
            "0.5 times as many answers for each joule as the digital alternative",
        ),
        (None, "Not known", "the sheet has no energy of digital hardware"),
    ],
)
def test_what_it_saves_is_a_share_or_not_known(digital: str | None, value: str, condition: str) -> None:
    stated = {"energy_efficiency": "1000 inferences/s/W"}
    found = card(
        opening(performance={**stated, **({"energy_baseline": digital} if digital else {})}), "What it saves"
    )
    assert found is not None
    assert (found.value, found.condition) == (value, condition)


def test_a_draft_is_asked_for_no_saving() -> None:
    assert opening().figures == ()


def test_what_makes_a_comparison_unfair_stands_before_its_difference() -> None:
    scores = {"digital": "81.0 %", "analog": "80.0 %"}
    table = {
        "name": "T",
        "metric": "accuracy",
        "systems": [
            {"id": "digital", "name": "Paper", "kind": "digital", "source": "cited"},
            {"id": "analog", "name": "Chip", "kind": "analog", "source": "measured"},
        ],
        "tasks": [{"task": "a", "scores": scores}, {"task": "b", "scores": scores}],
        "averages": scores,
    }
    erratum = {
        "at": "performance.results[0].tasks[0].scores.digital",
        "published": "81.0 %",
        "problem": "The paper has another score.",
        "consequence": "This is no fair comparison: one score is another one.",
    }
    found = opening("algorithm-designer", performance={"results": [table]}, errata=[erratum])
    gap = card(found, "Analog minus digital score")
    assert gap is not None
    assert (gap.warning, gap.value) == ("This is no fair comparison", "−1.0 points")
    gap_in_words = "on average over 2 tasks the analog model is 1.0 points below the digital one."
    assert found.answer[0] == f"{erratum['consequence']} As published, {gap_in_words}"
    digital, analog = (
        next((figure for figure in found.figures if figure.path.endswith(f".averages.{side}")), None)
        for side in ("digital", "analog")
    )
    assert digital is not None
    assert analog is not None
    # Both are the means of their columns; the one with a score in doubt gets no tick for that.
    assert (digital.mark.check, digital.check_in_sight) == ("agrees", "")
    assert analog.check_in_sight == "✓ is the mean of its scores"
    without = opening("algorithm-designer", performance={"results": [table]})
    gap = card(without, "Analog minus digital score")
    assert gap is not None
    assert (gap.warning, gap.value) == ("", "−1.0 points (worse)")


def test_a_gap_within_the_reach_of_its_scores_is_called_neither_better_nor_worse() -> None:
    def made(analog: str) -> Opening:
        table = {
            "name": "T",
            "metric": "error rate",
            "systems": [
                {"id": "digital", "name": "Paper", "kind": "digital"},
                {"id": "analog", "name": "Chip", "kind": "analog"},
            ],
            "tasks": [{"task": "a", "scores": {"digital": "17.47 %", "analog": analog}}],
        }
        return opening("algorithm-designer", performance={"results": [table]})

    # Rasch et al. 2023: 17.55 ± 0.12 % on the hardware, 17.47 % in floating point.
    within = made("17.55 % ± 0.12 %")
    gap = card(within, "Analog minus digital score")
    assert gap is not None
    assert gap.value == "+0.08 points"
    assert gap.condition.startswith("no more than the ± of the scores")
    assert within.answer[0].endswith("which is within the ± of the scores.")
    beyond = card(made("17.99 % ± 0.12 %"), "Analog minus digital score")
    assert beyond is not None
    assert beyond.value == "+0.52 points (worse)"


def test_an_energy_says_what_it_includes() -> None:
    for boundary, words in (("board", "the board, with memory and supply"), ("tile", "the tiles alone")):
        stated = {"energy_efficiency": "566 inferences/s/W", "energy_boundary": boundary}
        energy = card(opening(performance=stated), "Energy of a million answers")
        assert energy is not None
        assert energy.condition.startswith(f"{words}; ")


def test_digital_work_is_said_to_be_left_out_where_no_figure_of_the_chip_holds_it() -> None:
    encoder = {
        "layers": 2,
        "heads": 2,
        "hidden_size": 64,
        "intermediate_size": 128,
        "vocabulary": 100,
        "positions": 64,
    }

    def times(profile: str) -> str:
        found = opening(
            "software-developer",
            model_architecture={"transformer_encoder": encoder},
            hardware={"inference": {"profile": profile}},
            parameters={"operating_points": [{"seq_len": 32, "batch": 1}]},
        )
        return next(row.origin for row in found.glance if row.label.startswith("Time for one input"))

    # profiles/ibm-2022.yaml: `covers: {time: [movement, digital]}`, as its constants are fitted to whole networks;
    # profiles/isaac-ce.yaml has no time of digital units, and covers none.
    assert "digital work" not in times("ibm-2022")
    assert times("isaac-ce").endswith(", in which digital work takes no time")
