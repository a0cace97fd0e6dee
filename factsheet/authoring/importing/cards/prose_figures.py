"""Find what a card says in the middle of a sentence and fields ask for: scores, how it was trained, what it is not for.

Nobody can tell which model and which data a sentence is about, so that it is listed with its line, or asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.authoring.importing.cards.headings import (
    field_of,
    holds_recipe,
    mixes_limits,
    title_of,
    trains,
)
from factsheet.authoring.importing.cards.prose import LINE, paragraph
from factsheet.authoring.importing.collected import path_of
from factsheet.quantities.metrics import metric_named, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.authoring.importing.cards.blocks import CardBlock, CardSection
    from factsheet.authoring.importing.collected import Collected
    from factsheet.authoring.importing.tables.raw_score import RawScore

_SENTENCE = re.compile(r"(?:[^.!?]|[.!?](?!\s|$))+[.!?]?")
_LONGEST = 20_000
"""Characters of a block that are looked at."""
_NUMBER = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:\.\d{1,4}\s?%?|\s?%))(?![\w/]|\.\d)")
_TRAINED = re.compile(r"(?i)\b(?:pre-?|fine-?)?(?:trained|tuned|training)\b")
_OF_TRAINING = re.compile(  # hours alone could be those of recorded speech
    r"(?i)\b(?:for|in|took|over|within)\s+(?:about\s+|~\s?)?\d[\d,.]*\s*(?:h|hours?|days?|minutes|min)\b"
    r"|\d[\d,.]*\s?k?\s*(?:epochs?|steps|gpus?|tpus?)\b"
    r"|\b(?:batch size|learning rate|lr)\s*(?:of|=|:)?\s*\d|\b(?:A100|H100|V100|A10G?|L4|T4|RTX|TPU ?v\d)\b"
)
_NOT_FOR = re.compile(
    r"(?i)\b(?:do not use|don['’]t use|(?:should|must) not be used|not (?:intended|suitable|meant|suited) for)\b"
)
_SCORE = "a score in a sentence: state it in `performance.results` (`factsheet fields performance.results`)"
_RUN = "figures of a training in a sentence: state them in `training` and `hardware.training`"


def leave_figures(
    collected: Collected, sections: Sequence[CardSection], offset: int, scores: Sequence[RawScore]
) -> None:
    """List scores and figures of training that stand in sentences, and ask for what is said to be no use of it.

    Args:
        collected: what the card gave.
        sections: of what is behind the front matter.
        offset: lines above the body.
        scores: those that were read; a sentence that repeats one says nothing new.
    """
    known = {round(score.number * factor, 6) for score in scores for factor in (1, 100, 0.01)}
    for section in sections:
        title = title_of(section.heading)
        told = trains(title) or holds_recipe(title)
        limits = mixes_limits(title) or field_of(title) in {"purpose.out_of_scope", "limitations.known"}
        for block in section.blocks:
            for sentence, line in _sentences(block):
                where = f"{collected.name}:{offset + line + 1}"
                for score in _scores(sentence, known):
                    collected.leave(where, score, _SCORE)
                if not told and _TRAINED.search(sentence) and _OF_TRAINING.search(sentence):
                    collected.leave(where, sentence, _RUN)
                if not limits and _NOT_FOR.search(sentence) and len(sentence) <= LINE:
                    _ask_limit(collected, where, sentence)


def _sentences(block: CardBlock) -> Iterator[tuple[str, int]]:
    """Yield the sentences of a paragraph and the lines of a list, each with the line that it begins on."""
    text = block.text[:_LONGEST]
    if block.kind == "list":
        lines = enumerate(text.split("\n"), block.line)
        yield from ((paragraph(line, laid_out=False).lstrip("-*+ "), number) for number, line in lines)
    elif block.kind == "text":
        for found in _SENTENCE.finditer(text):
            begin = found.start() + len(found[0]) - len(found[0].lstrip())
            yield paragraph(found[0], laid_out=False), block.line + text.count("\n", 0, begin)


def _scores(sentence: str, known: set[float]) -> Iterator[str]:
    """Yield the numbers of a sentence that stand beside a metric: `WER 38.2`, `21.4 CER`, `an accuracy of 91.3 %`."""
    for found in _NUMBER.finditer(sentence):
        if round(float(found[1].rstrip(" %")), 6) in known:
            continue
        before = [one for one in plain(sentence[: found.start()][-80:]).split() if one not in _BETWEEN]
        after = [one for one in plain(sentence[found.end() :][:80]).split() if one not in _BETWEEN]
        for words in (before[-1:], before[-2:], before[-3:], after[:1], after[:2], after[:3]):
            metric = metric_named(" ".join(words)) if words else None
            if metric is not None and metric.share is not None:
                yield f"{metric.name} {found[1]}"
                break


_BETWEEN = frozenset({"of", "is", "was", "at", "to", "about", "an", "a", "the", "in", "reaches", "score"})


def _ask_limit(collected: Collected, where: str, sentence: str) -> None:
    path = path_of("purpose.out_of_scope")
    stated = any(fact.path == path for fact in collected.facts)
    if not stated and all(one.path != path for one in collected.unclear):
        collected.ask("purpose.out_of_scope", where, sentence, [("as the card says it", [sentence])])
