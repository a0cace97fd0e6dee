"""Lay out what each layer on tiles and each source of error costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from factsheet.pages.model import Note, TableBlock
from factsheet.pages.rows import row_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from factsheet.facts.fact import Fact
    from factsheet.pages.inputs import PageInputs
    from factsheet.sheet.robustness import PartLoss, ScoreSensitivity

SENSITIVITY = "robustness.sensitivity."
LAYERS = f"{SENSITIVITY}layers["
SOURCES = f"{SENSITIVITY}noise_sources["
MOST_ROWS = 30
"""Of a figure and of a table: more do not fit a page, and the sheet has them all."""
_NONE = "–"
_T = TypeVar("_T")


def most_costly(rows: Sequence[_T], cost: Callable[[_T], float]) -> list[_T]:
    """Return the rows that fit a page, in their order: those that cost most."""
    if len(rows) <= MOST_ROWS:
        return list(rows)
    kept = sorted(range(len(rows)), key=lambda place: -cost(rows[place]))[:MOST_ROWS]
    return [rows[place] for place in sorted(kept)]


def most_costly_of(parts: Sequence[PartLoss]) -> PartLoss | None:
    """Return the layer or source that costs most alone, of those whose loss is more than noise where that is said.

    `None` where no loss is given, or none is more than noise.
    """
    given = [
        part
        for part in parts
        if _size(part.alone) > 0 and not is_within_noise(part)  # below zero nothing is lost
    ]
    return max(given, key=lambda part: _size(part.alone), default=None)


def is_within_noise(part: PartLoss) -> bool:
    """Return whether the sheet says that the loss of a layer or source alone is no more than noise."""
    return part.beyond_noise is not None and part.beyond_noise.text in {"won back", "neither"}


def sensitivity_tables(inputs: PageInputs, paths: Sequence[str]) -> Iterator[TableBlock]:
    """Yield the table of layers and that of sources, where the sheet has them.

    Args:
        inputs: what the page is made from.
        paths: the answered fields of both.
    """
    robustness = inputs.sheet.robustness
    given = None if robustness is None else robustness.sensitivity
    if given is None:
        return
    about = (
        (
            LAYERS,
            given.layers or (),
            "Loss of score by layer",
            "Layer",
            "Lost with it alone on tiles",
            "Won back with it alone digital",
        ),
        (
            SOURCES,
            given.noise_sources or (),
            "Loss of score by source of error",
            "Source of error",
            "Lost with it alone",
            "Won back without it alone",
        ),
    )
    for prefix, parts, caption, *titles in about:
        own = tuple(path for path in paths if path.startswith(prefix))
        if own:
            yield _table(inputs, own, parts, caption=caption, titles=titles, given=given)


def _table(
    inputs: PageInputs,
    paths: tuple[str, ...],
    parts: Sequence[PartLoss],
    *,
    caption: str,
    titles: Sequence[str],
    given: ScoreSensitivity,
) -> TableBlock:
    rows = [row_for(inputs, path, inputs.placed[path], "full") for path in paths]
    # Whether a loss is more than noise follows from the losses, whose provenance counts.
    stated = dict.fromkeys(row.provenance_text for row in rows if not row.path.endswith(".beyond_noise"))
    shown = most_costly(parts, lambda part: _size(part.alone))
    notes = [Note(row.label, row.note) for row in rows if row.note is not None]
    if len(shown) < len(parts):
        notes.insert(
            0, Note("Left out", f"{len(parts) - len(shown)} rows with smaller losses; the sheet has them.")
        )
    return TableBlock(
        caption=caption,
        header=(*titles, "More than chance"),
        numeric=(1, 2),
        rows=tuple(
            (part.name, _words(part.alone), _words(part.won_back), _beyond(part.beyond_noise))
            for part in shown
        ),
        provenance=(
            f"All {'; '.join(stated)}.{_taken(given)} Losses do not add up: each is taken by itself."
            f"{_exact(parts)}{_eased(given, parts)}"
        ),
        notes=tuple(dict.fromkeys(notes)),
        paths=paths,
        shortened=len(shown) < len(parts),
    )


def _eased(given: ScoreSensitivity, parts: Sequence[PartLoss]) -> str:
    """Return what to make of a loss by one part alone that is larger than that of all together; empty for none."""
    if not is_eased(given, parts):
        return ""
    return " One can cost more alone than all together: noise makes up for the coarse steps of a converter."


def is_eased(given: ScoreSensitivity, parts: Sequence[PartLoss] | None = None) -> bool:
    """Return whether one part alone costs more than all of them together."""
    if given.loss is None or given.loss.quantity is None:
        return False
    asked = (*(given.layers or ()), *(given.noise_sources or ())) if parts is None else parts
    return max((_size(part.alone) for part in asked), default=0.0) > _size(given.loss)


def may_be_none(loss: Fact) -> bool:
    """Return whether a loss with its ± may be none at all."""
    quantity = loss.quantity
    return quantity is not None and quantity.kind == "range" and quantity.low <= 0 <= quantity.high


def _taken(given: ScoreSensitivity) -> str:
    words = taken_words(given)
    return f" {words[:1].upper()}{words[1:]}." if words else ""


def taken_words(given: ScoreSensitivity) -> str:
    """Return of how many chips losses are the mean, when, and how sure; empty where nothing is said."""
    parts = (
        None if given.chips is None else f"mean over {given.chips.words()} chips",
        None if given.after is None else f"{given.after.words()} after programming",
        None if given.confidence is None else f"± at {given.confidence.words()} confidence",
    )
    return ", ".join(part for part in parts if part)


_BEYOND = {"both": "both", "alone": "the loss", "won back": "what is won back", "neither": "neither of them"}


def _beyond(fact: Fact | None) -> str:
    """Return which of the two columns before is more than the noise of the chips, in words that need no key."""
    words = _words(fact)
    return _BEYOND.get(words, words)


def _exact(parts: Sequence[PartLoss]) -> str:
    """Return what a loss without an uncertainty is, beside others that have one; empty where all are alike."""
    uncertain = {
        "±" in fact.words() for part in parts for fact in (part.alone, part.won_back) if fact is not None
    }
    return " A loss without ± was the same on every chip." if len(uncertain) > 1 else ""


def _words(fact: Fact | None) -> str:
    return _NONE if fact is None else fact.shown()


def _size(fact: Fact | None) -> float:
    quantity = None if fact is None else fact.quantity
    return 0.0 if quantity is None or quantity.kind == "bound" else (quantity.low + quantity.high) / 2
