"""Take what a card states in a line with a label, `**Developed by:** …`, and in the sentence of a trainer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.authoring.importing.cards.headings import field_of_label
from factsheet.authoring.importing.cards.licences import SPDX
from factsheet.authoring.importing.collected import path_of
from factsheet.authoring.importing.merging import agree, said
from factsheet.authoring.importing.reading import line_of, number_of

if TYPE_CHECKING:
    from factsheet.authoring.importing.collected import Collected
    from factsheet.source.dumping import Data

_LABELLED = re.compile(
    r"^[\s>]*(?:[-*+•]\s+)?(?P<mark>[*_]{0,2})(?P<label>[^\W\d_][^:*\n]{1,60}?)\s*(?::\s*(?P=mark)|(?P=mark)\s*:)\s*(?P<value>.+?)\s*$"
)
_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\(([^)\s]{0,2000})[^)]{0,500}\)")
_URL = re.compile(r"https?://[^\s<>)\]]+")
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_FINE_TUNED = re.compile(
    r"is a fine-?tuned version of (?:\[(?P<linked>[^\]\n]{1,500})\]\([^)\n]{0,2000}\)|(?P<bare>[\w./-]+))"
    r"(?:\s+(?:on|using) (?:the|an?)\s+(?P<data>[^.\n]{1,200}?)\s+data\s?set)?",
    re.IGNORECASE,
)
_NO_DATA = frozenset({"unknown", "none", "custom", "own"})


def add_labelled(collected: Collected, line: str, where: str) -> bool:
    """Take a line with a label that a field answers, and return whether it is one.

    What the front matter says already stands, and what differs is listed.
    """
    found = _LABELLED.match(line)
    path = field_of_label(found["label"]) if found is not None else None
    if found is None or path is None:
        return False
    value = found["value"]
    words = line_of(_LINK.sub(r"\1", value).strip("*_` "))
    if words is None or re.search(r"(?i)more information needed|\{\{", words):
        return True
    label = " ".join(found["label"].split())
    place = f"{where}, {label}"
    if path == "overview.licence":
        words = SPDX.get(words.casefold(), SPDX.get(words.casefold().replace(" ", "-"), words))
    steps = path_of(path)
    stated = next((fact.value for fact in collected.facts if fact.path == steps), None)
    answer = _value(path, (value, words, label))
    if answer is None:
        collected.leave(place, words, "it is no address")
    elif stated is None:
        figure = path in {"hardware.training.duration", "hardware.training.carbon"}
        collected.add(path, answer, place, source="declared" if figure else None)
    elif not (_says_as_much(stated, answer) or agree(steps, stated, answer)):
        collected.leave(place, words, f"`{path.removesuffix('[]')}` is stated above it, as {said(stated)}")
    return True


def _value(path: str, stated: tuple[str, str, str]) -> Data:
    """Return the answer that a line gives: from its value as written, in plain words, and its label."""
    value, words, label = stated
    if path == "overview.languages":
        return [name for each in re.split(r"[,;/]|\band\b", words) if (name := line_of(each))]
    if path.endswith("[]"):
        return dict(base_model(words))
    if path == "setup.implementation":
        url = _URL.search(value)
        return url[0] if url is not None else None
    if path == "hardware.training.duration" and number_of(words) is not None:
        return f"{words} h"
    if path == "hardware.training.carbon":
        grams = number_of(words) is not None and "gram" in label.casefold()
        return f"{words} g CO2e" if grams else carbon_of(words)
    return words


def carbon_of(words: str) -> str:
    """Return an amount of carbon as a sheet writes it: `57 g`, `12 kg` and `420 tons CO2eq` of CO2 equivalents."""
    found = re.fullmatch(
        r"(?:approx\.? |about |~)?([\d.,]+)\s*(g|grams?|kg|t|tons?|tonnes?)(?:\s+of)?(\s*CO2?\W?\w*)?", words
    )
    if found is None:
        return words
    unit = {"g": "g", "k": "kg", "t": "t"}[found[2][0]]
    return f"{found[1]} {unit} CO2e"


def base_model(name: str) -> dict[str, str]:
    """Return a base model as a row of a sheet, with its address where its name is one of the Hub's."""
    address = hub_address(name)
    return {"name": name, **({"source": address} if address else {})}


def hub_address(name: str, kind: str = "") -> str | None:
    """Return where the Hub has a model, or what else `kind` is the path of (`datasets/`); `None` for another name."""
    return f"https://huggingface.co/{kind}{name}" if _HUB_ID.fullmatch(name) else None


def add_fine_tuned(collected: Collected, text: str, where: str) -> None:
    """Take the base model and the data from the sentence that trainers write first.

    The data set with its configuration, `GLUE SST2`, says more than the front matter's `glue`.
    """
    found = _FINE_TUNED.search(text)
    if found is None:
        return
    rows = path_of("model_architecture.base_models[]")
    name = line_of(found["linked"] or found["bare"])
    if name is not None and not any(fact.path == rows for fact in collected.facts):
        collected.add(
            "model_architecture.base_models[]",
            {**base_model(name), "relation": "finetune"},
            where,
            source=None,
        )
    data = line_of(_LINK.sub(r"\1", found["data"] or "").strip("*_` "))
    if data is None or data.casefold() in _NO_DATA:
        return
    path = path_of("training_data.name")
    front = next((fact for fact in collected.facts if fact.path == path), None)
    if front is None or _folded(str(front.value)) in _folded(data):
        collected.facts = [fact for fact in collected.facts if fact.path != path]
        collected.add("training_data.name", data, where, source=None)


def _folded(text: str) -> str:
    return text.casefold().rpartition("/")[2].replace("-", " ").replace("_", " ")


def _says_as_much(stated: object, answer: object) -> bool:
    """Return whether one answer is the other in other words: `en` of `English`, a name without its owner."""
    if isinstance(stated, dict) and isinstance(answer, dict):
        return _says_as_much(stated.get("name", ""), answer.get("name", ""))
    if isinstance(stated, list) and isinstance(answer, list):
        words = [word for one in answer for word in str(one).casefold().split()]
        return all(any(word.startswith(str(one).casefold()) for word in words) for one in stated)
    one, other = _folded(str(stated)), _folded(str(answer))
    return one in other or other in one
