"""Layers of a module are paired with those that a sheet declares only where it is certain which is which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from factsheet.networks.operators import Network, StaticMatmul
from factsheet.networks.paired_names import SizedLayer, paired_names

if TYPE_CHECKING:
    from collections.abc import Sequence


def declared(*layers: tuple[str, int, int]) -> Network:
    operators = tuple(StaticMatmul(name, name, rows=rows, cols=cols, calls=1) for name, rows, cols in layers)
    return Network("declared", operators)


def sized(*layers: tuple[str, int, int]) -> list[SizedLayer]:
    return [SizedLayer(*layer) for layer in layers]


def block(number: int, form: str, names: Sequence[str]) -> list[tuple[str, int, int]]:
    sizes = [(8, 8)] * 4 + [(8, 32), (32, 8)]
    return [(form.format(number, name), *size) for name, size in zip(names, sizes, strict=True)]


OURS = ("query", "key", "value", "attention_output", "intermediate", "output")
# As transformers names the parts of BertLayer.
THEIRS = (
    *("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"),
    *("intermediate.dense", "output.dense"),
)


def encoder(form: str, names: Sequence[str]) -> list[tuple[str, int, int]]:
    return [layer for number in range(3) for layer in block(number, form, names)]


def test_an_encoder_of_hugging_face_is_paired_with_a_declared_one() -> None:
    own = encoder("bert.encoder.layer.{}.{}", THEIRS)
    other = encoder("layer.{}.{}", OURS)
    found = paired_names(sized(*own), declared(*other))
    assert found == {mine[0]: yours[0] for mine, yours in zip(own, other, strict=True)}


def test_sizes_that_are_there_once_are_enough() -> None:
    network = declared(("layer.0.dense", 64, 32), ("layer.1.dense", 32, 10))
    assert paired_names(sized(("0", 64, 32), ("2", 32, 10)), network) == {
        "0": "layer.0.dense",
        "2": "layer.1.dense",
    }


def test_names_that_are_the_same_need_nothing_else() -> None:
    network = declared(("a", 1, 1), ("b", 1, 1), ("c", 1, 1))
    assert paired_names(sized(("c", 1, 1), ("a", 1, 1)), network) == {"c": "c", "a": "a"}


@pytest.mark.parametrize(
    ("own", "other"),
    [
        # another number of layers, another order of sizes, another size
        ([("0", 4, 2)], [("x", 4, 2), ("y", 2, 1)]),
        ([("0", 2, 1), ("1", 4, 2)], [("x", 4, 2), ("y", 2, 1)]),
        ([("0", 4, 3)], [("x", 4, 2)]),
        # of one size, with other numbers, without words in common, or with those of another layer
        ([("l.0", 2, 2), ("l.1", 2, 2)], [("k.1", 2, 2), ("k.0", 2, 2)]),
        ([("left", 2, 2), ("right", 2, 2)], [("first", 2, 2), ("second", 2, 2)]),
        ([("b.0.key", 2, 2), ("b.0.query", 2, 2)], [("l.0.query", 2, 2), ("l.0.key", 2, 2)]),
    ],
)
def test_what_is_not_certain_is_not_paired(
    own: list[tuple[str, int, int]], other: list[tuple[str, int, int]]
) -> None:
    assert paired_names(sized(*own), declared(*other)) is None


def test_layers_that_share_weights_are_one() -> None:
    network = declared(("a", 4, 2), ("b", 4, 2), ("c", 2, 1))
    tied = [network.operators[0], network.operators[1]._replace(stored_as="a"), network.operators[2]]  # type: ignore[call-arg]
    assert paired_names(sized(("0", 4, 2), ("1", 2, 1)), replace(network, operators=tuple(tied))) == {
        "0": "a",
        "1": "c",
    }
