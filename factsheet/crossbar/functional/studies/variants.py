"""Variants of a simulated network: which of its layers are on tiles, and with which sources of error."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from factsheet.crossbar.functional.studies.durations import written
from factsheet.crossbar.functional.studies.error_sources import alone, without
from factsheet.crossbar.functional.studies.trial import DIGITAL, Experiment, Trial, module_of
from factsheet.networks.policy import Policy, fits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware

VariantKind = Literal["floating point", "on tiles", "digital", "source", "without source"]


class NetworkVariant(NamedTuple):
    """What is changed of a network and its hardware; nothing where no names are given."""

    kind: VariantKind
    names: tuple[str, ...] = ()
    """Layers that alone are on tiles, or that alone are digital; or a source of error."""

    @property
    def text(self) -> str:
        """The variant in one line, for a journal."""
        return json.dumps([self.kind, *self.names])

    @classmethod
    def read(cls, text: str) -> NetworkVariant:
        """Return the variant that a line of a journal names.

        Raises:
            ValueError: it names none.
        """
        found: object = json.loads(text)
        if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
            raise ValueError(f"{text[:80]} is no variant")
        kind, *names = found
        for known in get_args(VariantKind):
            if known == kind:
                return cls(known, tuple(names))
        raise ValueError(f"{text[:80]} is no variant")

    @property
    def words(self) -> str:
        """What to call it in a message."""
        if self.kind == "floating point":
            return "the model in floating point"
        if self == ALL_ON_TILES:
            return "all layers on tiles"
        listed = ", ".join(self.names[:3]) + (f" and {len(self.names) - 3} more" if self.names[3:] else "")
        return {
            "on tiles": f"{listed} alone on tiles",
            "digital": f"{listed} digital",
            "source": f"{listed} alone",
            "without source": f"all sources but {listed}",
        }[self.kind]


FLOATING_POINT = NetworkVariant("floating point")
"""The model as it is, without any array."""
ALL_ON_TILES = NetworkVariant("digital")
"""Every layer that the policy puts on tiles, with every source of error."""


def with_digital(names: Sequence[str], layers: Sequence[str]) -> NetworkVariant:
    """Return the variant with these layers digital and the others on tiles."""
    found = tuple(layer for layer in layers if layer in names)
    return FLOATING_POINT if len(found) == len(layers) else NetworkVariant("digital", found)


def with_alone(name: str, layers: Sequence[str]) -> NetworkVariant:
    """Return the variant with one layer on tiles and the others digital."""
    return ALL_ON_TILES if tuple(layers) == (name,) else NetworkVariant("on tiles", (name,))


_OF_LAYERS = frozenset({"digital", "on tiles"})


class VariantTrial(NamedTuple):
    """Which variant, which chip, and how long after programming."""

    variant: str
    """`NetworkVariant.text`, so that a journal can hold it."""
    repeat: int
    """-1 in floating point, where there is no chip."""
    seconds: float

    @property
    def name(self) -> str:
        """What to call it in a message."""
        words = NetworkVariant.read(self.variant).words
        if self.repeat < 0:
            return words
        return f"{words}, repeat {self.repeat + 1}, {written(self.seconds)} after programming"


def trials_of(variant: NetworkVariant, repeats: Sequence[int], seconds: float) -> tuple[VariantTrial, ...]:
    """List the trials of a variant: one a chip, or the only one in floating point."""
    if variant == FLOATING_POINT:
        return (VariantTrial(variant.text, -1, 0.0),)
    return tuple(VariantTrial(variant.text, repeat, seconds) for repeat in repeats)


@dataclass(slots=True)
class VariantExperiment:
    """The work of each trial. It can be sent to another process; what it has programmed stays behind.

    A chip draws the errors of a layer from its seed and the layer's name, whatever else is on tiles: two variants of
    one chip have the same errors where they have the same layers, and differ by the variant alone. A chip is therefore
    programmed once for all variants of its layers, where these can be put back in floating point one by one.
    """

    model: nn.Module | Callable[[], nn.Module]
    evaluate: Callable[[nn.Module], float]
    hardware: AnalogHardware
    policy: Policy
    layers: tuple[str, ...]
    """Names of all layers that the policy puts on tiles."""
    seed: int = 0
    _module: nn.Module | None = field(default=None, repr=False)
    _current: tuple[NetworkVariant, Experiment] | None = field(default=None, repr=False)
    _apart: set[NetworkVariant] = field(default_factory=set, repr=False)
    """Variants whose digital layers have no place of their own in the digital network."""

    def __getstate__(self) -> tuple[object, ...]:
        return (self.model, self.evaluate, self.hardware, self.policy, self.layers, self.seed)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        names = ("model", "evaluate", "hardware", "policy", "layers", "seed")
        for name, value in zip(names, state, strict=True):
            setattr(self, name, value)
        self._module = self._current = None
        self._apart = set()

    def __call__(self, trial: VariantTrial) -> float:
        """Score one trial.

        Raises:
            StudyError: the model cannot be made, or the evaluation raises or gives no score.
        """
        variant = NetworkVariant.read(trial.variant)
        if variant.kind in _OF_LAYERS and variant not in self._apart:
            score = self._experiment(ALL_ON_TILES).with_digital(
                Trial(trial.repeat, trial.seconds), self._digital(variant)
            )
            if score is not None:
                return score
            self._apart.add(variant)
        experiment = self._experiment(variant)
        return experiment(DIGITAL if trial.repeat < 0 else Trial(trial.repeat, trial.seconds))

    def _experiment(self, variant: NetworkVariant) -> Experiment:
        """Return the experiment of a variant, and keep it: the next trial is often of the same one."""
        if self._current is None or self._current[0] != variant:
            self._current = None  # its memory is needed for the next
            self._current = variant, self.experiment_for(variant)
        return self._current[1]

    def _digital(self, variant: NetworkVariant) -> set[str]:
        """Return the names of the layers that a variant has digital."""
        if variant.kind == "on tiles":
            return set(self.layers) - set(variant.names)
        return set(variant.names) if variant.kind == "digital" else set()

    def experiment_for(self, variant: NetworkVariant) -> Experiment:
        """Return what scores a variant: the same model on other hardware, or with other layers digital."""
        hardware, digital = self.hardware, self._digital(variant)
        if variant.kind == "source":
            hardware = alone(hardware, variant.names[0])
        elif variant.kind == "without source":
            hardware = without(hardware, variant.names[0])
        moved = tuple(f"={name}" for name in self.layers if name in digital)
        # Patterns of what is on tiles have been looked at by then; here they would contradict what is moved.
        policy = Policy((*self.policy.digital, *moved)) if moved else self.policy
        on_tiles = [name for name in self.layers if name not in digital]
        used = tuple(one for one in hardware.layers if any(fits(one.pattern, name) for name in on_tiles))
        if used != hardware.layers:  # hardware of layers that are digital here is no mistake of the user's
            hardware = replace(hardware, layers=used)
        if self._module is None:
            self._module = module_of(self.model)  # once: it may be loaded, or trained
        return Experiment(self._module, self.evaluate, hardware, policy, self.seed)
