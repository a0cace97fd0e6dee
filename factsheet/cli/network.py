"""Read the options that say which network is meant and which hardware it runs on."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, TypeVar

from factsheet.checks.diagnostic import Diagnostic, Related
from factsheet.cli.terminal import complain, style_for
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import BrokenProfileError, UsageError
from factsheet.hardware.chip import FILE_ENDINGS, constants_of, profile_from
from factsheet.hardware.profile import Profile
from factsheet.networks.policy import Policy
from factsheet.recompute.request import Placement, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from factsheet.crossbar.cost.formula import Structure
    from factsheet.crossbar.cost.layout import Packing
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.finding import ProfileFinding


def named_profile(name: str) -> Profile:
    """Return the profile of that name, or of the file at that path.

    Raises:
        UnknownProfileError: there is none.
        ProfileError: it is the profile of a digital device.
        SourceError: it cannot be read.
        BrokenProfileError: it says something that no profile can say; each such place is in the message.
    """
    return _named(name, profile_from)


def named_hardware(name: str) -> Profile | DigitalProfile:
    """Return the profile of that name or file, of an analog chip or of a digital device.

    Raises:
        ProfileError: there is none, or it says something that no profile can say.
        SourceError: it cannot be read.
    """
    from factsheet.hardware.digital.profile import hardware_from  # only where hardware is named

    return _named(said_in_full(name), hardware_from)


def said_in_full(name: str) -> str:
    """Return the profile that a device's short name stands for, and say so on standard error."""
    from factsheet.hardware.digital.profile import full_name  # only where hardware is named

    full = full_name(name)
    if full != name:
        complain(
            f"factsheet: `{name.strip()}` is taken as `{full}`;"
            " `factsheet hardware list` has its other formats and stacks"
        )
    return full


def for_chips_alone(request: Request) -> Request:
    """Return the request of a command that writes a sheet, which is of an analog chip.

    Raises:
        UsageError: it names a digital device.
    """
    if request.digital is not None:
        raise UsageError(
            f"`{request.digital.name[:60]}` is a digital device, and what is written here is of an analog chip",
            help="`factsheet hardware list` lists the chips; `factsheet derive --hardware` takes both kinds",
            place="--hardware",
        )
    return request


Kind = TypeVar("Kind")


def _named(name: str, read: Callable[[str], Kind]) -> Kind:
    from factsheet.hardware.digital.profile import DigitalProfile

    try:
        profile = read(name)
        if isinstance(profile, Profile):
            constants_of(profile)  # figures that cannot be computed with are refused here, with their lines
    except BrokenProfileError as error:
        from factsheet.hardware.checking import broken  # only for a broken profile
        from factsheet.reports.full import full

        style = style_for(sys.stderr)
        blocks = [
            full(diagnostic_of(broken(problem), name), error.document, style) for problem in error.problems
        ]
        blocks.append(f"factsheet: {name}: the profile cannot be used as it is. Correct it and run again.")
        error.message = "\n\n".join(blocks)
        raise
    if name.lower().endswith(FILE_ENDINGS) and isinstance(profile, Profile | DigitalProfile):
        _warn(profile, name)
    return profile


def _warn(profile: Profile | DigitalProfile, name: str) -> None:
    """Say on standard error that figures of a user's own profile cannot be right; they are used all the same."""
    from factsheet.hardware.checking import check_profile  # only for a user's own

    errors = [one for one in check_profile(lambda: profile).findings if one.severity == "error"]
    if errors:
        first = errors[0].problem
        more = f", and {len(errors) - 1} more" if errors[1:] else ""
        complain(
            f"factsheet: {name}:{first.span.line}:{first.span.column}: {first.message}{more}\n"
            f"  what is computed with it cannot be right; `factsheet hardware check {name}` says why"
        )


def diagnostic_of(finding: ProfileFinding, file: str) -> Diagnostic:
    """Return a finding in a profile as reports take it."""
    problem = finding.problem
    return Diagnostic(
        finding.id,
        problem.code,
        finding.severity,
        problem.message,
        problem.why,
        problem.help,
        file,
        problem.span,
        problem.path,
        tuple(Related(label, span) for label, span in problem.related),
    )


_PAIR = re.compile(r"([1-9]\d{0,5})(?:[x×]([1-9]\d{0,5}))?")


def request_of(
    *,
    seq_len: int | None = None,
    batch: int | None = None,
    tile: str | None = None,
    convention: str | None = None,
    digital: Sequence[str] | None = None,
    analog: Sequence[str] | None = None,
    decode: bool = False,
    cache_length: int | None = None,
    image_size: str | None = None,
    dim: Sequence[str] | None = None,
    model: str | None = None,
    hardware: str | None = None,
    structure: Structure = "batch-synchronous",
    chips: int | None = None,
    pack: Packing = "none",
    fuse_qkv: bool = False,
    balance: int | None = None,
) -> Request:
    """Return the options of a command, as typed, as what is to be worked out.

    Raises:
        UsageError: one of them cannot be read; the message says what to give.
        ProfileError: the hardware profile cannot be used.
    """
    chip = None if hardware is None else named_hardware(hardware)
    return Request(
        seq_len=seq_len,
        batch=batch,
        tile=tile_shape(tile),
        convention=convention,
        policy=policy_of(digital, analog),
        decode=decode,
        cache_length=cache_length,
        image_size=pair("--image-size", image_size, "224", "it is the height and width in pixels"),
        dims=dims_of(dim),
        profile=chip if isinstance(chip, Profile) else None,
        digital=None if chip is None or isinstance(chip, Profile) else chip,
        structure=structure,
        model=model,
        placement=Placement(chips=chips, packing=pack, fuse=fuse_qkv, balance=balance),
    )


_LARGEST = 10**9


def dims_of(texts: Sequence[str] | None) -> tuple[tuple[str, int], ...]:
    """Return axes with their sizes, from texts such as `height=48`.

    Raises:
        UsageError: one is no such text, or an axis is given twice.
    """
    dims: dict[str, int] = {}
    for text in texts or ():
        name, _, size = (part.strip() for part in text.rpartition("="))
        number = int(size) if size.isascii() and size.isdigit() and len(size) <= len(str(_LARGEST)) else 0
        if not name or not 1 <= number <= _LARGEST:
            raise UsageError(
                f"expected NAME=SIZE, such as `height=48`, with a size from 1 to {_LARGEST:,}",
                "it is the size of an axis that the model names",
                place=f"--dim {text[:60]}",
            )
        if name in dims:
            raise UsageError(f"the axis `{name[:60]}` is given twice", help="give it once", place="--dim")
        dims[name] = number
    return tuple(dims.items())


def policy_of(digital: Sequence[str] | None, analog: Sequence[str] | None) -> Policy:
    """Return which matrices are on tiles, from patterns of names; commas part several in one text."""
    return Policy(names_in(digital), names_in(analog))


def names_in(texts: Sequence[str] | None) -> tuple[str, ...]:
    """Return the names in texts such as `pooler,lm_head`."""
    return tuple(name.strip() for text in texts or () for name in text.split(",") if name.strip())


def pair(option: str, text: str | None, example: str, meaning: str) -> tuple[int, int] | None:
    """Return one number or two, such as `512` or `512x256`, as two.

    Raises:
        UsageError: it is neither.
    """
    if text is None:
        return None
    match = _PAIR.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f"expected `{example}` or `{example}x256`, each from 1 to 999999",
            meaning,
            place=f"{option} {text[:40]}",
        )
    return int(match[1]), int(match[2] or match[1])


def tile_shape(text: str | None) -> TileShape | None:
    """Return the geometry of an array.

    Raises:
        UsageError: it is none.
    """
    sides = pair(
        "--tile",
        text,
        "512",
        "a tile is one array; its rows are inputs and come first, its columns outputs, counted in weights",
    )
    if sides is None:
        return None
    return TileShape(*sides)
