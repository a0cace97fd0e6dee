"""Keep the numbers of small tensors that a trace knows, though it runs on tensors without data.

What no input goes into is computed along, so that `.item()` and branches on it are right. Which experts a router
chooses is not known; an even choice stands for it (see `choices`), and what follows from that is marked as supposed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from factsheet.networks.from_models.imports import need

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

MOST_NUMBERS = 2**16
"""Numbers of a constant that are computed along."""
MOST_SUPPOSED = 2**23
"""The same where they follow from a router's choice."""


def storage_key(tensor: Tensor) -> int:
    """Return what identifies a tensor's storage."""
    try:
        return int(tensor.untyped_storage()._cdata)  # noqa: SLF001 - the storage's identity has no public name
    except (NotImplementedError, RuntimeError):  # a sparse tensor, or a class of tensors of its own
        return id(tensor)


class AtenCall(NamedTuple):
    """One operator with what it is called with."""

    name: str
    """Without namespace, overload and the underscore of its in-place form."""
    func: Callable[..., object]
    args: tuple[object, ...]
    kwargs: Mapping[str, object]
    inputs: list[Tensor]
    """The tensors among the arguments, in order."""

    @classmethod
    def of(
        cls,
        func: Callable[..., object],
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        torch: object,
    ) -> AtenCall:
        """Return the call of an operator."""
        name = str(func._schema.name).rpartition("::")[2]  # type: ignore[attr-defined]  # noqa: SLF001
        name = name[:-1] if name.endswith("_") and not name.endswith("__") else name
        return cls(name, func, args, kwargs, tensors_in((args, dict(kwargs)), torch))

    @property
    def mutates(self) -> bool:
        """Whether the operator writes into an argument."""
        return bool(self.func._schema.is_mutable)  # type: ignore[attr-defined]  # noqa: SLF001

    def written(self, torch: object) -> list[Tensor]:
        """Return the tensors that the operator writes into."""
        found: list[Tensor] = []
        for place, argument in enumerate(self.func._schema.arguments):  # type: ignore[attr-defined]  # noqa: SLF001
            if argument.alias_info is not None and argument.alias_info.is_write:
                given = self.args[place] if place < len(self.args) else self.kwargs.get(argument.name)
                found += tensors_in(given, torch)
        return found

    def run(self) -> object:
        """Run the operator."""
        return self.func(*self.args, **self.kwargs)


class KnownValues:
    """The numbers of storages, and the tensors without data that stand for those with data."""

    def __init__(self) -> None:
        self._torch = need("torch", "torch", "reading a module")
        self._values: dict[int, tuple[Tensor, bool]] = {}
        self._twins: dict[int, tuple[object, Tensor]] = {}
        self._kept: list[object] = []

    def twin(self, tensor: Tensor) -> Tensor:
        """Return the tensor without data that stands for one with data; views of one storage stay so."""
        torch = self._torch
        if tensor.device.type == "meta" or tensor.layout is not torch.strided:
            return tensor if tensor.device.type == "meta" else tensor.to("meta")
        with torch.inference_mode(mode=False):  # views of a tensor with data are no inference tensors either
            return self._twin(tensor)

    def _twin(self, tensor: Tensor) -> Tensor:
        torch = self._torch
        key = storage_key(tensor)
        if key not in self._twins:
            held = tensor.untyped_storage().nbytes()
            whole = torch.empty(held, dtype=torch.uint8, device="meta")
            self._twins[key] = (tensor.untyped_storage(), whole)
            if tensor.device.type == "cpu" and held // tensor.element_size() <= MOST_NUMBERS:
                storage: Any = tensor.untyped_storage()
                copied = torch.empty(0, dtype=torch.uint8).set_(storage.clone())
                self._keep(whole, copied, supposed=False)
        whole = self._twins[key][1]
        made = torch.empty(0, dtype=tensor.dtype, device="meta")
        return cast(
            "Tensor",
            made.set_(whole.untyped_storage(), tensor.storage_offset(), tensor.shape, tensor.stride()),
        )

    def of(self, tensor: Tensor) -> Tensor | None:
        """Return the numbers of a tensor, if they are known; writing into them changes what is known."""
        known = self._values.get(storage_key(tensor))
        if known is None:
            return None
        made = self._torch.empty(0, dtype=tensor.dtype)
        return cast(
            "Tensor",
            made.set_(known[0].untyped_storage(), tensor.storage_offset(), tensor.shape, tensor.stride()),
        )

    def is_supposed(self, tensor: Tensor) -> bool:
        """Return whether what is known of a tensor follows from a choice that was only supposed."""
        known = self._values.get(storage_key(tensor))
        return known is not None and known[1]

    def forget(self, tensor: Tensor) -> None:
        """Note that something unknown was written into a tensor."""
        self._values.pop(storage_key(tensor), None)

    def set(self, tensor: Tensor, value: Tensor, *, supposed: bool) -> None:
        """Note the numbers of a whole new tensor."""
        if value.numel() > MOST_SUPPOSED:
            return
        held = tensor.untyped_storage().nbytes() // max(1, tensor.element_size())
        flat = self._torch.zeros(held, dtype=tensor.dtype)
        flat.as_strided(tensor.shape, tensor.stride(), tensor.storage_offset()).copy_(value)
        self._keep(tensor, flat, supposed=supposed)

    def stands_for(self, real: Tensor, tensor: Tensor) -> Tensor:
        """Let a tensor with data stand for one without, so that it is that one again in the next operator."""
        self._twins[storage_key(real)] = (real.untyped_storage(), tensor)
        return real

    def follow(self, call: AtenCall, outputs: list[Tensor]) -> None:
        """Work out what is known of an operator's outputs, after it ran without data."""
        func, args, kwargs, inputs = call.func, call.args, call.kwargs, call.inputs
        schema, tags = func._schema, func.tags  # type: ignore[attr-defined]  # noqa: SLF001
        random = self._torch.Tag.nondeterministic_seeded in tags
        own = {storage_key(tensor) for tensor in inputs}
        new = [tensor for tensor in outputs if storage_key(tensor) not in own]
        if not schema.is_mutable and not new:
            return
        known = [self._values.get(key) for key in own]
        supposed = any(one is not None and one[1] for one in known)
        most = MOST_SUPPOSED if supposed else MOST_NUMBERS
        small = all(tensor.numel() <= most for tensor in (*inputs, *outputs))
        if random or not small or any(one is None for one in known):
            if schema.is_mutable:
                self._forget(call.written(self._torch))
            return
        try:
            found = func(*self._real(args), **cast("dict[str, Any]", self._real(dict(kwargs))))
        except Exception:  # noqa: BLE001 - an operator on numbers may refuse what it takes without; they stay unknown
            self._forget(call.written(self._torch))
            return
        if schema.is_mutable and supposed:
            for tensor in call.written(self._torch):
                key = storage_key(tensor)
                self._values[key] = (self._values[key][0], True)
        real = list(tensors_in(found, self._torch))
        for tensor, value in zip(outputs, real, strict=False):
            if storage_key(tensor) not in own and value.shape == tensor.shape:
                self.set(tensor, value.detach(), supposed=supposed)

    def _forget(self, written: list[Tensor]) -> None:
        for tensor in written:
            self.forget(tensor)

    def _real(self, nested: object) -> Any:
        torch = self._torch
        if isinstance(nested, torch.Tensor):
            return self.of(cast("Tensor", nested))
        if isinstance(nested, torch.device):
            return torch.device("cpu")
        if isinstance(nested, tuple):
            return tuple(self._real(item) for item in nested)
        if isinstance(nested, list):
            return [self._real(item) for item in nested]
        if isinstance(nested, dict):
            return {key: self._real(value) for key, value in nested.items()}
        return nested

    def _keep(self, tensor: Tensor, value: Tensor, *, supposed: bool) -> None:
        self._kept.append(tensor.untyped_storage())  # so that its identity is not given to another
        self._values[storage_key(tensor)] = (value, supposed)


def tensors_in(nested: object, torch: object) -> list[Tensor]:
    """Return the tensors in nested tuples, lists and dictionaries, in order."""
    if isinstance(nested, torch.Tensor):  # type: ignore[attr-defined]
        return [cast("Tensor", nested)]
    if isinstance(nested, dict):
        nested = list(nested.values())
    if isinstance(nested, (list, tuple)):
        return [tensor for item in nested for tensor in tensors_in(item, torch)]
    return []
