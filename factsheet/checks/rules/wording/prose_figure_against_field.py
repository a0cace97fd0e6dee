"""The text gives another figure than the field that states it.

What it does: searches for sentences that certainly repeat a field: so many million parameters, so many encoder layers,
so many attention heads, re-programming every so many weeks. Sentences that compare, or that are about another model or
a part of this one, are ignored.

Why it matters: a sentence that was not updated with its field misinforms half of the readers.

Fails:
    parameters: {parameters: 110 million}
    limitations: {known: [The model has 340 million parameters.]}

Passes:
    parameters: {parameters: 110 million}
    limitations: {known: [The model has 110 million parameters.]}

How to fix: correct whichever of the two is wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.prose import matches_near, prose_of, sentence_at
from factsheet.checks.rule import Rule
from factsheet.checks.rules.wording.model_names import compares, foreign_names
from factsheet.errors import QuantityError
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factsheet.checks.prose import SheetProse
    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.networks.families.encoder import TransformerEncoder
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_COUNTED = (
    "two three four five six seven eight nine ten eleven twelve eighteen twenty-four thirty-six forty-eight"
)
_COUNTS = (*range(2, 13), 18, 24, 36, 48)
_NUMBER = r"(\d{1,3}|" + "|".join(reversed(_COUNTED.split())) + ")"
_OF_A_PART = (
    r"(?i)\b(?:analog|tiles?|chip|embeddings?|encoder['’]s|decoder|per|expert|active|only|first|last|top|bottom"
    r"|final|upper|lower|remaining|these|those|updated|adapters?|version|large|small|all but|up to|at most|at least"
    r"|(?<!heads )each|of which|of them|head|adds?|pruned|removed|added|extra|more|fewer|less|would|could|can)\b"
)
"""Words of a sentence about a part of the model, or about what it might be."""


class _Field(NamedTuple):
    """A field that texts repeat.

    Attributes:
        path: where it is.
        stated: what it says.
        signs: every text that repeats it has one of these words.
        reach: characters before such a word, and from its beginning on, that the pattern takes at most.
        pattern: how texts repeat it; the first group is what to point at.
        agrees: whether those words agree with it.
    """

    path: KeyPath
    stated: str
    signs: tuple[str, ...]
    reach: tuple[int, int]
    pattern: str
    agrees: Callable[[str], bool]


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet, prose = context.sheet, prose_of(context.sheet)
    for field in _fields(sheet):
        yield from _against(field, prose, sheet)


def _against(field: _Field, prose: SheetProse, sheet: SheetFields) -> Iterator[Finding]:
    for match in matches_near(prose.text, field.signs, field.pattern, field.reach):
        if field.agrees(match[1]):
            continue
        sentence = sentence_at(prose.text, match.start(), match.end())
        if any(field.agrees(other[1]) for other in re.finditer(field.pattern, sentence)):
            continue  # it says what the field says, and something else besides
        # "12 encoder layers" names a part by itself; the words around it count.
        around = sentence.replace(match[1], "heads" if match[1].endswith("heads") else " ")
        if compares(sentence) or re.search(_OF_A_PART, around):
            continue
        passage = prose.at(match.start())
        if passage.kind in {"prose", "note"} and not foreign_names(sentence.split(), sheet):
            yield Finding(
                passage.path,
                f"the text says {match[1]}, and the sheet states {field.stated}",
                f"correct whichever is wrong: this sentence, or `{field.path[-1]}`",
                related=((field.path, field.stated),),
                word=match[1],
            )


def _fields(sheet: SheetFields) -> Iterator[_Field]:
    if sheet.parameters is not None:
        yield from _parameters(sheet.parameters.parameters)
    if sheet.model_architecture is not None and sheet.model_architecture.transformer_encoder is not None:
        yield from _of_encoder(sheet.model_architecture.transformer_encoder)
    if sheet.performance is not None:
        yield from _refresh(sheet.performance.refresh_interval)


def _parameters(fact: Fact | None) -> Iterator[_Field]:
    stated = fact.quantity if fact is not None else None
    if stated is None:
        return
    yield _Field(
        path=("parameters", "parameters"),
        stated=stated.text,
        signs=("parameter",),
        reach=(40, 12),
        pattern=r"(?<![\d.,-])(\d[\d,]*(?:\.\d+)?[\s-]?(?:million|billion|[MB])[\s-](?:trainable\s)?parameters?)\b",
        agrees=lambda words: _overlaps(
            "approx. " + re.sub(r"[\s-]*(?:trainable\s)?parameters?$", "", words), "count", stated
        ),
    )


def _of_encoder(encoder: TransformerEncoder) -> Iterator[_Field]:
    path = ("model_architecture", "transformer_encoder")
    layers, heads = encoder.layers.whole, encoder.heads.whole
    if layers is not None:
        adjective = r"(?:identical\s|stacked\s)?"
        yield _Field(
            path=(*path, "layers"),
            stated=str(layers),
            signs=("layers", "blocks"),
            reach=(64, 8),
            pattern=rf"(?i)\b((?:(?:has|have|contains?|comprises)\s{_NUMBER}\s{adjective}"
            rf"|{_NUMBER}\s{adjective}(?:transformer|encoder)\s)(?:transformer\s|encoder\s)?(?:layers|blocks))\b",
            agrees=lambda words: _number(words) in {layers, None},
        )
    if heads is not None:
        allowed = {heads, None, heads * layers if layers is not None else None}
        yield _Field(
            path=(*path, "heads"),
            stated=str(heads),
            signs=("heads",),
            reach=(40, 8),
            pattern=rf"(?i)\b({_NUMBER}\s(?:self-)?attention\sheads)\b",
            agrees=lambda words: _number(words) in allowed,
        )


def _refresh(fact: Fact | None) -> Iterator[_Field]:
    stated = fact.quantity if fact is not None else None
    if stated is None:
        return

    def agrees(words: str) -> bool:
        number, unit = _number(words), words.rsplit(maxsplit=1)[-1]
        if words.split()[1] in re.findall(r"[\d.]+", stated.text):
            return True  # the same digits with another unit are reported by FS606
        return _overlaps(f"approx. {number} {unit}", "time", stated)

    yield _Field(
        path=("performance", "refresh_interval"),
        stated=stated.text,
        signs=("every",),
        reach=(90, 30),
        pattern=r"(?i)\b(?:re-?program\w*|refresh\w*|(?:program\w*|written) again)\b[^.\0]{0,60}?"
        rf"\b(every\s{_NUMBER}\s(?:hour|day|week|month|year)s)\b",
        agrees=agrees,
    )


def _number(words: str) -> int | None:
    match = re.search(rf"(?i)\b{_NUMBER}\b", words)
    if match is None:
        return None
    found = match[1].casefold()
    return int(found) if found.isdigit() else _COUNTS[_COUNTED.split().index(found)]


def _overlaps(text: str, dimension: str, stated: Quantity) -> bool:
    """Return whether a figure in words can be the stated one; one that cannot be read is taken to be."""
    try:
        return parse_quantity(text.replace("-", " "), dimension).meant.overlaps(stated.meant)
    except QuantityError:
        return True


RULE = Rule(
    "FS607",
    "prose-figure-against-field",
    "warning",
    "a sentence that was not updated with its field misinforms half of the readers",
    _check,
)
