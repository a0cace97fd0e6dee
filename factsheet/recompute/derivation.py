"""Everything derived from a sheet at one operating point, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.networks.layer_layout import AS_LAID_OUT
from factsheet.networks.policy import undecided

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from factsheet.crossbar.mapping import TileShape
    from factsheet.errors import WorkloadError
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.family import Run
    from factsheet.networks.operators import MatrixKind, Network, Side, Size
    from factsheet.recompute.chip_estimate import ChipEstimate, DigitalRun
    from factsheet.recompute.comparisons.field_claims import ClaimInField
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.points import ChosenPoint
    from factsheet.recompute.request import Request
    from factsheet.recompute.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One product with stored weights. `None` means what the operating point or the tile leaves open."""

    name: str
    block: str
    rows: int
    cols: int
    calls: int | None
    """Input vectors of one run of the batch: input vectors of a sequence times batch."""
    tiles: int | None
    """Tiles of its stored matrix; 0 for a digital layer, and for one that shares an earlier one's matrix."""
    utilisation: float | None
    """Share of its tiles' cells that hold a weight."""
    macs: int | None
    """Multiply-accumulates of one run of the batch."""
    ops: int | None
    """Operations of one run of the batch, without the bias, under the chosen convention."""
    reuse: float | None
    """Uses of one stored weight in one inference: input vectors of a sequence times nodes that share it; of an
    expert, its equal share of them. A whole number is an `int`."""
    on: Side
    kind: MatrixKind
    matrices: int
    """Matrices of this shape: groups of a convolution, experts."""
    active: int
    """How many of them one input vector is multiplied by."""
    storage: str
    """Name of the stored weights; layers of the same name share them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkTotals:
    """Sums over the network; `None` where the sheet does not let one derive them."""

    parameters: int | None = None
    analog_weights: int | None = None
    """On tiles, each once however many nodes use it."""
    logical_weights: int | None = None
    """On tiles if every node had its own."""
    analog_macs: int | None = None
    """As all MACs and ops: of one run of the batch."""
    dynamic_macs: int | None = None
    digital_static_macs: int | None = None
    analog_ops: int | None = None
    digital_ops: int | None = None
    total_ops: int | None = None
    tiles: int | None = None
    tiles_dense: int | None = None
    utilisation: float | None = None
    devices: int | None = None
    inferences: int | None = None
    """Inferences of one run: the batch."""
    at_least: tuple[str, ...] = ()
    """Names of those that can be larger, since something that adds to them is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConventionTotal:
    """Operations under one convention, and whether they explain the claimed total."""

    name: str
    digital_ops: int
    total_ops: int
    verdict: Verdict

    @property
    def explains(self) -> bool | None:
        """Whether the claimed total agrees with this convention; `None` where none is claimed."""
        return self.verdict.fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """What a sheet's structure and claims imply."""

    name: str
    """Name of the sheet."""
    model_name: str
    point: ChosenPoint
    convention: CountingConvention
    convention_is_stated: bool
    """Whether the sheet names it."""
    tile: TileShape | None
    totals: NetworkTotals
    layers: tuple[Layer, ...]
    conventions: tuple[ConventionTotal, ...]
    facts: tuple[DerivedFact, ...]
    notes: tuple[str, ...]
    """What was assumed of the structure."""
    problem: WorkloadError | None
    """What is wrong with the structure, or with the sequence length, if anything."""
    request: Request
    """What was asked for."""
    run: Run
    """What one inference runs on."""
    sizes: tuple[Size, ...]
    """What was worked out for, each size with where it comes from; none that the network has not."""
    unreached: Mapping[str, int]
    """Stored tensors that nothing in the run uses, and how many numbers each stores."""
    chip: ChipEstimate
    """The cost model's estimate for the named hardware profile."""
    chip_facts: tuple[DerivedFact, ...]
    """Its figures with the sheet's claims; those of the digital device, without claims, where one is asked for."""
    in_field: tuple[ClaimInField, ...]
    """Efficiency and density among published designs: as the sheet has them, then as the model has them."""
    digital: DigitalRun | None = None
    """The estimate for a digital device, where one is asked for."""


def totals_of(context: PointContext) -> NetworkTotals:
    """Return sums over the network."""
    network, mapping, count, batch = context.network, context.mapping, context.count, context.point.batch
    if network is None:
        return NetworkTotals(inferences=batch)
    missing = network.work_missing
    unused = bool(network.uses_missing)

    def known(value: int) -> int | None:
        """Return a sum over operators; nothing where uses are not known, or where it is 0 and work is missing."""
        return None if count is None or batch is None or unused or (missing and not value) else value

    times = batch or 0
    return NetworkTotals(
        parameters=None if network.omitted else network.parameters,
        analog_weights=network.analog_weights,
        logical_weights=network.logical_weights,
        analog_macs=known(sum(m.macs for m in network.analog) * times),
        dynamic_macs=known(sum(m.macs for m in network.dynamic) * times),
        digital_static_macs=known(sum(m.macs for m in network.static if m.on == "digital") * times),
        analog_ops=known(0 if count is None else count.analog),
        digital_ops=known(0 if count is None else count.digital),
        total_ops=known(0 if count is None else count.total),
        tiles=None if mapping is None else mapping.tiles,
        tiles_dense=None if mapping is None else mapping.tiles_dense,
        utilisation=None if mapping is None else mapping.utilisation,
        devices=None
        if context.devices_per_weight is None
        else network.analog_weights * context.devices_per_weight,
        inferences=batch,
        at_least=tuple(at_least(network)),
    )


_WORK = ("analog_macs", "dynamic_macs", "digital_static_macs", "analog_ops", "digital_ops", "total_ops")
_WEIGHTS = ("analog_weights", "logical_weights", "tiles", "tiles_dense", "devices")


def at_least(network: Network) -> Iterator[str]:
    """Yield the names of the totals that can be larger, since something that adds to them is unknown."""
    yield from ("parameters",) if network.parameters_missing else ()
    yield from _WEIGHTS if network.weights_missing else ()
    yield from _WORK if network.work_missing else ()


def layers_of(context: PointContext) -> Iterator[Layer]:
    """Yield every product with stored weights, in order of execution."""
    if context.network is None:
        return
    nodes = context.network.sharing
    mapped = {} if context.mapping is None else {m.matrix.name: m for m in context.mapping.matrices}
    unstated = set(context.network.uses_missing)
    for matrix in context.network.static:
        counted = context.count is not None and matrix.name not in unstated
        batch = context.point.batch if counted else None
        own = mapped.get(matrix.name)
        tiles = None if context.mapping is None else 0 if own is None else own.tiles
        macs = None if batch is None else matrix.macs * batch
        yield Layer(
            name=matrix.name,
            block=matrix.block,
            rows=matrix.rows,
            cols=matrix.cols,
            calls=None if batch is None else matrix.calls * batch,
            tiles=tiles,
            utilisation=None if own is None else own.utilisation,
            macs=macs,
            ops=None if macs is None else macs * context.convention.ops_per_static_mac,
            reuse=_whole(matrix.uses * nodes[matrix.storage])
            if context.uses_per_inference and matrix.name not in unstated
            else None,
            on=matrix.on,
            kind=matrix.kind,
            matrices=matrix.matrices,
            active=matrix.active or matrix.matrices,
            storage=matrix.storage,
        )


def _whole(uses: Fraction) -> float:
    return uses.numerator if uses.denominator == 1 else float(uses)


def notes_of(context: PointContext) -> Iterator[str]:
    """Yield what was assumed, what is not understood, and where matrices were put on request."""
    network, request = context.network, context.request
    if network is None:
        return
    cached = request.run(context.point.seq_len or 1).cache_length
    if cached is not None:
        yield f"one decode step on {cached:,} cached tokens; it meets their keys and its own"
    if request.policy.digital or request.policy.analog:
        yield f"on request: {request.policy.words}"
    yield from network_notes(network, request)


_FEW = 5


def network_notes(network: Network, request: Request) -> Iterator[str]:
    """Yield what is to be said beside a network's totals: what is missing from them, and what was assumed.

    Args:
        network: the network.
        request: the sequence length that was asked for, and what was put on which side.
    """
    if network.unknown:
        listed = ", ".join(dict.fromkeys(operator.what for operator in network.unknown))
        many = len(network.unknown)
        what = "1 operator is unknown" if many == 1 else f"{many:,} operators are unknown"
        yield f"{what} and missing from every total, which is at least what is shown: {listed}"
    if network.unreached:
        names = list(network.unreached)
        more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
        stored = sum(network.unreached.values())
        yield (
            f"nothing in this run uses {', '.join(names[:_FEW])}{more} ({stored:,} stored numbers): parameters include"
            " them, and operations and tiles are at least what is shown"
        )
    if request.seq_len is not None and network.sizes and not network.takes_length:
        yield "the sequence length that was asked for changes nothing: no work of this network depends on one"
    yield from network.notes
    yield from network.assumed.values()
    if not any(note.endswith(AS_LAID_OUT) for note in network.notes):
        for head, words in undecided(network, request.policy):
            yield f"{words} is counted on tiles; `--digital {head.name}` counts it as digital"
