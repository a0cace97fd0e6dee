"""Three networks of the same shape: trained in floating point, trained on, and trained on with the hardware's noise.

The second is there for comparison: it has seen the data as often as the third, with the same steps and the same clipped
weights, but without noise.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

import torch
from torch import nn

from examples.digits.data import parts
from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.training.injection import clip_weights, finished, inject, recipe_for
from factsheet.source.loader import read_sheet

SIZES = (64, 32, 10)
EPOCHS, RATE, BATCH = 100, 5e-3, 64
HWA_EPOCHS, HWA_RATE, HWA_BATCH = 100, 5e-3, 128
CLIP = 2.0
"""Standard deviations at which weights are clipped; chosen among 1.2, 1.5, 2 and 2.5 on the validation data."""
DRIFT_S = (3600.0, 86_400.0, 604_800.0, 2_419_200.0, 31_557_600.0)
"""Times after programming that training draws from: an hour, a day, a week, four weeks, a year."""
HARDWARE = Path(__file__).with_name("hardware.yaml")


def hardware() -> AnalogHardware:
    """The arrays that everything here is about, from `hardware.yaml`."""
    document = read_sheet(HARDWARE).document
    assert document is not None  # noqa: S101  it is beside this file
    assert isinstance(document.data, dict)  # noqa: S101  see above
    return AnalogHardware.from_dict(document.data)


def floating_point() -> nn.Module:
    """The network trained in floating point."""
    return trained(0)


def trained_on() -> nn.Module:
    """The same, trained on without noise."""
    return longer(0)


def hardware_aware() -> nn.Module:
    """The same, trained on with the noise of the hardware in the forward pass."""
    return aware(0)


@cache
def trained(seed: int) -> nn.Module:
    """Train in floating point, from a seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(nn.Linear(SIZES[0], SIZES[1]), nn.ReLU(), nn.Linear(SIZES[1], SIZES[2]))
    return _train(network, EPOCHS, RATE, BATCH, seed=seed)


@cache
def longer(seed: int) -> nn.Module:
    """Train on without noise."""
    silent = inject(trained(seed), recipe_for(hardware()), hardware(), seed=seed).eval()
    # In evaluation mode its layers compute as ordinary ones, and gradients do not mind.
    return finished(_train(silent, HWA_EPOCHS, HWA_RATE, HWA_BATCH, seed=seed, clip=CLIP, noisy=False)).eval()


@cache
def aware(seed: int) -> nn.Module:
    """Train on with noise."""
    noisy = inject(trained(seed), recipe_for(hardware(), DRIFT_S), hardware(), seed=seed)
    return finished(_train(noisy, HWA_EPOCHS, HWA_RATE, HWA_BATCH, seed=seed, clip=CLIP)).eval()


def _train(
    start: nn.Module,
    epochs: int,
    rate: float,
    batch: int,
    *,
    seed: int,
    clip: float | None = None,
    noisy: bool = True,
) -> nn.Module:
    """Adam with a rate that falls to 0 along a cosine."""
    network = copy.deepcopy(start).train(noisy)
    images, labels = parts()[0]
    order = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(network.parameters(), rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    for _ in range(epochs):
        for chosen in torch.randperm(len(labels), generator=order).split(batch):
            optimiser.zero_grad()
            nn.functional.cross_entropy(network(images[chosen]), labels[chosen]).backward()
            optimiser.step()
            if clip is not None:
                clip_weights(network, clip)
        schedule.step()
    return network.eval()
