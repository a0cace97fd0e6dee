"""Read what is no model of transformers, from its weights or with its own library, or say what to give instead."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.adapters import with_digital_adapters
from factsheet.networks.from_models.hub.building import bounded
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.module import trace
from factsheet.networks.from_models.safetensors_header import network_of, read
from factsheet.networks.from_models.stored.header import shown
from factsheet.networks.from_models.stored.shards import Checkpoint, checkpoint_at
from factsheet.networks.sizes import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

    from factsheet.networks.family import Run
    from factsheet.networks.from_models.hub.configs import Config
    from factsheet.networks.operators import Network
    from factsheet.networks.sizes import SizeOrigin

_BASED_ON = "base_model_name_or_path"
_WEIGHTS = "*.safetensors*"


def read_other(config: Config, run: Run) -> Network:
    """Return the network that a config of another library describes.

    Args:
        config: the config.
        run: what an inference runs on.

    Raises:
        WorkloadError: there are no weights beside it, and its library is not installed or cannot build it.
    """
    if config.kind == "adapter":
        return _adapter(config)
    if config.kind == "pipeline":
        return _pipeline(config)
    if config.kind == "timm":
        return _timm(config, run)
    name = shown(str(config.values["_class_name"]))[:60]
    return _from_weights(config, f"a config of diffusers (`{name}`)", "diffusers")


def _adapter(config: Config) -> Network:
    """Return the matrices of an adapter of PEFT, which are added to those of another model."""
    base = config.values.get(_BASED_ON)
    called = shown(base)[:100] if isinstance(base, str) and base else "another model"
    kind = shown(str(config.values.get("peft_type")))[:40]
    if next(config.folder.glob("adapter_model.safetensors"), None) is None:
        raise WorkloadError(
            f"{shown(str(config.path))} is the config of an adapter ({kind}) of {called}, without its weights",
            "an adapter is added to a model, and its config alone does not say to which matrices of what shapes",
            f"put adapter_model.safetensors beside it, or give the config.json of {called}",
        )
    network = read(config.folder / "adapter_model.safetensors")
    note = f"an adapter ({kind}): its matrices are added to those of {called}, which are not counted here"
    digital = with_digital_adapters(network, (matrix.name for matrix in network.static))
    return replace(digital, notes=(*digital.notes, note))


def _is_part(folder: Path, name: str) -> bool:
    """Return whether a name in a file is that of a folder beside it; it may be a path to elsewhere, or too long."""
    return Path(name).name == name and os.path.isdir(folder / name)  # noqa: PTH112  which raises nothing for any name


def _pipeline(config: Config) -> Network:
    """Return the stored weights of every model of a pipeline of diffusers, each under its own name."""
    named = [
        name
        for name, value in config.values.items()
        if isinstance(value, list) and not name.startswith("_") and _is_part(config.folder, name)
    ]
    parts = {
        name: checkpoint_at(config.folder / name) for name in named if _has_weights(config.folder / name)
    }
    if not parts:
        models = [name for name in named if (config.folder / name / "config.json").is_file()]
        name = shown(str(config.values["_class_name"]))[:60]
        where = f", such as {config.folder / models[0]}" if models else ""
        raise WorkloadError(
            f"{shown(str(config.path))} is a pipeline of diffusers ({name}), with no weights in its folders",
            "a pipeline is several models, each with a config and weights of its own",
            f"download its .safetensors files, or give the folder of one model{where}",
        )
    tensors = {
        f"{name}.{tensor.name}": tensor._replace(name=f"{name}.{tensor.name}")
        for name, part in parts.items()
        for tensor in part.tensors.values()
    }
    missing = [
        name for name in named if name not in parts and (config.folder / name / "config.json").is_file()
    ]
    notes = [f"a pipeline: the models {', '.join(map(shown, parts))}, added up"]
    notes += (
        [f"without {', '.join(map(shown, missing))}, which have no .safetensors files"] if missing else []
    )
    files = tuple(file for part in parts.values() for file in part.files)
    return network_of(Checkpoint(shown(config.folder.resolve().name), tensors, files, tuple(notes)), {})


def _has_weights(folder: Path) -> bool:
    return next(folder.glob(_WEIGHTS), None) is not None


def _timm(config: Config, run: Run) -> Network:
    """Return a model of timm, built by its name where timm is installed."""
    name = str(config.values["architecture"])
    if find_spec("timm") is None:
        return _from_weights(config, f"a config of timm (architecture `{shown(name)[:60]}`)", "timm")
    timm = need("timm", "hf", "reading a config of timm")
    stated = config.values.get("pretrained_cfg")
    stated = cast("Mapping[str, object]", stated) if isinstance(stated, dict) else {}
    size = stated.get("input_size")
    origin: SizeOrigin = "fixed in the file" if _is_size(size) else "assumed"
    channels, high, wide = cast("list[int]", size) if _is_size(size) else [3, 224, 224]
    if run.image_size is not None:
        (high, wide), origin = run.image_size, "asked"
    classes = config.values.get("num_classes")
    given = {"num_classes": classes} if type(classes) is int else {}

    def make() -> nn.Module:
        return cast("nn.Module", timm.create_model(name, pretrained=False, **given))

    network = _run(config, make, {"": (1, channels, high, wide)}, name)
    return replace(network, sizes=(Size("image", f"{high} x {wide}", origin),))


def _is_size(size: object) -> bool:
    return isinstance(size, list) and len(size) == 3 and all(type(n) is int and 0 < n < 1 << 16 for n in size)  # noqa: PLR2004


def _run(config: Config, make: object, shapes: Mapping[str, tuple[int, ...]], name: str) -> Network:
    torch = need("torch", "hf", "reading a config")
    try:
        with torch.device("meta"), bounded(torch):
            module = make()  # type: ignore[operator]
    except Exception as error:
        said = shown(" ".join(str(error).split())[:300]) or type(error).__name__
        raise WorkloadError(
            f"{shown(str(config.path))}: the model cannot be built: {said}",
            "a model is built from its config",
            "check the config against the installed library, or export the model to ONNX",
        ) from error
    inputs: list[Tensor] = [torch.zeros(*shape, device="meta") for shape in shapes.values()]
    return trace(cast("nn.Module", module), tuple(inputs), name=name)


def _from_weights(config: Config, what: str, package: str) -> Network:
    if _has_weights(config.folder):
        network = read(config.folder)
        return replace(network, notes=(*network.notes, f"{what}: counted from the headers of its weights"))
    raise WorkloadError(
        f"{shown(str(config.path))} is {what}, with no .safetensors files beside it",
        f"it has no `model_type` of transformers; its classes are those of {package}",
        f"put its weights beside it, or give package.module:callable of a function that builds it with {package}",
    )
