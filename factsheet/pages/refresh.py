"""Say after which time weights are programmed again: how early it may be, and what the loss is counted from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.pages.caveats import in_short
from factsheet.pages.content.glossary import without_terms
from factsheet.pages.first_screen import Caveat
from factsheet.pages.key_figure import key_figure, stated
from factsheet.recompute.comparisons.score_gaps import lost_at_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.facts.fact import Fact
    from factsheet.pages.first_screen import KeyFigure
    from factsheet.pages.inputs import PageInputs

_REFRESH = "performance.refresh_interval"
_EARLIEST = "performance.refresh_earliest"


def refresh_figure(inputs: PageInputs) -> KeyFigure | None:
    """Return the time until weights are programmed again, with what it is measured against."""
    made = key_figure(inputs, _REFRESH, "Weights programmed again after", condition=_counted_from(inputs))
    if made is None:
        return None
    if _is_bound(stated(inputs, _REFRESH)):
        made = replace(made, name="Weights hold for", condition=f"as long as was looked at; {made.condition}")
    own, earliest = list(_of_refresh(inputs)), earliest_words(inputs)
    # The end that a reader has to plan for is no footnote.
    parts = (
        None if earliest is None else f"at the earliest {earliest}",
        made.condition,
        "against the digital model, that much is lost at once" if lost_at_once(inputs.sheet) else None,
    )
    made = replace(made, condition="; ".join(words for words in parts if words))
    if earliest is not None and _is_far_below(inputs):
        first = stated(inputs, _EARLIEST)
        made = replace(made, number=f"{first.shown() if first is not None else ''} to {made.number}")
    reason = stated(inputs, "performance.refresh_reason")
    if reason is not None:
        words = in_short(reason.shown())
        own.append(Caveat("note", words if inputs.view.knows_hardware else without_terms(words)))
    return replace(made, caveats=(*made.caveats, *own))


_FAR = 10
"""Times that an interval is longer than its lower end, where the interval alone would mislead."""


def _is_far_below(inputs: PageInputs) -> bool:
    """Return whether weights may have to be programmed again so much earlier that both ends have to be read at once."""
    both = [fact.quantity for path in (_REFRESH, _EARLIEST) if (fact := stated(inputs, path)) is not None]
    interval, earliest = (*both, None, None)[:2]
    return (
        interval is not None
        and earliest is not None
        and interval.kind != "bound"
        and interval.low >= _FAR * earliest.high
    )


def _counted_from(inputs: PageInputs) -> str:
    """Return which loss ends the interval, and what it is counted from."""
    accepted = stated(inputs, "robustness.accepted_loss")
    reference = stated(inputs, "performance.refresh_reference")
    whose = None if reference is None else _REFERENCE[reference.shown()]
    if accepted is None and whose is None:
        return "how much of the score is lost by then is not stated"
    if accepted is None:
        return f"accepted loss not stated; counted from {whose}"
    if whose is None:
        return f"until {accepted.shown()} of the score is lost; what it is counted from is not stated"
    return f"until {accepted.shown()} of {whose} is lost"


def _is_bound(fact: Fact | None) -> bool:
    """Return whether an interval is only known to be longer than it says: it did not end while it was simulated."""
    return fact is not None and fact.quantity is not None and fact.quantity.kind == "bound"


def earliest_words(inputs: PageInputs) -> str | None:
    """Return how early weights may have to be programmed again, and how sure that is.

    `None` where it is not said, or a bound too.
    """
    earliest = stated(inputs, _EARLIEST)
    interval = stated(inputs, _REFRESH)
    if (
        earliest is None
        or _is_bound(earliest)
        or (interval is not None and interval.words() == earliest.words())
    ):
        return None
    confidence = stated(inputs, "performance.refresh_confidence")
    sure = "" if confidence is None else f" ({confidence.shown()} confidence)"
    return f"{earliest.shown()}{sure}"


def refresh_sentence(inputs: PageInputs) -> str | None:
    """Return after which time weights are programmed again, with its lower end; `None` where that is not said."""
    fact = stated(inputs, _REFRESH)
    if fact is None:
        return None
    if _is_bound(fact):
        return (
            f"Weights do not have to be programmed again within the time that was looked at ({fact.shown()})."
        )
    earliest = earliest_words(inputs)
    bound = "" if earliest is None else f", at the earliest {earliest}"
    return f"Weights are programmed again after {fact.shown()}{bound}."


def exceeded_at_once(inputs: PageInputs) -> str | None:
    """Return that the accepted loss is exceeded from the start, against the digital model; `None` where it is not."""
    if not lost_at_once(inputs.sheet):
        return None
    baseline = stated(inputs, "hwa_training.baseline_accuracy")
    against = "" if baseline is None else f" ({baseline.shown()})"
    accepted = stated(inputs, "robustness.accepted_loss")
    loss = "" if accepted is None else f" of {accepted.shown()}"
    return f"Freshly programmed, it is already further below the digital model{against} than the accepted loss{loss}."


_REFERENCE = {
    "first time point": "the first score after programming",
    "digital model": "the digital model's score",
}
_COUNTED = ("refresh_from_first", "refresh_from_digital")
_OF_REFRESH = (
    ("refresh_from_first", "Counted from the first score after programming: {}."),
    ("refresh_from_digital", "Counted from the score of the digital model: {}."),
    ("refresh_chips", "It holds for the {}{}."),
    (
        "refresh_sampling_error",
        "By the number of test examples alone, a loss of that size has a standard error of {}.",
    ),
)


def _of_refresh(inputs: PageInputs) -> Iterator[Caveat]:
    """Yield what the sheet says of its refresh interval: other readings of it, its bound, the chips that it is of."""
    beside = {
        "refresh_chips": ("refresh_share", ", {}"),
    }
    interval = stated(inputs, _REFRESH)
    for field, words in _OF_REFRESH:
        fact = stated(inputs, f"performance.{field}")
        if fact is None or (field in _COUNTED and interval is not None and fact.words() == interval.words()):
            continue  # the interval itself, once more
        other, put = beside.get(field, ("", ""))
        more = stated(inputs, f"performance.{other}") if other else None
        said = words.format(fact.shown(), "" if more is None else put.format(more.shown()))
        if field == "refresh_chips" and fact.shown() == "mean over chips":
            said = "It is the time for the mean over chips; a single chip may lose as much earlier."
        yield Caveat("reading", said)
