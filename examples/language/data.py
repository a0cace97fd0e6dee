"""Sentences of Django's message catalogues in 28 languages that are easily taken for each other, in three parts.

Django 5.2 (BSD-3-Clause) carries the translations of its own messages; nothing of them is kept in this repository. A
message goes, with all its translations, to one part: what a network is scored on, it has seen in no language.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import polib

GROUPS = {
    "Germanic": ("af", "nl", "da", "nb", "nn", "sv"),
    "Romance": ("ca", "es", "gl", "it", "pt"),
    "West Slavic": ("cs", "sk", "pl", "dsb", "hsb"),
    "South Slavic, Latin script": ("hr", "sl", "sr_Latn"),
    "Slavic, Cyrillic script": ("be", "bg", "mk", "ru", "uk"),
    "Malay": ("id", "ms"),
    "Turkic": ("az", "tr"),
}
"""Languages that are alike, as Django names them."""
LANGUAGES = tuple(sorted(language for group in GROUPS.values() for language in group))
_SHARES = {"test": 20, "validation": 10}
"""Messages of each part in percent; the rest is trained on."""
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{[^{}]*\}|<[^<>]*>|&\w+;")
_FEWEST_LETTERS, _FEWEST_WORDS = 15, 3


class Part(NamedTuple):
    """Sentences, and the number of the language of each in `LANGUAGES`."""

    sentences: tuple[str, ...]
    labels: tuple[int, ...]


@cache
def parts() -> tuple[Part, Part, Part]:
    """Return training, validation and test data; always the same ones for a release of Django.

    Raises:
        ModuleNotFoundError: Django is not installed.
    """
    chosen: dict[str, dict[str, set[tuple[str, int]]]] = {"train": {}, "validation": {}, "test": {}}
    for (message, label), sentence in translations().items():
        chosen[part_of(message)].setdefault(sentence, set()).add((message, label))
    # A sentence that reads the same in two languages has no right answer; one of training is no test.
    train = _part(chosen["train"], ())
    validation = _part(chosen["validation"], train.sentences)
    return train, validation, _part(chosen["test"], (*train.sentences, *validation.sentences))


def _part(found: dict[str, set[tuple[str, int]]], seen: tuple[str, ...]) -> Part:
    known = set(seen)
    rows = sorted(
        (sentence, labels.pop())
        for sentence, places in found.items()
        if sentence not in known and len(labels := {label for _, label in places}) == 1
    )
    return Part(tuple(sentence for sentence, _ in rows), tuple(label for _, label in rows))


def translations() -> dict[tuple[str, int], str]:
    """Return what each message is in each language: the last form of a plural, without marks of the program."""
    spec = find_spec("django")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError('the sentences are in Django\'s catalogues: pip install "Django==5.2.*"')
    root, found = Path(spec.origin).parent, {}
    for label, language in enumerate(LANGUAGES):
        for file in sorted(root.glob(f"**/locale/{language}/LC_MESSAGES/*.mo")):
            for entry in polib.mofile(str(file)):
                text = entry.msgstr or (entry.msgstr_plural or {0: ""})[max(entry.msgstr_plural or {0: ""})]
                sentence = " ".join(_PLACEHOLDER.sub(" ", text).split())
                words = [word for word in sentence.split() if any(map(str.isalpha, word))]
                if len(words) >= _FEWEST_WORDS and sum(map(str.isalpha, sentence)) >= _FEWEST_LETTERS:
                    found[entry.msgid, label] = sentence
    return found


def part_of(message: str) -> str:
    """Return the part of a message, by a hash of it: no other message and no release of Python has a say in it."""
    place = int.from_bytes(hashlib.sha256(message.encode()).digest()[:4]) % 100
    for name, share in _SHARES.items():
        if place < share:
            return name
        place -= share
    return "train"
