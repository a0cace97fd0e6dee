"""Say in a word or two whether the hardware can be had, and what it saves: what a business asks before any figure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.pages.content.business.digital_alternative import gpu_energy_words
from factsheet.pages.first_screen import KeyFigure
from factsheet.pages.key_figure import WORKED_OUT, stated
from factsheet.pages.marks import FactMark
from factsheet.pages.rows import first_sentence
from factsheet.pages.text import without_stop
from factsheet.recompute.derivations.gains import energy_gain

if TYPE_CHECKING:
    from factsheet.pages.inputs import PageInputs

_MATURITY = "hardware.inference.maturity"
_NOT_SOLD = re.compile(
    r"\b(?:cannot|can not|can't) be (?:bought|had|ordered)\b|\bnot (?:for sale|sold)\b", re.IGNORECASE
)
_STATES = (
    (re.compile(r"\bnot (?:yet )?built\b", re.IGNORECASE), "No: not built"),
    (re.compile(r"\bsimulat", re.IGNORECASE), "No: simulated only"),
    (re.compile(r"\bprototype|\bresearch\b|\btest chip\b|\blaborator", re.IGNORECASE), "Prototype only"),
    (re.compile(r"\bunder design\b|\bplanned\b|\bdesigned\b", re.IGNORECASE), "No: not built"),
)
_DENIES = re.compile(r"\b(?:no|not|never|neither|without|beyond|past)\b|n't\b", re.IGNORECASE)
_LONGEST = 90
_DERIVED = "derived here from the sheet's words"
_PERFORMANCE = (
    "performance.energy_efficiency",
    "performance.energy_per_inference",
    "performance.classification_time",
    "hwa_training.accuracy",
    "hardware.inference.maturity",
)
"""With none of these a sheet has nothing that a saving could be asked of."""


def availability_figure(inputs: PageInputs) -> KeyFigure | None:
    """Return whether the hardware can be bought, as far as the sheet's words on its state tell; `None` otherwise."""
    fact = stated(inputs, _MATURITY)
    if fact is None:
        return None
    state = without_stop(first_sentence(" ".join(fact.shown().split())))
    word = _word(inputs, state)
    if word is None:
        return None
    condition = state if len(state) <= _LONGEST else "in the sheet's words below"
    if condition.casefold() == word.casefold():
        condition = "as the sheet gives the state of the hardware"
    return _in_words("derived.availability", "Can it be bought?", word, condition)


def _word(inputs: PageInputs, state: str) -> str | None:
    summary = stated(inputs, "hardware.inference.summary")
    said = state if summary is None else f"{state}. {summary.shown()}"
    if _NOT_SOLD.search(said):
        return "No: not for sale"
    if _DENIES.search(_STATES[0][0].sub("", state)):
        return None  # `no longer a prototype` is no prototype
    return next((word for known, word in _STATES if known.search(state)), None)


def saving_figure(inputs: PageInputs) -> KeyFigure | None:
    """Return how much less energy an answer takes than on digital hardware, or that nobody can say."""
    gain = energy_gain(inputs.sheet)
    if gain is not None:
        condition = f"{gain.factor:.3g} times as many answers for each joule as the digital alternative"
        word = f"{1 - 1 / gain.factor:.0%} of the energy".replace("%", " %") if gain.factor > 1 else "Nothing"
        return replace(
            _in_words("derived.saving", "What it saves", word, condition),
            provenance="derived here from both energy efficiencies",
        )
    if not any(stated(inputs, path) for path in _PERFORMANCE):
        return None
    own = any(stated(inputs, path) for path in _PERFORMANCE[:2])
    missing = "digital hardware" if own else "analog or digital hardware"
    words = gpu_energy_words(inputs) if own else None
    beside = "" if words is None else f"; by our rough estimates {words}"
    condition = f"the sheet has no energy of {missing}{beside}"
    return _in_words(
        "derived.saving", "What it saves", "Not known" if words is None else "Not stated", condition
    )


def _in_words(path: str, name: str, words: str, condition: str) -> KeyFigure:
    return KeyFigure(
        path,
        name,
        words,
        "",
        condition,
        _DERIVED,
        WORKED_OUT,
        FactMark("derived", "not recomputed"),
        in_words=True,
    )
