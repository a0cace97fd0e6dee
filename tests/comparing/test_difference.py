"""What changed between two versions of a sheet: what each kind of edit means, and what holds for all of them."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.cli.comparing.versions import version_of
from factsheet.comparing.difference import ComparedVersion, difference
from factsheet.comparing.difference_report import difference_markdown, difference_text
from factsheet.reports.text import Style
from factsheet.sheet.load import read_factsheet
from factsheet.source.dumping import dump_yaml
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.comparing.changes import AnswerChange
    from factsheet.comparing.difference import SheetDifference

SHEETS = [
    Path(__file__).parents[2] / "sheets" / f"{name}.yaml" for name in ("albert", "bert", "digits", "language")
]
SHEET = """\
factsheet: 1
overview: {name: A sheet, model: A model}
provenance: {source: declared, evidence: paper}
parameters:
  power: {value: 3.00 W, tolerance: {within: 5 %, reason: A first sample.}}
  area: 780.4 mm²
  operating_points:
    - {seq_len: 32, batch: 4, execution_time: 0.19 ms}
    - {seq_len: 128, batch: 4, execution_time: 0.61 ms}
hwa_training:
  non_idealities: [read noise, drift]
performance:
  summary: It is fast, and nearly as good as the digital model.
  energy_efficiency: 6589 inferences/s/W
  refresh_interval: 4 weeks
  throughput: {not_disclosed: The paper does not say.}
  results:
    - name: GLUE
      metric: accuracy
      systems:
        - {id: analog, name: Chip, kind: analog}
        - {id: digital, name: GPU, kind: digital}
      tasks:
        - {task: MNLI, scores: {analog: 82.12 %, digital: 83.40 %}}
        - {task: WNLI, metric: error rate, scores: {analog: 12.0 %, digital: 11.0 %}}
robustness:
  drift_loss: 0.80 %
references:
  - {id: paper, title: A paper, year: 2022}
  - {id: other, title: Another paper, year: 2023}
"""


def version(text: str, name: str = "sheet") -> ComparedVersion:
    document = load_bytes(text.encode(), name).document
    assert document is not None
    sheet, misfits = read_factsheet(document.data)
    return ComparedVersion(name=name, sheet=sheet, misfits=misfits)


def of_data(data: Any) -> ComparedVersion:
    sheet, misfits = read_factsheet(data)
    assert sheet is not None
    return ComparedVersion(name="sheet", sheet=sheet, misfits=misfits)


def edited(*edits: tuple[str, str]) -> SheetDifference:
    text = SHEET
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return difference(version(SHEET), version(text))


def the_change(*edits: tuple[str, str]) -> AnswerChange:
    (change,) = edited(*edits).changes
    return change


@pytest.mark.parametrize(
    ("old", "new", "kind", "effect", "words"),
    [
        # 6391 / 6589 - 1 = -3.005 %; 781 / 780.4 - 1 = 0.077 %; 3.1 / 3 - 1 = 3.33 %; 0.6 / 0.61 - 1 = -1.64 %.
        ("6589 inf", "6391 inf", "figure", "worse", "−3.0 %, worse"),
        ("6589 inf", "6787 inf", "figure", "better", "+3.0 %, better"),
        ("780.4 mm²", "7.804 cm²", None, None, ""),
        ("780.4 mm²", "390.2 mm²", "figure", "better", "−50.0 %, better"),
        ("780.4 mm²", "2341.2 mm²", "figure", "worse", "3 times as much, worse"),
        ("780.4 mm²", "approx. 781 mm²", "figure", None, "+0.08 %, within what both say"),
        ("3.00 W", "3.10 W", "figure", None, "+3.3 %, within its tolerance of 5 %"),
        ("3.00 W", "3.30 W", "figure", "worse", "+10.0 %, outside its tolerance of 5 %, worse"),
        ("0.61 ms", "0.60 ms", "figure", "better", "−1.6 %, better"),
        ("0.80 %", "0.60 %", "figure", "better", "−0.2 percentage points, better"),
        ("0.80 %", "0.80 % ± 0.10 %", "digits", None, "the same figure, with another range"),
        ("4 weeks", "28 days", "digits", None, "the same figure, in other digits"),
        ("4 weeks", "1 week", "figure", "worse", "−75.0 %, worse"),
        ("82.12 %", "81.12 %", "figure", "worse", "−1 percentage points, worse"),
        ("analog: 12.0 %", "analog: 11.0 %", "figure", "better", "−1 percentage points, better"),
        # The digital system is what the chip is compared with: it makes the sheet neither better nor worse.
        ("83.40 %", "83.90 %", "figure", None, "+0.5 percentage points"),
        ("4 weeks", "{not_evaluated: Not yet.}", "withdrawn", "worse", "has no value any more"),
        ("{not_disclosed: The paper does not say.}", "21 kHz", "answered", "better", "was answered"),
        ("The paper does not say.", "It is not said.", "reason", None, "its reason was reworded"),
        ("not_disclosed: The paper", "not_evaluated: The paper", "reason", None, "another reason"),
        ("780.4 mm²", "{value: 780.4 mm², source: measured}", "provenance", "better", "declared before, measured now"),
        ("780.4 mm²", "{value: 780.4 mm², note: Effective.}", "note", None, "its note"),
        ("780.4 mm²", "{value: 780.4 mm², at: {batch: 4}}", "condition", None, "operating point"),
        ("within: 5 %", "within: 50 %", "condition", None, "tolerance"),
        ("[read noise, drift]", "[drift, read noise]", None, None, ""),
        ("[read noise, drift]", "[drift, ADC noise]", "list", None, "new: ADC noise; gone: read noise"),
        ("nearly as good", "as good", "wording", None, "reworded"),
        ("\n  area: 780.4 mm²", "", "removed", "worse", "gone"),
        ("area: 780.4", "tiles: 480\n  area: 780.4", "added", "better", "new"),
    ],
)  # fmt: skip
def test_an_edit_is_told_by_what_it_means(
    old: str, new: str, kind: str | None, effect: str | None, words: str
) -> None:
    changes = edited((old, new)).changes
    if kind is None:
        assert not changes
        return
    found = [(change.kind, change.effect, change.words) for change in changes]
    assert (kind, effect, words) in found
    assert len(found) == 1 or kind == "provenance"  # its evidence is another then, too


def test_a_tolerance_that_came_with_the_change_does_not_excuse_it() -> None:
    changed = edited(
        ("6589 inferences/s/W", "{value: 5000 inferences/s/W, tolerance: {within: 50 %, reason: So.}}")
    )
    assert [change.kind for change in changed.regressions] == ["figure"]


def test_figures_of_other_things_are_not_judged() -> None:
    changed = edited(
        ("refresh_interval", "energy_boundary: wall\n  refresh_interval"), ("6589 inf", "3000 inf")
    )
    (figure,) = (change for change in changed.changes if change.kind == "figure")
    assert figure.effect is None
    assert "of the chip before, of the wall now" in figure.words


def test_rows_are_matched_by_what_names_them() -> None:
    first = "    - {seq_len: 32, batch: 4, execution_time: 0.19 ms}\n"
    second = "    - {seq_len: 128, batch: 4, execution_time: 0.61 ms}\n"
    assert not edited((first + second, second + first)).changes
    change = the_change((first + second, second + first), ("0.61 ms", "0.62 ms"))
    assert change.place == "parameters.operating_points[seq_len=128, batch=4].execution_time"


def test_a_row_that_is_called_otherwise_is_the_same_row() -> None:
    change = the_change(("task: MNLI", "task: MNLI-m"))
    assert (change.old, change.new, change.words) == (
        "task=MNLI",
        "task=MNLI-m",
        "the row is called otherwise",
    )


def test_a_point_is_known_by_its_length_and_batch() -> None:
    change = the_change(("{seq_len: 32, batch: 4, ", "{seq_len: 32, batch: 4, name: short sentences, "))
    assert change.place == "parameters.operating_points[seq_len=32, batch=4].name"


def test_a_row_that_is_gone_is_one_change_with_all_its_answers() -> None:
    change = the_change(("        - {task: MNLI, scores: {analog: 82.12 %, digital: 83.40 %}}\n", ""))
    assert (change.kind, change.effect) == ("removed", "worse")
    assert len(change.parts) == len(("analog", "digital"))


def test_a_reference_that_vanished_counts_where_it_was_cited() -> None:
    cited = edited(("  - {id: paper, title: A paper, year: 2022}\n", "")).changes
    assert [(c.effect, c.words) for c in cited] == [("worse", "gone: a reference, which is cited 1 time")]
    spare = edited(("  - {id: other, title: Another paper, year: 2023}\n", "")).changes
    assert [(c.effect, c.words) for c in spare] == [(None, "gone: a reference, which is cited by nothing")]


def test_provenance_of_many_figures_is_one_change() -> None:
    change = the_change(("source: declared", "source: measured"))
    assert (change.place, change.effect) == ("provenance.source", "better")
    assert "declared before, measured now" in change.words


def test_provenance_that_moved_to_another_place_is_no_change() -> None:
    assert not edited(
        ("parameters:\n", "parameters:\n  provenance: {source: declared, evidence: paper}\n")
    ).changes


def test_what_does_not_fit_is_said_and_counts_against_the_new_version() -> None:
    changed = edited(("area: 780.4 mm²", "area: 780 mm"))
    assert {change.kind for change in changed.regressions} == {"unfit", "removed"}
    assert any("parameters.area" in line for line in changed.left_out)
    assert "Left out" in difference_text(changed, Style())


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_comments_layout_and_order_never_count(file: Path) -> None:
    text = file.read_text("utf-8")
    document = load_bytes(text.encode(), "sheet").document
    assert document is not None
    order = random.Random(7)  # noqa: S311  no secret
    laid_out = "# Another comment.\n" + dump_yaml(shuffled(document.data, order))
    assert laid_out.splitlines()[2:] != text.splitlines()[2:]
    changed = difference(version(text), version(laid_out))
    assert not changed.changes


def shuffled(data: Any, order: random.Random) -> Any:
    """The same data with the keys of mappings and the rows of lists in another order."""
    if isinstance(data, dict):
        keys = order.sample(list(data), len(data))
        return {key: shuffled(data[key], order) for key in keys}
    if isinstance(data, list):
        numbers = all(isinstance(entry, int) for entry in data)
        return [shuffled(entry, order) for entry in (data if numbers else order.sample(data, len(data)))]
    return data


_TURNED = {"added": "removed", "removed": "added", "answered": "withdrawn", "withdrawn": "answered"}
_OPPOSITE = {"better": "worse", "worse": "better", None: None}


def told(changed: SheetDifference) -> set[tuple[object, ...]]:
    return {(c.place, c.kind, c.old, c.new, c.effect) for c in changed.changes}


def turned(changed: SheetDifference) -> set[tuple[object, ...]]:
    return {
        (c.place, _TURNED.get(c.kind, c.kind), c.new, c.old, _OPPOSITE[c.effect]) for c in changed.changes
    }


def vary(data: Any, order: random.Random, key: str = "") -> Any:
    """The data with some answers gone, others reworded, moved, measured or withheld."""
    if isinstance(data, dict):
        kept = {name: value for name, value in data.items() if order.random() > _SHARE or name in _KEPT}
        return {name: vary(value, order, name) for name, value in kept.items()}
    if isinstance(data, list):
        return [vary(entry, order, key) for entry in data if len(data) == 1 or order.random() > _SHARE]
    if key in _KEPT or order.random() > _SHARE:
        return data
    if key in _FIGURES and isinstance(data, str):
        return order.choice(
            (
                data.replace("4", "3").replace("6", "5"),
                f"approx. {data}" if data[:1].isdecimal() else data,
                {"value": data, "source": "measured"},
                {"not_disclosed": "For a reason."},
            )
        )
    return f"{data} Really." if isinstance(data, str) and " " in data and key in {"summary", "note"} else data


_SHARE = 0.1
_FIGURES = frozenset(
    {"power", "area", "energy_efficiency", "execution_time", "accuracy", "size", "refresh_interval"}
)
_KEPT = frozenset(
    {"factsheet", "overview", "name", "model", "id", "task", "title", "systems", "scores", "at", "value"}
)


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_differences_turn_round(file: Path) -> None:
    document = load_bytes(file.read_bytes(), "sheet").document
    assert document is not None
    orders = [random.Random(seed) for seed in range(4)]  # noqa: S311  no secret
    versions = [of_data(document.data), *(of_data(vary(document.data, order)) for order in orders)]
    for old, new in pairwise(versions):
        assert not difference(new, new).changes
        there, back = difference(old, new), difference(new, old)
        assert there.changes
        assert told(there) == turned(back)
        assert bool(there.regressions) == bool(back.improvements)


HOSTILE = "`|<script>@team ![x](http://a) \x1b[31m\u202e::error::"


@pytest.mark.parametrize("write", [difference_markdown, lambda changed: difference_text(changed, Style())])
def test_a_strangers_words_stay_words(write: Callable[[SheetDifference], str]) -> None:
    text = dump_yaml({"factsheet": 1, "overview": {"name": HOSTILE.replace("\x1b", ""), "model": "m"}})
    changed = difference(version(SHEET), version(text, HOSTILE))
    written = write(changed)
    assert "\x1b" not in written
    assert "\u202e" not in written
    if write is difference_markdown:
        assert "<script>" not in written.replace("`'¦<script>", "")
        assert "![x]" not in written.replace("@team ![x](http://a)", "", 1)


@pytest.mark.parametrize(
    ("old", "new", "words", "effect"),
    [
        # A floor that is lowered promises less, whatever the figure itself is.
        ("> 93.5 %", "> 92.5 %", "−1 percentage points, the bound itself moved, worse", "worse"),
        ("93.5 %", "> 92.5 %", "−1 percentage points, a bound now, worse", "worse"),
    ],
)
def test_a_bound_that_moves_is_a_change(old: str, new: str, words: str, effect: str | None) -> None:
    of = [version(SHEET.replace("82.12 %", f'"{score}"')) for score in (old, new)]
    (change,) = difference(*of).changes
    assert (change.words, change.effect) == (words, effect)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("approx. 0.19 ms", "190 µs", "the same figure, no longer only about"),
        ("0.15 to 0.20 ms", "0.10 to 0.18 ms", "their ranges have values in common"),
        ("0.15 to 0.20 ms", "0.18 ms", "within the range that is stated"),
    ],
)
def test_it_is_said_why_figures_are_the_same(old: str, new: str, words: str) -> None:
    of = [version(SHEET.replace("time: 0.19 ms", f"time: {time}")) for time in (old, new)]
    (change,) = difference(*of).changes
    assert change.words.endswith(words)


@pytest.mark.parametrize(
    ("metric", "effect"),
    [
        ("mean error on eight GLUE tasks", "worse"),
        ("error rate", "worse"),
        ("share of images misclassified", "worse"),
        ("GLUE average over eight tasks", "better"),
        ("share of the 450 test images", "better"),
    ],
)
def test_the_training_score_has_the_direction_of_its_metric(metric: str, effect: str | None) -> None:
    of = [
        version(
            f"{SHEET}".replace(
                "hwa_training:\n", f"hwa_training:\n  accuracy: {score}\n  accuracy_metric: {metric}\n"
            )
        )
        for score in ("17.55 %", "18.55 %")
    ]
    (change,) = difference(*of).changes
    assert change.effect == effect


def test_another_inference_is_not_judged() -> None:
    of = [
        version(
            SHEET.replace(
                "  energy_efficiency: 6589", f"  inference_unit: {unit}\n  energy_efficiency: {figure}"
            )
        )
        for unit, figure in (("image", 6589), ("utterance", 12))
    ]
    (change,) = (one for one in difference(*of).changes if one.place == "performance.energy_efficiency")
    assert change.effect is None
    assert "per image before, per utterance now" in change.words


LAYERED = SHEET.replace(
    "hwa_training:", "model_architecture: {mlp: {sizes: [64, 32, 32, 10]}}\nhwa_training:"
)


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ("64, 32, 10", "gone: 32"),
        ("64, 32, 32, 32, 10", "new: 32"),
        ("32, 64, 32, 10", "in another order"),
        ("64, 16, 32, 10", "new: 16; gone: 32"),
    ],
)
def test_layers_that_came_went_or_moved_are_told_with_both_lists(sizes: str, words: str) -> None:
    changed = difference(version(LAYERED), version(LAYERED.replace("64, 32, 32, 10", sizes)))
    assert [change.words for change in changed.changes] == [words]
    shown = f"64, 32, 32, 10 → {sizes} ({words})"
    assert shown in difference_text(changed, Style())
    assert f"| 64, 32, 32, 10 | {sizes} | {words} |" in difference_markdown(changed)


def test_one_bad_row_leaves_out_itself_alone() -> None:
    def read(text: str) -> ComparedVersion:
        return version_of(load_bytes(text.encode(), "sheet"), "sheet")

    more = SHEET + "  - {id: third, title: A third paper}\n"
    broken = more.replace("year: 2023", "year: [soon]").replace(
        "A third paper}", "A third paper, colour: red}"
    )
    changed = difference(read(more), read(broken))
    assert [(change.place, change.kind) for change in changed.changes] == [
        ("references[1].year", "unfit"),
        ("references[2].colour", "unfit"),
        ("references[id=other].year", "removed"),
    ]
    titled = difference(read(more), read(more.replace("title: Another paper, ", "")))
    assert {change.place for change in titled.changes} == {"references[1]", "references[id=other]"}


def test_rows_that_only_a_number_tells_apart_have_no_order() -> None:
    twice = (
        SHEET
        + """\
errata:
  - {at: parameters.power, published: 3 W, problem: It is that of another chip.}
  - {at: parameters.power, published: 3 W, problem: It leaves out the host.}
"""
    )
    one, other = (line + "\n" for line in twice.splitlines()[-2:])
    swapped = twice.replace(one + other, other + one)
    assert version(twice).misfits == ()
    assert difference(version(twice), version(swapped)).changes == ()
    changed = difference(version(twice), version(swapped.replace("the host", "a fan")))
    assert [(change.old, change.new) for change in changed.changes] == [
        ("It leaves out the host.", "It leaves out a fan.")
    ]


@pytest.mark.parametrize(
    ("new", "effect"),
    [
        ("at most 900 mm²", "worse"), ("at most 700 mm²", "better"), ("at least 700 mm²", "worse"),
        ("at most 780.4 mm²", None),
    ],
)  # fmt: skip
def test_a_bound_vouches_for_its_worse_end(new: str, effect: str | None) -> None:
    assert the_change(("780.4 mm²", new)).effect == effect
    reverse = {"worse": "better", "better": "worse", None: None}
    (back,) = difference(version(SHEET.replace("780.4 mm²", new)), version(SHEET)).changes
    assert back.effect == reverse[effect]
