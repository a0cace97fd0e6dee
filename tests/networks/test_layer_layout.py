"""A declared layout decides what is on tiles, how often it is stored, and where biases are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.crossbar.mapping import TileShape, map_network
from factsheet.networks.declared import declared_network
from factsheet.networks.layer_layout import LayoutPlan
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
    from factsheet.networks.operators import Network

# Counted by hand: 3 x 3 x 3 x 16 + 3 x 3 x 16 x 16 + 16 x 10 weights, 10 biases.
CONVOLUTIONAL = {
    "image_size": 8,
    "layers": [
        {"kind": "conv", "name": "c1", "channels": 16, "kernel": 3, "padding": 1},
        {"kind": "conv", "name": "c2", "channels": 16, "kernel": 3, "padding": 1},
        {"kind": "global_pool"},
        {"kind": "linear", "name": "head", "channels": 10, "bias": True},
    ],
}


def network(**layout: object) -> Network:
    sheet, misfits = read_factsheet(
        {
            "factsheet": 1,
            "overview": {"name": "x", "model": "x"},
            "model_architecture": {"convolutional": CONVOLUTIONAL, "layout": layout or None},
        }
    )
    assert sheet is not None, misfits
    assert not misfits
    return declared_network(sheet.model_architecture, 1)


@pytest.mark.parametrize(
    ("layout", "weights"),
    [
        ({}, 432 + 2304 + 160),
        ({"digital": ["head"]}, 432 + 2304),
        ({"analog": ["head"]}, 160),
        ({"analog": ["c*"], "digital": ["c1"]}, 432 + 2304 + 160),  # both sides fit c1: it is on tiles
        ({"digital": ["c2", "head"], "biases": "on tiles"}, 432),
        ({"biases": "on tiles"}, 432 + 2304 + 17 * 10),
    ],
)
def test_weights_on_tiles_follow_the_layout(layout: dict[str, object], weights: int) -> None:
    placed = network(**layout)
    assert placed.analog_weights == weights
    assert placed.parameters == 432 + 2304 + 170


def test_copies_take_tiles_and_devices_but_are_no_further_weights() -> None:
    placed = network(copies=[{"layer": "c1", "copies": 4}])
    mapping = map_network(placed, TileShape(256, 64))
    assert placed.analog_weights == 432 + 2304 + 160
    assert mapping.tiles == 4 + 1 + 1
    assert mapping.devices(2) == 2 * (4 * 432 + 2304 + 160)
    assert mapping.weights == placed.stored_weights


def test_a_name_that_fits_nothing_is_named() -> None:
    plan = LayoutPlan(digital=("softmax", "batch norm", "c1", "c3"), analog=("nothing",), copies=(("c9", 2),))
    assert list(plan.unfit(network())) == [("analog", "nothing"), ("digital", "c3"), ("copies", "c9")]


def test_what_the_layout_says_is_said_of_the_network() -> None:
    (note,) = network(digital=["head"], copies=[{"layer": "c1", "copies": 4}]).notes
    assert note == "1 of 3 stored matrices digital, 1 stored several times, as the sheet's layout says"
