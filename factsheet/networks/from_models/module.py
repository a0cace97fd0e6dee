"""Read the operators of a `torch.nn.Module`: in memory, made by the user's own code, or exported.

Importing the user's code runs it. That is for the command line and for callers of this module to ask for; nothing
that a sheet says leads here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from factsheet.errors import WorkloadError
from factsheet.networks.family import USUAL
from factsheet.networks.from_models.imports import importing, need
from factsheet.networks.from_models.tracing.tracer import Tracer, cannot_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor, nn

    from factsheet.networks.family import Run
    from factsheet.networks.operators import Network


def read(
    source: str | Path,
    run: Run = USUAL,
    *,
    batch: int = 1,
) -> Network:
    """Read the operators of a module named `package.module:callable`, or of an exported program (`.pt2`).

    The callable is called without arguments and returns a module, or a module and its example inputs: a tensor, or
    a tuple or dictionary of tensors, of which only shapes and types are used. Without example inputs, they are made
    from what the module's first layer takes.

    Args:
        source: `package.module:callable`, or the path of a `.pt2` file.
        run: what an inference runs on, where inputs are made; an image has 224 x 224 pixels unless given.
        batch: sequences in the example inputs; operators are counted for one of them.

    Raises:
        WorkloadError: torch is missing, the callable cannot be found or called, returns something else, or the
            module cannot be traced.
    """
    text = str(source)
    if text.endswith(".pt2"):
        return _exported(Path(text), batch)
    made = _call(text)
    module, inputs = made if isinstance(made, tuple) and len(made) == 2 else (made, None)  # noqa: PLR2004
    torch = need("torch", "torch", "reading a module")
    if not isinstance(module, torch.nn.Module):
        raise WorkloadError(
            f"{text} returned {type(module).__name__}, not a torch.nn.Module",
            "a module is what operators are read from",
            "let it return the module, or the module and its example inputs",
        )
    module = cast("nn.Module", module)
    if inputs is None:
        return trace(module, example_inputs(module, run.seq_len, run.image_size or (224, 224)), name=text)
    return trace(module, inputs, name=text, sequences=batch, assumed=_as_one(inputs, batch))


def trace(
    module: nn.Module,
    inputs: object,
    *,
    name: str = "",
    sequences: int = 1,
    before: Callable[[nn.Module], Mapping[str, object]] | None = None,
    assumed: Mapping[str, str] | None = None,
) -> Network:
    """Record the operators of one run of a module.

    The module is set to evaluation and moved to the meta device in place: its weights are dropped, unless they were
    never there.

    Args:
        module: the module.
        inputs: example inputs: a tensor, or a tuple or dictionary of arguments.
        name: name of the network; the module's class unless given.
        sequences: sequences in the inputs; operators are counted for one.
        before: run first, its work not recorded; returns further named inputs, such as a filled cache.
        assumed: what was assumed, to go with the network.

    Raises:
        WorkloadError: torch is missing, or the module cannot be traced.
    """
    torch = need("torch", "torch", "reading a module")
    called = name or type(module).__name__
    try:
        module = module.eval() if not hasattr(module, "graph") else module
        module = module.to("meta")
        inputs = _to_meta(inputs, torch)
    except Exception as error:
        raise _unusable(called, error) from error
    tracer = Tracer(module)
    try:
        with tracer.running(), torch.device("meta"):
            further: Mapping[str, object] = {}
            if before is not None:
                tracer.state.paused = True
                further = before(module)
                tracer.state.paused = False
            if isinstance(inputs, dict):
                module(**{**inputs, **further})
            elif isinstance(inputs, (tuple, list)):
                module(*inputs, **further)
            else:
                module(inputs, **further)
    except WorkloadError:
        raise
    except Exception as error:
        raise cannot_trace(error, tracer, called) from error
    return tracer.network(called, sequences, assumed)


def example_inputs(module: nn.Module, seq_len: int, image_size: tuple[int, int]) -> Tensor:
    """Make one sequence or image of the shape that the module's first layer with weights takes.

    Raises:
        WorkloadError: the first layer is of no kind whose inputs are known.
    """
    torch = need("torch", "torch", "reading a module")
    nn = torch.nn
    for layer in module.modules():
        if isinstance(layer, nn.Embedding):
            return cast("Tensor", torch.zeros(1, seq_len, dtype=torch.long, device="meta"))
        if isinstance(layer, nn.Conv2d):
            return cast("Tensor", torch.zeros(1, layer.in_channels, *image_size, device="meta"))
        if isinstance(layer, nn.Conv1d):
            return cast("Tensor", torch.zeros(1, layer.in_channels, seq_len, device="meta"))
        if isinstance(layer, nn.RNNBase):
            ordered = (1, seq_len) if layer.batch_first else (seq_len, 1)
            return cast("Tensor", torch.zeros(*ordered, layer.input_size, device="meta"))
        if isinstance(layer, nn.Linear):
            return cast("Tensor", torch.zeros(1, layer.in_features, device="meta"))
        if isinstance(layer, (nn.TransformerEncoder, nn.TransformerEncoderLayer)):
            first = next(layer.modules().__iter__())
            attention = next(m for m in first.modules() if isinstance(m, nn.MultiheadAttention))
            ordered = (1, seq_len) if attention.batch_first else (seq_len, 1)
            return cast("Tensor", torch.zeros(*ordered, attention.embed_dim, device="meta"))
    raise WorkloadError(
        f"it is not known what {type(module).__name__} takes",
        "operators are recorded by running the module on inputs of the right shapes",
        "let the callable return the module and its example inputs",
    )


def _call(source: str) -> object:
    """Call the user's callable; its tensors are made without data where it does not say otherwise."""
    torch = need("torch", "torch", "reading a module")
    with importing(source) as found:
        if isinstance(found, torch.nn.Module):
            return found
        with torch.device("meta"):
            return cast("Callable[[], object]", found)()


def _exported(path: Path, batch: int) -> Network:
    torch = need("torch", "torch", "reading an exported program")
    try:
        program = torch.export.load(path)
        module, (args, kwargs) = program.module(), program.example_inputs
    except Exception as error:
        raise _unusable(str(path), error) from error
    inputs: Sequence[object] | dict[str, object] = kwargs if kwargs and not args else args
    return trace(module, inputs, name=path.stem, sequences=batch, assumed=_as_one(inputs, batch))


def _as_one(inputs: object, batch: int) -> dict[str, str]:
    """Return what is assumed of inputs that may hold several sequences: a batch looks like any other dimension."""
    values = (
        inputs.values()
        if isinstance(inputs, dict)
        else inputs
        if isinstance(inputs, tuple | list)
        else (inputs,)
    )
    shape: tuple[int, ...] = next((tuple(value.shape) for value in values if hasattr(value, "shape")), ())
    if batch > 1 or not shape or shape[0] <= 1:
        return {}
    return {
        "example inputs": f"the example inputs, of shape {' x '.join(map(str, shape))}, are counted as one inference; "
        "if their first dimension is a batch, let it be 1"
    }


def _unusable(name: str, error: Exception) -> WorkloadError:
    said = " ".join(str(error).split())[:300] or type(error).__name__
    return WorkloadError(
        f"{name} cannot be read: {said}",
        "its operators are recorded by running it on tensors without data",
        "check that it is whole and made by a similar version of torch",
    )


def _to_meta(nested: object, torch: object) -> object:
    if isinstance(nested, torch.Tensor):  # type: ignore[attr-defined]
        return cast("Tensor", nested).detach().to("meta")
    if isinstance(nested, tuple):
        return tuple(_to_meta(item, torch) for item in nested)
    if isinstance(nested, list):
        return [_to_meta(item, torch) for item in nested]
    if isinstance(nested, dict):
        return {key: _to_meta(value, torch) for key, value in nested.items()}
    return nested
