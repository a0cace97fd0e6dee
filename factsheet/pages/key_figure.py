"""Turn a field of the sheet into a figure that can be shown by itself, with all that has to travel with it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from factsheet.pages.caveats import BY_OVERLAP, caveats_of, spread_of
from factsheet.pages.errata import reading_of
from factsheet.pages.first_screen import KeyFigure
from factsheet.pages.marks import FactMark, agreement, mark_of
from factsheet.pages.rows import first_sentence, provenance_of
from factsheet.pages.text import without_stop
from factsheet.quantities.quantity import format_value
from factsheet.readers.audience import STUDY

if TYPE_CHECKING:
    from factsheet.facts.fact import At, Fact
    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.marks import ProvenanceKind
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.walk import Placed

_NUMBER = re.compile(
    r"(?P<number>.*\d(?:\s*(?:thousand|million|billion|trillion|[kMGTP])\b)?)\s*(?P<unit>.*)", re.DOTALL
)

NOT_RECOMPUTED = "Not recomputed: it does not follow from the rest of the sheet."
MODEL_ONLY = "Not recomputed; compared with the chip model alone."
_MILLION = 1e6
_BILLION = 1e9
_FEW_DIGITS = 3
_MOST_DIGITS = 4
WORKED_OUT = "Not in the sheet; worked out from the rest of it."


def split_number(text: str) -> tuple[str, str]:
    """Return a quantity as number and unit: `approx. 0.19 ms` as `approx. 0.19` and `ms`."""
    found = _NUMBER.fullmatch(text.strip())
    return (text, "") if found is None else (found["number"], found["unit"])


def counted(text: str, noun: str) -> str:
    """Return a number with what it counts, unless it says so itself: `18k images`."""
    last = text.rsplit(maxsplit=1)[-1]
    return text if len(last) > 1 and last.isalpha() and last not in _LARGE else f"{text} {noun}"


_LARGE = ("thousand", "million", "billion")


def words_of_point(inputs: PageInputs, at: At | None) -> str:
    """Return an operating point in words that this reader knows, with what the sheet leaves out of it."""
    length = None if at is None else at.seq_len
    batch = None if at is None else at.batch
    if not inputs.view.knows_hardware:
        return _inputs_in_words(inputs, length, batch)
    named = [] if length is None or inputs.without_length else [f"sequence length {length:,}"]
    missing = [] if named or inputs.without_length else ["sequence length"]
    if isinstance(batch, int):
        named.append(f"batch of {batch:,}")
    else:
        missing.append("batch")
    return ", ".join((*named, *((f"{' and '.join(missing)} not stated",) if missing else ())))


def _inputs_in_words(inputs: PageInputs, length: int | None, batch: int | str | None) -> str:
    """Return an operating point for who knows no batch: `4 inputs together, 32 tokens each`."""
    size = None if length is None or inputs.without_length else length_words(inputs, f"{length:,}")
    if not isinstance(batch, int):
        if size is not None:
            return f"inputs of {size}; how many together is not stated"
        return f"{'number' if inputs.without_length else 'length and number'} of inputs not stated"
    number = "one input" if batch == 1 else f"{batch:,} inputs together"
    if size is None:
        return number if inputs.without_length else f"{number}; length not stated"
    return f"{number} of {size}" if batch == 1 else f"{number}, {size} each"


def length_words(inputs: PageInputs, length: str) -> str:
    """Return a length with its unit where the sheet's language shows that inputs are text: `32 tokens`, `length 32`."""
    text = any(stated(inputs, path) is not None for path in LANGUAGES)
    return f"{length} {text_unit(inputs)}" if text else f"length {length}"


def text_unit(inputs: PageInputs) -> str:
    """Return what lengths of text are counted in, in words of the reader: tokens are nothing that a business counts."""
    return "pieces of words" if inputs.view.name == "business-expert" else "tokens"


LANGUAGES = ("test_data.language", "training_data.language", "overview.languages")
"""Fields whose answer shows that inputs are text."""


def stated(inputs: PageInputs, path: str) -> Fact | None:
    """Return the fact at a path if it has a value."""
    fact = inputs.fact(path)
    return None if fact is None or fact.absence is not None else fact


def figure_text(inputs: PageInputs, path: str) -> str | None:
    """Return a figure as the sheet writes it, else as it was worked out; `None` where there is neither."""
    fact = stated(inputs, path)
    if fact is not None:
        return fact.shown()
    worked_out = inputs.recomputed.get(path)
    return None if worked_out is None else worked_out.text or None


def _at_a_glance(fact: DerivedFact) -> str:
    """Return a figure that was worked out, to as many digits as a first screen has: the tables below have them all."""
    value = fact.derived
    if value is None or not fact.text or value == 0:
        return fact.text
    if fact.dimension == "count":
        for name, scale in (("billion", _BILLION), ("million", _MILLION)):
            if value >= scale:
                return f"{format_value(value / scale, 'number', _FEW_DIGITS)} {name}"
        return fact.text
    if not fact.text[0].isdigit():
        return fact.text  # `approx. 21,000` is rounded already
    digits = len(re.sub(r"\D", "", split_number(fact.text)[0]).lstrip("0"))
    return format_value(value, fact.dimension, _FEW_DIGITS) if digits > _MOST_DIGITS else fact.text


def key_figure(
    inputs: PageInputs,
    path: str,
    name: str,
    *,
    condition: str,
    unit: str = "",
    at: At | None = None,
) -> KeyFigure | None:
    """Return the figure at a path, stated or worked out; `None` where there is neither.

    Args:
        inputs: what the page is made from.
        path: the field.
        name: what the figure is, in the reader's words.
        condition: what it holds for.
        unit: what is counted, for a plain number.
        at: the operating point that it holds at, where it does not state one itself.
    """
    placed = inputs.placed.get(path)
    if placed is None or placed.fact.absence is not None:
        return _worked_out(inputs, path, name, condition=condition, unit=unit)
    text = figure_text(inputs, path)
    if text is None or not any(char.isdigit() for char in text):
        return None
    number, own_unit = split_number(text)
    compared = agreement(inputs.recomputed.get(path))
    provenance = provenance_of(inputs, placed)
    reading = reading_of(inputs, path)
    spread = spread_of(inputs, path)
    if spread is not None:  # beside the figure, which is the best end of it
        number, spread = _with_spread(number, own_unit, spread)
        condition = (
            f"{condition}; {spread} by how far stages overlap (on how many layers the chip works at once)"
        )
    return KeyFigure(
        path,
        name,
        number,
        own_unit or unit,
        condition if reading is None else f"{condition}; read as: {reading}",
        with_hardware(inputs, path, _whose(inputs, placed, provenance.text), provenance.kind),
        _unchecked(inputs, path)
        if compared is None
        else f"{compared.words[:1].upper()}{compared.words[1:]}.",
        mark_of(provenance, compared),
        tuple(one for one in caveats_of(inputs, path, at=at) if not one.text.startswith(BY_OVERLAP)),
        provenance.references,
        verified=_verified(inputs, path),
    )


def _verified(inputs: PageInputs, path: str) -> str:
    """Return what a figure agrees with, for its side; empty where nothing was recomputed."""
    fact = inputs.recomputed.get(path)
    compared = agreement(fact)
    if fact is None or compared is None or compared.check != "agrees":
        return ""
    given = inputs_in_words(fact)
    return f"agrees with {given}" if len(given) <= _FEW_WORDS else "agrees with the rest of the sheet"


_FEW_WORDS = 60
_NEAR = 2e-3


def _with_spread(number: str, unit: str, spread: str) -> tuple[str, str]:
    """Return an estimate as its whole range, and how it is called in the condition: the best end alone misleads.

    A range in two units stays in the condition.
    """
    if not spread:
        return number, "no spread"
    ends = [split_number(end) for end in spread.split(" to ")]
    if any(own != unit for _, own in ends):
        return number, f"anything from {spread}"
    low, high = (end for end, _ in ends)
    try:
        given, *values = (float(text.replace(",", "")) for text in (number, low, high))
    except ValueError:
        return number, f"anything from {spread}"
    # The sheet's own digits for the end that it gives.
    texts = [
        number if math.isclose(given, end, rel_tol=_NEAR) else text
        for end, text in zip(values, (low, high), strict=True)
    ]
    return (" to ".join(texts), "range") if number in texts else (number, f"anything from {spread}")


def _unchecked(inputs: PageInputs, path: str) -> str:
    modelled = inputs.chip.get(path)
    return NOT_RECOMPUTED if modelled is None or not modelled.text else MODEL_ONLY


def _worked_out(inputs: PageInputs, path: str, name: str, *, condition: str, unit: str) -> KeyFigure | None:
    fact = inputs.recomputed.get(path)
    if fact is None or not fact.text or fact.claim is not None:
        return None
    number, own_unit = split_number(_at_a_glance(fact))
    return KeyFigure(
        path,
        name,
        number,
        own_unit or unit,
        condition,
        with_hardware(inputs, path, f"derived here from {inputs_in_words(fact)}", "derived"),
        WORKED_OUT,
        FactMark("derived", "not recomputed"),
        caveats_of(inputs, path),
    )


_OF_CHIP = (
    "parameters.operating_points[",
    "parameters.power",
    "parameters.area",
    "performance.classification_time",
    "performance.energy",
    "performance.latency",
    "performance.throughput",
    "performance.tops_per_watt",
)
"""Figures of the chip start like this; of them one must know whether there is a chip."""
_OF_OTHERS = ("performance.energy_baseline", "performance.throughput_cpu", "performance.throughput_gpu")
_SHORT = 48


def with_hardware(inputs: PageInputs, path: str, provenance: str, kind: ProvenanceKind) -> str:
    """Return where a figure is from, with the state of the hardware if it is one of the chip and not measured.

    Declared figures of a chip that is not built are estimates, and the figure alone does not show that.
    """
    if inputs.sheet.audience is not STUDY:
        return provenance  # another template's hardware is there
    if not path.startswith(_OF_CHIP) or path.endswith("_ops") or path in _OF_OTHERS or kind == "measured":
        return provenance
    state = stated(inputs, "hardware.inference.maturity")
    if state is None:
        return f"{provenance}; state of the hardware not stated"
    words = without_stop(first_sentence(state.shown()))
    return f"{provenance}; hardware: {words if len(words) <= _SHORT else 'see its state below'}"


def _whose(inputs: PageInputs, placed: Placed, provenance: str) -> str:
    """Return the provenance with the organisation that declares a figure, where the sheet names it."""
    organisation = stated(inputs, "overview.organisation")
    named = "" if organisation is None else " ".join(organisation.shown().split())
    if provenance != "declared" or placed.fact.by is not None or not 0 < len(named) <= _SHORT:
        return provenance
    return f"declared by {named}"


def inputs_in_words(fact: DerivedFact) -> str:
    """Return what a figure was worked out from."""
    if fact.standing == "structure":
        return "the declared network"
    names = tuple(dict.fromkeys(given.name for given in fact.inputs))
    return (
        f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0] if names else "the sheet"
    )
