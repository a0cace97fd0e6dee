"""Readings that a sheet does not state and that would make a claim about its structure right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from factsheet.networks.operators import Lookup
from factsheet.recompute.claims import claim_at, points
from factsheet.recompute.comparisons.implied_claims import claims_by_point
from factsheet.recompute.comparisons.inputs import geometry_of
from factsheet.recompute.comparisons.placements import placements, some_sum_fits
from factsheet.recompute.interpretations import affordable, interpretations, network_of
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.networks.declared import Declaration
    from factsheet.networks.operators import Network
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.inputs import TileGeometry
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields

MOST_INTERPRETATIONS = 16
"""Of a declaration, that unusual readings are tried on."""


_PLACED = ("analog_weights", "tiles", "size_on_chip", "devices")
"""Figures that follow from which layers are on tiles."""


def reading_of(sheet: SheetFields, claim: Claim, name: str, known: Declaration) -> Verdict | None:
    """Return the verdict by the first unstated reading that fits; `None` where none does.

    A sheet that says where its layers are leaves nothing of that unstated.
    """
    layout = known.structure.layout
    if name == "analog_weights" and layout.biases_on_tiles:
        without = known.structure._replace(layout=layout._replace(biases_on_tiles=False))
        verdict = judge(claim, network_of(without, 1).analog_weights)
        if verdict.fits:
            return replace(verdict, interpretation="the biases on tiles are not counted")
    if name in _PLACED and layout.states_sides:
        return None
    for found in islice(interpretations(known), min(MOST_INTERPRETATIONS, affordable(known))):
        network = network_of(found.structure, 1)
        for words, value in _readings(sheet, name, network, tokens=known.family.tokens):
            verdict = judge(claim, value)
            if verdict.fits:
                both = " and ".join(part for part in (words, found.words) if part)
                silent = name == "reuse_factor" and not known.family.tokens
                return replace(verdict, interpretation=both, unstated=not silent)
    return None


def _readings(sheet: SheetFields, name: str, network: Network, *, tokens: bool) -> Iterator[tuple[str, int]]:
    """Yield what else a figure may count, with the number that it then is."""
    biases = sum({m.storage: m.matrices * m.cols for m in network.static if m.bias}.values())
    if name == "parameters":
        yield from _fewer_parameters(network, biases)
    elif name == "reuse_factor":
        for matrix in () if tokens else network.analog:
            yield f"uses within an inference are counted, as those of `{matrix.name}`", int(matrix.uses)
        for _, row in points(sheet) if tokens else ():
            yield "the tokens of a sequence are counted as uses", int(row.seq_len)
    else:
        if name == "analog_weights" and biases:
            yield "its biases are on tiles too", network.analog_weights + biases
        for placement in placements(network):
            value = _placed_value(name, placement.network, geometry_of(sheet))
            if value is not None:
                yield placement.words, value


def _fewer_parameters(network: Network, biases: int) -> Iterator[tuple[str, int]]:
    tables = sum({o.storage: o.parameters for o in network.operators if isinstance(o, Lookup)}.values())
    if tables:
        yield "its embeddings are not counted", network.parameters - tables
    if biases:
        yield "its biases are not counted", network.parameters - biases
    weights = sum({matrix.storage: matrix.weights for matrix in network.static}.values())
    yield "only the weights of its matrices are counted", weights


def _placed_value(name: str, network: Network, geometry: TileGeometry) -> int | None:
    rows, cols, each = geometry
    if name == "analog_weights":
        return network.analog_weights
    if name == "devices":
        return None if each is None else network.analog_weights * each
    if rows is None or cols is None:
        return None
    from factsheet.crossbar.mapping import TileShape, map_network  # start-up: only where tiles are claimed

    return map_network(network, TileShape(rows, cols)).tiles


def possibility(sheet: SheetFields, claim: Claim, name: str, known: Declaration) -> str:
    """Return what would make a claim right that no reading explains; empty where it cannot be right."""
    meant = claim.quantity.meant
    if name in _PLACED and known.structure.layout.states_sides:
        return ""
    network = network_of(known.structure, 1)
    if name == "parameters":
        value = network.parameters
        if known.family.key == "operators" and value < meant.low:
            return "a part of the network is not listed, such as tables of embeddings"
        extra = value < meant.low <= value * (1 + SHARE_UNDECLARED)
        return "a part of the network is not declared, such as an adapter or a head" if extra else ""
    if name == "reuse_factor":
        lengths = {stated[0] for stated in claims_by_point(sheet) if isinstance(stated[0], int)}
        sure = any(meant.contains(int(str(length))) for length in lengths)
        return "the steps of a sequence are counted as uses" if sure else ""
    if name == "analog_weights":
        sizes = Counter(matrix.weights for matrix in network.analog_stored)
        return "some of its layers are digital" if some_sum_fits(sizes, meant.low, meant.high) else ""
    if name in ("tiles", "size_on_chip", "devices"):
        usual = _placed_value(name, network, geometry_of(sheet))
        if usual is not None and meant.low > usual:
            return "weights are stored several times, or spare ones are counted"
        least = _least(sheet, name, network)
        chip = sheet.hardware.inference if sheet.hardware is not None else None
        if (
            name == "tiles"
            and chip is not None
            and chip.tiles is not None
            and chip.tiles.whole is not None
            and meant.contains(chip.tiles.whole)
        ):
            return "weights are loaded in several rounds, as the chip has no more tiles"
        shared = "matrices share tiles" if name != "devices" else "some of its layers are digital"
        return shared if least is not None and meant.high >= least else ""
    return ""


SHARE_UNDECLARED = 0.25
"""Of the declared parameters, what a part that no key declares may add: an adapter, the head of a task."""


def _least(sheet: SheetFields, name: str, network: Network) -> float | None:
    """Return the fewest tiles or devices that hold the weights on tiles, as claimed or as the network has them."""
    claimed = claim_at(sheet, "parameters", "analog_weights")
    weights = network.analog_weights if claimed is None else claimed.quantity.meant.low
    rows, cols, each = geometry_of(sheet)
    if name == "devices":
        return None if each is None else weights * each
    return None if rows is None or cols is None else weights / (rows * cols)
