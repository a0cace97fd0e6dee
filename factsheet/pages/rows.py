"""Turn an answer of the sheet into a row of the page.

A row has the words of the answer, its provenance, its operating point, and how deep it is shown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, get_args, get_origin

from pydantic import BaseModel

from factsheet.facts.kinds import Link, Prose
from factsheet.facts.plain_kinds import NOT_STATED
from factsheet.pages.content.glossary import NOT_STATED_ORIGIN
from factsheet.pages.errata import erratum_text, reading_of
from factsheet.pages.marks import FactProvenance, agreement
from factsheet.pages.model import FactRow
from factsheet.pages.rich_text import block_text, cut, plain_text, read_line, read_prose
from factsheet.readers.parts import general
from factsheet.recompute.claims import COMPUTED, ESTIMATED, is_estimate
from factsheet.sheet.model import SheetFields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.facts.fact import At, Fact, RelativeTo
    from factsheet.facts.kind import Kind
    from factsheet.facts.section import Source
    from factsheet.pages.inputs import PageInputs
    from factsheet.pages.model import RowKind
    from factsheet.pages.rich_text import TextBlock
    from factsheet.readers.views import Depth
    from factsheet.sheet.walk import Placed

LINE_LENGTH = 64
"""Longest text that still reads well in a cell of a table."""
_SENTENCE = re.compile(r"(?<=[.!?؟।])\s+(?=[^a-z])|(?<=[。！？])(?=.)")
_RELATIVE: dict[RelativeTo, str] = {
    "not stated": "relative to: not stated",
    "absolute": "absolute",
    "w_max": "of the largest weight",
    "g_max": "of the largest conductance",
    "weight_std": "of the weights' standard deviation",
    "input_bound": "of the input bound",
    "output_bound": "of the output bound",
    "output_std": "of the outputs' standard deviation",
    "input_std": "of the inputs' standard deviation",
    "device_model": "of the value that the device model gives",
}


def relation(fact: Fact) -> str:
    """Return what a strength is relative to, in words."""
    return _RELATIVE[fact.relative_to or NOT_STATED]


def _reference_of(fact: Fact) -> str | None:
    """Return what a figure is relative to, for each of what there is one, and in which pass it acts; in words."""
    words = (
        _RELATIVE[fact.relative_to] if fact.relative_to is not None else "",
        f"for each {fact.per}" if fact.per is not None else "",
        f"in the {fact.applied_in}" if fact.applied_in is not None else "",
    )
    return ", ".join(filter(None, words)) or None


def _supplier(inputs: PageInputs, by: str) -> str:
    """Return who supplied a figure, in words: a role of the sheet's readers, or a name."""
    audience = inputs.sheet.audience
    role = next((name for name in audience.role_names if name == by), None)
    return by if role is None else f"the {audience.singular(role)}"


@cache
def fields_of(kind: type[Kind], model: type[SheetFields] = SheetFields) -> frozenset[str]:
    """Return the paths of the fields that a sheet's model gives this kind of answer, `[*]` for every row."""
    return frozenset(_fields(model, "", kind))


def _fields(annotation: object, path: str, kind: type[Kind]) -> Iterator[str]:
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        if any(isinstance(mark, kind) for mark in inner[1:]):
            yield path
        yield from _fields(inner[0], path, kind)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            below = f"{path}.{name}" if path else name
            if any(isinstance(mark, kind) for mark in field.metadata):
                yield below
            yield from _fields(field.annotation, below, kind)
    else:
        origin = get_origin(annotation)
        rows = "[*]" if origin is tuple else ".*" if origin is dict else ""
        for part in inner:
            yield from _fields(part, path + rows, kind)


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of a text on one line."""
    return tuple(_SENTENCE.split(" ".join(text.split())))


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, on one line."""
    line = " ".join(text.split())
    return _SENTENCE.split(line, maxsplit=1)[0]


def holds_at(at: At | None, *, lengths: bool = True) -> str | None:
    """Return an operating point in words: `sequence length 32, batch not stated`; `lengths`: whether to name one."""
    if at is None:
        return None
    named = []
    if at.seq_len is not None and lengths:
        named.append(f"sequence length {at.seq_len:,}")
    if at.batch is not None:
        named.append("batch not stated" if at.batch == NOT_STATED else f"batch {at.batch:,}")
    return ", ".join(named) or None


def provenance_of(inputs: PageInputs, placed: Placed) -> FactProvenance:
    """Return where an answer comes from; references only where they are not those of the whole sheet."""
    found = provenance(inputs, placed.source, placed.evidence, by=placed.fact.by, on=placed.fact.date)
    if is_estimate(placed.source, placed.fact.note):
        return FactProvenance("estimated by a model of the chip", found.references, "estimated")
    return found


def provenance(
    inputs: PageInputs,
    source: Source | None,
    evidence: tuple[str, ...],
    *,
    by: str | None = None,
    on: str | None = None,
) -> FactProvenance:
    """Return `provenance_of` for what is no fact of its own: a column of a table."""
    who = "" if by is None else f" by {_supplier(inputs, by)}"
    when = "" if on is None else f", {on}"
    whole = inputs.sheet.provenance
    usual = whole is not None and source == whole.source and evidence == (whole.evidence or ())
    return FactProvenance(
        f"{source or NOT_STATED_ORIGIN}{who}{when}",
        () if usual else inputs.references(evidence),
        source or "not stated",
    )


def is_figure(fact: Fact) -> bool:
    """Return whether an answer is a number, which is measured, declared or derived as words are not."""
    return fact.quantity is not None or fact.whole is not None


def _kind(path: str, fact: Fact, model: type[SheetFields] = SheetFields) -> RowKind:
    if fact.items:
        return "items"
    if fact.text is None:
        return "figure"
    if general(path) in fields_of(Link, model):
        return "link"
    return "line" if len(fact.text) <= LINE_LENGTH and "\n" not in fact.text else "prose"


def prose_of(path: str, fact: Fact, model: type[SheetFields] = SheetFields) -> tuple[TextBlock, ...]:
    """Return an answer that is text, with its markup where the model takes Markdown; nothing for another one."""
    if fact.text is None:
        return ()
    if general(path) not in fields_of(Prose, model):
        return plain_text(fact.text)
    return read_line(fact.text) if _kind(path, fact, model) == "line" else read_prose(fact.text)


def _written(fact: Fact, prose: tuple[TextBlock, ...]) -> tuple[str, ...]:
    """Return the answer as plain paragraphs; whole numbers with their thousands apart."""
    if prose:
        return tuple(block_text(block) for block in prose)
    return (fact.shown(),)


def note_words(fact: Fact, *, plain: bool) -> str:
    """Return the note of a fact on one line; with `plain`, a note of the program without the arithmetic in it."""
    words = "" if fact.note is None else " ".join(fact.note.split())
    if plain and fact.source == "derived":
        if words.startswith(f"{COMPUTED}:"):
            return ""
        if words.startswith(ESTIMATED):
            return f"{words.partition(': ')[0]}."
    return words


def _note(fact: Fact, *, plain: bool) -> str | None:
    """Return the note that goes with an answer, and the tolerance that the sheet states for its recomputation."""
    words = note_words(fact, plain=plain)
    if fact.tolerance is not None:
        words += f" The sheet accepts a recomputed value that differs by up to {fact.tolerance * 100:.4g} %"
        words += "." if fact.tolerance_reason is None else f": {' '.join(fact.tolerance_reason.split())}"
    return words.strip() or None


def row_for(inputs: PageInputs, path: str, placed: Placed, depth: Depth) -> FactRow:
    """Return the row of an answered field, cut to its depth."""
    whole = inputs.rows.get(path)
    if whole is None:
        whole = inputs.rows[path] = _whole_row(inputs, path, placed)
    return _shortened(inputs, whole) if depth == "short" else whole


def _whole_row(inputs: PageInputs, path: str, placed: Placed) -> FactRow:
    """Return the row of an answered field with all that the sheet says of it."""
    fact = placed.fact
    model = type(inputs.sheet)
    prose, kind = prose_of(path, fact, model), _kind(path, fact, model)
    point = holds_at(fact.at, lengths=not inputs.without_length)
    reading = reading_of(inputs, path) if kind == "figure" and fact.absence is None else None
    errata = _errata(inputs, path, reading) if kind == "figure" else None
    return FactRow(
        path=path,
        label=_label(inputs, path),
        kind=kind,
        paragraphs=() if fact.items else _written(fact, prose),
        depth="full",
        provenance=provenance_of(inputs, placed),
        prose=prose,
        entries=fact.items,
        holds_at="; ".join(
            words for words in (point, None if reading is None else f"read as: {reading}") if words
        )
        or None,
        relative_to=_reference_of(fact),
        note=" ".join(part for part in (_note(fact, plain=not inputs.view.knows_hardware), errata) if part)
        or None,
        agreement=agreement(inputs.recomputed.get(path), inputs.workings.get(path)),
        states_provenance=fact.source is not None or fact.by is not None or fact.date is not None,
        language=inputs.language,
    )


CODE = "setup.implementation"
_CODE_OF_NETWORK = "model_architecture.implementation"


def _label(inputs: PageInputs, path: str) -> str:
    """Return what a field is called; one address has one name, whichever field gives it."""
    of_network = path == _CODE_OF_NETWORK or (path == CODE and is_code_of_network(inputs))
    return "Code of the network" if of_network else inputs.words(path)


def is_code_of_network(inputs: PageInputs) -> bool:
    """Return whether the code that a sheet links for setting up is that of the network, not of this model."""
    code, network = inputs.fact(CODE), inputs.fact(_CODE_OF_NETWORK)
    return code is not None and network is not None and code.text is not None and code.text == network.text


def _errata(inputs: PageInputs, path: str, reading: str | None) -> str | None:
    """Return the errata on a figure in words: no reader is to see it without them.

    Args:
        inputs: what the page is made from.
        path: the field of the figure.
        reading: as what the sheet reads the figure, where that is beside it already.
    """
    found = (erratum for erratum in inputs.sheet.errata or () if erratum.at == path)
    words = (f"Erratum: {erratum_text(erratum, with_reading=reading is None)}" for erratum in found)
    return " ".join(words) or None


def answered(inputs: PageInputs, path: str) -> FactRow | None:
    """Return the row of a field, shown short; `None` where it has no answer."""
    placed = inputs.placed.get(path)
    if placed is None or placed.fact.absence is not None:
        return None
    return row_for(inputs, path, placed, "short")


def _shortened(inputs: PageInputs, row: FactRow) -> FactRow:
    """Return the row with no note but errata, prose cut to its first sentence; marked if that leaves anything out."""
    prose, kept = row.prose, row.paragraphs
    if row.kind == "prose":
        kept = (first_sentence(row.paragraphs[0]),)
        prose = (cut(row.prose[0], len(kept[0])),)
    errata = _errata(inputs, row.path, reading_of(inputs, row.path)) if row.kind == "figure" else None
    shortened = kept != row.paragraphs or row.note != errata
    return replace(row, depth="short", prose=prose, paragraphs=kept, note=errata, shortened=shortened)
