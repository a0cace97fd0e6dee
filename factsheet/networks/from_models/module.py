"""Read the operators of a `torch.nn.Module`: in memory, made by the user's own code, or exported.

Importing the user's code runs it. That is for the command line and for callers of this module to ask for; nothing
that a sheet says leads here.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from factsheet.errors import WorkloadError
from factsheet.networks.family import USUAL
from factsheet.networks.from_models import exported_program
from factsheet.networks.from_models.adapters import adapters_in, with_digital_adapters
from factsheet.networks.from_models.example_inputs import candidates, sizes_of
from factsheet.networks.from_models.imports import importing, need
from factsheet.networks.from_models.routers import with_digital_routers
from factsheet.networks.from_models.tracing.known_values import KnownValues, tensors_in
from factsheet.networks.from_models.tracing.modes import making
from factsheet.networks.from_models.tracing.tracer import Tracer, cannot_trace
from factsheet.networks.sizes import Interface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from types import ModuleType

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
    if text.lower().endswith(".pt2"):
        return with_digital_routers(exported_program.read(text, batch))
    torch = need("torch", "torch", "reading a module")
    values = KnownValues()
    made = _call(text, values)
    module, inputs = made if isinstance(made, tuple) and len(made) == 2 else (made, None)  # noqa: PLR2004
    if not isinstance(module, torch.nn.Module):
        raise WorkloadError(
            f"{text} returned {type(module).__name__}, not a torch.nn.Module",
            "a module is what operators are read from",
            "let it return the module, or the module and its example inputs",
        )
    module = cast("nn.Module", module)
    if inputs is None:
        return on_made_inputs(module, run, text, values)
    sizes, notes = sizes_of(inputs, run)
    found = trace(module, inputs, name=text, sequences=batch, assumed=_as_one(inputs, batch), values=values)
    return replace(found, sizes=sizes, notes=(*found.notes, *notes))


def on_made_inputs(module: nn.Module, run: Run, name: str, values: KnownValues) -> Network:
    """Trace a module on the first inputs that it takes, of those that its first layer may be made for.

    Raises:
        WorkloadError: it is not known what the module takes, or it takes none of these.
    """
    failed: WorkloadError | None = None
    for inputs in candidates(module, run):
        assumed = {"inputs": inputs.assumed} if inputs.assumed else None
        try:
            found = trace(module, inputs.values, name=name, assumed=assumed, values=values)
        except WorkloadError as error:
            failed = failed or error
            continue
        notes = found.notes
        if "seq_len" in run.asked and all(size.name != "sequence length" for size in inputs.sizes):
            notes = (
                *notes,
                f"a sequence length of {run.seq_len} was asked for; the module runs on no sequence",
            )
        return replace(found, sizes=inputs.sizes, notes=notes)
    if failed is None:
        raise AssertionError("there is a candidate, or an error that says why there is none")
    raise failed


def trace(
    module: nn.Module,
    inputs: object,
    *,
    name: str = "",
    sequences: int = 1,
    before: Callable[[nn.Module], Mapping[str, object]] | None = None,
    assumed: Mapping[str, str] | None = None,
    values: KnownValues | None = None,
) -> Network:
    """Record the operators of one run of a module, as in evaluation; the module itself stays as it is.

    Args:
        module: the module.
        inputs: example inputs: a tensor, or a tuple or dictionary of arguments.
        name: name of the network; the module's class unless given.
        sequences: sequences in the inputs; operators are counted for one.
        before: run first, its work not recorded; returns further named inputs, such as a filled cache.
        assumed: what was assumed, to go with the network.
        values: numbers that are known since the module was made.

    Raises:
        WorkloadError: torch is missing, or the module cannot be traced.
    """
    torch = need("torch", "torch", "reading a module")
    called = name or type(module).__name__
    training = module.training
    module.eval()
    _initialise(module, inputs, torch)
    shapes = _shapes(tensors_in(inputs, torch))
    tracer = Tracer(module, values)
    inputs = _without_data(inputs, tracer, torch)
    try:
        with tracer.running():
            further: Mapping[str, object] = {}
            if before is not None:
                tracer.state.paused = True
                further = before(module)
                tracer.state.paused = False
                tracer.given(further)
            if isinstance(inputs, dict):
                output = module(**{**inputs, **further})
            elif isinstance(inputs, (tuple, list)):
                output = module(*inputs, **further)
            else:
                output = module(inputs, **further)
            tracer.state.cover(*tensors_in(output, torch))
    except WorkloadError:
        raise
    except Exception as error:
        raise cannot_trace(error, tracer, called) from error
    finally:
        module.train(training)
    found = replace(
        tracer.network(called, sequences, assumed),
        interface=Interface(shapes, _shapes(tensors_in(output, torch))),
    )
    return with_digital_routers(with_digital_adapters(found, adapters_in(module)))


def _shapes(tensors: Iterable[Tensor]) -> tuple[str, ...]:
    return tuple(
        f"{' x '.join(map(str, one.shape)) or 'a number'}, {str(one.dtype).removeprefix('torch.')}"
        for one in tensors
    )


def _call(source: str, values: KnownValues) -> object:
    """Call the user's callable; its tensors are made without data, or with data where that cannot be done."""
    torch = need("torch", "torch", "reading a module")
    with importing(source) as found:
        if isinstance(found, torch.nn.Module):
            return found
        make = cast("Callable[[], object]", found)
        try:
            with making(values):
                return make()
        except Exception:  # noqa: BLE001 - code that needs numbers, such as those of a file, may do with data
            return make()


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


def _initialise(module: nn.Module, inputs: object, torch: ModuleType) -> None:
    """Let lazy layers take their sizes from the inputs; where they cannot, tracing says so."""
    lazy = [one for one in (*module.parameters(), *module.buffers()) if torch.nn.parameter.is_lazy(one)]
    if not lazy:
        return

    def like(nested: object) -> object:
        if isinstance(nested, torch.Tensor):
            return torch.zeros_like(nested, device=lazy[0].device)
        if isinstance(nested, (tuple, list)) and not hasattr(nested, "_fields"):
            return type(nested)(like(item) for item in nested)
        return {key: like(value) for key, value in nested.items()} if isinstance(nested, dict) else nested

    given = like(inputs)
    with suppress(Exception), torch.no_grad():
        if isinstance(given, dict):
            module(**given)
        else:
            module(*given if isinstance(given, (tuple, list)) else (given,))


def _without_data(
    nested: object, tracer: Tracer, torch: ModuleType, known: dict[int, Tensor] | None = None
) -> object:
    """Return the inputs without data, each known as an input; what is given twice stays one."""
    known = {} if known is None else known
    if isinstance(nested, torch.Tensor):
        if id(nested) not in known:
            given = torch.empty_like(cast("Tensor", nested), device="meta", requires_grad=False)
            tracer.state.origins.see(given)
            known[id(nested)] = given
        return known[id(nested)]
    if isinstance(nested, tuple) and not hasattr(nested, "_fields"):
        return tuple(_without_data(item, tracer, torch, known) for item in nested)
    if isinstance(nested, list):
        return [_without_data(item, tracer, torch, known) for item in nested]
    if isinstance(nested, dict):
        return {key: _without_data(value, tracer, torch, known) for key, value in nested.items()}
    return nested
