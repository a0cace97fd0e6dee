"""What the figures of a sheet can be, and what they usually are: physical limits with their reasons and sources.

Fields name their range in their declaration. A limit is impossible to pass; what is usual is drawn wide, from the
extremes that have been published, so that only a slip of the unit, the exponent or the digits falls outside.
`docs/ranges.md` is made of this.
"""

from __future__ import annotations

from factsheet.facts.ranges import Usual, above, at_least, between

_YEAR_S = 31_557_600.0
_SURVEY = "the survey of 106 designs by Shanbhag and Roy (CICC 2022)"
_UNSTATED = ("", "not stated")

# Networks and their data.
PARAMETERS = above(
    0,
    "a network without parameters has learnt nothing",
    Usual(10, 1e13, "Switch Transformer, one of the largest, has 1.6 × 10^12 (Fedus et al., JMLR 2022)"),
    whole=True,
)
WEIGHTS_ON_TILES = at_least(
    0,
    "a number of weights is counted",
    Usual(
        1, 1e13, "no more than the largest networks have parameters: 1.6 × 10^12 (Fedus et al., JMLR 2022)"
    ),
    whole=True,
)
REUSE = above(
    0,
    "a weight that no node uses is not part of the network",
    Usual(
        1, 1e6, "one weight of a convolution serves each of its positions: 50,176 in an image of 224 × 224"
    ),
)
SEQUENCE = at_least(
    1,
    "a sequence has a token at least",
    Usual(
        1, 1e7, "the longest context that a published model states is 10 million tokens (Llama 4 Scout, 2025)"
    ),
    whole=True,
)
BATCH = at_least(
    1,
    "a run has a sequence at least",
    Usual(
        1, 1e6, "training at 65,536 sequences is called extreme (You et al., ICLR 2020: BERT in 76 minutes)"
    ),
    whole=True,
)
EXAMPLES = above(
    0,
    "data that has no example cannot be learnt from or tested on",
    Usual(
        1, 1e14, "the largest text corpora have some 10^13 tokens (Llama 3: 1.5 × 10^13, Dubey et al. 2024)"
    ),
    whole=True,
)
TASKS = at_least(
    1,
    "what was counted has one task at least",
    Usual(1, 10_000, "Super-NaturalInstructions, a collection of tasks, has 1,616 (Wang et al., EMNLP 2022)"),
)

# Arrays.
TILE_SIDE = at_least(
    1,
    "an array has a row and a column at least",
    Usual(4, 4096, f"published arrays have 16 to 2,304 rows and 16 to 2,048 columns in {_SURVEY}"),
)
DEVICES_PER_WEIGHT = at_least(
    1,
    "a weight is held by one device at least",
    Usual(
        1,
        64,
        "two to four devices in pairs are common; 16-bit weights take 8 cells of 2 bits (ISAAC, ISCA 2016)",
    ),
)
TILES = above(
    0,
    "weights that are on tiles take one at least",
    Usual(1, 1e9, "10^13 weights, more than any network has, fill 4 × 10^7 tiles of 512 × 512"),
    whole=True,
)
TILES_ON_CHIP = at_least(
    1,
    "a chip that computes on tiles has one at least",
    Usual(1, 1e6, f"published chips have 1 to 512 arrays in {_SURVEY}; a wafer has room for 10^5 of 1 mm²"),
)
DEVICES = above(
    0,
    "weights that are on tiles take one device at least",
    Usual(1, 1e15, "10^13 weights, more than any network has, with 64 devices each are 6 × 10^14"),
    whole=True,
)

# Chips.
POWER = above(
    0,
    "a chip that computes draws power",
    Usual(
        1e-9,
        25e3,
        "from 142 nW for a detector of voices (Cho et al., ISSCC 2019) to 23 kW for a computer on one wafer "
        "(Cerebras CS-2)",
    ),
)
AREA = above(
    0,
    "a chip takes up area",
    Usual(1e-10, 0.0707, "a wafer of 300 mm has 70,686 mm²; a single synapse circuit has some 100 µm²"),
)
NODE = at_least(
    1e-10,
    "no structure is smaller than an atom, which is about 0.1 nm wide",
    Usual(
        1e-9, 5e-6, f"published designs are of 4 to 180 nm in {_SURVEY}; nodes above 5 µm ended about 1975"
    ),
)
TEMPERATURE = above(
    0,
    "nothing is as cold as absolute zero, -273.15 °C",
    Usual(
        0.01,
        523.15,
        "from 10 mK in a dilution refrigerator to 250 °C, the end of high-temperature silicon on insulator",
    ),
)
RUN_TIME = above(
    0,
    "a computation takes time",
    Usual(
        1e-10,
        86_400,
        f"a product on an array takes 0.66 ns at least in {_SURVEY}; a run of a day is no inference",
    ),
)
RUN_ENERGY = above(
    0,
    "a computation takes energy",
    Usual(1e-16, 1e8, "one operation at 10^16 operations a joule, up to a day at a kilowatt"),
)
OPERATIONS = at_least(
    0,
    "a number of operations is counted",
    Usual(0, 1e22, "10^13 parameters for 10^7 tokens, the largest of both, are 2 × 10^20"),
)
ALL_OPERATIONS = above(0, OPERATIONS.reason + ", and a run has one at least", *OPERATIONS.usual)
EFFICIENCY = above(
    0,
    "an inference takes a finite energy",
    Usual(1e-8, 1e16, "the inverse of what an inference takes, 0.1 fJ to 100 MJ"),
)
THROUGHPUT = above(
    0,
    "hardware that finishes no inference has no throughput",
    Usual(1e-5, 1e12, f"one inference a day, up to a product of 0.66 ns ({_SURVEY}) on some hundred arrays"),
)
THROUGHPUT_DIGITAL = above(
    0,
    THROUGHPUT.reason,
    Usual(1e-5, 1e9, "eight GPUs classify fewer than 10^6 images a second with ResNet-50 (MLPerf Inference)"),
)
CHIP_EFFICIENCY = above(
    0,
    "an operation takes a finite energy",
    Usual(
        1e9,
        2e16,
        f"5.1 to 19,635 TOPS/W, counted in operations of 1 bit, in {_SURVEY}; a CPU has some GOPS/W",
    ),
)
FILE_SIZE = above(
    0,
    "a stored model has a byte at least",
    Usual(10, 1e14, "10^13 parameters, more than any network has, of 8 bytes are 8 × 10^13 bytes"),
)
SIZE_ON_CHIP = above(
    0,
    "weights on a chip take up area",
    Usual(1e-10, 0.0707, AREA.usual[0].source, "area"),
    Usual(1, 1e9, TILES.usual[0].source, "count"),
)
REFRESH = above(
    0,
    "weights that do not last any time cannot be computed with",
    Usual(
        1e-6,
        100 * _YEAR_S,
        "from microseconds in capacitors to the ten years and more that non-volatile memories are qualified for "
        "(JEDEC JESD47)",
    ),
)
AFTER_PROGRAMMING = at_least(
    0,
    "weights cannot be read before they are programmed",
    Usual(0, 100 * _YEAR_S, "non-volatile memories are qualified for ten years (JEDEC JESD47)"),
)

# Noise, bounds and converters.
NOISE = at_least(
    0,
    "a standard deviation is not negative",
    Usual(
        0,
        1e-4,
        "phase-change devices end at 25 µS (Nandakumar et al. 2019), so do most others below 200 µS",
        "conductance",
    ),
    Usual(
        0,
        0.5,
        "3.8 % of the largest weight (Joshi et al. 2020), 2 to 12 % (Rasch et al. 2023); at one half, little of the "
        "signal is left",
        relative_to=("w_max", "g_max", "input_bound", "output_bound"),
    ),
    Usual(
        0,
        5,
        "noise of five times the spread of the values leaves nothing of them",
        relative_to=("weight_std", "input_std", "output_std"),
    ),
    Usual(
        0,
        20,
        "a model of a device is stressed with a few times its published noise",
        relative_to=("device_model",),
    ),
    Usual(0, 1000, "in the units of the values themselves", relative_to=("absolute",)),
    Usual(
        0,
        3,
        "0.0175 to 1.0 in the published sheet of BERT-base; above, little of the signal is left, whatever it is "
        "relative to",
        relative_to=_UNSTATED,
    ),
)
BOUND = above(
    0,
    "a bound of 0 lets nothing through",
    Usual(0, 1e-2, "currents and conductances of a column of devices", "conductance"),
    Usual(
        0.1,
        100,
        "three to four times the spread are common",
        relative_to=("input_std", "output_std", "weight_std"),
    ),
    Usual(1e-6, 1e6, "in the units of the values themselves", relative_to=("absolute",)),
    Usual(1e-3, 1000, "1.0 for inputs and 10 to 20 largest weights for outputs (presets of aihwkit)"),
)
CONVERTER_BITS = between(
    1,
    32,
    "a converter has a bit at least, and none has more than 32 (delta-sigma converters for slow signals)",
    Usual(1, 16, f"1 to 16 bits of inputs, and of outputs in all but a few designs, in {_SURVEY}"),
)
DRIFT_EXPONENT = between(
    -10,
    10,
    "with an exponent of 10, nothing is left of a conductance when the time doubles",
    Usual(-0.1, 0.3, "0.049 to 0.1 for phase-change memory (Joshi et al. 2020), less for most other devices"),
)

# Training.
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
