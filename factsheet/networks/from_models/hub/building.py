"""Build a model of transformers from its config on the meta device, in bounded time."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.hub.configs import unread
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.stored.header import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

    from torch import nn

PURPOSE = "reading a Hugging Face config"
_MAX_MODULES = 150_000
"""More than any model has: each layer of each of 384 experts in 61 layers makes 94,000."""
_MAX_SECONDS = 60.0
_NOT_PASSED_ON = {"auto_map", "quantization_config", "_attn_implementation", "attn_implementation"}


def load_transformers() -> ModuleType:
    """Import transformers, offline.

    Raises:
        WorkloadError: it is not installed.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported, which reads it once
    # Some models compare the number of image tokens with what a tower makes: tokens without data have no number.
    os.environ["TRANSFORMERS_DISABLE_TORCH_CHECK"] = "1"
    return need("transformers", "hf", PURPOSE)


def type_of(path: Path, values: Mapping[str, object], transformers: ModuleType) -> str:
    """Return the type of a model, from the config or from the class that it names.

    Raises:
        WorkloadError: the installed transformers does not have it.
    """
    kind = values.get("model_type")
    wanted = values.get("architectures")
    if not isinstance(kind, str):
        name = str(wanted[0]) if isinstance(wanted, list) and wanted else ""
        config = getattr(_class_named(name, transformers), "config_class", None)
        kind = getattr(config, "model_type", None)
        if not isinstance(kind, str):
            raise unread(path, f"has no `model_type`, and transformers has no class {shown(name)[:60]!r}")
    if kind not in transformers.CONFIG_MAPPING:
        remote = " (its own code, named by `auto_map`, is never run)" if "auto_map" in values else ""
        version = transformers.__version__
        raise WorkloadError(
            f"{shown(str(path))}: transformers {version} has no model type `{shown(kind)[:60]}`{remote}",
            "a model is built from the classes of the installed transformers",
            "upgrade transformers, export the model to ONNX, or name your own package.module:callable",
        )
    return kind


def build(
    path: Path,
    values: Mapping[str, object],
    kind: str,
    *,
    attention: str | None,
    notes: dict[str, str],
) -> nn.Module:
    """Return the model that a config describes, without weights.

    Args:
        path: the config's path, for messages.
        values: what it says.
        kind: the type of the model.
        attention: which implementation it runs; its own choice unless given.
        notes: takes what is assumed.

    Raises:
        WorkloadError: it cannot be built.
    """
    transformers, torch = load_transformers(), need("torch", "hf", PURPOSE)
    given = {key: value for key, value in values.items() if key not in _NOT_PASSED_ON}
    if "quantization_config" in values:
        notes["quantization_config"] = "left out: operators and weights are counted before quantisation"
    try:
        config = transformers.CONFIG_MAPPING[kind].from_dict(given)
        wanted = values.get("architectures")
        name = str(wanted[0]) if isinstance(wanted, list) and wanted else ""
        cls = _class_named(name, transformers)
        if cls is None:
            cls = transformers.AutoModel
            why = (
                f"{shown(name)[:60]} is not in transformers"
                if name
                else "no class is named (`architectures`)"
            )
            notes["architectures"] = f"{why}: the bare model is counted"
            make = cls.from_config
        else:
            make = cls._from_config  # type: ignore[attr-defined]  # takes a config, downloads nothing
        chosen = {} if attention is None else {"attn_implementation": attention}
        with torch.device("meta"), bounded(torch):
            return cast("nn.Module", make(config, dtype=torch.float32, **chosen)).eval()
    except Exception as error:
        said = shown(" ".join(str(error).split())[:300]) or type(error).__name__
        raise WorkloadError(
            f"{shown(str(path))}: the model cannot be built: {said}",
            "a model is built from its config",
            "check the config against the installed transformers, or export the model to ONNX",
        ) from error


def _class_named(name: str, transformers: ModuleType) -> type | None:
    """Return a class of models of transformers; what else a config may name is not looked up."""
    found = getattr(transformers, name, None) if name.isidentifier() else None
    usable = isinstance(found, type) and issubclass(found, transformers.PreTrainedModel)
    return found if usable else None


@contextmanager
def bounded(torch: ModuleType) -> Iterator[None]:
    """Stop where more modules are made than any model has, or for a minute."""
    count, began = 0, time.monotonic()

    def made(*_: object) -> None:
        nonlocal count
        count += 1
        if count > _MAX_MODULES or (count % 100 == 0 and time.monotonic() - began > _MAX_SECONDS):
            message = f"it has more than {count - 1:,} layers and parts"
            raise ValueError(message)

    handle = torch.nn.modules.module.register_module_module_registration_hook(made)
    try:
        yield
    finally:
        handle.remove()
