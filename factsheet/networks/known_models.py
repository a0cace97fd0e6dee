"""Published dimensions of well-known models, by name: what a declaration under such a name has to be.

Sources: Devlin et al. 2019 (BERT base and large), Turc et al. 2019 (the smaller BERTs), Liu et al. 2019 (RoBERTa), Sanh
et al. 2019 (DistilBERT), Lan et al. 2020, table 1 (ALBERT), Radford et al. 2019 (GPT-2), Dosovitskiy et al. 2021, table
1 (ViT), Touvron et al. 2021 (DeiT), Touvron et al. 2023 (Llama 2), Zhang et al. 2024 (TinyLlama), Jiang et al. 2023
(Mistral 7B).
"""

from __future__ import annotations

import re
from typing import NamedTuple


class KnownModel(NamedTuple):
    """The dimensions of a model that is known by its name."""

    name: str
    layers: int
    hidden_size: int
    heads: int
    intermediate_size: int


_MODELS = tuple(
    KnownModel(*row)
    for row in (
        ("bert-tiny", 2, 128, 2, 512),
        ("bert-mini", 4, 256, 4, 1024),
        ("bert-small", 4, 512, 8, 2048),
        ("bert-medium", 8, 512, 8, 2048),
        ("bert-base", 12, 768, 12, 3072),
        ("bert-large", 24, 1024, 16, 4096),
        ("roberta-base", 12, 768, 12, 3072),
        ("roberta-large", 24, 1024, 16, 4096),
        ("distilbert", 6, 768, 12, 3072),
        ("albert-base", 12, 768, 12, 3072),
        ("albert-large", 24, 1024, 16, 4096),
        ("albert-xlarge", 24, 2048, 16, 8192),
        ("albert-xxlarge", 12, 4096, 64, 16384),
        ("gpt-2-small", 12, 768, 12, 3072),
        ("gpt-2-medium", 24, 1024, 16, 4096),
        ("gpt-2-large", 36, 1280, 20, 5120),
        ("gpt-2-xl", 48, 1600, 25, 6400),
        ("vit-b", 12, 768, 12, 3072),
        ("vit-l", 24, 1024, 16, 4096),
        ("vit-h", 32, 1280, 16, 5120),
        ("deit-tiny", 12, 192, 3, 768),
        ("deit-small", 12, 384, 6, 1536),
        ("deit-base", 12, 768, 12, 3072),
        ("llama-2-7b", 32, 4096, 32, 11008),
        ("llama-2-13b", 40, 5120, 40, 13824),
        ("tinyllama-1.1b", 22, 2048, 32, 5632),
        ("mistral-7b", 32, 4096, 32, 14336),
    )
)
_BY_NAME = {model.name: model for model in _MODELS}
_PLAIN = (
    r"(?:-(?:cased|uncased|multilingual|english|hf|v\d(?:\.\d)?|patch\d+|\d+x?\d*|wwm|whole-word-masking))*"
)


def known_model(name: str) -> KnownModel | None:
    """Return the model of this name, whatever its spelling and version; `None` for names with anything else in them."""
    plain = re.sub(r"[\s_/]+", "-", name.strip().casefold()).replace("gpt2", "gpt-2")
    for known, model in _BY_NAME.items():
        if plain.startswith(known) and re.fullmatch(_PLAIN, plain[len(known) :]):
            return model
    return None
