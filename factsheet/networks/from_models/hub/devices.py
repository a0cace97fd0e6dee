"""Let small whole numbers keep their values in a run on tensors without data.

Models read sizes and indices from tensors: the grid of an image's patches, bounds of windows, which rows are filled.
Those that are made of plain numbers are worked out for real; where they meet a tensor without data, theirs are dropped.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from factsheet.networks.from_models.imports import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

    from torch import Tensor

_FACTORIES = frozenset(("arange", "full", "ones", "zeros", "scalar_tensor", "_to_copy", "to", "linspace"))
_MOST = 4096
"""Numbers in a tensor that keeps its values: a table of all pairs of them takes 128 MB at most."""


@contextmanager
def small_numbers() -> Iterator[list[str]]:
    """Within the context, small tensors of whole numbers, made of none without data, have their values.

    Yields:
        A list that takes a note for each list of numbers that was read from a tensor without data, and guessed.
    """
    torch = need("torch", "torch", "reading a module")
    operators = need("torch.utils._python_dispatch", "torch", "reading a module").TorchDispatchMode
    functions = need("torch.overrides", "torch", "reading a module").TorchFunctionMode
    notes: list[str] = []

    def dispatch(
        _mode: object,
        func: Callable[..., object],
        _types: object,
        args: tuple[object, ...] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        return _dispatched(torch, func, args, dict(kwargs or {}))

    def function(
        _mode: object,
        func: Callable[..., object],
        _types: object,
        args: tuple[object, ...] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        if func is torch.Tensor.tolist and args[0].device.type == "meta":  # type: ignore[attr-defined]
            notes.append("numbers read from a tensor without data: taken as 1 each")
            return torch.ones(args[0].shape, dtype=torch.long, device="cpu").tolist()  # type: ignore[attr-defined]
        return func(*args, **(kwargs or {}))

    # Made here and not by class statements, so that this module can be imported without torch.
    with (
        type("SmallNumbers", (operators,), {"__torch_dispatch__": dispatch})(),
        type("SmallLists", (functions,), {"__torch_function__": function})(),
    ):
        yield notes


def _dispatched(
    torch: ModuleType, func: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
) -> object:
    tree = need("torch.utils._pytree", "torch", "reading a module")
    given: tuple[tuple[object, ...], dict[str, object]] = (args, kwargs)
    leaves = tree.tree_leaves(given)
    devices = {leaf.device.type for leaf in leaves if isinstance(leaf, torch.Tensor)}
    wanted = {leaf.type for leaf in leaves if isinstance(leaf, torch.device)}
    meta = torch.device("meta")
    if "meta" in devices and "cpu" in wanted:  # there are no data to give to the other
        given = tree.tree_map_only(torch.device, lambda _: meta, given)
    if {"meta", "cpu"} <= devices:
        given = tree.tree_map_only(torch.Tensor, lambda tensor: tensor.to(meta), given)
    if "meta" in wanted and "meta" not in devices and _base(func) in _FACTORIES:
        made = func(*given[0], **given[1])
        if isinstance(made, torch.Tensor) and _is_small(made):
            given = tree.tree_map_only(torch.device, lambda _: torch.device("cpu"), given)
            return func(*given[0], **given[1])
        return made
    return func(*given[0], **given[1])


def _is_small(made: Tensor) -> bool:
    return made.numel() <= _MOST and not made.dtype.is_floating_point and not made.dtype.is_complex


def _base(func: Callable[..., object]) -> str:
    return str(func._schema.name).rpartition("::")[2]  # type: ignore[attr-defined]  # noqa: SLF001 - its only name
