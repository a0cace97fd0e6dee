"""The declared dimensions do not make a network.

What it does: builds the network under `model_architecture` from its dimensions, and checks that `heads` divides
`hidden_size`, that each layer of a convolutional network fits the one that it takes its input from, and that the number
of layers is one that a network can have.

Why it matters: nothing can be recomputed from dimensions that contradict each other, so no figure is checked.

Fails:
    transformer_encoder: {layers: 12, hidden_size: 768, heads: 10, intermediate_size: 3072}

Passes:
    transformer_encoder: {layers: 12, hidden_size: 768, heads: 12, intermediate_size: 3072}

How to fix: correct the dimension that was mistyped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.networks.family_keys import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.networks.families.encoder import TransformerEncoder
    from factsheet.sheet.architecture import ModelArchitecture
    from factsheet.source.document import KeyPath

_ENCODER = ("model_architecture", "transformer_encoder")
_SURELY_FEW = 1000
"""Layers up to which there is no need to ask what a network can have."""


def _check(context: RuleContext) -> Iterator[Finding]:
    architecture = context.sheet.model_architecture
    if architecture is None:
        return
    if architecture.transformer_encoder is not None:
        yield from _encoder(architecture.transformer_encoder)
        return
    declared = [key for key in FAMILIES if getattr(architecture, key) is not None]
    if len(declared) == 1:
        yield from _other(architecture)


def _encoder(encoder: TransformerEncoder) -> Iterator[Finding]:
    dimensions = (encoder.layers, encoder.hidden_size, encoder.heads, encoder.intermediate_size)
    layers, hidden, heads, _ = known = tuple(fact.whole for fact in dimensions)
    if not layers or not hidden or not heads or None in known:
        return  # what is not disclosed is no contradiction
    if hidden % heads == 0 and layers <= _SURELY_FEW:
        return
    from factsheet.networks.declared import read_encoder  # start-up: the message is its own
    from factsheet.networks.errors import WorkloadError

    try:
        read_encoder(encoder)
    except WorkloadError as error:
        field = error.path.rpartition(".")[2]
        related = (((*_ENCODER, "hidden_size"), f"{hidden} wide"),) if field == "heads" else ()
        yield Finding((*_ENCODER, field), error.message, error.help, related=related)


def _other(architecture: ModelArchitecture) -> Iterator[Finding]:
    """Networks of the other families are worked out: how their dimensions depend on each other is known there."""
    from factsheet.networks.declared import declared_network  # start-up: most sheets declare an encoder
    from factsheet.networks.errors import NotStatedError, WorkloadError

    try:
        declared_network(architecture, 1)
    except NotStatedError:
        return  # what is not disclosed is no contradiction
    except WorkloadError as error:
        yield Finding(_key_path(error.path), error.message, error.help)


def _key_path(dotted: str) -> KeyPath:
    """The keys of a path such as `model_architecture.convolutional.layers[3].groups`."""
    parts = dotted.replace("[", ".").replace("]", "").split(".")
    return tuple(int(part) if part.isdecimal() else part for part in parts)


RULE = Rule(
    "FS307",
    "structure-impossible",
    "error",
    "nothing can be recomputed from dimensions that contradict each other, so no figure is checked",
    _check,
)
