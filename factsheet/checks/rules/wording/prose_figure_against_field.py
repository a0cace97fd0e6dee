"""The text gives another figure than the field that states it.

What it does: searches the text for figures, in digits or in words, with the noun or the unit that they count, where the
sheet has a field for them: layers, heads, parameters, weights, devices, tiles and their size, pixels, classes, tasks,
tokens and batches that the hardware is designed for, bits of converters, images to train and to test on, the process
node, the interval of re-programming, time, power, energy and area, the year of the data. They are compared as fields
are, with their written digits and "about" or "up to". Sentences about other models, parts of this one, plans, the past,
or what might be are ignored.

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
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.prose import BREAK, matches_near, prose_of
from factsheet.checks.rule import Rule
from factsheet.checks.rules.wording.own_statements import as_it_is, clause_at, of_the_whole, of_this_model
from factsheet.checks.rules.wording.repeated_fields import subjects
from factsheet.checks.rules.wording.repeated_sizes import pair_subjects
from factsheet.checks.rules.wording.stated_measures import measures, years, years_of_data
from factsheet.checks.rules.wording.unit_in_prose import DISTINCTIVE, digits_of
from factsheet.checks.rules.wording.written_figures import counted, following
from factsheet.errors import QuantityError
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.claims import Claim
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.checks.prose import Passage, SheetProse
    from factsheet.checks.rule import RuleContext
    from factsheet.checks.rules.wording.repeated_fields import RepeatedFigure
    from factsheet.checks.rules.wording.repeated_sizes import PairSubject
    from factsheet.checks.rules.wording.written_figures import WrittenFigure
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_KINDS = frozenset({"prose", "note", "metric"})
_REFRESH = (
    r"(?i)\b(?:re-?program\w*|refresh\w*|(?:program\w*|written) again)\b[^.;\0]{0,60}?"
    r"\b(every (?:[\w-]+ )?(?:hour|day|week|month|year)s?)\b"
)
_NODE = (
    r"(?<![\w.,-])(\d{1,3})([\s-]?)nm\b(?!\s*(?:thick|wide|wavelength|laser|light|tall|gate|spacing|pitch))"
)
_PRESUPPOSED = r"\b(?:for all|(?:of|all) (?:the|its))$"
"""Words before a figure that take it for granted, whatever the sentence says: `any of the 12 heads may …`."""
_SIZE = r"(?<![\w.])\d+(?:\.\d+)?(?:[MB]\b| ?[mb]illion\b)(?=[ -](?:\w+ )?param|,|\)| and)"
"""How a list of sizes goes: a sentence with two of them is about two models."""
_ROW = 200
_LEAST_SIDE = 8
"""Fewer rows or columns are those of a grid of tiles, not of a tile."""
_ANOTHER_MEASURE = (
    r"(?i)\b(?:per|each|cores?|tiles?|idle|sleep\w*|standby|leak\w*|peak|load\w*|program\w*|train\w*|calibrat\w*|boot\w*"
    r"|compil\w*|start\w*|read-?out|wait\w*|converters?|ADCs?|DACs?|layers?|columns?|rows?|cycles?|operations?)\b"
)
"""Words of a sentence about a part of the thing measured, or about something else that takes time or power."""
_FEW = 6
"""With more figures of a dimension, a sentence may be about something between them."""
_SOME = r"(?i)\b(?:more|last|first|second|some|few|two|three|others?) (?:\w+ )?tiles\b"
_OF_WINDOWS = r"\b(?:patch|window|kernel|filter|crop|grid|feature map)"
_ANOTHER_CHIP = r"(?i)\b(?:GPUs?|CPUs?|TPUs?|DRAM|SRAM|digital|scal\w+|port\w+|host|memory)\b"


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet, prose = context.sheet, prose_of(context.sheet)
    told: set[int] = set()
    checks = (_figures, _pairs, _nodes, _intervals, _measures, _years)
    for found in (one for check in checks for one in check(prose, sheet)):
        start, finding = found
        if start not in told:
            told.add(start)
            yield finding
    yield from _points(sheet)


def _figures(prose: SheetProse, sheet: SheetFields) -> Iterator[tuple[int, Finding]]:
    for subject in subjects(sheet):
        repeated = list(_mentions(subject, prose))
        agreeing = [figure for figure in repeated if _agrees(subject, figure.quantity)]
        for figure in repeated:
            if figure in agreeing or not _is_about(subject, figure, prose, sheet):
                continue
            clause = clause_at(prose.text, figure.start, figure.end)
            if any(prose.text[other.start : other.end] in clause.sentence for other in agreeing):
                continue  # it says what the field says, and something else besides
            written = _words(prose, figure.start, figure.end)
            yield figure.start, _finding(prose.at(figure.start), written, _related(subject.claims))


def _mentions(subject: RepeatedFigure, prose: SheetProse) -> Iterator[WrittenFigure]:
    for noun in subject.nouns:
        for figure in counted(prose.text, noun):
            if not figure.pair and (subject.free or subject.between.issuperset(figure.between)):
                yield figure
    for words in subject.openings:
        yield from (figure for figure in following(prose.text, words) if not figure.pair)


def _agrees(subject: RepeatedFigure, figure: Quantity) -> bool:
    """Return whether a figure in a text is what one of the fields says."""
    if subject.ends:
        return any(_same_ends(claim, figure) for claim in subject.claims)
    rounded = _widened(figure) if not figure.exact else figure
    return any(judge(claim, figure.value, reach=rounded.meant).fits for claim in subject.claims)


def _widened(figure: Quantity) -> Quantity:
    """Return a figure that is said in millions with the last digit as people mean it: `340 million` for 335.1."""
    if figure.approximate or figure.kind != "point":
        return figure
    try:
        return parse_quantity(f"about {figure.text}", figure.dimension)
    except QuantityError:
        return figure


def _same_ends(claim: Claim, figure: Quantity) -> bool:
    low, high = claim.quantity.low, claim.quantity.high
    ends = [(figure.high, high)] if figure.kind != "point" else [(figure.value, high)]
    if figure.kind == "range":
        ends.append((figure.low, low))
    return all(judge(_end(claim, end), value).fits for value, end in ends)


def _end(claim: Claim, value: float) -> Claim:
    return Claim(path=claim.path, quantity=parse_quantity(f"{value:.0f}", claim.quantity.dimension))


def _is_about(subject: RepeatedFigure, figure: WrittenFigure, prose: SheetProse, sheet: SheetFields) -> bool:
    """Return whether a figure is certainly the one that the fields state."""
    if figure.quantity.value < subject.least:
        return False
    before = " ".join(figure.before)
    passage = prose.at(figure.start)
    if subject.before and not re.search(subject.before, before):
        return False
    if not _is_text(passage) or passage.section in subject.without:
        return False
    if subject.within and passage.section not in subject.within:
        return False
    clause = clause_at(prose.text, figure.start, figure.end)
    if subject.clause and not re.search(subject.clause, clause.sentence):
        return False
    if subject.unless and re.search(subject.unless, clause.text):
        return False
    if _in_table(prose.text, figure) or len(set(re.findall(_SIZE, clause.sentence))) > 1:
        return False
    certain = re.search(_PRESUPPOSED, before) or ((subject.part or of_the_whole(clause)) and as_it_is(clause))
    return bool(certain) and of_this_model(clause, sheet)


def _in_table(text: str, figure: WrittenFigure) -> bool:
    """Return whether a figure is in a heading, in a row of a table, or in two lines of which one is a row."""
    start, end = text.rfind("\n", 0, figure.start) + 1, text.find("\n", figure.end)
    line = text[max(start, figure.start - _ROW) : min(end if end >= 0 else len(text), figure.end + _ROW)]
    return "|" in line or line.rpartition(BREAK)[2].lstrip().startswith("#")


def _is_text(passage: Passage) -> bool:
    """Return whether a passage makes statements, and is no name, reason or caption."""
    return passage.kind in _KINDS or passage.field[-1] == "split"


def _pairs(prose: SheetProse, sheet: SheetFields) -> Iterator[tuple[int, Finding]]:
    for subject in pair_subjects(sheet):
        for figure in _mentioned_pairs(subject, prose):
            clause, passage = clause_at(prose.text, figure.start, figure.end), prose.at(figure.start)
            fits = figure.pair in subject.pairs or figure.pair[0] * figure.pair[1] in subject.products
            small = (
                min(figure.pair) < _LEAST_SIDE or re.search(_OF_WINDOWS, " ".join(figure.before)) is not None
            )
            if fits or small or not _is_text(passage):
                continue
            some = re.search(_SOME, clause.text) is not None
            if not some and as_it_is(clause) and of_this_model(clause, sheet):
                written = _words(prose, figure.start, figure.end)
                yield figure.start, _finding(passage, written, ((subject.path, subject.stated),))


def _mentioned_pairs(subject: PairSubject, prose: SheetProse) -> Iterator[WrittenFigure]:
    for noun in subject.nouns:
        yield from (
            figure for figure in counted(prose.text, noun) if len(figure.pair) > 1 and not figure.between
        )
    for words in subject.openings:
        yield from (figure for figure in following(prose.text, words) if len(figure.pair) > 1)


def _nodes(prose: SheetProse, sheet: SheetFields) -> Iterator[tuple[int, Finding]]:
    chip = sheet.hardware.inference if sheet.hardware is not None else None
    stated = chip.node.quantity if chip is not None and chip.node is not None else None
    if stated is None:
        return
    claim = Claim(path=("hardware", "inference", "node"), quantity=stated)
    for match in matches_near(prose.text, ("nm",), _NODE, (8, 20)):
        passage, clause = prose.at(match.start()), clause_at(prose.text, match.start(), match.end())
        value = parse_quantity(f"{match[1]} nm", stated.dimension).value
        named = passage.field in {
            ("overview", "name"),
            ("overview", "model"),
            ("hardware", "inference", "chip"),
        }
        if judge(claim, value).fits or (passage.kind not in _KINDS and not named):
            continue
        if named or (
            as_it_is(clause)
            and of_this_model(clause, sheet)
            and not re.search(_ANOTHER_CHIP, clause.sentence)
        ):
            yield match.start(), _finding(passage, match[0], ((claim.path, stated.text),))


def _intervals(prose: SheetProse, sheet: SheetFields) -> Iterator[tuple[int, Finding]]:
    fact = sheet.performance.refresh_interval if sheet.performance is not None else None
    stated = fact.quantity if fact is not None else None
    if stated is None:
        return
    claim = Claim(path=("performance", "refresh_interval"), quantity=stated)
    for match in matches_near(prose.text, ("every",), _REFRESH, (90, 30)):
        meant = _interval(match[1])
        passage, clause = prose.at(match.start(1)), clause_at(prose.text, match.start(1), match.end(1))
        if meant is None or passage.kind not in _KINDS:
            continue
        digits = re.search(r"\d[\d.]*", match[1])
        if digits is not None and digits[0] in re.findall(r"[\d.]+", stated.text):
            continue  # the same digits with another unit are reported by FS606
        others = [_interval(other[1]) for other in re.finditer(_REFRESH, clause.sentence)]
        fits = [
            judge(claim, other.value, reach=other.meant).fits
            for other in (meant, *others)
            if other is not None
        ]
        conditions = re.search(r"(?i)\bat \d|\bin the first\b|\bwhere\b", clause.sentence)
        if not any(fits) and conditions is None and of_this_model(clause, sheet) and as_it_is(clause):
            yield match.start(1), _finding(passage, match[1], ((claim.path, stated.text),))


def _interval(words: str) -> Quantity | None:
    """Read `every four weeks`, or `every month`."""
    number = next(following(f"{words} ", "every"), None)
    unit = words.rsplit(maxsplit=1)[-1]
    try:
        return parse_quantity(f"{number.quantity.text if number else 1} {unit.rstrip('s')}s", "time")
    except QuantityError:
        return None


def _points(sheet: SheetFields) -> Iterator[Finding]:
    """Compare what an operating point is called with its own length and batch."""
    given = (sheet.parameters.operating_points or ()) if sheet.parameters is not None else ()
    for index, point in enumerate(given):
        path: KeyPath = ("parameters", "operating_points", index)
        batch = point.batch if isinstance(point.batch, int) else None
        for number, field, nouns, openings in (
            (point.seq_len, "seq_len", ("tokens",), ("sequence length",)),
            (batch, "batch", ("sequences", "images"), ("batch of", "batch size of")),
        ):
            text = point.name or ""
            figures = [figure for noun in nouns for figure in counted(text, noun) if not figure.between]
            figures += [figure for words in openings for figure in following(text, words)]
            for figure in figures[:1] if number is not None else ():
                claim = Claim(path=(*path, field), quantity=parse_quantity(str(number), "count"))
                if not judge(claim, figure.quantity.value, reach=figure.quantity.meant).fits:
                    written = text[figure.start : figure.end]
                    yield Finding(
                        (*path, "name"),
                        f"the text says {written}, and the sheet states {number}",
                        f"correct whichever is wrong: this name, or `{field}`",
                        related=((claim.path, str(number)),),
                        word=written,
                    )


def _measures(prose: SheetProse, sheet: SheetFields) -> Iterator[tuple[int, Finding]]:
    """Compare measures that the text states of the chip with every figure of the same dimension."""
    stated = [(quantity, held) for _, quantity, held in prose.figures()]
    for measure in measures(prose, frozenset(quantity.dimension for quantity, _ in stated)):
        passage, end = prose.at(measure.start), measure.start + len(measure.written)
        clause = clause_at(prose.text, measure.start, end)
        claims = [
            Claim(path=(*held[0], held[1]), quantity=quantity)
            for quantity, held in stated
            if quantity.dimension == measure.quantity.dimension
        ]
        reach = measure.quantity.meant
        if any(judge(claim, measure.quantity.value, reach=reach).fits for claim in claims):
            continue
        another = re.search(_ANOTHER_CHIP, clause.sentence) or re.search(_ANOTHER_MEASURE, clause.sentence)
        if passage.kind in _KINDS and not another and of_the_whole(clause) and as_it_is(clause):
            own = [
                claim
                for claim in claims
                if claim.path[0] in {"parameters", "performance", "inference_methodology"}
            ]
            digits, distinctive = digits_of(measure.written)
            if distinctive > DISTINCTIVE and any(
                digits_of(claim.quantity.text)[0] == digits for claim in own
            ):
                continue  # the same digits with another unit are reported by FS606
            if own and of_this_model(clause, sheet) and len(own) <= _FEW:
                yield measure.start, _finding(passage, measure.written, _related(own))


def _years(prose: SheetProse, sheet: SheetFields) -> Iterator[tuple[int, Finding]]:
    """Compare the year that data are said to be from with the years of their references."""
    known = years_of_data(sheet)
    for start, written, year in years(prose) if known else ():
        passage, clause = prose.at(start), clause_at(prose.text, start, start + len(written))
        if year not in known and passage.kind in _KINDS and of_this_model(clause, sheet):
            related = tuple((path, str(stated)) for stated, path in known.items())
            yield start, _finding(passage, written, related)


def _words(prose: SheetProse, start: int, end: int) -> str:
    return prose.text[start:end]


def _related(claims: Iterable[Claim]) -> tuple[tuple[KeyPath, str], ...]:
    return tuple((claim.path, claim.quantity.text) for claim in claims)


def _finding(passage: Passage, written: str, related: tuple[tuple[KeyPath, str], ...]) -> Finding:
    stated = " and ".join(dict.fromkeys(text for _, text in related))
    fields = " or ".join(dict.fromkeys(f"`{_field(path)}`" for path, _ in related))
    return Finding(
        passage.path,
        f"the text says {written}, and the sheet states {stated}",
        f"correct whichever is wrong: this sentence, or {fields}",
        related=related,
        word=written,
    )


def _field(path: KeyPath) -> str:
    return next(str(part) for part in reversed(path) if isinstance(part, str))


RULE = Rule(
    "FS607",
    "prose-figure-against-field",
    "warning",
    "a sentence that was not updated with its field misinforms half of the readers",
    _check,
)
