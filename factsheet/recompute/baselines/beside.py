"""Put the estimates of digital devices beside what a sheet's own hardware takes, at the same lengths and batches."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.digital.kernels import kernels_of
from factsheet.digital.roofline import best_batches, estimate_digital, kind_of
from factsheet.errors import CostError, DeriveError, WorkloadError
from factsheet.hardware.digital.profile import digital_profile_of
from factsheet.networks.declared import declared_network
from factsheet.quantities.interval import Interval
from factsheet.recompute.derivations.chip import PREFIX, ranges_over_structures
from factsheet.recompute.engine import recompute
from factsheet.recompute.points import USUAL_LENGTH
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.digital.roofline import DigitalEstimate
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.networks.operators import Network
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.points import ChosenPoint
    from factsheet.sheet.model import SheetFields

BEST: Literal["best"] = "best"
_DATE = re.compile(r"\((20\d\d-\d\d)-\d\d\)")
Batch = int | Literal["best"]
USUAL_DEVICES: Mapping[str, tuple[str, ...]] = {
    "transformer": (
        "v100-fp16-fastertransformer-pytorch",
        "a100-fp16-fastertransformer-pytorch",
        "a100-int8-tensorrt",
        "xeon-8375c-fp32-pytorch",
    ),
    "convolutional": (
        "v100-fp16-mxnet-resnet",
        "a100-80gb-fp16-mxnet-resnet",
        "t4-fp16-mxnet-resnet",
    ),
}
"""The devices that a network is put beside where none are named, by its kind: those that the tables of its kind have,
and with them the card that many models are trained on, a newer one in two formats, and a processor."""


class OwnEnergy(NamedTuple):
    """What one inference takes on the sheet's own hardware."""

    energy_j: float
    latency_s: float | None
    """Of a run."""
    source: str
    """What says so, in words."""
    note: str = ""
    energy_reach: Interval | None = None
    """The ends of the energy, where it has a range."""
    latency_reach: Interval | None = None
    """The ends of the time of a run, where it has a range."""
    maturity: str = ""
    """What the sheet says of whether the hardware exists; empty where it says nothing."""


class BesideRow(NamedTuple):
    """One device at one point."""

    profile: DigitalProfile
    estimate: DigitalEstimate
    best: bool
    """Whether the batch is one of least energy: of those that were timed, or of all that were tried."""
    ratio: float | None
    """Energy of an inference over that on the sheet's own hardware."""
    ratio_reach: Interval | None
    """Its ends by what is known of the device, and of the sheet's own where that has a range; `None` where no range of
    the device is known."""


class BesideGroup(NamedTuple):
    """Everything at one length and batch."""

    seq_len: int | None
    """`None` where the network has no length."""
    batch: Batch
    own: OwnEnergy | None
    """`None` where the sheet gives none at this point."""
    rows: tuple[BesideRow, ...]
    length_assumed: bool = False
    """Whether neither the caller nor the sheet gives the length."""


def usual_devices(network: Network) -> tuple[str, ...]:
    """Return the devices that a network is put beside where none are named; none for a kind that nobody timed."""
    return USUAL_DEVICES.get(kind_of(network), ())


def put_beside(
    sheet: SheetFields,
    devices: Sequence[DigitalProfile] | None = None,
    *,
    seq_lens: Sequence[int] | None = None,
    batches: Sequence[Batch] = (1, 4, BEST),
) -> tuple[BesideGroup, ...]:
    """Return devices beside the sheet's own hardware, group by group.

    Args:
        sheet: the sheet, which declares a network.
        devices: profiles; by default those of the network's kind.
        seq_lens: tokens; by default that of the sheet's first operating point, else 128.
        batches: how many inferences a run has, `best` for each device's own.

    Raises:
        WorkloadError: the sheet declares no network, or none at such a length.
        DeriveError: nobody timed such a network, and no device is named; a length or a batch is out of range.
    """
    point = recompute(sheet, Request()).point
    stated = _length_of(point)
    lengths = tuple(seq_lens or ()) or (stated or 1,)
    first = declared_network(sheet.model_architecture, lengths[0])
    assumed = first.takes_length and stated is None and not seq_lens
    if assumed:
        lengths = (USUAL_LENGTH,)
    if not first.takes_length:
        lengths = lengths[:1]
    found = tuple(devices) if devices is not None else tuple(map(digital_profile_of, usual_devices(first)))
    if not found:
        raise DeriveError(
            "no digital device was timed on a network of this kind",
            "times of GPUs are fitted to published ones, of transformers and convolutional networks",
            "name a device to extrapolate with: `factsheet hardware list` lists them",
        )
    return tuple(group._replace(length_assumed=assumed) for group in _groups(sheet, found, lengths, batches))


def _length_of(point: ChosenPoint) -> int | None:
    """Return the sequence length of a point; `None` where nobody gives one, or it was assumed."""
    return None if point.seq_len_from == "assumed" else point.seq_len


def _groups(
    sheet: SheetFields, devices: Sequence[DigitalProfile], lengths: Sequence[int], batches: Sequence[Batch]
) -> Iterator[BesideGroup]:
    for length in lengths:
        network = declared_network(sheet.model_architecture, length)
        takes = length if network.takes_length else None
        for batch in batches:
            # What an analog chip takes for an inference hardly depends on the batch: beside each device's own best
            # batch it is that of the sheet's.
            asked = Request(seq_len=takes, batch=None if batch == BEST else batch)
            own = own_energy(recompute(sheet, asked), sheet)
            rows = tuple(beside(network, devices, own, seq_len=takes, batch=batch))
            yield BesideGroup(takes, batch, own, rows)


def beside(
    network: Network,
    devices: Sequence[DigitalProfile],
    own: OwnEnergy | None,
    *,
    seq_len: int | None,
    batch: Batch,
) -> Iterator[BesideRow]:
    """Yield each device's estimate, with its energy over the sheet's own.

    Args:
        network: operators of one inference.
        devices: profiles.
        own: what the sheet's own hardware takes; `None` where that is not known.
        seq_len: tokens; `None` where the network has no length.
        batch: inferences of a run, or `best`.

    Raises:
        CostError: a time means nothing, as of a network without work.
    """
    kernels = kernels_of(network)
    for profile in devices:
        best = best_batches(network, profile, seq_len=seq_len, kernels=kernels) if batch == BEST else (batch,)
        for used in best:
            found = estimate_digital(network, profile, batch=used, seq_len=seq_len, kernels=kernels)
            ratio = None if own is None or found.energy is None else found.energy / own.energy_j
            yield BesideRow(profile, found, batch == BEST, ratio, _ratios(found, own))


def _ratios(found: DigitalEstimate, own: OwnEnergy | None) -> Interval | None:
    """Return the ends of a device's energy over the sheet's own: the least over the most, the most over the least."""
    energies = found.reach(times=1 / found.batch, power=True)
    if own is None or energies is None:
        return None
    least, most = own.energy_j, own.energy_j
    if own.energy_reach is not None:
        least, most = own.energy_reach.low, own.energy_reach.high
    return Interval(energies.low / most, energies.high / least)


def _positive(reach: Interval | None) -> Interval | None:
    """Return a range that something can be divided by; `None` for one that is open, or no range."""
    return reach if reach is not None and 0 < reach.low < reach.high < inf else None


def own_energy(derivation: Derivation, sheet: SheetFields) -> OwnEnergy | None:
    """Return the energy of one inference on the sheet's own hardware: by its chip model, else as its figures imply.

    Args:
        derivation: what follows from the sheet at a point.
        sheet: the sheet.
    """
    found = _own_energy(derivation)
    inference = None if sheet.hardware is None else sheet.hardware.inference
    fact = None if inference is None else inference.maturity
    words = None if fact is None else fact.text
    return found if found is None or not words else found._replace(maturity=" ".join(words.split()))


def _own_energy(derivation: Derivation) -> OwnEnergy | None:
    if derivation.digital is not None:
        return None
    facts = {fact.name: fact for fact in reversed((*derivation.facts, *derivation.chip_facts))}
    modelled, time = facts.get(f"{PREFIX}energy_per_inference"), facts.get(f"{PREFIX}latency")
    if modelled is not None and modelled.derived is not None and derivation.chip.profile is not None:
        words = f"estimated with hardware profile {derivation.chip.profile.name}"
        latency = None if time is None else time.derived
        return OwnEnergy(
            modelled.derived,
            latency,
            words,
            modelled.note,
            _positive(modelled.reach),
            _time_range(derivation),
        )
    implied = facts.get("energy_per_inference")
    if implied is None:
        return None
    if implied.claimed is not None and implied.claimed.value > 0:
        words = f"as the sheet says, {implied.claimed.text}"
        return OwnEnergy(implied.claimed.value, None, words, energy_reach=_positive(implied.claimed.meant))
    if implied.derived is not None and implied.derived > 0:
        words = f"from the sheet's figures: {implied.formula}"
        return OwnEnergy(implied.derived, None, words, implied.note, _positive(implied.reach))
    return None


def _time_range(derivation: Derivation) -> Interval | None:
    """Return the ends of the time of a run over the execution structures, as the model of the chip has them."""
    estimate = derivation.chip.estimate
    found = None if estimate is None else ranges_over_structures(estimate).get("latency")
    return None if found is None else _positive(Interval(found[1], found[2]))


def date_of(profile: DigitalProfile) -> str:
    """Return the year and month that the source of a device's times is of; empty where it names none."""
    found = _DATE.search(profile.description.kernel_time.source)
    return found[1] if found else ""


def beside_of(sheet: SheetFields, derivation: Derivation) -> tuple[BesideGroup, ...]:
    """Return the usual devices beside the sheet's own hardware at one point: at its batch, and each at its own best.

    Empty where the sheet gives no energy of its own there or no length that its network needs, declares no network, or
    where nobody timed such a network.

    Args:
        sheet: the sheet.
        derivation: what follows from it at the point.
    """
    own, point = own_energy(derivation, sheet), derivation.point
    if own is None or derivation.problem is not None or not derivation.request.own_network:
        return ()
    try:
        network = declared_network(sheet.model_architecture, point.seq_len or 1)
        if network.takes_length and _length_of(point) is None:
            return ()
        devices = tuple(map(digital_profile_of, usual_devices(network)))
        length = point.seq_len if network.takes_length else None
        return tuple(
            BesideGroup(length, batch, own, tuple(beside(network, devices, own, seq_len=length, batch=batch)))
            for batch in (point.batch or 1, BEST)
            if devices
        )
    except (CostError, WorkloadError):
        return ()
