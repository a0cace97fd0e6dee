"""Write out the arithmetic of an estimate's figures, line by line, and what the estimate assumes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from factsheet.crossbar.cost.figures import DIMENSIONS, left_out_of, missing_of
from factsheet.crossbar.cost.formula import WORDS
from factsheet.crossbar.cost.layers import layers_of
from factsheet.crossbar.cost.resizing import RULE
from factsheet.crossbar.cost.stages import run_both_ways
from factsheet.crossbar.mapping import ceil_div
from factsheet.networks.operators import StaticMatmul
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.cost.demand import StageDemand
    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.crossbar.cost.figures import FigureName
    from factsheet.crossbar.cost.layers import LayerCost
    from factsheet.networks.operators import Operator


def block_terms(estimate: Estimate) -> Iterator[str]:
    """Yield one line for each matrix on tiles, one for the digital work of a block, and the sum of the block."""
    operators = {operator.name: operator for operator in estimate.network.operators}
    blocks = [
        (block, tuple(_lines(estimate, tuple(layers), operators)))
        for block, layers in groupby(layers_of(estimate), key=lambda layer: layer.block)
    ]
    for lines, alike in groupby((one for one in blocks if one[1]), key=lambda one: one[1]):
        names = [block for block, _ in alike]
        many = f"{names[0]} to {names[-1]}, {len(names):,} alike, each:"
        yield names[0] if len(names) == 1 else many
        yield from lines


def _lines(
    estimate: Estimate, layers: tuple[LayerCost, ...], operators: dict[str, Operator]
) -> Iterator[str]:
    together = digital = 0.0
    for layer in layers:
        together += layer.energy or 0.0
        operator = operators[layer.name]
        if layer.on == "analog" and isinstance(operator, StaticMatmul):
            used = (layer.cells or 0.0) + (layer.ports or 0.0)
            name = layer.name.removeprefix(f"{layer.block}.")
            yield f"  {name}: {_product(estimate, operator)} = {_block_energy(used)}"
        digital += layer.digital or 0.0
    if digital:
        yield f"  digital: {sum(layer.digital_ops for layer in layers):,} operations = {_block_energy(digital)}"
    standby = sum(layer.standby or 0.0 for layer in layers)
    if standby:
        yield f"  {sum(layer.tiles for layer in layers):,} tiles, all the time: {_block_energy(standby)}"
    if together:
        yield f"  together {_block_energy(together)}"


def _product(estimate: Estimate, matrix: StaticMatmul) -> str:
    """Write out vectors times weights used and values in and out."""
    down = ceil_div(matrix.rows, estimate.layout.tile.rows)
    across = ceil_div(matrix.cols, estimate.layout.tile.cols)
    used = matrix.active or matrix.matrices
    several = f" · {used:,} matrices" if used > 1 else ""
    weights = f"{matrix.rows:,} · {matrix.cols:,} weights"
    if estimate.constants.charged_whole:
        tile = estimate.layout.tile
        weights = f"{_counted(down * across, 'tile')} · {tile.rows:,} · {tile.cols:,} weights, used or not"
    if estimate.constants.port_energy is None:
        return f"{matrix.calls:,} vectors{several} · {weights}"
    between = "values in, and" if estimate.constants.output_energy is not None else "+"
    out = "values out" if estimate.constants.output_energy is not None else "values"
    values = f"{matrix.rows:,} · {across:,} {between} {matrix.cols:,} · {down:,} {out}"
    return f"{matrix.calls:,} vectors{several} · ({weights}, {values})"


def _block_energy(joules: float) -> str:
    return format_value(joules, "energy", 5)


_WORDS = {
    "mvm_time": ("time of a product", "time"),
    "slot": ("slot, from vector to vector", "time"),
    "transport_time": ("time from a result to the next layer's tiles", "time"),
    "cell_energy": ("energy of a weight and vector", "energy"),
    "port_energy": ("energy of a value in or out", "energy"),
    "output_energy": ("energy of a value out, where it differs", "energy"),
    "digital_energy": ("energy of a digital operation", "energy"),
    "digital_rate": ("digital operations of a chip", "ops_per_second"),
    "tile_power": ("power of a tile", "power"),
    "chip_power": ("power of a chip apart from its tiles", "power"),
    "tile_area": ("area of a tile", "area"),
    "tile_overhead_area": ("area added to each tile", "area"),
    "chip_area": ("area of a chip apart from its tiles", "area"),
}


def terms_of(estimate: Estimate, name: FigureName) -> tuple[str, ...]:
    """Return the formula of a figure, the numbers that went in, and what comes out; nothing where it is missing."""
    return () if missing_of(name, estimate.constants) else tuple(_terms(estimate, name))


def _terms(estimate: Estimate, name: FigureName) -> Iterator[str]:
    if name == "latency":
        yield from _latency(estimate)
    elif name == "interval":
        yield from _interval(estimate)
    elif name == "energy":
        yield from _energy(estimate)
    elif name in {"area_tiles", "area", "area_chips"}:
        yield from _area(estimate, name)
    else:
        yield from _quotient(estimate, name)


def constant_line(estimate: Estimate, name: str) -> str:
    """Return a constant with its standing, in words."""
    words, dimension = _WORDS[name]
    constant = getattr(estimate.constants, name)
    formula = f" = {constant.formula}" if constant.formula else ""
    return f"{words}: {format_value(constant.value, dimension, 5)}{formula} ({constant.standing})"


def _latency(estimate: Estimate) -> Iterator[str]:
    constants, demand, batch = estimate.constants, estimate.demand, estimate.batch
    yield from (constant_line(estimate, name) for name in estimate.totals["latency"].constants)
    if estimate.structure == "sequential":
        yield "batch · (input vectors of all layers · time of a vector on its own + digital operations / their rate)"
        step = _step(estimate)
        digital = f" + {_time(_digital(estimate, demand.digital_ops))}" if constants.digital_rate else ""
        yield f"{batch:,} · ({demand.vectors:,} · {_time(step)}{digital}) = {_shown(estimate, 'latency')}"
        return
    pipelined = estimate.structure == "sequence-pipelined"
    tail = "(batch - 1) · interval" if pipelined else "each stage's (batch - 1) · its slowest layer"
    yield f"sum over stages of the first sequence's time + {tail}"
    total = 0.0
    for stage, count, names in _stages(estimate):
        took = _first(estimate, stage)
        words = _first_words(estimate, stage)
        if estimate.batch > 1 and not pipelined:
            each = _each(estimate, stage)
            took += (batch - 1) * each
            words += f", and {batch - 1:,} · {_time(each)}: {_time(took)}"
        if count > 1:
            words += f"; {count:,} · {_time(took)} = {_time(count * took)}"
        total += count * took
        yield f"{names}: {words}"
    if pipelined and batch > 1:
        yield from _interval(estimate)
        yield f"{_time(total)} + ({batch:,} - 1) · {_shown(estimate, 'interval')}"
    yield f"sum: {_shown(estimate, 'latency')}"


def _first_words(estimate: Estimate, stage: StageDemand) -> str:
    """Say what a stage takes for the first sequence: the longest of three times."""
    first, step = _first(estimate, stage), _step(estimate)
    slot = _time(_value(estimate, "slot"))
    if first == _digital(estimate, stage.digital_ops):
        words = f"{stage.digital_ops:,} digital operations at their rate"
    elif _is_deep(estimate, stage):
        words = f"{stage.depth:,} matrices one after the other · {_time(step)}"
    elif stage.span > stage.vectors:
        fill = stage.span - stage.vectors
        words = f"({stage.vectors:,} vectors + {fill:,.6g} until windows are filled) · {slot}"
    else:
        words = f"{stage.vectors:,} vectors · {slot}"
    late = step - _value(estimate, "slot")
    if late and words.endswith(slot):
        words += f" + {stage.waits:,} · {_time(late)} that a product takes longer"
    return f"{words} = {_time(first)}"


def _interval(estimate: Estimate) -> Iterator[str]:
    if estimate.structure != "sequence-pipelined":
        latency = estimate.figures.latency or 0.0
        yield f"latency / batch = {_time(latency)} / {estimate.batch:,} = {_shown(estimate, 'interval')}"
        return
    busiest = estimate.demand.busiest
    slot = _value(estimate, "slot")
    took = _time(busiest * slot)
    yield f"interval: the busiest tile works on {busiest:,} vectors of a sequence · {_time(slot)} = {took}"
    if estimate.constants.digital_rate is not None:
        yield f"digital units: {_time(_digital(estimate, estimate.demand.digital_ops))} a sequence"
    yield f"the longer: {_shown(estimate, 'interval')}"


def _energy(estimate: Estimate) -> Iterator[str]:
    demand, split = estimate.demand, estimate.figures.split
    if split is None:
        return
    yield from (constant_line(estimate, name) for name in estimate.totals["energy"].constants)
    yield from block_terms(estimate)
    for name, count, what, value in (
        ("cell_energy", *_charged_weights(estimate), split.cells),
        *_ports(estimate, split.ports),
        ("digital_energy", demand.digital_ops, "digital operations", split.digital),
    ):
        if getattr(estimate.constants, name) is not None:
            each = format_value(_value(estimate, name), "energy", 5)
            yield f"{count:,} {what} · {each} = {format_value(value, 'energy', 5)}"
    if split.standby:
        drawn = split.standby * estimate.batch / (estimate.figures.latency or 1.0)
        where = f"{_counted(demand.tiles, 'tile')} on {_counted(estimate.chips, 'chip')}"
        yield (
            f"{where}, together {format_value(drawn, 'power')}"
            f" · {_shown(estimate, 'latency')} / {estimate.batch:,} = {format_value(split.standby, 'energy')}"
        )
    yield f"sum: {_shown(estimate, 'energy')} for one inference"


def _ports(estimate: Estimate, together: float) -> tuple[tuple[str, int, str, float], ...]:
    """Return the constant, count, words and energy of values through ports, in and out apart where they differ."""
    demand = estimate.demand
    if estimate.constants.output_energy is None:
        return (("port_energy", demand.inputs + demand.outputs, "values in and out", together),)
    out = demand.outputs * _value(estimate, "output_energy")
    return (
        ("port_energy", demand.inputs, "values in", together - out),
        ("output_energy", demand.outputs, "values out", out),
    )


def _charged_weights(estimate: Estimate) -> tuple[int, str]:
    if estimate.constants.charged_whole:
        return estimate.demand.passed, "weights of tiles that vectors pass, used or not"
    return estimate.demand.macs, "weights used"


def _quotient(estimate: Estimate, name: FigureName) -> Iterator[str]:
    batch = f"{estimate.batch:,}"
    written = {
        "power": f"energy · batch / latency = {_shown(estimate, 'energy')} · {batch} / {_shown(estimate, 'latency')}",
        "throughput": f"batch / latency = {batch} / {_shown(estimate, 'latency')}",
        "efficiency": f"1 / energy of an inference = 1 / {_shown(estimate, 'energy')}",
        "tops_per_watt": f"all operations / energy of an inference = {estimate.demand.ops:,}"
        f" / {_shown(estimate, 'energy')}",
    }
    yield f"{written[name]} = {_shown(estimate, name)}"


def _area(estimate: Estimate, name: FigureName) -> Iterator[str]:
    constants = estimate.constants
    yield from (constant_line(estimate, each) for each in estimate.totals[name].constants)
    tiles = _counted(estimate.tiles, "tile")
    if name == "area_chips":
        tiles = f"{_counted(estimate.chips, 'chip')} · {_counted(constants.tiles_per_chip or 0, 'tile')}"
    each = "tile area"
    if name != "area_tiles" and constants.tile_overhead_area is not None:
        each = "(tile area + overhead)"
    beside = ""
    if name != "area_tiles" and constants.chip_area is not None:
        beside = f" + {_counted(estimate.chips, 'chip')} · area of a chip apart from its tiles"
    yield f"{tiles} · {each}{beside} = {_shown(estimate, name)}"


def _stages(estimate: Estimate) -> Iterator[tuple[StageDemand, int, str]]:
    """Yield runs of stages that are alike, with their number and names."""
    stages = zip(estimate.demand.order, estimate.stages, strict=True)
    for place, alike in groupby(stages, key=lambda pair: pair[0]):
        run = [stage for _, stage in alike]
        first, last = run[0].first, run[-1].last
        words = first if first == last else f"{first} to {last}"
        yield (
            estimate.demand.stages[place],
            len(run),
            f"{words}, {len(run):,} alike" if run[1:] else words,
        )


def _first(estimate: Estimate, stage: StageDemand) -> float:
    """Return the time in s of the first sequence, as `formula.latencies` has it."""
    tiles = max(_passed(estimate, stage), stage.depth * _step(estimate))
    return max(tiles, _digital(estimate, stage.digital_ops))


def _passed(estimate: Estimate, stage: StageDemand) -> float:
    """Return the time in s that the first sequence takes to pass the slowest layer."""
    slot = _value(estimate, "slot")
    return stage.span * slot + stage.waits * (_step(estimate) - slot)


def _is_deep(estimate: Estimate, stage: StageDemand) -> bool:
    """Return whether one vector takes longer through the matrices of a stage than all of them through a layer."""
    return stage.depth * _step(estimate) > _passed(estimate, stage)


def _step(estimate: Estimate) -> float:
    """Return the time in s of one vector on its own, as `figures.numbers_of` has it."""
    arrives = _value(estimate, "mvm_time") + _value(estimate, "transport_time")
    return max(_value(estimate, "slot"), arrives)


def _each(estimate: Estimate, stage: StageDemand) -> float:
    return max(stage.vectors * _value(estimate, "slot"), _digital(estimate, stage.digital_ops))


def _digital(estimate: Estimate, ops: int) -> float:
    rate = estimate.constants.digital_rate
    return 0.0 if rate is None else ops * (1.0 / (rate.value * estimate.chips))


def _value(estimate: Estimate, name: str) -> float:
    constant = getattr(estimate.constants, name)
    return 0.0 if constant is None else float(constant.value)


def _counted(many: int, what: str) -> str:
    return f"{many:,} {what}{'' if many == 1 else 's'}"


def _time(seconds: float) -> str:
    return format_value(seconds, "time", 5)


def _shown(estimate: Estimate, name: FigureName) -> str:
    return format_value(getattr(estimate.figures, name), DIMENSIONS[name], 5)


def notes_of(estimate: Estimate) -> tuple[str, ...]:
    """Return what was assumed, and what the profile leaves open, one sentence each."""
    return tuple(_notes(estimate))


def _notes(estimate: Estimate) -> Iterator[str]:
    yield f"{estimate.structure}: {WORDS[estimate.structure]}"
    yield from _of_profile(estimate)
    yield from _of_network(estimate)


def _of_profile(estimate: Estimate) -> Iterator[str]:
    constants = estimate.constants
    yield from left_out_of(constants)
    # What no figure holds is said above; what a figure holds without naming it, here.
    if constants.digital_rate is None and "digital" not in constants.untimed:
        yield "digital units are taken to keep up with the tiles: the profile gives no rate of theirs"
    if constants.digital_energy is None and "digital" not in constants.uncharged:
        yield "digital operations are not charged apart: the profile gives no energy of theirs"
    if constants.port_energy is None and "movement" not in constants.uncharged:
        yield "values into and out of tiles are not charged apart: the profile gives no energy of theirs"
    if constants.tile_area is not None and constants.tile_overhead_area is None:
        yield "the area is that of tiles: the profile gives none of what else there is"
    if constants.charged_whole:
        yield "a product costs the energy of the whole tile, however few of its weights are used"
    if estimate.resized:
        yield f"the tile is not the profile's own: {RULE}"
    if estimate.chips > 1:
        yield f"the network is on {estimate.chips:,} chips; what links them takes no time and no energy"


def _of_network(estimate: Estimate) -> Iterator[str]:
    analog, stages = estimate.network.analog, estimate.demand.stages
    if any(matrix.kind == "experts" for matrix in analog):
        yield "a layer of experts takes one vector a slot, however many it has: routing may not be even"
    reused = estimate.demand.busiest > max(stage.vectors for stage in stages)
    if reused and estimate.structure == "sequence-pipelined" and estimate.batch > 1:
        yield "tiles that several layers use cannot work on two sequences at once"
    if any(_is_deep(estimate, stage) for stage in stages):
        yield "a stage takes at least the time of the matrices that one vector passes one after the other"
    if any(matrix.lookahead for matrix in analog):
        yield "branches of convolutions are taken as if they followed each other, but for those of 1 x 1"
    if run_both_ways(estimate.network):
        yield (
            "both directions of a recurrent layer run at the same time, each on tiles of its own; what is before and"
            " after such a layer does not overlap with it, since one direction begins at the end of the sequence"
        )
    copied = len(estimate.layout.copies)
    if copied:
        yield f"{copied:,} stored {'matrix has' if copied == 1 else 'matrices have'} copies, which share the vectors"
    if estimate.layout.in_turn:
        yield "matrices that share a tile are read one after the other"
