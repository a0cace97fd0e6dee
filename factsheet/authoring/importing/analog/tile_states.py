"""Put the layers of a checkpoint of aihwkit together from the states of its tiles.

aihwkit keeps a layer on one tile, or on an array of them, each with the weights that it holds, the scales of its
outputs that were found and learnt, and a range of inputs (`simulator/tiles/base.py`, `periphery.py`, `array.py` of
1.1.0). What the layer computes with are weights times both scales.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.errors import AnalogError
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

STATE = "analog_tile_state"
_PLACE = re.compile(
    r"(?:(?P<layer>.+)\.)?analog_module\.(?:array\.(?P<row>\d+)\.(?P<col>\d+)\.)?(?P<what>.+)"
)
_RECURRENT = re.compile(
    r"(?P<layer>(?:.+\.)?)rnn\.layers\.(?P<place>\d+)\.(?:directions\.(?P<way>[01])\.)?cell\."
    r"(?P<matrix>weight|weight_ih|weight_hh)(?:\.(?P<what>weight|bias))?"
)
"""A matrix of a cell of `AnalogRNN` (`nn/modules/rnn/`), whose gates are in the order of torch's."""
_SLACK = 1e-3
"""How far the largest weight of a column may be from 1 and count as rounded."""
_SCALES = ("mapping_scales", "out_scaling_alpha")


class LayersOfTiles(NamedTuple):
    """What a checkpoint of aihwkit holds, as tensors of a network of torch."""

    tensors: dict[str, Tensor]
    """Weights as matrices, outputs down; biases; and whatever is on no tile."""
    ranges: dict[str, Tensor]
    """Ranges of inputs by layer, one for each row of tiles."""
    configuration: object
    """The first `rpu_config`; those of other layers are the same, or a note says so."""
    notes: tuple[str, ...]


def of_tiles(held: Mapping[str, Any]) -> LayersOfTiles:
    """Return the layers that tiles hold together, and everything that is on none.

    Args:
        held: a state dict of aihwkit, in which the state of a tile is a dictionary.

    Raises:
        AnalogError: an array lacks a tile, or a tile its weights.
    """
    tensors: dict[str, Tensor] = {}
    layers: dict[str, dict[tuple[int, int], dict[str, Any]]] = {}
    for key, value in held.items():
        place = _PLACE.fullmatch(key)
        if place is None:
            tensors[key] = value
        elif place["what"] == "bias":
            tensors[_named(place["layer"], "bias")] = value
        else:
            at = (int(place["row"] or 0), int(place["col"] or 0))
            layers.setdefault(place["layer"] or "", {}).setdefault(at, {})[place["what"]] = value
    ranges, notes, configurations = {}, [], []
    for layer, tiles in layers.items():
        name = make_safe(layer or "the layer")
        states = [tile.get(STATE) or {} for tile in tiles.values()]
        configurations += [state["rpu_config"] for state in states if "rpu_config" in state]
        tensors[_named(layer, "weight")] = _weights(tiles, name)
        if all("input_range" in tile for tile in tiles.values()):
            ranges[layer] = _ranges(tiles)
            if _ranges_differ(tiles):
                notes.append(f"{name}: tiles side by side learnt ranges of their own; the largest is taken")
        if any(bool(tile.get("alpha", 1.0) != 1.0) for tile in tiles.values()):
            notes.append(f"{name}: it was programmed there, and its weights have the errors of that")
        low, high = _largest(tiles)
        if not 1 - _SLACK <= low <= high <= 1 + _SLACK:
            notes.append(
                f"{name}: the largest weights of its columns are {low:.3g} to {high:.3g} on its tiles; outputs are "
                "bounded by a weight of 1 there, and by the largest one here"
            )
    if not configurations:
        raise AnalogError(
            "a checkpoint of aihwkit without its configuration",
            "what its tiles are is in there",
            "save it as `torch.save(analog_model.state_dict(), path)`",
        )
    return LayersOfTiles(tensors, ranges, configurations[0], tuple(notes))


def _named(layer: str | None, what: str) -> str:
    return f"{layer}.{what}" if layer else what


def _weights(tiles: Mapping[tuple[int, int], Mapping[str, Any]], name: str) -> Tensor:
    """Return the weights of an array of tiles: those beside each other share inputs, those below each other outputs."""
    import torch  # takes seconds

    rows, cols = (1 + max(place[axis] for place in tiles) for axis in (0, 1))
    if len(tiles) != rows * cols:
        raise AnalogError(
            f"{name} has {len(tiles)} of {rows} x {cols} tiles",
            "a part of its weights is not there",
            "save the state dict of the whole network",
        )
    try:
        parts = [[_scaled(tiles[row, col]) for col in range(cols)] for row in range(rows)]
        return torch.cat([torch.cat(beside, dim=0) for beside in parts], dim=1)
    except (KeyError, RuntimeError, AttributeError, TypeError) as error:
        raise AnalogError(
            f"{name} has a tile without weights, or tiles that do not fit each other",
            f"it is not whole ({str(error)[:80]})",
            "save the state dict of the network again",
        ) from None


def _scaled(tile: Mapping[str, Any]) -> Tensor:
    """Return the weights of a tile as its layer computes with them."""
    weights: Tensor = tile[STATE]["analog_tile_weights"].detach()
    for name in _SCALES:
        if tile.get(name) is not None:
            weights = weights * tile[name].detach().view(-1, 1)
    return weights


def _largest(tiles: Mapping[tuple[int, int], Mapping[str, Any]]) -> tuple[float, float]:
    """Return the largest weight of the columns of all tiles, in the smallest column and in the largest."""
    each = [tile[STATE]["analog_tile_weights"].detach().abs().amax(1) for tile in tiles.values()]
    return min(float(one.min()) for one in each), max(float(one.max()) for one in each)


def _ranges(tiles: Mapping[tuple[int, int], Mapping[str, Any]]) -> Tensor:
    import torch  # takes seconds

    rows: dict[int, list[Tensor]] = {}
    for (row, _), tile in sorted(tiles.items()):
        rows.setdefault(row, []).append(tile["input_range"].detach().abs().max())
    return torch.stack([torch.stack(beside).max() for beside in rows.values()])


def _ranges_differ(tiles: Mapping[tuple[int, int], Mapping[str, Any]]) -> bool:
    return any(
        bool(tile["input_range"].ne(tiles[row, 0]["input_range"]).any()) for (row, _), tile in tiles.items()
    )


def as_in_torch(held: LayersOfTiles, own: Mapping[str, Tensor]) -> LayersOfTiles:
    """Return the layers under the names of torch: recurrent ones as its own hold them, biases apart from weights.

    Args:
        held: as `of_tiles` returns them.
        own: the state dict of the network, whose names and shapes are wanted.
    """
    tensors, ranges, notes = dict(held.tensors), dict(held.ranges), list(held.notes)
    for key in [key for key in tensors if _RECURRENT.fullmatch(key)]:
        names, whole = _names_of(key), tensors[key]
        if not all(name in own for name in names):
            continue
        del tensors[key]
        if key.endswith(".bias"):
            tensors[names[0]] = whole
            tensors |= {name: whole.new_zeros(whole.shape) for name in names[1:]}
            continue
        widths = [own[name].shape[1] for name in names]
        rest = whole.shape[1] - sum(widths)
        if rest not in {0, 1}:
            tensors[key] = whole  # of another network, which is told of
            continue
        widths[0] += rest  # a bias on the tiles is their last row
        order = [*range(widths[0] - rest), *range(whole.shape[1] - rest, whole.shape[1])]
        tensors[names[0]] = whole[:, order]
        at = widths[0] - rest
        for name, width in zip(names[1:], widths[1:], strict=True):
            tensors[name] = whole[:, at : at + width]
            at += width
            bias = name.replace("weight", "bias", 1)
            if bias in own and f"{key.removesuffix('weight')}bias" not in held.tensors:
                tensors[bias] = whole.new_zeros(len(whole))
        if len(names) > 1:
            layer = make_safe(key.removesuffix(".weight"))
            notes.append(f"{layer}: inputs and state shared tiles there, and have tiles of their own here")
    for layer in [layer for layer in ranges if _RECURRENT.fullmatch(layer)]:
        found = ranges.pop(layer)
        ranges |= dict.fromkeys(_names_of(f"{layer}.weight"), found)
    _part_biases(tensors, ranges, own, notes)
    return held._replace(tensors=tensors, ranges=ranges, notes=tuple(notes))


def _names_of(key: str) -> tuple[str, ...]:
    """Return what torch calls a matrix or bias of a recurrent cell; a matrix of both, inputs before the state."""
    found = _RECURRENT.fullmatch(key)
    if found is None:
        return (key,)
    end = f"_l{found['place']}{'_reverse' if found['way'] == '1' else ''}"
    parts = ("ih", "hh") if found["matrix"] == "weight" else (found["matrix"][-2:],)
    return tuple(f"{found['layer']}{found['what'] or 'weight'}_{part}{end}" for part in parts)


def _part_biases(
    tensors: dict[str, Tensor], ranges: Mapping[str, Tensor], own: Mapping[str, Tensor], notes: list[str]
) -> None:
    """Take biases off the tiles on which they are the last row, driven by a full input.

    Outputs are multiplied by the range of inputs after the product, and so is what that row adds.
    """
    for key, bias in [(key, key.replace("weight", "bias", 1)) for key in own if "weight" in key]:
        matrix = tensors.get(key)
        if matrix is None or bias not in own or bias in tensors:
            continue
        if matrix.dim() == 2 and matrix.shape[1] == own[key][0].numel() + 1:  # noqa: PLR2004  a matrix
            of_range = ranges.get(key.removesuffix(".weight"))
            tensors[key] = matrix[:, :-1]
            tensors[bias] = matrix[:, -1] * (1.0 if of_range is None else of_range.max())
            layer = make_safe(key.removesuffix(".weight"))
            notes.append(f"{layer}: its bias was a row of its tiles there, and is added digitally here")
