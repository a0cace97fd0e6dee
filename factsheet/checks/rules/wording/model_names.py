"""Recognise names of well-known models in text, and those that a sheet may use for its own model."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.prose import Unremarkable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.facts.fact import Fact
    from factsheet.sheet.model import SheetFields

_WELL_KNOWN_WORDS = """
albert alexnet bart bert biobert bloom camembert deberta deepspeech deit densenet distilbert efficientnet electra ernie
falcon gemma googlenet gpt gru hubert inception lenet llama lstm mistral mixtral mobilebert mobilenet resnet resnext
roberta scibert shufflenet squeezenet swin t5 tinybert unet vgg vit wav2vec whisper wideresnet xlnet yolo
"""
_WELL_KNOWN = frozenset(_WELL_KNOWN_WORDS.split())
STYLES = frozenset({"gru", "inception", "lstm", "resnet", "unet", "vit"})
"""Names that also say how a network is built, whatever it is called."""
_OF_OTHERS = (
    r"(?i)\b(?:than|like|unlike|compar\w+|versus|vs|against|instead|similar\w*|alternativ\w*|baseline\w*|teacher"
    r"|distil(?!bert)\w+|an?other|others?|original\w*|derived|based|from|built|initiali[sz]ed|variant|also|cited"
    r"|paper|et al|relative|larger|smaller|differ\w*|not|such as|e\.g\.|between|previous\w*|earlier|predecessor"
    r"|tried|dropped|replac\w+|as well|too|former\w*)\b"
)


class KnownName(NamedTuple):
    """A model's name taken apart: `BERT-base` is of the family `bert` and of the size `base`."""

    text: str
    family: str
    sizes: frozenset[str]


@lru_cache(maxsize=4096)
def known_name(chunk: str) -> KnownName | None:
    """Return the name of a well-known model in a part of a text between spaces; `None` for all other words."""
    if chunk.islower() and len(chunk) < len("wav2vec"):
        return None
    text = chunk.strip("()[]{}\"'“”‘’`.,;:!?").removesuffix("'s").removesuffix("’s")
    head, *sizes = text.casefold().replace("u-net", "unet").split("-")
    stem = head if head in _WELL_KNOWN else head.rstrip("0123456789.")
    if stem not in _WELL_KNOWN or not text[:1].isalpha():
        return None
    if stem != head:
        sizes.append(head[len(stem) :])
    return KnownName(text, stem, frozenset(sizes))


def own_names(sheet: SheetFields) -> tuple[KnownName, ...]:
    """Return the well-known names among what the sheet calls its model, its base model and their variants."""
    return tuple(name for word in _own_words(sheet) if (name := known_name(word)) is not None)


def foreign_names(words: Iterable[str], sheet: SheetFields) -> list[KnownName]:
    """Return the well-known names in a text that are not this sheet's own.

    A name without a size is one of the family, whatever its size; a size is foreign only where the sheet states
    another for that family and that one nowhere.

    Args:
        words: the text, cut at its spaces.
        sheet: the sheet.
    """
    suspects = _judged().others(frozenset(words))
    found = [name for word in suspects if (name := known_name(word)) is not None]
    if not found:
        return []
    own, stated = own_names(sheet), " ".join(_own_words(sheet)).casefold()
    foreign = []
    for name in found:
        sizes = [mine.sizes for mine in own if mine.family == name.family]
        if not sizes and re.search(rf"(?<![a-z]){name.family}(?![a-z])", stated):
            sizes = [frozenset()]  # part of a longer name, `KWS-LSTM`
        fits = any(not mine or name.sizes <= mine for mine in sizes)
        if not fits and not (sizes and all(size in stated for size in name.sizes)):
            foreign.append(name)
    return foreign


@cache
def _judged() -> Unremarkable:
    return Unremarkable(known_name)


def compares(sentence: str) -> bool:
    """Return whether a sentence has words about more than one model: a comparison, an origin, a citation."""
    return re.search(_OF_OTHERS, sentence) is not None


def _own_words(sheet: SheetFields) -> list[str]:
    overview, architecture, training = sheet.overview, sheet.model_architecture, sheet.hwa_training
    facts: list[Fact | None] = [overview.name, overview.model, overview.version]
    if architecture is not None:
        facts += [architecture.base_model, architecture.variants, architecture.family]
    if training is not None:
        facts.append(training.starting_point)
    return [word for fact in facts if fact is not None for word in fact.words().split()]
