"""The text names another model than the one that the sheet describes.

What it does: searches the text for a model's name after "this", "our" or "the": a well-known one ("this ALBERT model")
that the sheet calls neither its model nor its base model, variant or starting point, or a title with a word for a kind
of model in it ("the Audio Classifier model") that has nothing to do with the rest of the sheet. Models that the text
compares with, cites or builds on are ignored.

Why it matters: a sentence left over from another sheet makes a reader doubt all the others.

Fails:
    overview: {name: Example, model: BERT-base, summary: This sheet documents the Audio Classifier model.}

Passes:
    overview: {name: Example, model: BERT-base, summary: This sheet documents the BERT model.}

How to fix: name the model of this sheet, or say how the other model belongs here: as `base_model`, among `variants`, or
as a system of a result table.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.prose import prose_of, sentence_at
from factsheet.checks.rule import Rule
from factsheet.checks.rules.wording.model_names import STYLES, compares, foreign_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.prose import Passage, SheetProse
    from factsheet.checks.rule import RuleContext
    from factsheet.checks.rules.wording.model_names import KnownName
    from factsheet.sheet.model import SheetFields

_ALONE = (
    "Classifier",
    "Recogniser",
    "Recognizer",
    "Forecaster",
    "Tagger",
    "Segmenter",
    "Summariser",
    "Summarizer",
)
_BEFORE_MODEL = (
    "Detector",
    "Generator",
    "Estimator",
    "Enhancer",
    "Recommender",
    "Captioner",
    "Translator",
    "Spotter",
)
"""Words for kinds of models; the second also name circuits and parts of networks, so "model" has to follow."""
_MOST = 40
"""More names than a sheet ever has; each costs a look through all the text."""
_GENERAL = frozenset(
    {
        "linear",
        "softmax",
        "binary",
        "token",
        "sequence",
        "bayes",
        "naive",
        "final",
        "output",
        "digital",
        "analog",
    }
    | {
        "deep",
        "neural",
        "noise",
        "phase",
        "number",
        "random",
        "sense",
        "error",
        "nearest",
        "support",
        "vector",
    }
)
_NOT_THIS = r"(?i)\b(?:not|unlike|than|compared|instead|versus|vs|similar|an?other|others?)\b"
"""Words of a sentence that distinguishes a model from this one; a left-over sentence is about its own."""
_KIND = r"(?:model|network|encoder|classifier|transformer|neural network)\b"
_DOCUMENTS = r"(?:document|describ|cover|accompan|introduc|train|retrain|re-train|fine-tun)\w*(?: of)?"
_HELP = "name this sheet's model; if the other belongs here, state it under `base_model` or `variants`"
_SUMMARIES = frozenset({("overview", "summary"), ("model_architecture", "summary")})


def _check(context: RuleContext) -> Iterator[Finding]:
    prose, sheet = prose_of(context.sheet), context.sheet
    places: set[tuple[int, str]] = set()
    if any(kind in prose.text for kind in (*_ALONE, *_BEFORE_MODEL)):
        places.update(_titles(prose))
    for foreign in foreign_names(prose.words, sheet)[:_MOST]:
        places.update(_well_known(prose, foreign, sheet))
    passages = {(prose.at(start), name): None for start, name in sorted(places)}
    for passage, name in passages:
        if passage.kind in {"prose", "note", "reason"}:
            yield _finding(passage, name, sheet.overview.model.text)


def _finding(passage: Passage, name: str, own: str | None) -> Finding:
    if own is None:
        return Finding(passage.path, f"`{name}` is not the model of this sheet", _HELP, word=name)
    return Finding(
        passage.path,
        f"`{name}` is not the model of this sheet, which is {own}",
        _HELP,
        related=((("overview", "model"), own),),
        word=name,
        changes=(Change(passage.path, own, word=name),),
    )


def _titles(prose: SheetProse) -> Iterator[tuple[int, str]]:
    """Yield titles of models, with their places, that share no word with the rest of the sheet."""
    alone, before = "|".join(_ALONE), "|".join(_BEFORE_MODEL)
    title = (
        rf"((?:[A-Z][A-Za-z-]+\s+){{1,4}}(?:{alone}|(?:{before})(?=[\"'”’]?\s+(?:[Mm]odel|[Nn]etwork)\b)))\b"
    )
    own: dict[str, bool] = {}
    for match in re.finditer(rf"\b(?:[Tt]he|[Tt]his|[Oo]ur)\s+[\"'“‘]?{title}", prose.text):
        if match[1] not in own and len(own) < _MOST:
            own[match[1]] = _has_to_do(match[1], prose.text)
        if own.get(match[1], True):
            continue
        if not re.search(_NOT_THIS, sentence_at(prose.text, match.start(), match.end())):
            yield match.start(1), match[1]


def _has_to_do(title: str, text: str) -> bool:
    """Return whether a title is a general one, or has a word in common with the rest of the text."""
    rest = text.replace(title, "").casefold()
    words = title.casefold().split()[:-1]
    return not _GENERAL.isdisjoint(words) or any(re.search(rf"\b{re.escape(word)}", rest) for word in words)


def _well_known(prose: SheetProse, name: KnownName, sheet: SheetFields) -> Iterator[tuple[int, str]]:
    """Yield the places where a well-known name is said to be this sheet's model."""
    text = re.escape(name.text)
    if re.search(rf"\b[Aa]n?\s+(?:[\w-]+\s+)?{text}(?![\w-])", prose.text):
        return  # introduced as one among others
    if name.family in STYLES and _names_the_architecture(name, sheet):
        return
    for match in re.finditer(rf"(?<![\w-])([Tt]his|[Oo]ur|[Tt]he)\s+({text})\s+{_KIND}", prose.text):
        sentence = sentence_at(prose.text, match.start(), match.end())
        if match[1] in {"The", "the"}:
            documented = re.search(rf"\b{_DOCUMENTS} $", prose.text[: match.start()]) is not None
            opens = sentence.lstrip().startswith(match[0]) and prose.at(match.start()).path in _SUMMARIES
            if not (documented or opens) or _known_otherwise(name, sheet):
                continue
        if not compares(sentence):
            yield match.start(2), match[2]


def _names_the_architecture(name: KnownName, sheet: SheetFields) -> bool:
    """Return whether the name occurs in the description of the architecture, which may call a network by its style."""
    summary = sheet.model_architecture.summary if sheet.model_architecture is not None else None
    return summary is not None and name.family in summary.words().casefold()


def _known_otherwise(name: KnownName, sheet: SheetFields) -> bool:
    """Return whether the name is that of a system that the sheet compares with, or is in the title of a reference."""
    tables = (sheet.performance.results or ()) if sheet.performance is not None else ()
    titles = [system.name for table in tables for system in table.systems]
    titles += [reference.title for reference in sheet.references or ()]
    return any(name.family in title.casefold() for title in titles)


RULE = Rule(
    "FS601",
    "other-model-name",
    "warning",
    "a sentence left over from another sheet makes a reader doubt all the others",
    _check,
    whole_sheet_only=True,
)
