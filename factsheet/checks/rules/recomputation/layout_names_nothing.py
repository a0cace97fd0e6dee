"""A name under `model_architecture.layout` fits no layer of the declared network, or fits on both sides.

What it does: compares the names under `analog`, `digital` and `copies` with the layers of the network that the sheet
declares, as `factsheet inspect` lists them. `*` stands for any part of a name, and a name may leave parts out at its
ends: `ffn` fits `layer.0.ffn.up`. Whatever a network computes may be called digital, softmax too; only layers with
weights can be on tiles or be copied. A layer that names of both sides fit is taken to be on tiles, and reported.

Why it matters: a name that fits nothing changes nothing, so tiles and operations are those of another layout than the
one that is meant.

Fails:
    mlp: {sizes: [784, 256, 10]}
    layout: {digital: [classifier]}

Passes:
    mlp: {sizes: [784, 256, 10]}
    layout: {digital: [layer.1]}

How to fix: write the name as `factsheet inspect` lists it, or leave it out where the network has no such layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.networks.operators import Network

_MOST_NAMED = 8


def _check(context: RuleContext) -> Iterator[Finding]:
    architecture = context.sheet.model_architecture
    if architecture is None or architecture.layout is None:
        return
    from factsheet.networks.policy import fits  # start-up: few sheets have a layout
    from factsheet.recompute.interpretations import declared, network_of

    known = declared(context.sheet)
    if known is None:
        return
    network = network_of(known.structure, 1)
    plan = known.structure.layout
    above = ("model_architecture", "layout")
    for field, name in plan.unfit(network):
        yield Finding(
            (*above, field),
            f"`{name}` fits no layer of the declared network",
            f"`factsheet inspect` lists the names; there are {_names(network)}",
            word=None if field == "copies" else name,
        )
    both = sorted(
        matrix.name
        for matrix in network.static
        if any(fits(name, matrix.name) for name in plan.digital)
        and any(fits(name, matrix.name) for name in plan.analog)
    )
    if both:
        yield Finding(
            (*above, "digital"),
            f"`{both[0]}` is called digital and analog{_and_more(both)}",
            "make one of the names narrower",
            related=(((*above, "analog"), "called analog here"),),
        )


def _and_more(names: list[str]) -> str:
    return f", and so are {len(names) - 1} more layers" if len(names) > 1 else ""


def _names(network: Network) -> str:
    names = list(dict.fromkeys(matrix.name for matrix in network.static))
    listed = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED])
    return f"{listed} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else listed


RULE = Rule(
    "FS253",
    "layout-names-nothing",
    "warning",
    "a name without effect leaves tiles and operations those of another layout",
    _check,
)
