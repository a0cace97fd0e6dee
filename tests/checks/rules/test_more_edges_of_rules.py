"""Bounds and words of the rules on sizes, devices, layouts, provenance and spelling, both sides of each."""

from __future__ import annotations

import pytest
from finding_places import hold_places
from hypothesis import given
from hypothesis import strategies as st

from factsheet.checks.engine import check_document
from factsheet.checks.rules.wording.misspelt_metric import distance
from factsheet.checks.rules.wording.model_names import known_name
from factsheet.checks.rules.wording.unit_in_prose import digits_of
from factsheet.source.loader import load_bytes

START = "factsheet: 1\noverview: {name: Example, model: BERT-base%s}\n"


def said(text: str, rule: str, overview: str = "") -> list[str]:
    """Messages of a rule on a sheet with these sections."""
    whole = f"{START % overview}{text}"
    found = check_document(load_bytes(whole.encode(), "x"), "x").diagnostics
    broken = [item.message for item in found if item.rule_id.startswith("FS1")]
    assert not broken, broken
    hold_places(whole, found)
    return [item.message for item in found if item.rule_id == rule]


def sized(test: str, *sizes: str | None, train: str | None = None) -> str:
    rows = "".join(
        f"        - {{task: T{n}{'' if size is None else f', size: {size}'}, scores: {{c: 90 %}}}}\n"
        for n, size in enumerate(sizes)
    )
    training = "" if train is None else f"training_data: {{name: E, size: {train}}}\n"
    return (
        f"{training}test_data: {{name: D, size: {test}}}\nperformance:\n  results:\n    - name: Table\n"
        f"      metric: accuracy\n      systems: [{{id: c, name: Chip}}]\n      tasks:\n{rows}"
    )


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (sized("1000", "1000"), []),
        (
            sized("1000", "1200"),
            ["the test data has 1000 examples here, and 1200 in the result tables"],
        ),
        (sized("1000", "400", "600"), []),  # they add up
        (sized("1000", "1000", "1200"), []),  # one of two is that of the data
        (
            sized("1000", "1000", "1000", "1200"),
            ["T2 has 1200 examples here, and all other rows have those of the test data: 1000"],
        ),
        (sized("1000", "1200", train="1200"), []),  # it is that of the training data
        (sized("1000", "1200", None), []),
        (
            sized("1000", "1200", "1300"),
            ["the test data has 1000 examples here, and 1200, 1300 in the result tables"],
        ),
        (
            sized("1000", "1200", "1300", "1400", "1500"),
            ["the test data has 1000 examples here, and 1200, 1300, 1400 and others in the result tables"],
        ),
        (sized("1000 to 2000", "1200"), []),
    ],
)
def test_sizes_of_tests_and_rows(text: str, messages: list[str]) -> None:
    assert said(text, "FS226") == messages


TILE = "parameters: {tile: {rows: 512, cols: 512, devices_per_weight: %s, weight_encoding: %s}}\n"


@pytest.mark.parametrize(
    ("devices", "encoding", "named"),
    [
        (2, "a pair of devices", None),
        (1, "a pair of devices", "pair: at least 2"),
        (3, "a pair of devices", "pair: at least 2"),
        (4, "two pairs", None),
        (2, "two pairs", "two pairs: at least 4"),
        (6, "3 differential pairs", None),
        (8, "3 differential pairs", "3 differential pairs: at least 6"),
        (3, "conductances that are added", None),
    ],
)
def test_devices_of_a_weight_and_pairs(devices: int, encoding: str, named: str | None) -> None:
    hold = "1 device holds" if devices == 1 else f"{devices} devices hold"
    expected = [] if named is None else [f"{hold} a weight, but its encoding names {named}"]
    assert said(TILE % (devices, encoding), "FS219") == expected


@pytest.mark.parametrize(
    ("tiles", "there", "found"),
    [
        ("64", 64, False),
        ("65", 64, True),
        ("{value: 128, note: on two chips}", 64, False),
        ("{value: 129, note: on two chips}", 64, True),
        ("{value: 640, note: on 10 small chips}", 64, False),
        ("{value: 448, note: on seven chips}", 64, False),
        ("{value: 449, note: on seven chips}", 64, True),
    ],
)
def test_tiles_of_the_model_and_of_chips(tiles: str, there: int, found: bool) -> None:
    text = f"parameters: {{tiles: {tiles}}}\nhardware: {{inference: {{tiles: {there}}}}}\n"
    assert bool(said(text, "FS219")) is found


NETWORK = "model_architecture: {mlp: {sizes: [64, 32, 10]}, layout: {%s}}\n"


@pytest.mark.parametrize(
    ("layout", "count"),
    [("digital: [layers.0]", 0), ("digital: [layer.7]", 1), ('digital: ["*"], analog: ["*"]', 1)],
)
def test_names_of_a_layout(layout: str, count: int) -> None:
    found = said(NETWORK % layout, "FS253")
    assert len(found) in {count, count + 1}
    assert all(
        "fits no layer of the declared network" in message for message in found if "called" not in message
    )
    both = [message for message in found if "is called digital and analog" in message]
    assert not both or both[0].endswith(", and so are 1 more layers")


SOURCED = "{value: 3 W, source: measured}"


@pytest.mark.parametrize(
    ("text", "status", "messages"),
    [
        ("parameters: {power: 3 W}\n", "draft", []),
        ("parameters: {power: 3 W}\n", "published", ["nothing says where 3 W comes from"]),
        (f"parameters: {{power: {SOURCED}}}\n", "published", []),
        (
            "parameters: {power: 3 W, area: 2 mm²}\n",
            "published",
            ["nothing says where the 2 figures of this section come from"],
        ),
        (
            f"parameters: {{power: {SOURCED}, area: 2 mm², tiles: 3}}\n",
            "published",
            ["nothing says where 2 of the 3 figures of this section come from"],
        ),
        (
            f"parameters: {{power: {SOURCED}, area: 2 mm²}}\n",
            "published",
            ["nothing says where 2 mm² comes from"],
        ),
        (
            "parameters: {power: 3 W}\nperformance: {throughput: 2 inferences/s}\n",
            "published",
            ["nothing says where the 2 figures of the sheet come from"],
        ),
        ("parameters: {power: 3 W}\nprovenance: {source: declared}\n", "published", []),
        ("parameters: {power: 3 W, provenance: {source: declared}}\n", "published", []),
    ],
)
def test_figures_that_say_nothing_of_where_they_are_from(text: str, status: str, messages: list[str]) -> None:
    assert said(text, "FS503", f", status: {status}") == messages


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("accuracy", "accuracy", 0),
        ("acuracy", "accuracy", 1),
        ("accuraccy", "accuracy", 1),
        ("accurasy", "accuracy", 1),
        ("accurcay", "accuracy", 1),  # two neighbours swapped
        ("acurcay", "accuracy", 2),
        ("ca", "abc", 3),  # no letter is touched twice: Damerau's own distance is 2
        ("", "ab", 2),
    ],
)
def test_how_many_letters_are_wrong(one: str, other: str, steps: int) -> None:
    for limit in range(5):
        assert distance(one, other, limit) == min(steps, limit + 1)
        assert distance(other, one, limit) == min(steps, limit + 1)


def _restricted(one: str, other: str) -> int:
    """Optimal string alignment by its definition, without a limit and without a table."""
    if not one or not other:
        return len(one) + len(other)
    found = [
        _restricted(one[1:], other) + 1,
        _restricted(one, other[1:]) + 1,
        _restricted(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        found.append(_restricted(one[2:], other[2:]) + 1)
    return min(found)


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 5))
def test_the_distance_is_that_of_its_definition(one: str, other: str, limit: int) -> None:
    assert distance(one, other, limit) == min(_restricted(one, other), limit + 1)


@pytest.mark.parametrize(
    ("chunk", "family", "sizes"),
    [
        ("BERT-base", "bert", {"base"}),
        ("(BERT-large),", "bert", {"large"}),
        ("GPT2", "gpt", {"2"}),
        ("GPT-2", "gpt", {"2"}),
        ("T5", "t5", set()),
        ("ResNet50", "resnet", {"50"}),
        ("U-Net", "unet", set()),
        ("BERT's", "bert", set()),
        ("Bertram", None, set()),
        ("bert", None, set()),
        ("wav2vec", "wav2vec", set()),
        ("Network", None, set()),
    ],
)
def test_names_of_models_taken_apart(chunk: str, family: str | None, sizes: set[str]) -> None:
    found = known_name(chunk)
    assert (None if found is None else found.family) == family
    assert found is None or found.sizes == sizes


@pytest.mark.parametrize(
    ("text", "digits", "distinctive"),
    [
        ("3 W", "3", 1),
        ("3.13 W", "3.13", 4),
        ("0.19 ms", "0.19", 3),
        ("1,000 W", "1,000", 1),
        ("780.4 mm²", "780.4", 5),
        ("120 s", "120", 2),
        ("0.5 W", "0.5", 1),
    ],
)
def test_digits_that_distinguish_a_figure(text: str, digits: str, distinctive: int) -> None:
    assert digits_of(text) == (digits, distinctive)


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("The chip takes 3.13 mW.", True),
        ("The chip takes 3.13 W.", False),
        ("The chip takes 3130 mW.", False),
        ("It draws 13.13 mW.", False),
        ("It draws 3.131 mW.", False),
        ("Each tile takes 3.13 mW.", True),  # four digits are no chance
        ("It took 3.13 ms.", False),
    ],
)
def test_a_unit_in_prose_that_is_another(prose: str, found: bool) -> None:
    text = f"parameters: {{power: 3.13 W}}\nperformance: {{summary: {prose}}}\n"
    messages = said(text, "FS606")
    assert bool(messages) is found
    assert not found or messages == ["the text says 3.13 mW, and the sheet states 3.13 W"]
