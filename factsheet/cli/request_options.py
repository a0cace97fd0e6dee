"""Give commands the options that say which network is worked out, how, and on which chip, as one request.

A command takes `request: Request` and names the options that it has; what they are and how they are read is said here.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from factsheet.cli import options
from factsheet.cli.network import request_of

if TYPE_CHECKING:
    from collections.abc import Callable

POINT = {"seq_len": options.SeqLen, "batch": options.BatchSize, "tile": options.TileSize}
"""The operating point, where a command works out one."""
NETWORK = {
    "convention": options.Convention,
    "digital": options.Digital,
    "analog": options.Analog,
    "decode": options.Decode,
    "cache_length": options.CacheLength,
    "image_size": options.ImageSize,
    "dim": options.Dim,
}
"""What an inference runs on, and how it is counted and put on tiles."""
CHIP = {
    "hardware": options.Hardware,
    "structure": options.ExecutionStructure,
    "chips": options.Chips,
    "pack": options.Pack,
    "fuse_qkv": options.FuseQkv,
    "balance": options.Balance,
}
"""The chip, and how the network is placed on it."""
MODEL = {"model": options.Model}
_DEFAULTS: dict[str, object] = {
    "decode": False,
    "fuse_qkv": False,
    "pack": "none",
    "structure": "batch-synchronous",
}


def takes_request(*groups: dict[str, Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Put options in the place of a command's parameter `request`, and hand it the request that they make.

    Args:
        *groups: the options by name, each with its annotation.
    """
    named = {name: annotation for group in groups for name, annotation in group.items()}

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        def run(**given: Any) -> None:
            request = request_of(**{name: given.pop(name) for name in named})
            command(request=request, **given)

        parameters: list[inspect.Parameter] = []
        for own in inspect.signature(command, eval_str=True).parameters.values():
            parameters += (
                [
                    inspect.Parameter(
                        name, own.KEYWORD_ONLY, default=_DEFAULTS.get(name), annotation=annotation
                    )
                    for name, annotation in named.items()
                ]
                if own.name == "request"
                else [own]
            )
        run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
        run.__dict__["__signature__"] = inspect.Signature(parameters)  # what typer reads
        run.__annotations__ = {own.name: own.annotation for own in parameters}
        return run

    return with_options
