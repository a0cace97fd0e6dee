"""What a recomputation is asked for: the operating point, the counting, the chip and how a network is placed on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factsheet.errors import DeriveError
from factsheet.networks.family import Run
from factsheet.networks.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.cost.formula import Structure
    from factsheet.crossbar.cost.layout import Packing
    from factsheet.crossbar.mapping import TileShape
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.profile import Profile
    from factsheet.networks.operators import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How a network is placed on chips, where it is not each matrix on its own tiles and as many chips as that takes.

    Attributes:
        chips: how many there are; as many as it takes where it is `None`.
        packing: how matrices that fit into one tile share tiles.
        fuse: whether projections of the same input are stored as one matrix.
        balance: tiles that copies of the busiest layers may fill up to; no copies where it is `None`.
    """

    chips: int | None = None
    packing: Packing = "none"
    fuse: bool = False
    balance: int | None = None

    @property
    def given(self) -> bool:
        """Whether there is anything out of the ordinary."""
        return self != Placement()

    def copies(self, network: Network, tile: TileShape) -> Mapping[str, int] | None:
        """Return the copies of each stored matrix, by the name of its weights; `None` where none are asked for.

        Tiles are counted as if no matrices shared one.

        Raises:
            DoesNotFitError: the network takes more tiles than there are without any copies.
        """
        if self.balance is None:
            return None
        from factsheet.crossbar.cost.budget import balance  # only where copies are asked for
        from factsheet.crossbar.cost.stages import fuse_siblings

        return balance(fuse_siblings(network) if self.fuse else network, tile, tiles=self.balance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the caller asks for; by default, the sheet as it is, at its first operating point.

    Attributes:
        seq_len: tokens in one sequence; by default those of the sheet's first operating point.
        batch: sequences processed together; by default likewise.
        tile: geometry of one array; by default the sheet's.
        convention: name of a counting convention; by default the one that the sheet names, else `consistent`.
        policy: what is put on tiles.
        decode: whether one step on a cache of the sequence's tokens is meant.
        cache_length: tokens in that cache, where they are not as many as in the sequence.
        image_size: height and width of an image in pixels, instead of the declared ones.
        dims: axes of a graph or of example inputs by their name.
        profile: the chip that time, power and area are estimated for, instead of the one that the sheet names.
        digital: a digital device that time, power and energy are estimated for, instead of any chip.
        structure: how layers and sequences follow each other on that chip.
        model: a source that the operators are read from, instead of the sheet's declaration.
        placement: how the network is placed on that chip.
    """

    seq_len: int | None = None
    batch: int | None = None
    tile: TileShape | None = None
    convention: str | None = None
    policy: Policy = field(default_factory=Policy)
    decode: bool = False
    cache_length: int | None = None
    image_size: tuple[int, int] | None = None
    dims: tuple[tuple[str, int], ...] = ()
    profile: Profile | None = None
    digital: DigitalProfile | None = None
    structure: Structure = "batch-synchronous"
    model: str | None = None
    placement: Placement = field(default_factory=Placement)

    def run(self, seq_len: int, declared: frozenset[str] = frozenset()) -> Run:
        """Return what an inference runs on.

        Args:
            seq_len: tokens in one sequence.
            declared: which of `seq_len` and `batch` a sheet gives.
        """
        cached = self.cache_length if self.cache_length is not None or not self.decode else seq_len
        given = {"seq_len": self.seq_len, "image_size": self.image_size, "batch": self.batch}
        asked = frozenset(name for name, value in given.items() if value is not None)
        return Run(seq_len, cached, self.image_size, self.dims, asked, declared)

    @property
    def elsewhere(self) -> bool:
        """Whether the sheet's operating points do not cover this."""
        return self.decode or self.cache_length is not None or self.image_size is not None or bool(self.dims)

    @property
    def own_network(self) -> bool:
        """Whether the network is the sheet's own, as it declares it."""
        return not self.elsewhere and self.model is None and self.policy == Policy()


def request_with(
    request: Request | None,
    *,
    seq_len: int | None = None,
    batch: int | None = None,
    hardware: str | Path | Profile | DigitalProfile | None = None,
) -> Request:
    """Return a request with another operating point or chip; what is `None` stays as it is.

    Args:
        request: by default, one that asks for nothing in particular.
        seq_len: tokens in one sequence.
        batch: sequences processed together.
        hardware: a profile of a chip or of a digital device, or the name or file of one.

    Raises:
        DeriveError: a sequence length or a batch is no whole number, or the chip is no profile.
        ProfileError: there is no such profile, or it is wrong.
    """
    changed: dict[str, Any] = {
        name: value for name, value in (("seq_len", seq_len), ("batch", batch)) if value is not None
    }
    if hardware is not None:
        changed |= _hardware(hardware)
    asked = replace(request or Request(), **changed)
    for name, value in (("sequence length", asked.seq_len), ("batch", asked.batch)):
        if value is not None and (isinstance(value, bool) or not hasattr(value, "__index__")):
            raise DeriveError(
                f"the {name} `{value!s:.60}` is no whole number",
                "every count is multiplied by it",
                "give a whole number from 1 to 10^15",
            )
    return asked


def _hardware(hardware: str | Path | Profile | DigitalProfile) -> dict[str, Profile | DigitalProfile | None]:
    """Return the fields of a request that say which hardware is meant.

    Raises:
        DeriveError: it is no profile.
        ProfileError: there is no such profile, or it is wrong.
    """
    from factsheet.hardware.digital.profile import DigitalProfile, hardware_from  # only where one is named
    from factsheet.hardware.profile import Profile

    found = hardware_from(str(hardware)) if isinstance(hardware, str | Path) else hardware
    if isinstance(found, DigitalProfile):
        return {"profile": None, "digital": found}
    if not isinstance(found, Profile):
        raise DeriveError(
            f"`{type(found).__name__}` is no kind of hardware profile",
            "time, power and area are estimated for a chip or a device",
            "give a profile, or the name or file of one",
        )
    return {"profile": found, "digital": None}
