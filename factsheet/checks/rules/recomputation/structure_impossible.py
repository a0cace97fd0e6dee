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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.networks.declared import NetworkStructure
    from factsheet.source.document import KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    from factsheet.errors import NotStatedError, WorkloadError
    from factsheet.networks.declared import declaration, declared_family  # start-up

    architecture = context.sheet.model_architecture
    try:
        family = declared_family(architecture)
    except WorkloadError:
        return  # FS308 reports that several networks are declared
    if family is None:
        return
    try:
        declared = declaration(architecture)
        if not _is_possible(declared.structure):
            declared.network(1)
    except NotStatedError:
        return  # what is not disclosed is no contradiction
    except WorkloadError as error:
        path = _key_path(error.place)
        related: tuple[tuple[KeyPath, str], ...] = ()
        if path[-1] == "heads":
            hidden_size = getattr(architecture, family.key).hidden_size.whole
            related = (((*path[:-1], "hidden_size"), f"{hidden_size} wide"),)
        yield Finding(path, error.message, error.help, related=related)


def _is_possible(structure: NetworkStructure) -> bool:
    """Return whether the dimensions make a network, which is built once for all sheets that declare the same."""
    from factsheet.errors import WorkloadError
    from factsheet.recompute.interpretations import network_of  # start-up

    try:
        network_of(structure, 1)
    except WorkloadError:
        return False
    return True


def _key_path(dotted: str) -> KeyPath:
    """Return the keys of a path such as `model_architecture.convolutional.layers[3].groups`."""
    parts = dotted.replace("[", ".").replace("]", "").split(".")
    return tuple(int(part) if part.isdecimal() else part for part in parts)


RULE = Rule(
    "FS307",
    "structure-impossible",
    "error",
    "nothing can be recomputed from dimensions that contradict each other, so no figure is checked",
    _check,
)
