"""Compare the cost model of a chip with what is published of it: every result of a profile's `validation` list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.crossbar.cost.budget import balance
from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.figures import inputs_of, left_out_of, standby_of
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import CostError, MissingConstantError
from factsheet.hardware.chip import constants_of, description_of
from factsheet.hardware.constants import Constant, weakest
from factsheet.networks.reference_networks import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.crossbar.cost.figures import Bound
    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.description import Description
    from factsheet.hardware.profile import Profile, Standing
    from factsheet.hardware.published_result import Result

_OF_NETWORK = {
    "time": "latency",
    "power": "power",
    "energy": "energy",
    "area": "area",
    "efficiency": "tops_per_watt",
    "inference_efficiency": "efficiency",
    "throughput": "throughput",
}


class Held(NamedTuple):
    """One published result beside what the model says."""

    what: str
    of: str
    """A tile, a chip, or a network with its operating point."""
    published: str
    """As its source has it."""
    value: float
    """The same in the base unit."""
    dimension: str
    standing: Standing
    source: str
    model: float | None
    """In the base unit; `None` where the profile or the program does not know enough."""
    rests_on: Standing | None
    """The weakest constant that the model's value follows from."""
    fitted: bool
    """Whether a constant of the profile was chosen to bring this very result out right."""
    note: str
    """What a reader must know; why there is no value of the model, where there is none."""
    scope: Literal["tile", "chip", "network"]
    """Of what: a network includes single layers, steps and frames."""
    bound: Bound | None = None
    """Which way the model is off for want of figures in the profile."""

    @property
    def error(self) -> float | None:
        """(model - published) / published."""
        return None if self.model is None else (self.model - self.value) / self.value


def hold(profile: Profile) -> tuple[Held, ...]:
    """Return every published result of a profile with the model's value.

    Raises:
        BrokenProfileError: the profile says something that no profile can say.
    """
    return tuple(_held(profile))


class Apart(NamedTuple):
    """A published efficiency with digital operations charged on top of what they are part of."""

    held: Held
    efficiency: str
    """Of digital units, as the profile quotes it."""
    within: str
    """The figure that their energy is part of."""
    values: tuple[float, float]
    """Inferences per joule at either end of the quoted efficiency."""


def digital_apart(profile: Profile) -> tuple[Apart, ...]:
    """Return what charging digital operations apart would do to each efficiency of a network.

    A fitted figure that digital energy is part of stays as it was fitted, so that this is the most that it can matter.

    Raises:
        BrokenProfileError: the profile says something that no profile can say.
    """
    return tuple(_apart(profile))


def _apart(profile: Profile) -> Iterator[Apart]:
    chip, constants = description_of(profile), constants_of(profile)
    digital = chip.digital
    if digital is None or digital.efficiency is None or digital.energy_within is None:
        return
    meant, quoted = digital.efficiency.quantity.meant, digital.efficiency
    for result, held in zip(chip.validation, hold(profile), strict=True):
        if result.what != "inference_efficiency" or result.fitted or held.model is None:
            continue
        values = []
        for efficiency in (meant.low, meant.high):
            energy = Constant(1 / efficiency, quoted.standing, quoted.source)
            found = estimate_at(result, constants._replace(digital_energy=energy))
            values.append(
                0.0 if found is None or found.figures.efficiency is None else found.figures.efficiency
            )
        yield Apart(held, quoted.text, digital.energy_within, (values[0], values[1]))


def _held(profile: Profile) -> Iterator[Held]:
    chip, constants = description_of(profile), constants_of(profile)
    for result in chip.validation:
        found = (
            _of_network(result, chip, constants)
            if result.of == "network"
            else _of_chip(result, chip, constants)
        )
        value, standing, reason, bound = found
        yield Held(
            result.what,
            result.place,
            result.text,
            result.si,
            result.measured_in(),
            result.standing,
            " ".join(result.source.split()),
            value,
            standing,
            result.fitted,
            _together(reason, " ".join((result.note or "").split())),
            result.of,
            bound,
        )


def _together(reason: str, note: str) -> str:
    return f"{reason}. {note}" if reason and note else reason or note


Found = tuple[float | None, "Standing | None", str, "Bound | None"]


def estimate_at(result: Result, constants: ChipConstants) -> Estimate | None:
    """Return the estimate for the network and operating point of a result; `None` where the network is not known.

    Raises:
        CostError: the model has no estimate for it.
    """
    at = result.at
    make = REFERENCES.get(at.network or "") if at is not None else None
    if at is None or make is None:
        return None
    devices = at.devices_per_weight or constants.devices_per_weight
    fitting = next((one for one in (constants, *constants.others) if one.devices_per_weight == devices), None)
    if fitting is None:
        raise CostError(
            f"{constants.profile} has no tile of {devices} devices a weight",
            "the result is of a tile that was used so",
            "add the geometry under `also`",
        )
    network = make(at.seq_len or 1)
    copies = balance(network, TileShape(fitting.rows, fitting.cols), tiles=at.tiles) if at.tiles else None
    structure = at.structure or "batch-synchronous"
    return estimate(network, fitting, batch=at.batch or 1, copies=copies, structure=structure)


def _in_phases(constants: ChipConstants, phases: float) -> ChipConstants:
    """Return the constants where each vector passes a tile so many times as often as usual."""

    def repeated(constant: Constant | None) -> Constant | None:
        return None if constant is None else constant._replace(value=constant.value * phases)

    return constants._replace(
        mvm_time=repeated(constants.mvm_time),
        slot=repeated(constants.slot),
        cell_energy=repeated(constants.cell_energy),
    )


def _of_network(result: Result, chip: Description, constants: ChipConstants) -> Found:
    try:
        found = estimate_at(result, _in_phases(constants, _phases(result, chip)))
    except CostError as error:
        return None, None, error.message, None
    if found is None:
        name = result.at.network if result.at is not None else None
        return None, None, f"the layers of {name or 'the network'} are not known here", None
    if result.what == "tiles":
        return float(found.tiles), None, "", None
    name = _OF_NETWORK.get(result.what)
    if result.at is not None and result.at.pace is not None:
        return _at_pace(result, found, result.at.pace.si)
    total = next((total for key, total in found.totals.items() if key == name), None)
    if total is None:
        reason = next((why for key, why in found.missing.items() if key == name), "no figure of a network")
        return None, None, reason, None
    note = (
        "" if total.bound is None else f"{total.bound} this: {'; '.join(left_out_of(constants, total.name))}"
    )
    return total.value, total.standing, note, total.bound


def _at_pace(result: Result, found: Estimate, pace: float) -> Found:
    """Return the power or the efficiency where inputs come at a pace that what is beside the chip sets, in s."""
    split = found.figures.split
    if split is None or result.what not in {"power", "efficiency"}:
        return None, None, f"no {result.what} at a pace", None
    standby = standby_of(found.constants, float(found.tiles), float(found.chips))
    power = (split.cells + split.ports + split.digital) / pace + standby
    value = power if result.what == "power" else float(found.demand.ops) / (power * pace)
    times = ("slot", "mvm_time", "transport_time", "digital_rate")
    used = [name for name in inputs_of("energy", found.constants) if name not in times]
    note = ""
    bound: Bound | None = None
    if found.constants.uncharged:
        bound = "at least" if result.what == "power" else "at most"
        note = f"{bound} this: {'; '.join(left_out_of(found.constants))}"
    return value, weakest(getattr(found.constants, name).standing for name in used), note, bound


def _phases(result: Result, chip: Description) -> float:
    own = chip.input.phases.si if chip.input and chip.input.phases else 1.0
    return result.at.phases / own if result.at is not None and result.at.phases else 1.0


def _of_chip(result: Result, chip: Description, constants: ChipConstants) -> Found:
    """Return what tiles that are all in use give: no waiting, no cell without a weight.

    In n phases a vector passes a tile n times, and every pass takes the time and the energy of one.
    """
    phases = _phases(result, chip)
    if result.product_alone:
        constants = constants._replace(port_energy=None, output_energy=None, tile_power=None, chip_power=None)
    tiles = 1 if result.of == "tile" else constants.tiles_per_chip
    if tiles is None:
        return None, None, "the profile does not say how many tiles a chip has", None
    peak = _Peak(constants, float(tiles), phases, whole=result.of == "chip")
    work_out = getattr(peak, result.what, None)
    if work_out is None:
        return None, None, f"the model has no `{result.what}` of a {result.of}", None
    try:
        value, used = work_out()
    except MissingConstantError as error:
        return None, None, f"the profile gives no {error}", None
    return value, weakest(constant.standing for constant in used), "", None


class _Peak:
    """Figures of tiles that are all in use, each with the constants that it follows from."""

    def __init__(self, constants: ChipConstants, tiles: float, phases: float, *, whole: bool) -> None:
        self._constants, self._tiles, self._phases, self._whole = constants, tiles, phases, whole

    def _need(self, name: str) -> Constant:
        constant: Constant | None = getattr(self._constants, name)
        if constant is None:
            raise MissingConstantError(name.replace("_", " "))
        return constant

    def _some(self, *names: str) -> tuple[Constant, ...]:
        return tuple(c for name in names if (c := getattr(self._constants, name)) is not None)

    def mvm_time(self) -> tuple[float, tuple[Constant, ...]]:
        """Time of one product, s."""
        time = self._need("mvm_time")
        return time.value * self._phases, (time,)

    def mvm_energy(self) -> tuple[float, tuple[Constant, ...]]:
        """Energy of one product with a tile that is full, J."""
        rows, cols = self._constants.rows, self._constants.cols
        drawn = self._some("tile_power")
        if self._constants.cell_energy is None and drawn:
            return drawn[0].value * self.mvm_time()[0], (*drawn, self._need("mvm_time"))
        cell, ports = self._need("cell_energy"), self._some("port_energy", "output_energy")
        # Once, in however many phases; in and out at the same energy where the profile gives one.
        moved = ports[0].value * rows + ports[-1].value * cols if ports else 0.0
        return cell.value * rows * cols * self._phases + moved, (cell, *ports)

    def rate(self) -> tuple[float, tuple[Constant, ...]]:
        """Return the operations per second."""
        slot = self._need("slot")
        ops = 2.0 * self._constants.rows * self._constants.cols
        return self._tiles * ops / (slot.value * self._phases), (slot,)

    def power(self) -> tuple[float, tuple[Constant, ...]]:
        """Power with every tile at work, W."""
        drawn = self._some("tile_power", *(("chip_power",) if self._whole else ()))
        chip = sum(c.value for c in self._some("chip_power")) if self._whole else 0.0
        if self._constants.cell_energy is None:
            return self._tiles * self._need("tile_power").value + chip, drawn
        energy, used = self.mvm_energy()
        slot = self._need("slot")
        beside = sum(c.value for c in self._some("tile_power"))
        return self._tiles * (energy / (slot.value * self._phases) + beside) + chip, (*used, slot, *drawn)

    def efficiency(self) -> tuple[float, tuple[Constant, ...]]:
        """Return the operations per second and watt."""
        if self._constants.cell_energy is not None and not self._some("tile_power", "chip_power"):
            energy, used = self.mvm_energy()  # the time of a product cancels out
            return 2.0 * self._constants.rows * self._constants.cols / energy, used
        (rate, by), (power, of) = self.rate(), self.power()
        return rate / power, (*by, *of)

    def area(self) -> tuple[float, tuple[Constant, ...]]:
        """Area of the tiles, m²; of a chip, with all that it has beside them."""
        tile = self._need("tile_area")
        beside, chip = self._some("tile_overhead_area"), self._some("chip_area") if self._whole else ()
        each = tile.value + sum(c.value for c in beside)
        return self._tiles * each + sum(c.value for c in chip), (tile, *beside, *chip)

    def density(self) -> tuple[float, tuple[Constant, ...]]:
        """Return the operations per second and m²."""
        (rate, by), (area, of) = self.rate(), self.area()
        return rate / area, (*by, *of)
