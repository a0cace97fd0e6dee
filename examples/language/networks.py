"""Three small BERTs: trained in floating point, trained on, and trained on by the published recipe of BERT.

The second is there for comparison: it has seen the data as often as the third, with the same steps, but without noise
and converters.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn
from transformers import BertConfig, BertForSequenceClassification

import factsheet
from examples.language.data import LANGUAGES, parts
from examples.language.pieces import LONGEST, VOCABULARY, encoded, in_order, shuffled
from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.training.hwa_section import recipe_of
from factsheet.crossbar.functional.training.injection import finished, inject
from factsheet.networks.policy import Policy
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from factsheet.crossbar.functional.training.recipe import HwaRecipe

LAYERS, HIDDEN, HEADS, INTERMEDIATE = 2, 64, 2, 256
DROPOUT, WEIGHT_DECAY, WARM_UP = 0.1, 0.01, 0.1
EPOCHS, RATE, BATCH = 15, 2e-3, 64
HWA_EPOCHS, HWA_RATE = 4, 5e-4
DIGITAL = ("bert.pooler.dense", "classifier")
"""What stays off the tiles: the pooler and the head, as on the chips that run such encoders."""
DRIFT_S = (3600.0, 86_400.0, 604_800.0, 2_419_200.0, 31_557_600.0)
"""Times after programming that training draws from: an hour, a day, a week, four weeks, a year."""
HARDWARE = Path(__file__).with_name("hardware.yaml")
PUBLISHED = Path(__file__).resolve().parents[2] / "sheets" / "bert.yaml"


def hardware() -> AnalogHardware:
    """The arrays that everything here is about, from `hardware.yaml`."""
    document = read_sheet(HARDWARE).document
    assert document is not None  # noqa: S101  it is beside this file
    assert isinstance(document.data, dict)  # noqa: S101  see above
    return AnalogHardware.from_dict(document.data)


def recipe() -> HwaRecipe:
    """The recipe of the published sheet of BERT; what it leaves open is answered here, as one reading among several."""
    section = factsheet.load(PUBLISHED).hwa_training
    assert section is not None  # noqa: S101  the sheet is in this repository
    return recipe_of(section).answered(
        {
            "weight_noise": "device_model",
            "read_noise": "w_max",
            "adc_noise": "w_max",
            "input_bound": "input_std",
            "output_bound": "w_max",
        },
        drift_at_s=DRIFT_S,
    )


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
def trained(seed: int, epochs: int = EPOCHS) -> nn.Module:
    """Train in floating point, from a seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = BertForSequenceClassification(
            BertConfig(
                vocab_size=VOCABULARY,
                hidden_size=HIDDEN,
                num_hidden_layers=LAYERS,
                num_attention_heads=HEADS,
                intermediate_size=INTERMEDIATE,
                max_position_embeddings=LONGEST,
                type_vocab_size=1,
                num_labels=len(LANGUAGES),
                hidden_dropout_prob=DROPOUT,
                attention_probs_dropout_prob=DROPOUT,
            )
        )
    return bounded(_train(network, epochs, RATE, seed))


@cache
def longer(seed: int, epochs: int = HWA_EPOCHS) -> nn.Module:
    """Train on without noise."""
    return bounded(_train(trained(seed), epochs, HWA_RATE, seed))


@cache
def aware(seed: int, epochs: int = HWA_EPOCHS) -> nn.Module:
    """Train on by the published recipe."""
    noisy = inject(trained(seed), recipe(), hardware(), Policy(digital=DIGITAL), seed=seed)
    return bounded(finished(_train(noisy, epochs, HWA_RATE, seed)))


def accuracy() -> Callable[[nn.Module], float]:
    """What gives the share of test sentences whose language a model names rightly, for `factsheet simulate --data`."""
    return _accuracy_on(2)


def validation_accuracy() -> Callable[[nn.Module], float]:
    """The same on the part that settings were chosen on."""
    return _accuracy_on(1)


def _accuracy_on(which: int) -> Callable[[nn.Module], float]:
    batches = in_order(*encoded(parts()[which]), 128)

    def share(model: nn.Module) -> float:
        named = [model(batch.pieces, batch.mask).logits.argmax(dim=1) == batch.labels for batch in batches]
        return float(torch.cat(named).double().mean())

    return share


def bounded(network: nn.Module) -> nn.Module:
    """Note on each layer where its inputs are clipped: at the recipe's multiple of what they spread in training."""
    bound = recipe().input_bound
    assert bound is not None  # noqa: S101  the published recipe has one
    rows, labels = encoded(parts()[0])
    seen: dict[nn.Module, list[Tensor]] = {}

    def note(layer: nn.Module, given: tuple[Tensor, ...]) -> None:
        values = given[0].double()
        sums = torch.stack([torch.tensor(float(values.numel())), values.sum(), values.square().sum()])
        seen.setdefault(layer, []).append(sums)

    network = copy.deepcopy(network).eval()
    hooks = [
        layer.register_forward_pre_hook(note) for layer in network.modules() if isinstance(layer, nn.Linear)
    ]
    with torch.no_grad():
        for batch in in_order(rows[::4], labels[::4], 128):
            network(batch.pieces, batch.mask)
    for hook in hooks:
        hook.remove()
    for layer, sums in seen.items():
        many, total, squares = torch.stack(sums).sum(dim=0).tolist()
        layer.input_bound = bound.value * (squares / many - (total / many) ** 2) ** 0.5
    return network


def _train(start: nn.Module, epochs: int, rate: float, seed: int) -> nn.Module:
    """AdamW; the rate rises over the first tenth of the steps and falls to 0 in a straight line, as BERT's."""
    network = copy.deepcopy(start).train()
    rows, labels = encoded(parts()[0])
    steps = epochs * -(-len(rows) // BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), rate, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (WARM_UP * steps), 1.0) * (steps - step) / steps
    )
    order = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # of what is dropped out
        for _ in range(epochs):
            for batch in shuffled(rows, labels, BATCH, order):
                optimiser.zero_grad()
                logits = network(batch.pieces, batch.mask).logits
                nn.functional.cross_entropy(logits, batch.labels).backward()
                optimiser.step()
                schedule.step()
    return network.eval()
