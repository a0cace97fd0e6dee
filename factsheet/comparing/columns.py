"""One sheet as a column of a comparison: its figures at an operating point, stated, recomputed or estimated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.authoring.field_catalogue import has_field
from factsheet.comparing.leaves import SheetLeaves
from factsheet.errors import DeriveError, FactsheetError, WorkloadError
from factsheet.quantities.quantity import grouped
from factsheet.recompute.claims import CHIP, claim_of
from factsheet.recompute.context import build_context
from factsheet.recompute.engine import recompute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.comparing.difference import ComparedVersion
    from factsheet.comparing.leaves import Leaf
    from factsheet.quantities.interval import Interval
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
_ENERGIES = frozenset({"power", "energy_per_inference", "energy_efficiency", "tops_per_watt"})


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
                return self._stated(claim)
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

    def _stated(self, claim: Claim) -> ComparedCell:
        leaf = next((leaf for leaf in self.leaves.leaves.values() if leaf.path == claim.path), None)
        return ComparedCell(
            text=grouped(claim.quantity.text),
            value=claim.quantity.value,
            reach=claim.quantity.meant,
            origin="stated",
            about=(leaf.source if leaf is not None else None) or "stated",
            note=f"of the {claim.boundary}" if claim.boundary not in {"", CHIP} else "",
            claim=claim,
            leaf=leaf,
            boundary=claim.boundary,
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
        note = fact.note
        if self.device and fact.reach is not None:
            first, _, rest = note.partition("; ")
            if " to " in first:  # the ends of what it can be
                about, note = f"{about}, {first}", rest
        return ComparedCell(
            text=fact.significant_text,
            value=float(fact.derived),
            reach=fact.reach,
            origin="estimated" if estimated else "recomputed",
            about=about,
            note=note,
            boundary=self._boundary_of(fact, estimated=estimated),
            on_device=bool(self.device),
        )

    def _boundary_of(self, fact: DerivedFact, *, estimated: bool) -> str:
        """Return what a derived energy includes: what the sheet's own do, or those of the model of its hardware."""
        if fact.name.removeprefix(PREFIX) not in _ENERGIES:
            return ""
        if self.device:
            return "wall" if "wall" in self._boundary(fact.name) else "board"
        own = None if self.sheet.performance is None else self.sheet.performance.energy_boundary
        return CHIP if estimated or own is None else own.text or CHIP

    def _boundary(self, name: str) -> str:
        """Return what an energy of a device is of, `of the board alone`; its name for other figures."""
        run = None if self.derivation is None else self.derivation.digital
        power = None if run is None or run.estimate is None else run.estimate.power
        of_time = name in {f"{PREFIX}latency", f"{PREFIX}throughput"}
        return self.device if of_time or power is None else power.of.partition(",")[0]

    @property
    def _profile(self) -> str:
        profile = None if self.derivation is None else self.derivation.chip.profile
        return "the chip" if profile is None else profile.name


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
