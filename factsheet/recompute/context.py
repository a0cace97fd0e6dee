"""What every derivation sees: the sheet, its network at the operating point, and how it is counted and mapped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factsheet.crossbar.mapping import TileShape, map_network
from factsheet.errors import DeriveError, WorkloadError
from factsheet.networks.counting import DEFAULT, convention_named, count_under_all, work_of
from factsheet.networks.declared import FAMILIES, SECTION, declared_family, declared_network
from factsheet.networks.policy import apply
from factsheet.recompute.chip_estimate import ChipEstimate, estimate_chip, estimate_device
from factsheet.recompute.claims import claim_at, claim_of
from factsheet.recompute.comparisons.sheet_comparisons import SheetComparisons
from factsheet.recompute.comparisons.structure_claims import PLACES
from factsheet.recompute.network_source import open_source
from factsheet.recompute.point_figures import PointFigures
from factsheet.recompute.points import USUAL_LENGTH, choose_point, stated_tile

if TYPE_CHECKING:
    from factsheet.crossbar.mapping import TileMapping
    from factsheet.facts.fact import Fact
    from factsheet.hardware.profile import Profile
    from factsheet.networks.counting import CountingConvention, OpCount
    from factsheet.networks.family import Family
    from factsheet.networks.operators import Network
    from factsheet.recompute.chip_estimate import DigitalRun
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.comparisons.operation_claims import ComparedOperations, ComparedSum
    from factsheet.recompute.points import ChosenPoint
    from factsheet.recompute.request import Request
    from factsheet.recompute.verdict import Verdict
    from factsheet.sheet.model import SheetFields

NO_USES = "the source does not say how often its matrices are used"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointContext:
    """A sheet at an operating point."""

    sheet: SheetFields
    point: ChosenPoint
    convention: CountingConvention
    stated_convention: str | None
    """The convention that the sheet names at this operating point."""
    structure: str
    """Where the structure comes from: a path of the sheet, or another source."""
    request: Request
    comparisons: SheetComparisons
    """What the checks find of the sheet's claims."""
    figures: PointFigures
    """The sheet's own figures at the point."""
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
    digital: DigitalRun | None = None
    """The estimate for a digital device, where one is asked for."""

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
        if self.network is not None and not self.network.uses_known:
            return NO_USES
        return self.no_network or ("" if self.counts else self.point.missing)

    @property
    def convention_is_stated(self) -> bool:
        """Whether operations are counted as the sheet says that it counts them."""
        return self.convention.name == self.stated_convention

    @property
    def uses_per_inference(self) -> bool:
        """Whether the operators are those of the point's sequence length."""
        known = self.network is None or self.network.uses_known
        return known and self.problem is None and self.point.seq_len is not None

    def claim(self, section: str, field: str) -> Claim | None:
        """Return the claim of a section's figure that does not depend on the operating point."""
        return claim_at(self.sheet, section, field)

    def row_claim(self, field: str) -> Claim | None:
        """Return the claim of one of the operating point's figures."""
        point = self.point
        if point.row is None or point.index is None:
            return None
        path = ("parameters", "operating_points", point.index, field)
        stated = (point.row.seq_len, point.row.batch)
        return claim_of(self.sheet, getattr(point.row, field), path, point=stated)

    def structure_verdict(self, name: str) -> Verdict | None:
        """Return the verdict on a figure that the declared structure determines, by every interpretation of it."""
        if not self.request.own_network or self.claim(*PLACES[name]) is None:
            return None
        compared = self.comparisons.structure.get(name)
        return None if compared is None else compared.verdict

    def compared_operations(self, field: str) -> ComparedOperations | None:
        """Return the comparison of the operating point's operations, by every way of counting that the sheet allows."""
        if not self.request.own_network or self.request.convention is not None:
            return None
        found = (
            c for c in self.comparisons.operations if c.point.index == self.point.index and c.field == field
        )
        return next(found, None)

    @property
    def compared_sum(self) -> ComparedSum | None:
        """The comparison of the operating point's total with its parts, where these contradict it."""
        found = (known for known in self.comparisons.sums if known.index == self.point.index)
        return next((known for known in found if known.verdict.fits is False), None)

    def fact(self, section: str, field: str) -> Fact | None:
        """Return a fact of a section."""
        node = getattr(self.sheet, section)
        fact: Fact | None = None if node is None else getattr(node, field)
        return fact


def build_context(sheet: SheetFields, request: Request) -> PointContext:
    """Work out the network, its operations and its tiles.

    Raises:
        DeriveError: a sequence length or batch out of range, or an unknown convention.
        WorkloadError: a source named by the caller cannot be read, or a pattern of the policy fits nothing.
    """
    point = choose_point(sheet, request.seq_len, request.batch)
    family = _family(sheet)
    if request.model is not None:
        point = point.assumed(USUAL_LENGTH, 1 if point.row is None else None)
    if request.elsewhere:
        point = replace(point, row=None, index=None)
    stated = None if point.row is None else point.row.counting
    try:
        chosen = convention_named(request.convention or stated or DEFAULT)
    except WorkloadError as error:
        raise DeriveError(error.message, error.why, error.help) from None
    network, problem = _network(sheet, point, request)
    if network is not None:
        network = apply(request.policy, network)
        if not network.takes_length and problem is None and request.model is None:
            # An image or a vector has no length, and a figure of it is that of one inference.
            point = replace(point.assumed(1, 1 if point.row is None else None), without_length=True)
    elif request.seq_len is None and point.leaves_length_out:
        point = replace(point, without_length=True)
    own, per_weight = _own_tile(sheet)
    profile, named = _profile(sheet, request)
    used = request.tile or _tile_on(profile, own, _stated_profile(sheet))
    counts = () if problem is not None else _counts(network, point)
    chip = ChipEstimate() if not named else ChipEstimate(problem=f"there is no hardware profile `{named}`")
    if profile is not None:
        chip = estimate_chip(
            profile,
            named,
            network,
            batch=point.batch,
            tile=used,
            convention=chosen,
            request=request,
            no_network="" if problem is None else problem.message,
            no_point="" if counts else point.missing,
            another=_stated_profile(sheet) not in (None, profile.name),
        )
    digital = None
    if request.digital is not None:
        chip = ChipEstimate(problem=f"`{request.digital.name}` is a digital device: nothing is on tiles")
        reason = problem.message if problem is not None else "" if counts else point.missing
        digital = estimate_device(request.digital, network, point, problem=reason)
    comparisons = SheetComparisons(sheet)
    count = next((count for count in counts if count.convention is chosen), None)
    # A count that leaves matrices out would make an efficiency too low.
    counted = None if count is None or (network is not None and network.uses_missing) else count.total
    return PointContext(
        sheet=sheet,
        point=point,
        convention=chosen,
        stated_convention=stated,
        structure=request.model or f"{SECTION}.{family.key if family else next(iter(FAMILIES))}",
        request=request,
        comparisons=comparisons,
        figures=PointFigures(comparisons, point, counted),
        network=network,
        problem=problem,
        counts=counts,
        tile=used,
        stated_tile=own,
        mapping=None if network is None or used is None else map_network(network, used),
        devices_per_weight=per_weight,
        chip=chip,
        digital=digital,
    )


def _profile(sheet: SheetFields, request: Request) -> tuple[Profile | None, str]:
    """Return the profile and where it is named; without a profile, the name that no profile has."""
    if request.digital is not None:
        return None, ""
    if request.profile is not None:
        return request.profile, "given"
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
    """Return the sheet's tile; for another chip than the sheet's, that chip's own unless it has the sheet's too."""
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
    sheet: SheetFields, point: ChosenPoint, request: Request
) -> tuple[Network | None, WorkloadError | None]:
    """Return the network at the point; where its sequence length is at fault, at one token, for its sizes."""
    seq_len = point.seq_len or 1
    declared = point.seq_len is not None and point.seq_len_from == "declared"
    stated = frozenset({"seq_len"}) if declared else frozenset[str]()
    if request.model is not None:
        run = request.run(seq_len, stated)
        # What the sheet states is asked of the model.
        return open_source(request.model, run._replace(asked=run.asked | stated)), None
    try:
        return declared_network(sheet.model_architecture, request.run(seq_len, stated)), None
    except WorkloadError as error:
        if seq_len == 1 or request.elsewhere or request.dims:
            return None, error
        return _network(sheet, replace(point, seq_len=1), request)[0], error


def _counts(network: Network | None, point: ChosenPoint) -> tuple[OpCount, ...]:
    if network is None or not network.uses_known or point.seq_len is None or point.batch is None:
        return ()
    return count_under_all(work_of(network), point.batch)


def _own_tile(sheet: SheetFields) -> tuple[TileShape | None, int | None]:
    """Return the sheet's tile and devices per weight, where it gives them."""
    tile = None if sheet.parameters is None else sheet.parameters.tile
    each = None if tile is None or tile.devices_per_weight is None else tile.devices_per_weight.whole
    return stated_tile(sheet), each
