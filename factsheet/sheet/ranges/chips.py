"""Ranges of arrays and chips, and of what a run on them takes."""

from __future__ import annotations

from factsheet.facts.ranges import Usual, above, at_least

_YEAR_S = 31_557_600.0
_SURVEY = "the survey of 106 designs by Shanbhag and Roy (CICC 2022)"

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
NOISE_STRENGTH = at_least(0, "noise cannot be weaker than none")
ACCEPTED_LOSS = at_least(0, "a loss is written without a sign")
