"""Profiles that say what no profile can say: each is refused with the place, what is wrong and how to mend it."""

from __future__ import annotations

import pytest
from own_profiles import NAME, SIDES, checked, figure, own, profile_in

from factsheet.errors import BrokenProfileError
from factsheet.hardware.chip import own_profile
from factsheet.source.loader import load_bytes

LINES = SIDES.count("\n")
"""Lines of the tile that every text here begins with; what is added stands below."""


def place(more: str, below: int, word: str) -> tuple[int, int]:
    """The line and the column, both from 1, at which a word begins in the lines that are added."""
    return LINES + below, more.split("\n")[below - 1].index(word) + 1


def refused(text: str) -> tuple[str, int, int]:
    """The message of the one refusal, with its line and column."""
    with pytest.raises(BrokenProfileError) as caught:
        profile_in(text)
    (problem,) = caught.value.problems
    assert problem.why
    assert problem.help
    assert str(caught.value).startswith(
        f"{NAME}:{problem.span.line}:{problem.span.column}: {problem.message}"
    )
    return problem.message, problem.span.line, problem.span.column


@pytest.mark.parametrize(
    ("value", "unit", "at", "message"),
    [
        ("0", "ns", "0", "not above zero"),
        ("0.0", "ns", "0.0", "not above zero"),
        ("-40", "ns", "-40", "not above zero"),
        ("0 to 5", "ns", "0 to", "not above zero"),
        ("-1e-300", "s", "-1e", "not above zero"),
        ("40", "mW", "mW", "a unit of power, and a time is asked for"),
        ("40", "nanos", "nanos", "unit"),
        ("40", "TOPS/W", "TOPS", "and a time is asked for"),
        ("< 40", "ns", "< 40", "a bound and not a figure"),
        ("forty", "ns", "forty", "forty"),
        ("true", "ns", "true", "no number"),
        ("[40]", "ns", "[40]", "no number"),
        ('""', "ns", '""', "no number"),
        ("5 to 3", "ns", "5 to", "5 to 3"),
    ],
)
def test_a_value_or_unit_that_is_off(value: str, unit: str, at: str, message: str) -> None:
    more = f"times:\n  mvm: {{source: A paper, standing: published, value: {value}, unit: {unit}}}\n"
    told, line, column = refused(SIDES + more)
    assert message in told
    assert (line, column) == place(more, 2, at)


@pytest.mark.parametrize(
    ("side", "message"),
    [
        ("{value: 0, unit: weights, standing: published, source: A paper}", "not above zero"),
        ("{value: 2.5, unit: weights, standing: published, source: A paper}", "no whole number"),
        ("{value: 5 to 7, unit: weights, standing: published, source: A paper}", "no whole number"),
        ("{value: 512, unit: mm, standing: published, source: A paper}", "does not count what is here"),
        ("{value: 512, unit: devices, standing: published, source: A paper}", "does not count"),
        ("{value: 99999999999, unit: weights, standing: published, source: A paper}", "more than any chip"),
        ("512", "expected a mapping of keys, found `512`"),
        ("[512]", "expected a mapping of keys, found a list"),
        ("", "expected a mapping of keys, found nothing"),
    ],
)
def test_a_side_of_the_tile_that_is_off(side: str, message: str) -> None:
    lines = SIDES.split("\n")
    lines[4] = f"rows: {side}"
    told, line, _ = refused("\n".join(lines))
    assert message in told
    assert line == 5


def test_a_missing_side_is_named() -> None:
    told, line, column = refused("\n".join(line for line in SIDES.split("\n") if "cols" not in line))
    assert told == "the profile has no `cols`"
    assert (line, column) == (1, 1)


@pytest.mark.parametrize("key", ["value", "unit", "standing", "source"])
def test_a_missing_part_of_a_figure_is_named(key: str) -> None:
    parts = {"value": "40", "unit": "ns", "standing": "published", "source": "A paper"}
    more = (
        "times:\n  mvm: {"
        + ", ".join(f"{name}: {text}" for name, text in parts.items() if name != key)
        + "}\n"
    )
    told, line, column = refused(SIDES + more)
    assert told == f"`times.mvm` has no `{key}`"
    assert (line, column) == place(more, 2, "mvm")


@pytest.mark.parametrize(
    ("more", "below", "word", "message", "help_"),
    [
        ("tile:\n  densty: 5\n", 2, "densty", "`densty` is not a key of `tile`", "`density`"),
        ("til: {}\n", 1, "til", "`til` is not a key of the profile", "`tile`"),
        ("cell: {scheme: pear}\n", 1, "pear", "not one of the words", "'pair'"),
        ("input: {coding: morse}\n", 1, "morse", "not one of the words", "'bit-serial'"),
        ("shares_tiles: {value: 1, standing: published, source: A paper}\n", 1, "1", "true or false", "true"),
        ("also: {}\n", 1, "{}", "expected a list", "- "),
        ("components: [{name: link, per: chip}]\n", 1, "[", "which is no level", "hierarchy"),
        (
            "times:\n  slot: {value: 9, unit: ns, standing: fitted, source: A paper}\n",
            2,
            "fitted",
            "does not say what it was fitted to",
            "fitted_to",
        ),
        (
            "times:\n  slot: {value: 9, unit: ns, standing: published, fitted_to: a time, source: A paper}\n",
            2,
            "published",
            "`fitted_to` is given at a figure that is published",
            "standing: fitted",
        ),
        (
            "times:\n  slot: {value: 9, unit: ns, standing: inferred, source: A paper}\n",
            2,
            "inferred",
            "does not give its formula",
            "formula",
        ),
        (
            "times:\n  slot: {value: 9, unit: ns, standing: rumoured, source: A paper}\n",
            2,
            "rumoured",
            "not one of the words",
            "'secondary'",
        ),
        (
            "validation:\n  - {what: power, of: chip, value: 3, unit: mm², standing: published, source: A paper}\n",
            2,
            "mm²",
            "a unit of area, and a power is asked for",
            "W",
        ),
    ],
)
def test_a_key_or_word_that_is_off(more: str, below: int, word: str, message: str, help_: str) -> None:
    with pytest.raises(BrokenProfileError) as caught:
        own(more)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert help_ in problem.help
    assert (problem.span.line, problem.span.column) == place(more, below, word)


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ("levels: [{name: tile}], tile: tile", "at least 2"),
        (f"levels: [{{name: tile}}, {{name: tile, holds: {figure(2, 'units')}}}], tile: tile", "same name"),
        (
            f"levels: [{{name: tile}}, {{name: chip, holds: {figure(2, 'units')}}}], tile: chip",
            "not a level inside",
        ),
        ("levels: [{name: tile}, {name: chip}], tile: tile", "does not say how many"),
        (
            (
                f"levels: [{{name: tile, holds: {figure(2, 'units')}}}, {{name: chip, holds: {figure(2, 'units')}}}], "
                "tile: tile"
            ),
            "a level that is not there",
        ),
    ],
)
def test_levels_that_do_not_hang_together(levels: str, message: str) -> None:
    told, line, _ = refused(f"{SIDES}hierarchy: {{{levels}}}\n")
    assert message in told
    assert line == LINES + 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-document"),
        ("- a list\n", "not-a-mapping"),
        ("rows: [\n", "syntax"),
        (f"{SIDES}title: Another\n", "duplicate-key"),
        (f"{SIDES}times: {{mvm: {{value: .nan, unit: ns}}}}\n", "not-a-number"),
        (f"{SIDES}times: {{mvm: {{value: .inf, unit: ns}}}}\n", "infinite-number"),
        (f"{SIDES}times: {{mvm: {{value: 1e999, unit: ns}}}}\n", "number-out-of-range"),
        (f"{SIDES}notes: !!python/object/apply:os.system [id]\n", "tag"),
        (f"{SIDES}notes: &a [*a, *a]\n", "anchor"),
        (f"{SIDES}times: {{<<: {{mvm: 3}}}}\n", "merge-key"),
        (f"{SIDES}---\nprofile: 1\n", "several-documents"),
        (f"{SIDES}notes: {'[' * 500}{']' * 500}\n", "too-deep"),
        (f"{SIDES}notes: \x1b[31m\n", "control-character"),
    ],
)
def test_hostile_yaml_is_refused_before_it_is_read(text: str, code: str) -> None:
    with pytest.raises(BrokenProfileError) as caught:
        profile_in(text)
    assert code in {problem.code for problem in caught.value.problems}
    words = " ".join(f"{one.message} {one.why} {one.help}" for one in caught.value.problems)
    assert "sheet" not in words.lower()


def test_the_authors_own_words_are_left_as_they_are() -> None:
    message, *_ = refused(f"{SIDES}sheet: 1\nsheet: 2\n")
    assert message == "The key `sheet` is given twice."


def test_several_faults_are_all_reported_in_the_order_of_the_text() -> None:
    text = SIDES.replace("value: 100", "value: 0").replace("value: 2", "value: -2") + "tile: {are: 5}\n"
    with pytest.raises(BrokenProfileError) as caught:
        profile_in(text)
    lines = [problem.span.line for problem in caught.value.problems]
    assert lines == [5, 7, 8]
    assert [one.id for one in checked(text).findings] == ["HW101"] * 3


def test_figures_that_no_chip_could_have_are_refused_each_before_anything_follows_from_them() -> None:
    rate, density = figure("1e290", "TOPS"), figure("1e-300", "TOPS/mm²")
    with pytest.raises(BrokenProfileError) as caught:
        own(f"tile: {{rate: {rate}, density: {density}}}\n")
    assert [problem.message for problem in caught.value.problems] == [
        "`1e290 TOPS` is beyond any computing rate",
        "`1e-300 TOPS/mm²` is beyond any computing density",
    ]


def test_hardware_of_a_simulation_is_no_profile() -> None:
    text = "device: {kind: pcm}\ntile: {rows: 512, cols: 512}\nfollow: aihwkit\n"
    loaded = load_bytes(text.encode(), NAME)
    with pytest.raises(BrokenProfileError) as caught:
        own_profile(loaded, NAME)
    (problem,) = caught.value.problems
    assert problem.message.startswith("this is hardware for `factsheet simulate`")
    assert "factsheet simulate --hardware" in problem.help
