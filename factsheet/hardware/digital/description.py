"""The keys of a digital profile's file: the pydantic model of version 1 of the format."""

from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from factsheet.facts.kind import refused
from factsheet.hardware.published_result import Name, Whole
from factsheet.hardware.quoted import Energy, Power, ProfilePart, Quoted, Rate, Text, Time

NumberFormat = Literal["fp32", "tf32", "fp16", "bf16", "int8"]
Operations = Annotated[int, Field(ge=1, le=10**18)]
NetworkKind = Literal["transformer", "convolutional"]


class DataRate(Quoted):
    """Bytes per second."""

    dimension = "data_rate"


class Share(Quoted):
    """A part of a whole."""

    dimension, units = "ratio", ("%",)


class BoardPower(ProfilePart):
    """What a board draws while it computes; the host that it is in is apart.

    With `idle` and `per_operation`, from a published table of this board, power is their sum. With `idle_share` and
    `full_share`, from such tables of other boards, it goes from one to the other as the device is used. With `limit`
    alone it is at most that.

    Attributes:
        limit: the most that the board is allowed to draw.
        idle: that is drawn however little is computed.
        per_operation: for one operation.
        spread: by which factor, less 1, the fitted line and the published table differ at most.
        idle_share: of the limit, drawn however little is computed.
        full_share: of the limit, with the device used as well as the stack ever uses it.
    """

    limit: Power
    idle: Power | None = None
    per_operation: Energy | None = None
    spread: Share | None = None
    idle_share: Share | None = None
    full_share: Share | None = None

    @model_validator(mode="after")
    def _comes_in_pairs(self) -> Self:
        for one, other in (("idle", "per_operation"), ("idle_share", "full_share")):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                given, missing = (one, other) if getattr(self, one) is not None else (other, one)
                raise refused(
                    f"`{given}` is given without `{missing}`",
                    "power is a line between the two, and one end says nothing of it",
                    f"add `{missing}`, or leave `{given}` out",
                    given,
                )
        return self


class WallPower(ProfilePart):
    """What the share of a server that is used draws at the wall, its supply and its memory included.

    Attributes:
        idle: with nothing to do.
        full: with all of the share at work, which is taken as drawn while it computes.
    """

    idle: Power | None = None
    full: Power


class Fitted(ProfilePart):
    """What the two fitted constants come from, and what was kept to check them with.

    Attributes:
        fitted_on: the points that were fitted, in words.
        points: how many they are.
        kind: the kind of network that was timed.
        networks: by name.
        seq_len: the shortest and the longest sequence of the points that were fitted; none for images.
        batch: the smallest and the largest batch of them.
        ops: the fewest and the most operations of products that an inference of them has.
        checked_on: the points that were kept, in words.
        checked: how many they are.
        within_quarter: how many of them the profile gives within 25 %.
        largest: by which factor, less 1, model and published time differ at most at these points.
    """

    fitted_on: Text
    points: Whole
    kind: NetworkKind
    networks: Annotated[tuple[Name, ...], Strict(strict=False)]
    seq_len: Annotated[tuple[Whole, Whole], Strict(strict=False)] | None = None
    batch: Annotated[tuple[Whole, Whole], Strict(strict=False)]
    ops: Annotated[tuple[Operations, Operations], Strict(strict=False)]
    checked_on: Text | None = None
    checked: Annotated[int, Field(ge=0, le=10**6)] = 0
    within_quarter: Annotated[int, Field(ge=0, le=10**6)] = 0
    largest: Share | None = None


class DigitalDescription(ProfilePart):
    """A device that computes digitally, with one number format and one software stack.

    Attributes:
        peak: operations per second of the format, no sparsity counted.
        bandwidth: of its memory.
        utilisation: of the peak, that products reach.
        kernel_time: added for every kernel.
        power: of the board.
        wall: at the wall, where that is what is known.
    """

    profile: Literal[1]
    kind: Literal["digital"]
    name: Name
    title: Text
    device: Text
    dtype: NumberFormat
    stack: Text
    peak: Rate
    bandwidth: DataRate
    utilisation: Share
    kernel_time: Time
    power: BoardPower | None = None
    wall: WallPower | None = None
    fit: Fitted
    notes: Text | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.utilisation.si > 1:
            raise refused(
                f"a utilisation of {self.utilisation.text} is more than the device can do",
                "no product goes faster than the peak",
                "correct it, or the peak",
                "utilisation",
            )
        if self.power is not None and self.wall is not None:
            raise refused(
                "both the power of the board and the power at the wall are given",
                "an energy is of one or of the other, and says which",
                "keep the one that was measured, and put the other into a profile of its own",
                "wall",
            )
        return self
