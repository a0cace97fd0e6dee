"""How a network is to lie on chips, where it is not each matrix on its own tiles and as many chips as that takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.mapping import TileShape, map_network
from factsheet.errors import DeriveError, WorkloadError
from factsheet.networks.counting import DEFAULT, convention_named, count_under_all, work_of
from factsheet.networks.declared import FAMILIES, SECTION, declared_family, declared_network
from factsheet.networks.family import Run
from factsheet.networks.policy import Policy, apply
from factsheet.recompute.derivations.chip import ChipEstimate, estimate_chip
from factsheet.recompute.network_source import open_source
from factsheet.recompute.points import choose_point

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.cost.formula import Structure
    from factsheet.crossbar.cost.layout import Packing
    from factsheet.crossbar.mapping import TileMapping
    from factsheet.facts.fact import Fact
    from factsheet.hardware.profile import Profile
    from factsheet.networks.counting import CountingConvention, OpCount
    from factsheet.networks.family import Family
    from factsheet.networks.operators import Network
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.points import ChosenPoint
    from factsheet.sheet.model import SheetFields


class Placing(NamedTuple):
    """What a caller asks of the mapping."""

    chips: int | None = None
    """How many there are; as many as it takes where it is `None`."""
    packing: Packing = "none"
    """How matrices that fit into one tile share tiles."""
    fuse: bool = False
    """Whether projections of the same input are stored as one matrix."""
    balance: int | None = None
    """Tiles that copies of the busiest layers may fill up to; no copies where it is `None`."""

    @property
    def asked(self) -> bool:
        """Whether there is anything out of the ordinary."""
        return self != Placing()

    def copies(self, network: Network, tile: TileShape) -> Mapping[str, int] | None:
        """Copies of each stored matrix, by the name of its weights; `None` where none are asked for.

        Tiles are counted as if no matrices shared one.

        Raises:
            DoesNotFitError: the network takes more tiles than there are without any copies.
        """
        if self.balance is None:
            return None
        from factsheet.crossbar.cost.budget import balance  # only where copies are asked for
        from factsheet.crossbar.cost.stages import fuse_siblings

        return balance(fuse_siblings(network) if self.fuse else network, tile, tiles=self.balance)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the caller asks for beside the operating point."""

    policy: Policy = Policy()  # noqa: RUF009  a named tuple, which can not be changed
    """What lies on tiles."""
    decode: bool = False
    """Whether one step on a cache of the sequence's tokens is meant."""
    cache_length: int | None = None
    """Tokens in that cache, where they are not as many as in the sequence."""
    image_size: tuple[int, int] | None = None
    profile: Profile | None = None
    """The chip that time, power and area are estimated for, instead of the one that the sheet names."""
    structure: Structure = "batch-synchronous"
    """How layers and sequences follow each other on that chip."""
    model: str | None = None
    """A source that the operators are read from, instead of the sheet's declaration."""
    placing: Placing = Placing()  # noqa: RUF009  a named tuple, which can not be changed
    """How the network lies on that chip."""

    def run(self, seq_len: int) -> Run:
        """What an inference runs on."""
        cached = self.cache_length if self.cache_length is not None or not self.decode else seq_len
        return Run(seq_len, cached, self.image_size)

    @property
    def elsewhere(self) -> bool:
        """Whether the sheet's operating points do not speak of this."""
        return self.decode or self.cache_length is not None or self.image_size is not None


@dataclass(frozen=True, slots=True)
class PointContext:
    """A sheet at an operating point."""

    sheet: SheetFields
    point: ChosenPoint
    convention: CountingConvention
    stated_convention: str | None
    """The convention that the sheet names at this operating point."""
    structure: str
    """Where the structure comes from: a path of the sheet, or another source."""
    setting: Setting
    network: Network | None
    """Operators at the point's sequence length; at one token where there is none that fits."""
    problem: WorkloadError | None
    """Why there is no network, or none at this sequence length."""
    counts: tuple[OpCount, ...]
    """Operations under every convention; empty where the point or the network is missing."""
    tile: TileShape | None
    stated_tile: TileShape | None
    """The sheet's own."""
    mapping: TileMapping | None
    devices_per_weight: int | None
    chip: ChipEstimate

    @property
    def count(self) -> OpCount | None:
        """Operations under the chosen convention."""
        return next((count for count in self.counts if count.convention is self.convention), None)

    @property
    def no_network(self) -> str:
        """Why nothing can be derived from the structure."""
        return "" if self.problem is None else self.problem.message

    @property
    def no_counts(self) -> str:
        """Why there are no operations."""
        return self.no_network or ("" if self.counts else self.point.missing)

    @property
    def convention_is_stated(self) -> bool:
        """Whether operations are counted as the sheet says that it counts them."""
        return self.convention.name == self.stated_convention

    @property
    def uses_per_inference(self) -> bool:
        """Whether the operators are those of the point's sequence length."""
        return self.problem is None and self.point.seq_len is not None

    def claim(self, section: str, field: str) -> Quantity | None:
        """A figure of a section that does not depend on the operating point."""
        fact = self.fact(section, field)
        return None if fact is None else fact.quantity

    def fact(self, section: str, field: str) -> Fact | None:
        """A fact of a section."""
        node = getattr(self.sheet, section)
        fact: Fact | None = None if node is None else getattr(node, field)
        return fact


def build_context(
    sheet: SheetFields,
    seq_len: int | None,
    batch: int | None,
    tile: TileShape | None,
    convention: str | None,
    setting: Setting | None = None,
) -> PointContext:
    """Work out the network, its operations and its tiles.

    Raises:
        DeriveError: a sequence length or batch out of range, or an unknown convention.
        WorkloadError: a source named by the caller can not be read, or a pattern of the policy fits nothing.
    """
    setting = setting or Setting()
    point = choose_point(sheet, seq_len, batch)
    family = _family(sheet)
    if point.seq_len is None and setting.model is None and family is not None and not family.tokens:
        point = replace(point, seq_len=1)  # an image or a vector has no length
    if setting.elsewhere:
        point = replace(point, row=None, index=None)
    stated = None if point.row is None else point.row.counting
    try:
        chosen = convention_named(convention or stated or DEFAULT)
    except WorkloadError as error:
        raise DeriveError(error.message, error.why, error.help) from None
    network, problem = _network(sheet, point.seq_len or 1, setting)
    if network is not None:
        network = apply(setting.policy, network)
    own, per_weight = _own_tile(sheet)
    profile, named = _profile(sheet, setting)
    used = tile or _tile_on(profile, own, _stated_profile(sheet))
    counts = () if problem is not None else _counts(network, point)
    chip = ChipEstimate() if not named else ChipEstimate(problem=f"there is no hardware profile `{named}`")
    if profile is not None:
        chip = estimate_chip(
            profile,
            named,
            network,
            point.batch,
            used,
            chosen,
            setting.structure,
            no_network="" if problem is None else problem.message,
            no_point="" if counts else point.missing,
            another=_stated_profile(sheet) not in (None, profile.name),
            placing=setting.placing,
        )
    return PointContext(
        sheet,
        point,
        chosen,
        stated_convention=stated,
        structure=setting.model or f"{SECTION}.{family.key if family else next(iter(FAMILIES))}",
        setting=setting,
        network=network,
        problem=problem,
        counts=counts,
        tile=used,
        stated_tile=own,
        mapping=None if network is None or used is None else map_network(network, used),
        devices_per_weight=per_weight,
        chip=chip,
    )


def _profile(sheet: SheetFields, setting: Setting) -> tuple[Profile | None, str]:
    """The profile and where it is named; without a profile, the name that there is none of."""
    if setting.profile is not None:
        return setting.profile, "given"
    name = _stated_profile(sheet)
    if name is None:
        return None, ""
    from factsheet.errors import UnknownProfileError  # only where a profile is named
    from factsheet.hardware.profile import profile_of  # only where a profile is named

    try:
        return profile_of(
            name
        ), "hardware.inference.profile"  # a name and no path: no file is read for a sheet
    except UnknownProfileError:
        return None, name


def _stated_profile(sheet: SheetFields) -> str | None:
    inference = None if sheet.hardware is None else sheet.hardware.inference
    return None if inference is None or inference.profile is None else inference.profile.text


def _tile_on(profile: Profile | None, own: TileShape | None, stated: str | None) -> TileShape | None:
    """The sheet's tile; on another chip than the sheet's that chip's own, unless it has the sheet's too."""
    if profile is None:
        return own
    known = [
        TileShape(int(geometry.rows.value), int(geometry.cols.value))
        for geometry in (profile.geometry, *profile.also)
    ]
    return own if own is not None and (own in known or stated == profile.name) else known[0]


def _family(sheet: SheetFields) -> Family | None:
    try:
        return declared_family(sheet.model_architecture)
    except WorkloadError:
        return None  # the network's own problem says so


def _network(
    sheet: SheetFields, seq_len: int, setting: Setting
) -> tuple[Network | None, WorkloadError | None]:
    """The network at a sequence length; if that is what is wrong with it, at one token, for its sizes."""
    if setting.model is not None:
        return open_source(setting.model, setting.run(seq_len)), None
    try:
        return declared_network(sheet.model_architecture, setting.run(seq_len)), None
    except WorkloadError as error:
        if seq_len == 1 or setting.elsewhere:
            return None, error
        return _network(sheet, 1, setting)[0], error


def _counts(network: Network | None, point: ChosenPoint) -> tuple[OpCount, ...]:
    if network is None or point.seq_len is None or point.batch is None:
        return ()
    return count_under_all(work_of(network), point.batch)


def _own_tile(sheet: SheetFields) -> tuple[TileShape | None, int | None]:
    """The sheet's tile and devices per weight, where it gives them."""
    tile = None if sheet.parameters is None else sheet.parameters.tile
    if tile is None:
        return None, None
    rows, cols = tile.rows.whole, tile.cols.whole
    per_weight = None if tile.devices_per_weight is None else tile.devices_per_weight.whole
    return (None if rows is None or cols is None else TileShape(rows, cols)), per_weight
