"""Collect what has to travel with a figure: errata of its source, the author's note, how it is read, what it rests on.

`caveats_of` is the one place that decides it; whatever shows a figure of the sheet by itself asks here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.pages.content.results import result_place
from factsheet.pages.errata import errata_on, erratum_in_short, erratum_text
from factsheet.pages.first_screen import Caveat
from factsheet.pages.rows import note_words, sentences_of
from factsheet.pages.text import without_stop
from factsheet.quantities.quantity import grouped
from factsheet.recompute.verdict import signed_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.facts.fact import At
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.facts import DerivedFact

_LONGEST = 240
"""Characters of a caveat; a longer one is cut after a sentence, and the page has all of it further down."""


def caveats_of(inputs: PageInputs, *paths: str, at: At | None = None) -> tuple[Caveat, ...]:
    """Return what a reader must know with a figure, the gravest first.

    Args:
        inputs: what the page is made from.
        paths: the field of the figure, and the fields that it was worked out from.
        at: the operating point that it holds at, where that is stated elsewhere.
    """
    found = [
        Caveat(
            "erratum",
            f"{_of_part(inputs, erratum.at, paths)}{erratum_text(erratum)}",
            inputs.references(erratum.source or ()),
            short=erratum_in_short(erratum),
        )
        for erratum in errata_on(inputs, *paths)
    ]
    for path in paths:
        fact = inputs.fact(path)
        note = "" if fact is None else note_words(fact, plain=not inputs.view.knows_hardware)
        if note:
            found.append(Caveat("note", in_short(note)))
        found += _of_recalculation(inputs, path)
        found += _of_range(inputs, at or (None if fact is None else fact.at))
    return tuple(dict.fromkeys(found))


def _of_part(inputs: PageInputs, at: str, paths: tuple[str, ...]) -> str:
    """Return which part of a figure an erratum is about, to put before it; empty where it is about the figure."""
    if any(path == at or path.startswith((f"{at}.", f"{at}[")) for path in paths):
        return ""
    place = result_place(inputs, at)
    return "" if place is None else f"On the score of {place}. "


def words_on_runs(inputs: PageInputs) -> str | None:
    """Return what the sheet's prose says of other runs of the training; `None` where it does not speak of them.

    Such a remark answers what `hwa_training.seeds` asks, and is often the gravest thing to know of a score.
    """
    for path in _ON_RUNS:
        fact = inputs.fact(path)
        if fact is None or fact.absence is not None:
            continue
        for text in fact.items or (fact.text or "",):
            if _RUNS.search(text):
                return in_short(text)
    return None


_ON_RUNS = (
    "limitations.known",
    "limitations.summary",
    "performance.summary",
    "performance.metrics",
    "hwa_training.summary",
)
_RUNS = re.compile(
    r"\b(?:seeds?|(?:one|a single|two|three|four|five|ten|\d+) (?:runs? of )?trainings?|training runs?)\b"
    r"(?! (?:set|data|epoch|step))",
    re.IGNORECASE,
)


def in_short(text: str) -> str:
    """Return a text on one line, cut after a sentence where it is long."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST:
        return line
    kept = ""
    for sentence in sentences_of(line):
        if kept and len(kept) + len(sentence) >= _LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return f"{kept} …"


def _of_recalculation(inputs: PageInputs, path: str) -> Iterator[Caveat]:
    """Yield how a figure has to be read for its recalculation, and what a model of the chip makes of it."""
    fact = inputs.recomputed.get(path)
    if fact is not None and fact.text:
        if fact.verdict.fits is False:
            yield Caveat("reading", _sentence(fact.verdict.sentence(fact.text)))
        if fact.note:
            yield Caveat("reading", in_short(_sentence(inputs.named_fields(fact.note))))
    modelled = inputs.chip.get(path)
    if modelled is None or not modelled.text or modelled.claim is None:
        return
    fitted = inputs.fitted_to.get(path, ())
    rests = f" One of its constants was fitted to {' and '.join(fitted)}." if fitted else ""
    if not rests and modelled.arithmetic.weakest not in (None, "published"):
        rests = f" One of its constants is {_STANDINGS[modelled.arithmetic.weakest or '']}."
    if any(grouped(modelled.claim.quantity.text) in grouped(target) for target in fitted):
        # That it gives the same again is no praise.
        text = f"No test of the chip model, of which a constant was fitted to {' and '.join(fitted)}."
    elif modelled.claim.estimated:
        ends = spread_of(inputs, path)
        if ends:
            yield Caveat("range", f"{BY_OVERLAP}, the chip model gives {ends}.")
        # The model agrees with itself, which confirms nothing.
        text = f"An estimate of a model of the chip; nothing has measured it.{rests}"
    else:
        text = f"The chip model gives {modelled.text}{_apart(modelled)}.{rests}"
    yield Caveat("standing", text)


BY_OVERLAP = "Depending on how far the stages of a run overlap"
"""Begins the caveat on how wide the range of an estimate is."""


def spread_of(inputs: PageInputs, path: str) -> str | None:
    """Return the range of an estimated time, or of what hangs on it: `2.547 ms to 0.1024 s`."""
    modelled = inputs.chip.get(path)
    if modelled is None or modelled.claim is None or not modelled.claim.estimated:
        return None
    return inputs.estimates.spreads.get(modelled.name.partition(".")[2])


def _apart(modelled: DerivedFact) -> str:
    """Return how far the model is from the sheet, behind its figure: `, 1.4 % more`."""
    change = modelled.relative_difference
    if change is None:
        return ""
    percent = signed_percent(change)
    if not percent.strip("+−").startswith("0.0 "):
        return f", {percent.lstrip('+−')} {'more' if change > 0 else 'less'}"
    return ", the same to a tenth of a percent"


_STANDINGS = {
    "secondary": "quoted from others",
    "inferred": "inferred from published ones",
    "fitted": "fitted",
}


def _sentence(text: str) -> str:
    return without_stop(f"{text[:1].upper()}{text[1:]}") + "."


def _of_range(inputs: PageInputs, at: At | None) -> Iterator[Caveat]:
    """Yield that a figure lies beyond the range that the hardware is designed for."""
    parameters = inputs.sheet.parameters
    optimum = None if parameters is None else parameters.optimum
    if at is None or optimum is None:
        return
    for name, value, designed in (
        ("sequence length", at.seq_len, optimum.seq_len),
        ("batch", at.batch, optimum.batch),
    ):
        quantity = None if designed is None else designed.quantity
        if not isinstance(value, int) or quantity is None or quantity.meant.contains(value):
            continue
        yield Caveat(
            "range",
            f"Outside the design range: the hardware is made for a {name} of {grouped(quantity.text)}.",
        )
