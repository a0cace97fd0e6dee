"""Let PyTorch hand over every operator while a module is made or run, and make new tensors without data meanwhile."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, cast

from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.tracing.known_values import AtenCall, KnownValues, tensors_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from torch import Tensor


@contextmanager
def undisturbed() -> Iterator[None]:
    """Run operators within as they are, unseen by any mode."""
    torch = need("torch", "torch", "reading a module")
    python = need("torch.utils._python_dispatch", "torch", "reading a module")
    with torch._C.DisableTorchFunction(), python._disable_current_modes():  # noqa: SLF001
        yield


@contextmanager
def without_data(values: KnownValues, dispatch: Callable[..., object]) -> Iterator[None]:
    """Hand each operator to `dispatch(mode, func, args, kwargs)`; new tensors are without data.

    Lists of numbers that become tensors are kept in `values`, which also gives back the numbers that are known.
    """
    torch = need("torch", "torch", "reading a module")
    python = need("torch.utils._python_dispatch", "torch", "reading a module")
    overrides = need("torch.overrides", "torch", "reading a module")
    makers = need("torch.utils._device", "torch", "reading a module")._device_constructors()  # noqa: SLF001
    from_data = {torch.tensor, torch.as_tensor, torch.asarray, torch.from_numpy, torch.frombuffer}
    read_out = {torch.Tensor.numpy, torch.Tensor.tolist, torch.Tensor.__array__}

    def operator(
        mode: object,
        func: Callable[..., object],
        _types: object,
        args: tuple[object, ...] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        with undisturbed():  # other modes would see work on tensors without data
            return dispatch(mode, func, args, kwargs or {})

    def function(
        _mode: object,
        func: Callable[..., object],
        _types: object,
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        kwargs = kwargs or {}
        if func in from_data:
            if tensors_in(args[:1], torch) and func is not torch.tensor:
                return func(*args, **{**kwargs, "device": None} if "device" in kwargs else kwargs)
            with undisturbed():
                made = func(*args, **{key: value for key, value in kwargs.items() if key != "device"})
                return values.twin(cast("Tensor", made))
        if func in read_out and args and isinstance(args[0], torch.Tensor):
            with undisturbed():
                given = cast("Tensor", args[0])
                known = given if given.device.type == "cpu" else values.of(given)
                if known is not None:
                    return func(known.clone(), *args[1:], **kwargs)
        if func in makers:
            kwargs = {**kwargs, "device": "meta"}
        return func(*args, **kwargs)

    # Made here and not by class statements, so that this module can be imported without torch.
    on_operators = type(
        "OperatorMode",
        (python.TorchDispatchMode,),
        {"__torch_dispatch__": operator, "supports_higher_order_operators": True},
    )()
    on_functions = type("MakingMode", (overrides.TorchFunctionMode,), {"__torch_function__": function})()
    with ExitStack() as stack:
        stack.enter_context(on_operators)
        stack.enter_context(on_functions)
        yield


@contextmanager
def making(values: KnownValues) -> Iterator[None]:
    """Make modules without data; numbers that no weight goes into are known, so that they can be read out."""
    torch = need("torch", "torch", "reading a module")

    def operator(
        _mode: object, func: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]
    ) -> object:
        inputs = tensors_in((args, dict(kwargs)), torch)
        if inputs and all(tensor.device.type != "meta" for tensor in inputs):
            return func(*args, **kwargs)
        if inputs:
            args, kwargs = _on_meta(args, values, torch), _on_meta(dict(kwargs), values, torch)
        call = AtenCall.of(func, args, kwargs, torch)
        known = values.of(inputs[0]) if call.name in {"_local_scalar_dense", "item", "is_nonzero"} else None
        if known is not None:
            return known.item()
        out = call.run()
        outputs = tensors_in(out, torch)
        if all(tensor.device.type == "meta" for tensor in outputs):
            values.follow(call, outputs)
        return out

    with without_data(values, operator):
        yield


def _on_meta(nested: Any, values: KnownValues, torch: Any) -> Any:
    if isinstance(nested, torch.Tensor):
        return nested if nested.device.type == "meta" else values.twin(nested)
    if isinstance(nested, torch.device):
        return torch.device("meta")
    if isinstance(nested, (tuple, list)):
        return type(nested)(_on_meta(item, values, torch) for item in nested)
    if isinstance(nested, dict):
        return {key: _on_meta(value, values, torch) for key, value in nested.items()}
    return nested
