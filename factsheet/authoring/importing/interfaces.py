"""Say what goes into a network and what comes out, as far as a configuration or a module says it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from factsheet.authoring.found import Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.networks.operators import Network

_MOST_TENSORS = 4


def interface_of(values: Mapping[str, Any], network: Network) -> str:
    """Return what goes in, as far as a configuration says; empty where it does not."""
    vocabulary = values.get("vocab_size")
    channels, side = values.get("num_channels"), values.get("image_size")
    bins, frames = values.get("num_mel_bins"), values.get("max_source_positions")
    if isinstance(channels, int) and isinstance(side, int):
        return f"An image of {side} x {side} pixels with {channels} channels in."
    positions = _positions(values, network)
    if not isinstance(vocabulary, int) or positions is None:
        return ""
    if isinstance(bins, int) and isinstance(frames, int) and values.get("model_type") == "whisper":
        # Its encoder halves the frames before it adds positions.
        sound = f"Sound as {2 * frames:,} frames of {bins} mel bins in"
        return f"{sound}, ids of {vocabulary:,} tokens in up to {positions:,} positions out."
    return f"Ids of {vocabulary:,} tokens in up to {positions:,} positions in."


def _positions(values: Mapping[str, Any], network: Network) -> int | None:
    """Return how many positions a user can give: RoBERTa's table of 514 rows has two that no token has."""
    found = [
        size
        for size in (
            values.get("max_position_embeddings"),
            None if network.interface is None else network.interface.positions,
        )
        if isinstance(size, int) and size > 0
    ]
    return min(found, default=None)


def of_module(network: Network, name: str) -> Iterator[Found]:
    """Yield what a module says beside its operators, for fields that no other source answers.

    The shapes are those of example inputs that the user's code gave; shapes that were assumed are no answer.
    """
    interface = network.interface
    stated = any(size.origin == "example inputs" for size in network.sizes)
    if interface is not None and stated and interface.taken and interface.given:
        text = f"{_tensors(interface.taken)} in, {_tensors(interface.given)} out."
        text = f"{text[:1].upper()}{text[1:]}"
        yield Found(("setup", "interface"), text, f"{name}, example inputs", "declared")
    try:
        release = version("torch")
    except PackageNotFoundError:
        return
    where = f"{name}, a module of PyTorch; the version is the one that it was read with"
    yield Found(("setup", "framework"), f"PyTorch {release.partition('+')[0]}", where)


def _tensors(shapes: tuple[str, ...]) -> str:
    shown = [f"{shape.replace(', ', ' (')})" for shape in shapes[:_MOST_TENSORS]]
    more = f" and {len(shapes) - _MOST_TENSORS} more" if len(shapes) > _MOST_TENSORS else ""
    return f"{'a tensor' if len(shapes) == 1 else 'tensors'} of {', '.join(shown)}{more}"
