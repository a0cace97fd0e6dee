"""Open whatever a network is written down as, and give its operators.

A sheet declares one; a `config.json`, a module, an exported program, an ONNX graph and a safetensors header are read by
`factsheet.networks.from_models`, which is loaded only where one of them is asked for. Nothing is downloaded. A name of
the form `package.module:callable` runs the user's own code, and is therefore taken from a command line or a caller
only, never out of a sheet.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from factsheet.errors import WorkloadError
from factsheet.networks.declared import declared_network
from factsheet.networks.family import Run

if TYPE_CHECKING:
    from factsheet.networks.operators import Network
    from factsheet.sheet.model import SheetFields

SourceKind = Literal["sheet", "huggingface", "safetensors", "onnx", "module", "checkpoint", "torchscript"]
_CALLABLE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_][\w.]*")
_SUFFIXES: dict[str, SourceKind] = {
    ".yaml": "sheet",
    ".yml": "sheet",
    ".json": "huggingface",
    ".safetensors": "safetensors",
    ".onnx": "onnx",
    ".pt2": "module",
}
_INDEX = ".safetensors.index"
_CHECKPOINTS = frozenset({".pt", ".pth", ".bin", ".ckpt"})
_TORCHSCRIPT = "torchscript:"
"""What a user writes before a TorchScript archive, to ask for the code in it to be run."""
_CONFIGS = ("config.json", "model_index.json", "adapter_config.json", "params.json")
"""Of transformers and timm, of a pipeline of diffusers, of an adapter of PEFT, of Mistral."""


def source_kind(source: str) -> SourceKind:
    """Return what a source is, by its name and by what a folder holds.

    Raises:
        WorkloadError: it is none that is known, or a folder holds neither a config nor weights.
    """
    path = Path(source)
    kind = _SUFFIXES.get(path.suffix.lower())
    if kind is not None:
        return "safetensors" if _INDEX in path.name else kind
    if source and os.path.isdir(source):  # noqa: PTH112  `Path.is_dir` fails for a name that is too long
        if any((path / name).is_file() for name in _CONFIGS):
            return "huggingface"
        if next(path.glob("*.safetensors*"), None) is not None:
            return "safetensors"
        raise _unread_folder(path)
    if source.startswith(_TORCHSCRIPT):
        return "torchscript"
    if _CALLABLE.fullmatch(source):
        return "module"
    is_file = os.path.isfile(source)  # noqa: PTH113  likewise
    if path.suffix.lower() in _CHECKPOINTS and is_file and _is_pickle(path):
        return "checkpoint"
    if is_file:
        from factsheet.networks.from_models.stored.foreign import (
            foreign_at,
        )  # only for a file that is not read

        foreign = foreign_at(path)
        if foreign is not None:
            raise WorkloadError(
                f"{source} is {foreign.name}",
                "operators are read from files that describe a model without running any code",
                foreign.help,
            )
    raise WorkloadError(
        f"{source[:80]} is not a source that a network can be read from",
        "operators are read from a file, or from a module that a callable makes",
        "give a sheet (.yaml), a config.json or its folder, a .safetensors, .onnx or .pt2 file, or"
        " `package.module:callable`",
    )


def _is_pickle(path: Path) -> bool:
    from factsheet.networks.from_models.stored.foreign import PICKLE, foreign_at  # only for such a file

    return foreign_at(path) is PICKLE


def _unread_folder(path: Path) -> WorkloadError:
    from factsheet.networks.from_models.stored.foreign import foreign_at  # only for a folder that is not read

    files = sorted(file for file in path.iterdir() if file.is_file())[:100]
    first = next(((file, foreign) for file in files if (foreign := foreign_at(file))), None)
    return WorkloadError(
        f"{path}: the folder holds neither a config.json nor .safetensors files",
        f"{first[0].name!r} in it is {first[1].name}"
        if first
        else "one of them says which matrices a network has",
        first[1].help if first else "name the file that is meant",
    )


def open_source(source: str, run: Run | None = None) -> Network:
    """Return the operators of the network that a source describes.

    Args:
        source: a path, or `package.module:callable`, which is then imported and called.
        run: what an inference runs on.

    Raises:
        WorkloadError: the source cannot be read or traced, a package that reading it takes is not installed, or a
            run asks for what the network has not.
    """
    run = run or Run()
    kind = source_kind(source)
    sheet = sheet_at(source)
    if sheet is not None:
        return declared_network(sheet.model_architecture, run)
    if kind != "huggingface" and run.cache_length is not None:
        raise WorkloadError(
            f"{source}: a cache of keys and values cannot be told from this kind of source",
            "the number of cached tokens is part of the graph or of the module's inputs",
            "give a config.json or a sheet, or a graph that was exported with its cache",
        )
    if run.dims and kind != "onnx":
        run = _with_image(source, run)
    if kind == "safetensors":
        from factsheet.networks.from_models import safetensors_header

        return safetensors_header.read(source)
    if kind == "huggingface":
        from factsheet.networks.from_models import huggingface

        return huggingface.read(source, run)
    if kind == "onnx":
        from factsheet.networks.from_models import onnx_graph

        return onnx_graph.read(source, run)
    if kind == "checkpoint":
        from factsheet.networks.from_models import checkpoint

        return checkpoint.read(source)
    if kind == "torchscript":
        from factsheet.networks.from_models import torchscript

        return torchscript.read(source.removeprefix(_TORCHSCRIPT), run)
    from factsheet.networks.from_models import module

    return module.read(source, run)


def _with_image(source: str, run: Run) -> Run:
    """Return the run with the image that height and width by name mean; nothing but a graph names its other axes.

    Raises:
        WorkloadError: another axis is asked for, or one side of an image alone.
    """
    sides = dict(run.dims)
    if set(sides) != {"height", "width"}:
        name = next((name for name in sides if name not in {"height", "width"}), next(iter(sides)))
        raise WorkloadError(
            f"{source}: no axis can be given as `{name[:60]}`",
            "a size without effect would go unnoticed in the figures; only an ONNX graph names its axes",
            "give --seq-len or --image-size, or `--dim height=… --dim width=…` together",
        )
    return run._replace(
        image_size=(sides["height"], sides["width"]), dims=(), asked=run.asked | {"image_size"}
    )


def sheet_at(source: str) -> SheetFields | None:
    """Return the sheet at a path; `None` where the source is another kind.

    Raises:
        WorkloadError: it cannot be read, or does not fit the schema.
    """
    if source_kind(source) != "sheet":
        return None
    from factsheet.errors import SourceError
    from factsheet.sheet_templates.known_templates import read_any_sheet  # builds the validator
    from factsheet.source.loader import read_sheet

    try:
        document = read_sheet(Path(source)).document
    except SourceError as error:
        raise WorkloadError(
            f"{source} cannot be read as a sheet", "operators are derived from it", str(error)
        ) from None
    sheet, misfits = (None, ()) if document is None else read_any_sheet(document.data)
    if sheet is None or misfits:
        raise WorkloadError(
            f"{source} does not fit the schema",
            "operators are derived from what it declares",
            "run `factsheet validate` and fix what it finds",
        )
    return sheet
