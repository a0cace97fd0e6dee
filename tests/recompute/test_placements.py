"""Placements that are usual though a sheet does not state them, and sums of sizes, held to their definitions."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.networks.operators import Elementwise, Network, StaticMatmul
from factsheet.recompute.comparisons import placements as module
from factsheet.recompute.comparisons.placements import placements, some_sum_fits

if TYPE_CHECKING:
    from collections.abc import Sequence


def matrix(name: str, **more: Any) -> StaticMatmul:
    return StaticMatmul(name, name.partition(".")[0], 4, 4, 1)._replace(**more)


def moved(*matrices: StaticMatmul) -> dict[str, set[str]]:
    """For each placement, in words, the matrices that are digital in it."""
    network = Network("n", (*matrices, Elementwise("act", "b", "activation", 4)))
    found = {one.words: one.network for one in placements(network)}
    for changed in found.values():
        assert [operator.name for operator in changed.operators] == [*(m.name for m in matrices), "act"]
    return {
        words: {one.name for one in changed.static if one.on == "digital"} for words, changed in found.items()
    }


def test_the_ends_of_a_network_may_be_digital() -> None:
    # Three dense layers of one kind: of what is on tiles the last, the first, or both.
    assert moved(matrix("first"), matrix("mid"), matrix("last")) == {
        "its last layer, `last`, is digital": {"last"},
        "its first layer, `first`, is digital": {"first"},
        "its first and its last layer are digital": {"first", "last"},
    }


def test_a_single_matrix_is_not_moved_off_the_tiles() -> None:
    assert moved(matrix("only")) == {}
    assert list(moved(matrix("one"), matrix("two"))) == [
        "its last layer, `two`, is digital",
        "its first layer, `one`, is digital",
        "its first and its last layer are digital",
    ]


def test_two_nodes_of_one_matrix_are_one_layer() -> None:
    assert moved(matrix("a"), matrix("b", stored_as="a")) == {}


@pytest.mark.parametrize(
    ("digital", "expected"),
    [
        (("head.dense",), {"its head is on tiles too": {}}),
        (("head.dense", "head.out"), {"its head is on tiles too": {}}),
        (
            ("head.dense", "pooler"),
            {
                "its head is on tiles too": {"pooler"},
                "its pooler is on tiles too": {"head.dense"},
                "all its matrices are on tiles": {},
            },
        ),
    ],
)
def test_what_is_digital_may_be_on_tiles(digital: Sequence[str], expected: dict[str, set[str]]) -> None:
    found = moved(matrix("a"), *(matrix(name, on="digital") for name in digital))
    assert found == {words: set(names) for words, names in expected.items()}


def test_matrices_of_one_kind_or_in_groups_may_be_digital() -> None:
    dense, conv = matrix("dense"), matrix("conv", kind="convolution")
    grouped = matrix("grouped", kind="convolution", matrices=8)
    experts = matrix("experts", kind="experts", matrices=8)
    found = moved(conv, grouped, experts, dense)
    assert found["its convolutions in groups are digital"] == {"grouped"}
    assert found["its matrices of the kind `convolution` are digital"] == {"conv", "grouped"}
    assert found["its matrices of the kind `experts` are digital"] == {"experts"}
    assert found["its matrices of the kind `linear` are digital"] == {"dense"}
    # All of them in groups, or all of one kind: nothing would be left on tiles. In no group, there is nothing to move.
    of_groups = moved(grouped, grouped._replace(name="other"))
    assert not any("groups" in words or "kind" in words for words in of_groups)
    assert "its convolutions in groups are digital" not in moved(conv, dense)


@pytest.mark.parametrize(("more", "tried"), [(0, True), (1, False)])
def test_a_very_large_network_is_left_alone(monkeypatch: pytest.MonkeyPatch, more: int, tried: bool) -> None:
    monkeypatch.setattr(module, "MOST_MATRICES", 3)
    assert bool(moved(*(matrix(f"m{index}") for index in range(3 + more)))) is tried


@given(
    sizes=st.dictionaries(st.integers(1, 12), st.integers(1, 3), max_size=4),
    low=st.integers(0, 60),
    width=st.integers(0, 4),
)
def test_a_sum_fits_if_one_of_all_does(sizes: dict[int, int], low: int, width: int) -> None:
    sums = {
        sum(size * taken for size, taken in zip(sizes, chosen, strict=True))
        for chosen in product(*(range(count + 1) for count in sizes.values()))
    }
    assert some_sum_fits(sizes, low, low + width) is any(low <= one <= low + width for one in sums)


def test_too_many_sums_to_try_may_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    # Even numbers add up to no odd one, which is known only after all of them: 2^9 sums and more.
    even = {2 * (100 + index): 1 for index in range(9)}
    assert some_sum_fits(even, 951, 951) is False
    monkeypatch.setattr(module, "MOST_STEPS", 10)
    assert some_sum_fits(even, 951, 951) is True
