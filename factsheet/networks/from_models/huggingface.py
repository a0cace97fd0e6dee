"""Read the operators of a Hugging Face model from its `config.json` alone, run on inputs without data."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from factsheet.errors import WorkloadError
from factsheet.networks.family import USUAL
from factsheet.networks.from_models.hub.building import PURPOSE, build, load_transformers, type_of
from factsheet.networks.from_models.hub.configs import config_at
from factsheet.networks.from_models.hub.devices import small_numbers
from factsheet.networks.from_models.hub.inputs import make_inputs
from factsheet.networks.from_models.hub.others import read_other
from factsheet.networks.from_models.hub.positions import position_limit
from factsheet.networks.from_models.hub.sentences import with_sentence_layers
from factsheet.networks.from_models.hub.storage import with_stored_size
from factsheet.networks.from_models.imports import need
from factsheet.networks.from_models.module import trace
from factsheet.networks.sizes import Interface

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    from torch import nn

    from factsheet.networks.family import Run
    from factsheet.networks.operators import Network


def read(
    source: str | Path,
    run: Run = USUAL,
    *,
    attention: Literal["sdpa", "eager"] | None = None,
) -> Network:
    """Read the operators of the model that a config describes, for one sequence.

    Args:
        source: the file, or the folder that holds it.
        run: what an inference runs on: tokens in one sequence, of both sides if there are an encoder and a decoder, or
            samples of sound; the size of an image, which is the config's unless given; with a cache, one decoding step
            of one token.
        attention: which implementation the model runs; its own choice unless given. The counts are the same.

    Raises:
        WorkloadError: transformers is missing, the file is no config of a model that it has, the model cannot be
            built or traced, or a size that was asked for does not fit it.
    """
    config = config_at(Path(source))
    if config.kind != "transformers":
        return read_other(config, run)
    transformers = load_transformers()
    notes: dict[str, str] = {}
    with _quiet(transformers):
        kind = type_of(config.path, config.values, transformers)
        if run.cache_length is not None:
            notes["cache"] = f"one token is decoded after {run.cache_length:,} in the cache"
        with small_numbers() as guesses:
            module = build(config.path, config.values, kind, attention=attention, notes=notes)
            network = _traced(module, run, kind, notes)
    network = replace(network, notes=(*network.notes, *dict.fromkeys(guesses)))
    return with_sentence_layers(with_stored_size(network, config), config.folder)


def _traced(module: nn.Module, run: Run, name: str, assumed: Mapping[str, str]) -> Network:
    made = make_inputs(module, run, step=None if run.cache_length is None else 1)
    read_as_numbers = {key: value for key, value in made.values.items() if _has_data(value)}
    constants = [
        (part, name, buffer)
        for part in module.modules()
        for name, buffer in part.named_buffers(recurse=False)
        if _has_data(buffer) and buffer.numel() == 1
    ]

    def further(model: nn.Module) -> Mapping[str, object]:
        for (
            part,
            buffer_name,
            buffer,
        ) in constants:  # such as the stride of a convolution, which padding follows from
            part.register_buffer(buffer_name, buffer, persistent=False)
        return {**read_as_numbers, **(_cache(model, run) if run.cache_length else {})}

    inputs = {key: value for key, value in made.values.items() if key not in read_as_numbers}
    network = trace(module, inputs, name=name, before=further, assumed=assumed)
    tensors = network.tensors
    if tensors is None:
        tensors = {name: parameter.numel() for name, parameter in module.named_parameters()}  # each once
    limit = position_limit(module)
    interface = (network.interface or Interface())._replace(positions=None if limit is None else limit.tokens)
    notes = (*network.notes, *made.notes)
    return replace(network, tensors=tensors, sizes=made.sizes, notes=notes, interface=interface)


def _has_data(value: object) -> bool:
    """Return whether it is a tensor of numbers that a model reads, such as the grid of an image's patches."""
    device = getattr(value, "device", None)
    return device is not None and device.type != "meta"


def _cache(model: nn.Module, run: Run) -> Mapping[str, object]:
    """Run over the tokens before the step that counts, and return the cache that it takes."""
    length = run.cache_length or 0
    filled = make_inputs(
        model, run._replace(seq_len=length, cache_length=None, asked=run.asked | {"seq_len"})
    )
    tokens = filled.values.get("input_ids")
    if isinstance(tokens, need("torch", "hf", PURPOSE).Tensor) and tokens.shape[1] != length:
        raise WorkloadError(
            f"image and sound alone make more than the {length:,} tokens in the cache",
            "they are among the tokens that a step follows on",
            f"give a cache of more than {tokens.shape[1] - length:,} tokens",
        )
    output = model(**{**filled.values, "use_cache": True})
    cache, memory = (
        getattr(output, field, None) for field in ("past_key_values", "encoder_last_hidden_state")
    )
    if cache is None:
        raise WorkloadError(
            f"{type(model).__name__} keeps no cache of keys and values",
            "a decoding step needs one",
            "count a whole sequence instead",
        )
    further: dict[str, object] = {"past_key_values": cache, "use_cache": True}
    if memory is not None:  # the encoder has run by then
        further |= {"encoder_outputs": (memory,), str(model.main_input_name): None}
    return further


@contextmanager
def _quiet(transformers: ModuleType) -> Iterator[None]:
    """Let transformers say nothing meanwhile: its warnings are about weights, which there are none of."""
    logging = transformers.utils.logging
    level = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
