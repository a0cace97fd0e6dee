"""What hardware-aware training costs beside plain torch and aihwkit-lightning: one step of a layer, in one process.

The sides run in turns on one thread, and a ratio is that of the fastest turns: other work on the machine only ever
makes a turn slower. aihwkit-lightning is given the configuration that `rpu_configuration` writes for the same hardware
and recipe, so that both do the same.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from dataclasses import dataclass, replace
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

from _measure import fastest, verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch
    from torch import nn

    from factsheet.crossbar.functional.training.recipe import HwaRecipe

GAUSSIAN = "Gaussian noise of weights"
DEVICES = "programming and read noise of PCM"
DRIFT = "the same, drifted"
LIGHTNING = "aihwkit-lightning, Gaussian noise of weights"
LIMITS = {GAUSSIAN: 3.0, DEVICES: 5.0, DRIFT: 7.0}
LEARNING_RATE = 1e-3
DRIFT_AT_S = (3600.0, 86_400.0, 604_800.0)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of the layer, and of a batch."""

    inputs: int
    outputs: int
    batch: int


def step_of(layer: nn.Module, x: torch.Tensor, gradient: torch.Tensor) -> Callable[[], None]:
    """One step: the product, both of its gradients, and SGD; losses cost the same on every side and are left out."""
    from torch import optim

    optimiser = optim.SGD(layer.parameters(), LEARNING_RATE)
    own = x.clone().requires_grad_()

    def step() -> None:
        optimiser.zero_grad()
        own.grad = None
        layer(own).backward(gradient)
        optimiser.step()

    return step


def recipes() -> dict[str, HwaRecipe]:
    """What is trained with, by its name here."""
    from factsheet.crossbar.functional.training.recipe import (
        HwaRecipe,
        InputRangeLearning,
        Strength,
        TrainedDrift,
    )

    gaussian = HwaRecipe(
        weight_noise=Strength(0.05, "w_max"),
        adc_noise=Strength(0.04, "w_max"),
        input_bound=Strength(3.0, "input_std"),
        learnt_input_bound=True,
        input_range=InputRangeLearning(batches=10, decay=0.01),
    )
    of_model = Strength(1.0, "device_model")
    devices = replace(gaussian, weight_noise=of_model, read_noise=of_model)
    return {
        GAUSSIAN: gaussian,
        DEVICES: devices,
        DRIFT: replace(devices, drift=TrainedDrift("PCM", at_s=DRIFT_AT_S)),
    }


def lightning(layer: nn.Linear, configuration: Any) -> nn.Module:
    """The layer of aihwkit-lightning, which says on standard output that it has no Triton."""
    with contextlib.redirect_stdout(io.StringIO()):
        theirs: Any = import_module("aihwkit_lightning.nn")
        made: nn.Module = theirs.AnalogLinear.from_digital(layer, configuration)
    return made.train()


def measure(sizes: Sizes, rounds: int) -> None:
    """Print the settings, then the ratios."""
    import torch
    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.rpu_configuration import rpu_configuration
    from factsheet.crossbar.functional.tiles.converters import Converter
    from factsheet.crossbar.functional.training.injection import inject

    torch.set_num_threads(1)
    torch.manual_seed(0)
    hardware = AnalogHardware(dac=Converter(8, "learnt"), adc=Converter(8, 10.0))
    layer = nn.Linear(sizes.inputs, sizes.outputs)
    x, gradient = torch.randn(sizes.batch, sizes.inputs), torch.randn(sizes.batch, sizes.outputs)
    named = recipes()
    sides = {"plain torch": step_of(nn.Sequential(layer), x, gradient)}
    try:
        version = metadata.version("aihwkit-lightning")
    except metadata.PackageNotFoundError:
        version = ""
    configuration = rpu_configuration(replace(hardware, unlimited="columns"), named[GAUSSIAN])
    if version:
        made = configuration.to_object()
        sides[LIGHTNING] = step_of(lightning(layer, made), x, gradient)
    for name, recipe in named.items():
        sides[name] = step_of(inject(nn.Sequential(layer), recipe, hardware).train(), x, gradient)
    print(
        f"torch {torch.__version__}, one thread; a layer of {sizes.inputs}×{sizes.outputs}, batch {sizes.batch}"
    )
    print("a step: the product, the gradients of inputs and weights, SGD; the least of", rounds, "turns")
    print("hardware:", json.dumps(hardware.to_dict()))
    for name, recipe in named.items():
        print(f"{name}: {recipe}")
    if version:
        print(f"aihwkit-lightning {version}: {json.dumps(configuration.values)}")
        for one in configuration.left:
            print(f"not in it: {one}")
    else:
        print("aihwkit-lightning is not installed: no figure for it")
    taken = fastest(sides, rounds)
    plain = taken.pop("plain torch")
    print(f"plain torch: 1   ({plain * 1e3:.1f} ms)")
    for name, seconds in taken.items():
        if name in LIMITS:
            line = verdict(name, seconds / plain, LIMITS[name], "×")
        else:
            line = f"{name}: {seconds / plain:.3g}×"
        print(f"{line}   ({seconds * 1e3:.1f} ms)")


def main() -> int:
    """Measure one layer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=768)
    parser.add_argument("--outputs", type=int, default=3072)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    measure(Sizes(options.inputs, options.outputs, options.batch), options.rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
