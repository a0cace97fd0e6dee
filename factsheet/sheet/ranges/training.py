"""Ranges of training: its recipe, its machines, its footprint."""

from __future__ import annotations

from factsheet.facts.ranges import Usual, above, at_least

_YEAR_S = 31_557_600.0

LEARNING_RATE = above(
    0,
    "a learning rate of 0 or less trains nothing",
    Usual(
        1e-9, 30, "1e-6 to 0.5 in most recipes; up to about 30 for very large batches (LARS, You et al. 2017)"
    ),
)
EPOCHS = above(
    0,
    "training without a pass over any of the data trains nothing",
    Usual(
        1e-3,
        20_000,
        "3 (BERT, fine-tuned) to 1,000 (SimCLR, Chen et al. 2020); small networks take some thousand",
    ),
)
SEEDS = above(
    0,
    "a figure has one run behind it at least",
    Usual(1, 1000, "3 to 10 runs are usual"),
    whole=True,
)
ACCELERATORS = at_least(
    1,
    "training on accelerators takes one at least",
    Usual(1, 200_000, "the largest clusters have some 10^5 (xAI Colossus, 2024)"),
)
TRAINING_TIME = above(
    0,
    "training takes time",
    Usual(
        1e-3, 3 * _YEAR_S, "large language models take months: 54 days for Llama 3 405B (Dubey et al. 2024)"
    ),
)
TRAINING_ENERGY = above(
    0,
    "training takes energy",
    Usual(
        1e-3,
        1e15,
        "21.5 GWh, 7.7 × 10^13 J, for Llama 3.1 (its card: 39.3 million GPU hours at 700 W, halved)",
    ),
)
CARBON = at_least(
    0,
    "emissions are counted from 0 on",
    Usual(0, 1e9, "11,390 t CO2e for Llama 3.1 (its card)"),
)
TRAINING_BATCH = above(
    0,
    "a step of training sees an example at least",
    Usual(
        1, 1e8, "up to 65,536 sequences, or 16 million tokens for large language models (Dubey et al. 2024)"
    ),
    whole=True,
)
STEPS = above(
    0,
    "training without a step trains nothing",
    Usual(1, 1e9, "some 10^6 steps for large language models"),
    whole=True,
)
WARM_UP = at_least(
    0,
    "warming up takes no step, or some",
    Usual(0, 1, "a part of the training", "ratio"),
    Usual(0, 1e7, "a part of the training, which takes some 10^6 steps", "count"),
)
WEIGHT_DECAY = at_least(
    0, "a decay below 0 would make weights grow", Usual(0, 10, "0 to 0.5 in most recipes")
)
CLIPPED_GRADIENT = above(
    0, "a gradient that is clipped at 0 trains nothing", Usual(1e-6, 1e4, "0.1 to 10 in most recipes")
)
MEMORY = above(
    0,
    "a machine has memory",
    Usual(1e3, 1e17, "from kilobytes of a microcontroller to some 10^16 bytes of the largest computers"),
)
PROCESSORS = at_least(
    1,
    "a machine has a processor",
    Usual(1, 1e7, "the largest computers have some 10^5 processors of 10^2 cores"),
)
INTENSITY = at_least(
    0,
    "emissions are counted from 0 on",
    Usual(0, 1.5, "0.02 to 1.1 kg CO2e/kWh over the grids of the world (Ember, 2024)"),
)
USAGE_EFFECTIVENESS = at_least(
    1,
    "a data centre draws what its computers draw, at least",
    Usual(1, 3, "1.56 on average, 1.1 for the best (Uptime Institute, 2024)"),
)
WATER = at_least(0, "water is counted from 0 on", Usual(0, 1e10, "some 10^6 L for a large language model"))
ACCUMULATION = at_least(
    1, "one batch at least makes a step", Usual(1, 4096, "1 to some hundred batches in most recipes")
)
