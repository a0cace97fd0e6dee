"""Hold what is known of a model while its inputs are made: its config, its arguments, and the inputs so far."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, cast

from factsheet.networks.from_models.hub.building import PURPOSE
from factsheet.networks.from_models.imports import need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

    from factsheet.networks.family import Run
    from factsheet.networks.sizes import Size

Inputs = dict[str, "Tensor | bool | object"]

VISION = ("vision_config", "image_config", "encoder", "backbone_config", "image_encoder")
AUDIO = ("audio_config", "audio_encoder", "encoder_config", "speech_config")
"""What configs call the part that sees, and the one that hears."""


class InputMaker:
    """Makes named inputs of a model.

    Attributes:
        module: the model, on the meta device.
        run: what an inference runs on.
        takes: the arguments of its `forward`.
        main: the one that it cannot do without.
        inputs: what has been made so far.
        sizes: how large it is, and where that comes from.
        notes: what was taken where nothing says it.
    """

    def __init__(self, module: nn.Module, run: Run) -> None:
        self.torch = need("torch", "hf", PURPOSE)
        self.module, self.run = module, run
        self.config = cast("object", module.config)
        self.takes = inspect.signature(module.forward).parameters
        self.main = str(getattr(module, "main_input_name", "input_ids"))
        self.inputs: Inputs = {}
        self.sizes: list[Size] = []
        self.notes: list[str] = []

    def parts(self, names: tuple[str, ...]) -> Iterator[object]:
        """Yield the config and these parts of it."""
        yield self.config
        for name in names:
            part = getattr(self.config, name, None)
            if part is not None:
                yield part

    def part(self, name: str) -> object:
        """Return a part of the config; `None` where it has none."""
        return getattr(self.config, name, None)

    def number(self, fields: tuple[str, ...], parts: tuple[str, ...], otherwise: int) -> int:
        """Return the first of these fields that holds a number from 1 up, in the config or in these parts of it."""
        for part in self.parts(parts):
            for field in fields:
                found = getattr(part, field, None)
                if isinstance(found, int) and not isinstance(found, bool) and found > 0:
                    return found
        return otherwise

    def tokens(self, length: int) -> Tensor:
        """Return a sequence of tokens without numbers."""
        return cast("Tensor", self.torch.empty(1, length, dtype=self.torch.long, device="meta"))

    def empty(self, *shape: int) -> Tensor:
        """Return a tensor without data."""
        return cast("Tensor", self.torch.empty(*shape, device="meta"))
