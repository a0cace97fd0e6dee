"""Add the layers that sentence-transformers puts after a model, from the configs in its folder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.stored.shards import read_json
from factsheet.networks.operators import StaticMatmul

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.networks.operators import Network

_MAX_WIDTH = 1 << 24


def with_sentence_layers(network: Network, folder: Path) -> Network:
    """Return the network with the dense layers after it, which meet one vector for each sequence."""
    if not (folder / "modules.json").is_file():
        return network
    added = [
        layer
        for file in sorted(folder.glob("*_Dense/config.json"))[:8]
        if (layer := _dense(file)) is not None
    ]
    if not added:
        return network
    tensors = network.tensors
    if tensors is not None:
        tensors = {**tensors, **{layer.name: layer.parameters for layer in added}}
    return replace(network, operators=(*network.operators, *added), tensors=tensors)


def _dense(file: Path) -> StaticMatmul | None:
    values = read_json(file)
    rows, cols = values.get("in_features"), values.get("out_features")
    if not all(type(side) is int and 0 < side < _MAX_WIDTH for side in (rows, cols)):
        raise WorkloadError(
            f"{file} states no usable `in_features` and `out_features`",
            "it is a layer after the model (modules.json)",
            "correct the file, or give the model's config.json alone, in a folder of its own",
        )
    name = file.parent.name
    return StaticMatmul(
        name, name, rows=int(str(rows)), cols=int(str(cols)), calls=1, bias=values.get("bias") is not False
    )
