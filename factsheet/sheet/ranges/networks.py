"""Ranges of networks and of their data."""

from __future__ import annotations

from factsheet.facts.ranges import Usual, above, at_least

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
OPERATIONS = at_least(
    0,
    "a number of operations is counted",
    Usual(0, 1e22, "10^13 parameters for 10^7 tokens, the largest of both, are 2 × 10^20"),
)
ALL_OPERATIONS = above(0, OPERATIONS.reason + ", and a run has one at least", *OPERATIONS.usual)
FILE_SIZE = above(
    0,
    "a stored model has a byte at least",
    Usual(10, 1e14, "10^13 parameters, more than any network has, of 8 bytes are 8 × 10^13 bytes"),
)
ADAPTER_RANK = at_least(
    1, "an adapter has a rank of one at least", Usual(1, 4096, "4 to 256 in most adapters")
)
CLASSES_OF_TASK = at_least(
    2, "one class alone is not told apart", Usual(2, 1e8, "some 10^7 identities in the largest sets of faces")
)
