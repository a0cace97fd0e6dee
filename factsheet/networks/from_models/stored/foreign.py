"""Name the formats of models that are not read, by a file's first bytes or its ending, and say what to do instead."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Foreign(NamedTuple):
    """A format that is known by name only."""

    name: str
    help: str
    """What to give instead."""


_CONFIG = "give the config.json of the model, or its weights as .safetensors"
PICKLE = Foreign(
    "a pickle of Python objects, which is never opened, since loading one can run any code",
    "give the model's config.json, or convert the weights to .safetensors where you trust the file"
    " (`safetensors.torch.save_file(torch.load(path, weights_only=True), 'model.safetensors')`)",
)
_TORCHSCRIPT = Foreign(
    "a TorchScript archive, which is code",
    "write `torchscript:FILE` where you trust it and want it to be run, or export the model with torch.export (.pt2)"
    " or to ONNX",
)
_GGUF = Foreign("a GGUF file of llama.cpp", f"{_CONFIG}, from which it was converted")
_KERAS = Foreign(
    "a Keras model in HDF5", "export it with `model.export('model.onnx', format='onnx')`, and give that"
)
_TFLITE = Foreign(
    "a TensorFlow Lite model", "convert it with `python -m tf2onnx.convert --tflite FILE --output model.onnx`"
)
_SAVED_MODEL = Foreign(
    "a TensorFlow graph",
    "convert it with `python -m tf2onnx.convert --saved-model FOLDER --output model.onnx`",
)
_FLAX = Foreign("weights of Flax (msgpack)", _CONFIG)
_NUMPY = Foreign("arrays of NumPy", "give the model's config.json, or a module that holds them")
_PADDLE = Foreign("a model of PaddlePaddle", "convert it with `paddle2onnx`, and give the .onnx file")
_ARCHIVE = Foreign("an archive", "unpack it, and give the folder or the file that holds the model")
_ORT = Foreign("a graph in onnxruntime's own format", "give the .onnx file that it was made from")
_TABLE: dict[str, Foreign] = {
    ".gguf": _GGUF,
    ".ggml": _GGUF,
    **dict.fromkeys((".bin", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".pt"), PICKLE),
    **dict.fromkeys((".h5", ".hdf5", ".keras"), _KERAS),
    ".tflite": _TFLITE,
    ".pb": _SAVED_MODEL,
    ".msgpack": _FLAX,
    **dict.fromkeys((".npz", ".npy"), _NUMPY),
    **dict.fromkeys((".pdmodel", ".pdiparams", ".pdparams"), _PADDLE),
    **dict.fromkeys((".zip", ".tar", ".gz", ".tgz", ".7z", ".nemo", ".mar"), _ARCHIVE),
    **dict.fromkeys(
        (".mlmodel", ".mlpackage"), Foreign("a Core ML model", "export the model it was made from to ONNX")
    ),
    **dict.fromkeys(
        (".engine", ".plan", ".trt"),
        Foreign("a TensorRT engine", "give the .onnx file that it was built from"),
    ),
    ".xml": Foreign("a graph of OpenVINO", "give the .onnx file that it was converted from"),
    ".ort": _ORT,
    ".caffemodel": Foreign("a model of Caffe", "convert it to ONNX, and give the .onnx file"),
    ".md": Foreign("a text, such as a model card", _CONFIG),
}
_MAGIC: tuple[tuple[int, bytes, Foreign], ...] = (
    (0, b"GGUF", _GGUF),
    (0, b"lmgg", _GGUF),
    (0, b"\x89HDF\r\n\x1a\n", _KERAS),
    (4, b"TFL3", _TFLITE),
    (4, b"ORTM", _ORT),
    (0, b"\x93NUMPY", _NUMPY),
    (0, b"\x80\x02", PICKLE),
    (0, b"\x80\x03", PICKLE),
    (0, b"\x80\x04", PICKLE),
    (0, b"\x80\x05", PICKLE),
    (0, b"\x1f\x8b", _ARCHIVE),
)
"""First bytes of formats, and where they begin."""
_HEAD_BYTES = 16


def foreign_at(path: Path) -> Foreign | None:
    """Return what a file is, if it is of a format that is known and not read.

    It is never loaded: the first bytes decide, the names in a zip archive, and else the ending.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        names = zipfile.ZipFile(path).namelist() if head.startswith(b"PK\x03\x04") else None
    except (OSError, ValueError, zipfile.BadZipFile):
        head, names = b"", None
    if names is not None:
        return _zipped(names)
    for begin, magic, foreign in _MAGIC:
        if head[begin:].startswith(magic):
            return foreign
    return _TABLE.get(path.suffix.lower()) if path.is_file() else None


def _zipped(names: Iterable[str]) -> Foreign:
    parts = {part for name in list(names)[:10_000] for part in name.split("/")}
    if "code" in parts and "constants.pkl" in parts:
        return _TORCHSCRIPT
    if "data.pkl" in parts:
        return PICKLE
    if any(part.endswith(".npy") for part in parts):
        return _NUMPY
    return _KERAS if "model.weights.h5" in parts else _ARCHIVE
