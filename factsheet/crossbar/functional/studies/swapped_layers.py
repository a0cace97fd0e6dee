"""Put layers of a programmed network back in floating point for a while, without programming the others again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from factsheet.crossbar.functional.layers.analog_layers import AnalogLayer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from torch import nn


def digital_places(
    analog: nn.Module, digital: nn.Module, names: Collection[str]
) -> dict[str, nn.Module] | None:
    """Return the digital layer for each place of some layers on crossbars; `None` where one has none of its own.

    Layers that share conductances are on the same side. The parts of a recurrent layer or of attention have no
    place in the digital network: the whole layer is another module there.

    Args:
        analog: what `convert_to_analog` returned.
        digital: the network that it was made of.
        names: of the stored matrices that are to be digital.
    """
    places: dict[str, nn.Module] = {}
    there = dict(digital.named_modules(remove_duplicate=False))
    for place, layer in analog.named_modules(remove_duplicate=False):
        if not isinstance(layer, AnalogLayer) or layer.matrix.name not in names:
            continue
        if not place or place not in there:
            return None
        places[place] = there[place]
    return places


@contextmanager
def swapped(analog: nn.Module, places: dict[str, nn.Module]) -> Iterator[None]:
    """Have these layers in these places within the context, and those on crossbars again after it."""
    before = {place: analog.get_submodule(place) for place in places}
    try:
        _put(analog, places)
        yield
    finally:
        _put(analog, before)


def _put(module: nn.Module, places: dict[str, nn.Module]) -> None:
    for place, layer in places.items():
        parent, _, child = place.rpartition(".")
        setattr(module.get_submodule(parent), child, layer)
