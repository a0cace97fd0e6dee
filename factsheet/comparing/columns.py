"""One sheet as a column of a comparison: its figures at an operating point, stated, recomputed or estimated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.authoring.field_catalogue import has_field
from factsheet.comparing.leaves import SheetLeaves
from factsheet.errors import DeriveError, FactsheetError, WorkloadError
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import format_value, grouped
from factsheet.recompute.claims import CHIP, COUNTED, ENERGIES, boundary_of, claim_of, inference_of
from factsheet.recompute.context import build_context
from factsheet.recompute.derivations.chip import ranges_over_structures
from factsheet.recompute.engine import recompute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.comparing.difference import ComparedVersion
    from factsheet.comparing.leaves import Leaf
    from factsheet.recompute.claims import Claim
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.request import Request
    from factsheet.sheet.model import SheetFields

CellOrigin = Literal["stated", "recomputed", "estimated"]
"""`stated`: by the sheet. `recomputed`: from its structure or other figures. `estimated`: by a model of hardware."""


class ComparedFigure(NamedTuple):
    """A figure of which each column has one.

    Attributes:
        name: of the derived fact, and of the claims.
        label: what readers call it.
        dimension: of its values.
        claimed: what the sheet's own figures call it, or section and field.
        at_point: whether it holds at an operating point.
    """

    name: str
    label: str
    dimension: str
    claimed: str
    at_point: bool = True


FIGURES: tuple[ComparedFigure, ...] = (
    ComparedFigure("latency", "Time of a run", "time", "execution_time"),
    ComparedFigure("throughput", "Throughput", "throughput", "throughput"),
    ComparedFigure("energy_per_inference", "Energy per inference", "energy", "energy_per_inference"),
    ComparedFigure(
        "energy_efficiency", "Energy efficiency", "inferences_per_second_per_watt", "energy_efficiency"
    ),
    ComparedFigure("tops_per_watt", "Operations per joule", "ops_per_second_per_watt", "tops_per_watt"),
    ComparedFigure("power", "Power", "power", "power"),
    ComparedFigure("total_ops", "Operations of a run", "ops", "total_ops"),
    ComparedFigure("area", "Chip area", "area", "parameters.area", at_point=False),
    ComparedFigure("tiles", "Tiles that hold the model", "count", "parameters.tiles", at_point=False),
    ComparedFigure("parameters", "Parameters", "count", "parameters.parameters", at_point=False),
    ComparedFigure(
        "analog_weights", "Weights on tiles", "count", "parameters.analog_weights", at_point=False
    ),
    ComparedFigure("size_on_disk", "Size on disk", "data_size", "performance.size_on_disk", at_point=False),
    ComparedFigure(
        "refresh_interval",
        "Time until weights are programmed again",
        "time",
        "performance.refresh_interval",
        at_point=False,
    ),
)
"""Figures of every comparison, in the order of its rows."""
PREFIX = "chip."
_ESTIMATED_DIGITS = 3
"""A model of hardware is off by more than the fourth one says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedCell:
    """What a column has in a row.

    Attributes:
        text: for readers; empty where there is nothing.
        value: in the base unit.
        reach: every value that it can be; `None` where that is not known.
        origin: where a figure comes from.
        about: what goes with it, in a few words: provenance, or what it was estimated with.
        note: what a reader must know with it; why there is nothing, where there is nothing.
        claim: of what is stated.
        leaf: where in the sheet.
        of: of a score, what the sheet says that it is.
        per: what it counts or is counted in, in words: figures that count another thing are not compared.
        assumed: what was assumed for it, that says nothing of the model itself: such a figure is not judged.
        boundary: of an energy, a power or an efficiency, what it includes: `tile`, `chip`, `board` or `wall`.
        on_device: whether it is that of a digital device.
    """

    text: str = ""
    value: float | None = None
    reach: Interval | None = None
    origin: CellOrigin | None = None
    about: str = ""
    note: str = ""
    claim: Claim | None = None
    leaf: Leaf | None = None
    of: str = ""
    per: str = ""
    assumed: str = ""
    boundary: str = ""
    on_device: bool = False


NOTHING = ComparedCell()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedColumn:
    """One sheet, or a sheet's network on a digital device.

    Attributes:
        name: what to call it.
        sheet: the sheet.
        derivation: what follows from it at the operating point; `None` where nothing can.
        device: title of the digital device; empty for the sheet on its own hardware.
        problem: why nothing was recomputed.
        left_out: what of it does not fit the schema.
    """

    name: str
    sheet: SheetFields
    derivation: Derivation | None
    request: Request
    device: str = ""
    problem: str = ""
    left_out: tuple[str, ...] = ()
    leaves: SheetLeaves = field(repr=False)

    @property
    def point(self) -> tuple[int | None, int | None]:
        """Sequence length and batch that it was worked out for; no length of a network that has none."""
        if self.derivation is None:
            return (None, None)
        point = self.derivation.point
        return (None if point.without_length else point.seq_len, point.batch)

    @property
    def point_words(self) -> str:
        """The same in words."""
        return "no operating point" if self.derivation is None else self.derivation.point.words

    def figure(self, figure: ComparedFigure) -> ComparedCell:
        """Return a figure: the one that the sheet states for the point, else one that follows, else the model's."""
        facts = {} if self.derivation is None else _by_name(self.derivation.facts)
        modelled = {} if self.derivation is None else _by_name(self.derivation.chip_facts)
        chip = modelled.get(f"{PREFIX}{figure.name}")
        if self.device:  # the same network: only what the device makes of it is another
            return NOTHING if chip is None else self._derived(chip)
        for claim in self._claims(figure):
            if claim.quantity.dimension == figure.dimension:
                return self._stated(claim, figure.name)
        own = facts.get(figure.name)
        if own is not None and not has_field(type(self.sheet), own.path):
            own = None
        found = next(
            (fact for fact in (own, chip) if fact is not None and fact.derived is not None), own or chip
        )
        return NOTHING if found is None else self._derived(found)

    def _claims(self, figure: ComparedFigure) -> Iterator[Claim]:
        if not figure.at_point or "." in figure.claimed:
            section, _, name = figure.claimed.partition(".")
            holder = getattr(self.sheet, section)
            fact = None if holder is None else getattr(holder, name)
            claim = claim_of(self.sheet, fact, (section, name))
            if claim is not None:
                yield claim
        elif self.derivation is not None:
            yield from build_context(self.sheet, self.request).figures.claims(figure.claimed)

    def _stated(self, claim: Claim, name: str) -> ComparedCell:
        row = int(claim.path[2]) if claim.path[1] == "operating_points" else None
        boundary = boundary_of(self.sheet, row) if name in ENERGIES else ""
        leaf = next((leaf for leaf in self.leaves.leaves.values() if leaf.path == claim.path), None)
        return ComparedCell(
            text=grouped(claim.quantity.text),
            value=claim.quantity.value,
            reach=claim.quantity.meant,
            origin="stated",
            about=(leaf.source if leaf is not None else None) or "stated",
            note=f"of the {boundary}" if boundary not in {"", CHIP} else "",
            claim=claim,
            leaf=leaf,
            per=self.per(name, whole=False),
            boundary=boundary,
        )

    def _derived(self, fact: DerivedFact) -> ComparedCell:
        if fact.derived is None:
            return ComparedCell(note=fact.note)
        estimated = fact.standing == "chip model"
        about = "recomputed"
        if estimated:
            about = (
                f"estimated, {self._boundary(fact.name)}" if self.device else f"estimated, {self._profile}"
            )
        elif fact.standing == "claims":
            about = "follows from others"
        note, reach = fact.note, fact.reach
        name = fact.name.removeprefix(PREFIX)
        if self.device:
            first, _, rest = note.partition("; ")
            if reach is not None and " to " in first:  # the ends of what it can be
                about, note = f"{about}, {first}", rest
            about += self._beyond(reach)
        elif estimated and (ends := self._over_structures.get(name)) is not None:
            reach = Interval(*ends)
            shown = (_rounded(end, fact.dimension) for end in ends)
            about = f"{about}, {' to '.join(shown)}"
        return ComparedCell(
            text=_text(fact, estimated=estimated),
            value=float(fact.derived),
            reach=reach,
            origin="estimated" if estimated else "recomputed",
            about=about,
            note=note,
            per=self.per(name, whole=fact.standing != "claims", modelled=estimated),
            assumed="sizes are those of weights in fp32" if name == "size_on_disk" else "",
            boundary=self._boundary_of(fact, estimated=estimated),
            on_device=bool(self.device),
        )

    def _boundary_of(self, fact: DerivedFact, *, estimated: bool) -> str:
        """Return what a derived energy includes: what the sheet's own do, or those of the model of its hardware."""
        if fact.name.removeprefix(PREFIX) not in ENERGIES:
            return ""
        if self.device:
            return "wall" if "wall" in self._boundary(fact.name) else "board"
        return CHIP if estimated else boundary_of(self.sheet)

    def _beyond(self, reach: Interval | None) -> str:
        """Say that an estimate of a device is an extrapolation, or that nobody knows how good it is."""
        run = None if self.derivation is None else self.derivation.digital
        outside = run is not None and run.estimate is not None and run.estimate.outside
        return f"{', an extrapolation' if outside else ''}{', ± not known' if reach is None else ''}"

    @property
    def _over_structures(self) -> dict[str, tuple[float, float]]:
        """The ends of the chip's time, and of what hangs on it, over the execution structures."""
        estimate = None if self.derivation is None else self.derivation.chip.estimate
        found = {} if estimate is None else ranges_over_structures(estimate)
        return {name: (low, high) for name, (_, low, high) in found.items() if low < high}

    def per(self, name: str, *, whole: bool, modelled: bool = False) -> str:
        """Return what a figure counts, as far as sheets differ in it.

        Args:
            name: of the figure, or the last key of its field.
            whole: whether it was worked out for a whole run, and never for a part of one such as a token.
            modelled: whether it is that of a model of hardware, with the tiles of its profile.
        """
        if name in COUNTED or name == "total_ops":
            usual = "inference" if self.derivation is None else self.derivation.point.usual_inference
            return f"per {inference_of(self.sheet, usual, whole=whole)}"
        if name == "tiles":
            return f"in tiles of {self._tile(modelled=modelled)}"
        return ""

    def _boundary(self, name: str) -> str:
        """Return what an energy of a device is of, `of the board alone`; its name for other figures."""
        run = None if self.derivation is None else self.derivation.digital
        power = None if run is None or run.estimate is None else run.estimate.power
        of_time = name in {f"{PREFIX}latency", f"{PREFIX}throughput"}
        return self.device if of_time or power is None else power.of.partition(",")[0]

    def _tile(self, *, modelled: bool) -> str:
        estimate = None if self.derivation is None or not modelled else self.derivation.chip.estimate
        if estimate is not None:
            return f"{estimate.layout.tile.rows} x {estimate.layout.tile.cols}"
        tile = None if self.sheet.parameters is None else self.sheet.parameters.tile
        if tile is None:
            return "a size not stated"
        return f"{tile.rows.words()} x {tile.cols.words()}"

    @property
    def _profile(self) -> str:
        profile = None if self.derivation is None else self.derivation.chip.profile
        return "the chip" if profile is None else profile.name


def _text(fact: DerivedFact, *, estimated: bool) -> str:
    """Return a derived figure for readers; an estimate with no more digits than models of hardware have."""
    text = fact.significant_text
    if not estimated or fact.derived is None or fact.dimension in {"count", "ops", "data_size"}:
        return text
    start = next((start for start in ("at least ", "at most ") if text.startswith(start)), "")
    return f"{start}{_rounded(float(fact.derived), fact.dimension)}"


def _rounded(value: float, dimension: str) -> str:
    """Write an estimate; whole numbers keep no digits of it either."""
    return format_value(float(f"{value:.{_ESTIMATED_DIGITS}g}"), dimension, _ESTIMATED_DIGITS)


def _by_name(facts: tuple[DerivedFact, ...]) -> dict[str, DerivedFact]:
    found: dict[str, DerivedFact] = {}
    for fact in facts:
        found.setdefault(fact.name, fact)
    return found


def column_of(version: ComparedVersion, request: Request, *, device: str = "") -> ComparedColumn:
    """Return a sheet as a column.

    Args:
        version: the sheet.
        request: the operating point, and the digital device if it is one.
        device: name of that device.

    Raises:
        ValueError: the version has no sheet.
    """
    if version.sheet is None:
        raise ValueError(f"{version.name} has no sheet")
    derivation, problem = None, ""
    try:
        derivation = recompute(version.sheet, request)
        problem = "" if derivation.problem is None else derivation.problem.message
    except (DeriveError, WorkloadError) as error:
        problem = _words(error)
    return ComparedColumn(
        name=f"{version.name} on {device}" if device else version.name,
        sheet=version.sheet,
        derivation=derivation,
        request=request,
        device=device,
        problem=problem,
        left_out=version.left_out,
        leaves=SheetLeaves(version.sheet),
    )


def _words(error: FactsheetError) -> str:
    return "; ".join(filter(None, (error.message, error.help)))
