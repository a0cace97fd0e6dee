"""Read the options that say which network is meant and which hardware it runs on."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Diagnostic, Related
from factsheet.cli.terminal import complain, style_for
from factsheet.errors import BrokenProfileError, UsageError
from factsheet.hardware.chip import FILE_ENDINGS, constants_of, profile_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.crossbar.cost.formula import Structure
    from factsheet.crossbar.cost.layout import Packing
    from factsheet.crossbar.mapping import TileShape
    from factsheet.hardware.finding import ProfileFinding
    from factsheet.hardware.profile import Profile
    from factsheet.recompute.request import Request


def named_profile(name: str) -> Profile:
    """The profile of that name, or the file at that path.

    Raises:
        UnknownProfileError: there is none.
        SourceError: it cannot be read.
        BrokenProfileError: it says something that no profile can say; each such place is in the message.
    """
    try:
        profile = profile_from(name)
        constants_of(profile)  # figures that can not be computed with are told here, with their lines
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
    if name.lower().endswith(FILE_ENDINGS):
        _warn(profile, name)
    return profile


def _warn(profile: Profile, name: str) -> None:
    """Say on standard error that figures of a user's own profile can not be right; they are used all the same."""
    from factsheet.hardware.checking import check_profile  # only for a user's own

    errors = [one for one in check_profile(lambda: profile).findings if one.severity == "error"]
    if errors:
        first = errors[0].problem
        more = f", and {len(errors) - 1} more" if errors[1:] else ""
        complain(
            f"factsheet: {name}:{first.span.line}:{first.span.column}: {first.message}{more}\n"
            f"  what is computed with it can not be right; `factsheet hardware check {name}` says why"
        )


def diagnostic_of(finding: ProfileFinding, file: str) -> Diagnostic:
    """A finding in a profile, as reports take it."""
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


class NetworkOptions(NamedTuple):
    """The options as typed."""

    digital: Sequence[str] = ()
    analog: Sequence[str] = ()
    decode: bool = False
    cache_length: int | None = None
    image_size: str | None = None
    model: str | None = None
    hardware: str | None = None
    structure: Structure = "batch-synchronous"
    chips: int | None = None
    pack: Packing = "none"
    fuse_qkv: bool = False
    balance: int | None = None

    def request(
        self,
        *,
        seq_len: int | None = None,
        batch: int | None = None,
        tile: TileShape | None = None,
        convention: str | None = None,
    ) -> Request:
        """Return the options as a request at an operating point.

        Raises:
            UsageError: one of them cannot be read; the message says what to give.
        """
        from factsheet.networks.policy import Policy
        from factsheet.recompute.request import Placement, Request  # start-up: `validate` does without

        return Request(
            seq_len=seq_len,
            batch=batch,
            tile=tile,
            convention=convention,
            policy=Policy(_names(self.digital), _names(self.analog)),
            decode=self.decode,
            cache_length=self.cache_length,
            image_size=pair("--image-size", self.image_size, "224", "it is the height and width in pixels"),
            profile=None if self.hardware is None else _profile(self.hardware),
            structure=self.structure,
            model=self.model,
            placement=Placement(
                chips=self.chips, packing=self.pack, fuse=self.fuse_qkv, balance=self.balance
            ),
        )


def _profile(name: str) -> Profile:

    return named_profile(name)


def _names(patterns: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for pattern in patterns for name in pattern.split(",") if name.strip())


def pair(option: str, text: str | None, example: str, meaning: str) -> tuple[int, int] | None:
    """One number or two, such as `512` or `512x256`.

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
    """The geometry of an array.

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
    from factsheet.crossbar.mapping import TileShape

    return TileShape(*sides)
