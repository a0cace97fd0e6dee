"""The text contradicts the result table that it sums up.

What it does: compares what sentences say of scores with the tables: how many points the analog system is below or
above the digital one, on average or on a task that is named; the tasks that it is ahead or behind on, and how many;
the scores between which accuracy falls or rises; a score on a task that is named; the smallest and the largest task;
how many classes a task has. Differences may be in points or relative. Sentences about other models, other conditions,
plans or the past are ignored.

Why it matters: the sentence is what most readers remember of the table.

Fails:
    performance:
      summary: The chip is ahead on CoLA.
      results:
        - name: GLUE
          systems: [{id: gpu, name: GPU, kind: digital}, {id: chip, name: Chip, kind: analog}]
          tasks: [{task: CoLA, scores: {gpu: 55.65 %, chip: 52.10 %}}]

Passes:
    performance:
      summary: The chip is behind on CoLA.
      results:
        - name: GLUE
          systems: [{id: gpu, name: GPU, kind: digital}, {id: chip, name: Chip, kind: analog}]
          tasks: [{task: CoLA, scores: {gpu: 55.65 %, chip: 52.10 %}}]

How to fix: correct whichever of the two is wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Finding
from factsheet.checks.prose import matches_near, prose_of
from factsheet.checks.rule import Rule
from factsheet.checks.rules.wording.own_statements import as_it_is, clause_at, of_this_model
from factsheet.checks.rules.wording.stated_scores import StatedScores
from factsheet.checks.rules.wording.written_figures import counted
from factsheet.errors import QuantityError
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.prose import Passage, SheetProse
    from factsheet.checks.rule import RuleContext
    from factsheet.checks.rules.wording.stated_scores import ScorePair
    from factsheet.quantities.interval import Interval
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_ABOVE, _BELOW = ("above", "higher", "more", "over"), ("below", "lower", "less", "under")
_BETTER = ("ahead", "better", "outperforms", "outperform", "beats", "exceeds", "gains", "improves", "wins")
_WORSE = ("behind", "worse", "loses", "lose", "trails", "lags", "drops", "degrades")
_UNITS = r"(?:%|percent\b|per cent\b|percentage points?\b|points?\b|pp\b)"
_FIGURE = r"(?<![\w.,-])((?:about |approx\. |only |nearly |almost |~ ?)?\d[\d,]*(?:\.\d+)?)"
_DIFFERENCE = (
    rf"(?i){_FIGURE} ?({_UNITS})(?: (?:points|absolute|in accuracy))?"
    r" (below|above|lower|higher|less|more|worse|better|behind|ahead)\b"
)
_LOSS = rf"(?i)\b(loses|drops by|falls by|is down by|gains|improves by|rises by) {_FIGURE} ?({_UNITS})"
_FROM_TO = (
    r"(?i)\b(?:fall|drop|rise|decrease|increase|go|decline|improve|degrade)e?s?"
    rf" from {_FIGURE} ?(?:%|percent)? to {_FIGURE}(?: ?%| percent)?"
)
_SCORED = (
    rf"(?i)\b(?:reach(?:es)?|achieves?|scores?|accuracy of|F1 of|gets|attains?) {_FIGURE} ?(%|percent\b)"
)
_CONDITION = (
    r"(?i)\d ?°|\b(?:without|when|where|if|after|noise|noisy|drift\w*|days?|weeks?|hours?|months?|years?"
    r"|recalibrat\w+|bits?|SNR|dB|seeds?|relative|ideal|simulat\w+ of|calibration|temperature|worst|best"
    r"|at most|at least|up to|more than \d|less than \d|within)\b"
)
"""Words of a sentence about other conditions than those of the table, or that give a bound."""
_DIGITAL = r"(?i)\b(?:digital|floating[- ]point|baseline|reference|GPUs?|software|FP32|FP16)\b"
_ANALOG = r"(?i)\b(?:analog|analogue|chip|hardware|tiles|crossbars?|in-memory|it|model|network)\b"
_SIGNS = (*_ABOVE[:2], *_BELOW[:2], *_BETTER, *_WORSE)
"""Without "more", "over", "less" and "under", which mostly say something else."""
_ENDS_A_LIST = r"[;.:](?:\s|$)|,? (?:but|while|whereas|except|and (?:it|the)|yet|although|though)\b|\0"


class _Claimed(NamedTuple):
    """A difference that a text claims."""

    start: int
    end: int
    figure: str
    unit: str
    word: str


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet, prose = context.sheet, prose_of(context.sheet)
    yield from _extremes(prose, sheet)
    scores = StatedScores(sheet)
    if not scores.tables:
        return
    yield from _differences(prose, sheet, scores)
    yield from _leads(prose, sheet, scores)
    yield from _ends(prose, sheet, scores)
    yield from _classes(prose, scores)


def _differences(prose: SheetProse, sheet: SheetFields, scores: StatedScores) -> Iterator[Finding]:
    signs = ("below", "above", "lower", "higher", "less", "more", "worse", "better", "behind", "ahead")
    claimed = [
        _Claimed(match.start(), match.end(), match[1], match[2], match[3].casefold())
        for match in matches_near(prose.text, signs, _DIFFERENCE, (40, 8))
    ]
    verbs = ("loses", "drops by", "falls by", "is down by", "gains", "improves by", "rises by")
    claimed += [
        _Claimed(match.start(2), match.end(), match[2], match[3], match[1].casefold())
        for match in matches_near(prose.text, verbs, _LOSS, (0, 40))
    ]
    for claim in claimed:
        sentence, passage = clause_at(prose.text, claim.start, claim.end).sentence, prose.at(claim.start)
        if passage.kind not in {"prose", "note"} or re.search(_CONDITION, sentence):
            continue
        meant = _share(claim.figure)
        tasks = scores.named_in(sentence)
        about_average = re.search(r"(?i)\b(?:average[ds]?|mean|overall)\b", sentence) is not None
        if meant is None or not (tasks or about_average or re.search(_DIGITAL, sentence)):
            continue
        pairs = scores.of_tasks(tasks) if tasks else scores.averages if about_average else scores.all
        relative = claim.unit.strip() in {"%", "percent", "per cent"}
        fitting = [pair for pair in pairs if pair.may_differ_by(meant, relative=relative)]
        right = bool(fitting) and (
            bool(tasks) or not all(_against(claim, pair, sentence) for pair in fitting)
        )
        # Most differences are right, so that whose they are is asked last.
        if right or not pairs or not _is_own(prose, claim, sheet):
            continue
        if not fitting:
            words = prose.text[claim.start : claim.end]
            yield _finding(passage, words, _nearest(pairs, meant), "the table has {stated}")
        else:
            yield _finding(passage, claim.word, fitting[0], "in the table it is {direction} by {stated}")


def _is_own(prose: SheetProse, claim: _Claimed, sheet: SheetFields) -> bool:
    clause = clause_at(prose.text, claim.start, claim.end)
    return as_it_is(clause._replace(text=clause.text.replace(claim.word, ""))) and of_this_model(
        clause, sheet
    )


def _nearest(pairs: list[ScorePair], meant: Interval) -> ScorePair:
    return min(pairs, key=lambda pair: abs(abs(pair.difference) - meant.midpoint))


def _against(claim: _Claimed, pair: ScorePair, sentence: str) -> bool:
    """Return whether the table has the difference the other way round."""
    before = sentence.partition(claim.word)[0]
    digital_first = _subject(before) == "digital"
    word = claim.word.split()[0]
    if word in _BELOW or word in {"falls", "is"}:
        ahead = pair.difference > 0
    elif word in _ABOVE or word == "rises":
        ahead = pair.difference < 0
    else:
        worse = word in _WORSE
        ahead = pair.better is not None and pair.better == worse
    clear = not pair.meant.contains(0.0)
    return clear and ahead != digital_first


def _subject(before: str) -> str:
    """Return whether what is ahead or behind is the digital system; the analog one where nothing says so."""
    digital = [match.start() for match in re.finditer(_DIGITAL, before)]
    analog = [match.start() for match in re.finditer(_ANALOG, before)]
    if not digital:
        return "analog"
    return "digital" if not analog or max(digital) > max(analog) else "analog"


def _share(figure: str) -> Interval | None:
    number = re.sub(r"^\D+", "", figure)
    about = "about " if figure[:1] in "an~" or figure.startswith("about") else ""
    try:
        return parse_quantity(f"{about}{number} %", "ratio").meant
    except QuantityError:
        return None


def _leads(prose: SheetProse, sheet: SheetFields, scores: StatedScores) -> Iterator[Finding]:
    """Compare lists of tasks that one system is ahead on."""
    pattern = rf"(?i)\b({'|'.join(_SIGNS)})\b[^.;:,\0]{{0,40}}?\b(?:on|for|in)\b"
    for match in matches_near(prose.text, _SIGNS, pattern, (0, 60)):
        rest = prose.text[match.end() : match.end() + 160]
        rest = rest[: stop.start()] if (stop := re.search(_ENDS_A_LIST, rest)) else rest
        passage, clause = prose.at(match.start()), clause_at(prose.text, match.start(), match.end())
        between = match[0][len(match[1]) :]
        signs = set(_SIGNS).intersection(between.casefold().split())
        if (
            passage.kind not in {"prose", "note"}
            or re.search(_CONDITION, clause.sentence)
            or re.search(r"\d", between)
            or signs
        ):
            continue
        if not of_this_model(clause, sheet) or not as_it_is(clause._replace(text=between)):
            continue
        subject = _subject(clause.sentence.partition(match[1])[0])
        ahead = (match[1].casefold() in (*_ABOVE, *_BETTER)) == (subject == "analog")
        literal = match[1].casefold() in (*_ABOVE, *_BELOW)
        tasks = scores.named_in(rest)
        wrong = [
            (task, pair) for task in tasks if (pair := scores.clearly(task, ahead=not ahead, literal=literal))
        ]
        for task, pair in wrong:
            yield _finding(passage, task, pair, "in the table it is {direction} there by {stated}")
        numbers = [
            figure
            for noun in ("of", "of them", "tasks")
            for figure in counted(f"{rest} ", noun)
            if noun == "tasks" or not figure.between
        ]
        if not wrong and numbers:
            written = rest[numbers[0].start : numbers[0].end]
            number = int(numbers[0].quantity.value)
            yield from _number(passage, number, scores, ahead=ahead, written=written)


def _number(
    passage: Passage, number: int, scores: StatedScores, *, ahead: bool, written: str
) -> Iterator[Finding]:
    """Compare the number of tasks that one system is ahead on."""
    found = scores.count(ahead=ahead)
    if (
        found is None
        or written.split(maxsplit=1)[0].casefold() in {"all", "the", "both"}
        or number in found.allowed
    ):
        return
    word = "ahead" if ahead else "behind"
    yield Finding(
        passage.path,
        f"the text says {written}, and in the table it is {word} on {found.least}",
        "correct whichever is wrong: this sentence, or the table",
        related=((found.path, f"{word} on {found.least}"),),
        word=written,
    )


def _ends(prose: SheetProse, sheet: SheetFields, scores: StatedScores) -> Iterator[Finding]:
    """Compare scores that sentences state."""
    found: list[tuple[int, int, str]] = []
    for match in matches_near(prose.text, (" from ",), _FROM_TO, (12, 40)):
        found += [(match.start(1), match.end(1), match[1]), (match.start(2), match.end(2), match[2])]
    signs = ("reach", "achieve", "score", "accuracy of", "F1 of", "gets", "attain")
    for match in matches_near(prose.text, signs, _SCORED, (0, 40)):
        found.append((match.start(1), match.end(1), match[1]))
    for start, end, figure in found:
        passage, clause = prose.at(start), clause_at(prose.text, start, end)
        tasks = scores.named_in(clause.sentence)
        meant = _share(figure)
        if meant is None or passage.kind not in {"prose", "note"} or passage.section not in _OF_RESULTS:
            continue
        known = scores.values(tasks) if tasks else scores.every_value
        plain = meant.scaled(100.0)  # without a percent sign it may be no share
        if (
            not known
            or any(value.overlaps(meant) or value.overlaps(plain) for value, _, _ in known)
            or re.search(_CONDITION, clause.sentence)
        ):
            continue
        if as_it_is(clause) and of_this_model(clause, sheet):
            nearest = min(known, key=lambda value: abs(value[0].midpoint - meant.midpoint))
            yield Finding(
                passage.path,
                f"the text says {figure}, and the nearest score that the sheet states is {nearest[2]}",
                "correct whichever is wrong: this sentence, or the score",
                related=((nearest[1], nearest[2]),),
                word=figure,
            )


_OF_RESULTS = frozenset({"performance", "overview", "purpose", "hwa_training", "limitations", "robustness"})


_SAYS_OF_IT = tuple(
    f"{comma} {which}{verb} " for comma in ("", ",") for which in ("", "which ") for verb in ("has", "with")
)


def _classes(prose: SheetProse, scores: StatedScores) -> Iterator[Finding]:
    for task, (classes, path) in scores.classes.items():
        pattern = (
            rf"(?<![\w-]){re.escape(task)},? (?:which )?(?:has|with) ([\w-]+)(?: classes)?(?=[.,;)]| and|$)"
        )
        signs = (f"{task}{says}" for says in _SAYS_OF_IT)  # a table may have a thousand tasks
        for match in matches_near(prose.text, signs, pattern, (0, len(task) + 40)):
            number = next(counted(f"{match[1]} classes", "classes"), None)
            passage = prose.at(match.start())
            if number is None or number.quantity.value == classes or passage.kind != "prose":
                continue
            yield Finding(
                passage.path,
                f"the text says {match[1]}, and in the table {task} has {classes} classes",
                "correct whichever is wrong: this sentence, or `classes`",
                related=((path, str(classes)),),
                word=match[0],
            )


def _extremes(prose: SheetProse, sheet: SheetFields) -> Iterator[Finding]:
    """Compare `the smallest, RTE,` with the fields of the data."""
    for section in ("training_data", "test_data"):
        data = getattr(sheet, section)
        for field in ("smallest", "largest"):
            fact = getattr(data, field) if data is not None else None
            stated = fact.text if fact is not None else None
            tasks = data.tasks.items if data is not None and data.tasks else ()
            if stated is None or (section == "test_data" and sheet.training_data is not None):
                continue
            pattern = rf"\b[Tt]he {field}(?: task| of them| one)?(?:,| is| \() ?([\w-]+)"
            for match in matches_near(prose.text, (field,), pattern, (6, 60)):
                passage = prose.at(match.start())
                if match[1] in tasks and match[1] != stated and passage.kind in {"prose", "note"}:
                    yield Finding(
                        passage.path,
                        f"the text calls {match[1]} the {field}, and the sheet states {stated}",
                        f"correct whichever is wrong: this sentence, or `{field}`",
                        related=(((section, field), stated),),
                        word=match[1],
                    )


def _finding(passage: Passage, word: str, pair: ScorePair, says: str) -> Finding:
    direction = "above" if pair.difference > 0 else "below"
    message = says.format(stated=pair.text, direction=direction)
    related: tuple[tuple[KeyPath, str], ...] = tuple(
        (path, f"{pair.name}: {pair.scores}") for path in pair.paths
    )
    return Finding(
        passage.path,
        f"the text says {word}, and {message}" + (f" on {pair.name}" if "there" not in says else ""),
        "correct whichever is wrong: this sentence, or the table",
        related=related,
        word=word,
    )


RULE = Rule(
    "FS608",
    "prose-against-table",
    "warning",
    "the sentence is what most readers remember of the table",
    _check,
)
