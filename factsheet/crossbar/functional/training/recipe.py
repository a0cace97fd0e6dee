"""The recipe of a hardware-aware training: strengths of noise, bounds and converters, each with what it is relative to.

A number such as "weight noise 1.0" can be carried out only if it is known what it is a multiple of. A recipe that does
not say so can be read, kept and written, but not trained with: `questions` lists what is open, and `answered` takes the
answers. Nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.facts.fact import RelativeTo

StrengthName = Literal[
    "weight_noise", "read_noise", "adc_noise", "input_noise", "input_bound", "output_bound", "weight_clip"
]
Each = Literal["", "tile", "channel"]
"""What has a largest weight of its own: as the hardware scales, each tile, or each output of a tile."""
_WEIGHTS: tuple[RelativeTo, ...] = ("absolute", "w_max", "g_max", "weight_std", "device_model")
MEANINGS: Mapping[StrengthName, tuple[RelativeTo, ...]] = MappingProxyType(
    {
        "weight_noise": _WEIGHTS,
        "read_noise": _WEIGHTS,
        "adc_noise": ("absolute", "output_bound", "output_std", "w_max"),
        "input_noise": ("absolute", "input_bound", "input_std"),
        "input_bound": ("absolute", "input_std"),
        "output_bound": ("absolute", "output_std", "w_max"),
        "weight_clip": ("absolute", "weight_std"),
    }
)
"""What each may be a multiple of.

`absolute` is in the units of the layer's own weights, inputs or outputs. The largest weight of a tile or column is held
by the largest conductance, so that `w_max` and `g_max` are one for weights. For outputs, `w_max` is what a single cell
with the largest weight adds at the largest input: the unit that simulators with normalised tiles count in.
`device_model` is a multiple of what the model of the device gives for each conductance.
"""


@dataclass(frozen=True, slots=True)
class Strength:
    """A standard deviation or a bound."""

    value: float
    """A multiple of what it is relative to; siemens where `siemens` is set."""
    relative_to: RelativeTo = "not stated"
    siemens: bool = False
    """Whether it is a conductance, which says by itself what it is a part of: the largest conductance."""
    text: str = ""
    """As a sheet writes it."""
    per: Each = ""
    """Whose largest weight, or whose standard deviation, it is relative to; of a clip, a tile stands for the layer."""

    @property
    def stated(self) -> bool:
        """True if it is known what it is relative to."""
        return self.siemens or self.relative_to != "not stated"


@dataclass(frozen=True, slots=True)
class TrainedDrift:
    """Drift that a model is trained for."""

    device: str | None = None
    model: str | None = None
    exponent: str | None = None
    """As a sheet writes it."""
    at_s: tuple[float, ...] = ()
    """Seconds after programming; each run of the model draws one of them. A sheet has no field for it."""


@dataclass(frozen=True, slots=True)
class InputRangeLearning:
    """How a learnt bound of inputs begins and shrinks, as aihwkit and aihwkit-lightning train it."""

    batches: int = 0
    """Training batches whose standard deviations set it first, by `input_bound`; then gradients do."""
    decay: float = 0.0
    """Pull towards 0, relative to the bound, while fewer inputs are clipped than `clipped_share`."""
    clipped_share: float = 0.05


@dataclass(frozen=True, slots=True)
class Distillation:
    """Training towards the outputs of a teacher, usually the model in floating point; see `distillation_loss`."""

    temperature: float = 1.0
    share: float = 1.0
    """Of the loss that is the teacher's; the rest is that of the labels."""


class Question(NamedTuple):
    """A question that a recipe leaves open and a training needs answered."""

    field: str
    what: str


@dataclass(frozen=True, slots=True)
class HwaRecipe:
    """Hardware-aware training as a configuration; `None` for what is left out of it."""

    weight_noise: Strength | None = None
    read_noise: Strength | None = None
    adc_noise: Strength | None = None
    input_noise: Strength | None = None
    input_bound: Strength | None = None
    output_bound: Strength | None = None
    dac_bits: int | None = None
    adc_bits: int | None = None
    drift: TrainedDrift | None = None
    noise_in_backward: bool = False
    """Whether gradients too pass through the noisy weights; otherwise through the weights themselves."""
    learnt_input_bound: bool = False
    """Whether input bounds are trained along, from `input_bound` as a start."""
    input_range: InputRangeLearning | None = None
    """How a learnt bound begins and shrinks; without it, it begins at `input_bound` and follows gradients alone."""
    weight_clip: Strength | None = None
    """Where `clip_weights` clips."""
    weight_bits: int | None = None
    """Bits that weights are rounded to on every run, of the largest of their tile or column."""
    drop_connect: float | None = None
    """Share of weights that are left out at random on every run."""
    learnt_output_scales: Literal["", "tile", "column"] = ""
    """Whether digital factors behind the converters are trained along, one a tile or one an output of a tile. Where
    noise and bounds are relative to the largest weight they are factors of weights, and `finished` makes them so."""
    distillation: Distillation | None = None
    """A sheet has no field for it."""
    learning_rate: tuple[float, float] | None = None
    """The rate twice, or the range that was searched."""
    epochs: int | None = None
    batch_size: int | None = None
    optimiser: str | None = None
    seeds: int | None = None

    def strengths(self) -> dict[StrengthName, Strength]:
        """Return the strengths that are given."""
        return {name: one for name in MEANINGS if (one := getattr(self, name)) is not None}

    def questions(self) -> tuple[Question, ...]:
        """List what has to be answered before noise can be injected; empty if nothing."""
        found = [
            Question(f"{name}.relative_to", f"{one.value:g} times what: {', '.join(MEANINGS[name])}?")
            for name, one in self.strengths().items()
            if not one.stated
        ]
        if self.drift is not None and not self.drift.at_s:
            found.append(Question("drift.at_s", "how many seconds after programming?"))
        return tuple(found)

    def open_settings(self) -> tuple[Question, ...]:
        """List what the optimiser needs and the recipe does not settle."""
        settings = {
            "learning_rate": "which learning rate?",
            "epochs": "how many passes over the data?",
            "batch_size": "how many examples a step?",
            "optimiser": "which optimiser?",
        }
        found = [Question(name, what) for name, what in settings.items() if getattr(self, name) is None]
        if self.learning_rate is not None and self.learning_rate[0] != self.learning_rate[1]:
            found.append(Question("learning_rate", "which rate of {:g} to {:g}?".format(*self.learning_rate)))
        return tuple(found)

    def answered(
        self,
        relative_to: Mapping[StrengthName, RelativeTo] | None = None,
        *,
        drift_at_s: tuple[float, ...] | None = None,
    ) -> HwaRecipe:
        """Return the recipe with open questions answered by the caller.

        Raises:
            StudyError: an answer concerns what is not in the recipe, contradicts it, or is none that it can take.
        """
        changes: dict[str, Strength | TrainedDrift] = {}
        for name, meaning in (relative_to or {}).items():
            one = self.strengths().get(name)
            if one is None:
                raise _no_place(name)
            if one.stated and one.relative_to != meaning:
                raise StudyError(
                    f"{name} is relative to {one.relative_to} already, and not to {meaning}",
                    "a stated meaning is the sheet's, and an answer cannot change it",
                    "leave this answer out, or build another recipe",
                )
            changes[name] = replace(one, relative_to=_known(name, meaning))
        if drift_at_s is not None:
            if self.drift is None:
                raise _no_place("drift")
            changes["drift"] = replace(self.drift, at_s=drift_at_s)
        return replace(self, **changes)  # type: ignore[arg-type]  # a name goes with its type

    def settled(self) -> HwaRecipe:
        """This recipe, if it can be carried out.

        Raises:
            StudyError: it leaves something open, or a strength is no positive number or relative to what it cannot be.
        """
        if questions := self.questions():
            listed = "; ".join(f"{field}: {what}" for field, what in questions)
            raise StudyError(
                f"the recipe leaves open: {listed}",
                "the same number means noises that differ by orders of magnitude, depending on what it is relative to",
                "answer with `recipe.answered({name: meaning}, drift_at_s=…)`",
            )
        for name, one in self.strengths().items():
            if not one.siemens:
                _known(name, one.relative_to)
            if not 0 <= one.value < float("inf") or (one.value == 0 and name.endswith(("bound", "clip"))):
                raise StudyError(
                    f"{name}: {one.value:g}",
                    "a noise is not below 0, and a bound above it",
                    "correct it, or leave it out",
                )
        bits, share = self.weight_bits, self.drop_connect
        if (bits is not None and bits < 2) or (share is not None and not 0 <= share < 1):  # noqa: PLR2004
            raise StudyError(
                f"weights of {bits} bits"
                if share is None or 0 <= share < 1
                else f"drop-connect of {share:g}",
                "a weight has a sign and a size, of two bits or more, and some weights are left in",
                "correct it, or leave it out",
            )
        return self


def _known(name: StrengthName, meaning: RelativeTo) -> RelativeTo:
    if meaning not in MEANINGS[name]:
        raise StudyError(
            f"{name} cannot be relative to {meaning}",
            "it would not be known what to compute",
            f"say one of: {', '.join(MEANINGS[name])}",
        )
    return meaning


def _no_place(name: str) -> StudyError:
    return StudyError(
        f"the recipe has no {name}", "an answer without effect would go unnoticed", "leave this answer out"
    )
