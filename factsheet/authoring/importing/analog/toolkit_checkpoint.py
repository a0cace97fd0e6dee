"""Load a checkpoint of aihwkit or aihwkit-lightning into a network of torch: weights, learnt bounds, its hardware.

A state dict of either holds its `rpu_config` as pickled objects. Classes of that configuration are read as inert
stand-ins; any other object in the file is refused, and none of its code is run.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.importing.analog.hardware_source import simulated
from factsheet.authoring.importing.analog.settings import AnalogConfiguration
from factsheet.authoring.importing.analog.tile_states import STATE, as_in_torch, of_tiles
from factsheet.authoring.importing.analog.toolkits import AIHWKIT, LIGHTNING
from factsheet.authoring.importing.analog.values import Member, Node, OpenValue
from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.rpu_config import KIND
from factsheet.errors import AnalogError, SourceUnreadableError
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

    from factsheet.authoring.importing.analog.hardware_source import NamedHardware
    from factsheet.authoring.importing.analog.toolkits import Toolkit
    from factsheet.authoring.importing.analog.values import Value

_INERT = ("aihwkit_lightning.simulator.", "aihwkit.simulator.", "aihwkit.inference.")
"""Where the toolkits have the classes of their configurations, which are read as stand-ins."""
_RANGES, _CLIPS = "input_range", "learnable_weight_clip"
_OF_TRAINING = ("input_range_update_idx", "x_min", "x_max")
"""What only further training needs."""
_DEEPEST = 12


class LoadedCheckpoint(NamedTuple):
    """What a checkpoint held beside the weights."""

    hardware: NamedHardware | None
    """That of its `rpu_config`, with what is simulated otherwise; `None` where the file holds none."""
    bounds: dict[str, tuple[float, ...]]
    """Learnt bounds of inputs, one for each row of tiles, by layer; the layers carry them now."""
    notes: tuple[str, ...]
    """What was done with the weights, where they were not taken as they are."""


def load_checkpoint(module: nn.Module, path: str | Path) -> LoadedCheckpoint:
    """Load weights and learnt bounds into a network that has the layers of the one that was trained, in place.

    Weights that lightning clips by a learnt bound at each use are clipped, so that they are those it multiplies with;
    those on aihwkit's tiles are multiplied by the scales of their outputs.

    Args:
        module: of torch, with the names of the network that the toolkit converted.
        path: a file that `torch.save(model.state_dict(), path)` wrote, or safetensors.

    Raises:
        AnalogError: the file holds other objects than tensors and a configuration of a toolkit, or other layers.
        SourceUnreadableError: it cannot be read.
    """
    read = _read(Path(path), module.state_dict())
    held = read.tensors
    name = make_safe(Path(path).name)
    own = set(module.state_dict())
    extra = {key for key in held if key not in own}
    known = {key for key in extra if key.rpartition(".")[2] in {_RANGES, _CLIPS, *_OF_TRAINING}}
    missing, unknown = sorted(own - held.keys()), sorted(extra - known)
    if missing or unknown:
        lacks = (
            f"lacks {missing[0]}"
            if missing
            else f"holds {make_safe(unknown[0])}, which the network does not have"
        )
        raise AnalogError(
            f"{name} {lacks}",
            "weights of another network would be simulated, or not all of them",
            "give the network that was converted by the toolkit, before its conversion",
        )
    notes = list(read.notes)
    weights = {key: held[key] for key in own}
    if read.toolkit is AIHWKIT:
        weights |= _in_shape(weights, module.state_dict(), name)
    for key in sorted(known):
        if key.rpartition(".")[2] == _CLIPS:
            layer = key.rpartition(".")[0]
            weights[f"{layer}.weight" if layer else "weight"] = _clipped(held, layer)
            notes.append(
                f"{layer or 'the layer'}: weights clipped at the bound learnt for each output; where it is above the "
                "largest weight, lightning's ADCs are bounded by it, and here by that weight"
            )
    module.load_state_dict(weights)
    bounds = {
        key.rpartition(".")[0]: tuple(held[key].flatten().tolist())
        for key in sorted(known)
        if key.rpartition(".")[2] == _RANGES
    }
    for layer, ranges in bounds.items():
        _give_bounds(module, layer, list(ranges))
    hardware = None
    if read.configuration is not None:
        found = AnalogConfiguration(name, read.toolkit, read.configuration, name)
        hardware = simulated(Collected(name, KIND.words), [found])
        quantised = found.value("modifier.quantization_type")
        if isinstance(quantised, Member) and quantised.name != "None":
            notes.append(
                f"weights are as stored: lightning rounds them at each use ({make_safe(quantised.name)})"
            )
    return LoadedCheckpoint(hardware, bounds, tuple(notes))


def _give_bounds(module: nn.Module, layer: str, ranges: list[float]) -> None:
    """Give a layer the bounds of its inputs, where a conversion looks for them; a recurrent one has several."""
    if layer in dict(module.named_modules(remove_duplicate=False)):
        module.get_submodule(layer).input_bound = ranges
        return
    parent, _, own = layer.rpartition(".")
    holder = module.get_submodule(parent)
    holder.matrix_bounds = {**getattr(holder, "matrix_bounds", {}), own: (ranges, None)}


def _clipped(held: Mapping[str, Tensor], layer: str) -> Tensor:
    """Return weights clipped at the bounds that were learnt for each output of each row of tiles."""
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware  # loads torch
    from factsheet.crossbar.mapping import TileShape

    at = f"{layer}." if layer else ""
    weight, bounds = held[f"{at}weight"].clone(), held[f"{at}{_CLIPS}"]
    matrix = weight.flatten(1)
    inputs = matrix.shape[1]
    rows = -(-inputs // len(bounds))
    parts = AnalogHardware(tile=TileShape(rows, 1), split="even").row_parts(inputs)
    for part, limit in zip(parts, bounds, strict=True):
        matrix[:, part] = matrix[:, part].clamp(-limit.abs()[:, None], limit.abs()[:, None])
    return matrix.view_as(weight)


def _in_shape(weights: Mapping[str, Tensor], own: Mapping[str, Tensor], name: str) -> dict[str, Tensor]:
    """Return what tiles hold as matrices in the shapes of the network, those of kernels among them.

    Raises:
        AnalogError: a matrix is of another layer.
    """
    shaped = {}
    for key, matrix in weights.items():
        if matrix.shape != own[key].shape and matrix.numel() == own[key].numel():
            shaped[key] = matrix.reshape(own[key].shape)
        elif matrix.shape != own[key].shape:
            raise AnalogError(
                f"{name} has {make_safe(key)} of {_sides(matrix)}, where the network has {_sides(own[key])}",
                "weights of another network would be simulated",
                "give the network that was converted by the toolkit, before its conversion",
            )
    return shaped


def _sides(tensor: Tensor) -> str:
    return " x ".join(map(str, tensor.shape)) or "one number"


class _Held(NamedTuple):
    tensors: dict[str, Tensor]
    toolkit: Toolkit
    configuration: Node | None
    notes: tuple[str, ...] = ()


def _read(path: Path, own: Mapping[str, Tensor]) -> _Held:
    import torch  # takes seconds

    name = make_safe(path.name)
    if path.suffix.lower() == ".safetensors":
        load_file = import_module("safetensors.torch").load_file  # comes with the extra `hf`
        return _Held(load_file(path), LIGHTNING, None)
    try:
        names = torch.serialization.get_unsafe_globals_in_checkpoint(path)
        inert = [_stand_in(one) for one in names if one.startswith(_INERT)]
        with torch.serialization.safe_globals([(kind, full) for full, kind in inert]):
            held: Any = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise SourceUnreadableError(name, error.strerror or str(error)) from error
    except Exception as error:  # whatever a file that is no checkpoint makes torch raise
        raise AnalogError(
            f"{name} cannot be loaded as weights",
            "it is not whole, or holds other objects than tensors and a configuration, which could run any code",
            "save the weights alone: `torch.save(model.state_dict(), path)`",
        ) from error
    on_tiles = isinstance(held, dict) and any(str(key).endswith(STATE) for key in held)
    if (
        not isinstance(held, dict)
        or not held
        or not all(
            isinstance(one, torch.Tensor) or (str(key).endswith(STATE) and isinstance(one, dict))
            for key, one in held.items()
        )
    ):
        raise AnalogError(
            f"{name} holds no state dict",
            "weights are taken by their names",
            "save it as `torch.save(model.state_dict(), path)`",
        )
    if on_tiles:
        layers = as_in_torch(of_tiles(held), own)
        node = _node(layers.configuration)
        tensors = layers.tensors | {_under(layer, _RANGES): one for layer, one in layers.ranges.items()}
        return _Held(tensors, AIHWKIT, node if isinstance(node, Node) else None, layers.notes)
    metadata = getattr(held, "_metadata", {})
    found = next((one["rpu_config"] for one in metadata.values() if "rpu_config" in one), None)
    node = _node(found)
    return _Held(dict(held), LIGHTNING, node if isinstance(node, Node) else None)


def _under(layer: str, name: str) -> str:
    return f"{layer}.{name}" if layer else name


def _stand_in(full: str) -> tuple[str, type]:
    """Return a class that holds what is stored of an object, and does nothing."""

    def take(self: object, *given: object) -> None:
        self.__dict__["given"] = given

    return full, type(full.rpartition(".")[2], (), {"__init__": take, "stands_in": True})


def _node(found: object, depth: int = 0) -> Value:
    if found is None or isinstance(found, bool | int | float | str):
        return found
    if isinstance(found, list | tuple) and depth <= _DEEPEST:
        return [_node(one, depth + 1) for one in found[:100]]
    if isinstance(found, dict) and depth <= _DEEPEST and all(isinstance(key, str) for key in found):
        return Node("dict", {key: (_node(one, depth + 1), 0) for key, one in found.items()})
    if not getattr(found, "stands_in", False) or depth > _DEEPEST:
        return OpenValue(type(found).__name__)
    state = dict(vars(found))
    given = state.pop("given", ())
    if given and isinstance(given, tuple):  # a member of an enumeration, by its value
        return Member(str(given[0]))
    return Node(type(found).__name__, {str(key): (_node(one, depth + 1), 0) for key, one in state.items()})
