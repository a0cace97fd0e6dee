"""Modules that are easy to count wrongly: what is stored, what is on tiles, what is multiplied."""

from __future__ import annotations

import counted_modules
import indexed_modules
import more_counted_modules
import pytest
import torch

from factsheet.networks.family import Run
from factsheet.networks.from_models import module as modules

CASES = [
    (file, name, right)
    for file in (counted_modules, indexed_modules, more_counted_modules)
    for name, right in file.RIGHT.items()
]


def fits(expected: object, counted: int) -> bool:
    return expected is None or (counted in expected if isinstance(expected, set) else counted == expected)


@pytest.mark.parametrize(("file", "name", "right"), CASES, ids=[name for _, name, _ in CASES])
def test_counts(file: object, name: str, right: tuple[object, ...]) -> None:
    network = modules.read(f"{file.__name__}:{name}", Run(seq_len=10))  # type: ignore[attr-defined]
    counts = (
        network.parameters,
        network.analog_weights,
        sum(matrix.macs for matrix in network.static),
        sum(product.macs for product in network.dynamic),
    )
    assert all(map(fits, right, counts)), f"{counts}, not {right[:4]}: {right[4]}"
    assert not network.unknown


def test_reading_a_module_leaves_it_as_it_is() -> None:
    module, inputs = torch.nn.Linear(4, 3), torch.ones(1, 4)
    before = module(inputs)
    modules.trace(module, inputs)
    assert module.training
    assert torch.equal(module(inputs), before)


def test_what_nothing_reaches_is_named() -> None:
    network = modules.read("more_counted_modules:not_reached", Run(seq_len=10))
    assert dict(network.unreached) == {"g.weight": 2048, "g.bias": 32}
