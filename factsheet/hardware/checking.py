"""Find everything that is wrong, missing or unconfirmed in one profile: its text, its form and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import BrokenProfileError
from factsheet.hardware.bounds import implausible, implausible_constants
from factsheet.hardware.chip import constants_of, description_of
from factsheet.hardware.contradictions import contradictions
from factsheet.hardware.description import figures_of
from factsheet.hardware.finding import KINDS, ProfileFinding, finding
from factsheet.hardware.profile import Profile
from factsheet.source.document import dotted
from factsheet.source.problems import CODES, Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factsheet.hardware.constants import ChipConstants
    from factsheet.hardware.description import Description
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.finding import FindingId
    from factsheet.hardware.quoted import ProfilePart
    from factsheet.source.document import Document
    from factsheet.source.problems import Problem

_LISTED = 6


def gaps(chip: Description, document: Document, constants: ChipConstants) -> Iterator[ProfileFinding]:
    """Find what the profile leaves open, one finding a kind of result: warnings for time and energy."""

    def gap(missing: str, without: str, help_: str, *, grave: bool = False) -> ProfileFinding:
        words = Wording(missing, f"without it {without}", help_)
        return finding(document, "HW301" if grave else "HW302", ("name",), words)

    if constants.mvm_time is None:
        yield gap(
            "the time of one product cannot be derived",
            "no latency, throughput or power is estimated",
            "give `times.mvm`, `times.integration`, `tile.rate`, or `times.cycle` and the bits of `input`",
            grave=True,
        )
    if constants.cell_energy is None and constants.tile_power is None:
        yield gap(
            "the energy of one product cannot be derived",
            "no energy, power or efficiency is estimated",
            "give `tile.efficiency`, `tile.mvm_energy`, `tile.power`, or `components` with their power",
            grave=True,
        )
    if constants.tile_area is None:
        yield gap(
            "the area of a tile cannot be derived",
            "no area is estimated",
            "give `tile.area`, `tile.density`, or `components` with their area",
        )
    if constants.tiles_per_chip is None:
        yield gap(
            "the number of tiles of a chip is not given",
            "it stays open whether a network fits it, and how many chips it takes",
            "give `tiles_per_chip`, or the levels of the chip under `hierarchy`",
        )
    if constants.digital_energy is None and (chip.digital is None or chip.digital.energy_within is None):
        yield gap(
            "the energy of digital operations is not given",
            "attention, softmax and normalisation cost nothing",
            "give `digital.efficiency`, or say under `digital.energy_within` which figure it is part of",
        )
    if chip.shares_tiles is None:
        yield gap(
            "it is not said whether matrices may share a tile",
            "every matrix is given tiles of its own",
            "give `shares_tiles`",
        )


def unconfirmed(chip: ProfilePart, document: Document) -> Iterator[ProfileFinding]:
    """Name the secondary figures in one finding, if there are any."""
    paths = [dotted(path) for path, figure in figures_of(chip) if figure.standing == "secondary"]
    if paths:
        listed = ", ".join(f"`{path}`" for path in paths[:_LISTED]) + (", …" if len(paths) > _LISTED else "")
        one = len(paths) == 1
        words = Wording(
            f"{len(paths)} figure{' is' if one else 's are'} secondary: {listed}",
            "what others quote of a source may have been misread, and every result that it goes into says so",
            "read it at its source, and write `standing: published`" if one else "read them at their sources",
        )
        yield finding(document, "HW303", ("name",), words)


class CheckedProfile(NamedTuple):
    """What came of a profile.

    Attributes:
        document: its text; `None` where it is none.
        findings: in the order of the text, the gravest first at one place.
    """

    document: Document | None
    findings: tuple[ProfileFinding, ...]


def check_profile(read: Callable[[], Profile | DigitalProfile]) -> CheckedProfile:
    """Check one profile.

    Args:
        read: reads it, as `profile_from` and `hardware_from` do.

    Raises:
        UnknownProfileError: there is no profile of that name.
        SourceUnreadableError: the file cannot be read.
    """
    try:
        profile = read()
        if not isinstance(profile, Profile):
            return _checked_device(profile)
        chip = description_of(profile)
        # With such a figure around, what follows from it would be reported a second time.
        beyond = tuple(implausible(chip, profile.document))
        constants = None if beyond else constants_of(profile)
    except BrokenProfileError as error:
        return CheckedProfile(error.document, tuple(map(broken, error.problems)))
    if constants is None:
        return CheckedProfile(profile.document, beyond)
    found = (
        *implausible_constants(chip, profile.document, constants),
        *contradictions(chip, profile.document),
        *gaps(chip, profile.document, constants),
        *unconfirmed(chip, profile.document),
    )
    return CheckedProfile(profile.document, tuple(sorted(found, key=lambda one: one.problem.span.start)))


def _checked_device(profile: DigitalProfile) -> CheckedProfile:
    from factsheet.hardware.digital.checking import device_findings  # only for a digital device

    found = (*device_findings(profile), *unconfirmed(profile.description, profile.document))
    return CheckedProfile(profile.document, tuple(sorted(found, key=lambda one: one.problem.span.start)))


def broken(problem: Problem) -> ProfileFinding:
    """Return a problem that keeps a profile from being read, as a finding."""
    id_: FindingId = "HW001" if problem.code in CODES else "HW101"
    return ProfileFinding(id_, KINDS[id_].severity, problem)
