"""Make inputs of the shapes that a module takes, where its author gives none."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, NamedTuple, cast

from factsheet.errors import WorkloadError
from factsheet.networks.from_models.imports import need
from factsheet.networks.operators import Size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from torch import Tensor, nn

    from factsheet.networks.family import Run
    from factsheet.networks.operators import SizeOrigin

_SIDES = (224, 32, 28, 64, 96, 128, 256, 299, 384, 512, 16, 8)
"""Sides of images that are tried in turn, where a module takes images and nobody gives their size."""
_FRAMES = 16


class Inputs(NamedTuple):
    """Inputs that a module may take."""

    values: tuple[Tensor, ...]
    sizes: tuple[Size, ...]
    assumed: str = ""
    """What was assumed of them."""


def candidates(module: nn.Module, run: Run) -> Iterator[Inputs]:
    """Yield inputs that a module may take, the likeliest first, by its first layer with weights.

    Raises:
        WorkloadError: the first layer is of no kind whose inputs are known, or the module takes several inputs.
    """
    torch = need("torch", "torch", "reading a module")
    several = _required(module)
    found = False
    for one in _of_first_layer(module, run, torch):
        found = True
        if several <= len(one.values):
            yield one
        elif isinstance(
            module, (torch.nn.Transformer, torch.nn.TransformerDecoder, torch.nn.TransformerDecoderLayer)
        ):
            assumed = "both sequences are taken to be of one length"
            yield one._replace(values=one.values * 2, assumed=assumed)
        else:
            raise _not_known(module, f"it takes {several} inputs")
    if not found:
        raise _not_known(module, "it has no layer that says what it takes")


def _required(module: nn.Module) -> int:
    try:
        taken = inspect.signature(module.forward).parameters.values()
    except (TypeError, ValueError):
        return 1
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in kinds and one.default is inspect.Parameter.empty for one in taken)


def _of_first_layer(module: nn.Module, run: Run, torch: ModuleType) -> Iterator[Inputs]:
    """Yield inputs for the first layer of a kind that says what it takes."""
    nn = torch.nn
    for layer in (_as_layer(part, torch) for part in module.modules()):
        if isinstance(layer, nn.Linear):
            return _of_linear(module, layer.in_features, run, torch)
        if isinstance(layer, (nn.Conv2d, nn.BatchNorm2d, nn.Conv3d)):
            channels = layer.num_features if isinstance(layer, nn.BatchNorm2d) else layer.in_channels
            return _images((channels, _FRAMES) if isinstance(layer, nn.Conv3d) else (channels,), run, torch)
        found = _single(layer, run, torch)
        if found is not None:
            return iter((found,))
    return iter(())


def _as_layer(part: nn.Module, torch: ModuleType) -> nn.Module:
    """Return the layer that a part of a TorchScript module was made from, as far as its weights say."""
    kind = str(getattr(part, "original_name", ""))
    weight = getattr(part, "weight", getattr(part, "weight_ih_l0", None)) if kind else None
    if weight is None:
        return part
    shape, layers = tuple(weight.shape), torch.nn
    made: object = part
    with torch.device("meta"):
        if kind == "Linear":
            made = layers.Linear(shape[1], shape[0])
        elif kind in {"Embedding", "EmbeddingBag"}:
            made = layers.Embedding(*shape)
        elif kind in {"LSTM", "GRU", "RNN"}:
            made = layers.LSTM(shape[1], 1, batch_first=bool(getattr(part, "batch_first", True)))
        elif kind in {"Conv1d", "Conv2d", "Conv3d"}:
            groups = int(getattr(part, "groups", 1))
            made = getattr(layers, kind)(shape[1] * groups, shape[0], shape[2:], groups=groups)
    return cast("nn.Module", made)


def _single(layer: nn.Module, run: Run, torch: ModuleType) -> Inputs | None:
    """Return the only inputs that a layer can take."""
    nn, zeros = torch.nn, torch.zeros
    if isinstance(layer, (nn.Embedding, nn.EmbeddingBag)):
        return Inputs((zeros(1, run.seq_len, dtype=torch.long, device="meta"),), (_sequence(run),))
    if isinstance(layer, nn.Conv1d):
        return Inputs((zeros(1, layer.in_channels, run.seq_len, device="meta"),), (_sequence(run),))
    if isinstance(layer, (nn.RNNBase, nn.MultiheadAttention)):
        width = layer.input_size if isinstance(layer, nn.RNNBase) else layer.embed_dim
        return _vectors(width, run, torch, first=bool(layer.batch_first))
    if isinstance(layer, nn.LayerNorm):
        return _vectors(layer.normalized_shape[-1], run, torch, first=True)
    if isinstance(layer, nn.Bilinear):
        both = (layer.in1_features, layer.in2_features)
        return Inputs(tuple(zeros(1, width, device="meta") for width in both), ())
    if isinstance(layer, (nn.RNNCellBase, nn.BatchNorm1d)):
        width = layer.num_features if isinstance(layer, nn.BatchNorm1d) else layer.input_size
        return Inputs((zeros(1, width, device="meta"),), ())
    return None


def _of_linear(module: nn.Module, width: int, run: Run, torch: ModuleType) -> Iterator[Inputs]:
    """Yield one vector, or a sequence of them where the module has layers that work on sequences."""
    one = Inputs((torch.zeros(1, width, device="meta"),), ())
    ordered = [
        one_of for part in module.modules() if (one_of := getattr(part, "batch_first", None)) is not None
    ]
    mixes = bool(ordered) or any(
        word in type(part).__name__.lower()
        for part in module.modules()
        for word in ("attention", "transformer", "mamba")
    )
    several = _vectors(width, run, torch, first=all(ordered))
    yield from (several, one) if mixes or "seq_len" in run.asked else (one, several)


def _vectors(width: int, run: Run, torch: ModuleType, *, first: bool) -> Inputs:
    shape = (1, run.seq_len, width) if first else (run.seq_len, 1, width)
    said = f"the input is taken to be a sequence of {run.seq_len} vectors of {width}"
    return Inputs((torch.zeros(*shape, device="meta"),), (_sequence(run),), said)


def _images(before: tuple[int, ...], run: Run, torch: ModuleType) -> Iterator[Inputs]:
    sizes = [run.image_size] if run.image_size is not None else [(side, side) for side in _SIDES]
    origin: SizeOrigin = "asked" if run.image_size is not None else "assumed"
    for high, wide in sizes:
        said = "" if run.image_size is not None else f"an image is taken to have {high} x {wide} pixels"
        told = [Size("image", f"{high} x {wide}", origin)]
        if len(before) > 1:
            told.append(Size("frames", str(before[1]), "assumed"))
        yield Inputs((torch.zeros(1, *before, high, wide, device="meta"),), tuple(told), said)


def _sequence(run: Run) -> Size:
    return Size("sequence length", str(run.seq_len), "asked" if "seq_len" in run.asked else "assumed")


def _not_known(module: nn.Module, why: str) -> WorkloadError:
    return WorkloadError(
        f"it is not known what {type(module).__name__} takes: {why}",
        "operators are recorded by running the module on inputs of the right shapes",
        "let the callable return the module and its example inputs",
    )


def sizes_of(inputs: object, run: Run) -> tuple[tuple[Size, ...], list[str]]:
    """Return the sizes of inputs that were given, and what is to be said of sizes that were asked for.

    Raises:
        WorkloadError: an image was given in another size than what was asked for.
    """
    shapes = [tuple(one.shape) for one in _leaves(inputs) if hasattr(one, "shape")]
    sizes: list[Size] = []
    notes: list[str] = []
    for shape in dict.fromkeys(shapes):
        written = " x ".join(map(str, shape))
        image = len(shape) == 4  # noqa: PLR2004 - batch, channels, height, width
        name, value = ("image", f"{shape[2]} x {shape[3]}") if image else ("input", written or "a number")
        sizes.append(Size(name, value, "example inputs"))
        if image and run.image_size is not None and shape[2:] != run.image_size:
            raise WorkloadError(
                f"an image of {' x '.join(map(str, run.image_size))} was asked for, the example inputs are {written}",
                "example inputs say what a module runs on",
                "leave the image size out, or return example inputs of that size",
            )
    flat = any(len(shape) != 4 for shape in shapes)  # noqa: PLR2004
    if "seq_len" in run.asked and flat and not any(run.seq_len in shape for shape in shapes):
        notes.append(
            f"a sequence length of {run.seq_len} was asked for; the example inputs, "
            f"{', '.join(' x '.join(map(str, shape)) for shape in dict.fromkeys(shapes))}, say what was run"
        )
    return tuple(sizes), notes


def _leaves(nested: object) -> list[object]:
    if isinstance(nested, dict):
        nested = list(nested.values())
    if isinstance(nested, (list, tuple)):
        return [leaf for item in nested for leaf in _leaves(item)]
    return [nested]
