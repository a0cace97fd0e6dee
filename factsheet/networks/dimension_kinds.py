"""Dimensions of networks as answers of a sheet: whole numbers from 1 up, each with what is usual for it."""

from __future__ import annotations

from typing import Annotated

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Whole
from factsheet.facts.ranges import Usual, at_least

_REASON = "what is counted is there once at least"

Layers = Annotated[
    Fact,
    Whole(within=at_least(1, _REASON, Usual(1, 1000, "DeepNet has 1,000 layers (Wang et al., TPAMI 2024)"))),
]
Width = Annotated[
    Fact,
    Whole(
        within=at_least(
            1,
            _REASON,
            Usual(1, 200_000, "16,384 and 53,248 in Llama 3 405B, the widest of which is published"),
        )
    ),
]
Heads = Annotated[
    Fact, Whole(within=at_least(1, _REASON, Usual(1, 1024, "128 in Llama 3 405B and DeepSeek-V3")))
]
Vocabulary = Annotated[
    Fact,
    Whole(
        within=at_least(
            1,
            _REASON,
            Usual(
                2,
                1e8,
                "262,144 tokens in Gemma 3; some 10^7 entries where items are looked up in place of words",
            ),
        )
    ),
]
Positions = Annotated[
    Fact,
    Whole(
        within=at_least(1, _REASON, Usual(1, 1e7, "10 million tokens in Llama 4 Scout, the longest stated"))
    ),
]
Experts = Annotated[
    Fact,
    Whole(
        within=at_least(1, _REASON, Usual(1, 1e6, "over a million in PEER (He, 2024), 8 to 512 in others"))
    ),
]
Channels = Annotated[
    Fact,
    Whole(
        within=at_least(1, _REASON, Usual(1, 1024, "1 or 3 in most images, hundreds in hyperspectral ones"))
    ),
]
CLASSES = at_least(1, _REASON, Usual(1, 1e8, "some 10^7 identities in the largest sets of faces"))
Classes = Annotated[Fact, Whole(within=CLASSES)]
SIDES = at_least(1, _REASON, Usual(1, 100_000, "some 10^4 pixels in the largest photographs and scans"))
WIDTHS = at_least(
    1, _REASON, Usual(1, 1e7, "some 10^6 inputs or outputs where whole vocabularies are classified")
)
